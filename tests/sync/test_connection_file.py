"""The connection file: what is written is read, and what cannot be used is told."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.sync.connection_file import (
    BadConnectionFile,
    ConnectionFile,
    NoConnectionFile,
    is_local,
    read,
    text,
)

MADE = ConnectionFile(
    host="centre.example",
    port=5432,
    dbname="callcenter",
    user="callcenter_a",
    password="p\"w\\'한\n",
    desk="A",
    sslmode="verify-full",
    ca="-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
    programs=("gyeonggi-always",),
    regions=("41110", "41130"),
)


def written(folder: Path, contents: str) -> Path:
    path = folder / "a.centre"
    path.write_text(contents, encoding="utf-8")
    return path


def test_what_is_written_is_read(tmp_path: Path) -> None:
    assert read(written(tmp_path, text(MADE))) == MADE
    everything = replace(MADE, programs=(), regions=(), all=True, ca="")
    assert read(written(tmp_path, text(everything))) == everything


# What a file cannot hold as it is: half a pair of surrogates; a line end that the system would write another way.
CHARACTERS = st.characters(exclude_categories=["Cs"])


@given(password=st.text(CHARACTERS), name=st.text(CHARACTERS))
def test_any_text_survives(tmp_path_factory: pytest.TempPathFactory, password: str, name: str) -> None:
    made = replace(MADE, password=password, dbname=name, programs=(name,))
    assert read(written(tmp_path_factory.mktemp("file"), text(made))) == made


def test_what_a_later_version_says_beside_is_passed_over(tmp_path: Path) -> None:
    assert read(written(tmp_path, text(MADE) + 'colour = "blue"\n[other]\nx = 1\n')) == MADE


@pytest.mark.parametrize(
    "contents",
    [
        "",
        "host = 'x'",
        "[centre]\nhost = 'x'",
        "[centre",
        text(MADE).replace("5432", '"5432"'),
        text(MADE).replace("5432", "true"),
        text(MADE).replace('"41110"', "41110"),
        text(MADE).replace("all = false", "all = 0"),
        text(MADE).replace('"centre.example"', "[]"),
    ],
)
def test_what_is_no_connection_file_is_refused_in_words(tmp_path: Path, contents: str) -> None:
    path = written(tmp_path, contents)
    with pytest.raises(BadConnectionFile) as refused:
        read(path)
    assert str(path) in str(refused.value)


def test_no_message_and_no_traceback_tells_the_password(tmp_path: Path) -> None:
    with pytest.raises(BadConnectionFile) as refused:
        read(written(tmp_path, text(MADE).replace(json.dumps(MADE.password, ensure_ascii=False), "20261122")))
    assert "password" in str(refused.value)
    assert "20261122" not in str(refused.value)
    assert "20261122" not in repr(replace(MADE, password="20261122"))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(NoConnectionFile, match="no connection file"):
        read(tmp_path / "none.centre")


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("::1", True),
        ("/var/run/postgresql", True),
        ("centre.example", False),
        ("localhost.example", False),
        ("127.0.0.1.example", False),
        ("10.0.0.1", False),
        ("", False),
    ],
)
def test_only_this_machine_is_local(host: str, local: bool) -> None:
    assert is_local(host) is local
