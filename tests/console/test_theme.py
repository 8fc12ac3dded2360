"""The looks can be read on every ground, by every kind of colour vision, and without colour."""

from typing import get_args

import pytest
from rich.color import Color
from rich.style import Style
from textual.theme import Theme

from callcenter.console.presentation.cells import StyleName
from callcenter.console.theme import BLURRED_TINT, CURSOR_TINT, LOOKS, THEMES

GROUNDS = ("surface", "background", "panel", "cursor", "blurred cursor")


def luminance(colour: Color) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [part / 255 for part in colour.get_truecolor()]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Color, other: Color) -> float:
    """Contrast ratio, WCAG 2.2."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def ground(theme: Theme, name: str) -> Color:
    tint = {"cursor": CURSOR_TINT, "blurred cursor": BLURRED_TINT}.get(name)
    if tint is None:
        return Color.parse(getattr(theme, name))
    below, above = Color.parse(str(theme.surface)).get_truecolor(), Color.parse(theme.primary).get_truecolor()
    mixed = (round(low + (high - low) * tint / 100) for low, high in zip(below, above, strict=True))
    return Color.from_rgb(*mixed)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_every_look_exists_in_both_themes(theme: Theme) -> None:
    assert set(LOOKS[theme.dark]) == set(get_args(StyleName))


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("name", get_args(StyleName))
@pytest.mark.parametrize("under", GROUNDS)
def test_every_look_has_contrast(theme: Theme, name: StyleName, under: str) -> None:
    style: Style = LOOKS[theme.dark][name]
    assert theme.foreground is not None
    text = style.color or Color.parse(theme.foreground)
    # What cannot be done now may be pale, as WCAG 1.4.3 allows for inactive parts, but not illegible.
    enough = 3.0 if name == "key_off" else 4.5
    assert contrast(text, style.bgcolor or ground(theme, under)) >= enough
