"""Design tokens: the colours of the two themes, and the sizes every screen is built from.

Colours are ``#RRGGBB``. Every pair of text on its own background has a contrast of at least 4.5:1
(WCAG 2.2, criterion 1.4.3); ``line`` only decorates, ``border`` (3:1) marks what can be typed into.
"""

from dataclasses import dataclass

CAPTION, BODY, INPUT, SECTION, PAY, TOTAL = 14, 16, 18, 20, 24, 34
"""Type sizes in pixels."""

REGULAR, MEDIUM, SEMIBOLD, BOLD = 400, 500, 600, 700
"""Font weights, CSS scale."""

XS, S, M, L, XL = 4, 8, 12, 16, 24
"""Spaces in pixels."""

CONTROL_RADIUS, CARD_RADIUS = 10, 12
ROW, ROW_COMPACT = 56, 48
BUTTON, BUTTON_PAY = 48, 72
FOCUS_RING = 3


@dataclass(frozen=True, slots=True)
class Theme:
    """One set of colours. ``bar`` is the pale bar of charts, ``demo`` marks what is not real."""

    name: str
    bg: str
    surface: str
    surface_2: str
    line: str
    border: str
    text: str
    muted: str
    primary: str
    on_primary: str
    selection: str
    ok: str
    ok_bg: str
    warn: str
    warn_bg: str
    error: str
    error_bg: str
    demo: str
    on_demo: str
    bar: str


LIGHT = Theme(
    name="light", bg="#F4F6F8", surface="#FFFFFF", surface_2="#EEF2F6", line="#D5DCE3",
    border="#7B8794", text="#17212B", muted="#52606D", primary="#0B6BCB", on_primary="#FFFFFF",
    selection="#E3EFFB", ok="#0F7B3E", ok_bg="#E3F4EA", warn="#8A5300", warn_bg="#FDF0D5",
    error="#B3261E", error_bg="#FBE5E3", demo="#6B21A8", on_demo="#FFFFFF", bar="#9CC3EA")

DARK = Theme(
    name="dark", bg="#0F151B", surface="#18212A", surface_2="#212C37", line="#33414F",
    border="#6B7B8B", text="#E8EEF4", muted="#A6B4C2", primary="#5BA8F5", on_primary="#06213C",
    selection="#1E3A56", ok="#6FD39A", ok_bg="#123223", warn="#F2C063", warn_bg="#3A2C0D",
    error="#FF9B92", error_bg="#43201D", demo="#6B21A8", on_demo="#FFFFFF", bar="#2F5F8F")

THEMES = {theme.name: theme for theme in (LIGHT, DARK)}
