"""Stored value: wallets and gift cards, a second ledger of money with the discipline of the first.

Rules: design "Points" (stored value) and "Returns". A top-up or a card sold is an EARN of minor
units, a payment a REDEEM. There is no debt: a sold gift card comes back at most with its balance.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from station.card_hash import CardHasher
from station.dates import Calendar
from station.ledger import Ledger
from station.lots import FOR_EVER, LotTerms
from station.points import Earn, Merge, Request, Transfer
from station.posting import GRACE_DAYS, LedgerRefusal, LedgerRules, Outcome, Posting, Shortfall, check_grace


class Purpose(StrEnum):
    """What an account of stored value is."""

    WALLET = "WALLET"
    GIFT_CARD = "GIFT_CARD"


@dataclass(frozen=True, slots=True)
class ValueAccount:
    """A wallet, of ``member_id``, or a gift card, of whoever holds it ("").

    ``account`` is ``wallet_of`` or ``gift_card_of``, never the number printed on a card.
    """

    account: str
    purpose: Purpose
    member_id: str = ""

    def __post_init__(self) -> None:
        """Raise ``ValueError`` on a wallet of nobody."""
        if self.purpose is Purpose.WALLET and not self.member_id:
            message = f"wallet {self.account} names no member"
            raise ValueError(message)


def wallet_of(member_id: str) -> str:
    """Return the account of a member's own wallet: it is called as the member is, so every station knows it offline."""
    return member_id


def gift_card_of(hasher: CardHasher, code: str) -> str:
    """Return the account of the gift card that has ``code`` printed on it.

    The id follows from the code under the club's key, so every station finds it and none keeps the code.
    """
    return f"gift/{hasher.hash(code):016x}"


@dataclass(frozen=True, slots=True)
class ValueRules:
    """How long money on a wallet and on a gift card is good, and the grace of what is paid back."""

    calendar: Calendar = Calendar.JALALI
    wallet: LotTerms = FOR_EVER
    gift_card: LotTerms = FOR_EVER
    grace_days: int = GRACE_DAYS

    def __post_init__(self) -> None:
        """Raise ``ValueError`` when the grace is negative or above a hundred years."""
        check_grace(self.grace_days)


class StoredValue:
    """The accounts and their ledger; ``ledger`` answers every question about balances and lots."""

    def __init__(
        self, rules: ValueRules, accounts: Iterable[ValueAccount] = (), postings: Iterable[Posting] = (),
    ) -> None:
        """Start from what is stored. Raises ``ValueError`` when ``postings`` do not belong together."""
        self.ledger = Ledger(
            LedgerRules(rules.calendar, rules.wallet, rules.grace_days, Shortfall.CLAMP), postings)
        self._rules = rules
        self._accounts = {account.account: account for account in accounts}

    def open(self, account: ValueAccount) -> None:
        """Add ``account``; one that is there already stays as it is."""
        self._accounts.setdefault(account.account, account)

    def accounts(self) -> tuple[ValueAccount, ...]:
        """Return every account, in the order they were opened."""
        return tuple(self._accounts.values())

    def payable(self, account: str, due: int, day: str, sale: str = "") -> int:
        """Return how much of ``due`` the account can pay on ``day``; the rest of a card stays on it."""
        return min(due, self.ledger.spendable(self.ledger.owner(account), day, sale))

    def post(self, request: Request) -> Outcome:
        """Write what ``request`` asks for, or refuse it whole; see ``Ledger.post``."""
        named = [request.account]
        if isinstance(request, Transfer):
            named.append(request.to)
        if isinstance(request, Merge):
            named.append(request.into)
        if any(account not in self._accounts for account in named):
            return Outcome(refused=LedgerRefusal.UNKNOWN_ACCOUNT)
        if isinstance(request, Earn) and request.terms is None:
            card = self._accounts[request.account].purpose is Purpose.GIFT_CARD
            request = replace(request, terms=self._rules.gift_card if card else self._rules.wallet)
        return self.ledger.post(request)
