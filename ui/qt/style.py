"""The style sheet of the window, made from the tokens of one theme.

Qt does not mirror left and right in style sheets, so every padding is symmetric; the first section
of a header is the one at the left in both directions.
"""

from ui.qt import tokens
from ui.qt.tokens import Theme


def sheet(theme: Theme) -> str:
    """Return the style sheet of the whole window in ``theme``."""
    return "\n".join((_ground(theme), _fields(theme), _choices(theme), _buttons(theme), _chips(theme), _basket(theme),
                      _labels(theme), _popups(theme), _demo(theme)))


def _ground(theme: Theme) -> str:
    return f"""
QMainWindow, QDialog, #page {{ background: {theme.bg}; }}
QLabel {{ color: {theme.text}; background: transparent; }}
#card {{ background: {theme.surface}; border: 1px solid {theme.line}; border-radius: {tokens.CARD_RADIUS}px; }}
QScrollArea, #clear {{ background: transparent; border: none; }}
QScrollBar:vertical {{ background: transparent; width: {tokens.M}px; margin: 2px; }}
QScrollBar::handle:vertical {{ background: {theme.line}; border-radius: {tokens.XS}px; min-height: {tokens.px(32)}px; }}
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{
    background: none; height: 0; }}
"""


def _fields(theme: Theme) -> str:
    return f"""
QLineEdit {{ background: {theme.surface}; color: {theme.text}; border: 1px solid {theme.border};
    border-radius: {tokens.CONTROL_RADIUS}px; padding: 0 {tokens.L}px; font-size: {tokens.INPUT}px;
    min-height: {tokens.BUTTON}px; placeholder-text-color: {theme.muted};
    selection-background-color: {theme.primary}; selection-color: {theme.on_primary}; }}
QPlainTextEdit {{ background: {theme.surface}; color: {theme.text}; border: 1px solid {theme.border};
    border-radius: {tokens.CONTROL_RADIUS}px; padding: {tokens.S}px; font-size: {tokens.INPUT}px;
    selection-background-color: {theme.primary}; selection-color: {theme.on_primary}; }}
QPlainTextEdit:focus {{ border: 2px solid {theme.primary}; padding: {tokens.S - 1}px; }}
QLineEdit#scan {{ min-height: {tokens.ROW - tokens.XS}px; }}
QLineEdit:focus {{ border: 2px solid {theme.primary}; padding: 0 {tokens.L - 1}px; min-height: {tokens.BUTTON - 2}px; }}
QLineEdit#scan:focus {{ min-height: {tokens.ROW - tokens.XS - 2}px; }}
"""


def _choices(theme: Theme) -> str:
    size, dot = tokens.BODY, tokens.M // 2
    return f"""
QRadioButton, QCheckBox {{ color: {theme.text}; background: transparent; spacing: {tokens.S}px;
    min-height: {tokens.BUTTON}px; }}
QCheckBox#box {{ min-height: {tokens.BUTTON}px; min-width: {tokens.BUTTON}px; border-radius: {tokens.CONTROL_RADIUS}px; }}
QCheckBox#box:focus {{ border: {tokens.FOCUS_RING}px solid {theme.primary}; min-height: {tokens.BUTTON - 2 * tokens.FOCUS_RING}px;
    min-width: {tokens.BUTTON - 2 * tokens.FOCUS_RING}px; }}
QCheckBox#box::indicator {{ subcontrol-position: center; }}
QRadioButton:disabled, QCheckBox:disabled {{ color: {theme.muted}; }}
QRadioButton::indicator, QCheckBox::indicator {{ width: {size}px; height: {size}px;
    border: 2px solid {theme.border}; background: {theme.surface}; }}
QRadioButton::indicator {{ border-radius: {size // 2 + 2}px; }}
QCheckBox::indicator {{ border-radius: {tokens.XS}px; }}
QRadioButton::indicator:checked, QCheckBox::indicator:checked {{ width: {size + 4 - 2 * dot}px;
    height: {size + 4 - 2 * dot}px; border: {dot}px solid {theme.primary}; background: {theme.on_primary}; }}
QCheckBox::indicator:checked {{ border-radius: {dot}px; }}
QRadioButton::indicator:checked:disabled, QCheckBox::indicator:checked:disabled {{ border-color: {theme.border};
    background: {theme.surface}; }}
QRadioButton:focus, QCheckBox:focus {{ color: {theme.primary}; }}
QProgressBar {{ background: {theme.surface_2}; border: none; border-radius: {tokens.XS}px; max-height: {tokens.S}px; }}
QProgressBar::chunk {{ background: {theme.primary}; border-radius: {tokens.XS}px; width: {tokens.XL}px; }}
"""


def _buttons(theme: Theme) -> str:
    return f"""
QPushButton {{ background: {theme.surface}; color: {theme.text}; border: 1px solid {theme.line};
    border-radius: {tokens.CONTROL_RADIUS}px; padding: 0 {tokens.M}px; min-height: {tokens.BUTTON - 2}px;
    font-weight: {tokens.MEDIUM}; }}
QPushButton:hover {{ background: {theme.surface_2}; }}
QPushButton:pressed {{ background: {theme.selection}; }}
QPushButton:disabled {{ color: {theme.muted}; background: {theme.bg}; }}
QPushButton:focus {{ border: {tokens.FOCUS_RING}px solid {theme.primary}; min-height: {tokens.BUTTON - 2 * tokens.FOCUS_RING}px;
    padding: 0 {tokens.M + 1 - tokens.FOCUS_RING}px; }}
QPushButton#pay, QPushButton#primary {{ background: {theme.primary}; color: {theme.on_primary}; border: none;
    font-weight: {tokens.SEMIBOLD}; min-height: {tokens.BUTTON}px; }}
QPushButton#pay {{ font-size: {tokens.PAY}px; min-height: {tokens.BUTTON_PAY}px; }}
QPushButton#pay:disabled, QPushButton#primary:disabled {{ background: {theme.surface_2}; color: {theme.muted}; }}
QPushButton#pay:focus, QPushButton#primary:focus {{ border: {tokens.FOCUS_RING}px solid {theme.text}; }}
QPushButton#primary:focus {{ min-height: {tokens.BUTTON - 2 * tokens.FOCUS_RING}px; }}
QPushButton#key {{ font-size: {tokens.CAPTION}px; padding: 0 {tokens.XS}px; min-height: {tokens.ROW - tokens.XS}px; }}
QPushButton#toggle:checked, QPushButton#numberKey:checked {{ background: {theme.selection}; border-color: {theme.primary}; }}
QPushButton#numberKey {{ font-size: {tokens.SECTION}px; padding: 0; }}
QPushButton#menuKey {{ padding: 0 {tokens.S}px; font-size: {tokens.CAPTION}px; }}
QPushButton#plain {{ background: transparent; }}
QPushButton#who, QPushButton#who:focus {{ color: {theme.primary}; border: none; padding: 0; min-height: 0; }}
QPushButton#state {{ background: transparent; border: none; padding: 0; }}
QPushButton#state:hover {{ border: 1px solid {theme.border}; }}
QPushButton#state:focus {{ border: {tokens.FOCUS_RING}px solid {theme.primary}; }}
QPushButton#person {{ min-height: {tokens.BUTTON_PAY}px; font-size: {tokens.INPUT}px; }}
QPushButton#choice:checked {{ background: {theme.selection}; border: 2px solid {theme.primary}; min-height: {tokens.BUTTON - 4}px; }}
QPushButton#choice:checked:focus {{ border: {tokens.FOCUS_RING}px solid {theme.text}; min-height: {tokens.BUTTON - 2 * tokens.FOCUS_RING}px; }}
QPushButton#padKey {{ min-height: {tokens.ROW}px; font-size: {tokens.SECTION}px; }}
"""


def _chips(theme: Theme) -> str:
    tones = (("ok", theme.ok, theme.ok_bg), ("warn", theme.warn, theme.warn_bg),
             ("error", theme.error, theme.error_bg), ("neutral", theme.muted, theme.surface_2))
    chips = "\n".join(
        f'#chip[tone="{name}"] {{ color: {front}; background: {back}; }}\n'
        f'#banner[tone="{name}"] {{ background: {back}; border: 1px solid {theme.line if name == "neutral" else front}; }}\n'
        f'#banner[tone="{name}"] QLabel {{ color: {theme.text if name == "neutral" else front}; }}'
        for name, front, back in tones)
    return f"""
#chip {{ border-radius: {tokens.CONTROL_RADIUS}px; padding: 0 {tokens.L}px; min-height: {tokens.px(32)}px;
    font-size: {tokens.CAPTION}px; font-weight: {tokens.MEDIUM}; }}
#banner {{ border-radius: {tokens.CONTROL_RADIUS}px; }}
#banner QLabel {{ font-weight: {tokens.MEDIUM}; }}
#banner #bannerMore {{ font-size: {tokens.CAPTION}px; }}
#banner #bannerBig {{ font-size: {tokens.TOTAL}px; font-weight: {tokens.BOLD}; }}
{chips}
"""


def _basket(theme: Theme) -> str:
    inner = tokens.CARD_RADIUS - 1
    return f"""
#basket {{ background: transparent; color: {theme.text}; border: 2px solid transparent; border-radius: {inner}px;
    outline: none; }}
#basket:focus {{ border-color: {theme.primary}; }}
#basket::item {{ border-bottom: 1px solid {theme.line}; padding: 0 {tokens.L}px; }}
#basket::item:selected {{ background: {theme.selection}; color: {theme.text}; }}
#basket QHeaderView {{ background: transparent; border: none; }}
#basket QHeaderView::section {{ background: {theme.surface_2}; color: {theme.muted}; border: none;
    border-bottom: 1px solid {theme.line}; padding: 0 {tokens.L}px; font-size: {tokens.CAPTION}px;
    font-weight: {tokens.SEMIBOLD}; }}
#basket QHeaderView::section:first {{ border-top-left-radius: {inner - 2}px; }}
#basket QHeaderView::section:last {{ border-top-right-radius: {inner - 2}px; }}
#basket[narrow="true"]::item, #basket[narrow="true"] QHeaderView::section {{ padding: 0 {tokens.S}px; }}
#basketFoot {{ border-top: 1px solid {theme.line}; }}
"""


def _labels(theme: Theme) -> str:
    return f"""
#shop, #heading, #memberName, #memberPoints, #totalLabel {{ font-size: {tokens.SECTION}px;
    font-weight: {tokens.SEMIBOLD}; }}
#caption {{ font-size: {tokens.CAPTION}px; color: {theme.muted}; }}
#message {{ font-size: {tokens.CAPTION}px; font-weight: {tokens.MEDIUM}; color: {theme.primary}; }}
#offerName {{ font-weight: {tokens.SEMIBOLD}; }}
#gains, #earns, #tempts {{ font-size: {tokens.CAPTION}px; color: {theme.ok}; }}
#doubt {{ font-size: {tokens.CAPTION}px; color: {theme.warn}; }}
#total {{ font-size: {tokens.TOTAL}px; font-weight: {tokens.BOLD}; }}
#times {{ font-size: {tokens.INPUT}px; font-weight: {tokens.BOLD}; color: {theme.primary}; }}
#change {{ font-size: {tokens.SECTION}px; font-weight: {tokens.SEMIBOLD}; color: {theme.ok}; }}
#told {{ font-size: {tokens.SECTION}px; font-weight: {tokens.SEMIBOLD}; }}
#told[tone="ok"] {{ color: {theme.ok}; }}
#told[tone="warn"] {{ color: {theme.warn}; }}
#rule {{ background: {theme.line}; border: none; max-height: 1px; min-height: 1px; }}
#problem {{ color: {theme.error}; font-weight: {tokens.MEDIUM}; }}
"""


def _popups(theme: Theme) -> str:
    return f"""
QMenu {{ background: {theme.surface}; color: {theme.text}; border: 1px solid {theme.line};
    padding: {tokens.S}px; }}
QMenu::item {{ padding: {tokens.M}px {2 * tokens.L}px; border-radius: {tokens.S}px; }}
QMenu::item:selected {{ background: {theme.selection}; }}
QMenu::item:disabled {{ color: {theme.muted}; }}
QMenu::separator {{ height: 1px; background: {theme.line}; margin: {tokens.XS}px; }}
QToolTip {{ background: {theme.surface_2}; color: {theme.text}; border: 1px solid {theme.line}; }}
QListWidget {{ background: {theme.surface}; color: {theme.text}; border: 2px solid {theme.line};
    border-radius: {tokens.CONTROL_RADIUS}px; outline: none; }}
QListWidget:focus {{ border-color: {theme.primary}; }}
QListWidget::item {{ min-height: {tokens.BUTTON}px; padding: 0 {tokens.M}px; border-radius: {tokens.S}px; }}
QListWidget::item:selected {{ background: {theme.selection}; color: {theme.text}; }}
"""


def _demo(theme: Theme) -> str:
    return f"""
#demo {{ background: {theme.surface}; border: 1px solid {theme.demo}; border-radius: {tokens.CARD_RADIUS}px; }}
#demoTitle {{ background: {theme.demo}; color: {theme.on_demo}; font-weight: {tokens.SEMIBOLD};
    border-top-left-radius: {tokens.CARD_RADIUS - 1}px; border-top-right-radius: {tokens.CARD_RADIUS - 1}px;
    padding: {tokens.S}px; }}
#band {{ background: {theme.demo}; color: {theme.on_demo}; font-weight: {tokens.SEMIBOLD};
    border-radius: {tokens.S}px; min-height: {tokens.px(26)}px; }}
#demo QPushButton {{ font-size: {tokens.CAPTION}px; padding: 0 {tokens.S}px; }}
"""
