"""Figures as lists and lines show them."""

from callcenter.language import _


def kilometres(km: float | None) -> str:
    """A distance: 1.2km, 14km, or that it is not known."""
    return _("? km") if km is None else f"{km:.1f}km" if km < 9.95 else f"{km:.0f}km"


def signed(value: float) -> str:
    """Points with their sign: +6.0, -1.2, 0."""
    return f"{value:+.1f}" if value else "0"
