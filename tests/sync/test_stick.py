"""The files of the exchange by stick: what is read back, and what is refused with which words."""

import base64
import hashlib

import msgspec
import pytest

from sync.ed25519 import Ed25519Verifier, new_key, public_key, sign_bytes
from sync.stick import (
    Signed,
    StickAnswer,
    StickBatch,
    StickManifest,
    batch_file,
    batch_name,
    read_batch_file,
    read_signed,
    signed,
)
from sync.wire import BatchHead

KEY = new_key()
VERIFIER = Ed25519Verifier(public_key(KEY))
HEAD = BatchHead(incarnation="a3" * 16, first=7, last=12, previous="11" * 32, head="22" * 32)
ENTRIES = b'{"seq":7}\n' * 6


def reverse(content: bytes) -> bytes:
    """Seal, so to speak."""
    return content[::-1]


FILE = batch_file("12-1", KEY, HEAD, ENTRIES, reverse)


def test_what_was_written_is_read_back() -> None:
    file = read_batch_file(FILE)
    said = file.proven(VERIFIER)
    assert (said.station, said.head, said.encoding) == ("12-1", HEAD, "zstd")
    assert (said.size, said.digest) == (len(file.sealed), hashlib.sha256(file.sealed).hexdigest())
    assert file.sealed[::-1].startswith(b"\x28\xb5\x2f\xfd")  # a frame of zstd, RFC 8878


def test_names_sort_as_the_journal_goes() -> None:
    heads = [msgspec.structs.replace(HEAD, first=first, last=first + 8) for first in (1, 9, 99, 100, 12_345)]
    names = [batch_name("12-1", head) for head in heads]
    assert names == sorted(names)
    assert names[0] == f"12-1_{HEAD.incarnation}_0000000001-0000000009.batch"


@pytest.mark.parametrize(("raw", "words"), [
    (b"", "cut short"), (b"{}", "cut short"), (b"\n", "something else"), (b"holiday.jpg\n\xff\xd8", "something else"),
    (FILE[:40], "cut short"), (FILE.partition(b"\n")[0], "cut short"), (b"[" * 100_000 + b"\n", "something else"),
])
def test_what_is_no_file_of_a_batch_is_refused(raw: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_batch_file(raw)


@pytest.mark.parametrize(("raw", "words"), [
    (FILE[:-1], rf"{len(read_batch_file(FILE).sealed) - 1} of {len(read_batch_file(FILE).sealed)} bytes"),
    (FILE + b"\0", "bytes"),
    (FILE[:-1] + bytes([FILE[-1] ^ 1]), "altered"),
])
def test_what_was_cut_short_or_altered_is_refused(raw: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_batch_file(raw).proven(VERIFIER)


def test_no_bit_of_the_document_can_be_changed() -> None:
    line, _, sealed = FILE.partition(b"\n")
    said = msgspec.json.decode(line, type=Signed)
    document = base64.b64decode(said.document)
    for at in range(len(document)):
        altered = document[:at] + bytes([document[at] ^ 1]) + document[at + 1:]
        forged = msgspec.structs.replace(said, document=base64.b64encode(altered).decode())
        with pytest.raises(ValueError, match="signature"):
            read_batch_file(msgspec.json.encode(forged) + b"\n" + sealed).proven(VERIFIER)


@pytest.mark.parametrize("signature", ["", "AAAA", "A" * 88, base64.b64encode(bytes(64)).decode()])
def test_a_signature_of_any_length_is_just_no_good(signature: str) -> None:
    said = msgspec.structs.replace(msgspec.json.decode(FILE.partition(b"\n")[0], type=Signed), signature=signature)
    with pytest.raises(ValueError, match=r"signature|base64|padding"):
        read_batch_file(msgspec.json.encode(said) + b"\n").proven(VERIFIER)


def test_a_document_is_not_taken_for_another_kind() -> None:
    answer = StickAnswer(
        form="card-station stick answer 1", station="12-1", incarnation="a3" * 16, acknowledged=3, head="33" * 32,
        made_us=5, receipts=(), problems=())
    manifest = StickManifest(form="card-station stick manifest 1", station="12-1", made_us=5, files=())
    assert read_signed(signed(answer, KEY)).proven(VERIFIER, StickAnswer) == answer
    for form in (StickManifest, StickBatch):
        with pytest.raises(ValueError, match="something else"):
            read_signed(signed(answer, KEY)).proven(VERIFIER, form)
    with pytest.raises(ValueError, match="something else"):
        read_signed(signed(manifest, KEY)).proven(VERIFIER, StickAnswer)


def test_a_document_without_its_form_is_nothing() -> None:
    document = b'{"station":"12-1","made_us":5,"files":[]}'
    raw = msgspec.json.encode(Signed(
        document=base64.b64encode(document).decode(), signature=base64.b64encode(sign_bytes(KEY, document)).decode()))
    with pytest.raises(ValueError, match="something else"):
        read_signed(raw).proven(VERIFIER, StickManifest)


def test_another_key_proves_nothing() -> None:
    with pytest.raises(ValueError, match="signature"):
        read_batch_file(FILE).proven(Ed25519Verifier(public_key(new_key())))
