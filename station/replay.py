"""A club replayed: a list of events, in posting order, to the balances, lots and tiers of a day.

This is what ``stationctl ledger`` prints and what docs/points.md describes. Every figure comes from
the same code head office posts with; here the events come from a file.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from station.bonus import (
    Birth,
    StampRules,
    Visit,
    birthday_bonus,
    stamp_card,
    stamp_requests,
)
from station.club import ClubRules
from station.dates import day_number, year_start
from station.ledger import Ledger
from station.points import Earn, PointsKind, Request
from station.posting import Posting, Standing
from station.referral import RULE, ReferralRules, referral_bonuses, refuse_invite
from station.stored_value import Purpose, StoredValue, ValueAccount
from station.tiers import Floor, TierBasis, TierStanding, tier_on


@dataclass(frozen=True, slots=True)
class Invite:
    """``inviter`` brought ``account`` into the club on ``day``."""

    account: str
    inviter: str
    day: str


@dataclass(frozen=True, slots=True)
class Born:
    """The birthday of ``account``, known from ``day`` on."""

    account: str
    birth: Birth
    day: str


@dataclass(frozen=True, slots=True)
class Nightly:
    """The nightly run of ``day``: EXPIRE entries are written and birthday bonuses given."""

    day: str


@dataclass(frozen=True, slots=True)
class OnValue:
    """A request on the ledger of stored value instead of the points ledger."""

    request: Request

    @property
    def day(self) -> str:
        """The day of the request."""
        return self.request.day


Event = Request | OnValue | Visit | Floor | Invite | Born | Nightly


@dataclass(frozen=True, slots=True)
class MemberStanding:
    """A member on the day asked about.

    ``merged_into`` is "" unless the account became part of another, which then has the tier and stamps.
    """

    account: str
    merged_into: str
    points: Standing
    tier: TierStanding | None
    stamps: int | None


@dataclass(frozen=True, slots=True)
class ValueStanding:
    """An account of stored value on the day asked about; amounts in minor units."""

    account: str
    purpose: Purpose
    value: Standing


@dataclass(frozen=True, slots=True)
class Refused:
    """Event number ``event`` (from 1) was refused whole, and why."""

    event: int
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a replay comes to ``at`` a day: standings, refusals and every posting, in order."""

    at: str
    members: tuple[MemberStanding, ...]
    stored_value: tuple[ValueStanding, ...]
    refused: tuple[Refused, ...]
    postings: tuple[Posting, ...]
    value_postings: tuple[Posting, ...]


class Replay:
    """Takes events one by one and answers for any day from the last one on."""

    def __init__(self, rules: ClubRules, value_accounts: Iterable[ValueAccount] = ()) -> None:
        """Start with an empty club under ``rules``."""
        self.ledger = Ledger(rules.ledger)
        self.value = StoredValue(rules.value, value_accounts)
        self._rules = rules
        self._visits: dict[str, dict[str, Visit]] = {}
        self._spent: dict[str, list[tuple[str, int]]] = {}
        self._floors: dict[str, list[Floor]] = {}
        self._invited_by: dict[str, str] = {}
        self._births: dict[str, Birth] = {}
        self._stamped: dict[str, str] = {}

    def check(self, event: Event) -> None:
        """Raise ``ValueError`` when a day of ``event`` does not exist or its tier is not of the policy."""
        day_number(event.day)
        if isinstance(event, Floor):
            day_number(event.until)
            if self._rules.tiers is None:
                message = "a tier is given by hand, and the rules have no tiers"
                raise ValueError(message)
            self._rules.tiers.level_of(event.tier)

    def take(self, event: Event) -> str:
        """Let ``event``, which was checked, happen; return why it was refused, or "" when it was not."""
        match event:
            case OnValue():
                return self.value.post(event.request).refused or ""
            case Visit():
                self._visit(event)
            case Floor():
                self._floors.setdefault(event.account, []).append(event)
            case Invite():
                return self._invite(event)
            case Born():
                self._births[event.account] = event.birth
            case Nightly():
                self._nightly(event.day)
            case _:
                return self.ledger.post(event).refused or ""
        return ""

    def standing(self, account: str, day: str) -> MemberStanding:
        """Return how the member stands on ``day``."""
        owner, points = self.ledger.owner(account), self.ledger.standing(account, day)
        if owner != account:
            return MemberStanding(account, owner, points, tier=None, stamps=None)
        rules = self._rules.stamps
        stamps = stamp_card(rules, self._visits_of(account)).stamps if rules else None
        return MemberStanding(account, "", points, self._tier(account, day), stamps)

    def members(self) -> tuple[str, ...]:
        """Return every account that appeared, in order of id."""
        return tuple(sorted({
            *self.ledger.accounts(), *self._spent, *self._invited_by, *self._births, *self._floors}))

    def _tier(self, account: str, day: str) -> TierStanding | None:
        policy = self._rules.tiers
        if policy is None:
            return None
        parts = self.ledger.parts(account)
        facts = self.ledger.earned(account)
        if policy.basis is TierBasis.SPEND:
            facts = tuple(fact for part in parts for fact in self._spent.get(part, ()))
        floors = [floor for part in parts for floor in self._floors.get(part, ())]
        return tier_on(policy, facts, day, floors)

    def _visit(self, visit: Visit) -> None:
        visits = self._visits.setdefault(visit.account, {})
        before = visits.get(visit.sale)
        gained = visit.total - (before.total if before else 0)
        self._spent.setdefault(visit.account, []).append((visit.day, gained))
        visits[visit.sale] = replace(visit, day=before.day) if before else visit
        owner = self.ledger.owner(visit.account)
        if self._rules.stamps:
            self._stamp(self._rules.stamps, owner, visit.day)
        if self._rules.referral and owner in self._invited_by:
            self._refer(self._rules.referral, owner, visit)

    def _stamp(self, rules: StampRules, account: str, day: str) -> None:
        given = [key for key, who in self._stamped.items() if self.ledger.owner(who) == account]
        card = stamp_card(rules, self._visits_of(account))
        for request in stamp_requests(rules, account, card, given, day):
            self.ledger.post(request)
            if isinstance(request, Earn):
                self._stamped[request.key] = account
            else:
                del self._stamped[request.sale]

    def _refer(self, rules: ReferralRules, account: str, visit: Visit) -> None:
        counting = [each.sale for each in self._visits_of(account) if each.total >= rules.least]
        if counting == [visit.sale]:
            for bonus in referral_bonuses(rules, account, visit.day, self._invited_by, self._gained(visit.day)):
                self.ledger.post(bonus)

    def _invite(self, invite: Invite) -> str:
        refusal = refuse_invite(self._invited_by, invite.account, invite.inviter)
        if refusal is None:
            self._invited_by[invite.account] = invite.inviter
        return refusal or ""

    def _gained(self, day: str) -> dict[str, int]:
        """Return what each account gained by referral in the shop's year up to ``day``."""
        start, gained = year_start(day, self._rules.ledger.calendar), dict[str, int]()
        for posting in self.ledger.postings():
            if posting.rule == RULE and posting.kind is PointsKind.EARN and start <= posting.day <= day:
                gained[posting.account] = gained.get(posting.account, 0) + posting.amount
        return gained

    def _nightly(self, day: str) -> None:
        self.ledger.expire(day)
        self.value.ledger.expire(day)
        if self._rules.birthday:
            for account, birth in self._births.items():
                bonus = birthday_bonus(self._rules.birthday, account, birth, day)
                if bonus and self.ledger.owner(account) == account:
                    self.ledger.post(bonus)

    def _visits_of(self, account: str) -> list[Visit]:
        return [visit for part in self.ledger.parts(account) for visit in self._visits.get(part, {}).values()]


def replay(
    rules: ClubRules, accounts: Iterable[ValueAccount], events: Iterable[Event], at: str,
) -> Report:
    """Replay ``events``, in the order given, leaving out those after the day ``at``.

    Raises ``ValueError``, its message starting with the number of the event, when one is malformed.
    """
    club = Replay(rules, accounts)
    refused = []
    for number, event in enumerate(events, 1):
        try:
            club.check(event)
            reason = "" if event.day > at else club.take(event)
        except ValueError as error:
            message = f"event {number}: {error}"
            raise ValueError(message) from error
        if reason:
            refused.append(Refused(number, reason))
    return Report(
        at, tuple(club.standing(account, at) for account in club.members()),
        tuple(ValueStanding(each.account, each.purpose, club.value.ledger.standing(each.account, at))
              for each in club.value.accounts()),
        tuple(refused), club.ledger.postings(), club.value.ledger.postings())
