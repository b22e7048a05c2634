"""Head office's own key: handed over once and for all, wherever the power goes."""

import base64
import shutil
from pathlib import Path

import pytest
from django.test import Client
from msgspec import json

from headoffice import keys
from headoffice.register.models import PackDocument
from headoffice.stations.commands import COMMANDS
from headoffice.stations.rotation import sign_packs
from sync.ed25519 import Ed25519Verifier, public_key
from sync.keys import OfficeKey
from sync.wire_trust import OFFICE_KEYS_PATH, OfficeKeys


def test_each_change_is_signed_by_the_key_before(tmp_path: Path) -> None:
    keys.create(tmp_path)
    before, kept = keys.load(tmp_path), list[bytes]()
    for _ in range(3):
        keys.change_office_key(tmp_path, 7)
    after = keys.load(tmp_path)
    believed = OfficeKey(public_key(before.office), kept.append)
    assert believed.follow(keys.office_changes(tmp_path).changes)
    assert kept == [public_key(after.office)]
    assert (after.secret, after.card, after.recovery) == (before.secret, before.card, before.recovery)
    for name in (keys.OFFICE_KEY, keys.OFFICE_CHANGES):
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("written", [(), (keys.OFFICE_CHANGES,), (keys.OFFICE_CHANGES, keys.OFFICE_KEY)])
def test_a_change_that_was_cut_off_is_ended_by_the_next_start(tmp_path: Path, written: tuple[str, ...]) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    keys.create(_made(old))
    shutil.copytree(old, new)
    keys.change_office_key(new, 7)
    done = {name: (new / name).read_bytes() for name in (keys.OFFICE_CHANGES, keys.OFFICE_KEY)}
    # As the old folder lies when the power goes after the step was written down, and so many files of it.
    (old / keys.OFFICE_NEXT).write_bytes(json.encode({
        "key": base64.b64encode(done[keys.OFFICE_KEY]).decode(), "changes": json.decode(done[keys.OFFICE_CHANGES])}))
    for name in written:
        (old / name).write_bytes(done[name])
    assert keys.load(old).office == done[keys.OFFICE_KEY]
    assert (old / keys.OFFICE_CHANGES).read_bytes() == done[keys.OFFICE_CHANGES]
    assert not (old / keys.OFFICE_NEXT).exists()


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def test_the_packs_are_signed_by_the_new_key_and_everybody_may_ask_for_the_changes(office: Path) -> None:
    kept = {name: (office / name).read_bytes() for name in keys.FILES}
    try:
        assert COMMANDS["office-key"](None) == 0  # type: ignore[arg-type]
        fresh = keys.load(office).office
        packs = PackDocument.objects.all()
        assert packs
        for pack in packs:
            assert Ed25519Verifier(public_key(fresh)).verify(bytes(pack.signature), bytes(pack.document))
        assert sign_packs(fresh) == 0
        answer = Client(SERVER_NAME="127.0.0.1").get(OFFICE_KEYS_PATH)
        [change] = json.decode(answer.content, type=OfficeKeys).changes
        assert base64.b64encode(public_key(fresh)).decode() in base64.b64decode(change.document).decode()
    finally:
        for name, content in kept.items():
            (office / name).write_bytes(content)
        (office / keys.OFFICE_CHANGES).unlink()
