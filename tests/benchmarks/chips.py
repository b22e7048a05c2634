"""Chips: SUN checks per second beside the bare AES-CMAC; tap → proven tier, offline and online, beside the bare exchange.

Online is all of it: the real PC/SC service, a virtual card in a process of its own, a head office process over TLS.
"""

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median

from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC
from smartcard import scard

from drivers.apdu import GET_UID
from drivers.chip import ChipProfile, ClubFile
from drivers.pcsc_calls import pyscard, with_card
from drivers.port import Device
from drivers.readers.pcsc import PcscDriver
from drivers.writer_port import ChipJob, WriteStep
from drivers.writers.pcsc_chip import ChipWriterDriver
from headoffice.cardkeys.desfire import FILE_ID, NAME
from headoffice.cardkeys.issuers import Issuers
from headoffice.cardkeys.service import KeyService
from headoffice.cardkeys.store import MasterKeyStore
from station.card import CardTier
from sync.key_holder import OnlineKeyHolder
from tests.benchmarks.figure import Figure, in_turn, milliseconds
from tests.rigs.pcscd import READER, PcscService, reader_state, wait_until_empty
from tests.rigs.secure_hand import SecureHand
from ui.clock import SystemClock
from ui.demo.office import Office, Seed
from ui.demo.shop import SHOP, cards, first_load
from ui.devices import shop_setup
from ui.settings import Settings
from ui.wiring import Home, Memory, Paired
from ui.wiring_cards import make_prover
from ui.wiring_lines import key_holder, pair, sync_opener
from ui.wiring_writers import writer_setup

RUNS = 40
ROUNDS = 40
TIMES = 500
MS_PER_S = 1000
UID = "04A1B2C3D4E5F6"
MEMBERS = 50
KINDS = (("ntag424", "NTAG 424", UID), ("desfire", "DESFire EV2", "04A1B2C3D4E5F7"))
DEVICE = Device(f"pcsc:{READER}", READER)


class Patient:
    """A hand that does what it is told."""

    def tell(self, step: WriteStep) -> None:
        """Do it."""
        del step

    def stopped(self) -> bool:
        """Return False."""
        return False


def measure(folder: Path) -> list[Figure]:
    """Medians; in ``folder`` are a head office and a station."""
    return [*_checks(folder / "keys"), *_proven(folder)]


def _checks(folder: Path) -> list[Figure]:
    service = KeyService(MasterKeyStore(folder), Issuers(folder / "issuers"))
    key, mac = bytes(16), bytes(8)

    def bare() -> None:
        for _ in range(TIMES):
            worker = CMAC(AES(key))
            worker.update(key)
            worker.finalize()

    def check() -> None:
        for counter in range(TIMES):
            service.check_sun(UID, 1, counter, mac)

    def ahead() -> None:
        service.answers(UID, 1, 0, TIMES)

    taken = in_turn(ROUNDS, check, ahead, bare)
    checked, told, least = (TIMES * MS_PER_S / each for each in taken)
    return [
        Figure("SUN checks at head office", checked, "1/s", "bare AES-CMAC of one block", least),
        Figure("SUN answers told ahead", told, "1/s", "bare AES-CMAC of one block", least)]


def _proven(folder: Path) -> list[Figure]:
    office, home = Office(folder / "office"), Home(folder / "station")
    office.make(Seed(members=MEMBERS, goods=10))
    office.start()
    try:
        who = pair(home, office.url, office.ask("pair", "--shop", SHOP))
        with closing(first_load(home, who)) as memory, PcscService() as service, SecureHand() as hand, \
                closing(key_holder(home, who)) as keys:
            assert service
            wait_until_empty()
            return _figures(office, home, who, memory, hand, keys)
    finally:
        office.stop()


def _figures(
    office: Office, home: Home, who: Paired, memory: Memory, hand: SecureHand, keys: OnlineKeyHolder,
) -> list[Figure]:
    figures = []
    active = [each for each in cards(office, MEMBERS) if each.status == "ACTIVE"]
    for (kind, name, uid), card in zip(KINDS, active, strict=False):
        link = memory.members.card(card.number)
        assert link
        hand.swap(uid, kind)
        while not reader_state() & scard.SCARD_STATE_PRESENT:
            time.sleep(0.01)
        with closing(ChipWriterDriver(writer_setup(Settings(), keys, memory)).open(DEVICE)) as writer:
            made = milliseconds(partial(writer.write, ChipJob(card.number, link.member_id), Patient()))
        bare = median(milliseconds(_exchange) for _ in range(RUNS))
        figures += [
            Figure(f"{name}: made, checked, registered", made, "ms", "one bare exchange with the card", bare),
            _online(keys, name)]
        if kind == "ntag424":
            _exchange_with(home, who)
            figures.append(_offline(memory, who))
    return figures


def _exchange_with(home: Home, who: Paired) -> None:
    with closing(sync_opener(home, who)()) as sync:
        sync.push()
        while sync.pull():
            pass


def _online(keys: OnlineKeyHolder, name: str) -> Figure:
    """Have a chip that lies there read and asked by one reader after another."""
    chips = ChipProfile(ClubFile(NAME, FILE_ID))
    driver = PcscDriver().set_up(replace(shop_setup(Settings(), None, keys), chips=chips))
    taken, bare = [], []

    def proven(reader: Callable[[float], object]) -> None:
        assert reader(1.0)
        tap = reader(0)
        assert getattr(tap, "tier", None) is CardTier.SHARED_SECRET

    for _ in range(RUNS // 2):
        with closing(driver.open(DEVICE)) as reader:
            taken.append(milliseconds(partial(proven, reader.wait)))
        bare.append(milliseconds(_exchange))
        time.sleep(1.1)  # a station has its pace (headoffice.api.card_service)
    return Figure(f"card detected, secret proven online ({name})", median(taken), "ms", "one bare exchange with the card", median(bare))


def _offline(memory: Memory, who: Paired) -> Figure:
    """Have a tap judged by what was told ahead."""
    prover = make_prover(memory.issuers, memory.journal.database, who.enrolment.card_key)
    taken, bare = [], []
    for _ in range(RUNS // 2):
        with closing(PcscDriver().set_up(shop_setup(Settings())).open(DEVICE)) as reader:
            def proven(reader: Callable[[float], object] = reader.wait) -> None:
                tap = reader(1.0)
                prover.prove(tap, SystemClock().now())  # type: ignore[arg-type]

            taken.append(milliseconds(proven))
        bare.append(milliseconds(_exchange))
    return Figure("card detected, code judged offline (NTAG 424)", median(taken), "ms", "one bare exchange with the card", median(bare))


def _exchange() -> None:
    with_card(pyscard(), READER, lambda exchange, _: exchange(GET_UID))
