"""Design tokens: the colours of the three themes, and the sizes every screen is built from.

Colours are ``#RRGGBB``. Every pair of text on its own background (``TEXT_PAIRS``) has a contrast of at
least 4.5:1 (WCAG 2.2, criterion 1.4.3), in high contrast of 7:1 (1.4.6); ``line`` only decorates,
``border`` (3:1) marks what can be typed into.
"""

from dataclasses import dataclass

SIZES = 100, 110, 125, 150
"""The sizes a person can choose, in per cent."""

REGULAR, MEDIUM, SEMIBOLD, BOLD = 400, 500, 600, 700
"""Font weights, CSS scale."""


class Design:
    """The sizes as designed, in pixels: types, spaces, radii, rows, buttons. They never change.

    The names of this module beside them are these at the size that was chosen last (``scale_to``), so that
    ``tokens.M``, read when it is needed, is always right; a name imported from here would stand still.
    """

    CAPTION, BODY, INPUT, SECTION, PAY, TOTAL, CUSTOMER = 14, 16, 18, 20, 24, 34, 56
    XS, S, M, L, XL = 4, 8, 12, 16, 24
    CONTROL_RADIUS, CARD_RADIUS = 10, 12
    ROW, ROW_COMPACT = 56, 48
    BUTTON, BUTTON_PAY = 48, 72
    FOCUS_RING = 3


CAPTION, BODY, INPUT, SECTION = Design.CAPTION, Design.BODY, Design.INPUT, Design.SECTION
PAY, TOTAL, CUSTOMER = Design.PAY, Design.TOTAL, Design.CUSTOMER
"""Type sizes in pixels."""

XS, S, M, L, XL = Design.XS, Design.S, Design.M, Design.L, Design.XL
"""Spaces in pixels."""

CONTROL_RADIUS, CARD_RADIUS = Design.CONTROL_RADIUS, Design.CARD_RADIUS
ROW, ROW_COMPACT = Design.ROW, Design.ROW_COMPACT
BUTTON, BUTTON_PAY = Design.BUTTON, Design.BUTTON_PAY
FOCUS_RING = Design.FOCUS_RING
PERCENT = 100
"""The present size."""


def scale_to(percent: int) -> None:
    """Make every size of this module ``percent`` of its design; widgets that stand are not changed by it."""
    sizes = {name: of_design(value, percent) for name, value in vars(Design).items() if name.isupper()}
    globals().update(sizes, PERCENT=percent)


def px(pixels: int) -> int:
    """Return a length that was designed as ``pixels``, at the present size."""
    return of_design(pixels, PERCENT)


def of_design(pixels: int, percent: int) -> int:
    """Return a designed length at ``percent``, halves up."""
    return (pixels * percent + 50) // 100


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

HIGH = Theme(
    name="high", bg="#000000", surface="#000000", surface_2="#1F1F1F", line="#8C8C8C",
    border="#FFFFFF", text="#FFFFFF", muted="#E0E0E0", primary="#FFE14D", on_primary="#000000",
    selection="#003B73", ok="#7DFFB0", ok_bg="#00260F", warn="#FFD24D", warn_bg="#2B2000",
    error="#FFB3AB", error_bg="#3D0000", demo="#4A0F7A", on_demo="#FFFFFF", bar="#B89B00")

THEMES = {theme.name: theme for theme in (LIGHT, DARK, HIGH)}

TEXT_PAIRS = (
    *(("text", ground) for ground in ("bg", "surface", "surface_2", "selection")),
    *(("muted", ground) for ground in ("bg", "surface", "surface_2")),
    *(("primary", ground) for ground in ("bg", "surface")),
    *((tone, ground) for tone in ("ok", "warn", "error") for ground in ("bg", "surface", f"{tone}_bg")),
    ("on_primary", "primary"), ("on_demo", "demo"))
"""Each colour of text and each ground it stands on, by the names of ``Theme``."""
