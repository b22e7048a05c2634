"""What a card proves at two counters that are without a line, on their real files, and what head office makes of it."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings

from data.issuer_keys import IssuerKeyStore
from data.tap_answers import TapAnswerStore
from headoffice import demo
from headoffice.cardkeys import sun as chip_codes
from headoffice.cardkeys.issuers import FOLDER as ISSUERS
from headoffice.cardkeys.issuers import Issuers, issuers_in
from headoffice.cardkeys.ntag424 import SUN_FILE
from headoffice.cardkeys.store import FOLDER, MasterKeyStore
from headoffice.cards import chips
from headoffice.cards.models import Chip
from headoffice.clock import now_us
from headoffice.feeds.versions import begin_life
from headoffice.projector.rebuild import rebuild
from headoffice.register.packs import publish
from headoffice.stations.models import Station
from station import sun
from station.card import CardTier, Medium, Proof, ProofKind, Tap
from station.card_hash import card_hash
from station.card_task import Technology
from station.counter import Counter
from station.errors import ErrorCode, StationError
from station.proving import ProofNote, Prover
from sync.ed25519 import Ed25519Verifier, public_key
from sync.pull_cards import answers_step, issuer_keys_step, read_issuers
from sync.wire_cards import ANSWERS_PATH, ISSUER_KEYS_PATH, AnswersPage, IssuerKeysAnswer
from tests.headoffice.kept import Kept
from tests.headoffice.shop import NOON, Till
from tests.headoffice.taps import found, wrong
from tests.headoffice.test_at_the_counter import VISITS, Shop

NUMBER, OTHER, UID = demo.card_number(0), demo.card_number(1), "04A1B2C3D4E5F6"


class Line:
    """The feeds of cards as the station asks for them."""

    def __init__(self, till: Till) -> None:
        self._till = till

    def issuer_keys(self, after: int) -> IssuerKeysAnswer:
        return self._till.ask("GET", ISSUER_KEYS_PATH, query={"after": after}).read(IssuerKeysAnswer)

    def answers_page(self, cursor: str) -> AnswersPage:
        return self._till.ask("GET", ANSWERS_PATH, query={"cursor": cursor}).read(AnswersPage)


class Desk(Shop):
    """A counter that asks what cards prove."""

    def __init__(self, folder: Path, till: Till, station: str) -> None:
        super().__init__(folder, till, station)
        self.office = Ed25519Verifier(public_key(settings.KEYS.office))
        self.issuers = IssuerKeyStore(
            self.journal.database, lambda document, signature: read_issuers(document, signature, self.office).keys)
        self.answers = TapAnswerStore(self.journal.database)
        prover = Prover(self.issuers, self.answers, Ed25519Verifier, lambda number: card_hash(settings.KEYS.card, number))
        self.counter = Counter(self.counter.place, replace(self.world, prover=prover))

    def pull(self) -> None:
        super().pull()
        issuer_keys_step(self.issuers, Line(self.till), self.office)
        while answers_step(self.answers, Line(self.till)):
            pass

    def send(self) -> None:
        self.upload(self.journal.head().seq)

    def shown(self, *proofs: Proof) -> tuple[CardTier | None, tuple[ProofNote, ...]]:
        """Show the chip card to an empty basket."""
        self.counter.abandon()
        self.counter.tap(Tap("sim:1", Medium.CHIP, NUMBER, uid=UID, proofs=proofs))
        return self.counter.shown.tier, self.counter.shown.notes


def code(counter: int) -> Proof:
    """The chip's own code of this tap."""
    keys = MasterKeyStore(settings.HOME / FOLDER).of(1)
    assert keys
    uid = bytes.fromhex(UID)
    mac = chip_codes.mac(keys.of_card(Technology.NTAG424, uid)[SUN_FILE], uid, counter)
    return Proof(ProofKind.SUN, sun.pack(sun.SunMessage(UID, counter, mac)))


@pytest.fixture
def desks(office: Path, tmp_path: Path) -> Iterator[tuple[Desk, Desk]]:
    """Two counters of one shop that have just pulled; the member's card is a chip issued there."""
    assert office.exists()
    publish(VISITS, 0)
    chips.register(Chip(
        card=card_hash(settings.KEYS.card, NUMBER), uid=UID, technology=Technology.NTAG424.value, key_version=1, shop="12",
        issued_us=now_us()))
    made = []
    for station in ("12-1", "12-2"):
        till = Till()
        till.journal.station = station
        Station.objects.create(id=station, shop="12", public_key=till.public, paired_us=0)
        made.append(Desk(tmp_path / station, till, station))
        made[-1].pull()
    yield made[0], made[1]
    for desk in made:
        desk.journal.close()
        desk.members.close()


def refused(show: Callable[[], object]) -> str:
    with pytest.raises(StationError) as caught:
        show()
    return caught.value.code.name


def test_a_copied_code_is_believed_without_a_line_and_noticed_after(desks: tuple[Desk, Desk]) -> None:
    here, there = desks
    assert here.shown(code(5)) == (CardTier.CHANGING_CODE, ())
    assert there.shown(code(5)) == (CardTier.CHANGING_CODE, ()), "it has no line, and cannot know"
    assert refused(lambda: here.shown(code(5))) == ErrorCode.CARD_REPLAYED.name
    there.send()
    assert found() == []
    here.send()
    twice, replayed = found()
    assert (twice[:2], twice[3:], replayed[:2]) == (("REPLAYED", "12-1"), ("", 0), ("SAME_CODE", "12-1"))
    before = found()
    here.till.put(1, here.journal.head().seq)
    assert rebuild().differing == ()
    assert (found(), wrong()) == (before, [])


def test_the_next_pull_brings_what_was_used_elsewhere(desks: tuple[Desk, Desk]) -> None:
    here, there = desks
    assert here.shown(code(9)) == (CardTier.CHANGING_CODE, ())
    here.send()
    there.pull()
    assert refused(lambda: there.shown(code(9))) == ErrorCode.CARD_REPLAYED.name
    assert refused(lambda: there.shown(code(8))) == ErrorCode.CARD_REPLAYED.name
    assert there.shown(code(9 + 32)) == (CardTier.CHANGING_CODE, ())
    assert there.shown(code(9 + 32 + 1)) == (CardTier.NUMBER, (ProofNote.NOT_CHECKED,))
    forged = code(11)
    assert refused(lambda: here.shown(replace(forged, content=forged.content[:-1] + b"!"))) == ErrorCode.CARD_FORGED.name


@pytest.fixture
def issuers(office: Path, tmp_path: Path) -> Iterator[Issuers]:
    """Head office's issuing keys, which other tests find as they were."""
    folder = office / ISSUERS
    shutil.copytree(folder, tmp_path / "issuers")
    yield issuers_in(office)
    shutil.rmtree(folder)
    shutil.move(tmp_path / "issuers", folder)


def test_a_record_is_believed_until_its_key_is_withdrawn(desks: tuple[Desk, Desk], issuers: Issuers) -> None:
    here, _ = desks
    here.clock.moment = replace(NOON, utc_us=now_us())
    record = Proof(ProofKind.RECORD, issuers.sign_record(NUMBER, UID, ""))
    assert here.shown(record) == (CardTier.ISSUED, ())
    [signing] = {each.key_id for each in issuers.listed().keys if each.withdrawn_us is None}
    issuers.withdraw(signing, now_us())
    here.pull()
    assert here.shown(record) == (CardTier.NUMBER, (ProofNote.KEY_WITHDRAWN,))
    issuers.new(now_us())
    here.pull()
    assert here.shown(Proof(ProofKind.RECORD, issuers.sign_record(NUMBER, UID, "2030-01-01"))) == (CardTier.ISSUED, ())


def test_a_database_from_yesterday_makes_no_version_fall_and_brings_no_withdrawn_key_back(
    desks: tuple[Desk, Desk], issuers: Issuers, template: Kept,
) -> None:
    here, _ = desks
    yesterday = here.issuers.version(here.office)
    [signing] = {each.key_id for each in issuers.listed().keys if each.withdrawn_us is None}
    issuers.withdraw(signing, now_us())
    assert here.shown(code(5)) == (CardTier.CHANGING_CODE, ())
    here.send()
    here.pull()
    told = here.issuers.version(here.office)
    assert told > yesterday
    template.clear()
    template.put_back()
    begin_life()
    Station.objects.create(id="12-1", shop="12", public_key=here.till.public, paired_us=0)
    publish(VISITS, 0)
    here.pull()
    assert here.issuers.version(here.office) == told
    key = here.issuers.key(signing)
    assert key
    assert key.withdrawn_us is not None
    chips.register(Chip(card=card_hash(settings.KEYS.card, OTHER), uid=UID, technology=Technology.NTAG424.value, key_version=1,
                        shop="12", issued_us=now_us()))
    here.pull()
    assert here.answers.window(card_hash(settings.KEYS.card, OTHER)) is not None
