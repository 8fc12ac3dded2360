"""What an installed copy holds: built once from a copy of the checkout, looked into, and run away from it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from callcenter.language import LANGUAGES

ROOT = Path(__file__).parent.parent
NOT_CODE = shutil.ignore_patterns("__pycache__", "*.mo")
CHECK = "check --region 41190 --birth 2025-09-10 --start 2026-11-26T16:00 --end 2026-11-26T19:00 --json"


def build(source: Path, target: str, out: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(out)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    (built,) = out.iterdir()
    return built


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy, since building compiles the catalogues into the tree it builds from."""
    copy = tmp_path_factory.mktemp("checkout")
    for name in ("callcenter", "data", "tests"):
        shutil.copytree(ROOT / name, copy / name, ignore=NOT_CODE)
    for name in ("pyproject.toml", "README.md", "LICENSE", ".gitignore"):
        shutil.copy(ROOT / name, copy)
    return copy


@pytest.fixture(scope="module")
def wheel(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(checkout, "wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installed")
    with ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def files(folder: Path, pattern: str = "*") -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob(pattern) if path.is_file()}


def run(installed: Path, elsewhere: Path, *arguments: str) -> str:
    """Run the installed copy from a folder of its own, with nothing of the checkout on the path."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("CALLCENTER_")}
    environ |= {"PYTHONPATH": str(installed), "CALLCENTER_CONFIG": str(elsewhere), "PYTHONUTF8": "1"}
    environ["CALLCENTER_DB"] = str(elsewhere / "desk.db")
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=elsewhere,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_all_data_is_inside_and_the_picture_is_not(checkout: Path, installed: Path) -> None:
    assert files(installed / "callcenter" / "_data") == files(checkout / "data") - {"screenshot.svg"}


def test_styles_types_and_code_are_inside(checkout: Path, installed: Path) -> None:
    inside = files(installed / "callcenter")
    assert files(checkout / "callcenter", "*.tcss") | {"py.typed"} <= inside
    assert files(checkout / "callcenter", "*.py") - inside == {"locale/build.py"}


def test_every_language_but_that_of_the_code_has_its_catalogue(installed: Path) -> None:
    compiled = files(installed / "callcenter" / "locale")
    assert compiled == {f"{lang}/LC_MESSAGES/callcenter.mo" for lang in LANGUAGES if lang != "en"}


def test_nothing_else_is_inside(wheel: Path) -> None:
    top = {name.split("/")[0] for name in ZipFile(wheel).namelist()}
    assert {name.partition("-")[0] for name in top} == {"callcenter"}
    assert any(name.endswith("licenses/LICENSE") for name in ZipFile(wheel).namelist())


def test_the_source_package_builds_the_same_wheel(checkout: Path, wheel: Path, tmp_path: Path) -> None:
    shutil.unpack_archive(build(checkout, "sdist", tmp_path / "sdist"), tmp_path / "unpacked")
    (source,) = (tmp_path / "unpacked").iterdir()
    again = build(source, "wheel", tmp_path / "again")
    assert sorted(ZipFile(again).namelist()) == sorted(ZipFile(wheel).namelist())


def test_it_is_the_installed_copy_that_runs(installed: Path, tmp_path: Path) -> None:
    where = "import callcenter.reference as r; print(r.__file__, r.data_folder(), sep='\\n')"
    module, data = run(installed, tmp_path, "-c", where).splitlines()
    assert Path(module).is_relative_to(installed)
    assert Path(data) == installed / "callcenter" / "_data"


def test_it_checks_from_its_own_data(installed: Path, tmp_path: Path) -> None:
    answer = json.loads(run(installed, tmp_path, "-m", "callcenter", *CHECK.split(), "--now", "2026-11-26T14:30"))
    verdicts = {one["service"]: one["verdict"] for one in answer["services"]}
    assert verdicts["gyeonggi.daycare"] == "available"


def test_it_speaks_korean_and_english(installed: Path, tmp_path: Path) -> None:
    korean, english = (
        run(installed, tmp_path, "-m", "callcenter", "--lang", lang, "init", "--help") for lang in ("ko", "en")
    )
    assert "Make a desk's database" in english
    assert any("가" <= letter <= "힣" for letter in korean)
    assert not any("가" <= letter <= "힣" for letter in english)
