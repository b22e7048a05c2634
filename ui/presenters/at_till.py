"""Who is at the till now. Everything that is done in somebody's name asks here, at the moment it is done."""

from dataclasses import dataclass

from station.people import SYSTEM, Actor
from station.text import Text


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at the till; ``member_id`` is the own membership, "" for none."""

    actor: Actor
    name: Text
    member_id: str = ""


NOBODY = Person(SYSTEM, Text("", ""))


class AtTill:
    """The person at the till; nobody while it is locked."""

    def __init__(self, person: Person = NOBODY) -> None:
        """Begin with ``person``."""
        self.person = person

    @property
    def actor(self) -> Actor:
        """In whose name things are done."""
        return self.person.actor

    def own(self) -> str:
        """Return the membership of who is here, "" for none."""
        return self.person.member_id
