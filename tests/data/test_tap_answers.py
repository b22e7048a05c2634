"""The next answers of chips and the codes taken here, on a real file and in the journal's own transaction."""

from dataclasses import replace

import pytest

from data.journal import JournalStore
from data.tap_answers import KEPT_S, TapAnswerStore
from data.verify import verify
from station.card import CardTier, ProofKind
from station.card_seen import CardSeen
from station.card_trust import AnswersPage, Window
from station.errors import ErrorCode, StationError
from station.journal import Draft, EntryKind
from station.people import SYSTEM
from tests.fakes import NOON
from tests.rigs.judged_cards import window

CARD, OTHER = 7, (1 << 63) - 1
MARK = "641ad1fc30509ceb"
SEEN = CardSeen(CARD, ProofKind.SUN, 61, MARK, CardTier.CHANGING_CODE)
SHOWN = CardSeen(CARD, ProofKind.PASS, 848_658_900, MARK, CardTier.CHANGING_CODE)


@pytest.fixture
def store(journal: JournalStore) -> TapAnswerStore:
    return TapAnswerStore(journal.database)


def note(journal: JournalStore, seen: CardSeen) -> None:
    journal.append(Draft(EntryKind.CARD_SEEN, NOON, SYSTEM, seen))


def test_windows_come_change_and_go(store: TapAnswerStore) -> None:
    assert (store.cursor(), store.window(CARD)) == ("", None)
    store.apply(AnswersPage("c1", 1, ((CARD, window(60)), (OTHER, window(5))), ()))
    assert (store.window(CARD), store.window(OTHER)) == (window(60), window(5))
    store.apply(AnswersPage("c2", 2, ((CARD, window(92)),), (OTHER,)))
    assert (store.window(CARD), store.window(OTHER), store.cursor()) == (window(92), None, "c2")
    with pytest.raises(StationError) as caught:
        store.apply(AnswersPage("c3", 1, (), (CARD,)))
    assert caught.value.code is ErrorCode.FEED_OLDER
    assert store.window(CARD) == window(92)


def test_a_code_that_was_taken_raises_the_counter_with_its_entry(store: TapAnswerStore, journal: JournalStore) -> None:
    store.apply(AnswersPage("c1", 1, ((CARD, window(60)),), ()))
    note(journal, SEEN)
    assert store.window(CARD) == replace(window(60), counter=61)
    note(journal, replace(SEEN, counter=60))
    assert store.window(CARD) == replace(window(60), counter=61)
    assert list(verify(journal)) == []


@pytest.mark.parametrize("seen", [
    replace(SEEN, refused="CARD_FORGED"), replace(SEEN, tier=CardTier.NUMBER), replace(SHOWN, counter=99)])
def test_what_was_not_taken_raises_nothing(store: TapAnswerStore, journal: JournalStore, seen: CardSeen) -> None:
    store.apply(AnswersPage("c1", 1, ((CARD, window(60)),), ()))
    note(journal, seen)
    assert store.window(CARD) == window(60)


def test_head_office_never_lowers_what_was_seen_here(store: TapAnswerStore, journal: JournalStore) -> None:
    note(journal, SEEN)
    assert store.window(CARD) == Window(61, 0, b"")
    store.apply(AnswersPage("c1", 1, ((CARD, window(50)),), ()))
    assert store.window(CARD) == replace(window(50), counter=61)
    store.apply(AnswersPage("c2", 2, ((CARD, window(70)),), ()))
    assert store.window(CARD) == window(70)


def test_a_phones_code_is_remembered_for_an_hour_beyond_its_life(store: TapAnswerStore, journal: JournalStore) -> None:
    assert not store.was_taken(CARD, SHOWN.counter, MARK)
    note(journal, SHOWN)
    note(journal, SHOWN)
    assert store.was_taken(CARD, SHOWN.counter, MARK)
    assert not store.was_taken(OTHER, SHOWN.counter, MARK)
    assert not store.was_taken(CARD, SHOWN.counter + 1, MARK)
    assert not store.was_taken(CARD, SHOWN.counter, "0" * 16)
    note(journal, replace(SHOWN, counter=SHOWN.counter + KEPT_S))
    assert store.was_taken(CARD, SHOWN.counter, MARK)
    note(journal, replace(SHOWN, counter=SHOWN.counter + KEPT_S + 1))
    assert not store.was_taken(CARD, SHOWN.counter, MARK)


def test_a_refused_code_of_a_phone_is_not_remembered(store: TapAnswerStore, journal: JournalStore) -> None:
    note(journal, replace(SHOWN, refused="PASS_OUT_OF_TIME"))
    assert not store.was_taken(CARD, SHOWN.counter, MARK)
