"""Which printer the settings mean, built; and the drivers, set up for the shop's own cards."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from drivers.port import Driver
from drivers.printers import commands
from drivers.printers.connection import Connection, FileConnection, NetworkConnection, SerialConnection
from drivers.printers.display import LineDisplay
from drivers.printers.drawer import Drawer
from drivers.printers.escpos import EscposPrinter
from drivers.printers.file import FilePrinter
from drivers.printers.port import Printer
from drivers.readers.keyboard import KeyboardDecoder, KeyboardProfile
from drivers.setup import Setup
from station.card_task import KeyHolder
from ui.settings import DisplaySettings, PrinterSettings, Settings
from ui.wiring import Home


@dataclass(frozen=True, slots=True)
class Paper:
    """The receipt printer and, if one hangs on it, the cash drawer."""

    printer: Printer
    drawer: Drawer | None = None

    def warm_up(self) -> None:
        """Load what the printer needs; takes a second, so it is done on the printing thread."""
        if not isinstance(self.printer, FilePrinter):
            commands.load()


def paper(settings: PrinterSettings, home: Home) -> Paper:
    """Return the printer of ``settings``; nothing is opened yet. Raises ``ValueError`` without an address."""
    if settings.kind == "file":
        return Paper(FilePrinter(home.receipts))
    printer = EscposPrinter(_connection(settings, answers=settings.answers))
    return Paper(printer, printer if settings.drawer else None)


def display(settings: DisplaySettings) -> LineDisplay | None:
    """Return the customer's display, None without one. Raises ``ValueError`` without an address."""
    return None if settings.kind == "none" else LineDisplay(_connection(settings, answers=False))


def _connection(settings: PrinterSettings | DisplaySettings, *, answers: bool) -> Connection:
    address = settings.host if settings.kind == "network" else settings.path
    if not address:
        message = f"station.toml: kind {settings.kind!r} needs a {'host' if settings.kind == 'network' else 'path'}"
        raise ValueError(message)
    if settings.kind == "network":
        return NetworkConnection(settings.host, settings.port, answers=answers)
    if settings.kind == "serial":
        return SerialConnection(settings.path, settings.baud, answers=answers)
    return FileConnection(Path(settings.path))


def shop_setup(
    settings: Settings, on_code: Callable[[str], None] | None = None, key_holder: KeyHolder | None = None,
) -> Setup:
    """Return what ``settings`` tell the drivers; ``key_holder`` is asked what chips prove.

    Raises ``ValueError`` on a club or chip profile that would let bank cards in, or that no card fits.
    """
    ports: dict[str, tuple[str, ...]] = {}
    for reader in settings.readers:
        ports[reader.driver] = (*ports.get(reader.driver, ()), reader.port)
    return Setup(settings.club.profile(), ports, on_code, settings.chips.profile(), key_holder)


def reader_drivers(setup: Setup) -> Sequence[Driver]:
    """Return the drivers this machine can use, as the shop set them up; loading them takes a while."""
    from drivers.catalogue import usable

    return usable(setup)


def keyboard(settings: Settings) -> KeyboardDecoder:
    """Return the decoder of what readers type. Raises ``ValueError`` on gaps no reader needs."""
    pauses = KeyboardProfile(
        swipe_gap_ms=settings.keyboard.swipe_gap_ms, code_gap_ms=settings.keyboard.code_gap_ms)
    return KeyboardDecoder(settings.club.profile(), pauses)
