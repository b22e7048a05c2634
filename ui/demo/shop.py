"""The demo shop: its head office, its paired station, its cards and goods."""

from dataclasses import dataclass
from pathlib import Path

from station.people import Actor, Role
from station.text import Text
from ui.demo.office import Office, Seed
from ui.demo.steps import Steps
from ui.wiring import Home, Memory, Paired, open_memory, paired
from ui.wiring_lines import pair, sync_opener

SEED = Seed(members=10_000, goods=200)
SHOP = "12"
CASHIER = Actor("sara", Role.CASHIER)
CASHIER_NAME = Text("سارا محمدی", "Sara Mohammadi")
READER = "Demo reader"
UNKNOWN_CARD = "9364999999999990"


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody who works at the demo shop; ``badge`` is the UID of the badge."""

    staff_id: str
    name: Text
    role: Role
    badge: str


STAFF = (
    DemoPerson(CASHIER.person, CASHIER_NAME, CASHIER.role, "04BAD6E0000001"),
    DemoPerson("omid", Text("امید رضایی", "Omid Rezaei"), Role.MANAGER, "04BAD6E0000002"))


@dataclass(frozen=True, slots=True)
class DemoCard:
    """A card of the demo club: its printed ``number``, its NFC ``uid``, its member."""

    number: str
    uid: str
    name: str
    tier: str
    status: str


def prepare(folder: Path, steps: Steps) -> tuple[Office, Home, Paired]:
    """Make, or open again, the demo's head office and station in ``folder``; head office runs."""
    office = Office(folder / "headoffice")
    home = Home(folder / "station")
    with steps.step(f"head office made: {SEED.members} members, {SEED.goods} goods"):
        if not office.home.exists():
            office.make(SEED)
    with steps.step("head office started"):
        office.start()
    with steps.step("station paired by a one-time code"):
        if home.enrolment.exists():
            who = Paired(office.url, paired(home).enrolment)
        else:
            who = pair(home, office.url, office.ask("pair", "--shop", SHOP))
    return office, home, who


def hire(office: Office, steps: Steps) -> dict[str, str]:
    """Let the shop's people sign in; return the PIN of each, which they replace when they first do."""
    pins = {}
    with steps.step("people of the shop set up, with PINs to be replaced"):
        for person in STAFF:
            office.ask("staff", person.staff_id, "--role", person.role.value, "--shop", SHOP,
                       "--name-fa", person.name.fa, "--name-en", person.name.en, "--badge", person.badge)
            pins[person.staff_id] = office.ask("staff", person.staff_id, "--reset-pin")
    return pins


def first_load(home: Home, who: Paired) -> Memory:
    """Take everything head office has for this station, and return the station's open files."""
    memory = open_memory(home, who.enrolment)
    sync = sync_opener(home, who)()
    try:
        while sync.pull():
            pass
    finally:
        sync.close()
    return memory


def cards(office: Office, count: int) -> list[DemoCard]:
    """Return the first ``count`` members' cards."""
    return [DemoCard(**each) for each in office.ask_json("demo-cards", "--count", str(count))]


def one_of_each_tier(found: list[DemoCard]) -> list[DemoCard]:
    """Return the first active card of each tier, and one that is not active."""
    chosen: dict[str, DemoCard] = {}
    for card in found:
        chosen.setdefault(card.tier if card.status == "ACTIVE" else card.status, card)
    return list(chosen.values())

