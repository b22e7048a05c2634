"""Which card writers there are, whether they can be used, and the devices they find.

A writer is a file in ``drivers/writers`` that ends with ``DRIVER = …``, a class made from a
``WriterSetup``; no entry points: what changes cards comes with the product.
"""

from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules

import drivers.writers
from drivers.port import Device
from drivers.writer_port import CardForm, WriterDriver, WriterSetup
from station.errors import ErrorCode, StationError


@dataclass(frozen=True, slots=True)
class WriterFinding:
    """One writer as found: its ``devices``, or the ``error`` and a technical ``reason`` it is unusable."""

    driver: WriterDriver
    devices: tuple[Device, ...] = ()
    error: ErrorCode | None = None
    reason: str = ""


def survey_writers(setup: WriterSetup) -> tuple[WriterFinding, ...]:
    """Return every writer, set up for the shop, with what it finds now. Raises nothing a device does."""
    return tuple(
        _examine(import_module(f"{drivers.writers.__name__}.{module.name}").DRIVER(setup))
        for module in iter_modules(drivers.writers.__path__))


def writer_for(setup: WriterSetup, form: CardForm, path: str = "") -> tuple[WriterDriver, Device]:
    """Return the writer of cards of this ``form``, and its device: the one at ``path``, or the first plugged in.

    Raises ``StationError`` WRITER_UNAVAILABLE (``form``) when there is none.
    """
    for found in survey_writers(setup):
        for device in found.devices:
            if found.driver.form is form and path in {"", device.path}:
                return found.driver, device
    raise StationError(ErrorCode.WRITER_UNAVAILABLE, form=form.value)


def _examine(driver: WriterDriver) -> WriterFinding:
    missing = driver.missing()
    if missing is not None:
        return WriterFinding(driver, error=ErrorCode.READER_DRIVER_MISSING, reason=missing)
    try:
        return WriterFinding(driver, tuple(driver.find()))
    except StationError as fault:
        return WriterFinding(driver, error=fault.code, reason=str(fault))
