"""Which tools the counter has: one line for each, given what the program around the window has."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from data.parked import ParkedStore
from drivers.printers.queue import PrintQueue
from station.counter import Counter, World
from station.journal import Draft, EntryKind
from station.parked import Parking
from station.people import Actor
from station.shift import Shift
from station.staff_event import StaffDeed, StaffEvent
from ui.format import Format
from ui.presenters.at_till import AtTill
from ui.qt.papers import Papers
from ui.qt.tool import Maker
from ui.qt.tools.asking import AskTool
from ui.qt.tools.benefits import BenefitsTool
from ui.qt.tools.enquiry import EnquiryTool
from ui.qt.tools.enrolling import EnrollingTool
from ui.qt.tools.hand import HandTool
from ui.qt.tools.holding import HoldingTool
from ui.qt.tools.returning import return_tool
from ui.qt.tools.shift import ShiftTool
from ui.qt.tools.telling import TellTool
from ui.qt.tools.training import TrainingTool
from ui.qt.tools.using import UsingTool
from ui.text import Words
from ui.wiring import Home, Memory, Paired
from ui.wiring_members import enrol_desk, tell_desk


@dataclass(frozen=True, slots=True)
class Parts:
    """What tools are made of, beside the till that the window gives them.

    ``printer`` returns the print queue, which starts after the window was made; ``wake`` tells the sync that
    there is something to send; ``speak`` returns the present language; ``home`` is None in programs
    without a folder of their own; ``online`` says whether head office answered last; ``papers`` are
    strips to print that are in no journal: ``printer().reprint(papers.put(view))``; ``shift_is`` tells the top
    bar which shift is open now. ``turn`` goes into training (True) or out of it, None where
    neither can be done; ``training`` says whether this is training.
    """

    counter: Counter
    world: World
    memory: Memory
    at_till: AtTill
    paired: Paired
    home: Home | None
    printer: Callable[[], PrintQueue]
    wake: Callable[[], None]
    speak: Callable[[], tuple[Words, Format]]
    online: Callable[[], bool]
    papers: Papers
    shift_is: Callable[[Shift | None], None]
    turn: Callable[[bool], None] | None = None
    training: bool = False


def toolbox(parts: Parts) -> tuple[Maker, ...]:
    """Return the makers of all tools, in the order of their keys."""
    parked = ParkedStore(parts.memory.journal.database)
    enrolling, telling = enrol_desk(parts.counter, parts.memory, parts.paired), tell_desk(parts.memory)
    return (
        HandTool,
        lambda till: HoldingTool(till, Parking(parts.counter, parked, parts.world.clock)),
        EnquiryTool,
        UsingTool,
        partial(return_tool, parts),
        partial(BenefitsTool, parts),
        *((lambda till: EnrollingTool(till, enrolling, parts.wake),) if enrolling else ()),
        *((lambda till: TellTool(till, telling, parts.wake),) if telling else ()),
        partial(AskTool, parts),
        partial(ShiftTool, parts),
        *((partial(TrainingTool, turn=parts.turn, note=partial(_training_begun, parts), training=parts.training),) if parts.turn else ()),
    )


def _training_begun(parts: Parts, approver: Actor | None) -> None:
    """Have the real journal say who left real selling, and who agreed. Raises ``StationError`` 4xx."""
    actor = parts.at_till.actor
    event = StaffEvent(StaffDeed.TRAINING_BEGUN, actor.person)
    parts.world.journal.append(Draft(EntryKind.STAFF, parts.world.clock.now(), actor, event, approver))
