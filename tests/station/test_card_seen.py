"""What is written down of a code, and what a station holds to judge with."""

import pytest

from station.card import CardTier, ProofKind
from station.card_seen import CardSeen
from station.card_trust import IssuerKey, Window, keys_by_id

SEEN = CardSeen(7, ProofKind.SUN, 61, "641ad1fc30509ceb", CardTier.CHANGING_CODE)


@pytest.mark.parametrize(("card", "counter", "mark"), [
    (-1, 0, "0" * 16), (1 << 63, 0, "0" * 16), (1, -1, "0" * 16), (1, 1 << 32, "0" * 16),
    (1, 1, "0" * 15), (1, 1, "A" * 16), (1, 1, ""), (1, 1, "9364000000000076"[:15] + "\n"),
])
def test_what_is_no_trace_of_a_code_is_refused(card: int, counter: int, mark: str) -> None:
    with pytest.raises(ValueError, match="bits"):
        CardSeen(card, ProofKind.PASS, counter, mark, CardTier.NUMBER)


@pytest.mark.parametrize("refused", ["card_replayed", "A" * 33, "CARD REPLAYED", "\0"])
def test_what_is_no_errors_name_is_refused(refused: str) -> None:
    with pytest.raises(ValueError, match="no error's name"):
        CardSeen(7, ProofKind.SUN, 61, SEEN.mark, CardTier.NUMBER, refused)


def test_only_a_good_code_is_taken() -> None:
    assert SEEN.is_taken
    assert not CardSeen(7, ProofKind.SUN, 61, SEEN.mark, CardTier.NUMBER).is_taken
    assert not CardSeen(7, ProofKind.SUN, 61, SEEN.mark, CardTier.CHANGING_CODE, "CARD_REPLAYED").is_taken


def test_a_code_is_the_same_whatever_was_made_of_it() -> None:
    assert CardSeen(7, ProofKind.SUN, 61, SEEN.mark, CardTier.NUMBER, "CARD_REPLAYED").code == SEEN.code
    assert CardSeen(8, ProofKind.SUN, 61, SEEN.mark, CardTier.CHANGING_CODE).code != SEEN.code


def test_a_window_knows_its_answers_and_no_others() -> None:
    window = Window(4, 5, b"AAAAAAAABBBBBBBB")
    assert [window.answer(counter) for counter in (4, 5, 6, 7)] == [None, b"A" * 8, b"B" * 8, None]


def test_no_two_issuing_keys_have_one_id() -> None:
    first, second = IssuerKey(1, bytes(32), 0), IssuerKey(2, bytes(32), 0)
    assert keys_by_id((first, second)) == {1: first, 2: second}
    with pytest.raises(ValueError, match="one id"):
        keys_by_id((first, IssuerKey(1, b"1" * 32, 5)))
