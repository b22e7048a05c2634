"""Which reader drivers there are, whether they can be used, and the devices they find.

A driver is a file in ``drivers/readers`` that ends with ``DRIVER = …``, or an entry point of the
group ``card_station.readers`` that names such an object in another distribution. Works from source,
from an installed wheel and in a frozen build; a frozen build must be told to collect
``drivers.readers``, because nothing imports its files by name.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.metadata import entry_points
from pkgutil import iter_modules
from types import ModuleType

import drivers.readers
from drivers.port import CardReader, Device, Driver
from drivers.setup import Adjustable, Setup
from station.errors import ErrorCode, StationError

GROUP = "card_station.readers"


@dataclass(frozen=True, slots=True)
class Finding:
    """One driver as found: its ``devices``, or the ``error`` and a technical ``reason`` it is unusable.

    ``driver`` is None when it could not even be loaded.
    """

    name: str
    title: str
    driver: Driver | None
    devices: tuple[Device, ...] = ()
    error: ErrorCode | None = None
    reason: str = ""


def survey(package: ModuleType = drivers.readers) -> tuple[Finding, ...]:
    """Return every driver in ``package`` and in the entry points, with what it finds now.

    Nothing a driver does wrong is raised: it becomes the ``error`` and ``reason`` of its finding.
    """
    return tuple(_examine(name, load) for name, load in _sources(package))


def _sources(package: ModuleType) -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield the name of each driver and what loads it."""
    for module in iter_modules(package.__path__):
        yield module.name, partial(_driver_in, f"{package.__name__}.{module.name}")
    for point in entry_points(group=GROUP):
        yield point.name, point.load


def _driver_in(path: str) -> object:
    return import_module(path).DRIVER


def _nothing(_driver: Driver) -> Sequence[Device]:
    """Look for no devices."""
    return ()


def _examine(
    name: str, load: Callable[[], object], find: Callable[[Driver], Sequence[Device]] = lambda driver: driver.find(),
) -> Finding:
    title, driver = name, None
    try:
        loaded = load()
        if not isinstance(loaded, Driver):
            return _unusable(name, title, None, f"{type(loaded).__name__} is not a driver")
        title, driver = loaded.title, loaded
        missing = loaded.missing()
        if missing is not None:
            return _unusable(name, title, loaded, missing)
        return Finding(name, title, loaded, tuple(find(loaded)))
    except StationError as fault:
        return Finding(name, title, driver, error=fault.code, reason=str(fault))
    except Exception as fault:  # noqa: BLE001 - a foreign driver's bug must not hide the other drivers
        return _unusable(name, title, driver, f"{type(fault).__name__}: {fault}")


def _unusable(name: str, title: str, driver: Driver | None, reason: str) -> Finding:
    return Finding(name, title, driver, error=ErrorCode.READER_DRIVER_MISSING, reason=reason)


def usable(setup: Setup, package: ModuleType = drivers.readers) -> Sequence[Driver]:
    """Return every driver of the catalogue that can be used on this machine, set up for the shop.

    A driver that ``setup`` has a port for and that is unknown or cannot be used is an ``Absent`` one.
    """
    found = [_examine(name, load, _nothing) for name, load in _sources(package)]
    loaded = [each.driver for each in found if each.driver is not None and each.error is None]
    absent = [Absent(name) for name in setup.ports if name not in {driver.name for driver in loaded}]
    return [*(driver.set_up(setup) if isinstance(driver, Adjustable) else driver for driver in loaded), *absent]


class Absent:
    """A driver the shop set up and this machine has not: one reader that can never be opened, and says why."""

    def __init__(self, name: str) -> None:
        """Stand for the driver ``name``."""
        self.name = self.title = name

    def missing(self) -> str:
        """Return that it has to be installed."""
        return f"a driver called {self.name}"

    def find(self) -> Sequence[Device]:
        """Return its one reader."""
        return (Device(f"{self.name}:", self.title),)

    def open(self, device: Device) -> CardReader:
        """Raise ``StationError`` READER_DRIVER_MISSING."""
        raise StationError(ErrorCode.READER_DRIVER_MISSING, reader=device.path)
