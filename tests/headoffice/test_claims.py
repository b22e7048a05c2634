"""Who forgot the card: claims by PIN and by code, counted tries, locks that last, and nothing that tells who is a member."""

import contextlib
import io
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from headoffice import demo
from headoffice.claims import service
from headoffice.claims.attempts import LIMITS
from headoffice.claims.models import Attempts, Claim, Pin
from headoffice.claims.pins import draw_pin, forget_pin, is_pin, set_pin
from headoffice.claims.sender import FOLDER, CodeMessage, SpoolFolder
from headoffice.clock import MICROSECONDS, now_us
from headoffice.commands import COMMANDS
from headoffice.main import _parser
from headoffice.refusal import RefusalError
from headoffice.register.models import Member
from station.ids import uuid7
from station.step_up import ClaimMethod
from sync.wire_claims import (
    CLAIM_ANSWER_PATH,
    CLAIM_PATH,
    MOST_TRIES,
    ClaimAnswer,
    ClaimBegin,
    ClaimBegun,
    ClaimJudged,
    ClaimState,
)
from tests.headoffice.shop import NOON, Till

OPEN, PROVEN, REFUSED, LOCKED = ClaimState
PIN, CODE = ClaimMethod
FIRST = demo.member_id(0)
NOW = NOON.utc_us
RIGHT, WRONG = "482915", "482916"
HERE, THERE = "12-1", "12-2"
NOBODY = "09999999999"
DAY_US = 24 * 3600 * MICROSECONDS


@dataclass
class Sent:
    """A ``CodeSender`` that keeps what it was told."""

    sent: list[CodeMessage] = field(default_factory=list)
    pretended: list[CodeMessage] = field(default_factory=list)

    def send(self, message: CodeMessage) -> None:
        self.sent.append(message)

    def pretend(self, message: CodeMessage) -> None:
        self.pretended.append(message)


@pytest.fixture(autouse=True)
def pinned(office: Path) -> None:
    """The first member has a PIN."""
    assert office.exists()
    set_pin(FIRST, RIGHT, NOW)


def phone() -> str:
    return Member.objects.get(id=FIRST).phone


_DRAWN = iter(range(10**6))


def new_id() -> str:
    return uuid7(NOW, next(_DRAWN).to_bytes(10, "big"))


def begin(
    number: str | None = None, method: ClaimMethod = PIN, who: str = "", *, claim_id: str = "", at: int = NOW,
    station: str = HERE, sender: Sent | None = None, code: int = 7,
) -> ClaimBegun:
    asked = ClaimBegin(claim_id=claim_id or new_id(), phone=phone() if number is None else number, method=method, member_id=who)
    return service.begin(station, asked, service.Codes(sender or Sent(), lambda _n: code), at)


def answer(claim: ClaimBegun, given: str = RIGHT, number: int = 1, at: int = NOW, station: str = HERE) -> ClaimJudged:
    return service.answer(station, ClaimAnswer(claim_id=claim.claim_id, number=number, answer=given), at)


def stands(judged: ClaimJudged | ClaimBegun) -> tuple[ClaimState, int, int]:
    return judged.state, judged.tries_left, judged.seconds


def test_the_right_pin_proves_the_member_for_half_an_hour() -> None:
    claim = begin()
    assert stands(claim) == (OPEN, 5, 300)
    judged = answer(claim)
    assert (stands(judged), judged.member_id) == ((PROVEN, 0, 1800), FIRST)


def test_a_wrong_one_is_one_try_less_and_the_fifth_is_the_last() -> None:
    claim = begin(method=CODE)
    assert [stands(answer(claim, "123456", number)) for number in (1, 2, 3, 4, 5)] == [
        (REFUSED, left, 0) for left in (4, 3, 2, 1, 0)]
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"claim_id": claim.claim_id, "number": MOST_TRIES + 1, "answer": RIGHT}, ClaimAnswer)


def test_the_same_answer_to_the_same_try_is_no_other_try() -> None:
    """Its answer was lost on the line."""
    claim = begin()
    assert stands(answer(claim, WRONG)) == stands(answer(claim, WRONG)) == (REFUSED, 4, 0)
    assert answer(claim, RIGHT, 2) == answer(claim, RIGHT, 2)
    assert stands(answer(claim, RIGHT, 2)) == (PROVEN, 0, 1800)
    assert Claim.objects.get(claim_id=claim.claim_id).tries == 2


def test_another_answer_to_the_same_try_is_wrong_unread_and_counted() -> None:
    claim = begin()
    answer(claim, WRONG)
    for _ in range(3):
        assert stands(answer(claim, RIGHT)) == (REFUSED, 4, 0)
    assert set(Attempts.objects.values_list("failed", flat=True)) == {4}


def test_a_proven_claim_says_nothing_about_other_answers() -> None:
    """Else whoever saw one proven could go on guessing the PIN."""
    claim = begin()
    answer(claim)
    for number, given in ((1, WRONG), (2, WRONG), (2, RIGHT)):
        judged = answer(claim, given, number)
        assert (stands(judged), judged.member_id) == ((REFUSED, 0, 0), "")


def test_tries_are_in_turn_and_a_claim_is_its_stations() -> None:
    claim = begin()
    with pytest.raises(RefusalError):
        answer(claim, RIGHT, 2)
    with pytest.raises(RefusalError):
        answer(claim, station=THERE)
    assert stands(answer(claim)) == (PROVEN, 0, 1800)


def test_a_claim_is_over_after_five_minutes() -> None:
    claim = begin()
    assert stands(answer(claim, at=NOW + service.OPEN_US)) == (REFUSED, 0, 0)
    claim = begin()
    assert stands(answer(claim, at=NOW + service.OPEN_US - 1)) == (PROVEN, 0, 1800)
    assert stands(answer(claim, at=NOW + service.OPEN_US - 1 + service.PROVEN_US)) == (PROVEN, 0, 0)


def test_beginning_again_is_the_same_claim_and_sends_no_other_code() -> None:
    sender = Sent()
    claim = begin(method=CODE, sender=sender)
    assert begin(method=CODE, claim_id=claim.claim_id, at=NOW + 60 * MICROSECONDS, sender=sender, code=8) == (
        msgspec.structs.replace(claim, seconds=240))
    assert len(sender.sent) == 1
    assert stands(answer(claim, "000007")) == (PROVEN, 0, 1800)
    for other in ({"number": NOBODY}, {"method": PIN}):
        with pytest.raises(RefusalError):
            begin(**{"method": CODE, "claim_id": claim.claim_id, **other})  # type: ignore[arg-type] # as named


def test_a_code_goes_to_the_phone_alone_and_is_kept_nowhere() -> None:
    sender = Sent()
    claim = begin(method=CODE, sender=sender, code=42)
    [message] = sender.sent
    assert (message.to, message.until_us, "000042" in message.text) == (phone(), NOW + service.OPEN_US, True)
    assert message.to not in repr(message)
    assert "000042" not in repr(message)
    row = Claim.objects.get(claim_id=claim.claim_id)
    assert len(bytes(row.code)) == 32
    assert not any(phone() in str(value) or "000042" in str(value) for value in vars(row).values())
    assert stands(answer(claim, "000043")) == (REFUSED, 4, 0)
    assert answer(claim, "000042", 2).member_id == FIRST


def test_a_pin_is_no_answer_to_a_code_and_a_code_none_to_a_pin() -> None:
    assert answer(begin(method=CODE), RIGHT).state is REFUSED
    assert answer(begin(method=PIN), "000007").state is REFUSED


def test_a_phone_that_nobody_has_is_answered_counted_and_locked_like_any_other() -> None:
    told = []
    for number in (phone(), NOBODY):
        sender, said = Sent(), []
        for each in range(1, 4):
            claim = begin(number, CODE, sender=sender)
            said.append([stands(claim), *(stands(answer(claim, WRONG, i)) for i in (1, 2, 3, 4, 5)[:6 - each])])
        said.append([stands(begin(number, CODE))])
        told.append(said)
        assert len(sender.sent) + len(sender.pretended) == 3
        assert not (sender.sent if number == NOBODY else sender.pretended)
        Attempts.objects.filter(subject__startswith="station").delete()
    assert told[0] == told[1]
    assert told[0][-1] == [(LOCKED, 0, 86_400)]


def test_the_same_work_is_done_for_a_phone_that_nobody_has(django_queries: Any) -> None:
    counted = []
    for number in (phone(), NOBODY):
        with django_queries() as queries:
            claim = begin(number)
            answer(claim, WRONG)
        counted.append([each["sql"].split()[0] for each in queries])
    assert counted[0] == counted[1]


@pytest.fixture
def django_queries() -> Any:
    """Return what collects the statements that are run inside a block."""
    return lambda: CaptureQueriesContext(connection)


def test_who_has_no_pin_cannot_be_told_from_who_gives_a_wrong_one() -> None:
    forget_pin(FIRST)
    assert stands(answer(begin())) == (REFUSED, 4, 0)


def test_a_phone_of_two_members_needs_to_be_told_whose_it_is() -> None:
    Member.objects.filter(id=demo.member_id(1)).update(phone=phone())
    assert answer(begin()).state is REFUSED
    assert answer(begin(who=FIRST)).member_id == FIRST
    assert answer(begin(who=demo.member_id(1))).state is REFUSED
    assert answer(begin(who=demo.member_id(2))).state is REFUSED


def test_who_is_gone_proves_nothing() -> None:
    Member.objects.filter(id=FIRST).update(gone=True)
    assert answer(begin()).state is REFUSED


def fail(times: int, at: int = NOW, station: str = HERE, number: str | None = None) -> ClaimJudged:
    """Answer wrongly so often, in as many claims as it takes; return the last verdict."""
    claim = begin(number, CODE, at=at, station=station)
    for i in range(times):
        if i and i % MOST_TRIES == 0:
            claim = begin(number, CODE, at=at, station=station)
        judged = answer(claim, f"9{i:05d}", i % MOST_TRIES + 1, at, station)
    return judged


def test_ten_wrong_answers_lock_the_member_for_a_day_at_every_station() -> None:
    assert stands(fail(9)) == (REFUSED, 1, 0)
    claim = begin(station=THERE)
    assert stands(answer(claim, WRONG, station=THERE)) == (LOCKED, 0, 86_400)
    assert stands(answer(claim, RIGHT, 2, station=THERE)) == (LOCKED, 0, 86_400)
    assert stands(begin(at=NOW + DAY_US - 1)) == (LOCKED, 0, 1)
    assert answer(begin(at=NOW + DAY_US), at=NOW + DAY_US).state is PROVEN


def test_the_tenth_answer_may_be_the_right_one_and_the_count_begins_anew() -> None:
    fail(9)
    claim = begin()
    assert answer(claim).state is PROVEN
    assert stands(fail(9)) == (REFUSED, 1, 0)


def test_old_failures_are_forgotten_after_a_day() -> None:
    fail(9)
    assert stands(fail(9, NOW + DAY_US)) == (REFUSED, 1, 0)


def test_a_station_that_fails_too_often_is_locked_for_an_hour_others_are_not() -> None:
    limit = LIMITS["station"].failed
    for i in range(limit // 6):
        judged = fail(6, number=f"0911000{i:04d}")
    assert stands(judged) == (LOCKED, 0, 3600)
    assert stands(begin()) == (LOCKED, 0, 3600)
    assert answer(begin(station=THERE), station=THERE).state is PROVEN
    later = NOW + 3600 * MICROSECONDS
    assert answer(begin(at=later), at=later).state is PROVEN


def test_no_more_than_ten_codes_a_day_go_to_one_phone() -> None:
    sender = Sent()
    assert [begin(method=CODE, sender=sender).state for _ in range(11)] == [OPEN] * 10 + [LOCKED]
    assert len(sender.sent) == 10


def test_the_lock_is_in_the_books_and_the_manager_undoes_it() -> None:
    fail(10)
    assert begin().state is LOCKED
    assert office_command("member", "unlock", "nobody") == (2, "")
    assert office_command("member", "unlock", FIRST) == (0, "")
    assert begin().state is OPEN


@pytest.mark.slow
def test_many_guesses_at_once_are_one_try() -> None:
    claim = begin(method=CODE)

    def guess(i: int) -> ClaimState:
        try:
            return answer(claim, f"{i + 8:06d}").state  # the code is 000007
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        states = list(pool.map(guess, range(40)))
    row = Claim.objects.get(claim_id=claim.claim_id)
    assert (row.tries, PROVEN in states) == (1, False)
    assert begin().state is LOCKED


def test_pins() -> None:
    for bad in ("123", "123456789", "12345", "9876", "7777", "12a4", "١٢٣٤"):
        with pytest.raises(ValueError, match="4 to 8 digits"):
            set_pin(FIRST, bad, NOW)
    with pytest.raises(LookupError):
        set_pin("nobody", "4829", NOW)
    drawn = draw_pin(FIRST, NOW + 1)
    assert (len(drawn), is_pin(FIRST, drawn), is_pin("", drawn), is_pin(FIRST, RIGHT)) == (6, True, False, False)
    row = Pin.objects.get(member=FIRST)
    assert row.verifier.startswith("$argon2id$")
    assert (forget_pin(FIRST), forget_pin(FIRST), is_pin(FIRST, drawn)) == (True, False, False)


def office_command(*words: str, piped: str = "") -> tuple[int, str]:
    """Run a command of the program in this process."""
    options, out = _parser().parse_args([*words, "--home", "unused"]), io.StringIO()
    before, sys.stdin = sys.stdin, io.StringIO(piped)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
            return COMMANDS[options.command](options), out.getvalue()
    finally:
        sys.stdin = before


def test_pins_from_the_command_line() -> None:
    status, drawn = office_command("member", "pin", FIRST)
    assert (status, is_pin(FIRST, drawn.strip())) == (0, True)
    assert office_command("member", "pin", FIRST, "--own", piped="5071\n") == (0, "")
    assert is_pin(FIRST, "5071")
    assert office_command("member", "pin", FIRST, "--own", piped="1234\n") == (2, "")
    assert office_command("member", "pin", "nobody") == (2, "")
    assert office_command("member", "forget-pin", FIRST) == (0, "")
    assert office_command("member", "forget-pin", FIRST) == (2, "")


def test_the_gateway_finds_whole_messages_in_a_folder_of_its_own(tmp_path: Path) -> None:
    spool = SpoolFolder(tmp_path / "out" / "codes")
    message = CodeMessage(id="one", to="0912", text="«42»", until_us=5)
    spool.send(message)
    spool.pretend(msgspec.structs.replace(message, id="two"))
    [file] = (tmp_path / "out" / "codes").iterdir()
    assert file.name == "one.json"
    assert json.loads(file.read_text("utf-8")) == {
        "form": "card-station message 1", "id": "one", "to": "0912", "text": "«42»", "until_us": 5}
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_a_station_claims_over_the_line_and_the_code_lies_in_the_folder(till: Till) -> None:
    asked = ClaimBegin(claim_id=uuid7(now_us(), bytes(10)), phone=phone(), method=CODE)
    begun = till.ask("POST", CLAIM_PATH, body=msgspec.json.encode(asked)).read(ClaimBegun)
    assert (begun.state, begun.tries_left) == (OPEN, 5)
    file = settings.HOME / FOLDER / f"{asked.claim_id}.json"
    text = json.loads(file.read_text("utf-8"))["text"]
    file.unlink()
    code = next(word for word in text.replace(".", " ").split() if word.isdecimal())
    said = ClaimAnswer(claim_id=asked.claim_id, number=1, answer=code)
    judged = till.ask("POST", CLAIM_ANSWER_PATH, body=msgspec.json.encode(said)).read(ClaimJudged)
    assert (judged.state, judged.member_id) == (PROVEN, FIRST)
    assert phone() not in repr(asked)
    assert code not in repr(said)


@pytest.mark.parametrize("changed", [
    {"phone": "0912x"}, {"phone": "091"}, {"method": "SMILE"}, {"claim_id": "x"}, {"member_id": "m" * 101}, {"more": 1}])
def test_what_is_no_claim_is_refused(till: Till, changed: dict[str, Any]) -> None:
    said = {"claim_id": new_id(), "phone": NOBODY, "method": "PIN", **changed}
    assert till.ask("POST", CLAIM_PATH, body=msgspec.json.encode(said)).status == 400


def test_an_answer_to_no_claim_is_not_found(till: Till) -> None:
    said = ClaimAnswer(claim_id=new_id(), number=1, answer="1234")
    assert till.ask("POST", CLAIM_ANSWER_PATH, body=msgspec.json.encode(said)).status == 404
