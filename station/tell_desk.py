"""What a member tells about themselves at the counter: tastes, area, birthday, e-mail, consents given and withdrawn; durable at once."""

from dataclasses import dataclass, field
from typing import Protocol

from station.bonus import Birth
from station.counter import World
from station.errors import ErrorCode, StationError
from station.journal import Draft, EntryKind
from station.member import Member
from station.pack import Pack
from station.people import Actor, Role
from station.sign_in import reaches
from station.telling import Beside, MemberTold, document
from station.told import NOTHING_TOLD, Agreement, Consent, Told

CORRECTS_BIRTH = Role.SENIOR
"""Who may change a birthday that is known, or approve it: it gives presents, and a day of one's own is no day to choose."""


class TellBook(Protocol):
    """The members as they are now, with what they told here since the book."""

    def member(self, member_id: str) -> Member | None:
        """Return the member, or None."""
        ...


@dataclass(frozen=True, slots=True)
class Sheet:
    """What of a member can be told: as it is known, or as it is from now on. ``email`` is a new address, "" for none."""

    told: Told = NOTHING_TOLD
    birth: Birth | None = field(default=None, repr=False)
    email: str = field(default="", repr=False)


class TellDesk:
    """Where it is taken down. Not thread-safe: it lives on the counter's thread.

    Every method may raise ``StationError`` 4xx when a file cannot be used; nothing is written then.
    """

    def __init__(self, world: World, book: TellBook) -> None:
        """Work with the counter's world."""
        self._world = world
        self._book = book

    def pack(self) -> Pack:
        """Return the rules in force, whose texts name tastes and areas. Raises ``StationError`` PACK_MISSING."""
        return self._world.packs.current(self._world.clock.now().utc_us)

    def known(self, member_id: str) -> Sheet:
        """Return what this station knows of a member. Raises ``StationError`` MEMBER_UNKNOWN."""
        member = self._book.member(member_id)
        if member is None:
            raise StationError(ErrorCode.MEMBER_UNKNOWN)
        return Sheet(member.told, member.birth)

    def tell(self, member_id: str, before: Sheet, after: Sheet, by: Actor, approver: Actor | None = None) -> bool:
        """Take down what of ``after`` is otherwise than ``before``, as it was shown; return whether anything is.

        What is the same is not spoken of: so nothing is undone that another station was told
        meanwhile. Raises ``StationError`` MEMBER_UNKNOWN, APPROVAL_MISSING where a known birthday
        changes unless a senior or the manager does or approves it.
        """
        now = self._world.clock.now()

        def consents(these: tuple[Agreement, ...], but: tuple[Agreement, ...]) -> tuple[Consent, ...]:
            return tuple(Consent(*each, now.utc_us) for each in these if each not in but)

        old, new = before.told, after.told
        tastes = None if sorted(new.tastes) == sorted(old.tastes) else new.tastes
        area = None if new.area == old.area else new.area
        given, withdrawn = consents(new.agreed, old.agreed), consents(old.agreed, new.agreed)
        birth, email = after.birth != before.birth, bool(after.email)
        if tastes is None and area is None and not (given or withdrawn or birth or email):
            return False
        if self._book.member(member_id) is None:
            raise StationError(ErrorCode.MEMBER_UNKNOWN)
        if birth and before.birth and not any(who and reaches(who.role, CORRECTS_BIRTH) for who in (by, approver)):
            raise StationError(ErrorCode.APPROVAL_MISSING)
        body = MemberTold(member_id, tastes, area, given, withdrawn, birth, email)
        beside = Beside(after.birth if birth else None, after.email)
        self._world.journal.append(Draft(
            EntryKind.MEMBER_TOLD, now, by, body, approver, document(beside) if body.is_personal else b""))
        return True
