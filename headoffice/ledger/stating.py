"""What sales and returns state of points and of stored value, entry by entry. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from headoffice.ledger.steps import Stretch
from station.club import ClubRules
from station.dates import day_number
from station.journal import Entry
from station.lots import FOR_EVER, Move
from station.money import half_up
from station.points import Earn, PointsEntry, PointsKind
from station.posting import LedgerRules, Shortfall, Stated
from station.product import ProductKind
from station.sale import Sale, SaleReturn, requests_of, value_of
from station.stored_value import Purpose
from station.tender import TenderKind

MOST_ACCOUNT = 100


@dataclass(frozen=True, slots=True)
class Statement:
    """``said``, under ``rules``, by the entry at ``place``."""

    said: Stated
    rules: LedgerRules
    place: Stretch


@dataclass(frozen=True, slots=True)
class ValueStatement:
    """The same on an account of stored value, and what the account is where it is new."""

    statement: Statement
    purpose: Purpose
    member: str


def points_of_sale(entry: Entry[Sale], club: ClubRules) -> Iterator[Statement]:
    """Yield what a sale says of points. Raises ``ValueError`` on a day that does not exist."""
    sale, place = entry.body, _place(entry)
    if not sale.points:
        return
    day = _day(sale.basket.opened.date)
    member = sale.basket.member
    terms = {each.key: each.terms for each in requests_of(sale.sale_id, member.member_id, day, sale.priced)
             if isinstance(each, Earn)} if member else {}
    for each in sale.points:
        yield Statement(Stated(
            each.key, each.member_id, each.kind, each.points, each.rule, day, sale.sale_id, terms.get(each.key),
            out_of=_leased(sale)), club.ledger, place)


def points_of_return(entry: Entry[SaleReturn], club: ClubRules) -> Iterator[Statement]:
    """Yield what a return says of points: by its key each names the sale's entry it is of."""
    back, place = entry.body, _place(entry)
    for each in back.points:
        yield Statement(Stated(
            each.key, each.member_id, each.kind, each.points, each.rule, back.business_date, terms=FOR_EVER,
            origin=_origin(back, each)), club.ledger, place)


def value_of_sale(entry: Entry[Sale], club: ClubRules) -> Iterator[ValueStatement]:
    """Yield what a sale paid out of wallets and gift cards, then what it put on them.

    Raises ``ValueError`` on what no account can have: an amount that is not positive, too long a name.
    """
    sale, place, member = entry.body, _place(entry), entry.body.basket.member
    if not any(line.account for line in sale.basket.lines) and not any(each.kind.stored_value for each in sale.tenders):
        return
    _day(sale.basket.opened.date)
    for each in value_of(sale):
        if not 0 < len(each.account) <= MOST_ACCOUNT:
            message = f"an account's name has 1 to {MOST_ACCOUNT} characters"
            raise ValueError(message)
        earns = isinstance(each, Earn)
        wallet = each.rule in (TenderKind.WALLET, ProductKind.TOP_UP)
        yield ValueStatement(
            Statement(Stated(
                each.key, each.account, PointsKind.EARN if earns else PointsKind.REDEEM,
                each.amount if earns else -each.amount, each.rule, each.day, sale.sale_id,
                club.value.wallet if wallet else club.value.gift_card, out_of=_leased(sale)), _value_rules(club), place),
            Purpose.WALLET if wallet else Purpose.GIFT_CARD, member.member_id if member and wallet else "")


def value_of_return(entry: Entry[SaleReturn], sale: Sale, club: ClubRules) -> Iterator[ValueStatement]:
    """Yield what goes back to the wallets and cards that paid ``sale``, then what is taken off those it loaded.

    Of a part of a line its part of the money is taken, as the receipt's sums are made.
    """
    back, place, rules = entry.body, _place(entry), _value_rules(club)
    for i, (paid, given) in enumerate(zip(sale.tenders, back.tenders, strict=False), 1):
        if paid.kind.stored_value and given.amount:
            yield _back(back, place, rules, (f"tender/{i}", paid.account, given.amount, paid.kind.value))
    sold = {line.line: line for line in sale.basket.lines if line.account}
    totals = {line.line: line.total for line in sale.priced.lines}
    gone: dict[int, int] = {}
    for each in back.lines:
        gone[each.line] = gone.get(each.line, 0) + each.quantity
    for number, quantity in gone.items():
        line = sold.get(number)
        amount = half_up(totals.get(number, 0) * quantity, line.quantity) if line else 0
        if line and amount > 0:
            yield _back(back, place, rules, (f"line/{number}", line.account, -amount, line.product.kind.value))


def _back(
    back: SaleReturn, place: Stretch, rules: LedgerRules, moved: tuple[str, str, int, str],
) -> ValueStatement:
    part, account, amount, rule = moved
    wallet = rule in (TenderKind.WALLET, ProductKind.TOP_UP)
    said = Stated(
        f"{back.return_id}/{part}", account, PointsKind.REVERSE, amount, rule, back.business_date, terms=FOR_EVER,
        origin=f"{back.sale_id}/{part}")
    return ValueStatement(Statement(said, rules, place), Purpose.WALLET if wallet else Purpose.GIFT_CARD, "")


def _value_rules(club: ClubRules) -> LedgerRules:
    """Return the rules of stored value: there is no debt. An account's terms stand with each entry."""
    return LedgerRules(club.value.calendar, FOR_EVER, club.value.grace_days, Shortfall.CLAMP)


def _origin(back: SaleReturn, entry: PointsEntry) -> str:
    return f"{back.sale_id}/{entry.key.removeprefix(f'{back.return_id}/')}"


def _leased(sale: Sale) -> tuple[Move, ...]:
    """Return what the sale spent out of leases, by lot; lots of other accounts are passed over when it is posted."""
    return tuple(Move(each.lot_id, each.amount) for each in sale.lease_uses)


def _place(entry: Entry[Sale] | Entry[SaleReturn]) -> Stretch:
    return Stretch(entry.station, entry.incarnation, entry.seq, entry.seq)


def _day(text: str) -> str:
    day_number(text)
    return text
