"""Textual imported without what the console never opens; a sixth of its import is that."""

import sys
from types import ModuleType

# What Textual's app and its themes import from the command palette, which the console has not (see `Console`): a list,
# a tree, a select and an input come with it.
_PALETTE = ("CommandListItem", "CommandPalette", "DiscoveryHit", "Hit", "Hits", "Provider", "SimpleProvider")


def import_textual() -> None:
    """Import Textual before the first paint; it does nothing where that has happened already."""
    if "textual.app" in sys.modules:
        return
    _import_asyncio()
    stand_in = ModuleType("textual.command")
    for name in _PALETTE:
        setattr(stand_in, name, type(name, (), {}))
    sys.modules[stand_in.__name__] = stand_in
    try:
        import textual.app  # noqa: F401 - for its being there
    finally:
        # Whoever asks for the palette later gets the real one.
        del sys.modules[stand_in.__name__]


def _import_asyncio() -> None:
    """Import asyncio without TLS: the console's loop speaks to its terminal only, and what it needs is 2 MB of code."""
    if "asyncio" in sys.modules or "ssl" in sys.modules:
        return
    # Where the module cannot be had asyncio goes without it.
    sys.modules["ssl"] = None  # type: ignore[assignment]  # what an import takes for «cannot be had»
    try:
        import asyncio  # noqa: F401 - for its being there
    finally:
        del sys.modules["ssl"]
