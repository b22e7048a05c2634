"""Returns and voids: the original sale recomputed on what remains of it. Rules: design "Returns".

Goes back now = max(0, paid − cost of what remains − gone back before); likewise the points to take
back and the points to give back, each sum for itself. No return costs the member money, and the
last one evens out. Hand discounts and points paid stay with the pieces they were spread to; free
pieces come back before paid ones.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from station.basket import BasketLine
from station.errors import ErrorCode, StationError
from station.hand_given import HandGiven
from station.money import THOUSAND, half_up, spread
from station.pack import HAND, POINTS, ROUNDING
from station.points import PointsEntry, PointsKind, Remaining, Return
from station.posting import goes_back
from station.priced import IssuedCoupon, Priced, TaxTotal
from station.pricing import Engine, Kept
from station.product import ProductKind
from station.sale import ReturnedLine, Sale, SaleReturn, points_of, value_of
from station.tender import TenderKind


@dataclass(frozen=True, slots=True)
class GoneBack:
    """What earlier returns of a sale brought back: goods, and money by tender of the sale.

    ``points`` are those that still stand for each points entry of the sale (empty: all of them).
    """

    lines: tuple[ReturnedLine, ...] = ()
    tenders: tuple[int, ...] = ()
    points: tuple[Remaining, ...] = ()


NOTHING = GoneBack()


@dataclass(frozen=True, slots=True)
class Returned:
    """What a return comes to.

    ``money`` goes back, split over the sale's tenders in ``tenders`` (parallel to them). ``cost``
    is that of what remains, priced in ``remains``. ``points`` say for each points entry of the sale
    how much of it still stands: what the ledger's ``Return`` asks for.
    ``coupons`` of the sale die unless they were used. ``gone`` is what all returns so far brought.
    """

    money: int
    tenders: tuple[int, ...]
    cost: int
    remains: Priced
    points: tuple[Remaining, ...]
    coupons: tuple[IssuedCoupon, ...]
    gone: GoneBack


def take_back(
    engine: Engine, sale: Sale, back: Sequence[ReturnedLine], before: GoneBack = NOTHING,
) -> Returned:
    """Return what goes back when ``back`` of ``sale`` is returned after ``before``.

    ``engine`` is that of the sale's own pack. Raises ``StationError`` RETURN_TOO_MUCH (``line``,
    ``left``) when more would come back than was sold; ``ValueError`` on a line that was not sold,
    a part of a piece, or a gift card or top-up whose balance is not given.
    """
    gone = (*before.lines, *back)
    remains = _recomputed(engine, sale, _remaining(sale, before.lines, gone))
    cost = remains.total + _spent_of_cards(sale, gone)
    given_before = before.tenders or (0,) * len(sale.tenders)
    money = goes_back(sale.priced.total, cost, sum(given_before))
    tenders, points = _by_tender(sale, money, given_before), _points(sale, remains, before)
    return Returned(
        money, tenders, cost, remains, points,
        tuple(coupon for coupon in sale.priced.coupons if coupon.rule not in remains.applied),
        GoneBack(gone, tuple(map(sum, zip(given_before, tenders, strict=True))), points))


def void(engine: Engine, sale: Sale, before: GoneBack = NOTHING) -> Returned:
    """Return what goes back when all that is left of ``sale`` is returned; its cards were not used."""
    return take_back(engine, sale, void_lines(sale, before), before)


def void_lines(sale: Sale, before: GoneBack = NOTHING) -> tuple[ReturnedLine, ...]:
    """Return all that is left of ``sale``; gift cards and top-ups with what they were loaded with."""
    gone = _quantities(before.lines)
    return tuple(
        ReturnedLine(line.line, left, _loaded(sale, line, left) if line.account else None)
        for line in sale.basket.lines if (left := line.quantity - gone.get(line.line, 0)))


@dataclass(frozen=True, slots=True)
class Exchange:
    """A return settled against a new sale: what the customer has to ``pay``, or gets ``back``."""

    pay: int
    back: int


def exchange(returned: Returned, total: int) -> Exchange:
    """Return how ``returned`` and a new sale of ``total`` come out together."""
    return Exchange(max(0, total - returned.money), max(0, returned.money - total))


def ledger_returns(key: str, day: str, sale: Sale, returned: Returned) -> tuple[Return | None, tuple[Return, ...]]:
    """Return what a return asks of the points ledger (None: the sale moved none) and of stored value.

    ``key`` names the return for ever, ``day`` is its local day.
    """
    member = sale.basket.member
    points = Return(
        f"{key}/points", member.member_id, day, sale.sale_id, returned.points) if member and sale.points else None
    kept = {f"{sale.sale_id}/tender/{i}": tender.amount - gone for i, (tender, gone) in enumerate(
        zip(sale.tenders, returned.gone.tenders, strict=True), 1)}
    kept |= {f"{sale.sale_id}/line/{line.line}": line.total for line in returned.remains.lines}
    moved = value_of(sale)
    return points, tuple(
        Return(f"{key}/value/{account}", account, day, sale.sale_id, tuple(
            Remaining(each.key, kept.get(each.key, 0)) for each in moved if each.account == account))
        for account in dict.fromkeys(each.account for each in moved))


def gone_before(sale: Sale, returns: Sequence[SaleReturn]) -> GoneBack:
    """Return what ``returns`` of ``sale``, as they were booked, brought back so far."""
    tenders = [0] * len(sale.tenders)
    gone: dict[str, int] = {}
    for each in returns:
        tenders = [had + tender.amount for had, tender in zip(tenders, each.tenders, strict=True)]
        for points in each.points:
            origin = f"{sale.sale_id}/{points.key.removeprefix(f'{each.return_id}/')}"
            gone[origin] = gone.get(origin, 0) + abs(points.points)
    return GoneBack(
        tuple(line for each in returns for line in each.lines), tuple(tenders),
        tuple(Remaining(each.key, abs(each.points) - gone.get(each.key, 0)) for each in sale.points))


def reversals(return_id: str, sale: Sale, before: GoneBack, returned: Returned) -> tuple[PointsEntry, ...]:
    """Return the points entries of a return: spent points come back, earned ones go.

    The key of each is that of the sale's entry, with the return's id in the place of the sale's.
    """
    stood = {each.key: each.amount for each in before.points} or {each.key: abs(each.points) for each in sale.points}
    stands = {each.key: each.amount for each in returned.points}
    return tuple(
        PointsEntry(f"{return_id}/{each.key.removeprefix(f'{sale.sale_id}/')}", each.member_id, PointsKind.REVERSE,
                    (stood[each.key] - stands[each.key]) * (1 if each.points < 0 else -1), each.rule)
        for each in sale.points if stood[each.key] != stands[each.key])


def taxes_back(sale: Sale, earlier: Sequence[SaleReturn], remains: Priced) -> tuple[TaxTotal, ...]:
    """Return by rate what falls of the sale's totals and taxes, beside what fell by ``earlier`` returns.

    Nothing falls while what remains costs more than was paid for all: then no money goes back either.
    """
    gone = [each for back in earlier for each in back.taxes]
    fell = []
    for then in sale.priced.taxes:
        out = [each for each in (*gone, *remains.taxes) if each.tax_percent == then.tax_percent]
        fell.append(TaxTotal(
            then.tax_percent, then.gross - sum(each.gross for each in out), then.tax - sum(each.tax for each in out)))
    if sum(each.gross for each in fell) < 0:
        return ()
    return tuple(each for each in fell if each.gross or each.tax)


def _sold(sale: Sale) -> dict[int, BasketLine]:
    return {line.line: line for line in sale.basket.lines}


def _quantities(lines: Iterable[ReturnedLine]) -> dict[int, int]:
    gone: dict[int, int] = {}
    for each in lines:
        gone[each.line] = gone.get(each.line, 0) + each.quantity
    return gone


def _remaining(
    sale: Sale, before: Sequence[ReturnedLine], gone: Sequence[ReturnedLine],
) -> tuple[BasketLine, ...]:
    """Return the lines that stay with the customer, with what stays of each."""
    sold = _sold(sale)
    for each in gone:
        line = sold.get(each.line)
        if line is None or (each.quantity % THOUSAND and not line.product.weighed):
            message = f"{each.quantity} thousandths of line {each.line} cannot come back"
            raise ValueError(message)
    quantities, earlier = _quantities(gone), _quantities(before)
    for number, quantity in quantities.items():
        if quantity > sold[number].quantity:
            left = max(0, sold[number].quantity - earlier.get(number, 0))
            raise StationError(ErrorCode.RETURN_TOO_MUCH, line=number, left=left)
    return tuple(
        line.of(left) for line in sale.basket.lines
        if (left := line.quantity - quantities.get(line.line, 0)))


def _recomputed(engine: Engine, sale: Sale, remaining: tuple[BasketLine, ...]) -> Priced:
    """Return the price of what remains; what points paid of it stays, as far as it still costs that much."""
    stay = {line.line for line in remaining}
    by_hand = tuple(given for given in sale.basket.by_hand if given.line is None or given.line in stay)
    basket = replace(sale.basket, lines=remaining, by_hand=by_hand, redeem=0)
    hand = _hand_kept(sale, remaining)
    bare = engine.price(basket, Kept(hand, {}, 0))
    paid = {each.line: each.amount for each in sale.priced.discounts if each.rule == POINTS}
    if not paid:
        return bare
    points = next(each.points for each in sale.priced.paid_points if each.rule == POINTS)
    by_line = dict(zip(paid, spread(points, tuple(paid.values())), strict=True))
    sold, costs = _sold(sale), {line.line: line.total for line in bare.lines}
    for each in bare.discounts:
        # Cash is rounded after points are paid: what it would take off without them is theirs to pay.
        costs[each.line] += each.amount if each.rule == ROUNDING else 0
    free = {line.line: line.free for line in sale.priced.lines}
    off, kept = dict[int, int](), 0
    for line in remaining:
        whole = sold[line.line]
        pieces = whole.pieces - free[line.line]
        amount = _stays(paid.get(line.line, 0), whole, line, pieces)
        off[line.line] = min(amount, costs[line.line])
        if amount:
            held = _stays(by_line[line.line], whole, line, pieces)
            kept += half_up(held * off[line.line], amount)
    return engine.price(basket, Kept(hand, off, kept))


def _hand_kept(sale: Sale, remaining: Sequence[BasketLine]) -> HandGiven:
    """Return the hand discounts that stay with the ``remaining`` pieces."""
    sold, stays = _sold(sale), {line.line: line for line in remaining}

    def part(number: int, amount: int) -> int:
        return _stays(amount, sold[number], stays[number], sold[number].pieces)

    kept = (
        replace(each, base=part(each.line, each.base), amount=part(each.line, each.amount))
        for each in sale.priced.discounts if each.rule.startswith(f"{HAND}/") and each.line in stays)
    locked = {number for given in sale.basket.by_hand if given.instead
              for number in ([given.line] if given.line is not None else sold)}
    return HandGiven(tuple(each for each in kept if each.amount), frozenset(locked))


def _stays(amount: int, sold: BasketLine, line: BasketLine, pieces: int) -> int:
    """Return the part of ``amount``, spread over the first ``pieces`` of ``sold``, that stays with ``line``."""
    if sold.product.weighed:
        return half_up(amount * line.quantity, sold.quantity)
    each, larger = divmod(amount, pieces) if pieces else (0, 0)
    left = min(line.pieces, pieces)
    return left * each + min(left, larger)


def _spent_of_cards(sale: Sale, gone: Sequence[ReturnedLine]) -> int:
    """Return what of the gift cards and top-ups that came back was spent, and so stays paid."""
    sold, spent = _sold(sale), 0
    for each in gone:
        line = sold[each.line]
        if line.product.kind is not ProductKind.GOODS:
            if each.balance is None:
                message = f"line {each.line} is money on an account: its balance is needed"
                raise ValueError(message)
            spent += max(0, _loaded(sale, line, each.quantity) - each.balance)
    return spent


def _loaded(sale: Sale, line: BasketLine, quantity: int) -> int:
    """Return what was paid for ``quantity`` of ``line``, a gift card or top-up: what it put on its account."""
    total = next(each.total for each in sale.priced.lines if each.line == line.line)
    return half_up(total * quantity, line.quantity)


def _points(sale: Sale, remains: Priced, before: GoneBack) -> tuple[Remaining, ...]:
    """Return for each points entry of ``sale`` how much of it the goods that remain let stand.

    What they would have spent, and what they would have earned, are each judged as a sum, for the
    goods that remain may spend or earn by another rule than the sale did: such points stand in
    place of the sale's own. What went back before does not come again.
    """
    member = sale.basket.member
    if member is None:
        return ()
    now = points_of(sale.sale_id, member.member_id, remains)
    stood = {each.key: each.amount for each in before.points} or {each.key: abs(each.points) for each in sale.points}
    stands = dict[str, int]()
    for kind in (PointsKind.REDEEM, PointsKind.EARN):
        own = {each.key: abs(each.points) for each in now if each.kind is kind}
        held = {each.key: stood[each.key] for each in sale.points if each.kind is kind}
        kept = {key: min(amount, own.get(key, 0)) for key, amount in held.items()}
        more = min(sum(held.values()), sum(own.values())) - sum(kept.values())
        for key, amount in held.items():
            instead = min(more, amount - kept[key])
            stands[key] = kept[key] + instead
            more -= instead
    return tuple(Remaining(each.key, stands[each.key]) for each in sale.points)


def _by_tender(sale: Sale, money: int, before: Sequence[int]) -> tuple[int, ...]:
    """Split ``money`` over the tenders in proportion to what each paid, none above its rest."""
    paid = _net_of_change(sale)
    rest = [had - gone for had, gone in zip(paid, before, strict=True)]
    given = [0] * len(paid)
    while money:
        open_ = [i for i, left in enumerate(rest) if left]
        parts = spread(money, [paid[i] for i in open_])
        for i, part in zip(open_, parts, strict=True):
            taken = min(part, rest[i])
            given[i] += taken
            rest[i] -= taken
            money -= taken
    return tuple(given)


def _net_of_change(sale: Sale) -> list[int]:
    """Return what each tender paid of the sale: cash less the change handed back."""
    change, paid = sale.change, []
    for tender in reversed(sale.tenders):
        back = min(change, tender.amount) if tender.kind is TenderKind.CASH else 0
        change -= back
        paid.append(tender.amount - back)
    return paid[::-1]
