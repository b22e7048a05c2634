"""What receipts say already happened, posted by a ledger that goes on from open lots alone. Values worked by hand."""

from dataclasses import replace
from random import Random

import pytest

from station.dates import Calendar, add_days
from station.ledger import Ledger
from station.lots import Lot, LotTerms, Move, Validity
from station.points import PointsKind
from station.posting import LedgerRules, Opening, Origin, Posting, Shortfall, Stated

DAY = "2026-06-01"
RULES = LedgerRules(Calendar.GREGORIAN, LotTerms(Validity(days=100)))
EVER = LotTerms()


def said(key: str, amount: int, day: str = DAY, **more: object) -> Stated:
    kind = PointsKind.REVERSE if "origin" in more else PointsKind.EARN if amount > 0 else PointsKind.REDEEM
    return replace(Stated(key, "m", kind, amount, "base", day), **more)  # type: ignore[arg-type] # fields of Stated


def left(ledger: Ledger) -> dict[str, int]:
    return {lot.lot_id: lot.left for lot in ledger.standing("m", DAY).lots}


def test_what_was_earned_forms_a_lot_by_its_own_terms_or_the_clubs() -> None:
    ledger = Ledger(RULES)
    ledger.state(said("a", 70, sale="s"))
    ledger.state(said("b", 5, terms=EVER))
    assert ledger.standing("m", DAY).lots == (
        Lot("a", "m", "a", "s", DAY, "2026-09-09", 70), Lot("b", "m", "b", "", DAY, None, 5))


def test_what_was_spent_is_drawn_as_a_redemption_is_but_not_on_its_own_sale() -> None:
    ledger = Ledger(RULES)
    ledger.state(said("late", 50, "2026-06-02", sale="other"))
    ledger.state(said("own", 50, sale="s"))
    assert ledger.state(said("r", -30, "2026-06-02", sale="s")).moves == (Move("late", -30),)


def test_named_lots_are_drawn_on_first_as_far_as_they_hold_something() -> None:
    ledger = Ledger(RULES)
    ledger.state(said("soon", 50))
    ledger.state(said("ever", 50, terms=EVER))
    spent = ledger.state(said("r", -60, out_of=(Move("ever", 20), Move("gone", 10), Move("ever", 40), Move("soon", 9))))
    assert spent.moves == (Move("ever", -50), Move("soon", -10))
    assert ledger.state(said("r2", -5, out_of=(Move("ever", 5),))).moves == (Move("soon", -5),)


def test_what_the_lots_cannot_meet_is_a_debt_that_the_next_credit_pays() -> None:
    ledger = Ledger(RULES)
    ledger.state(said("a", 10))
    spent = ledger.state(said("r", -25))
    assert (spent.moves, ledger.balance("m"), ledger.standing("m", DAY).debt) == ((Move("a", -10),), -15, 15)
    ledger.state(said("more", -1))
    assert ledger.standing("m", DAY).debt == 16
    ledger.state(said("b", 20))
    assert (left(ledger), ledger.balance("m")) == ({"b": 4}, 4)


def test_where_claims_are_clamped_nothing_is_owed() -> None:
    ledger = Ledger(replace(RULES, shortfall=Shortfall.CLAMP))
    ledger.state(said("a", 10))
    spent = ledger.state(said("r", -25))
    assert (spent.amount, spent.clamped, ledger.balance("m")) == (-10, 15, 0)


def test_what_goes_back_returns_to_its_lots_and_the_rest_to_a_new_one() -> None:
    ledger = Ledger(RULES)
    ledger.state(said("a", 40))
    ledger.state(said("r", -60))
    back = ledger.state(said("back", 60, "2026-06-05", origin="r"))
    # 40 into the lot, 20 into a new one; the debt of 20 is paid out of what ends first
    assert back.moves == (Move("a", 20), Move("back", 20))
    assert (ledger.balance("m"), ledger.standing("m", DAY).debt) == (40, 0)


def test_what_was_earned_is_taken_from_its_own_lot_first() -> None:
    ledger = Ledger(RULES)
    ledger.state(said("a", 40))
    ledger.state(said("b", 40, "2026-06-02"))
    assert ledger.state(said("t", -50, origin="b")).moves == (Move("b", -40), Move("a", -10))


@pytest.mark.parametrize("more", [
    {"origin": "nowhere"}, {"origin": "a", "amount": 7}, {"origin": "a", "account": "another"}])
def test_a_reversal_that_does_not_fit_its_origin_is_a_plain_credit_or_claim(more: dict[str, object]) -> None:
    ledger = Ledger(RULES)
    ledger.state(said("a", 40))
    made = ledger.state(replace(said("x", -5, origin="a"), **more))  # type: ignore[arg-type] # fields of Stated
    assert (made.origin, made.amount) == ("", more.get("amount", -5))


def test_a_key_is_stated_once() -> None:
    ledger = Ledger(RULES)
    ledger.state(said("a", 40))
    with pytest.raises(ValueError, match="does not follow"):
        ledger.state(said("a", 40))


def test_what_may_have_been_spent_in_time_does_not_expire() -> None:
    ledger = Ledger(RULES)
    ledger.state(said("a", 40))
    assert [each.amount for each in ledger.expire("2026-10-01", kept={"a": 15})] == [-25]
    assert ledger.expire("2026-10-02", kept={"a": 15}) == ()
    assert [each.amount for each in ledger.expire("2026-10-03")] == [-15]


@pytest.mark.parametrize(("balance", "debt"), [(6, 0), (5, 1), (5, -1), (6, -1)])
def test_an_opening_whose_figures_do_not_agree_is_refused(balance: int, debt: int) -> None:
    with pytest.raises(ValueError, match="account m"):
        Opening("m", balance, debt, (Lot("a", "m", "a", "", DAY, None, 5),))


class Shelf:
    """What storage keeps: the postings, every lot ever opened, and how often something went back."""

    def __init__(self, rules: LedgerRules) -> None:
        self.rules = rules
        self.postings: dict[str, Posting] = {}
        self.lots: dict[str, Lot] = {}
        self.balance = self.debt = 0

    def resumed(self, origin: str) -> Ledger:
        """A ledger of the open lots and, when something goes back, of its origin alone."""
        moved = {move.lot_id for move in self.postings[origin].moves} if origin else set[str]()
        lots = tuple(lot for lot in self.lots.values() if lot.left or lot.lot_id in moved)
        back = [each for each in self.postings.values() if origin and each.origin == origin]
        lapsed = sum(-move.amount for each in self.postings.values() if each.kind is PointsKind.EXPIRE
                     for move in each.moves if self.lots[move.lot_id].source == origin)
        origins = [Origin(
            self.postings[origin], sum(abs(each.amount) + each.lapsed + each.clamped for each in back),
            lapsed - sum(each.lapsed for each in back))] if origin else []
        return Ledger(self.rules, openings=[Opening("m", self.balance, self.debt, lots)], origins=origins)

    def keep(self, ledger: Ledger, made: tuple[Posting, ...]) -> None:
        for posting in made:
            self.lots |= {lot.lot_id: lot for lot in posting.opened}
            for move in posting.moves:
                lot = self.lots[move.lot_id]
                self.lots[move.lot_id] = replace(lot, left=lot.left + move.amount)
            self.postings[posting.key] = posting
        standing = ledger.standing("m", DAY)
        self.balance, self.debt = standing.balance, standing.debt


@pytest.mark.parametrize("shortfall", list(Shortfall))
@pytest.mark.parametrize("seed", range(20))
def test_going_on_from_open_lots_posts_what_the_whole_past_would(seed: int, shortfall: Shortfall) -> None:
    chance = Random(seed)  # noqa: S311 - a seed names a case
    rules = replace(RULES, shortfall=shortfall)
    whole, shelf, day = Ledger(rules), Shelf(rules), DAY
    for number in range(120):
        day = add_days(day, chance.choice((0, 0, 1, 30)))
        origin = chance.choice(sorted(shelf.postings)) if shelf.postings and chance.random() < 0.3 else ""
        if origin and shelf.postings[origin].kind not in (PointsKind.EARN, PointsKind.REDEEM):
            origin = ""
        sign = -1 if (shelf.postings[origin].amount > 0 if origin else chance.random() < 0.5) else 1
        ask = said(f"k{number:03}", sign * chance.randint(1, 60), day, sale=f"s{number // 2}",
                   terms=chance.choice((None, EVER, LotTerms(Validity(days=40), 14))), **({"origin": origin} if origin else {}))
        resumed = shelf.resumed(origin)
        if chance.random() < 0.15:
            made = whole.expire(day)
            assert resumed.expire(day) == made
        else:
            made = (whole.state(ask),)
            assert resumed.state(ask) == made[0]
        shelf.keep(whole, made)
    assert {lot.lot_id: lot.left for lot in shelf.lots.values() if lot.left} == {
        lot.lot_id: lot.left for lot in whole.standing("m", day).lots}
    assert whole.balance("m") == sum(each.amount for each in whole.postings())
