"""Settings: the file, over it the environment, over it the flags; and a bad one is named."""

from dataclasses import fields
from pathlib import Path

import pytest

from callcenter import settings
from callcenter.settings import BadSetting, Settings


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "config"
    made.mkdir()
    return made


def write(folder: Path, text: str) -> dict[str, str]:
    (folder / "settings.toml").write_text(text, encoding="utf-8")
    return {"CALLCENTER_CONFIG": str(folder)}


def test_without_anything_the_defaults_hold(folder: Path) -> None:
    found = settings.load({"CALLCENTER_CONFIG": str(folder)})
    assert found == Settings(db=found.db, config=folder)
    assert found.db.name == "desk.db"
    assert found.db.is_absolute()
    assert found.lang == "ko"


def test_the_file_goes_under_the_environment_goes_under_the_flags(folder: Path) -> None:
    environ = write(folder, 'lang = "en"\nmouse = false\nfresh_hours = 6\ndb = "/file/desk.db"\ntheme = "light"\n')
    assert settings.load(environ) == Settings(
        db=Path("/file/desk.db"), config=folder, lang="en", mouse=False, fresh_hours=6, theme="light"
    )
    environ |= {"CALLCENTER_DB": "/environ/desk.db", "CALLCENTER_MOUSE": "yes", "CALLCENTER_FRESH_HOURS": "2"}
    found = settings.load(environ)
    assert (found.db, found.mouse, found.fresh_hours, found.lang) == (Path("/environ/desk.db"), True, 2, "en")
    found = settings.load(environ, db=Path("/flag/desk.db"), lang="ko", theme=None)
    assert (found.db, found.lang, found.theme, found.mouse) == (Path("/flag/desk.db"), "ko", "light", True)


def test_a_variable_that_is_empty_was_not_given(folder: Path) -> None:
    environ = write(folder, 'lang = "en"\n') | {"CALLCENTER_LANG": "", "CALLCENTER_DB": ""}
    found = settings.load(environ)
    assert (found.lang, found.db.name) == ("en", "desk.db")


def test_a_home_is_the_users_home_and_nobodys_is_no_crash(folder: Path) -> None:
    environ = {"CALLCENTER_CONFIG": str(folder)}
    assert settings.load(environ, db=Path("~/desk.db")).db == Path.home() / "desk.db"
    assert settings.load(environ, db=Path("~no-such-user/desk.db")).db == Path("~no-such-user/desk.db")


BAD = [
    ('lang = "fr"', "lang", "ko, en"),
    ("lang = 3", "lang", "ko, en"),
    ('theme = "pink"', "theme", "dark, light"),
    ('mouse = "maybe"', "mouse", "true, false"),
    ("mouse = 3", "mouse", "true, false"),
    ("fresh_hours = 0", "fresh_hours", "1-1000"),
    ("fresh_hours = 1001", "fresh_hours", "1-1000"),
    ("fresh_hours = 2.5", "fresh_hours", "1-1000"),
    ("fresh_hours = true", "fresh_hours", "1-1000"),
    ('fresh_hours = "²"', "fresh_hours", "1-1000"),
    ("callback_minutes = -5", "callback_minutes", "1-1000"),
    ("callback_minutes = [15]", "callback_minutes", "1-1000"),
    ("db = 5", "db", "path"),
    ('db = ""', "db", "path"),
    ('colour = "red"', "colour", "theme"),
    ('config = "/elsewhere"', "config", "theme"),
    ("lang = ", "TOML", "TOML"),
]


@pytest.mark.parametrize(("text", "name", "allowed"), BAD)
def test_a_bad_setting_names_the_file_the_key_and_what_is_allowed(
    folder: Path, text: str, name: str, allowed: str
) -> None:
    with pytest.raises(BadSetting) as refusal:
        settings.load(write(folder, text + "\n"))
    sentence = str(refusal.value)
    assert str(folder / "settings.toml") in sentence
    assert name in sentence
    assert allowed in sentence


def test_a_file_that_is_not_utf8_is_named(folder: Path) -> None:
    (folder / "settings.toml").write_bytes('theme = "밝게"'.encode("cp949"))
    with pytest.raises(BadSetting) as refusal:
        settings.load({"CALLCENTER_CONFIG": str(folder)})
    assert "UTF-8" in str(refusal.value)


def test_a_bad_variable_or_flag_is_named_as_such(folder: Path) -> None:
    environ = {"CALLCENTER_CONFIG": str(folder)}
    with pytest.raises(BadSetting, check=lambda refusal: "CALLCENTER_KITTY_KEYS" in str(refusal)):
        settings.load(environ | {"CALLCENTER_KITTY_KEYS": "perhaps"})
    with pytest.raises(BadSetting, check=lambda refusal: "--fresh-hours" in str(refusal)):
        settings.load(environ, fresh_hours="many")


@pytest.mark.parametrize(
    ("arguments", "text", "expected"),
    [
        ([], "", "ko"),
        ([], 'lang = "en"', "en"),
        (["--lang", "en", "check"], "", "en"),
        (["check", "--lang=en"], "", "en"),
        (["--lang", "ko"], 'lang = "en"', "ko"),
        (["check", "--lang"], "", "ko"),
        (["--lang", "fr"], "", "ko"),
    ],
)
def test_the_language_is_known_before_the_command_line_is_read(
    folder: Path, arguments: list[str], text: str, expected: str
) -> None:
    assert settings.early_language(arguments, write(folder, text)) == expected


def test_every_setting_says_what_it_is() -> None:
    assert all(setting.metadata["help"] for setting in fields(Settings))
