"""How far the first run has come, and what it writes into ``station.toml``. No Qt here."""

import json
import tomllib
from enum import StrEnum
from pathlib import Path
from typing import Literal

import msgspec

from data.files import disk_faults
from data.secret_file import read_secret, write_secret
from station.errors import ErrorCode, StationError
from ui.settings import PrinterSettings, Settings

FILE = "setup.json"
"""In the station's folder, from the first step to the last."""

_TABLE = "[printer]"


class Step(StrEnum):
    """The steps of the first run, in their order."""

    LANGUAGE = "LANGUAGE"
    PAIRING = "PAIRING"
    READERS = "READERS"
    PRINTER = "PRINTER"
    LOOK = "LOOK"
    PRACTICE = "PRACTICE"
    READY = "READY"


class _Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    version: Literal[1]
    step: Step


class SetupFile:
    """The step that somebody stands at, in a station's ``folder``: it outlives the program's end."""

    def __init__(self, folder: Path) -> None:
        """Read nothing yet."""
        self._path = folder / FILE

    def read(self) -> Step | None:
        """Return the step, None when there is none; a file that is not understood is the first step.

        Raises ``StationError`` DATABASE_UNAVAILABLE when it cannot be read.
        """
        raw = read_secret(self._path)
        if raw is None:
            return None
        try:
            return msgspec.json.decode(raw, type=_Kept).step
        except (msgspec.DecodeError, UnicodeDecodeError):
            return Step.LANGUAGE

    def keep(self, step: Step) -> None:
        """Stand at ``step``. Raises ``StationError`` 4xx when the disk refuses."""
        write_secret(self._path, msgspec.json.encode(_Kept(version=1, step=step)) + b"\n")

    def done(self) -> None:
        """Be through with all of it. Raises ``StationError`` 4xx."""
        with disk_faults(self._path):
            self._path.unlink(missing_ok=True)


def is_needed(folder: Path, enrolment: Path) -> bool:
    """Return whether the station in ``folder`` is to be set up: it is paired with nobody, or somebody is in the middle of it."""
    return not enrolment.exists() or (folder / FILE).exists()


def known_settings(path: Path) -> Settings:
    """Return the settings in ``path``. Raises ``StationError`` SETTINGS_INVALID (``reason``)."""
    return _understood(path.read_text(encoding="utf-8") if path.exists() else "")


def keep_printer(path: Path, printer: PrinterSettings) -> None:
    """Write ``printer`` into the file at ``path``; all else in it stays as somebody wrote it.

    Raises ``StationError`` SETTINGS_INVALID (``reason``) when the file is not understood or says it in another
    way than a table, 4xx when the disk refuses; the file is then as it was.
    """
    text = with_printer(path.read_text(encoding="utf-8") if path.exists() else "", printer)
    if _understood(text).printer != printer:
        raise StationError(ErrorCode.SETTINGS_INVALID, reason="printer")
    write_secret(path, text.encode())


def with_printer(text: str, printer: PrinterSettings) -> str:
    """Return the settings ``text`` with the table of ``printer`` in the place of the one there."""
    kept, inside = [], False
    for line in text.splitlines():
        if line.strip().startswith("["):
            inside = line.split("#")[0].strip() == _TABLE
        if not inside:
            kept.append(line)
    said = msgspec.to_builtins(printer)
    usual = msgspec.to_builtins(PrinterSettings())
    # A JSON string, number or truth value is the same in TOML.
    table = [_TABLE, *(f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in said.items()
                       if name == "kind" or value != usual[name])]
    before = "\n".join(kept).strip("\n")
    return "\n".join((*((before, "") if before else ()), *table)) + "\n"


def _understood(text: str) -> Settings:
    try:
        return msgspec.convert(tomllib.loads(text), type=Settings)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise StationError(ErrorCode.SETTINGS_INVALID, reason=str(error)) from error
