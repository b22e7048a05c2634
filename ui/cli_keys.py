"""What ``stationctl`` says of encryption and its key, and how a rescued key comes back."""

from collections.abc import Iterator
from pathlib import Path

from data.database import ENCRYPTS, engine
from data.sealed import KEY_BYTES
from station.errors import StationError
from station.protection import Protection
from ui.text import Words
from ui.wiring import Home, put_back


def encryption_lines(home: Home, words: Words) -> Iterator[str]:
    """Yield the doctor's lines on SQLite, encryption, the key and its sealed copy; no key is drawn."""
    version, safe = engine()
    if not ENCRYPTS:
        yield f"SQLite       {version} safe: without WAL the WAL-reset bug does not apply"
        yield f"encryption   not installed. {words.protection(Protection.NONE)}"
        return
    yield f"SQLite       {version} {'safe' if safe else 'has the WAL-reset bug: do not sell with it'}"
    if not home.database_key.exists():
        yield "key          none yet"
        return
    try:
        held = home.keys.held()
        yield f"key          {held.store}. {words.protection(held.protection)}"
    except StationError as fault:
        yield f"key          {words.error(fault)}"
    sealed = home.sealed_key
    yield f"sealed key   {sealed if sealed.exists() else 'none yet: if the key is lost, what is unsent is lost'}"


def rescued_key(file: Path) -> bytes:
    """Return the key in ``file`` as ``headoffice rescue`` wrote it. Raises ``ValueError`` when it is none."""
    try:
        key = file.read_bytes()
    except OSError as error:
        message = f"{file}: {error.strerror}"
        raise ValueError(message) from error
    if len(key) != KEY_BYTES:
        message = f"{file} is not a key that head office rescued"
        raise ValueError(message)
    return key


def put_back_line(home: Home, key: bytes, words: Words) -> str:
    """Put the rescued ``key`` back and return what was done. Raises ``StationError`` as ``put_back``."""
    held = put_back(home, key)
    return f"key kept: {held.store}. {words.protection(held.protection)}"
