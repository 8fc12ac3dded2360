"""Dispatch console for emergency child care hotlines."""

__version__ = "0.1.0"
