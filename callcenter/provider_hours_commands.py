"""`callcenter provider`, continued: when providers are there, what they have, and whom to ask about it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from callcenter.care.calendar import KINDS, SEOUL
from callcenter.care.windows import read_windows
from callcenter.command_output import Json, print_lines
from callcenter.command_settings import Db, Lang, Operator, acting, clock, reading, reference_of, settings_of
from callcenter.language import _, ngettext

if TYPE_CHECKING:
    from callcenter.care.own_rules import Windows

app = typer.Typer()

USUAL = "usual"
Provider = Annotated[str, typer.Argument(help=_("The provider's id."), show_default=False)]
_TIMES = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d"]


@app.command("confirm", help=_("Note what a provider says it has: as before, or so many places of one group."))
def provider_confirm(
    context: typer.Context,
    subject: Annotated[str, typer.Argument(help=_("A provider's id, or a group's."), show_default=False)],
    places: Annotated[int | None, typer.Option(min=0, help=_("So many places, of one group."))] = None,
    operator: Operator = None,
    db: Db = None,
    lang: Lang = None,
) -> None:
    """Note what a provider says it has: as before, or so many places of one group."""
    from callcenter.desk.providers import confirm_places, confirm_same, group_meant

    with acting(context, operator, db, lang) as (desk, actor):
        if places is None:
            count = confirm_same(desk, actor, clock(), subject)
        else:
            confirm_places(desk, actor, clock(), group_meant(desk.connection, subject), places)
            count = 1
    print(ngettext("{count} group confirmed.", "{count} groups confirmed.", count).format(count=count))


@app.command("stale", help=_("Whom to ring to hear what is free: the most wanted tonight first."))
def provider_stale(context: typer.Context, json_wanted: Json = False, db: Db = None, lang: Lang = None) -> None:
    """Whom to ring to hear what is free: the most wanted tonight first."""
    from callcenter.desk import provider_listing
    from callcenter.store import reads

    found = settings_of(context, db, lang)
    with reading(found) as connection:
        desk = reads.desk(connection)
        programs = desk.programs if desk else ()
        print_lines(provider_listing.stale(connection, reference_of(found), programs, clock()), json_wanted)


@app.command("conflicts", help=_("Where more children are placed than there are places now."))
def provider_conflicts(context: typer.Context, json_wanted: Json = False, db: Db = None, lang: Lang = None) -> None:
    """Where more children are placed than there are places now."""
    from callcenter.desk import provider_listing

    found = settings_of(context, db, lang)
    with reading(found) as connection:
        fields = ("name", "group", "start", "end", "taken", "places", "requests")
        print_lines(provider_listing.conflicts(connection, reference_of(found), clock()), json_wanted, fields)


@app.command("close", help=_("Close a provider for a time; whoever is placed there stays, and an alarm says so."))
def provider_close(
    context: typer.Context,
    provider: Provider,
    start: Annotated[datetime, typer.Argument(formats=_TIMES, help=_("From, in Seoul."))],
    end: Annotated[datetime, typer.Argument(formats=_TIMES, help=_("To, in Seoul; a day is meant with its end."))],
    reason: Annotated[str, typer.Argument(help=_("Why: it is told to whoever asks."))],
    operator: Operator = None,
    db: Db = None,
    lang: Lang = None,
) -> None:
    """Close a provider for a time; whoever is placed there stays, and an alarm says so."""
    from callcenter.desk.provider_hours import close_provider

    until = end + timedelta(days=1) if end == datetime.combine(end.date(), datetime.min.time()) else end
    with acting(context, operator, db, lang) as (desk, actor):
        closure = close_provider(desk, actor, clock(), provider, _seoul(start), _seoul(until), reason)
    told = _("{provider} is closed then. To take it back: callcenter provider reopen {closure}")
    print(told.format(provider=provider, closure=closure))


@app.command("reopen", help=_("Take a closure back."))
def provider_reopen(
    context: typer.Context,
    closure: Annotated[str, typer.Argument(help=_("The closure's id, as «provider closures» tells it."))],
    operator: Operator = None,
    db: Db = None,
    lang: Lang = None,
) -> None:
    """Take a closure back."""
    from callcenter.desk.provider_hours import lift_closure

    with acting(context, operator, db, lang) as (desk, actor):
        provider = lift_closure(desk, actor, clock(), closure)
    print(_("{provider} is open as usual again.").format(provider=provider))


@app.command("closures", help=_("The closures that are not over."))
def provider_closures(context: typer.Context, json_wanted: Json = False, db: Db = None, lang: Lang = None) -> None:
    """The closures that are not over."""
    from callcenter.desk import provider_listing

    with reading(settings_of(context, db, lang)) as connection:
        fields = ("id", "name", "start", "end", "reason", "by")
        print_lines(provider_listing.closures(connection, clock()), json_wanted, fields)


@app.command("hours", help=_("Give a provider opening hours of its own."))
def provider_hours(
    context: typer.Context,
    provider: Provider,
    hours: Annotated[
        list[str],
        typer.Argument(help=_("weekday=07:00-09:00 saturday=closed holiday=usual; the kinds not named stay.")),
    ],
    operator: Operator = None,
    db: Db = None,
    lang: Lang = None,
) -> None:
    """Give a provider opening hours of its own."""
    from callcenter.desk.facilities import terms_of
    from callcenter.desk.provider_hours import set_hours
    from callcenter.desk.session import NotFound
    from callcenter.store import reads

    said = _by_day(hours, KINDS)
    with acting(context, operator, db, lang) as (desk, actor):
        row = reads.provider(desk.connection, provider)
        if row is None:
            raise NotFound(what=_("The provider"))
        set_hours(desk, actor, clock(), provider, terms_of(row.record).own.hours._replace(**said))
    print(_("Noted."))


@app.command("roster", help=_("Say when a home-visit carer works: by day of the week, or on one day."))
def provider_roster(
    context: typer.Context,
    provider: Provider,
    hours: Annotated[
        list[str],
        typer.Argument(help=_("mon=18:00-22:00 sat=09:00-18:00 holiday=closed, or 2026-11-26=closed for one day.")),
    ],
    operator: Operator = None,
    db: Db = None,
    lang: Lang = None,
) -> None:
    """Say when a home-visit carer works: by day of the week, or on one day.

    Days of the week that are not named are off; a single day stands beside them, and `usual` takes it away again.
    """
    from callcenter.desk.presence import HOLIDAY, WEEKDAYS
    from callcenter.desk.provider_hours import set_roster, set_roster_day

    single = [text for text in hours if text[:1].isdigit()]
    week = _by_day([text for text in hours if text not in single], (*WEEKDAYS, HOLIDAY))
    days = [(_day(text.partition("=")[0]), _windows(text)) for text in single]
    with acting(context, operator, db, lang) as (desk, actor):
        if week:
            worked = {day: windows for day, windows in week.items() if windows is not None}
            set_roster(desk, actor, clock(), provider, worked)
        for day, windows in days:
            set_roster_day(desk, actor, clock(), provider, day, windows)
    print(_("Noted."))


@app.command("duty", help=_("Plan who is on duty at a care room, from CSV: start, end and keepers."))
def provider_duty(
    context: typer.Context,
    provider: Provider,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help=_("CSV, UTF-8 or CP949."))],
    operator: Operator = None,
    db: Db = None,
    lang: Lang = None,
) -> None:
    """Plan who is on duty at a care room, from CSV: start, end and keepers, set apart by blanks."""
    from callcenter.datafile.mistakes import raise_first
    from callcenter.desk.duty_file import read_duty_file
    from callcenter.desk.provider_hours import set_duty

    shifts, mistakes = read_duty_file(file)
    raise_first(mistakes)
    with acting(context, operator, db, lang) as (desk, actor):
        set_duty(desk, actor, clock(), provider, shifts)
    print(ngettext("{count} shift planned.", "{count} shifts planned.", len(shifts)).format(count=len(shifts)))


def _seoul(local: datetime) -> datetime:
    return local.replace(tzinfo=SEOUL)


def _by_day(hours: Sequence[str], days: Sequence[str]) -> "dict[str, Windows | None]":
    """The hours said of each day; None for the usual ones."""
    found: dict[str, Windows | None] = {}
    for text in hours:
        day = text.partition("=")[0]
        if day not in days:
            sentence = _("{found} is no day here. Use: {allowed}.")
            raise typer.BadParameter(sentence.format(found=day, allowed=", ".join(days)))
        found[day] = _windows(text)
    return found


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(_("a date like 2026-11-26")) from error


def _windows(text: str) -> "Windows | None":
    """The hours after the sign, None for the usual ones."""
    said = text.partition("=")[2].strip()
    windows = read_windows(said)
    if windows is None and said != USUAL:
        raise typer.BadParameter(_("{text}: hours like 07:00-09:00 20:00-24:00, or closed, or usual").format(text=text))
    return windows
