"""The part of the composition root that has to do with making cards."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

from drivers.writer_port import WriterSetup
from station.card_desk import CardDesk
from station.card_task import KeyHolder
from station.people import Actor
from ui.devices import shop_setup
from ui.presenters.issuing import Issuing, active_cards
from ui.settings import Settings
from ui.wiring import Home, Memory, Paired, card_book, make_world, open_memory


def make_issuing(memory: Memory, by: Callable[[], Actor], in_hand: Callable[[], int | None] = lambda: None) -> Issuing:
    """Return what gives cards over ``memory``, on the calling thread; ``in_hand`` is the card that opened the basket."""
    book = card_book(memory)
    return Issuing(CardDesk(make_world(memory), book, in_hand), book, by)


def writer_setup(settings: Settings, key_holder: KeyHolder, memory: Memory) -> WriterSetup:
    """Return what the shop tells its writers; they are to be used on the thread that ``memory`` lives on.

    Raises ``ValueError`` as ``shop_setup``.
    """
    setup = shop_setup(settings)
    return WriterSetup(
        setup.club, key_holder, active_cards(card_book(memory)), setup.ports, settings.writing.coercivity == "high")


@contextmanager
def writers_of(home: Home, paired_as: Paired, settings: Settings, key_holder: KeyHolder) -> Iterator[WriterSetup]:
    """Give ``writer_setup`` over files opened for the calling thread. Raises ``StationError`` 4xx."""
    with closing(open_memory(home, paired_as.enrolment)) as memory:
        yield writer_setup(settings, key_holder, memory)
