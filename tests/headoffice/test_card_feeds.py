"""What comes down about what cards prove: the signed list of issuing keys, the next answers of the chips a shop sees."""

import base64
import hashlib
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from django.conf import settings
from django.db import connection, transaction

from headoffice.cardkeys import sun
from headoffice.cardkeys.issuers import issuers_in
from headoffice.cardkeys.ntag424 import SUN_FILE
from headoffice.cardkeys.process import KEY_SERVICE_ADDRESS, card_keys
from headoffice.cardkeys.store import FOLDER, MasterKeyStore
from headoffice.cards import chips
from headoffice.cards.models import Chip, Window
from headoffice.feeds import answers, blocks
from headoffice.feeds.versions import ANSWERS, last_version
from headoffice.projector.rebuild import rebuild
from headoffice.refusal import RefusalError
from station.card import CardTier
from station.card_task import Technology
from sync.ed25519 import Ed25519Verifier, public_key
from sync.wire import ProblemCode
from sync.wire_cards import (
    ANSWERS_PATH,
    ISSUER_KEYS_PATH,
    AnswersChange,
    AnswersPage,
    IssuerKeyList,
    IssuerKeysAnswer,
)
from tests.headoffice.shop import NOON, Till
from tests.headoffice.taps import CARD, MINUTE_US, OTHER, issued, paired, sent, tap, wrong

DAYS_90 = 90 * 24 * 60
"""In minutes."""


def keys_of(till: Till, after: int = 0) -> IssuerKeysAnswer:
    return till.ask("GET", ISSUER_KEYS_PATH, query={"after": after}).read(IssuerKeysAnswer)


def page(till: Till, cursor: str = "") -> AnswersPage:
    return till.ask("GET", ANSWERS_PATH, query={"cursor": cursor}).read(AnswersPage)


def told(page: AnswersPage) -> list[tuple[int, int, bool]]:
    """Card, counter, and whether its answers came along."""
    return [(each.hash, each.counter, each.answers is not None) for each in page.changes]


def reckoned(chip: Chip, counter: int) -> bytes:
    """What a station will compare this tap with, by the format's own words."""
    keys = MasterKeyStore(settings.HOME / FOLDER).of(chip.key_version)
    assert keys
    uid = bytes.fromhex(chip.uid)
    code = sun.mac(keys.of_card(Technology.NTAG424, uid)[SUN_FILE], uid, counter)
    return hashlib.sha256(b"card-station tap\0" + uid + counter.to_bytes(3, "big") + code).digest()[:8]


def test_the_list_is_signed_by_the_office_key_and_comes_once(till: Till) -> None:
    came = keys_of(till)
    assert came.keys is not None
    document, signature = base64.b64decode(came.keys.document), base64.b64decode(came.keys.signature)
    assert Ed25519Verifier(public_key(settings.KEYS.office)).verify(signature, document)
    listed = msgspec.json.decode(document, type=IssuerKeyList)
    held = issuers_in(settings.HOME).listed()
    assert (listed.version, came.version) == (held.version, held.version)
    assert [(each.key_id, base64.b64decode(each.public), each.from_us, each.until_us, each.withdrawn_us) for each in listed.keys] == [
        (each.key_id, each.public, each.from_us, each.until_us, each.withdrawn_us) for each in held.keys]
    assert keys_of(till, came.version) == IssuerKeysAnswer(version=came.version, keys=None)
    assert keys_of(till, came.version + 1).version == came.version, "the station refuses it"


def test_only_a_station_is_told(till: Till) -> None:
    for path in (ISSUER_KEYS_PATH, ANSWERS_PATH):
        assert Till("12-9").ask("GET", path).problem() == (401, ProblemCode.UNKNOWN_STATION)
        assert till.ask("POST", path).problem() == (405, ProblemCode.INVALID)
    assert till.ask("GET", ISSUER_KEYS_PATH, query={"after": -1}).problem() == (400, ProblemCode.INVALID)


def test_a_chip_issued_in_a_shop_is_answered_for_there(till: Till) -> None:
    elsewhere = paired("13-1", "13")
    chip = issued(counter=3)
    assert chips.register(chip)
    [change] = page(till).changes
    assert change.answers is not None
    assert (change.hash, change.counter, change.first) == (CARD, 3, 4)
    assert base64.b64decode(change.answers) == b"".join(reckoned(chip, counter) for counter in range(4, 36))
    assert page(elsewhere).changes == ()


def test_the_window_moves_with_every_tap_and_is_down_with_the_next_pull(till: Till) -> None:
    chips.register(issued())
    first = page(till)
    assert told(first) == [(CARD, 0, True)]
    assert page(till, first.cursor).changes == ()
    elsewhere = paired("13-1", "13")
    tap(elsewhere, 5, 1)
    sent(elsewhere)
    second = page(till, first.cursor)
    assert (told(second), second.changes[0].first, second.version > first.version) == ([(CARD, 5, True)], 6, True)
    there = page(elsewhere)
    assert told(there) == [(CARD, 5, True)], "it was seen there"
    tap(elsewhere, 9, 2, tier=CardTier.NUMBER)
    tap(elsewhere, 4, 3)
    tap(elsewhere, 8, 4, refused="CARD_FORGED")
    tap(elsewhere, 7, 4, card=OTHER)
    sent(elsewhere, 3)
    third = paired("14-1", "14")
    tap(third, 8, 5, refused="CARD_FORGED")
    sent(third)
    assert page(third).changes == (), "whoever forges a card does not make its shop"
    assert page(till, second.cursor).changes == page(elsewhere, there.cursor).changes == ()
    assert wrong() == []


def test_a_shop_that_saw_a_card_nobody_could_check_can_check_the_next_time(till: Till) -> None:
    chips.register(issued(shop="13", counter=2))
    tap(till, 4, tier=CardTier.NUMBER)
    sent(till)
    assert told(page(till)) == [(CARD, 2, True)]


def test_a_shop_forgets_a_chip_that_did_not_come_for_90_days_and_knows_it_again(till: Till) -> None:
    chip = issued()
    chip.issued_us -= DAYS_90 * MINUTE_US
    chips.register(chip)
    elsewhere = paired("13-1", "13")
    cursor = page(till).cursor
    for minute, news in ((0, [(CARD, 1, True)]), (1, [(CARD, 0, False)]), (2, [])):
        tap(elsewhere, minute + 1, minute)
        sent(elsewhere, 1 if minute == 0 else minute + 2)
        came = page(till, cursor)
        assert told(came) == news
        cursor = came.cursor
    tap(till, 4, 3)
    sent(till)
    assert told(page(till, cursor)) == [(CARD, 4, True)]
    assert wrong() == []


def test_pages_follow_each_other(till: Till) -> None:
    for card in range(100, 105):
        chips.register(issued(card))
    seen, cursor, more = [], "", True
    while more:
        came = answers.page("12", cursor, lambda *_: bytes(8), size=2)
        seen += [each.hash for each in came.changes]
        cursor, more = came.cursor, came.more
    assert seen == list(range(100, 105))
    assert till.journal
    with pytest.raises(RefusalError):
        answers.page("12", blocks.page("").cursor, lambda *_: b"")


def test_a_counter_at_its_end_and_a_version_of_keys_that_is_gone_are_answered_for_no_more(till: Till) -> None:
    chips.register(issued(100, counter=0xFFFFFF))
    chips.register(issued(101, counter=0xFFFFFE))
    lost = issued(102)
    lost.key_version = 250
    chips.register(lost)
    found = {each.hash: each for each in page(till).changes}
    gone = [AnswersChange(hash=card, counter=counter, first=0, answers=None) for card, counter in ((100, 0xFFFFFF), (102, 0))]
    assert [found[100], found[102]] == gone
    assert len(base64.b64decode(found[101].answers or "")) == 8


def test_a_chip_of_another_kind_has_no_codes_to_tell(till: Till) -> None:
    chip = issued()
    chip.technology = Technology.DESFIRE_EV2.value
    assert chips.register(chip)
    tap(till, 5)
    sent(till)
    assert page(till).changes == ()


def test_a_card_keeps_its_chip_for_life(till: Till) -> None:
    assert chips.register(issued(counter=7))
    again = issued(counter=9)
    again.key_version, again.shop, again.issued_us = 2, "13", NOON.utc_us + 1
    assert chips.register(again)
    other = issued(counter=0)
    other.uid = "04000000000000"
    assert not chips.register(other)
    held = chips.chip_of(CARD)
    assert held
    assert (held.uid, held.key_version, held.issued_us) == (issued().uid, 2, NOON.utc_us)
    assert chips.chip_of(OTHER) is None
    assert till.journal


def test_the_books_made_again_tell_shops_nothing_new_unless_it_is(till: Till) -> None:
    chips.register(issued())
    tap(till, 5)
    tap(till, 6, 1)
    sent(till)
    cursor, version = page(till).cursor, last_version(ANSWERS)
    assert rebuild().differing == ()
    assert (page(till, cursor).changes, last_version(ANSWERS)) == ((), version)
    Window.objects.update(counter=9)
    assert wrong() == [f"card {CARD}: shop 12 was told counter 9 of 6"]
    rebuild()
    assert told(page(till, cursor)) == [(CARD, 6, True)]
    assert wrong() == []


def test_what_head_office_is_asked_about_is_used_up(till: Till) -> None:
    at_us = NOON.utc_us

    def fresh(counter: int, station: str = "12-1", mark: str = "a" * 16, after_us: int = 0) -> bool:
        return chips.is_fresh(CARD, counter, mark, station, at_us + after_us)

    assert fresh(5)
    assert fresh(5, after_us=1_000_000), "the answer was lost"
    assert not fresh(5, station="12-2")
    assert not fresh(5, mark="b" * 16)
    assert not fresh(4)
    assert not fresh(5, after_us=120_000_000)
    assert fresh(6, station="12-2")
    tap(till, 9)
    sent(till)
    assert not fresh(9)
    assert not fresh(8, station="12-2")
    assert fresh(10)
    tap(till, 10)
    sent(till, 3)
    assert fresh(10, after_us=1_000_000)


@pytest.fixture
def unreachable(office: Path) -> Iterator[None]:
    """The key service is said to be a process of its own, and is not running."""
    address = office / KEY_SERVICE_ADDRESS
    address.write_text(f"unix:{office / 'nobody.socket'}")
    card_keys.cache_clear()
    yield
    address.unlink()
    card_keys.cache_clear()


@pytest.mark.usefixtures("unreachable")
@pytest.mark.parametrize("path", [ISSUER_KEYS_PATH, ANSWERS_PATH])
def test_while_the_key_service_is_away_stations_come_again(till: Till, path: str) -> None:
    chips.register(issued())
    refused = till.ask("GET", path)
    assert refused.problem() == (503, ProblemCode.BUSY)
    assert refused.headers["Retry-After"]


@pytest.mark.parametrize(("statement", "words"), [
    ("DELETE FROM cards_seen WHERE seq = 2", "its code is not kept"),
    ("DELETE FROM cards_clonealert", "a refused code raised no alert"),
    ("UPDATE cards_seen SET station = '12-7' WHERE seq = 2", "a code is kept of it that it does not hold"),
    ("UPDATE cards_clonealert SET seq = 9", "an alert of a code that is not kept"),
    ("UPDATE cards_standing SET counter = 4", "have not come as far"),
    ("UPDATE cards_standing SET top = 4", "have not come as far"),
    ("DELETE FROM cards_standing", "have not come as far"),
    ("UPDATE cards_seen SET refused = 'X' WHERE seq = 2", "have not come as far"),
    ("UPDATE cards_window SET counter = 6", "was told counter 6 of 5")])
def test_the_first_difference_is_named(till: Till, statement: str, words: str) -> None:
    chips.register(issued())
    tap(till, 5)
    tap(till, 5, 1, tier=CardTier.NUMBER, refused="CARD_REPLAYED")
    sent(till)
    assert wrong() == []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert any(words in each for each in wrong())
