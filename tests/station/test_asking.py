"""What a member says is taken down: the words beside the entry, what it is about in it."""

import json

import pytest

from station.asking import MOST_WORDS, AskDesk, Said, document, read_words
from station.journal import EntryKind
from station.matter import (
    AnswerBy,
    AnswersTold,
    AnswerTold,
    AskKind,
    Matter,
    MatterState,
    MemberAsked,
    Subject,
)
from tests.fakes import CASHIER, FixedClock, MemoryJournal

ASKED = Said(AskKind.QUESTION, Subject.POINTS, "  چرا امتیازم کم شد؟ ", "m1", AnswerBy.SMS)


def test_the_entry_says_what_about_and_the_words_lie_beside_it() -> None:
    journal = MemoryJournal()
    body = AskDesk(FixedClock(), bytes, journal).take_down(ASKED, CASHIER)
    (draft,) = journal.drafts
    assert (draft.kind, draft.actor, draft.body) == (EntryKind.MEMBER_ASKED, CASHIER, body)
    assert body == MemberAsked(body.ask_id, AskKind.QUESTION, Subject.POINTS, "m1", AnswerBy.SMS)
    assert body.ask_id[14] == "7"
    assert json.loads(draft.personal) == {"words": "چرا امتیازم کم شد؟"}
    assert "امتیاز" not in repr(draft)


@pytest.mark.parametrize("words", ["", "  \n", "x" * (MOST_WORDS + 1), "a\0b"])
def test_nothing_and_too_much_are_not_taken_down(words: str) -> None:
    with pytest.raises(ValueError, match="characters"):
        Said(AskKind.IDEA, Subject.OTHER, words)


def test_nobody_is_answered_who_is_not_named() -> None:
    with pytest.raises(ValueError, match="member"):
        MemberAsked("id", AskKind.QUESTION, Subject.GOODS, "", AnswerBy.COUNTER)
    with pytest.raises(ValueError, match="id"):
        MemberAsked("", AskKind.QUESTION, Subject.GOODS)
    assert MemberAsked("id", AskKind.COMPLAINT, Subject.SHOP).member_id == ""


def test_words_are_read_back() -> None:
    assert read_words(document("«بله»\nو نه")) == "«بله»\nو نه"


@pytest.mark.parametrize("raw", [
    b"", b"[]", b"{}", b'{"words":7}', b'"words"', b"\xff", b"[" * 100_000, json.dumps({"words": "a\0"}).encode(),
    json.dumps({"words": "x" * (MOST_WORDS + 1)}).encode()])
def test_what_is_none_is_refused_without_being_quoted(raw: bytes) -> None:
    with pytest.raises(ValueError, match="what is kept of what was said") as found:
        read_words(raw)
    assert "x" * 9 not in str(found.value)


def test_the_words_of_a_matter_stay_out_of_its_repr() -> None:
    assert "secret" not in repr(Matter(1, AskKind.IDEA, Subject.SHOP, "secret", answer="secret"))


def test_the_answers_that_wait_are_shown_once_and_written() -> None:
    journal = MemoryJournal()
    desk = AskDesk(FixedClock(), bytes, journal)
    read = Matter(1, AskKind.QUESTION, Subject.POINTS, "Why?", MatterState.ANSWERED, "So.", 9, "a1")
    assert not desk.answers_shown("m1", (read,), CASHIER)
    assert journal.drafts == []
    waits = Matter(1, AskKind.QUESTION, Subject.POINTS, "Why?", MatterState.ANSWERED, "So.", 9, "a2", waits=True)
    assert desk.answers_shown("m1", (read, waits), CASHIER)
    (draft,) = journal.drafts
    assert (draft.kind, draft.actor, draft.body, draft.personal) == (
        EntryKind.ANSWERS_TOLD, CASHIER, AnswersTold("m1", (AnswerTold("a2", 9),)), b"")


@pytest.mark.parametrize(("member_id", "answers"), [("", (AnswerTold("a2", 9),)), ("m1", ())])
def test_somebody_is_shown_something(member_id: str, answers: tuple[AnswerTold, ...]) -> None:
    with pytest.raises(ValueError, match="somebody was told"):
        AnswersTold(member_id, answers)
