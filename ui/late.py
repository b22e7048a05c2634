"""Head office as the counter asks it, with each line made when it is first asked.

What signs, packs and speaks HTTP takes longer to load than the counter to paint. The sync's thread loads it
right after the start, so nobody waits for it at the first card.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from station.card_task import CardStep, CardTask, Verdict
from station.elsewhere import SaleAsked, SaleTold
from station.leases import AccountKind
from station.pack import Pack
from station.span import Span
from station.spending import Hold
from station.step_up import ClaimAsked, ClaimOpen, StepUp
from ui.wiring import Home, Paired

if TYPE_CHECKING:
    from station.benefits import Benefits
    from station.coupons import GivenCoupon
    from sync.benefits import OnlineBenefits
    from sync.claims import OnlineClaims
    from sync.coupons import OnlineCoupons
    from sync.exchange import Sync
    from sync.key_holder import OnlineKeyHolder
    from sync.phones import PhoneLinks
    from sync.returns import OnlineReturns
    from sync.spending import OnlineSpending
    from sync.wire_phones import LinkMade


class Closing(Protocol):
    """What has a line to close."""

    def close(self) -> None:
        """Close it."""
        ...


T = TypeVar("T", bound=Closing)


class Late(ABC, Generic[T]):
    """Something made when it is first wanted, by whichever thread."""

    def __init__(self, home: Home, who: Paired) -> None:
        """Make nothing yet for the station ``who`` in ``home``."""
        self._home, self._who = home, who
        self._lock = Lock()
        self._made: T | None = None

    @abstractmethod
    def _make(self) -> T:
        """Return it, new."""

    def _get(self) -> T:
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

    def _make(self) -> "OnlineSpending":
        from ui.wiring_lines import spending_office

        return spending_office(self._home, self._who)

    def available(self, kind: AccountKind, account: str) -> int:
        """Return what is neither spent nor set aside of ``account``."""
        return self._get().available(kind, account)

    def reserve(self, hold: Hold) -> None:
        """Have ``hold`` set aside."""
        self._get().reserve(hold)


class LateCoupons(Late["OnlineCoupons"]):
    """``station.coupons.CouponOffice``."""

    def _make(self) -> "OnlineCoupons":
        from ui.wiring_lines import coupon_office

        return coupon_office(self._home, self._who)

    def called(self, number: str) -> "Sequence[GivenCoupon]":
        """Return the coupons with this printed number."""
        return self._get().called(number)


class LateClaims(Late["OnlineClaims"]):
    """``station.step_up.ClaimOffice``."""

    def _make(self) -> "OnlineClaims":
        from ui.wiring_lines import claims_office

        return claims_office(self._home, self._who)

    def begin(self, asked: ClaimAsked) -> ClaimOpen:
        """Begin a claim."""
        return self._get().begin(asked)

    def answer(self, claim: ClaimOpen, answer: str) -> StepUp:
        """Answer the claim."""
        return self._get().answer(claim, answer)


class LateKeyHolder(Late["OnlineKeyHolder"]):
    """``station.card_task.KeyHolder``."""

    def _make(self) -> "OnlineKeyHolder":
        from ui.wiring_lines import key_holder

        return key_holder(self._home, self._who)

    def begin(self, task: CardTask) -> CardStep:
        """Begin ``task``."""
        return self._get().begin(task)

    def go_on(self, session: str, answers: Sequence[bytes]) -> CardStep:
        """Hand on what the chip answered."""
        return self._get().go_on(session, answers)

    def check_sun(self, number: str, message: bytes) -> Verdict:
        """Have the code of a tap checked."""
        return self._get().check_sun(number, message)

    def sign_record(self, number: str, uid: str, expires: str) -> bytes:
        """Return the signed card record."""
        return self._get().sign_record(number, uid, expires)


class LateBenefits(Late["OnlineBenefits"]):
    """``ui.presenters.benefits.Teller``."""

    def _make(self) -> "OnlineBenefits":
        from ui.wiring_lines import benefits_office

        return benefits_office(self._home, self._who)

    def of(self, member_id: str, span: Span) -> "Benefits":
        """Return what membership brought the member in ``span``."""
        return self._get().of(member_id, span)


class LateReturns(Late["OnlineReturns"]):
    """``station.elsewhere.ReturnOffice``."""

    def _make(self) -> "OnlineReturns":
        from ui.wiring_lines import returns_office

        return returns_office(self._home, self._who)

    def ask(self, asked: SaleAsked, *, settle: bool) -> SaleTold | None:
        """Ask for the turn at a sale."""
        return self._get().ask(asked, settle=settle)

    def drop(self, asked: SaleAsked) -> None:
        """Give the turn back."""
        self._get().drop(asked)

    def pack(self, number: int) -> Pack:
        """Return the rules published as ``number``."""
        return self._get().pack(number)


class LatePhones(Late["PhoneLinks"]):
    """Who makes a phone a card."""

    def _make(self) -> "PhoneLinks":
        from ui.wiring_lines import phone_links

        return phone_links(self._home, self._who)

    def link(self, member_id: str) -> "LinkMade":
        """Return the address by which the member's phone becomes a card."""
        return self._get().link(member_id)


def late_sync(home: Home, who: Paired) -> Callable[[], "Sync"]:
    """Return what opens the exchange, in the thread that calls it."""
    @cache  # one for all times it is opened: it remembers how much goes well
    def opener() -> Callable[[], "Sync"]:
        from ui.wiring_lines import sync_opener

        return sync_opener(home, who)

    def open_sync() -> "Sync":
        return opener()()

    return open_sync
