"""Reading `messages.toml`: the first mistake is raised with its line."""

import re
from typing import cast

from callcenter.care.messages import FIELDS, OCCASIONS, RECEIVERS, Messages, Occasion, Receiver, Retry, Template
from callcenter.datafile.tables import Table
from callcenter.language import _

_VALUE = re.compile(r"\{([a-z_]+)\}")
_DAY = 24 * 60


def messages_of(root: Table) -> Messages:
    """Every text there is; raises DataFileError for a value that its receiver must not be told."""
    retry = root.table("retry")
    found = Messages(
        {(one.occasion, one.to): one for one in map(_template, root.tables("message"))},
        Retry(
            _needed(retry, "first_seconds", 1, 600),
            _needed(retry, "times", 1, 10),
            _needed(retry, "most_seconds", 1, 3600),
            _needed(retry, "tries", 1, 20),
        ),
    )
    retry.finish()
    root.finish()
    return found


def _template(table: Table) -> Template:
    occasion = cast(Occasion, table.one_of("occasion", OCCASIONS))
    to = cast(Receiver, table.one_of("to", RECEIVERS))
    if (occasion, to) not in FIELDS:
        raise table.refuse("to", ", ".join(who for what, who in FIELDS if what == occasion))
    sends = table.get("sends")
    if not isinstance(sends, bool):
        raise table.refuse("sends", "true, false")
    found = Template(
        occasion,
        to,
        _text(table, "ko", occasion, to),
        _text(table, "en", occasion, to),
        sends,
        _needed(table, "good_for", 1, _DAY),
        table.whole("before_end", 1, _DAY),
        table.whole("after_end", 1, _DAY),
    )
    table.finish()
    return found


def _text(table: Table, field: str, occasion: Occasion, to: Receiver) -> str:
    text = table.text(field).strip()
    given = FIELDS[occasion, to].split()
    if set("{}") & set(_VALUE.sub("", text)) or not set(_VALUE.findall(text)) <= set(given):
        raise table.refuse(field, _("a text with no other values than: {values}").format(values=given))
    return text


def _needed(table: Table, field: str, low: int, high: int) -> int:
    found = table.whole(field, low, high)
    if found is None:
        raise table.refuse(field, _("a whole number from {low} to {high}").format(low=low, high=high))
    return found
