"""What head office says to chips: they become ours, prove it, and everything else is refused with its code."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from msgspec.structs import replace

from headoffice.cardkeys import ntag424
from headoffice.cardkeys.issuers import Issuers
from headoffice.cardkeys.service import MOST_OF_ONE, MOST_SESSIONS, Begin, KeyService, Tapped, TooBusyError
from headoffice.cardkeys.store import MasterKeyStore
from headoffice.clock import now_us
from station.card_task import CardPurpose, Outcome, Technology
from station.errors import ErrorCode
from station.sun import SunMessage, answer, from_address, unpack
from tests.rigs.chip_crypto import mac_of, sealed
from tests.rigs.secure_chips import Desfire, Ntag424
from tests.rigs.talk import NUMBER, OTHER_UID, UID, PulledError, fresh, made, talk, task

NTAG424, EV1, EV2 = Technology.NTAG424, Technology.DESFIRE_EV1, Technology.DESFIRE_EV2
EVERY = pytest.mark.parametrize("technology", [NTAG424, EV1, EV2])
AUTHENTICATE, PERSONALISE, VERIFY = CardPurpose.AUTHENTICATE, CardPurpose.PERSONALISE, CardPurpose.VERIFY


class Seconds:
    """A clock that goes on when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def store(tmp_path: Path) -> MasterKeyStore:
    return MasterKeyStore(tmp_path / "keys")


@pytest.fixture
def service(store: MasterKeyStore, tmp_path: Path, seconds: Seconds) -> KeyService:
    return KeyService(store, Issuers(tmp_path / "issuers"), clock=seconds)


def shown(chip: Ntag424) -> str:
    """Return the address that a phone reads off the chip."""
    for command in ("00A4040007D276000085010100", "00A4000C02E104"):
        assert chip.answer(bytes.fromhex(command)) == b"\x90\x00"
    file = chip.answer(bytes.fromhex("00B00000FF"))
    return "https://" + file[7:5 + file[4]].decode() + file[5 + file[4]:6 + file[4]].decode()


@EVERY
def test_a_chip_is_made_and_proves_itself(service: KeyService, technology: Technology) -> None:
    chip = made(service, technology)
    assert talk(service, task(AUTHENTICATE, technology, version=1), chip).outcome is Outcome.PROVEN
    assert talk(service, task(VERIFY, technology, version=1), chip).outcome is Outcome.PROVEN
    keys = chip.keys if isinstance(chip, Ntag424) else next(iter(chip.applications.values())).keys
    assert len({*keys.values, bytes(16)}) == 1 + (5 if technology is NTAG424 else 2)


@EVERY
@pytest.mark.parametrize("purpose", [AUTHENTICATE, VERIFY])
def test_another_chip_is_none_of_ours(service: KeyService, technology: Technology, purpose: CardPurpose) -> None:
    other = made(service, technology, OTHER_UID)
    assert talk(service, task(purpose, technology, UID, 1), other).refusal == ErrorCode.CARD_FORGED
    told = talk(service, task(purpose, technology, UID, 1), fresh(technology))
    assert (told.outcome, told.refusal) == (Outcome.REFUSED, ErrorCode.CARD_FORGED)


@EVERY
def test_a_chip_that_plays_back_what_it_heard_is_forged(service: KeyService, technology: Technology) -> None:
    class Parrot:
        """Says what the genuine one said."""

        def answer(self, command: bytes) -> bytes:
            del command
            return heard.pop(0)

    chip, heard = made(service, technology), list[bytes]()

    def listen(_: int, said: bytes) -> bytes:
        heard.append(said)
        return said

    assert talk(service, task(AUTHENTICATE, technology, version=1), chip, listen).outcome is Outcome.PROVEN
    told = talk(service, task(AUTHENTICATE, technology, version=1), Parrot())
    assert (told.refusal, told.reason) == (ErrorCode.CARD_FORGED, "SECRET")


@EVERY
def test_personalising_that_was_broken_off_anywhere_is_begun_again(
    service: KeyService, technology: Technology,
) -> None:
    broken = 0
    while True:
        chip = fresh(technology)
        try:
            talk(service, task(PERSONALISE, technology), chip,
                lambda count, said, last=broken: None if count == last else said)  # type: ignore[misc]
        except PulledError:
            told = talk(service, task(PERSONALISE, technology), chip)
            assert told.outcome is Outcome.DONE, (broken, told.reason)
            broken += 1
            continue
        break
    assert broken > 15


@EVERY
def test_a_foreign_chip_is_not_blank_and_stays_as_it_is(tmp_path: Path, service: KeyService, technology: Technology) -> None:
    theirs = KeyService(MasterKeyStore(tmp_path / "theirs"), Issuers(tmp_path / "none"))
    chip = made(theirs, technology)
    before = state(chip)
    told = talk(service, task(PERSONALISE, technology), chip)
    assert (told.refusal, state(chip)) == (ErrorCode.CARD_NOT_BLANK, before)


@pytest.mark.parametrize(("number", "version"), [(0, 0), (2, 0), (4, 0), (3, 9)])
def test_one_foreign_key_is_enough(service: KeyService, number: int, version: int) -> None:
    chip = Ntag424(bytes.fromhex(UID))
    chip.keys.values[number], chip.keys.versions[number] = bytes(range(16)), version
    before = state(chip)
    told = talk(service, task(PERSONALISE, NTAG424), chip)
    assert (told.refusal, state(chip)) == (ErrorCode.CARD_NOT_BLANK, before)


def state(chip: Ntag424 | Desfire) -> str:
    if isinstance(chip, Ntag424):
        return repr((chip.memory, chip.settings, chip.keys))
    return repr((chip.applications, chip.keys))


@EVERY
def test_what_plays_a_factory_chip_is_not_told_the_keys_of_an_issued_one(service: KeyService, technology: Technology) -> None:
    made(service, technology)
    told = talk(service, task(PERSONALISE, technology, version=1), fresh(technology))
    assert told.refusal == ErrorCode.CARD_NOT_BLANK


def test_a_desfire_of_another_issuer_is_locked(service: KeyService) -> None:
    told = talk(service, task(PERSONALISE, EV2), Desfire(bytes.fromhex(UID), locked=True))
    assert told.refusal == ErrorCode.CARD_LOCKED


def test_a_file_in_the_way_is_not_blank(service: KeyService) -> None:
    chip = made(service, EV2)
    assert isinstance(chip, Desfire)
    files = next(iter(chip.applications.values())).files
    files[1] = (files[1][0], 0xEEEE, files[1][2])
    assert talk(service, task(PERSONALISE, EV2), chip).refusal == ErrorCode.CARD_NOT_BLANK


def test_a_newer_key_takes_the_place_of_an_older_one(service: KeyService, store: MasterKeyStore) -> None:
    chip = made(service, NTAG424)
    assert store.new() == 2
    told = talk(service, task(PERSONALISE, NTAG424), chip)
    assert (told.outcome, told.version, chip.keys.versions) == (Outcome.DONE, 2, [2] * 5)
    assert talk(service, task(AUTHENTICATE, NTAG424, version=2), chip).outcome is Outcome.PROVEN
    assert talk(service, task(AUTHENTICATE, NTAG424, version=1), chip).refusal == ErrorCode.CARD_FORGED


HARM: dict[str, Callable[[bytes], bytes]] = {
    "cut": lambda said: said[:-3] + said[-2:] if len(said) > 2 else said[:1],
    "nothing": lambda said: said[:0],
    "changed": lambda said: bytes([said[0] ^ 0x40]) + said[1:],
    "longer": lambda said: bytes(8) + said if len(said) > 2 else said[:1],
}


@EVERY
@pytest.mark.parametrize("purpose", list(CardPurpose))
@pytest.mark.parametrize("harm", HARM)
def test_answers_that_are_cut_or_changed_are_refused(
    service: KeyService, technology: Technology, purpose: CardPurpose, harm: str,
) -> None:
    place = 0
    while True:
        chip = fresh(technology) if purpose is PERSONALISE else made(service, technology)
        spoiler = Spoiler(place, HARM[harm])
        told = talk(service, task(purpose, technology, version=0 if purpose is PERSONALISE else 1), chip, spoiler)
        if not spoiler.reached:
            break
        assert told.outcome is Outcome.REFUSED, place
        place += 1
    assert told.outcome is not Outcome.REFUSED
    assert place >= 3


class Spoiler:
    """Does harm to one answer."""

    def __init__(self, place: int, harm: Callable[[bytes], bytes]) -> None:
        self._place, self._harm = place, harm
        self.reached = False

    def __call__(self, count: int, said: bytes) -> bytes:
        self.reached = self.reached or count == self._place
        return self._harm(said) if count == self._place else said


def test_a_chip_in_lrp_mode_is_refused(service: KeyService) -> None:
    def lrp(count: int, said: bytes) -> bytes:
        return b"\x01" + said if count == 1 else said

    chip = made(service, NTAG424)
    told = talk(service, task(AUTHENTICATE, NTAG424, version=1), chip, lrp)
    assert (told.refusal, told.reason) == (ErrorCode.CARD_NOT_WRITABLE, "LRP")


def test_a_tap_is_checked_and_told_ahead(service: KeyService) -> None:
    chip = made(service, NTAG424)
    assert isinstance(chip, Ntag424)
    ahead = service.answers(UID, 1, 0, 10)
    for _ in range(3):
        number, content = from_address(shown(chip))
        tap = unpack(content)
        assert (number, tap.uid) == (NUMBER, UID)
        assert service.check_sun(UID, 1, tap.counter, tap.mac)
        assert not service.check_sun(UID, 1, tap.counter + 1, tap.mac)
        assert not service.check_sun(OTHER_UID, 1, tap.counter, tap.mac)
        assert ahead[8 * tap.counter:8 * tap.counter + 8] == answer(tap)
    assert service.answers(UID, 1, 0xFFFFFE, 10) == b"".join(
        answer(SunMessage(UID, counter, ntag_mac(chip, counter))) for counter in (0xFFFFFE, 0xFFFFFF))
    assert (service.answers(UID, 9, 0, 10), service.check_sun(UID, 9, 1, bytes(8))) == (b"", False)


def ntag_mac(chip: Ntag424, counter: int) -> bytes:
    vector = bytes.fromhex("3CC300010080") + chip.uid + counter.to_bytes(3, "little")
    return mac_of(mac_of(chip.keys.values[2], vector), b"")[1::2]


def test_an_encrypted_tap_is_opened(service: KeyService, store: MasterKeyStore) -> None:
    chip = made(service, NTAG424)
    assert isinstance(chip, Ntag424)
    outer = sealed(store.newest().outer, b"\xc7" + chip.uid + (5).to_bytes(3, "little") + b"\1\2\3\4\5")
    store.new()
    assert service.open_sun(outer, ntag_mac(chip, 5)) == Tapped(UID, 5)
    assert service.open_sun(outer, ntag_mac(chip, 6)) is None
    assert service.open_sun(bytes(16), ntag_mac(chip, 5)) is None


def test_a_signed_record_stands_behind_the_address(tmp_path: Path, store: MasterKeyStore) -> None:
    issuers = Issuers(tmp_path / "issuers")
    issuers.new(now_us())
    with_record = ntag424.content_of("club.example", NUMBER, bytes(94))
    service = KeyService(store, issuers)
    chip = made(service, NTAG424)
    assert isinstance(chip, Ntag424)
    assert chip.memory[:2] == with_record.data[:2]
    assert bytes(chip.memory[with_record.address_end:with_record.address_end + 17]) == b"\x54\x0e\x5ecard-station:r"
    assert talk(service, task(VERIFY, NTAG424, version=1), chip).outcome is Outcome.PROVEN


def test_an_address_that_does_not_fit_is_refused(service: KeyService) -> None:
    begin = Begin("s1", PERSONALISE, NTAG424, UID, number=NUMBER, host="x" * 240)
    assert talk(service, begin, fresh(NTAG424)).refusal == ErrorCode.CARD_TOO_SMALL
    long = Begin("s1", PERSONALISE, EV1, UID, number="9" * 33)
    assert talk(service, long, fresh(EV1)).refusal == ErrorCode.CARD_TOO_SMALL


def test_a_session_belongs_to_one_station_for_thirty_seconds(service: KeyService, seconds: Seconds) -> None:
    first = service.begin(task(AUTHENTICATE, NTAG424))
    assert service.go_on("s2", first.session, [b"\x90\0"]) is None
    seconds.now = 30.5
    assert service.go_on("s1", first.session, [b"\x90\0"]) is None


def test_a_conversation_that_failed_proves_nothing_when_it_is_gone_on_with(store: MasterKeyStore, tmp_path: Path) -> None:
    def broken(_: int) -> bytes:
        raise OSError

    service = KeyService(store, Issuers(tmp_path / "issuers"), broken)
    told = service.begin(task(AUTHENTICATE, NTAG424, version=1))
    answers = [b"\x90\0", bytes(16) + b"\x91\xaf"]
    with pytest.raises(OSError):
        service.go_on("s1", told.session, answers)
    assert service.go_on("s1", told.session, answers) is None


def test_sessions_are_bounded(service: KeyService, seconds: Seconds) -> None:
    def begun(station: int) -> str:
        return service.begin(replace(task(AUTHENTICATE, NTAG424), owner=f"s{station}")).session

    of_one = [begun(0) for _ in range(MOST_OF_ONE + 1)]
    assert service.go_on("s0", of_one[0], [b"\x90\0"]) is None
    assert service.go_on("s0", of_one[1], [b"\x90\0"]) is not None
    for station in range(MOST_SESSIONS // MOST_OF_ONE):
        for _ in range(MOST_OF_ONE):
            with suppress(TooBusyError):
                begun(station)
    with pytest.raises(TooBusyError):
        begun(MOST_SESSIONS)
    seconds.now = 30.5
    begun(MOST_SESSIONS)


@pytest.mark.parametrize("uid", ["04A1B2C3", "", "no"])
def test_what_is_no_uid_is_refused(service: KeyService, uid: str) -> None:
    with pytest.raises(ValueError):
        service.begin(task(AUTHENTICATE, NTAG424, uid))


def test_keys_that_were_lost_prove_nothing(service: KeyService) -> None:
    assert service.begin(task(AUTHENTICATE, NTAG424, version=9)).outcome is Outcome.UNKNOWN


def test_keys_stay_as_they_are_and_nobody_else_reads_them(tmp_path: Path, store: MasterKeyStore) -> None:
    folder = tmp_path / "keys"
    [file] = folder.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert MasterKeyStore(folder).newest() == store.newest()
    assert str(store.newest()) == "MasterKeys(version=1)"
    file.rename(folder / "chips-002.json")
    with pytest.raises(ValueError, match="does not hold"):
        MasterKeyStore(folder)
