"""Enrolment: both sides prove themselves by the code; the private key is made here and stays here."""

import base64
from dataclasses import dataclass, field

import msgspec
import pytest

from station.errors import ErrorCode, StationError
from station.text import Text
from sync import codes
from sync.ed25519 import public_key
from sync.enrol import Enrolment, enrol
from sync.keys import OwnKeys
from sync.wire import PROTOCOL
from sync.wire_trust import CaAnswer, PairAnswer, PairRequest, Welcomed

SHOP = Text("شعبهٔ ۱۲", "Branch 12")
CODE = "AB12C-00000-11111-22222-33333"
WELCOMED = Welcomed(
    station="12-1", shop="12", shop_name=SHOP,
    card_key=base64.b64encode(bytes(32)).decode(), office_key=base64.b64encode(b"o" * 32).decode(),
    recovery_key=base64.b64encode(b"r" * 32).decode(), since_us=7, key_days=90)


def text(data: bytes) -> str:
    return base64.b64encode(data).decode()


@dataclass
class Office:
    """Head office behind the door, which knows a code; fields make it lie."""

    code: codes.Code = field(default_factory=lambda: codes.read(CODE))
    welcomed: Welcomed = WELCOMED
    document: bytes = b""
    ca: str = "PEM"
    ca_proven: str = "PEM"
    key_proven: bytes = b""
    asked: list[tuple[PairRequest, str]] = field(default_factory=list)

    def authority(self, code: str) -> CaAnswer:
        assert code == "AB12C"
        return CaAnswer(certificate=self.ca, proof=text(self.code.proof("ca", self.ca_proven.encode())))

    def pair(self, request: PairRequest, ca: str) -> PairAnswer:
        self.asked.append((request, ca))
        public = base64.b64decode(request.public_key)
        document = self.document or msgspec.json.encode(self.welcomed)
        return PairAnswer(document=text(document), proof=text(
            self.code.proof("office", self.key_proven or public, document)))


def test_a_station_learns_who_it_is() -> None:
    office = Office()
    enrolment = enrol(office, " ab12c 00000-IiLl1-22222-33333 ")
    public = public_key(enrolment.key)
    assert enrolment == Enrolment(
        "12-1", "12", SHOP, bytes(32), b"o" * 32, b"r" * 32, OwnKeys(enrolment.key, 7, 90), "PEM", public)
    assert office.asked == [(PairRequest(
        protocol=PROTOCOL, code="AB12C", public_key=text(public),
        proof=text(codes.read(CODE).proof("station", public))), "PEM")]


def test_the_secret_letters_never_travel() -> None:
    office = Office()
    enrol(office, CODE)
    assert "00000" not in str(office.asked)
    assert "11111" not in str(office.asked)


@pytest.mark.parametrize("office", [
    Office(ca_proven="ANOTHER"), Office(code=codes.read("AB12C-00000-11111-22222-33334")), Office(ca="EVIL"),
])
def test_an_authority_that_is_not_proven_is_not_asked_any_further(office: Office) -> None:
    with pytest.raises(StationError) as unproven:
        enrol(office, CODE)
    assert unproven.value.code is ErrorCode.PAIRING_UNPROVEN
    assert office.asked == []


def test_an_answer_that_is_not_for_this_key_is_refused() -> None:
    with pytest.raises(StationError) as unproven:
        enrol(Office(key_proven=b"e" * 32), CODE)
    assert unproven.value.code is ErrorCode.PAIRING_UNPROVEN


@pytest.mark.parametrize("code", ["", "AB12C", CODE[:-1], CODE + "3", CODE.replace("0", "U")])
def test_what_is_no_code_asks_nobody(code: str) -> None:
    office = Office()
    with pytest.raises(StationError) as refused:
        enrol(office, code)
    assert refused.value.code is ErrorCode.PAIRING_REFUSED
    assert office.asked == []


def test_every_enrolment_has_a_key_of_its_own_and_does_not_show_it() -> None:
    first, second = enrol(Office(), CODE), enrol(Office(), CODE)
    assert first.key != second.key
    assert repr(first.key) not in repr(first)
    assert repr(first.card_key) not in repr(first)
    assert repr(codes.read(CODE)) == "Code(name='AB12C')"


@pytest.mark.parametrize("given", ["", "AAAA", "A", text(bytes(33))])
@pytest.mark.parametrize("name", ["card_key", "office_key", "recovery_key"])
def test_a_key_of_another_length_is_refused(name: str, given: str) -> None:
    with pytest.raises(StationError) as invalid:
        enrol(Office(welcomed=msgspec.structs.replace(WELCOMED, **{name: given})), CODE)
    assert invalid.value.code is ErrorCode.ANSWER_INVALID


def test_a_proven_document_that_is_none_is_refused() -> None:
    with pytest.raises(StationError) as invalid:
        enrol(Office(document=b"{}"), CODE)
    assert invalid.value.code is ErrorCode.ANSWER_INVALID


def test_a_code_is_fresh_readable_and_of_a_hundred_bits() -> None:
    made = codes.fresh(lambda count: bytes(range(count)))
    assert made == "01234-56789-ABCDE-FGHJK-MNPQR"
    assert len(codes.LETTERS) ** codes.SECRET_LETTERS == 2**100


def test_proofs_of_different_things_differ() -> None:
    code = codes.read(CODE)
    assert len({code.proof("a", b"bc"), code.proof("ab", b"c"), code.proof("a", b"b", b"c"), code.proof("a", b"")}) == 4
    assert codes.proven(code.proof("a"), code.proof("a"))
    assert not codes.proven(b"", code.proof("a"))
