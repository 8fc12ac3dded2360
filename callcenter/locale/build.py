"""Compiles the catalogues when the package is built or installed, so that only the sentences are kept."""

import os
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


def compile_catalogues(locale: Path) -> list[Path]:
    """Write the `.mo` beside every `.po` below the folder; returns the files written."""
    written = []
    for source in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        # In one piece, for another process may be reading it.
        made = target.with_name(f"{target.name}.{os.getpid()}")
        with source.open("rb") as lines, made.open("wb") as out:
            write_mo(out, read_po(lines))
        made.replace(target)
        written.append(target)
    return written


class CompileCatalogues(BuildHookInterface[Any]):
    """Hatchling's hook: compiles, then takes the results into the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile before anything is packed."""
        root = Path(self.root)
        for path in compile_catalogues(root / "callcenter" / "locale"):
            build_data["artifacts"].append(f"/{path.relative_to(root).as_posix()}")
