"""Settings: defaults, then the user's TOML file, then the environment, then the flags of a command."""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from callcenter.errors import CallcenterError
from callcenter.language import LANGUAGES, Language, _, mark

_TRUE = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
# After so long a confirmation of places says nothing any more: ours, as nobody publishes a figure.
FRESH_HOURS = 4


class BadSetting(CallcenterError):
    """A setting has a value that is not allowed. Values: where, name, found, allowed."""

    code = "bad_setting"
    sentence = mark("{where}: {name} cannot be {found}. Allowed: {allowed}.")


@dataclass(frozen=True, slots=True)
class Settings:
    """What a desk can set, in `settings.toml` of the configuration folder, as CALLCENTER_… or as a flag."""

    db: Path = field(metadata={"help": mark("The desk's database.")})
    config: Path = field(metadata={"help": mark("The folder of settings.toml, holidays.csv and closures.csv.")})
    lang: Language = field(default="ko", metadata={"help": mark("The language of the screen: ko or en.")})
    mouse: bool = field(default=True, metadata={"help": mark("Whether the console takes the mouse.")})
    kitty_keys: bool = field(
        default=False, metadata={"help": mark("Ask the terminal for the kitty key protocol; not with a Hangul IME.")}
    )
    theme: str = field(default="dark", metadata={"help": mark("The colours: dark or light.")})
    fresh_hours: int = field(
        default=FRESH_HOURS, metadata={"help": mark("Hours after which a confirmation of places is old.")}
    )
    callback_minutes: int = field(default=15, metadata={"help": mark("Minutes until the promised call-back.")})
    callback_tries: int = field(
        default=3, metadata={"help": mark("Tries to reach a guardian before the second contact is rung.")}
    )
    retry_minutes: int = field(default=10, metadata={"help": mark("Minutes between two tries to call back.")})
    rejoin_minutes: int = field(
        default=15, metadata={"help": mark("Minutes within which a caller who was cut off goes on with the same call.")}
    )
    late_minutes: int = field(
        default=10, metadata={"help": mark("Minutes after the start at which a child who is not there yet is late.")}
    )
    fever_tenths: int = field(
        default=375,
        metadata={"help": mark("Temperature in tenths of a degree at which no child is taken in, where no rule says.")},
    )
    draft_hours: int = field(
        default=24, metadata={"help": mark("Hours after which a draft is old, and for which it then stays.")}
    )
    centre_days: int = field(
        default=90, metadata={"help": mark("Days of finished work that a desk fetches from its centre when it joins.")}
    )
    messages: str = field(
        default="none", metadata={"help": mark("How text messages leave the desk: none, webhook or file.")}
    )
    messages_url: str = field(default="", metadata={"help": mark("Where the webhook for text messages is.")})
    messages_folder: Path = field(default=Path(), metadata={"help": mark("The folder for text messages as files.")})
    messages_secret_file: Path = field(
        default=Path(), metadata={"help": mark("The file with the secret shared with the text message service.")}
    )


def config_folder(environ: Mapping[str, str]) -> Path:
    """Where the user's settings and the supervisor's override files lie."""
    if folder := environ.get("CALLCENTER_CONFIG"):
        return Path(folder)
    from platformdirs import user_config_path

    return user_config_path("callcenter", appauthor=False)


def default_database(environ: Mapping[str, str]) -> Path:
    """Where the database lies when nobody says otherwise."""
    from platformdirs import user_data_path

    return user_data_path("callcenter", appauthor=False) / "desk.db"


def load(environ: Mapping[str, str] = os.environ, **flags: object) -> Settings:
    """The settings in force; a flag that is None was not given. Raises `BadSetting`."""
    config = config_folder(environ)
    settings = Settings(db=Path(), config=config)
    for name, (value, where) in _given(config, environ).items():
        settings = _with(settings, name, value, where)
    for name, flag in flags.items():
        if flag is not None:
            settings = _with(settings, name, flag, f"--{name.replace('_', '-')}")
    return settings if settings.db != Path() else replace(settings, db=default_database(environ))


def early_language(arguments: Sequence[str], environ: Mapping[str, str] = os.environ) -> Language:
    """The language for help and errors, before the command line is read properly."""
    for position, argument in enumerate(arguments):
        name, _sign, value = argument.partition("=")
        if name == "--lang":
            value = value or (arguments[position + 1] if position + 1 < len(arguments) else "")
            return "en" if value == "en" else "ko"
    return "en" if _given(config_folder(environ), environ).get("lang", ("ko", ""))[0] == "en" else "ko"


def _given(config: Path, environ: Mapping[str, str]) -> dict[str, tuple[object, str]]:
    """Every setting the file or the environment names, and where."""
    given: dict[str, tuple[object, str]] = {}
    path = config / "settings.toml"
    if path.is_file():
        import tomllib  # a desk without the file need not wait for it

        try:
            table = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise BadSetting(where=path, name="TOML", found=str(error), allowed="TOML, UTF-8") from error
        names = {setting.name for setting in fields(Settings)} - {"config"}
        for name, value in table.items():
            if name not in names:
                raise BadSetting(where=path, name=name, found=value, allowed=", ".join(sorted(names)))
            given[name] = value, str(path)
    for setting in fields(Settings):
        variable = f"CALLCENTER_{setting.name.upper()}"
        if setting.name != "config" and environ.get(variable):
            given[setting.name] = environ[variable], variable
    return given


def _with(settings: Settings, name: str, value: object, where: str) -> Settings:
    default = getattr(settings, name)
    if isinstance(default, bool):
        read: object = value if isinstance(value, bool) else _TRUE.get(str(value).lower())
        allowed = "true, false"
    elif isinstance(default, int):
        digits = str(value)
        read = int(digits) if digits.isascii() and digits.isdigit() and 0 < int(digits) <= 1000 else None
        allowed = "1-1000"
    elif isinstance(default, Path):
        read = Path(os.path.expanduser(value)) if value and isinstance(value, str | Path) else None
        allowed = _("the path of a file")
    elif name == "messages_url":
        read = value if isinstance(value, str) and value.strip() else None
        allowed = _("an address")
    else:
        choices = {"lang": LANGUAGES, "theme": ("dark", "light"), "messages": ("none", "webhook", "file")}[name]
        read, allowed = (value if value in choices else None), ", ".join(choices)
    if read is None:
        raise BadSetting(where=where, name=name, found=value, allowed=allowed)
    changed: dict[str, Any] = {name: read}
    return replace(settings, **changed)


def speak_utf8() -> None:
    """Print Hangul also where the console's code page could not; what it cannot show becomes a question mark."""
    for stream in (sys.stdout, sys.stderr):
        if (stream.encoding or "").lower().replace("-", "") != "utf8" and hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
