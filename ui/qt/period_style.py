"""The style sheet of the manager's pages of a period."""

from ui.qt import tokens
from ui.qt.tokens import Theme

CARD_HEIGHT = 96
HEAD_HEIGHT = 46


def period_sheet(theme: Theme) -> str:
    """Return it in the colours of ``theme``; paddings are symmetric, since Qt does not mirror them."""
    return f"{_ground(theme)}{_buttons(theme)}{_tables(theme)}"


def _ground(theme: Theme) -> str:
    return f"""
#periodPane, RangePicker {{ background: {theme.bg}; }}
#periodPane QLabel, RangePicker QLabel {{ color: {theme.text}; background: transparent; border: none; }}
#figureCard {{ background: {theme.surface}; border: 1px solid {theme.line}; border-radius: {tokens.CARD_RADIUS}px; }}
#figureCard #title {{ font-size: {tokens.CAPTION}px; color: {theme.muted}; }}
#figureCard #value {{ font-size: {tokens.SECTION}px; font-weight: {tokens.BOLD}; }}
#figureCard #note {{ font-size: {tokens.CAPTION}px; color: {theme.muted}; }}
#figureCard #note[trend="UP"] {{ color: {theme.ok}; }}
#figureCard #note[trend="DOWN"] {{ color: {theme.warn}; }}
#heading {{ font-size: {tokens.SECTION}px; font-weight: {tokens.SEMIBOLD}; }}
#periodPane #caption, RangePicker #caption {{ font-size: {tokens.CAPTION}px; color: {theme.muted}; }}
#periodPane #nothing {{ font-size: {tokens.INPUT}px; color: {theme.muted}; }}
#periodPane #said {{ font-size: {tokens.CAPTION}px; color: {theme.ok}; }}
#periodPane #said[fault="true"] {{ color: {theme.error}; }}
#periodPane QPlainTextEdit {{ background: {theme.surface}; color: {theme.text}; border: 2px solid {theme.line};
    border-radius: {tokens.CARD_RADIUS}px; font-size: {tokens.CAPTION}px; padding: {tokens.S}px;
    selection-background-color: {theme.primary}; selection-color: {theme.on_primary}; }}
#periodPane QPlainTextEdit:focus {{ border-color: {theme.primary}; }}
QScrollBar:vertical, QScrollBar:horizontal {{ background: transparent; border: none; }}
QScrollBar:vertical {{ width: {tokens.M}px; }}
QScrollBar:horizontal {{ height: {tokens.M}px; }}
QScrollBar::handle {{ background: {theme.border}; border-radius: {tokens.XS}px; margin: 2px; }}
QScrollBar::handle:vertical {{ min-height: {tokens.BUTTON}px; }}
QScrollBar::handle:horizontal {{ min-width: {tokens.BUTTON}px; }}
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{
    background: none; height: 0; width: 0; }}
"""


def _buttons(theme: Theme) -> str:
    return f"""
QPushButton#toggle, QPushButton#act, QPushButton#step {{ background: {theme.surface}; color: {theme.text};
    font-size: {tokens.CAPTION}px; font-weight: {tokens.MEDIUM}; border: 1px solid {theme.border};
    border-radius: {tokens.CONTROL_RADIUS}px; padding: 0 {tokens.M}px; min-height: {tokens.BUTTON - 2}px; }}
QPushButton#step {{ font-size: {tokens.SECTION}px; padding: 0; min-width: {tokens.BUTTON - 2}px; }}
QPushButton#toggle:checked {{ background: {theme.selection}; border-color: {theme.primary}; }}
QPushButton#act:disabled {{ background: {theme.bg}; color: {theme.muted}; border-color: {theme.line}; }}
QPushButton#primary {{ background: {theme.primary}; color: {theme.on_primary}; border: none; font-weight: {tokens.SEMIBOLD};
    font-size: {tokens.BODY}px; border-radius: {tokens.CONTROL_RADIUS}px; padding: 0 {tokens.L}px; min-height: {tokens.BUTTON}px; }}
QPushButton#primary:disabled {{ background: {theme.surface_2}; color: {theme.muted}; }}
QPushButton#toggle:focus, QPushButton#act:focus, QPushButton#step:focus {{
    border: {tokens.FOCUS_RING}px solid {theme.primary}; }}
QPushButton#toggle:focus, QPushButton#act:focus {{ padding: 0 {tokens.M + 1 - tokens.FOCUS_RING}px; }}
QPushButton#primary:focus {{ border: {tokens.FOCUS_RING}px solid {theme.text}; }}
QLineEdit {{ background: {theme.surface}; color: {theme.text}; border: 1px solid {theme.border};
    border-radius: {tokens.CONTROL_RADIUS}px; padding: 0 {tokens.M}px; font-size: {tokens.BODY}px;
    min-height: {tokens.BUTTON - 2}px; selection-background-color: {theme.primary}; selection-color: {theme.on_primary}; }}
QLineEdit:focus {{ border: {tokens.FOCUS_RING}px solid {theme.primary}; padding: 0 {tokens.M + 1 - tokens.FOCUS_RING}px; }}
QLineEdit[fault="true"] {{ border: 2px solid {theme.error}; }}
"""


def _tables(theme: Theme) -> str:
    return f"""
QTableWidget {{ background: {theme.surface}; color: {theme.text}; border: 2px solid {theme.line};
    border-radius: {tokens.CARD_RADIUS}px; font-size: {tokens.CAPTION}px; outline: none;
    selection-background-color: {theme.selection}; selection-color: {theme.text}; }}
QTableWidget:focus {{ border-color: {theme.primary}; }}
QTableWidget#figures::item {{ border-bottom: 1px solid {theme.line}; padding: 0 {tokens.S}px; }}
QTableWidget#figures::item:selected {{ background: {theme.selection}; color: {theme.text}; }}
QHeaderView {{ background: transparent; border: none; }}
QHeaderView::section {{ background: {theme.surface_2}; color: {theme.muted}; border: none;
    padding: 0 {tokens.M}px; font-size: {tokens.px(13)}px; font-weight: {tokens.SEMIBOLD}; }}
QHeaderView::section:first {{ border-top-left-radius: {tokens.CARD_RADIUS - 2}px; }}
QHeaderView::section:last {{ border-top-right-radius: {tokens.CARD_RADIUS - 2}px; }}
"""
