"""Where a key can be kept on this computer: the platform's stores, systemd's credentials, a file.

Nothing here trusts a choice made elsewhere: keyring's own configuration and environment could name
a store that writes plain text, so the stores are named here, and no other is ever asked.
"""

import base64
import binascii
import importlib
import logging
import secrets
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from station.protection import Protection

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "card-station"
NAME_BYTES = 16
PCR = "16"
"""The TPM register a key is bound to.

The chip alone is to count: 16 is the register for debugging, which no firmware or system update
changes. Register 7, systemd's own choice, changes with the list of forbidden boot loaders, and the
key would be lost with it. No register at all cannot be opened again by systemd 252.
"""
logger = logging.getLogger(__name__)


class KeyPlace(Protocol):
    """One store. ``name`` is written down to find the key again, and shown to people."""

    @property
    def name(self) -> str:
        """What the store is called."""
        ...

    @property
    def protection(self) -> Protection:
        """How well it protects."""
        ...

    def keep(self, key: bytes) -> str | None:
        """Keep ``key``, and see that it comes back; return what to write down, or None: the store does not work here."""
        ...

    def give(self, kept: str) -> bytes | None:
        """Return the key of which ``kept`` was written down, or None: lost, locked, or another computer's."""
        ...


@dataclass(frozen=True, slots=True)
class KeyringPlace:
    """One backend of the ``keyring`` library, by module and class; written down is a name drawn for the key."""

    name: str
    backend: str
    protection = Protection.OS_ACCOUNT

    def keep(self, key: bytes) -> str | None:
        """Keep ``key`` as hexadecimal digits."""
        name = secrets.token_hex(NAME_BYTES)
        try:
            store = self._open()
            if store is None:
                return None
            store.set_password(SERVICE, name, key.hex())
            return name if store.get_password(SERVICE, name) == key.hex() else None
        except Exception as fault:  # noqa: BLE001 - each platform's library has faults of its own
            self._note(fault)
            return None

    def give(self, kept: str) -> bytes | None:
        """Return the key kept under the name ``kept``."""
        try:
            store = self._open()
            held = store.get_password(SERVICE, kept) if store else None
            return bytes.fromhex(held) if held else None
        except Exception as fault:  # noqa: BLE001 - as above
            self._note(fault)
            return None

    def _open(self) -> "KeyringBackend | None":
        """Return the store, or None when this platform does not have it."""
        module, _, kind = self.backend.rpartition(".")
        found: type[KeyringBackend] = getattr(importlib.import_module(module), kind)
        return found() if found.viable else None

    def _note(self, fault: Exception) -> None:
        """Log the kind of ``fault`` alone: its words may say more than a log may hold."""
        logger.warning("%s: %s", self.name, type(fault).__name__)


@dataclass(frozen=True, slots=True)
class SystemdPlace:
    """``systemd-creds`` (systemd 250 and later, as root); written down is the credential it makes.

    ``bound_to`` is its ``--with-key``: "host" is a key under /var/lib/systemd, "host+tpm2" that and
    the computer's TPM. After ``limit_s`` seconds the program counts as failed.
    """

    name: str
    bound_to: str
    protection: Protection
    program: str = "systemd-creds"
    limit_s: float = 20.0

    def keep(self, key: bytes) -> str | None:
        """Encrypt ``key``, and decrypt it again: a TPM may take what it does not give back."""
        made = self._run(key, "encrypt", f"--with-key={self.bound_to}", f"--tpm2-pcrs={PCR}")
        kept = "".join(made.decode("ascii").split())
        return kept if kept and self.give(kept) == key else None

    def give(self, kept: str) -> bytes | None:
        """Decrypt the credential ``kept``."""
        return self._run(kept.encode(), "decrypt") or None

    def _run(self, entered: bytes, command: str, *options: str) -> bytes:
        """Return what the program printed, nothing when it is not there or fails; no secret meets a disk."""
        program = shutil.which(self.program)
        if program is None:
            return b""
        try:
            done = subprocess.run(  # noqa: S603 - the program found above, with words of our own
                [program, command, f"--name={SERVICE}", *options, "-", "-"],
                input=entered, capture_output=True, check=False, timeout=self.limit_s)
        except (OSError, subprocess.TimeoutExpired) as fault:
            logger.warning("%s: %s", self.name, type(fault).__name__)
            return b""
        return b"" if done.returncode else done.stdout


@dataclass(frozen=True, slots=True)
class FilePlace:
    """No store at all: the key itself is written down, in a file for its owner alone."""

    name = "file"
    protection = Protection.FILE

    def keep(self, key: bytes) -> str:
        """Return ``key`` in base64."""
        return base64.b64encode(key).decode()

    def give(self, kept: str) -> bytes | None:
        """Return the key that was written down as ``kept``."""
        try:
            return base64.b64decode(kept, validate=True)
        except binascii.Error:
            return None


PLACES: tuple[KeyPlace, ...] = (
    KeyringPlace("Windows Credential Manager", "keyring.backends.Windows.WinVaultKeyring"),
    KeyringPlace("macOS Keychain", "keyring.backends.macOS.Keyring"),
    KeyringPlace("Secret Service", "keyring.backends.SecretService.Keyring"),
    KeyringPlace("KWallet", "keyring.backends.kwallet.DBusKeyring"),
    SystemdPlace("systemd-creds with TPM", "host+tpm2", Protection.HARDWARE),
    SystemdPlace("systemd-creds", "host", Protection.FILE),
    FilePlace(),
)
"""Every place a key may lie, in the order in which they are tried for a new one."""
