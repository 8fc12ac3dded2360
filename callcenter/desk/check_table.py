"""The answer of a check as a table for people; the same answer as `as_json` prints."""

from datetime import datetime
from typing import TYPE_CHECKING

from callcenter.desk.checks import Answer, ProviderAnswer, ServiceAnswer
from callcenter.language import _, mark
from callcenter.reference import Reference
from callcenter.text import moments

if TYPE_CHECKING:
    from rich.console import Group

_VERDICTS = {
    "available": (mark("✓ possible"), "bold green"),
    "ask": (mark("? ask the caller"), "bold yellow"),
    "blocked": (mark("✗ not possible"), "bold red"),
}
_NEAREST = 5


def check_table(reference: Reference, found: Answer) -> "Group":
    """A line about the child, a row for each service, and where else to turn; print it with rich."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    now = datetime.fromisoformat(found["now"])
    table = Table(show_lines=True, show_header=False, padding=(0, 1))
    table.add_column(no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    for service in found["services"]:
        word, style = _VERDICTS[service["verdict"]]
        table.add_row(
            Text("\n").join(
                [
                    Text(str(reference.services[service["service"]].name), style="bold"),
                    Text(_(word), style=style),
                    Text(_fee(service["fee"])),
                ]
            ),
            Text("\n".join([*_reasons(service, now), *_nearest(reference, service["providers"])])),
        )
    elsewhere = [Text(line) for line in _elsewhere(found)]
    return Group(Text(_child(found)), table, *elsewhere)


def _child(found: Answer) -> str:
    schools = {
        "none": _("not in school"),
        "kindergarten": _("kindergarten"),
        "elementary": _("elementary school"),
        "middle": _("middle school"),
    }
    return _("Child aged {years} ({months} months), {school}").format(
        years=found["child"]["years"],
        months=found["child"]["months"],
        school=schools[found["child"]["school"]],
    )


def _reasons(service: ServiceAnswer, now: datetime) -> list[str]:
    lines = [block["text"] for block in service["blocks"]]
    lines += [ask["text"] for ask in service["asks"]]
    later = service["next"]
    if service["verdict"] == "blocked" and later is not None:
        when = moments.span(datetime.fromisoformat(later["start"]), datetime.fromisoformat(later["end"]), now)
        lines.append(_("Earliest: {when}").format(when=when))
    if service["verdict"] != "blocked" and service["bring"]:
        lines.append(_("Bring: {items}").format(items=", ".join(service["bring"])))
    return lines


def _fee(fee: int | None) -> str:
    if fee is None:
        return _("fee unknown")
    return _("{won} won").format(won=f"{fee:,}") if fee else _("free of charge")


def _nearest(reference: Reference, providers: list[ProviderAnswer]) -> list[str]:
    lines = [
        f"· {provider['name']} ({reference.regions[provider['region']].name},"
        f" {provider['km']:.1f} km) {_places(provider['free'])}"
        for provider in providers[:_NEAREST]
    ]
    more = len(providers) - _NEAREST
    if more > 0:
        lines.append(_("and {count} more").format(count=more))
    return lines


def _places(free: int | None) -> str:
    return _("places to be asked") if free is None else _("{count} free").format(count=free)


def _elsewhere(found: Answer) -> list[str]:
    return [f"→ {one['to']} {one['number']}".rstrip() + f" — {one['why']}" for one in found["referrals"]]
