"""The customer's screen: a window without a frame that fills the display beside the cashier's."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Slot
from PySide6.QtGui import QGuiApplication, QResizeEvent, QScreen
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QWidget

from ui.qt.customer_faces import BasketFace, WordsFace
from ui.qt.customer_style import sheet
from ui.qt.guard import guarded
from ui.qt.tokens import Theme
from ui.text import Words
from ui.views_customer import CustomerView, Face

DESIGNED = 1024, 768
"""Pixels of the screen the sizes are meant for; a larger one is drawn larger."""

_HOME_MOVES = frozenset({QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.ScreenChangeInternal})


def free_screen(screens: Sequence[QScreen], taken: QRect) -> QScreen | None:
    """Return the first of ``screens`` that shows nothing of ``taken``.

    A screen that mirrors the cashier's shares its place: nothing may be laid over the counter.
    """
    return next((screen for screen in screens if not screen.geometry().intersects(taken)), None)


class CustomerDisplay(QMainWindow):
    """Shows ``CustomerView`` values where the customer stands; hidden while there is no second screen.

    It follows ``home``, the cashier's window: it is there only while that is, and never on its screen.
    It takes no focus, so that no key and no scan is lost, and the program does not wait for it to end.
    """

    def __init__(
        self, words: Words, theme: Theme, home: QWidget,
        screens: Callable[[], Sequence[QScreen]] = QGuiApplication.screens,
    ) -> None:
        """Build the hidden window and begin to watch the screens; ``screens`` returns those there are."""
        super().__init__(None, Qt.WindowType.Window | Qt.WindowType.FramelessWindowHint
                         | Qt.WindowType.WindowDoesNotAcceptFocus)
        self._home, self._screens, self._theme, self._scale = home, screens, theme, 1.0
        self._place: tuple[str, QRect] | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, on=False)
        self.setObjectName("customer")
        self.words_face, self.basket_face = WordsFace(self), BasketFace(self)
        self._faces = QStackedWidget(self)
        self._faces.addWidget(self.words_face)
        self._faces.addWidget(self.basket_face)
        self.setCentralWidget(self._faces)
        self.set_theme(theme)
        self.set_words(words)
        self._watch()

    def set_words(self, words: Words) -> None:
        """Speak another language."""
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft if words.rtl else Qt.LayoutDirection.LeftToRight)
        self.setWindowTitle(words("Customer display"))
        self.setAccessibleName(words("Customer display"))
        self.basket_face.set_words(words)

    def set_theme(self, theme: Theme) -> None:
        """Wear ``theme``."""
        self._theme = theme
        self.setStyleSheet(sheet(theme, self._scale))
        self.basket_face.set_scale(self._scale)
        self.words_face.set_scale(self._scale)

    def show_customer(self, view: CustomerView) -> None:
        """Show ``view``; whatever was there before is gone, also where it cannot be seen."""
        self._faces.setCurrentWidget(self.basket_face if view.face is Face.BASKET else self.words_face)
        self.words_face.show_view(view)
        self.basket_face.show_view(view)

    @guarded(default=False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Follow the cashier's window."""
        if watched is self._home and event.type() in _HOME_MOVES:
            self.settle()
        return super().eventFilter(watched, event)

    @guarded(None)
    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Draw everything larger on a larger screen."""
        super().resizeEvent(event)
        size = event.size()
        scale = max(1.0, min(size.width() / DESIGNED[0], size.height() / DESIGNED[1]))
        if scale != self._scale:
            self._scale = scale
            self.set_theme(self._theme)

    @Slot()
    def settle(self) -> None:
        """Go to the screen beside the cashier's, or hide when there is none."""
        self._settle(None)

    def _watch(self) -> None:
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.screenAdded.connect(self._came)
            app.screenRemoved.connect(self._went)
            app.primaryScreenChanged.connect(self.settle)
        for screen in self._screens():
            screen.geometryChanged.connect(self.settle)
        self._home.installEventFilter(self)
        self.settle()

    @Slot(QScreen)
    def _came(self, screen: QScreen) -> None:
        screen.geometryChanged.connect(self.settle)
        self.settle()

    @Slot(QScreen)
    def _went(self, screen: QScreen) -> None:
        """Leave a screen that is being unplugged: Qt would move the window over the cashier's."""
        self._settle(screen)

    @guarded(None)
    def _settle(self, gone: QScreen | None) -> None:
        left = [screen for screen in self._screens() if screen is not gone]
        free = free_screen(left, self._home.screen().geometry()) if self._home.isVisible() else None
        place = (free.name(), free.geometry()) if free else None
        if place == self._place:
            return
        self._place = place
        self.hide()  # a window that fills one screen is not moved to another as it stands
        if free:
            typing = QApplication.activeWindow()
            self.setScreen(free)
            self.setGeometry(free.geometry())
            self.showFullScreen()
            if typing:  # some platforms activate whatever is shown, whether it takes the focus or not
                typing.activateWindow()
