"""How a person wants the counter, remembered in the station's folder: ``look.json``, strict and written whole."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import msgspec

from data.secret_file import read_secret, write_secret
from station.errors import ErrorCode, StationError
from ui.format import Unit


@dataclass(frozen=True, slots=True)
class Look:
    """How a person wants the window: language ("fa", "en"), theme name, money unit, ``size`` in per cent.

    Without ``motion`` nothing moves by itself: no menu glides open, no caret blinks.
    """

    language: str = "fa"
    theme: str = "light"
    unit: Unit = Unit.TOMAN
    size: int = 100
    motion: bool = True


class _Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The file; a part that is left out is as the program wants it."""

    version: Literal[1]
    language: Literal["fa", "en"] = "fa"
    theme: Literal["light", "dark", "high"] = "light"
    unit: Literal["TOMAN", "RIAL"] = "TOMAN"
    size: Literal[100, 110, 125, 150] = 100
    motion: bool = True


class LookFile:
    """The file in a station's ``folder``."""

    def __init__(self, folder: Path) -> None:
        """Read nothing yet."""
        self._path = folder / "look.json"

    def read(self) -> Look:
        """Return what was kept, the defaults where nothing was.

        Raises ``StationError`` LOOK_INVALID (``file``, ``reason``: the place and what was expected) when
        the file is not understood, DATABASE_UNAVAILABLE when it cannot be read.
        """
        raw = read_secret(self._path)
        if raw is None:
            return Look()
        try:
            kept = msgspec.json.decode(raw, type=_Kept)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise StationError(ErrorCode.LOOK_INVALID, file=self._path.name, reason=str(error)) from error
        return Look(kept.language, kept.theme, Unit[kept.unit], kept.size, kept.motion)

    def keep(self, look: Look) -> None:
        """Keep ``look`` instead. Raises ``StationError`` 4xx when the disk refuses; the older is then still there."""
        kept = {"version": 1, **asdict(look), "unit": look.unit.name}
        write_secret(self._path, msgspec.json.format(msgspec.json.encode(kept), indent=2) + b"\n")
