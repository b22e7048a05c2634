"""``headoffice rescue``: opens a station's sealed key, on any computer that has the private recovery key."""

import sys
from pathlib import Path

from data.key_store import rescue
from data.secret_file import write_secret
from station.errors import StationError

REFUSED = 2


def rescued(private: Path, sealed: Path, out: Path) -> int:
    """Write the key in ``sealed``, opened by the key in ``private``, to ``out``; 2 with a sentence otherwise."""
    if out.exists():
        return _refuse(f"{out} is there already")
    try:
        write_secret(out, rescue(sealed, private.read_bytes()))
    except OSError as error:
        return _refuse(f"{error.filename}: {error.strerror}")
    except (ValueError, StationError) as error:
        return _refuse(f"{sealed}: {error}")
    sys.stdout.write(
        f"The key is in {out}. At the station run: stationctl rescue --key FILE; then delete the file.\n")
    return 0


def _refuse(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return REFUSED
