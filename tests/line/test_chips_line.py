"""Chips over the whole line: made at the counter, proven online and offline; and a stolen station holds no key of theirs."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from drivers.port import CardReader, Device
from drivers.readers.pcsc import PcscDriver
from drivers.writer_port import Carrier, ChipJob, WriteStep, Written
from drivers.writers.pcsc_chip import ChipWriterDriver
from station.card import CardStatus, CardTier
from station.counter import Counter
from station.errors import ErrorCode, StationError
from sync.key_holder import OnlineKeyHolder
from tests.line.canaries import contents
from tests.line.conftest import Line
from tests.rigs.pcscd import READER, PcscService, wait_until_empty
from tests.rigs.secure_hand import SecureHand
from ui.devices import shop_setup
from ui.settings import Settings
from ui.wiring import make_counter
from ui.wiring_lines import key_holder, spending_office
from ui.wiring_writers import writer_setup

pytestmark = [pytest.mark.slow, pytest.mark.pcsc, pytest.mark.timeout(300)]
UID = "04A1B2C3D4E5F6"
DEVICE = Device(f"pcsc:{READER}", READER)
SEEN_S = 5.0


class Patient:
    """A hand that does what it is told."""

    def tell(self, step: WriteStep) -> None:
        del step

    def stopped(self) -> bool:
        return False


@pytest.fixture
def hand(pcsc: PcscService) -> Iterator[SecureHand]:
    assert pcsc
    wait_until_empty()
    with SecureHand() as hand:
        yield hand


@pytest.fixture
def keys(line: Line) -> Iterator[OnlineKeyHolder]:
    with closing(key_holder(line.home, line.who)) as holder:
        yield holder


def made(line: Line, keys: OnlineKeyHolder, hand: SecureHand, kind: str) -> str:
    """Have a chip made the card of a member; return its number. It lies on the reader then."""
    card = next(each for each in line.cards if each.status == CardStatus.ACTIVE)
    link = line.memory.members.card(card.number)
    assert link is not None
    hand.insert(UID, kind)
    writer = ChipWriterDriver(writer_setup(Settings(), keys, line.memory)).open(DEVICE)
    with closing(writer):
        written = writer.write(ChipJob(card.number, link.member_id), Patient())
    assert written == Written(Carrier.NTAG424 if kind == "ntag424" else Carrier.DESFIRE_EV2, UID)
    return card.number


def shown(reader: CardReader, counter: Counter, hand: SecureHand) -> list[CardTier | None]:
    """Lay the chip down; return what the counter thinks of it at once, and after it was asked."""
    hand.again()
    tiers: list[CardTier | None] = []
    for limit_s in (SEEN_S, 0.0):
        tap = reader.wait(limit_s)
        if tap:
            counter.tap(tap)
            tiers.append(counter.card_tier)
    return tiers


def test_a_chip_is_made_and_proven_online_and_offline(line: Line, keys: OnlineKeyHolder, hand: SecureHand) -> None:
    made(line, keys, hand, "ntag424")
    spending = spending_office(line.home, line.who)
    counter = make_counter(line.who.enrolment, line.memory, spending)
    with closing(PcscDriver().set_up(shop_setup(Settings(), None, keys)).open(DEVICE)) as reader:
        online = shown(reader, counter, hand)
        assert online[-1] is CardTier.SHARED_SECRET
        line.exchange()
        line.office.ask("work", "--once")
        line.exchange()
        spending.close()
        keys.close()
        line.office.stop()
        counter.forget_member()
        assert shown(reader, counter, hand) == [CardTier.CHANGING_CODE]


def test_a_chip_without_the_key_is_forged(line: Line, keys: OnlineKeyHolder, hand: SecureHand) -> None:
    number = made(line, keys, hand, "ntag424")
    with closing(PcscDriver().set_up(shop_setup(Settings(), None, keys)).open(DEVICE)) as reader:
        tap = reader.wait(SEEN_S)
        assert tap is not None
        assert tap.number == number
        reader.wait(0)
        address = f"https://club.example/c/{number}?u={UID}&n=0000FF&m=0011223344556677"
        record = bytes((0xD1, 1, len(address) - 7)) + b"U\x04" + address.removeprefix("https://").encode()
        hand.swap(UID, "ntag424", record)
        assert reader.wait(SEEN_S) is not None
        with pytest.raises(StationError) as caught:
            reader.wait(0)
        assert caught.value.code is ErrorCode.CARD_FORGED


LOOK = """
import sys
from pathlib import Path
wanted = [bytes.fromhex(each) for each in sys.stdin.read().split()]
found = 0
with open(f"/proc/{sys.argv[1]}/maps") as maps, open(f"/proc/{sys.argv[1]}/mem", "rb") as memory:
    for line in maps:
        place, rights, *_ = line.split()
        if rights.startswith("rw"):
            start, end = (int(each, 16) for each in place.split("-"))
            memory.seek(start)
            try:
                held = memory.read(end - start)
            except OSError:
                continue
            found += sum(key in held for key in wanted)
print(found)
"""
KEYS = """
import sys
from pathlib import Path
from headoffice.cardkeys.store import MasterKeyStore
from station.card_task import Technology
home = Path(sys.argv[1])
keys = [key for each in MasterKeyStore(home / "card-keys").all() for key in (
    *each.keys.values(), *each.of_card(Technology.NTAG424, bytes.fromhex(sys.argv[2])))]
keys += [file.read_bytes() for file in (home / "card-keys" / "issuers").glob("*.key")]
print(" ".join(key.hex() for key in keys))
"""


def test_a_stolen_station_holds_no_key_that_makes_or_opens_a_card(
    line: Line, keys: OnlineKeyHolder, hand: SecureHand,
) -> None:
    made(line, keys, hand, "ntag424")
    assert len(keys.sign_record(line.cards[0].number, UID, "")) > 64
    counter = make_counter(line.who.enrolment, line.memory)
    with closing(PcscDriver().set_up(shop_setup(Settings(), None, keys)).open(DEVICE)) as reader:
        assert shown(reader, counter, hand)[-1] is CardTier.SHARED_SECRET
    line.exchange()
    line.office.ask("work", "--once")
    line.exchange()
    held = hand.held_keys()
    # The keys are told to programs of their own, so that they are nowhere in the station's.
    secrets = python(KEYS, str(line.office.home), UID)
    wanted = secrets.split()
    assert len(wanted) >= 4 + 5 + 1
    assert {key.hex() for key in held} <= set(wanted)
    key = line.home.keys.held().key
    searched = 0
    for name, content in contents(line.home.folder, key):
        searched += 1
        for secret in wanted:
            forms = (bytes.fromhex(secret), secret.encode(), secret.upper().encode())
            assert not any(form in content for form in forms), name
    assert searched > 5
    assert not any(secret in " ".join(os.environ.values()).lower() for secret in wanted)


def test_no_key_of_a_card_is_ever_in_the_station_s_memory(line: Line, hand: SecureHand) -> None:
    if not Path("/proc/self/mem").exists():
        pytest.skip("another system")
    # Keys that no other test of this process has handled.
    line.office.stop()
    shutil.rmtree(line.office.home / "card-keys")
    line.office.ask("card-keys", "new")
    line.office.start()
    line.exchange()
    with closing(key_holder(line.home, line.who)) as keys:
        made(line, keys, hand, "ntag424")
        keys.sign_record(line.cards[0].number, UID, "")
        counter = make_counter(line.who.enrolment, line.memory)
        with closing(PcscDriver().set_up(shop_setup(Settings(), None, keys)).open(DEVICE)) as reader:
            assert shown(reader, counter, hand)[-1] is CardTier.SHARED_SECRET
    look = (f"import subprocess, sys\nkeys = subprocess.run([sys.executable, '-c', {KEYS!r}, *sys.argv[2:]],"
            f" capture_output=True, text=True, check=True).stdout\nprint(len(keys.split()), subprocess.run("
            f"[sys.executable, '-c', {LOOK!r}, sys.argv[1]], input=keys, capture_output=True, text=True, check=True).stdout)")
    try:
        # The search finds what is there: the station's own key.
        own = subprocess.run(
            [sys.executable, "-c", LOOK, str(os.getpid())], input=line.home.keys.held().key.hex(), capture_output=True,
            text=True, check=True)
    except subprocess.CalledProcessError as fault:
        pytest.skip(f"this system does not let a process look into another: {fault.stderr[-80:]}")
    assert int(own.stdout) > 0
    assert python(look, str(os.getpid()), str(line.office.home), UID).split() == [str(4 + 5 + 1), "0"]


def python(script: str, *words: str) -> str:
    done = subprocess.run([sys.executable, "-c", script, *words], capture_output=True, text=True, check=True)
    return done.stdout.strip()
