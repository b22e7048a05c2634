"""What members said at counters: taken up once with its words, listed, answered, closed, erased; the answer goes back."""

import contextlib
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from headoffice import demo
from headoffice.commands import COMMANDS
from headoffice.intake.models import Personal, Quarantine
from headoffice.main import _parser
from headoffice.projector.rebuild import rebuild
from headoffice.questions.models import Question
from headoffice.register.models import Consent
from station.asking import document
from station.journal import EntryKind, Stored, chain
from station.journal import Personal as Kept
from station.matter import AnswerBy, AskKind, MatterState, MemberAsked, Subject
from sync.wire import join_entries, lines_of
from sync.wire_benefits import HISTORY_PATH, MemberHistory
from tests.headoffice.shop import CASHIER, NOON, Till

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
