"""What may be said of a card, and what a deed makes of a card that may be another's by now."""

from collections.abc import Callable

import pytest

from station.card import Card, CardStatus, Medium
from station.card_life import (
    CardChanged,
    CardConflict,
    CardDeed,
    CardIssued,
    CardReason,
    Holder,
    HolderAdded,
    deeds_of,
    done,
    laid_over,
    new_holder,
)

ACTIVE, BLOCKED, LOST, REPLACED, EXPIRED = CardStatus
ISSUE = CardDeed(7, "m1", ACTIVE, holder="")
LOSE = CardDeed(7, "m1", LOST, ACTIVE)
BRING_BACK = CardDeed(7, "m1", ACTIVE, LOST)
REPLACE = CardDeed(7, "m1", REPLACED)


@pytest.mark.parametrize("make", [
    lambda: CardIssued(-1, "m1", Medium.CHIP), lambda: CardIssued(2**63, "m1", Medium.CHIP),
    lambda: CardIssued(7, "", Medium.CHIP), lambda: CardIssued(7, "m1", Medium.CHIP, replaces=7),
    lambda: CardIssued(7, "m1", Medium.CHIP, replaces=2**63),
    lambda: CardChanged(-1, "m1", ACTIVE, LOST, CardReason.LOST),
    lambda: CardChanged(7, "", ACTIVE, LOST, CardReason.LOST),
    lambda: CardChanged(7, "m1", LOST, LOST, CardReason.LOST),
    lambda: CardChanged(7, "m1", ACTIVE, REPLACED, CardReason.LOST),
    lambda: CardChanged(7, "m1", ACTIVE, EXPIRED, CardReason.LOST),
    lambda: CardChanged(7, "m1", REPLACED, ACTIVE, CardReason.FOUND),
    lambda: Holder(""), lambda: Holder("h1", points_per_day=-1), lambda: Holder("h1", value_per_day=-1),
])
def test_what_no_card_can_be_is_refused(make: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"expected|hash|given|makes"):
        make()


def test_the_name_of_a_holder_is_not_shown() -> None:
    assert "Sara" not in repr(Holder("h1", "Sara", 5, 0))


def test_a_new_holder_spends_nothing_until_head_office_sets_limits() -> None:
    assert new_holder("h9", "Kian") == Holder("h9", "Kian", 0, 0)


@pytest.mark.parametrize("wrong", [("", "h1"), ("m1", "")])
def test_a_holder_of_nobody_cannot_be_added(wrong: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match="has an id"):
        HolderAdded(*wrong)


def test_an_entry_is_one_deed_and_with_a_replaced_card_two() -> None:
    assert deeds_of(CardIssued(7, "m1", Medium.CHIP)) == (ISSUE,)
    assert deeds_of(CardIssued(7, "m1", Medium.CHIP, "h1", 5)) == (
        CardDeed(7, "m1", ACTIVE, holder="h1"), CardDeed(5, "m1", REPLACED))
    assert deeds_of(CardChanged(7, "m1", ACTIVE, LOST, CardReason.LOST)) == (LOSE,)


@pytest.mark.parametrize(("held", "deed", "made"), [
    (None, ISSUE, Card("m1", ACTIVE)),
    (None, CardDeed(7, "m1", ACTIVE, holder="h1"), Card("m1", ACTIVE, "h1")),
    (None, LOSE, CardConflict.UNKNOWN),
    (None, REPLACE, CardConflict.UNKNOWN),
    # whoever came first keeps it
    (Card("m2", ACTIVE), ISSUE, CardConflict.TAKEN),
    (Card("m2", ACTIVE), LOSE, CardConflict.TAKEN),
    (Card("m2", LOST), REPLACE, CardConflict.TAKEN),
    # given to the same member twice: once is enough, but it is not two people's
    (Card("m1", ACTIVE), ISSUE, Card("m1", ACTIVE)),
    (Card("m1", ACTIVE, "h1"), ISSUE, CardConflict.OLDER),
    (Card("m1", LOST), ISSUE, CardConflict.OLDER),
    # what stands otherwise by now than was acted on
    (Card("m1", ACTIVE, "h1"), LOSE, Card("m1", LOST, "h1")),
    (Card("m1", LOST), LOSE, Card("m1", LOST)),
    (Card("m1", BLOCKED), LOSE, CardConflict.OLDER),
    (Card("m1", LOST), BRING_BACK, Card("m1", ACTIVE)),
    (Card("m1", BLOCKED), BRING_BACK, CardConflict.OLDER),
    (Card("m1", REPLACED), BRING_BACK, CardConflict.OLDER),
    # a card is replaced whatever became of it meanwhile
    (Card("m1", BLOCKED), REPLACE, Card("m1", REPLACED)),
    (Card("m1", ACTIVE), REPLACE, Card("m1", REPLACED)),
])
def test_what_a_deed_makes_of_a_card(held: Card | None, deed: CardDeed, made: Card | CardConflict) -> None:
    assert done(held, deed) == made


def test_deeds_are_laid_over_in_order_and_conflicts_change_nothing() -> None:
    assert laid_over(None, ()) is None
    assert laid_over(None, (LOSE, ISSUE, LOSE, BRING_BACK)) == Card("m1", ACTIVE)
    assert laid_over(Card("m2", BLOCKED), (ISSUE, LOSE)) == Card("m2", BLOCKED)
