"""What the screens about people show: signing in, approving. As ``ui.views``."""

from dataclasses import dataclass, field
from enum import StrEnum


class Asked(StrEnum):
    """What the sign-in asks for now."""

    PERSON = "PERSON"
    PIN = "PIN"
    NEW_PIN = "NEW_PIN"
    NEW_PIN_AGAIN = "NEW_PIN_AGAIN"


@dataclass(frozen=True, slots=True)
class PersonView:
    """Somebody who may sign in here."""

    staff_id: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class SignInView:
    """The lock screen. ``hint`` says what to do now, ``problem`` what was wrong, "" for nothing.

    ``people`` are to be chosen from while a PERSON is asked for; ``who`` is the one chosen.
    """

    asked: Asked
    people: tuple[PersonView, ...]
    who: str
    hint: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ApprovalView:
    """What a second person is asked to approve: ``what`` is one sentence with what, how much and for whom, by name.

    ``people`` are to be chosen from while a PERSON is asked for; ``who`` is the one chosen.
    """

    asked: Asked
    what: str = field(repr=False)
    who: str
    hint: str
    people: tuple[PersonView, ...]
    problem: str = ""
