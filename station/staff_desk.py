"""Who is at the till: sign in by badge and PIN, sign out, choose a PIN, approve for somebody else."""

import hashlib
from collections.abc import Sequence
from typing import Protocol

from station.approval import Approval, Operation, OperationKind
from station.counter import World
from station.errors import ErrorCode, StationError
from station.journal import Draft, EntryKind
from station.people import SYSTEM, Actor, Role, StaffRecord
from station.pins import PinKeeper, require_good
from station.sign_in import Session, Tries
from station.staff_event import StaffDeed, StaffEvent


class StaffBook(Protocol):
    """The people who work here, with the PINs they chose here since head office last spoke of them."""

    def person(self, staff_id: str) -> StaffRecord | None:
        """Return the person with this id, or None."""
        ...

    def wearing(self, badge: int) -> StaffRecord | None:
        """Return the person whose badge has this look-up hash, or None."""
        ...

    def people(self) -> Sequence[StaffRecord]:
        """Return everybody, in order of id."""
        ...

    def tries(self, staff_id: str) -> Tries:
        """Return the wrong tries of this person since the last right one."""
        ...

    def keep_tries(self, staff_id: str, tries: Tries) -> None:
        """Keep them, durably, before anybody is told. Raises ``StationError`` 4xx."""
        ...

    def choose(self, staff_id: str, verifier: str, replaces: str) -> None:
        """Keep the ``verifier`` of a PIN chosen here, for head office too; ``replaces``: SHA-256 of the one before."""
        ...


class StaffDesk:
    """People at this station. Not thread-safe: it lives on the counter's thread."""

    def __init__(self, world: World, book: StaffBook, pins: PinKeeper) -> None:
        """Nobody is signed in."""
        self._world = world
        self._book = book
        self._pins = pins

    def people(self) -> Sequence[StaffRecord]:
        """Return everybody who may sign in here."""
        return [each for each in self._book.people() if each.pin]

    def wearing(self, badge: int) -> StaffRecord | None:
        """Return whose badge this is, or None."""
        return self._book.wearing(badge)

    def sign_in(self, staff_id: str, pin: str) -> Session:
        """Return the session of a person whose PIN is right; the entry that says so is durable.

        Raises ``StationError`` SIGN_IN_REFUSED (``left``: tries before the next lock-out), SIGN_IN_LOCKED
        (``seconds``, 0: a second person must help), PIN_TOO_WEAK when the PIN is to be replaced now, 4xx.
        """
        person = self._proven(staff_id, pin)
        if person.must_change:
            raise StationError(ErrorCode.PIN_TOO_WEAK, digits=0)
        return self._begin(person)

    def choose_pin(self, staff_id: str, pin: str, chosen: str) -> Session:
        """Replace the PIN by ``chosen`` and sign in. Raises as ``sign_in``, and PIN_TOO_WEAK (``digits``)."""
        person = self._proven(staff_id, pin)
        require_good(chosen, person.role)
        if chosen == pin:
            raise StationError(ErrorCode.PIN_TOO_WEAK, digits=len(pin))
        self._book.choose(staff_id, self._pins.verifier(chosen), hashlib.sha256(person.pin.encode()).hexdigest())
        self._note(StaffEvent(StaffDeed.PIN_CHOSEN, staff_id), _actor(person))
        return self._begin(person)

    def sign_out(self, session: Session, *, by_itself: bool = False) -> None:
        """End ``session``; ``by_itself``: nobody did anything for too long. Raises ``StationError`` 4xx."""
        deed = StaffDeed.LOCKED if by_itself else StaffDeed.SIGNED_OUT
        self._note(StaffEvent(deed, session.actor.person), SYSTEM if by_itself else session.actor)

    def approve(self, operation: Operation, staff_id: str, pin: str) -> Approval:
        """Return the approval of ``operation`` by the person whose PIN this is.

        Raises ``StationError`` as ``sign_in``, and APPROVAL_MISSING for one who cannot approve it: the
        one who asks, a role below what it needs, or the member it would be for. PIN_TO_REPLACE for a
        PIN that head office set: somebody else knows it.
        """
        person = self._proven(staff_id, pin)
        if person.must_change:
            raise StationError(ErrorCode.PIN_TO_REPLACE)
        return Approval(operation, _actor(person), self._world.clock.now().utc_us)

    def let_in(self, staff_id: str, approval: Approval, asked_by: Actor) -> None:
        """Forget the wrong tries of a person who is locked out, as ``approval`` of ``letting_in`` allows."""
        approver = approval.use(letting_in(staff_id, asked_by), self._world.clock.now().utc_us)
        self._book.keep_tries(staff_id, Tries())
        self._note(StaffEvent(StaffDeed.LET_IN, staff_id), asked_by, approver)

    def open_drawer(self, reason: str, actor: Actor, approver: Actor | None) -> None:
        """Write down why the drawer is opened without a sale; it opens after that. ``ValueError`` without a reason."""
        self._note(StaffEvent(StaffDeed.DRAWER_OPENED, actor.person, note=reason.strip()), actor, approver)

    def _proven(self, staff_id: str, pin: str) -> StaffRecord:
        """Return the person, once the PIN is right. An unknown id takes as long and is refused in the same words."""
        now_us = self._world.clock.now().utc_us
        person, before = self._book.person(staff_id), self._book.tries(staff_id)
        tries = before.seen(now_us)
        if tries != before:
            self._book.keep_tries(staff_id, tries)
        tries.require_open(now_us)
        if self._pins.is_right(person.pin if person else "", pin) and person:
            if tries.wrong:
                self._book.keep_tries(staff_id, Tries())
            return person
        if person is None:
            raise StationError(ErrorCode.SIGN_IN_REFUSED)
        failed = tries.failed(now_us)
        self._book.keep_tries(staff_id, failed)
        self._note(StaffEvent(StaffDeed.REFUSED, staff_id, failed.wrong), SYSTEM)
        failed.require_open(now_us)
        raise StationError(ErrorCode.SIGN_IN_REFUSED)

    def _begin(self, person: StaffRecord) -> Session:
        actor, now_us = _actor(person), self._world.clock.now().utc_us
        self._note(StaffEvent(StaffDeed.SIGNED_IN, person.staff_id), actor)
        return Session(actor, now_us, now_us)

    def _note(self, event: StaffEvent, actor: Actor, approver: Actor | None = None) -> None:
        self._world.journal.append(Draft(EntryKind.STAFF, self._world.clock.now(), actor, event, approver))


def letting_in(staff_id: str, asked_by: Actor) -> Operation:
    """Return the operation of letting a locked-out person in again."""
    return Operation(OperationKind.LET_IN, asked_by, staff_id, needs=Role.MANAGER)


def _actor(person: StaffRecord) -> Actor:
    return Actor(person.staff_id, person.role)
