"""Who did it: every journal entry names its actor, and its approver where one was needed."""

from dataclasses import dataclass, field
from enum import StrEnum

from station.text import Text


class Role(StrEnum):
    """What a person, or the program itself, may answer for at the counter.

    ALONE is who works where nobody signs in: there is no second person to ask and nobody proved who it was, so
    it may what anybody may, and each entry says that nobody was asked. Nobody is employed as ALONE.
    """

    SYSTEM = "SYSTEM"
    CASHIER = "CASHIER"
    SENIOR = "SENIOR"
    MANAGER = "MANAGER"
    ALONE = "ALONE"


EMPLOYED = Role.CASHIER, Role.SENIOR, Role.MANAGER
"""What people are."""


@dataclass(frozen=True, slots=True)
class Actor:
    """A person by staff id, in the role they acted in."""

    person: str
    role: Role


@dataclass(frozen=True, slots=True)
class StaffRecord:
    """Somebody who works here, as head office says.

    ``badge`` is the look-up hash of the own badge; ``pin`` an argon2id verifier ("": none yet), to be
    replaced at the next sign-in where ``must_change``; ``resets`` counts how often head office set
    it; ``member_id`` is the own membership, "" for none.
    """

    staff_id: str
    name: Text = field(repr=False)
    role: Role
    badge: int | None = None
    pin: str = field(default="", repr=False)
    must_change: bool = False
    resets: int = 0
    member_id: str = ""


@dataclass(frozen=True, slots=True)
class ChosenPin:
    """A PIN that somebody chose here: its ``verifier``, and the SHA-256 (hexadecimal) of the one it ``replaces``."""

    staff_id: str
    verifier: str = field(repr=False)
    replaces: str


SYSTEM = Actor("system", Role.SYSTEM)
