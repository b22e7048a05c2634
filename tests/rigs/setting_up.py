"""A station's first run in memory: what it asked for, and answers given when the test wants."""

from collections.abc import Callable
from dataclasses import dataclass, field

from data.sealed import recovery_public
from station.errors import StationError
from station.text import Text
from sync.ed25519 import public_key
from sync.enrol import Enrolment
from sync.keys import OwnKeys
from tests.rigs.paired import CARD_KEY, RECOVERY, STATION_KEY
from ui.look import Look
from ui.presenters.wizard import Acts, FirstRun, Outcome, SetupScreen
from ui.settings import PrinterSettings
from ui.setup import Step
from ui.views_setup import SetupView
from ui.wiring import Paired

WHO = Paired("https://office.example:8443", Enrolment(
    "12-1", "12", Text("شعبهٔ ونک", "Vanak branch"), CARD_KEY, public_key(bytes(32)), recovery_public(RECOVERY),
    OwnKeys(STATION_KEY), "", public_key(STATION_KEY)))


@dataclass
class World:
    """All that lies around the first run. ``fault`` is raised by the next thing that can be refused."""

    asked: list[tuple[str, str]] = field(default_factory=list)
    kept: list[Paired] = field(default_factory=list)
    printers: list[PrinterSettings] = field(default_factory=list)
    printed: list[PrinterSettings] = field(default_factory=list)
    loads: int = 0
    looks: list[Look] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    left: list[Outcome] = field(default_factory=list)
    fault: StationError | None = None
    answer: Callable[[Paired | StationError], None] = lambda _answer: None
    done: Callable[[StationError | None], None] = lambda _fault: None
    wears: Callable[[Look], None] = lambda _look: None

    def acts(self) -> Acts:
        """Return it as the first run sees it."""
        return Acts(self._ask_in, self._keep, self._load, self._keep_printer, self._print, self._wear, self._stand,
                    self.left.append, lambda size: size < 150)

    def _refuse(self) -> None:
        fault, self.fault = self.fault, None
        if fault:
            raise fault

    def _ask_in(self, url: str, code: str, done: Callable[[Paired | StationError], None]) -> None:
        self.asked.append((url, code))
        self.answer = done

    def _keep(self, found: Paired) -> None:
        self._refuse()
        self.kept.append(found)

    def _load(self, done: Callable[[StationError | None], None]) -> None:
        self.loads += 1
        self.done = done

    def _keep_printer(self, printer: PrinterSettings) -> None:
        self._refuse()
        self.printers.append(printer)

    def _print(self, printer: PrinterSettings, done: Callable[[StationError | None], None]) -> None:
        self.printed.append(printer)
        self.done = done

    def _wear(self, look: Look) -> None:
        self.looks.append(look)
        self.wears(look)

    def _stand(self, step: Step) -> None:
        self._refuse()
        self.steps.append(step)


@dataclass
class Seen:
    """``SetupScreen``: what was shown last."""

    view: SetupView | None = None

    def show_setup(self, view: SetupView) -> None:
        """Keep it."""
        self.view = view

    @property
    def now(self) -> SetupView:
        """The view on the screen."""
        assert self.view
        return self.view


def first_run(
    world: World, screen: SetupScreen, step: Step = Step.LANGUAGE, who: Paired | None = None, look: Look | None = None,
) -> FirstRun:
    """Return the first run at ``step``, shown."""
    made = FirstRun(world.acts(), screen, look or Look("en"), step, who, PrinterSettings())
    made.show()
    return made
