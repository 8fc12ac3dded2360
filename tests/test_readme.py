"""The README says what is so: its commands exist, its tables are those of the program, its examples load.

`python -m tests.test_readme` writes the tables of keys and of words for the command line again.
"""

import re
import shlex
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest
import typer
from typer.main import get_command

from callcenter import language, reference, settings
from callcenter.cli import app
from callcenter.console import commands
from callcenter.console.actions import ACTIONS, key_name, key_names, markdown_table

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
TEXT = README.read_text(encoding="utf-8")
USAGE_ERROR = typer.BadParameter.__mro__[1]
GROUPS = (
    "request",
    "call",
    "callback",
    "provider",
    "intake",
    "phone",
    "messages",
    "journal",
    "person",
    "centre",
    "centre desk",
)


def in_fences(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)


def shell_lines() -> list[str]:
    """Each command on a line of the shell that runs callcenter, from its name on."""
    commands = [part for block in in_fences("(?:sh|bat)") for line in block.splitlines() for part in line.split(" && ")]
    return [line for line in (re.sub(r"^\S*[/\\]", "", one) for one in commands) if line.startswith("callcenter")]


def spans() -> list[str]:
    """What is set as code within the text, options in it included."""
    prose = re.sub(r"^```.*?^```$", "", TEXT, flags=re.DOTALL | re.MULTILINE)
    return re.findall(r"`([^`\n]+)`", prose)


def parse(line: str) -> None:
    """Let the program itself read the line, but do nothing; raises for what it does not know."""
    program = get_command(app)
    waiting = [program]
    while waiting:
        command = waiting.pop()
        command.callback = None
        waiting += getattr(command, "commands", {}).values()
    program.main(shlex.split(line)[1:], prog_name="callcenter", standalone_mode=False)


def cli_commands() -> Iterator[tuple[str, set[str]]]:
    """Every command by its full name, with its options."""
    waiting = [("callcenter", get_command(app))]
    while waiting:
        name, command = waiting.pop()
        below = getattr(command, "commands", {})
        waiting += [(f"{name} {one}", child) for one, child in below.items()]
        if name.removeprefix("callcenter ") not in GROUPS:
            yield name, {option for one in command.params for option in (*one.opts, *one.secondary_opts)}


COMMANDS = dict(cli_commands())


@pytest.mark.parametrize("line", shell_lines())
def test_every_command_to_type_is_understood(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for word in shlex.split(line):
        if word.endswith((".csv", ".db")):
            Path(word).touch()
    parse(line)


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("callcenter chek", "chek"),
        ("callcenter journal verfy", "verfy"),
        ("callcenter check --birt 2025-09-10", "--birt"),
        ("callcenter person add 김상담 --role boss", "boss"),
    ],
)
def test_a_command_that_does_not_exist_would_be_noticed(line: str, wrong: str) -> None:
    with pytest.raises(USAGE_ERROR, match=wrong):
        parse(line)


@pytest.mark.parametrize("span", [span for span in spans() if span.startswith("callcenter ")])
def test_every_command_named_in_the_text_exists(span: str) -> None:
    words = span.split()
    name = max((" ".join(words[:length]) for length in (1, 2, 3, 4)), key=lambda one: (one in COMMANDS, len(one)))
    assert name in COMMANDS
    left = words[len(name.split()) :]
    assert not [word for word in left if word.islower() and "." not in word and not word.startswith("-")], span
    assert {word for word in left if word.startswith("--")} <= COMMANDS[name] | COMMANDS["callcenter"]


def test_every_option_named_in_the_text_exists() -> None:
    known = set().union(*COMMANDS.values()) | {"--help"}
    named = {word for span in spans() for word in re.findall(r"(?<!\S)--[a-z-]+", span)}
    assert named
    assert named <= known


def test_every_command_is_in_the_table() -> None:
    listed = re.findall(r"^\| `(callcenter[a-z ]*?)(?: [A-Z]+)?` \|", TEXT, re.MULTILINE)
    assert sorted(listed) == sorted(COMMANDS)


def test_the_tables_of_keys_and_words_are_those_of_the_program() -> None:
    stale = set(with_tables(TEXT).splitlines()) ^ set(TEXT.splitlines())
    assert not stale, "python -m tests.test_readme writes them again"
    assert with_tables(TEXT) == TEXT


def test_every_line_for_the_command_line_is_understood() -> None:
    lines = [span for span in spans() if span.startswith("/") and " " in span]
    assert lines
    for line in lines:
        assert isinstance(commands.parse(line, {"A-1124-007", "A-1124-012"}), commands.Command), line


def test_every_key_named_in_the_text_does_something() -> None:
    known = {key_name(key) for action in ACTIONS for key in action.keys}
    known |= {name for action in ACTIONS for name in key_names(action)}
    named = {span for span in spans() if re.fullmatch(r"F\d+|Ctrl\+\w|Tab|Esc|Enter|[/?]|\d-\d", span)}
    assert {"F5", "F9", "1-9", "/"} <= named
    assert named <= known


def test_the_table_of_settings_is_that_of_the_program() -> None:
    rows = re.findall(r"^\| `(\w+)` \| `(CALLCENTER_\w+)` \| `?([^`|]+)`? [^|]*\| ([^|]+) \|$", TEXT, re.MULTILINE)
    wanted = [one for one in fields(settings.Settings) if one.name != "config"]
    assert {name for name, *_ in rows} == {one.name for one in wanted}
    by_name = {name: rest for name, *rest in rows}
    for one in wanted:
        variable, default, what = by_name[one.name]
        assert variable == f"CALLCENTER_{one.name.upper()}"
        assert what.startswith(one.metadata["help"])
        if one.name != "db":
            unset = one.default in ("", Path())
            assert default == ("unset" if unset else str(one.default).lower())


def test_the_examples_of_files_load(tmp_path: Path, data: reference.Reference) -> None:
    examples = re.findall(r"`([a-z]+\.(?:csv|toml))`:\n\n```\w+\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)
    assert [name for name, _ in examples] == ["settings.toml", "holidays.csv", "closures.csv"]
    for name, content in examples:
        (tmp_path / name).write_text(content, encoding="utf-8")
    assert settings.load({"CALLCENTER_CONFIG": str(tmp_path)}).theme == "light"
    calendar = reference.load(reference.data_folder(), tmp_path).calendar
    closures = examples[2][1].splitlines()[1:]
    for subject, first, *_ in (line.split(",") for line in closures):
        assert subject in data.services or subject in {one.id for one in data.providers}
        assert calendar.closure(subject, date.fromisoformat(first))
    day, name, _ = examples[1][1].splitlines()[1].split(",")
    assert calendar.holiday_names(date.fromisoformat(day)) == (name,)


def test_what_it_links_to_is_there() -> None:
    targets = [target for target in re.findall(r"\]\(([^)]+)\)", TEXT) if "://" not in target]
    assert "data/screenshot.svg" in targets
    assert [target for target in targets if not (ROOT / target).is_file()] == []


def test_folders_and_files_of_the_house_are_there() -> None:
    named = {span for span in spans() if re.fullmatch(r"[a-z/_.]+\.py", span)}
    assert named
    assert [one for one in named if not any((ROOT / base / one).is_file() for base in ("", "callcenter"))] == []


def with_tables(text: str) -> str:
    """The README with the tables as the program has them."""
    language.use("en")
    for name, table in (("keys", markdown_table()), ("words", words_table())):
        before, rest = text.split(f"<!-- {name} -->\n")
        text = f"{before}<!-- {name} -->\n{table}<!-- /{name} -->{rest.partition(f'<!-- /{name} -->')[2]}"
    return text


def words_table() -> str:
    """The words that begin a line of the command line, in both languages, with what may follow."""
    follows = {"": "", "match": "match 1-9", "minutes": "minutes", "language": "ko or en"}
    follows |= {"text": "text", "words": "words"}
    head = ["| Korean | English | may follow |", "|---|---|---|"]
    lines = [
        f"| `/{verb.words.ko}` | `/{verb.words.en}` "
        f"| {', '.join(filter(None, ('request' if verb.request else '', follows[verb.kind])))} |"
        for verb in commands.VERBS
    ]
    return "\n".join([*head, *lines]) + "\n"


if __name__ == "__main__":
    README.write_text(with_tables(TEXT), encoding="utf-8", newline="\n")
