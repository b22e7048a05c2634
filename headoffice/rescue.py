"""``headoffice rescue``: opens a station's sealed key, on any computer that has the private recovery key."""

import sys
from pathlib import Path

from data.key_store import rescue
from data.secret_file import write_secret
from headoffice.terminal import refused
from station.errors import StationError


def rescued(private: Path, sealed: Path, out: Path) -> int:
    """Write the key in ``sealed``, opened by the key in ``private``, to ``out``; 2 with a sentence otherwise."""
    if out.exists():
        return refused(f"{out} is there already")
    try:
        write_secret(out, rescue(sealed, private.read_bytes()))
    except OSError as error:
        return refused(f"{error.filename}: {error.strerror}")
    except (ValueError, StationError) as error:
        return refused(f"{sealed}: {error}")
    sys.stdout.write(
        f"The key is in {out}. At the station run: stationctl rescue --key FILE; then delete the file.\n")
    return 0
