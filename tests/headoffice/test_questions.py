"""What members said at counters: taken up once with its words, listed, answered, closed, erased; the answer goes back."""

import contextlib
import io
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from headoffice import demo
from headoffice.commands import COMMANDS
from headoffice.feeds import snapshot
from headoffice.feeds.members import page
from headoffice.feeds.versions import MEMBERS, last_version
from headoffice.intake.models import Personal, Quarantine
from headoffice.main import _parser
from headoffice.projector.rebuild import rebuild
from headoffice.questions.matters import MOST_TOLD
from headoffice.questions.models import Question
from headoffice.register.models import Consent, Member, Telling
from station.asking import document
from station.journal import EntryKind, Stored, chain
from station.journal import Personal as Kept
from station.matter import AnswerBy, AnswersTold, AnswerTold, AskKind, MatterState, MemberAsked, Subject
from sync.wire import join_entries, lines_of
from sync.wire_benefits import HISTORY_PATH, MemberHistory
from tests.headoffice.shop import CASHIER, NOON, Till
from tests.headoffice.test_snapshot import EVERYBODY, books, desk, install
from tests.rigs.books import Desk

__all__ = ["books", "desk"]

FIRST = demo.member_id(0)
ASK_ID = "018bcfe5-6800-7525-8bdf-583a9326febd"
ASKED = MemberAsked(ASK_ID, AskKind.QUESTION, Subject.POINTS, FIRST, AnswerBy.SMS)
WORDS = "چرا امتیازم کم شد؟"


def say(till: Till, words: str = WORDS, body: MemberAsked = ASKED, *, kept: Kept | None = None, erased: bool = False) -> int:
    """Take it down at the till and upload it, with the words, or others than those committed to."""
    promised = Kept(bytes(range(32)), document(words))
    seq = till.journal.append(body, kind=EntryKind.MEMBER_ASKED, personal=promised.commitment, actor=CASHIER)
    raws = till.journal.raws
    lines = [line for each in range(seq) for line in lines_of(Stored(
        each + 1, EntryKind.OPENED, raws[each], till.journal.hashes[each + 1],
        personal=(kept or promised) if each + 1 == seq and not erased else None))]
    assert till.journal.hashes[seq] == chain(till.journal.hashes[seq - 1], raws[-1])
    assert till.put(1, seq, body=join_entries(lines)).status == 200
    return seq


def run(*arguments: str, typed: str = "") -> tuple[int, list[dict[str, Any]], str]:
    """Run the command; return its status, the lines it printed and what it said on standard error."""
    options = _parser().parse_args(["questions", *arguments, "--home", "."])
    out, err, stdin = io.StringIO(), io.StringIO(), sys.stdin
    sys.stdin = io.StringIO(typed)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = COMMANDS["questions"](options)
    finally:
        sys.stdin = stdin
    return status, [json.loads(line) for line in out.getvalue().splitlines()], err.getvalue()


@pytest.fixture
def asked(till: Till) -> str:
    """The name of a question that was asked."""
    seq = say(till)
    return f"12-1/{till.journal.incarnation}/{seq}"


def test_it_is_listed_with_its_words_and_kept_nowhere_else(asked: str) -> None:
    status, [row], _ = run("list")
    assert status == 0
    assert (row["id"], row["kind"], row["subject"], row["member"], row["answer_by"]) == (asked, "QUESTION", "POINTS", FIRST, "SMS")
    assert (row["words"], row["state"], row["heard_by"], row["at_us"]) == (WORDS, "OPEN", CASHIER.person, NOON.utc_us)
    assert Personal.objects.count() == 0


def test_an_answer_goes_back_to_the_member_at_any_counter(till: Till, asked: str) -> None:
    assert run("answer", "--id", asked, "--by", "zahra", typed="فردا می‌رسد.\n")[0] == 0
    told = till.ask("GET", HISTORY_PATH, query={
        "member_id": FIRST, "first": "2026-01-01", "last": "2026-01-01"}).read(MemberHistory)
    (matter,) = told.matters
    assert (matter.words, matter.answer, matter.state, matter.kind) == (
        WORDS, "فردا می‌رسد.", MatterState.ANSWERED, AskKind.QUESTION)
    assert matter.answered_us
    assert run("list")[1][0]["answered_by"] == "zahra"
    assert run("list", "--state", "OPEN")[1] == []


def test_what_is_closed_is_listed_only_when_asked_for(asked: str) -> None:
    assert run("close", "--id", asked)[0] == 0
    assert run("list")[1] == []
    assert [row["state"] for row in run("list", "--all")[1]] == ["CLOSED"]
    assert [row["id"] for row in run("list", "--state", "CLOSED", "--member", FIRST)[1]] == [asked]
    assert run("list", "--all", "--member", demo.member_id(1))[1] == []


def test_words_are_erased_and_the_matter_stays(till: Till, asked: str) -> None:
    run("answer", "--id", asked, "--by", "zahra", typed="x")
    assert run("erase", "--id", asked)[0] == 0
    (row,) = run("list", "--all")[1]
    assert (row["words"], row["answer"], row["state"]) == ("", "", "ANSWERED")
    told = till.ask("GET", HISTORY_PATH, query={
        "member_id": FIRST, "first": "2026-01-01", "last": "2026-01-01"}).read(MemberHistory)
    assert told.matters == ()


@pytest.mark.parametrize(("arguments", "typed", "why"), [
    (["close"], "", "say which"), (["close", "--id", "12-1/x"], "", "say which"), (["close", "--id", "12-1/x/9"], "", "nothing was said"),
    (["answer", "--id", "12-1/x/9"], "y", "say who"), (["answer", "--id", "12-1/x/9", "--by", "z"], " ", "1000 characters"),
    (["answer", "--id", "12-1/x/9", "--by", "z"], "y", "nothing was said"), (["erase", "--id", "12-1/x/9"], "", "nothing was said")])
def test_a_command_that_cannot_be_says_why(office: Path, arguments: list[str], typed: str, why: str) -> None:
    assert office.exists()
    status, _, said = run(*arguments, typed=typed)
    assert (status, why in said) == (2, True)


def test_the_consent_of_the_register_stands_beside_the_wish(till: Till) -> None:
    Consent.objects.create(member=FIRST, purpose="SERVICE", channel="SMS", given_us=1, station="12-1")
    say(till)
    assert run("list")[1][0]["agreed"] is True
    Consent.objects.all().delete()
    assert run("list")[1][0]["agreed"] is True  # as it was when the wish was heard


def test_a_consent_that_was_withdrawn_is_none(till: Till) -> None:
    Consent.objects.create(member=FIRST, purpose="SERVICE", channel="SMS", given_us=1, station="12-1", withdrawn_us=2)
    say(till)
    assert run("list")[1][0]["agreed"] is False


def test_who_is_no_member_is_heard_too(till: Till) -> None:
    say(till, body=MemberAsked(ASK_ID, AskKind.OUT_OF_DATE, Subject.PRICES))
    (row,) = run("list")[1]
    assert (row["member"], row["kind"], row["agreed"]) == ("", "OUT_OF_DATE", False)


def test_other_words_than_were_committed_to_set_the_entry_aside(till: Till) -> None:
    say(till, kept=Kept(bytes(32), document("another thing")))
    assert Question.objects.count() == 0
    assert "committed" in Quarantine.objects.get().reason


def test_words_erased_before_they_were_sent_leave_the_matter(till: Till) -> None:
    say(till, erased=True)
    (row,) = run("list")[1]
    assert (row["words"], row["kind"]) == ("", "QUESTION")


def test_a_rebuild_leaves_what_people_did(till: Till, asked: str) -> None:
    assert till
    run("answer", "--id", asked, "--by", "zahra", typed="yes")
    rebuilt = rebuild()
    assert rebuilt.differing == ()
    (row,) = run("list")[1]
    assert (row["words"], row["answer"]) == (WORDS, "yes")


AT_COUNTER = replace(ASKED, answer_by=AnswerBy.COUNTER)


def fed(till: Till) -> tuple[str, ...]:
    """The ids of what the first member asked and an answer waits for, as the feed tells it."""
    [change] = [each for each in till.members().changes if each.member_id == FIRST]
    return change.answers


def told(till: Till) -> list[tuple[str, bool, int | None]]:
    """What the benefit report tells of the first member's matters."""
    history = till.ask("GET", HISTORY_PATH, query={
        "member_id": FIRST, "first": "2026-01-01", "last": "2026-01-01"}).read(MemberHistory)
    return [(each.ask_id, each.waits, each.answered_us) for each in history.matters]


def shown(till: Till, answered_us: int, member: str = FIRST) -> None:
    """Say at the counter that the answer of that moment was shown, and upload it."""
    seq = till.journal.append(
        AnswersTold(member, (AnswerTold(ASK_ID, answered_us),)), kind=EntryKind.ANSWERS_TOLD, actor=CASHIER)
    assert till.put(seq, seq).status == 200


def answered(till: Till, body: MemberAsked = AT_COUNTER) -> tuple[str, int]:
    """Ask, and answer; return the matter's name and when it was answered."""
    name = f"12-1/{till.journal.incarnation}/{say(till, body=body)}"
    assert run("answer", "--id", name, "--by", "zahra", typed="So.")[0] == 0
    [(_, _, answered_us)] = told(till)
    assert answered_us
    return name, answered_us


def test_an_answer_waits_at_every_counter_until_it_was_shown_at_one(till: Till) -> None:
    seq = say(till, body=AT_COUNTER)
    assert (fed(till), told(till)) == ((), [(ASK_ID, False, None)])
    cursor = till.members().cursor
    run("answer", "--id", f"12-1/{till.journal.incarnation}/{seq}", "--by", "zahra", typed="So.")
    [change] = page("12-1", till.journal.incarnation, cursor, 10).changes
    assert (change.member_id, change.answers) == (FIRST, (ASK_ID,))
    [(_, waits, answered_us)] = told(till)
    assert waits
    assert answered_us
    cursor = till.members().cursor
    shown(till, answered_us)
    [change] = page("12-1", till.journal.incarnation, cursor, 10).changes
    assert (change.member_id, change.answers, fed(till)) == (FIRST, (), ())
    assert told(till) == [(ASK_ID, False, answered_us)]
    row = Question.objects.get()
    assert (row.told_us, row.told_by) == (NOON.utc_us, CASHIER.person)
    [listed] = run("list")[1]
    assert (listed["told_us"], listed["told_by"]) == (NOON.utc_us, CASHIER.person)
    assert [(each.what, each.member, each.by) for each in Telling.objects.all()] == [("ANSWERS", FIRST, CASHIER.person)]


def test_the_page_that_counts_the_entry_brings_the_member(till: Till) -> None:
    _, answered_us = answered(till)
    cursor = till.members().cursor
    Member.objects.exclude(id=FIRST).update(version=last_version(MEMBERS) + 1)
    shown(till, answered_us)
    found = page("12-1", till.journal.incarnation, cursor, 1)
    assert (found.projected, [(each.member_id, each.answers) for each in found.changes]) == (3, [(FIRST, ())])


def test_one_that_is_answered_anew_waits_anew_also_when_the_old_one_was_shown_meanwhile(till: Till) -> None:
    name, first = answered(till)
    assert run("answer", "--id", name, "--by", "zahra", typed="No, so.")[0] == 0
    shown(till, first)
    assert fed(till) == (ASK_ID,)
    [(_, _, second)] = told(till)
    assert second
    shown(till, second)
    assert fed(till) == ()
    run("answer", "--id", name, "--by", "zahra", typed="No, so again.")
    assert (fed(till), Question.objects.get().told_by) == ((ASK_ID,), "")


def test_shown_twice_and_rebuilt_it_is_shown_once(till: Till) -> None:
    name, answered_us = answered(till)
    shown(till, answered_us)
    run("answer", "--id", name, "--by", "zahra", typed="So again.")
    assert till.put(3, 3).status == 200
    assert rebuild().differing == ()
    assert (fed(till), Telling.objects.count()) == ((ASK_ID,), 1)


def test_an_answer_goes_on_waiting_when_the_matter_is_closed_and_not_when_it_is_erased(till: Till) -> None:
    name, _ = answered(till)
    run("close", "--id", name)
    assert fed(till) == (ASK_ID,)
    cursor = till.members().cursor
    run("erase", "--id", name)
    assert [each.answers for each in page("12-1", till.journal.incarnation, cursor, 10).changes] == [()]


def test_what_is_answered_by_message_waits_at_no_counter(till: Till) -> None:
    _, answered_us = answered(till, ASKED)
    assert (fed(till), told(till)) == ((), [(ASK_ID, False, answered_us)])


def test_nothing_of_others_is_shown_by_an_entry_about_somebody_else(till: Till) -> None:
    _, answered_us = answered(till)
    shown(till, answered_us, demo.member_id(1))
    assert fed(till) == (ASK_ID,)


def test_one_that_waits_is_told_however_many_were_asked_after_it(till: Till) -> None:
    _, answered_us = answered(till)
    row = Question.objects.values().get()
    for number in range(MOST_TOLD):
        Question.objects.create(**{
            **row, "seq": 100 + number, "ask_id": f"later-{number}", "at_us": NOON.utc_us + 1 + number, "answer": "",
            "answered_us": None})
    assert (len(told(till)), told(till)[-1]) == (MOST_TOLD + 1, (ASK_ID, True, answered_us))


def test_a_member_book_holds_what_waits(till: Till, desk: Desk) -> None:
    answered(till)
    snapshot.make(EVERYBODY, 1)
    install(desk, till)
    found = [desk.members.member(demo.member_id(number)) for number in (0, 1)]
    assert [each and each.answers for each in found] == [(ASK_ID,), ()]


@pytest.mark.parametrize("body", [
    AnswersTold("m" * 101, (AnswerTold(ASK_ID, 1),)), AnswersTold(FIRST, (AnswerTold("a" * 101, 1),)),
    AnswersTold(FIRST, (AnswerTold(ASK_ID, 10**17),))])
def test_an_entry_out_of_bounds_is_set_aside(till: Till, body: AnswersTold) -> None:
    seq = till.journal.append(body, kind=EntryKind.ANSWERS_TOLD, actor=CASHIER)
    assert till.put(1, seq).status == 200
    assert Quarantine.objects.get().code == "UNREADABLE"
