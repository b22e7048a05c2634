"""Copies of cards are noticed from what stations saw, in whatever order it comes; honest members are never accused."""

from argparse import Namespace
from itertools import count, permutations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from headoffice.cards.commands import COMMANDS
from headoffice.cards.models import CloneAlert, Seen
from headoffice.projector.project import Projector
from headoffice.projector.rebuild import rebuild
from station.card import CardTier, ProofKind
from tests.headoffice.shop import NOON, Till
from tests.headoffice.taps import CARD, OTHER, counter_of, found, paired, sent, tap, wrong

CARDS = count(1000)


def test_one_code_at_two_stations_without_a_line_is_one_alert(till: Till) -> None:
    other = paired("12-2")
    tap(till, 5)
    tap(other, 5, 90)
    sent(till)
    assert found() == []
    sent(other)
    assert found() == [("SAME_CODE", "12-2", 2, "12-1", 2)]
    sent(other)
    Projector().drain(NOON.utc_us)
    assert found() == [("SAME_CODE", "12-2", 2, "12-1", 2)]
    assert rebuild().differing == ()
    assert found() == [("SAME_CODE", "12-2", 2, "12-1", 2)]
    assert wrong() == []


def test_every_further_place_is_an_alert_of_its_own(till: Till) -> None:
    for number in (2, 3, 4):
        other = paired(f"12-{number}")
        tap(other, 5, number)
        sent(other)
    assert [(where, seq) for _, where, seq, *_ in found()] == [("12-3", 2), ("12-4", 2)]
    assert till.journal


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_an_honest_tap_that_arrives_late_is_no_alert(till: Till, order: tuple[int, ...]) -> None:
    """Counter 5 at 12:00, 6 at 13:00, 7 at 14:00, at three stations that come back in any order."""
    tills = (till, paired("12-2"), paired("12-3"))
    for hour, each in enumerate(tills):
        tap(each, 5 + hour, 60 * hour)
    for place in order:
        sent(tills[place])
    assert (found(), counter_of(), wrong()) == ([], 7, [])


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_code_kept_from_before_is_found_whatever_comes_first(till: Till, order: tuple[int, ...]) -> None:
    """Counter 5 was read off the card unseen; the member tapped 6 at 13:00; the copy shows 5 at 14:00, without a line."""
    copy, third = paired("12-2"), paired("12-3")
    tap(till, 6, 60)
    tap(copy, 5, 120)
    tap(third, 7, 180)
    for place in order:
        sent((till, copy, third)[place])
    [(kind, where, seq, against, _)] = found()
    assert (kind, where, seq) == ("OLD_CODE", "12-2", 2)
    assert against == "12-1"
    assert wrong() == []
    before = found()
    assert rebuild().differing == ()
    assert found() == before


def test_clocks_that_differ_by_less_than_the_tolerance_accuse_nobody(till: Till) -> None:
    other = paired("12-2")
    tap(till, 6, 0)
    tap(other, 5, 5)
    sent(till)
    sent(other)
    assert found() == []
    tap(other, 4, 6)
    sent(other, 3)
    assert found() == [("OLD_CODE", "12-2", 3, "12-2", 2)], "within one journal its order tells"


def test_a_clock_in_the_future_accuses_nobody_who_comes_after(till: Till) -> None:
    other = paired("12-2")
    tap(till, 5, 60 * 24 * 3_650)
    sent(till)
    assert Seen.objects.get().at_us < NOON.utc_us + 60 * 24 * 3_650 * 60_000_000
    tap(other, 6, 1)
    sent(other)
    assert counter_of() == 6


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_code_nobody_could_check_moves_no_counter_and_accuses_nobody(till: Till, order: tuple[int, int]) -> None:
    """Anybody can show a chip's number with any counter."""
    other = paired("12-2")
    tap(till, 0xFFFFFF, 0, tier=CardTier.NUMBER)
    tap(other, 5, 60)
    for place, counter in zip(order, (-1, 5) if order[0] == 0 else (5, 5), strict=True):
        sent((till, other)[place])
        assert counter_of() == counter
    assert (found(), counter_of(), wrong()) == ([], 5, [])


def test_an_honest_late_tap_is_not_accused_by_a_code_nobody_could_check(till: Till) -> None:
    other = paired("12-2")
    tap(till, 0xFFFFFF, 0, tier=CardTier.NUMBER)
    tap(till, 9, 180)
    tap(other, 5, 60)
    sent(till)
    sent(other)
    assert found() == []


def test_a_copy_that_nobody_could_check_is_noticed_all_the_same(till: Till) -> None:
    other = paired("12-2")
    tap(till, 5, 0)
    tap(other, 5, 60, tier=CardTier.NUMBER)
    tap(other, 4, 90, tier=CardTier.NUMBER)
    sent(other)
    assert found() == []
    sent(till)
    assert found() == [("OLD_CODE", "12-2", 3, "12-1", 2), ("SAME_CODE", "12-1", 2, "12-2", 2)]


def test_a_tap_that_head_office_was_asked_about_meanwhile_is_one_tap(till: Till) -> None:
    tap(till, 5, 0, tier=CardTier.NUMBER)
    tap(till, 5, 0.1, tier=CardTier.CHANGING_CODE)
    tap(till, 5, 0.2, tier=CardTier.CHANGING_CODE)
    sent(till)
    assert found() == []
    tap(till, 5, 5, tier=CardTier.CHANGING_CODE)
    sent(till, 5)
    assert [(kind, seq) for kind, _, seq, *_ in found()] == [("SAME_CODE", 5)]


def test_a_code_that_nobody_could_check_twice_at_one_station_is_an_alert(till: Till) -> None:
    """A chip makes another code at every tap."""
    tap(till, 5, 0, tier=CardTier.NUMBER)
    tap(till, 5, 0.1, tier=CardTier.NUMBER)
    sent(till)
    assert found() == [("SAME_CODE", "12-1", 3, "12-1", 2)]


def test_a_phones_code_at_two_stations_is_an_alert_and_another_code_of_that_second_is_none(till: Till) -> None:
    other, third = paired("12-2"), paired("12-3")
    for place, mark in ((till, "a" * 16), (other, "a" * 16), (third, "b" * 16)):
        tap(place, 800_000_000, 1, kind=ProofKind.PASS, mark=mark)
        sent(place)
    assert found() == [("PASS_TWICE", "12-2", 2, "12-1", 2)]
    tap(third, 799_999_000, 2, kind=ProofKind.PASS)
    sent(third, 3)
    assert len(found()) == 1, "phones' clocks may go back"
    assert wrong() == []


@pytest.mark.parametrize(("refused", "kind"), [
    ("CARD_REPLAYED", "REPLAYED"), ("CARD_FORGED", "FORGED"), ("PASS_OUT_OF_TIME", ""), ("CARD_OUT_OF_DATE", "")])
@pytest.mark.parametrize("proof", [ProofKind.SUN, ProofKind.PASS])
def test_what_a_station_refused_is_an_alert_where_it_means_a_copy(till: Till, refused: str, kind: str, proof: ProofKind) -> None:
    other = paired("12-2")
    tap(till, 9, 0, tier=CardTier.NUMBER, refused=refused, kind=proof)
    tap(other, 9, 60, kind=proof)
    tap(other, 8, 61, kind=ProofKind.PASS)
    sent(till)
    sent(other)
    tap(till, 9, 90, tier=CardTier.NUMBER, refused=refused, kind=proof)
    sent(till, 3)
    assert found() == ([(kind, "12-1", seq, "", 0) for seq in (2, 3)] if kind else [])
    assert wrong() == []


def test_cards_are_compared_each_with_itself(till: Till) -> None:
    tap(till, 9, 0)
    tap(till, 5, 60, card=OTHER)
    tap(till, 9, 61, card=OTHER)
    sent(till)
    assert (found(), counter_of(), counter_of(OTHER)) == ([], 9, 9)


def test_a_restored_station_compares_its_codes_with_those_from_before(till: Till) -> None:
    """The computer was copied; the copy takes codes that the first one took already."""
    tap(till, 5, 0)
    sent(till)
    again = Till("12-1", till.key)
    tap(again, 5, 60)
    sent(again)
    [(kind, where, seq, _, _)] = found()
    assert (kind, where, seq) == ("SAME_CODE", "12-1", 2)


TAPS = st.lists(st.tuples(st.integers(0, 2), st.integers(-4, 4), st.booleans()), min_size=1, max_size=12)
"""Where a card goes: the station, how many minutes its clock is off, whether it could check the code."""


def goes_round(taps: list[tuple[int, int, bool]]) -> tuple[int, list[Till]]:
    """Have a fresh card tap at three fresh stations, every 3 minutes; return it and them, nothing sent."""
    card = next(CARDS)
    tills = [paired(f"{card}-{number}") for number in range(3)]
    for counter, (place, skew, checked) in enumerate(taps, 1):
        tier = CardTier.CHANGING_CODE if checked else CardTier.NUMBER
        tap(tills[place], counter, counter * 3 + skew, card=card, tier=tier)
    return card, tills


def come_in(tills: list[Till], order: list[int], most: int) -> None:
    """Send what all have, in this order, and post it in steps of ``most`` entries."""
    for place in order:
        tills[place].projects = False
        sent(tills[place])
    Projector().drain(NOON.utc_us + 10**11, most)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TAPS, st.permutations(range(3)), st.integers(1, 12))
def test_no_honest_card_is_ever_accused(office: Path, taps: list[tuple[int, int, bool]], order: list[int], most: int) -> None:
    assert office.exists()
    card, tills = goes_round(taps)
    come_in(tills, order, most)
    assert not CloneAlert.objects.filter(card=card).exists()


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TAPS, st.permutations(range(3)), st.integers(1, 12), st.data())
def test_every_copy_is_noticed(
    office: Path, taps: list[tuple[int, int, bool]], order: list[int], most: int, data: st.DataObject,
) -> None:
    """One of the codes is shown again, an hour after all taps, anywhere. Nobody but that code is accused."""
    assert office.exists()
    card, tills = goes_round(taps)
    copied = data.draw(st.integers(1, len(taps)))
    tap(tills[data.draw(st.integers(0, 2))], copied, 100, card=card)
    come_in(tills, order, most)
    assert set(CloneAlert.objects.filter(card=card).values_list("counter", flat=True)) == {copied}


def test_an_alert_is_closed_and_stays_closed_when_the_books_are_made_again(till: Till, capsys: pytest.CaptureFixture[str]) -> None:
    other = paired("12-2")
    tap(till, 5)
    tap(other, 5, 60)
    sent(till)
    sent(other)

    def said(**options: object) -> tuple[int, str]:
        status = COMMANDS["clones"](Namespace(**{"all": False, "close": "", **options}))
        return status, capsys.readouterr().out

    status, out = said()
    name = f"12-2/{other.journal.incarnation}/2"
    assert status == 0
    assert f'"id":"{name}"' in out
    assert f'"card":{CARD}' in out
    assert said(close=name) == said(close=name) == (0, "")
    assert said() == (0, "")
    assert '"closed":true' in said(all=True)[1]
    rebuild()
    assert said() == (0, "")
    for nothing in ("x", "12-2/y/2", "12-2/y/z", f"{name}9"):
        assert said(close=nothing) == (2, "")
