"""``stationctl sync``: what is told of sending, and that a fork keeps nothing from coming down."""

import pytest

from station.errors import ErrorCode, StationError
from station.protection import Protection
from sync.ed25519 import Ed25519Verifier, new_key, public_key
from sync.exchange import StationSync, Stores
from sync.wire import Quarantined
from tests.sync.memory import MemoryMembers, MemoryOffice, MemoryOutbox, MemoryPacks, MemoryShelf
from ui.cli_exchange import exchange


def station(outbox: MemoryOutbox, office: MemoryOffice) -> StationSync:
    stores = Stores(outbox, MemoryMembers(), MemoryShelf(), MemoryPacks(), Protection.FILE, lambda: None)
    return StationSync(stores, office, Ed25519Verifier(public_key(new_key())), lambda: None)


def test_it_tells_how_far_it_is_after_every_batch(capsys: pytest.CaptureFixture[str]) -> None:
    outbox, office = MemoryOutbox(), MemoryOffice()
    outbox.write(2500)
    office.quarantined = (Quarantined(seq=2, reason="secret"),)
    assert exchange(station(outbox, office)) is None
    assert capsys.readouterr().out.splitlines() == [
        "1000 of 2500 entries sent, up to 1100 in a batch", "head office put 1 of them aside",
        "2100 of 2500 entries sent, up to 1200 in a batch", "head office put 1 of them aside",
        "2500 of 2500 entries sent, up to 1200 in a batch", "head office put 1 of them aside"]


def test_a_fork_is_told_after_everything_came_down() -> None:
    outbox, office = MemoryOutbox(), MemoryOffice()
    outbox.write(1)
    office.raws = [b"another history"]
    standing = exchange(station(outbox, office))
    assert standing is not None
    assert standing.code is ErrorCode.JOURNAL_FORKED
    assert office.calls[-1] == "pack"


def test_a_line_that_is_down_ends_it_at_once() -> None:
    outbox, office = MemoryOutbox(), MemoryOffice()
    outbox.write(1)
    office.fail = [StationError(ErrorCode.HEAD_OFFICE_UNREACHABLE)]
    with pytest.raises(StationError) as down:
        exchange(station(outbox, office))
    assert (down.value.code, office.calls) == (ErrorCode.HEAD_OFFICE_UNREACHABLE, ["hello"])
