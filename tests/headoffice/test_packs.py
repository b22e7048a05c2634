"""Rule packs at head office: published upwards only, and from a file by one command."""

import base64
import json
import subprocess
import sys
from argparse import Namespace
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from django.conf import settings

from headoffice import demo
from headoffice.commands import COMMANDS
from headoffice.register.models import PackDocument
from headoffice.register.packs import current, engine, numbered, publish
from station.errors import ErrorCode, StationError
from sync import wire_feeds
from sync.documents import read_pack
from sync.ed25519 import Ed25519Verifier, public_key
from tests.headoffice.shop import Till

HIGHER = replace(demo.PACK, number=2, promotions=demo.PACK.promotions[:1])
EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "pack.json"


def put(folder: Path, number: int, **facts: object) -> Path:
    """Write the demo pack under ``number`` to a file, its JSON changed by ``facts``."""
    document = json.loads(msgspec.json.encode(replace(demo.PACK, number=number)))
    file = folder / f"pack-{number}.json"
    file.write_text(json.dumps(document | facts), encoding="utf-8")
    return file


def offered(till: Till, after: int = 0) -> wire_feeds.SignedPack:
    found = till.ask("GET", wire_feeds.PACK_PATH, query={"after": after}).read(wire_feeds.NextPack).pack
    assert found is not None
    return found


def take(file: Path) -> int:
    return COMMANDS["pack"](Namespace(file=file))


def test_a_higher_number_comes_into_force_and_the_lower_one_stays_to_be_asked_for(till: Till) -> None:
    publish(HIGHER, 5)
    held = current()
    assert held is not None
    assert (held.number, held.published_us) == (2, 5)
    assert (numbered(2), numbered(1), numbered(3)) == (HIGHER, demo.PACK, None)
    assert offered(till).number == 2


@pytest.mark.parametrize("number", [1, 2])
def test_neither_an_older_number_nor_the_same_is_published(office: Path, number: int) -> None:
    assert office.exists()
    publish(HIGHER, 0)
    with pytest.raises(StationError) as caught:
        publish(replace(HIGHER, number=number, promotions=()), 1)
    assert (caught.value.code, caught.value.detail) == (ErrorCode.PACK_OLDER, {"pack": number, "held": 2})
    assert numbered(2) == HIGHER
    assert PackDocument.objects.count() == 2


def test_the_first_pack_of_all_needs_only_a_number(office: Path) -> None:
    assert office.exists()
    PackDocument.objects.all().delete()
    assert (current(), engine(1)) == (None, None)
    assert publish(demo.PACK, 0).number == 1


def test_a_file_is_signed_and_put_in_force(till: Till, capsys: pytest.CaptureFixture[str]) -> None:
    assert take(EXAMPLE) == 0
    assert capsys.readouterr().out == "pack 12 is in force\n"
    signed = offered(till)
    document = base64.b64decode(signed.document)
    assert read_pack(document) == read_pack(EXAMPLE.read_bytes())
    verifier = Ed25519Verifier(public_key(settings.KEYS.office))
    assert verifier.verify(base64.b64decode(signed.signature), document)


def test_a_file_whose_number_is_not_above_the_one_in_force_is_left_out(
    office: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str],
) -> None:
    assert office.exists()
    file = put(tmp_path, 1)
    assert take(file) == 1
    assert capsys.readouterr().err == f"{file}: pack 1 is not above pack 1 in force\n"
    assert PackDocument.objects.count() == 1


@pytest.mark.parametrize(("facts", "said"), [
    ({"currency": "rial"}, "$.currency: 'rial', expected an ISO 4217 code"),
    ({"version": 2}, "$.version: 2, expected 1: another program made this"),
    ({"discounts": []}, "$.discounts: "),
])
def test_a_file_that_is_no_pack_is_refused_in_one_line(
    office: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], facts: dict[str, object], said: str,
) -> None:
    assert office.exists()
    file = put(tmp_path, 2, **facts)
    assert take(file) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"{file}: {said}")
    assert error.count("\n") == 1
    assert numbered(2) is None


def test_the_program_refuses_a_file_that_is_not_there(office: Path, tmp_path: Path) -> None:
    gone = tmp_path / "gone.json"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "headoffice.main", "pack", "--home", str(office), str(gone)],
        capture_output=True, text=True, check=False, timeout=60, encoding="utf-8")
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"{gone}: No such file or directory\n")
