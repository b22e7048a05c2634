"""The station's side of the stick: what is written, what goes on after a kill, which answers move the mark."""

import base64
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from data.sealed import new_recovery_key, recovery_public, unseal_content
from headoffice.intake.batch import inflate
from station.errors import ErrorCode, StationError
from sync.books import sealing_key
from sync.ed25519 import Ed25519Verifier, new_key, public_key, sign_bytes
from sync.keys import OfficeKey
from sync.stick import (
    BATCH,
    RECEIPTS,
    StickAnswer,
    StickManifest,
    StickProblem,
    read_batch_file,
    read_signed,
    signed,
)
from sync.wire import Problem, ProblemCode, Quarantined, Receipt, split_entries
from sync.wire_trust import OfficeKeyChange, SignedOfficeKey
from tests.sync.memory import INCARNATION, MemoryOutbox, MemoryUploads
from ui.stick import Answered, Export, Exported, Who, answers, covered, take

OFFICE_KEY, STATION_KEY, RECOVERY_KEY = new_key(), new_key(), new_recovery_key()
WHO = Who("12-1", STATION_KEY, public_key(OFFICE_KEY), recovery_public(RECOVERY_KEY))
OLD = "b0" * 16
MANIFEST_NAME = "12-1.manifest"


@pytest.fixture
def uploads() -> MemoryUploads:
    """Of an earlier journal two entries are unsent, of the one that goes on 2 500."""
    old, new = MemoryOutbox(OLD), MemoryOutbox()
    old.write(5, "old")
    old.acknowledge(3)
    new.write(2500)
    return MemoryUploads([old, new])


def carried(folder: Path, private: bytes) -> list[bytes]:
    """What head office finds in the folder, in the order of names."""
    raws = []
    for path in sorted(folder.glob(f"*{BATCH}")):
        file = read_batch_file(path.read_bytes())
        said = file.proven(Ed25519Verifier(public_key(STATION_KEY)))
        raws += split_entries(inflate(unseal_content(file.sealed, private), said.encoding))
    return raws


def stamps(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_ino for path in folder.iterdir()}


@pytest.mark.parametrize("private", [sealing_key(OFFICE_KEY), RECOVERY_KEY], ids=["office", "recovery"])
def test_everything_unsent_is_in_the_folder_and_no_mark_moves(uploads: MemoryUploads, tmp_path: Path, private: bytes) -> None:
    assert Export(WHO, tmp_path).run(uploads, 77) == Exported(entries=2502, files=4, kept=0)
    assert sorted(carried(tmp_path, private)) == sorted(uploads.outboxes[0].raws()[3:] + uploads.outboxes[1].raws())
    assert [each.mark() for each in uploads.outboxes] == [3, 0]
    listed = read_signed((tmp_path / MANIFEST_NAME).read_bytes()).proven(
        Ed25519Verifier(public_key(STATION_KEY)), StickManifest)
    assert sorted(each.name for each in listed.files) == sorted(path.name for path in tmp_path.glob(f"*{BATCH}"))
    assert (listed.station, listed.made_us) == ("12-1", 77)


def test_nothing_readable_is_on_the_stick(uploads: MemoryUploads, tmp_path: Path) -> None:
    Export(WHO, tmp_path).run(uploads, 77)
    for path in tmp_path.iterdir():
        assert b'{"entry"' not in path.read_bytes()
        assert b'{"old"' not in path.read_bytes()


def test_a_second_export_writes_only_what_was_sold_since(uploads: MemoryUploads, tmp_path: Path) -> None:
    Export(WHO, tmp_path).run(uploads, 77)
    before = stamps(tmp_path)
    uploads.outboxes[1].write(3)
    assert Export(WHO, tmp_path).run(uploads, 78) == Exported(entries=2505, files=5, kept=4)
    after = stamps(tmp_path)
    assert {name: number for name, number in after.items() if name != MANIFEST_NAME and name in before} == {
        name: number for name, number in before.items() if name != MANIFEST_NAME}
    assert len(after) == len(before) + 1


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


def _alter(path: Path) -> None:
    raw = path.read_bytes()
    path.write_bytes(raw[:-7] + bytes([raw[-7] ^ 1]) + raw[-6:])


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _swap(path: Path) -> None:
    other = next(each for each in sorted(path.parent.glob(f"*{BATCH}")) if each != path)
    mine, theirs = path.read_bytes(), other.read_bytes()
    path.write_bytes(theirs)
    other.write_bytes(mine)


@pytest.mark.parametrize("harm", [_cut, _alter, _empty, _swap, Path.unlink])
def test_a_file_that_was_harmed_is_written_again(uploads: MemoryUploads, tmp_path: Path, harm: object) -> None:
    Export(WHO, tmp_path).run(uploads, 77)
    whole = carried(tmp_path, RECOVERY_KEY)
    assert callable(harm)
    harm(sorted(tmp_path.glob(f"*{INCARNATION}*{BATCH}"))[1])
    done = Export(WHO, tmp_path).run(uploads, 78)
    assert (done.entries, done.files) == (2502, 4)
    assert done.kept in (2, 3)
    assert carried(tmp_path, RECOVERY_KEY) == whole


def test_what_is_on_the_stick_of_another_journal_or_another_key_does_not_count(
    uploads: MemoryUploads, tmp_path: Path,
) -> None:
    """The journal was restored: the same places hold other entries."""
    Export(WHO, tmp_path).run(uploads, 77)
    other = MemoryOutbox()
    other.write(2500, "other")
    assert Export(WHO, tmp_path).run(MemoryUploads([other]), 78).kept == 0
    other_key = Who("12-1", new_key(), WHO.office, WHO.recovery)
    assert Export(other_key, tmp_path).run(MemoryUploads([other]), 79).kept == 0


def test_a_file_that_was_renamed_gives_way_to_the_one_with_its_own_name(uploads: MemoryUploads, tmp_path: Path) -> None:
    Export(WHO, tmp_path).run(uploads, 77)
    good = tmp_path / f"12-1_{INCARNATION}_0000000001-0000001000{BATCH}"
    renamed = good.rename(tmp_path / f"12-1_{INCARNATION}_0000000001-0000000400{BATCH}")
    Export(WHO, tmp_path).run(uploads, 78)
    assert (good.exists(), renamed.exists()) == (True, False)


def test_what_a_kill_left_is_cleared_away(uploads: MemoryUploads, tmp_path: Path) -> None:
    left = tmp_path / f"12-1_{OLD}_0000000001-0000000003{BATCH}.part"
    left.write_bytes(b"half")
    Export(WHO, tmp_path).run(uploads, 77)
    assert not left.exists()


def test_without_the_stick_nothing_is_written(uploads: MemoryUploads, tmp_path: Path) -> None:
    with pytest.raises(StationError) as refused:
        Export(WHO, tmp_path / "stick").run(uploads, 77)
    assert refused.value.code is ErrorCode.STICK_UNUSABLE
    assert not (tmp_path / "stick").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_stick_is_told_and_leaves_no_whole_name(uploads: MemoryUploads, tmp_path: Path) -> None:
    name = f"12-1_{OLD}_0000000004-0000000005{BATCH}"
    (tmp_path / f"{name}.part").symlink_to("/dev/full")
    with pytest.raises(StationError) as full:
        Export(WHO, tmp_path).run(uploads, 77)
    assert full.value.code is ErrorCode.DISK_FULL
    assert not (tmp_path / name).exists()


def answer(uploads: MemoryUploads, through: int, *problems: ProblemCode, **told: object) -> StickAnswer:
    """What head office says after it took the second journal ``through`` that entry."""
    outbox = uploads.outboxes[1]
    fields: dict[str, object] = {
        "form": "card-station stick answer 1", "station": "12-1", "incarnation": INCARNATION,
        "acknowledged": through, "head": outbox.hash_at(through).hex(), "made_us": 9,
        "receipts": (), "problems": tuple(
            StickProblem(name="x", problem=Problem(code=code, reason="r")) for code in problems), **told}
    return StickAnswer(**fields)  # type: ignore[arg-type] # as a message of the wire


def test_a_receipt_moves_the_mark_to_where_head_office_stands(uploads: MemoryUploads) -> None:
    receipt = Receipt(
        incarnation=INCARNATION, acknowledged=2000, head="11" * 32, accepted=2000, duplicates=0,
        quarantined=(Quarantined(seq=7, reason="kind"),))
    said = answer(uploads, 2000, receipts=(receipt,))
    assert take(uploads, said) == Answered(INCARNATION, acknowledged=2000, moved=2000, quarantined=1)
    assert [each.mark() for each in uploads.outboxes] == [3, 2000]


def test_an_older_receipt_moves_nothing_back(uploads: MemoryUploads) -> None:
    older = answer(uploads, 1000)
    take(uploads, answer(uploads, 2000))
    assert take(uploads, older) == Answered(INCARNATION, acknowledged=2000, moved=0, quarantined=0)
    assert uploads.outboxes[1].mark() == 2000


def test_a_head_office_that_lost_entries_gets_them_with_the_next_export(uploads: MemoryUploads, tmp_path: Path) -> None:
    uploads.outboxes[1].acknowledge(2000)
    answered = take(uploads, answer(uploads, 500, ProblemCode.GAP))
    assert answered is not None
    assert (answered.acknowledged, answered.moved) == (500, -1500)
    assert answered.fault is not None
    assert answered.fault.code is ErrorCode.JOURNAL_GAP
    assert Export(WHO, tmp_path).run(uploads, 1).entries == 2 + 2000


def test_a_batch_that_was_refused_is_told(uploads: MemoryUploads) -> None:
    answered = take(uploads, answer(uploads, 1000, ProblemCode.INVALID))
    assert answered is not None
    assert answered.fault is not None
    assert (answered.fault.code, answered.acknowledged) == (ErrorCode.HEAD_OFFICE_REFUSED, 1000)


@pytest.mark.parametrize("told", [{"head": "77" * 32}, {"acknowledged": 2501}])
def test_another_history_begins_a_new_journal_once(uploads: MemoryUploads, told: dict[str, object]) -> None:
    uploads.outboxes[1].acknowledge(500)
    said = answer(uploads, 1000, **told)
    answered = take(uploads, said)
    assert answered is not None
    assert answered.fault is not None
    assert (answered.fault.code, answered.begun) == (ErrorCode.JOURNAL_FORKED, True)
    again = take(uploads, said)
    assert again is not None
    assert (again.begun, len(uploads.outboxes)) == (False, 3)
    assert [each.mark() for each in uploads.outboxes[:2]] == [3, 500]


def test_another_history_of_an_earlier_journal_begins_none(uploads: MemoryUploads) -> None:
    uploads.outboxes[1].acknowledge(500)
    said = answer(uploads, 4, incarnation=OLD, head="77" * 32)
    answered = take(uploads, said)
    assert answered is not None
    assert answered.fault is not None
    assert (answered.fault.code, answered.begun, len(uploads.outboxes)) == (ErrorCode.JOURNAL_FORKED, False, 2)


def test_receipts_of_a_journal_that_is_not_here_are_nothing(uploads: MemoryUploads) -> None:
    assert take(uploads, answer(uploads, 1000, incarnation="cc" * 16)) is None


def found(folder: Path, kept: list[bytes]) -> Iterator[StickAnswer | StationError]:
    return answers(folder, "12-1", OfficeKey(WHO.office, kept.append))


def test_only_what_head_office_signed_for_this_station_is_taken(uploads: MemoryUploads, tmp_path: Path) -> None:
    said = answer(uploads, 1000)
    good = signed(said, OFFICE_KEY)
    for name, raw in {
            "1": good, "2": signed(said, new_key()), "3": good[:-9], "4": b"",
            "5": signed(answer(uploads, 1000, station="12-2"), OFFICE_KEY)}.items():
        (tmp_path / f"12-1_{name}{RECEIPTS}").write_bytes(raw)
    (tmp_path / f"12-2_{INCARNATION}{RECEIPTS}").write_bytes(b"not for us")
    first, *others = found(tmp_path, [])
    assert first == said
    told = [(str(each.detail["file"]), str(each.detail["reason"])) for each in others if isinstance(each, StationError)]
    assert [(name[5], reason.split()[-1]) for name, reason in told] == [
        ("2", "hold"), ("3", "else"), ("4", "else"), ("5", "12-2")]
    assert {each.code for each in others if isinstance(each, StationError)} == {ErrorCode.STICK_INVALID}


def test_without_the_stick_there_are_no_receipts(tmp_path: Path) -> None:
    with pytest.raises(StationError) as refused:
        list(found(tmp_path / "stick", []))
    assert refused.value.code is ErrorCode.STICK_UNUSABLE


def test_only_files_head_office_has_whole_may_go(uploads: MemoryUploads, tmp_path: Path) -> None:
    Export(WHO, tmp_path).run(uploads, 77)
    first, second = (f"12-1_{INCARNATION}_{ends}{BATCH}" for ends in ("0000000001-0000001000", "0000001001-0000002000"))
    (tmp_path / f"12-1_{INCARNATION}_holiday{BATCH}").write_bytes(b"")
    assert list(covered(tmp_path, "12-1", uploads)) == []
    uploads.outboxes[1].acknowledge(1999)
    assert [path.name for path in covered(tmp_path, "12-1", uploads)] == [first]
    uploads.outboxes[1].acknowledge(2000)
    assert [path.name for path in covered(tmp_path, "12-1", uploads)] == [first, second]


def to_newer_key(newer: bytes, signer: bytes) -> SignedOfficeKey:
    """Say that head office goes on with ``newer``; signed by whoever."""
    document = msgspec.json.encode(OfficeKeyChange(
        form="card-station office key 1", former=base64.b64encode(public_key(OFFICE_KEY)).decode(),
        key=base64.b64encode(public_key(newer)).decode(), at_us=5))
    return SignedOfficeKey(
        document=base64.b64encode(document).decode(), signature=base64.b64encode(sign_bytes(signer, document)).decode())


def test_a_newer_key_of_head_office_is_followed_and_kept(uploads: MemoryUploads, tmp_path: Path) -> None:
    newer, said = new_key(), answer(uploads, 1000)
    (tmp_path / f"12-1_x{RECEIPTS}").write_bytes(signed(said, newer, (to_newer_key(newer, OFFICE_KEY),)))
    kept: list[bytes] = []
    assert list(found(tmp_path, kept)) == [said]
    assert kept == [public_key(newer)]


def test_a_key_that_names_itself_head_office_is_not_followed(uploads: MemoryUploads, tmp_path: Path) -> None:
    newer, said = new_key(), answer(uploads, 1000)
    (tmp_path / f"12-1_1{RECEIPTS}").write_bytes(signed(said, newer, (to_newer_key(newer, newer),)))
    (tmp_path / f"12-1_2{RECEIPTS}").write_bytes(signed(said, OFFICE_KEY))
    kept: list[bytes] = []
    forged, good = found(tmp_path, kept)
    assert isinstance(forged, StationError)
    assert (forged.code, kept, good) == (ErrorCode.STICK_INVALID, [], said)
