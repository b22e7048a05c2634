"""Small keyring backends: one that works, can be locked and can lose things, and some that must not be used."""

from typing import ClassVar

from keyring.backend import KeyringBackend
from keyring.compat import properties
from keyring.errors import KeyringLocked, PasswordDeleteError

from data.key_places import FilePlace, KeyPlace, KeyringPlace


class MemoryKeyring(KeyringBackend):
    """Keeps entries for the process, by service and name; ``locked`` until its owner signs in."""

    priority: ClassVar[float] = 1
    entries: ClassVar[dict[tuple[str, str], str]] = {}
    locked: ClassVar[bool] = False

    def get_password(self, service: str, username: str) -> str | None:
        self._check()
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._check()
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.entries.pop((service, username), None) is None:
            raise PasswordDeleteError

    def _check(self) -> None:
        if MemoryKeyring.locked:
            raise KeyringLocked

    @classmethod
    def clear(cls) -> None:
        """Lose everything, unlocked."""
        cls.entries.clear()
        cls.locked = False


class AbsentKeyring(MemoryKeyring):
    """A store this platform does not have: its priority says so, as keyring's own backends do."""

    @properties.classproperty
    def priority(cls) -> float:  # noqa: N805 - of the class
        raise RuntimeError


class ForgetfulKeyring(KeyringBackend):
    """Takes everything and gives nothing back."""

    priority: ClassVar[float] = 1

    def get_password(self, service: str, username: str) -> str | None:
        del service, username
        return None

    def set_password(self, service: str, username: str, password: str) -> None:
        pass


class PlainKeyring(KeyringBackend):
    """What an add-on may bring along: a store that outbids all others and writes plain text."""

    priority: ClassVar[float] = 99
    asked: ClassVar[list[str]] = []

    def get_password(self, service: str, username: str) -> str | None:
        self.asked.append(service + username)
        return None

    def set_password(self, service: str, username: str, password: str) -> None:
        self.asked.append(service + username + password)


MEMORY = KeyringPlace("memory", "tests.rigs.keyrings.MemoryKeyring")
PLACES: tuple[KeyPlace, ...] = (MEMORY, FilePlace())
"""A working key store of the operating system, and the file behind it."""
