"""Batches that come on a stick: the same intake, the same receipts and forks, and a word for whatever is amiss."""

import argparse
import random
import shutil
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from data.database import driver
from data.sealed import new_recovery_key, recovery_public, seal_content
from headoffice import stick
from headoffice.intake.models import Alarm, Entry, Incarnation
from headoffice.stations.models import Station
from headoffice.stick_commands import import_stick
from station.journal import chain
from sync.books import sealing_public
from sync.ed25519 import Ed25519Verifier, new_key, public_key
from sync.stick import (
    BATCH,
    StickAnswer,
    StickFile,
    StickManifest,
    batch_file,
    batch_name,
    read_batch_file,
    read_signed,
    signed,
)
from sync.wire import ProblemCode, Receipt, join_entries
from tests.headoffice.shop import Till, sale

NOW_US = 1_795_343_700_000_000
RECOVERY = new_recovery_key()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "stick"
    made.mkdir()
    return made


@pytest.fixture
def till(till: Till) -> Till:
    """A station with nine sales after its first entry."""
    for _ in range(9):
        till.journal.append(sale())
    return till


def write(folder: Path, till: Till, *cuts: int, key: bytes | None = None, office: bytes = b"") -> list[Path]:
    """Export the till's journal up to the last of ``cuts``, a file for each, with its manifest."""
    publics = sealing_public(public_key(office or settings.KEYS.office)), recovery_public(RECOVERY)
    journal, place, made = till.journal, 0, []
    for cut in cuts:
        head = journal.head(place + 1, cut)
        made.append(folder / batch_name(journal.station, head))
        made[-1].write_bytes(batch_file(
            journal.station, key or till.key, head, join_entries(journal.raws[place:cut]),
            lambda content: seal_content(content, *publics)))
        place = cut
    manifest = StickManifest(
        form="card-station stick manifest 1", station=journal.station, made_us=5,
        files=tuple(StickFile(name=each.name, digest=sha256(each.read_bytes()).hexdigest()) for each in made))
    (folder / f"{journal.station}.manifest").write_bytes(signed(manifest, key or till.key))
    return made


def lines(folder: Path, recovery: bytes | None = None) -> list[str]:
    return [each.line for each in stick.take(folder, recovery, NOW_US)]


def held(till: Till) -> list[bytes]:
    return [bytes(each.raw) for each in Entry.objects.filter(
        station="12-1", incarnation=till.journal.incarnation).order_by("seq")]


def answer(folder: Path, till: Till) -> StickAnswer:
    """What head office wrote for the till's journal."""
    raw = (folder / f"12-1_{till.journal.incarnation}.receipts").read_bytes()
    return read_signed(raw).proven(Ed25519Verifier(public_key(settings.KEYS.office)), StickAnswer)


def test_what_is_on_the_stick_is_taken_and_answered(folder: Path, till: Till) -> None:
    write(folder, till, 4, 10)
    assert lines(folder) == ["4 taken, 0 known", "6 taken, 0 known"]
    assert held(till) == till.journal.raws
    said = answer(folder, till)
    assert (said.station, said.acknowledged, said.head, said.made_us, said.problems) == (
        "12-1", 10, till.journal.hashes[10].hex(), NOW_US, ())
    assert [(each.acknowledged, each.accepted) for each in said.receipts] == [(4, 4), (10, 6)]


def test_the_receipt_is_the_one_the_line_gives(folder: Path, till: Till) -> None:
    """The same batch by both ways: the very same receipt, once it is the one answered last."""
    write(folder, till, 10)
    stick.take(folder, None, NOW_US)
    (by_stick,) = answer(folder, till).receipts
    assert till.put(1, 10).read(Receipt) == by_stick


def test_the_same_stick_twice_and_the_line_after_it_double_nothing(folder: Path, till: Till) -> None:
    write(folder, till, 4, 10)
    lines(folder)
    assert lines(folder)[0] == "0 taken, 4 known"
    assert till.put(1, 10).status == 200
    assert held(till) == till.journal.raws
    assert answer(folder, till).acknowledged == 10


def test_what_the_line_brought_before_is_known(folder: Path, till: Till) -> None:
    till.put(1, 6)
    write(folder, till, 4, 10)
    assert lines(folder) == ["0 taken, 4 known", "4 taken, 2 known"]
    assert held(till) == till.journal.raws


def test_a_copy_under_another_name_and_files_swapped_lose_and_double_nothing(folder: Path, till: Till) -> None:
    one, two = write(folder, till, 4, 10)
    first, second = one.read_bytes(), two.read_bytes()
    one.write_bytes(second)
    two.write_bytes(first)
    shutil.copy(two, folder / f"copy of it{BATCH}")
    # the copy gets the stored receipt, which is that of the first time
    assert lines(folder) == [
        "4 taken, 0 known", "4 taken, 0 known", "6 taken, 0 known", *["it is not the file that is listed"] * 2]
    assert held(till) == till.journal.raws


def test_what_is_missing_before_a_batch_is_told_and_comes_with_the_next_stick(folder: Path, till: Till) -> None:
    one, _ = write(folder, till, 4, 10)
    kept = one.read_bytes()
    one.unlink()
    assert lines(folder) == [
        "not taken, GAP: entries are missing before the batch, wanted from 1", "it is listed, but not on the stick"]
    said = answer(folder, till)
    assert (said.acknowledged, [each.problem.wanted for each in said.problems]) == (0, [1])
    one.write_bytes(kept)
    assert lines(folder) == ["4 taken, 0 known", "6 taken, 0 known"]
    assert held(till) == till.journal.raws


def test_another_history_is_a_fork_with_an_alarm_and_nothing_is_taken(folder: Path, till: Till) -> None:
    till.put(1, 6)
    del till.journal.raws[3:], till.journal.hashes[4:]
    for _ in range(4):
        till.journal.append(sale())
    write(folder, till, 7)
    (line,) = lines(folder)
    assert line.startswith("not taken, FORK")
    assert Alarm.objects.count() == 1
    assert Incarnation.objects.get().acknowledged == 6
    assert [each.problem.code for each in answer(folder, till).problems] == [ProblemCode.FORK]


def test_a_poison_entry_is_put_aside_and_holds_up_nobody(folder: Path, till: Till) -> None:
    till.journal.append_raw(b"poison")
    till.journal.append(sale())
    write(folder, till, 12)
    assert lines(folder) == ["12 taken, 0 known, 1 put aside"]
    assert [each.seq for each in answer(folder, till).receipts[0].quarantined] == [11]


def test_while_the_books_are_locked_nothing_is_taken_and_the_next_import_takes_all(
    folder: Path, till: Till, office: Path,
) -> None:
    write(folder, till, 4, 10)
    with closing(driver.connect(str(office / "headoffice.db"))) as writer, connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 10")
        writer.execute("BEGIN IMMEDIATE")
        try:
            found = lines(folder)
        finally:
            writer.rollback()
            cursor.execute("PRAGMA busy_timeout = 20000")
    assert found == ["not taken, BUSY: head office was busy: run the import again"] * 2
    assert lines(folder) == ["4 taken, 0 known", "6 taken, 0 known"]
    assert held(till) == till.journal.raws


def test_an_export_that_did_not_end_is_taken_as_far_as_it_goes(folder: Path, till: Till) -> None:
    write(folder, till, 4)
    (folder / "12-1.manifest").unlink()
    (folder / f"x{BATCH}.part").write_bytes(b"half")
    (folder / f"a folder{BATCH}").mkdir()
    assert lines(folder) == ["4 taken, 0 known", "it is not there: the export did not end, and there may be more to come"]
    assert answer(folder, till).acknowledged == 4


def _flip(raw: bytes) -> bytes:
    return raw[:-5] + bytes([raw[-5] ^ 1]) + raw[-4:]


@pytest.mark.parametrize(("harm", "words"), [
    (lambda raw: raw[:-5], "bytes"), (lambda raw: raw[:100], "cut short"), (lambda raw: raw[:0], "cut short"),
    (_flip, "altered"), (lambda raw: raw + b"\0", "bytes"), (lambda raw: raw.ljust(17_000_000), "more than"),
], ids=["tail", "head", "empty", "bit", "longer", "huge"])
def test_a_harmed_file_is_refused_by_itself_and_the_rest_goes_on(
    folder: Path, till: Till, harm: Callable[[bytes], bytes], words: str,
) -> None:
    other = Till("12-2")
    Station.objects.create(id="12-2", shop="12", public_key=other.public, paired_us=0)
    one, _ = write(folder, till, 4, 10)
    write(folder, other, 1)
    kept = one.read_bytes()
    one.write_bytes(harm(kept))
    found = {each.name: each.line for each in stick.take(folder, None, NOW_US)}
    assert found[one.name].startswith("not taken, INVALID: ")
    assert words in found[one.name]
    assert "1 taken, 0 known" in found.values()
    assert held(till) == []
    one.write_bytes(kept)
    lines(folder)
    assert held(till) == till.journal.raws


def test_what_the_station_did_not_sign_is_refused_and_gets_no_answer(folder: Path, till: Till) -> None:
    write(folder, till, 10, key=new_key())
    assert lines(folder) == ["not taken, SIGNATURE: station 12-1, as it is known here, did not sign it"]
    assert not list(folder.glob("*.receipts"))
    stranger = Till("99-1")
    write(folder, stranger, 1)
    assert lines(folder)[-1] == "not taken, SIGNATURE: there is no station 99-1"


def test_a_stations_next_key_is_good_too(folder: Path, till: Till) -> None:
    following = new_key()
    Station.objects.filter(id="12-1").update(next_key=public_key(following))
    write(folder, till, 10, key=following)
    assert lines(folder) == ["10 taken, 0 known"]


def test_what_a_revoked_station_wrote_is_put_aside(folder: Path, till: Till) -> None:
    Station.objects.filter(id="12-1").update(revoked=True, revoked_us=1)
    write(folder, till, 10)
    assert lines(folder) == ["10 taken, 0 known, 10 put aside"]


def test_what_is_sealed_to_an_earlier_office_key_needs_the_recovery_key(folder: Path, till: Till) -> None:
    write(folder, till, 10, office=new_key())
    assert lines(folder) == [
        "not taken, INVALID: it is sealed to another head office, or to an earlier key of this one"]
    assert lines(folder, new_recovery_key())[0].startswith("not taken")
    assert lines(folder, RECOVERY) == ["10 taken, 0 known"]


def test_a_batch_whose_chain_does_not_hold_is_refused_by_the_intake(folder: Path, till: Till) -> None:
    till.journal.hashes[10] = chain(b"\1" * 32, b"x")
    write(folder, till, 10)
    (line,) = lines(folder)
    assert line.startswith("not taken, INVALID: the chain")
    assert held(till) == []


def test_a_station_that_calls_itself_a_path_reads_and_writes_nothing(folder: Path, till: Till) -> None:
    (folder.parent / "up.manifest").write_bytes(b"secret")
    till.journal.station = "../up"
    head = till.journal.head(1, 10)
    (folder / f"x{BATCH}").write_bytes(batch_file(
        "../up", till.key, head, join_entries(till.journal.raws), lambda content: content))
    assert lines(folder) == ["not taken, SIGNATURE: there is no station ../up"]
    assert sorted(path.name for path in folder.parent.iterdir()) == ["stick", "up.manifest"]


def test_a_name_that_no_database_can_look_for_is_refused_by_itself(folder: Path, till: Till) -> None:
    write(folder, till, 10)
    (folder / f"x{BATCH}").write_bytes(batch_file("12-1\0", till.key, till.journal.head(1, 1), b"", lambda content: content))
    assert lines(folder) == ["not taken, INVALID: it is cut short, altered, or something else", "10 taken, 0 known"]


def test_whatever_happens_to_the_bytes_nothing_false_is_taken(folder: Path, till: Till) -> None:
    """Random harm to every part of a good stick, a hundred times; then the good stick once more."""
    made = write(folder, till, 3, 7, 10)
    good = {path: path.read_bytes() for path in folder.iterdir()}
    chance = random.Random(6)  # noqa: S311 - the same harm every time
    for _ in range(100):
        path = chance.choice(made)
        raw = bytearray(good[path])
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(raw))
            match chance.randrange(3):
                case 0:
                    raw[at] ^= 1 << chance.randrange(8)
                case 1:
                    del raw[at:]
                    raw += b"\n"
                case _:
                    raw[at:at] = chance.randbytes(chance.randint(1, 40))
        path.write_bytes(raw)
        lines(folder)
        taken = held(till)
        assert taken == till.journal.raws[:len(taken)]
        path.write_bytes(good[path])
    lines(folder)
    assert held(till) == till.journal.raws
    assert all(read_batch_file(good[path]) for path in made)


def options(folder: Path, key: Path | None = None) -> argparse.Namespace:
    return argparse.Namespace(folder=folder, key=key)


def test_the_command_tells_by_its_status(
    folder: Path, till: Till, tmp_path: Path, capsys: pytest.CaptureFixture[str],
) -> None:
    assert import_stick(options(folder)) == 0
    assert capsys.readouterr().out == "there is no batch here\n"
    one, two = write(folder, till, 4, 10)
    assert import_stick(options(folder)) == 0
    assert capsys.readouterr().out == f"{one.name}  4 taken, 0 known\n{two.name}  6 taken, 0 known\n"
    two.write_bytes(b"torn")
    assert import_stick(options(folder)) == 1
    assert import_stick(options(tmp_path / "none")) == 2
    assert import_stick(options(folder, tmp_path / "none")) == 2
    (tmp_path / "short").write_bytes(b"no key")
    assert import_stick(options(folder, tmp_path / "short")) == 2
    assert "is not a private recovery key" in capsys.readouterr().err
