"""What must hold of every ledger, whatever is asked of it and in whichever order."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from station.dates import Calendar, add_days
from station.ledger import Ledger
from station.lots import LotTerms, Until, Validity
from station.points import (
    Adjust,
    Approval,
    Earn,
    Merge,
    PointsKind,
    Redeem,
    Remaining,
    Request,
    Return,
    Transfer,
)
from station.posting import LedgerRules, Outcome, Shortfall

START = "2026-01-01"
ACCOUNTS = ("a", "b", "c")
BY_HAND = Approval("clerk", "manager", "because")
TERMS = st.builds(
    LotTerms, st.none() | st.builds(
        Validity, months=st.integers(1, 3), until=st.sampled_from(Until)), st.integers(0, 20))
RULES = st.builds(
    LedgerRules, st.sampled_from(Calendar), TERMS, st.integers(0, 40), st.sampled_from(Shortfall))
AMOUNT = st.integers(1, 200)


@st.composite
def requests(draw: st.DrawFn) -> tuple[Request, ...]:
    """Up to 25 requests on three accounts over half a year, the days not going back."""
    made: list[Request] = []
    day = 0
    for number in range(draw(st.integers(1, 25))):
        day += draw(st.integers(0, 15))
        when, who, key = add_days(START, day), draw(st.sampled_from(ACCOUNTS)), f"k{number}"
        sale = draw(st.sampled_from(("s1", "s2", "s3", "s4")))
        match draw(st.sampled_from("eeeerrrRRat" + "m" * (number > 15))):
            case "e":
                made.append(Earn(key, who, when, draw(AMOUNT), "base", sale, draw(st.none() | TERMS)))
            case "r":
                made.append(Redeem(key, who, when, draw(AMOUNT), "pay", sale))
            case "R":
                keys = [each.key for each in made if isinstance(each, Earn | Redeem) and each.sale == sale
                        and each.account == who]
                some = draw(st.lists(st.sampled_from(keys), unique=True)) if keys else []
                left = tuple(Remaining(each, draw(st.integers(0, 100))) for each in some)
                made.append(Return(key, who, when, sale, left))
            case "a":
                made.append(Adjust(key, who, when, draw(AMOUNT) * draw(st.sampled_from((1, -1))), BY_HAND))
            case "t":
                made.append(Transfer(key, who, when, draw(AMOUNT), draw(st.sampled_from(ACCOUNTS)), BY_HAND))
            case _:
                made.append(Merge(key, who, when, draw(st.sampled_from(ACCOUNTS)), BY_HAND))
    return tuple(made)


def filled(rules: LedgerRules, asked: tuple[Request, ...]) -> Ledger:
    ledger = Ledger(rules)
    for each in asked:
        ledger.post(each)
    return ledger


@given(RULES, requests())
def test_lots_less_debt_are_the_balance_and_nothing_is_negative(
    rules: LedgerRules, asked: tuple[Request, ...],
) -> None:
    ledger = Ledger(rules)
    for each in asked:
        ledger.post(each)
        for account in ledger.accounts():
            now = ledger.standing(account, each.day)
            assert sum(lot.left for lot in now.lots) - now.debt == now.balance
            assert now.debt >= 0
            assert not (now.debt and now.pending)
            assert all(lot.left > 0 for lot in now.lots)
            assert now.spendable + now.pending + now.past - now.debt == now.balance


@given(RULES, requests())
def test_a_replay_up_to_a_day_is_the_running_balance_of_that_day(
    rules: LedgerRules, asked: tuple[Request, ...],
) -> None:
    whole = filled(rules, asked)
    for day in {each.day for each in asked}:
        then = filled(rules, tuple(each for each in asked if each.day <= day))
        for account in then.accounts():
            assert then.balance(account) == whole.balance(account, day)


@given(RULES, requests())
def test_stored_postings_read_back_are_the_same_ledger(rules: LedgerRules, asked: tuple[Request, ...]) -> None:
    ledger = filled(rules, asked)
    again = Ledger(rules, ledger.postings())
    day = add_days(asked[-1].day, 10)
    assert again.accounts() == ledger.accounts()
    for account in ledger.accounts():
        assert again.standing(account, day) == ledger.standing(account, day)
        assert again.earned(account) == ledger.earned(account)
    more = Earn("more", "a", day, 50, "base")
    assert again.post(more) == ledger.post(more)


@given(RULES, requests())
def test_everything_sent_twice_changes_nothing(rules: LedgerRules, asked: tuple[Request, ...]) -> None:
    ledger = Ledger(rules)
    for each in asked:
        first = ledger.post(each)
        if first.refused is None:
            assert ledger.post(each) == Outcome()
        else:
            assert ledger.post(each) == first


@given(RULES, requests(), st.data())
def test_it_does_not_matter_when_or_whether_expire_was_written(
    rules: LedgerRules, asked: tuple[Request, ...], data: st.DataObject,
) -> None:
    never, often = Ledger(rules), Ledger(rules)
    for each in asked:
        if data.draw(st.booleans()):
            often.expire(each.day)
        assert (never.post(each).refused, never.accounts()) == (often.post(each).refused, often.accounts())
    day = add_days(asked[-1].day, data.draw(st.integers(0, 60)))
    for account in never.accounts():
        one, other = never.standing(account, day), often.standing(account, day)
        assert (one.spendable, one.pending, one.debt) == (other.spendable, other.pending, other.debt)
    never.expire(day)
    often.expire(day)
    for account in never.accounts():
        assert never.standing(account, day) == often.standing(account, day)
    assert never.expire(day) == ()


@given(RULES, requests())
def test_a_spend_is_whole_or_nothing_and_never_above_the_spendable(
    rules: LedgerRules, asked: tuple[Request, ...],
) -> None:
    ledger = Ledger(rules)
    for each in asked:
        if not isinstance(each, Redeem):
            ledger.post(each)
            continue
        account = ledger.owner(each.account)
        before = ledger.spendable(account, each.day, each.sale)
        written = ledger.post(each).postings
        assert [posting.amount for posting in written] == ([-each.amount] if each.amount <= before else [])
        assert all(-move.amount > 0 for posting in written for move in posting.moves)


LONG = LedgerRules(terms=LotTerms(Validity(months=24)))
CREDITS = st.lists(st.tuples(AMOUNT, st.integers(100, 400)), min_size=1, max_size=6)


@given(CREDITS, st.integers(0, 300), AMOUNT, st.lists(st.integers(0, 300), max_size=4))
def test_a_return_of_everything_in_any_parts_brings_every_lot_back(
    had: list[tuple[int, int]], spend: int, earn: int, steps: list[int],
) -> None:
    ledger = Ledger(LONG)
    for number, (amount, days) in enumerate(had):
        ledger.post(Earn(f"h{number}", "m", START, amount, "base", terms=LotTerms(Validity(days=days))))
    before = ledger.standing("m", START)
    spent = min(spend, before.spendable)
    if spent:
        ledger.post(Redeem("s/pay", "m", START, spent, "pay", "s"))
    ledger.post(Earn("s/base", "m", START, earn, "base", "s"))
    for number, left in enumerate((*sorted(steps, reverse=True), 0)):
        pay = (Remaining("s/pay", min(left, spent)),) if spent else ()
        ledger.post(Return(f"r{number}", "m", START, "s", (*pay, Remaining("s/base", min(left, earn)))))
    assert ledger.standing("m", START) == before
    given_back = sum(p.amount for p in ledger.postings() if p.origin == "s/pay")
    assert given_back == spent


@given(st.lists(st.tuples(st.integers(0, 150), AMOUNT), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_all_sales_returned_in_any_order_leave_what_there_was(
    sales: list[tuple[int, int]], random: object,
) -> None:
    ledger = Ledger(LONG)
    ledger.post(Earn("had", "m", START, 100, "base"))
    for number, (spend, earn) in enumerate(sales):
        if 0 < spend <= ledger.spendable("m", START):
            ledger.post(Redeem(f"s{number}/pay", "m", START, spend, "pay", f"s{number}"))
        ledger.post(Earn(f"s{number}/base", "m", START, earn, "base", f"s{number}"))
    order = list(range(len(sales)))
    random.shuffle(order)  # type: ignore[attr-defined] # hypothesis gives a random.Random
    for number in order:
        ledger.post(Return(f"r{number}", "m", START, f"s{number}"))
    assert (ledger.balance("m"), ledger.spendable("m", START)) == (100, 100)
    assert sum(amount for _, amount in ledger.earned("m")) == 100


@settings(max_examples=30)
@given(st.permutations([Earn(f"e{n}", "m", add_days(START, n), 10 * n + 1, "base") for n in range(6)]))
def test_earnings_may_arrive_in_any_order(earns: list[Earn]) -> None:
    ledger = filled(LONG, tuple(earns))
    ledger.post(Redeem("r", "m", add_days(START, 10), 30, "pay"))
    assert [(lot.lot_id, lot.left) for lot in ledger.standing("m", START).lots] == [
        ("e2", 3), ("e3", 31), ("e4", 41), ("e5", 51)]


@given(RULES, requests())
def test_a_clamping_ledger_has_no_debt_and_a_claim_is_met_lapsed_or_clamped(
    rules: LedgerRules, asked: tuple[Request, ...],
) -> None:
    ledger = filled(replace(rules, shortfall=Shortfall.CLAMP), asked)
    assert [ledger.standing(account, START).debt for account in ledger.accounts()] == [0] * len(ledger.accounts())
    amounts = {posting.key: posting.amount for posting in ledger.postings()}
    gone: dict[str, int] = {}
    for posting in ledger.postings():
        if posting.kind is PointsKind.REVERSE:
            gone[posting.origin] = gone.get(posting.origin, 0) + (
                abs(posting.amount) + posting.lapsed + posting.clamped)
    assert all(gone[key] <= abs(amounts[key]) for key in gone)
