"""The style sheet of the customer's screen, made from the tokens of one theme; every padding is symmetric."""

from ui.qt import tokens
from ui.qt.tokens import Design, Theme

WORDS, HEAD, LINE, SMALL = 28, 26, 22, 18
"""Type sizes in pixels beside ``Design.CUSTOMER``: the cashier's size is not the customer's."""


def scaled(pixels: int, scale: float) -> int:
    """Return a size for a screen that is ``scale`` times the one it was designed for."""
    return round(pixels * scale)


def sheet(theme: Theme, scale: float) -> str:
    """Return the style sheet of the window in ``theme``. Figures set large have their size from ``BigFigure``."""
    def px(pixels: int) -> str:
        return f"{scaled(pixels, scale)}px"

    return f"""
#customer, #customerFace {{ background: {theme.bg}; }}
QLabel {{ color: {theme.text}; background: transparent; }}
#customerShop, #customerGreeting {{ font-size: {px(HEAD)}; font-weight: {tokens.SEMIBOLD}; }}
#customerPoints, #customerInvite {{ font-size: {px(LINE)}; color: {theme.ok}; font-weight: {tokens.MEDIUM}; }}
#customerSmall {{ font-size: {px(SMALL)}; color: {theme.muted}; }}
#customerGain {{ font-size: {px(LINE)}; }}
#customerGained {{ font-size: {px(HEAD)}; color: {theme.ok}; font-weight: {tokens.SEMIBOLD}; }}
#customerTitle {{ font-weight: {tokens.BOLD}; }}
#customerText {{ font-size: {px(WORDS)}; color: {theme.muted}; }}
#customerTotal {{ color: {theme.text}; }}
#customerChange {{ color: {theme.ok}; }}
#card {{ background: {theme.surface}; border: 1px solid {theme.line}; border-radius: {Design.CARD_RADIUS}px; }}
#pay {{ background: {theme.surface}; border: 3px solid {theme.primary}; border-radius: {Design.CARD_RADIUS}px; }}
#customerLines {{ background: transparent; color: {theme.text}; border: none; outline: none; font-size: {px(LINE)}; }}
#customerLines::item {{ border-bottom: 1px solid {theme.line}; padding: 0 {Design.L}px; }}
#customerLines QHeaderView {{ background: transparent; border: none; }}
#customerLines QHeaderView::section {{ background: {theme.surface_2}; color: {theme.muted}; border: none;
    padding: 0 {Design.L}px; font-size: {px(SMALL)}; font-weight: {tokens.SEMIBOLD}; }}
#customerLines QHeaderView::section:first {{ border-top-left-radius: {Design.CARD_RADIUS - 1}px; }}
#customerLines QHeaderView::section:last {{ border-top-right-radius: {Design.CARD_RADIUS - 1}px; }}
"""
