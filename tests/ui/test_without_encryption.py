"""A station whose encryption is not installed: it sells, keeps nobody, says so, and loses nothing when it is back."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from data.key_places import FilePlace
from station.errors import ErrorCode
from station.journal import GENESIS
from station.protection import Protection
from sync.push import Push, unsent
from sync.wire import PROTOCOL, BatchHead, Hello, Packed, Receipt, Welcome
from tests.rigs.paired import paired_station
from ui.wiring import Home, Memory, Paired, open_memory

ROOT = Path(__file__).parents[2]
# sqlcipher3 cannot be imported in this process, as where no wheel of it exists.
HIDE = """
import sys
class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "sqlcipher3":
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Hidden())
"""
SELL = HIDE + """
import json
from pathlib import Path
import msgspec
from data.database import engine
from data.verify import verify
from station.card import Medium, Tap
from station.errors import StationError
from station.feed import ShelfPage, ShelfRecord
from station.tender import Tender, TenderKind
from tests.fakes import CASHIER, pack, product
from ui.wiring import Home, make_counter, open_memory, paired
home = Home(Path(sys.argv[1]))
who = paired(home).enrolment
memory = open_memory(home, who)
if not memory.packs.number():
    memory.shelf.apply(ShelfPage("c1", 1, (ShelfRecord(product(1, 77_000)),), ()))
    memory.packs.install(pack(), msgspec.json.encode(pack()), b"signature")
counter = make_counter(who, memory)
if memory.journal.shift() is None:
    counter.open_shift(CASHIER, 0)
refused = []
for ask in (lambda: counter.tap(Tap("reader", Medium.NFC_UID, "04A1B2C3")), lambda: counter.identify("m1"),
            lambda: memory.members.search("09120000001")):
    try:
        ask()
    except StationError as fault:
        refused.append(fault.code.value)
counter.scan(product(1).barcode)
seq = counter.settle([Tender(TenderKind.CASH, 77_000)], CASHIER).place
print(json.dumps({
    "refused": refused, "seq": seq, "faults": list(verify(memory.journal)), "protection": memory.protection,
    "members": memory.members.count(), "safe": engine()[1], "head": memory.journal.head().incarnation,
    "settings": [memory.journal.database.row(f"PRAGMA {name}")[0] for name in ("journal_mode", "synchronous")]}))
memory.close()
"""
DOCTOR = HIDE + """
from ui.cli import main
sys.exit(main(["doctor", "--home", sys.argv[1]]))
"""


def run(code: str, home: Home) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, str(home.folder)], cwd=ROOT, check=False,
        capture_output=True, text=True, encoding="utf-8", env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def sell(home: Home) -> dict[str, Any]:
    """One sale in a process without encryption, and what that process saw."""
    seen: dict[str, Any] = json.loads(run(SELL, home))
    return seen


@pytest.fixture
def station(tmp_path: Path) -> tuple[Home, Paired]:
    return paired_station(tmp_path, (FilePlace(),))


def test_it_sells_and_keeps_nobody(station: tuple[Home, Paired]) -> None:
    home, _ = station
    seen = sell(home)
    unknown, none_kept = ErrorCode.MEMBER_UNKNOWN.value, ErrorCode.NO_PERSONAL_DATA.value
    assert seen["refused"] == [none_kept, unknown, none_kept]
    # Entry 1 opens the journal, 2 the shift, 3 is the sale.
    assert (seen["seq"], seen["faults"], seen["members"]) == (3, [], 0)
    assert (seen["protection"], seen["safe"], seen["settings"]) == (Protection.NONE, True, ["delete", 3])
    assert [path.name for path in home.folder.glob("*.db*")] == ["journal-plain.db"]
    assert sell(home)["seq"] == 4


def test_nothing_of_a_person_is_in_the_plain_journal(station: tuple[Home, Paired]) -> None:
    home, _ = station
    sell(home)
    connection = sqlite3.connect(home.plain_journal)
    (raw,) = connection.execute("SELECT raw FROM entry WHERE kind = 'SALE'").fetchone()
    assert connection.execute("SELECT count(*) FROM personal").fetchone() == (0,)
    connection.close()
    sale = json.loads(raw)
    assert sale["body"]["basket"]["member"] is None
    assert (sale["body"]["medium"], sale["body"]["points"], sale["personal"]) == (None, [], "")


def test_the_doctor_says_what_is_missing_and_what_does_not_matter_then(station: tuple[Home, Paired]) -> None:
    home, _ = station
    said = run(DOCTOR, home)
    assert "safe: without WAL the WAL-reset bug does not apply\n" in said
    assert "encryption   not installed. Data here is not encrypted, so nothing personal is kept.\n" in said
    assert "journal      1 entries, 1 not sent\nmembers      0\n" in said


class Office:
    """Takes all, and remembers who said what of its protection and how many entries came of each incarnation."""

    def __init__(self) -> None:
        self.said: list[Protection] = []
        self.taken: dict[str, int] = {}

    def hello(self, hello: Hello) -> Welcome:
        self.said.append(hello.protection)
        return Welcome(protocol=PROTOCOL, acknowledged=0, head=GENESIS.hex(), server_time_us=0)

    def pack(self, entries: bytes) -> Packed:
        return Packed(entries)

    def put_batch(self, head: BatchHead, entries: bytes) -> Receipt:
        count = entries.count(b"\n")
        self.taken[head.incarnation] = count
        return Receipt(incarnation=head.incarnation, acknowledged=head.last, head=head.head, accepted=count,
                       duplicates=0, quarantined=())

    def held_hash(self, incarnation: str, seq: int) -> str | None:
        raise AssertionError(incarnation, seq)


def test_an_encrypted_journal_waits_untouched_and_both_are_sent_when_encryption_is_back(
    station: tuple[Home, Paired],
) -> None:
    home, who = station
    memory = open_memory(home, who.enrolment)
    encrypted = memory.journal.head()
    memory.close()
    before = home.journal.read_bytes()
    seen = sell(home)
    assert home.journal.read_bytes() == before
    memory = open_memory(home, who.enrolment)
    assert (memory.journal.head(), memory.protection) == (encrypted, Protection.FILE)
    # 3 entries were written without encryption, 1 opened the encrypted journal.
    assert unsent(memory) == 4
    office = Office()
    push = Push(memory, office, memory.protection)
    while push.step().unsent:
        pass
    assert office.taken == {seen["head"]: 3, encrypted.incarnation: 1}
    assert set(office.said) == {Protection.FILE}
    memory.close()
    assert sent_after_reopening(home, who) == 0


def sent_after_reopening(home: Home, who: Paired) -> int:
    memory: Memory = open_memory(home, who.enrolment)
    left = unsent(memory)
    memory.close()
    return left


def test_a_plain_journal_that_was_never_founded_is_founded_and_sent(station: tuple[Home, Paired]) -> None:
    home, who = station
    sqlite3.connect(home.plain_journal).close()  # a power cut came before the first table
    memory = open_memory(home, who.enrolment)
    branches: Sequence[object] = memory.branches()
    assert (len(branches), unsent(memory)) == (2, 2)
    memory.close()
