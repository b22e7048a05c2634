"""How a one-time code gets to a phone: a port, and a folder from which the club's gateway program takes messages.

A message is one file of JSON (UTF-8) under its own name, whole when it is there::

    {"form": "card-station message 1", "id": "…", "to": "09120000001", "text": "…", "until_us": 1795343700000000}

The gateway sends it and removes the file; one older than ``until_us`` (µs since 1970 UTC) it only removes.
"""

from pathlib import Path
from typing import Literal, Protocol

import msgspec

from data.files import disk_faults
from data.secret_file import write_secret

FOLDER = "codes"
OWNER_FOLDER = 0o700


class CodeMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A message to the phone ``to``; neither that nor what it says is in ``repr``."""

    form: Literal["card-station message 1"] = "card-station message 1"
    id: str
    to: str
    text: str
    until_us: int

    def __repr__(self) -> str:
        return f"CodeMessage(id={self.id!r}, …)"


class CodeSender(Protocol):
    """Sends one-time codes."""

    def send(self, message: CodeMessage) -> None:
        """See to it that ``message`` is sent soon. Raises ``StationError`` 4xx when it cannot be handed on."""
        ...

    def pretend(self, message: CodeMessage) -> None:
        """Do all that ``send`` does but send: it takes as long for a phone that nobody has."""
        ...


class SpoolFolder:
    """``CodeSender`` over a folder, made when first needed, that only the owner and the gateway may read."""

    def __init__(self, folder: Path) -> None:
        """Put messages into ``folder``."""
        self._folder = folder

    def send(self, message: CodeMessage) -> None:
        """Put ``message`` into the folder, whole and durably. Raises ``StationError`` 4xx."""
        self._write(f"{message.id}.json", message)

    def pretend(self, message: CodeMessage) -> None:
        """Write ``message`` under a name that no gateway takes, and take it away again. Raises ``StationError`` 4xx."""
        path = self._write(f"{message.id}.void", message)
        with disk_faults(path):
            path.unlink()

    def _write(self, name: str, message: CodeMessage) -> Path:
        path = self._folder / name
        with disk_faults(path):
            self._folder.mkdir(mode=OWNER_FOLDER, parents=True, exist_ok=True)
        write_secret(path, msgspec.json.encode(message))
        return path
