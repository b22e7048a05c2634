"""Who did it: every journal entry names its actor, and its approver where one was needed."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person, or the program itself, may answer for at the counter."""

    SYSTEM = "SYSTEM"
    CASHIER = "CASHIER"
    SENIOR = "SENIOR"
    MANAGER = "MANAGER"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person by staff id, in the role they acted in."""

    person: str
    role: Role


SYSTEM = Actor("system", Role.SYSTEM)
