"""Head office as the counter asks it, with each line made when it is first asked.

What signs, packs and speaks HTTP takes longer to load than the counter to paint. The sync's thread loads it
right after the start, so nobody waits for it at the first card.
"""

from collections.abc import Callable, Sequence
from threading import Lock
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from station.card_task import CardStep, CardTask, Verdict
from station.leases import AccountKind
from station.span import Span
from station.spending import Hold
from station.step_up import ClaimAsked, ClaimOpen, StepUp
from ui.wiring import Home, Paired

if TYPE_CHECKING:
    from station.benefits import Benefits
    from sync.benefits import OnlineBenefits
    from sync.claims import OnlineClaims
    from sync.exchange import Sync
    from sync.key_holder import OnlineKeyHolder
    from sync.phones import PhoneLinks
    from sync.spending import OnlineSpending
    from sync.wire_phones import LinkMade


class Closing(Protocol):
    """What has a line to close."""

    def close(self) -> None:
        """Close it."""
        ...


T = TypeVar("T", bound=Closing)


class Late(Generic[T]):
    """Something made when it is first wanted, by whichever thread."""

    def __init__(self, make: Callable[[], T]) -> None:
        """Make it with ``make``, once."""
        self._make = make
        self._lock = Lock()
        self._made: T | None = None

    def get(self) -> T:
        """Return it; raises what making it raises."""
        with self._lock:
            if self._made is None:
                self._made = self._make()
            return self._made

    def close(self) -> None:
        """Close what was made."""
        with self._lock:
            if self._made is not None:
                self._made.close()


class LateSpending(Late["OnlineSpending"]):
    """``station.spending.SpendingOffice``."""

    def available(self, kind: AccountKind, account: str) -> int:
        """Return what is neither spent nor set aside of ``account``."""
        return self.get().available(kind, account)

    def reserve(self, hold: Hold) -> None:
        """Have ``hold`` set aside."""
        self.get().reserve(hold)


class LateClaims(Late["OnlineClaims"]):
    """``station.step_up.ClaimOffice``."""

    def begin(self, asked: ClaimAsked) -> ClaimOpen:
        """Begin a claim."""
        return self.get().begin(asked)

    def answer(self, claim: ClaimOpen, answer: str) -> StepUp:
        """Answer the claim."""
        return self.get().answer(claim, answer)


class LateKeyHolder(Late["OnlineKeyHolder"]):
    """``station.card_task.KeyHolder``."""

    def begin(self, task: CardTask) -> CardStep:
        """Begin ``task``."""
        return self.get().begin(task)

    def go_on(self, session: str, answers: Sequence[bytes]) -> CardStep:
        """Hand on what the chip answered."""
        return self.get().go_on(session, answers)

    def check_sun(self, number: str, message: bytes) -> Verdict:
        """Have the code of a tap checked."""
        return self.get().check_sun(number, message)

    def sign_record(self, number: str, uid: str, expires: str) -> bytes:
        """Return the signed card record."""
        return self.get().sign_record(number, uid, expires)


class LateBenefits(Late["OnlineBenefits"]):
    """``ui.presenters.benefits.Teller``."""

    def of(self, member_id: str, span: Span) -> "Benefits":
        """Return what membership brought the member in ``span``."""
        return self.get().of(member_id, span)


class LatePhones(Late["PhoneLinks"]):
    """Who makes a phone a card."""

    def link(self, member_id: str) -> "LinkMade":
        """Return the address by which the member's phone becomes a card."""
        return self.get().link(member_id)


def late_spending(home: Home, who: Paired) -> LateSpending:
    """Return head office as the counter asks it about spending."""
    def make() -> "OnlineSpending":
        from ui.wiring_lines import spending_office

        return spending_office(home, who)

    return LateSpending(make)


def late_claims(home: Home, who: Paired) -> LateClaims:
    """Return head office as the counter asks it who somebody is."""
    def make() -> "OnlineClaims":
        from ui.wiring_lines import claims_office

        return claims_office(home, who)

    return LateClaims(make)


def late_key_holder(home: Home, who: Paired) -> LateKeyHolder:
    """Return head office as the holder of the cards' keys."""
    def make() -> "OnlineKeyHolder":
        from ui.wiring_lines import key_holder

        return key_holder(home, who)

    return LateKeyHolder(make)


def late_phones(home: Home, who: Paired) -> LatePhones:
    """Return head office as the counter asks it to make a phone a card."""
    def make() -> "PhoneLinks":
        from ui.wiring_lines import phone_links

        return phone_links(home, who)

    return LatePhones(make)


def late_benefits(home: Home, who: Paired) -> LateBenefits:
    """Return head office as the counter asks it for a member's own report."""
    def make() -> "OnlineBenefits":
        from ui.wiring_lines import benefits_office

        return benefits_office(home, who)

    return LateBenefits(make)


def late_sync(home: Home, who: Paired) -> Callable[[], "Sync"]:
    """Return what opens the exchange, in the thread that calls it."""
    opener: list[Callable[[], Sync]] = []  # one for all times it is opened: it remembers how much goes well

    def open_sync() -> "Sync":
        from ui.wiring_lines import sync_opener

        if not opener:
            opener.append(sync_opener(home, who))
        return opener[0]()

    return open_sync
