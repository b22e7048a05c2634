"""Small secrets in files of their own: written whole or not at all, readable by the owner alone."""

import os
from pathlib import Path

OWNER_ONLY = 0o600


def write_secret(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path`` with mode 0600, atomically and durably.

    On Windows the mode is not enforced by this call; the folder's own rights protect the file.
    """
    half = path.with_name(path.name + ".new")
    handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)


def read_secret(path: Path) -> bytes | None:
    """Return the content of ``path``, or None when there is no such file."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def secret(path: Path, length: int) -> bytes:
    """Return the ``length`` random bytes kept in ``path``, drawn now when it does not exist.

    Raises ``ValueError`` when the file has another length.
    """
    held = read_secret(path)
    if held is None:
        held = os.urandom(length)
        write_secret(path, held)
    if len(held) != length:
        message = f"{path.name} holds {len(held)} bytes, expected {length}"
        raise ValueError(message)
    return held
