"""The keys of the whole program on their way to typing readers' decoder, and back to their field."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent, QWindow

from drivers.readers.keyboard import Code, Fate, KeyboardDecoder, Step, Stroke
from drivers.scan_codes import MODIFIERS, from_native
from station.card import Tap
from station.errors import StationError
from ui.qt.guard import guarded

LAST_LOOK_MS = 10
_COMMAND = (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
            | Qt.KeyboardModifier.MetaModifier | Qt.KeyboardModifier.GroupSwitchModifier)


class KeyFilter(QObject):
    """Catches what readers and scanners type, whichever field has the focus.

    To be installed on the ``QApplication``. Keys that may begin a burst reach their field when the
    decoder has let them go, some 50 ms later, and are shortcuts no sooner (characters with Shift
    may be none); those of a burst never do, so that no text and no undo stack changes. Results go
    to ``on_tap``, ``on_code`` and ``on_fault`` from the event loop, in order. Keys without a scan
    code, as programs make them, pass untouched.
    """

    _concluded = Signal(object)

    def __init__(
        self, decoder: KeyboardDecoder, on_tap: Callable[[Tap], None], on_code: Callable[[str], None],
        on_fault: Callable[[StationError], None], parent: QObject | None = None,
    ) -> None:
        """Filter nothing before it is installed."""
        super().__init__(parent)
        self._decoder = decoder
        self._on_tap = on_tap
        self._on_code = on_code
        self._on_fault = on_fault
        self._platform = QGuiApplication.platformName()
        self._held: list[QKeyEvent] = []
        self._replayed: QKeyEvent | None = None
        self._last_look = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._silence)
        # Queued: a listener may open a dialog, which must not happen inside the filter.
        self._concluded.connect(self._hand_on, Qt.ConnectionType.QueuedConnection)

    @guarded(default=False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Return whether ``event`` is kept from ``watched``."""
        if not isinstance(event, QKeyEvent):
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            return self._is_no_shortcut(event)
        if event is self._replayed or not isinstance(watched, QWindow):
            return False
        stroke = self._stroke(event)
        if stroke.press and stroke.code not in MODIFIERS and _is_command(event):
            step = self._decoder.end()
        else:
            step = self._decoder.key(stroke)
        self._settle(step, event)
        return step.this is not Fate.PASS

    def _is_no_shortcut(self, event: QKeyEvent) -> bool:
        """Claim a key that may be a burst's before the shortcuts get it; other keys end the burst.

        A key delivered late is asked about once more by Qt, then without its scan code.
        """
        stroke = self._stroke(event)
        if not event.nativeScanCode() or stroke.code in MODIFIERS:
            return False
        if self._decoder.wants(stroke) and not _is_command(event):
            event.accept()
            return True
        self._settle(self._decoder.end())
        return False

    def _stroke(self, event: QKeyEvent) -> Stroke:
        return Stroke(
            from_native(event.nativeScanCode(), self._platform),
            bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier),
            event.timestamp(), event.type() != QEvent.Type.KeyRelease, event.isAutoRepeat())

    def _settle(self, step: Step, event: QKeyEvent | None = None) -> None:
        """Do as ``step`` says of ``event`` and of the keys held, and send on what the burst said."""
        earlier: list[QKeyEvent] = []
        if step.held is not Fate.HOLD:
            earlier, self._held = self._held, []
        if event and step.this is Fate.HOLD:
            self._held.append(_copy(event))
        self._wait()
        if step.result is not None:
            self._concluded.emit(step.result)
        # Last of all: a key delivered may open a dialog, and keys typed there come back in here.
        if step.held is Fate.PASS:
            self._replay(earlier)

    def _replay(self, events: list[QKeyEvent]) -> None:
        for event in events:
            window = QGuiApplication.focusWindow()
            if window is not None:
                self._replayed = event
                QCoreApplication.sendEvent(window, event)
        self._replayed = None

    def _wait(self) -> None:
        """Have ``_silence`` called when the next key of the burst is overdue."""
        wait_ms = self._decoder.wait_ms
        self._last_look = False
        if wait_ms is None:
            self._timer.stop()
        else:
            self._timer.start(wait_ms)

    @Slot()
    @guarded(None)
    def _silence(self) -> None:
        """End the burst, after a last look: keys wait in the queue when the program was busy."""
        if not self._last_look:
            self._last_look = True
            self._timer.start(LAST_LOOK_MS)
            return
        self._settle(self._decoder.end())

    @Slot(object)
    @guarded(None)
    def _hand_on(self, result: Tap | Code | StationError) -> None:
        if isinstance(result, Tap):
            self._on_tap(result)
        elif isinstance(result, Code):
            self._on_code(result.text)
        else:
            self._on_fault(result)


def _is_command(event: QKeyEvent) -> bool:
    return bool(event.modifiers() & _COMMAND)


def _copy(event: QKeyEvent) -> QKeyEvent:
    """Return ``event`` as it can be sent again: the one Qt hands out ends with its delivery."""
    copied = QKeyEvent(
        event.type(), event.key(), event.modifiers(), event.nativeScanCode(), event.nativeVirtualKey(),
        event.nativeModifiers(), event.text(), event.isAutoRepeat(), event.count())
    copied.setTimestamp(event.timestamp())
    return copied
