"""The first run of a station, step by step, until it can sell. No Qt.

What takes its time (head office, printer) runs elsewhere and says at the end how it went; nothing raises
``StationError``: it becomes the screen's news. Where somebody stands outlives the program.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from typing import Protocol

from drivers.bank_cards import Lane, is_bank_card
from drivers.pump import ReaderState
from station.card import Tap
from station.errors import ErrorCode, StationError
from ui.format import fold_digits
from ui.look import Look
from ui.presenters import setup_words as told
from ui.presenters.setup_words import Facts, Printing
from ui.settings import PrinterSettings
from ui.setup import Step
from ui.text import Words
from ui.views import Tone
from ui.views_setup import SetupView
from ui.wiring import Paired

STEPS = tuple(Step)


class Outcome(Enum):
    """How the first run was left: to practise, to sell, or for another time."""

    PRACTISE = "PRACTISE"
    SELL = "SELL"
    LATER = "LATER"


class SetupScreen(Protocol):
    """The screen the presenter speaks to."""

    def show_setup(self, view: SetupView) -> None:
        """Show ``view``."""
        ...


@dataclass(frozen=True, slots=True)
class Acts:
    """What the first run does. All but ``leave`` and ``wear`` may raise ``StationError``.

    Those with a ``done`` return at once and call it later, on the thread of the screen, with the fault or
    what came of it. ``ask_in`` asks head office in with an address and a code and keeps nothing; ``keep`` keeps it. ``load`` fetches goods,
    rules and people. ``wear`` puts a look on and remembers it; ``leave`` ends the first run.
    """

    ask_in: Callable[[str, str, Callable[[Paired | StationError], None]], None]
    keep: Callable[[Paired], None]
    load: Callable[[Callable[[StationError | None], None]], None]
    keep_printer: Callable[[PrinterSettings], None]
    test_print: Callable[[PrinterSettings, Callable[[StationError | None], None]], None]
    wear: Callable[[Look], None]
    stand_at: Callable[[Step], None]
    leave: Callable[[Outcome], None]
    fits: Callable[[int], bool] = lambda _size: True


class FirstRun:
    """Lives on the screen's thread. ``paired`` is who the station is, where it knows already."""

    def __init__(self, acts: Acts, screen: SetupScreen, look: Look, step: Step, paired: Paired | None, printer: PrinterSettings) -> None:
        """Stand at ``step``, or at the pairing where that must come first; ``show`` shows it."""
        self._acts, self._screen = acts, screen
        late = paired is None and STEPS.index(step) > STEPS.index(Step.PAIRING)
        self._step = Step.PAIRING if late else step
        self._facts = Facts(look, paired, fits=acts.fits)
        self._printing = Printing.of(printer)
        self._typed = {"url": "", "code": ""}
        self._asked: Paired | None = None
        self._busy = False
        self._news: Callable[[Words], tuple[str, Tone]] = _silence

    @property
    def step(self) -> Step:
        """Where somebody stands."""
        return self._step

    def shop(self, words: Words) -> str:
        """Return the shop's name, once it is known."""
        who = self._facts.paired
        return who.enrolment.shop_name.in_language(words.language) if who else ""

    def show(self) -> None:
        """Show the step; goods are fetched when it is their turn."""
        if self._step is Step.PRACTICE and self._facts.loaded is None and not self._busy:
            self._load()
        else:
            self._show()

    def tell(self, fault: StationError) -> None:
        """Say why something could not be done."""
        self._refuse(fault)

    def choose(self, key: str) -> None:
        """Take one of the ways of this step."""
        part, _, value = key.partition(":")
        look = told.changed(self._facts.look, part, value)
        if look is not None:
            self._facts = replace(self._facts, look=look)
            self._acts.wear(look)
        else:
            self._printing = self._printing.chosen(part, value)
            self._news = _silence
        self._show()

    def typed(self, key: str, text: str) -> None:
        """Take what is typed; it is not shown anew."""
        if key in self._typed:
            self._typed[key] = text
        else:
            self._printing = self._printing.typed(key, text)

    def act(self, key: str) -> None:
        """Do one thing of this step."""
        if not self._busy:
            acts = {"pair": self._pair, "same": self._keep, "other": self._reject, "print": self._print,
                    "load": self._load, "practise": self._practise}
            self._do(acts[key])

    def forward(self) -> None:
        """Go to the next step, or begin to sell after the last."""
        if self._busy or (self._step is Step.PAIRING and self._facts.paired is None):
            return
        if self._step is Step.READY:
            self._acts.leave(Outcome.SELL)
            return
        self._do(self._forward)

    def back(self) -> None:
        """Go one step back; what runs goes on, and nobody waits for it."""
        if self._asked:
            self._reject()
        elif self._step is not STEPS[0]:
            self._busy = False
            self._do(lambda: self._go(-1))

    def reader_state(self, state: ReaderState) -> None:
        """Take news of a reader."""
        self._facts = self._facts.with_reader(state)
        if state.ready and state.error is not None:
            fault = StationError(state.error)
            self._say_at_readers(lambda words: (words.error(fault), Tone.ERROR))
        elif self._step in (Step.READERS, Step.READY):
            self._show()

    def tapped(self, tap: Tap) -> None:
        """Tell what a reader read, where readers are tried."""
        if is_bank_card(tap.number, Lane.BARCODE):
            self.card_fault(StationError(ErrorCode.CARD_IS_BANK_CARD))
            return
        where, end, medium = self._facts.title_of(tap.reader), told.tail(tap.number), tap.medium
        self._say_at_readers(lambda words: (told.read_words(where, end, medium, words), Tone.OK))

    def coded(self, code: str) -> None:
        """Tell that a code was read that is no card."""
        count = len(code)
        self._say_at_readers(lambda words: (told.code_words(count, words), Tone.OK))

    def card_fault(self, fault: StationError) -> None:
        """Tell why a card could not be taken."""
        self._say_at_readers(lambda words: (words.error(fault), Tone.ERROR))

    def _say_at_readers(self, news: Callable[[Words], tuple[str, Tone]]) -> None:
        if self._step is Step.READERS:
            self._news = news
            self._show()

    def _forward(self) -> None:
        if self._step is Step.PRINTER:
            self._acts.keep_printer(self._printing.settings())
        self._go(1)

    def _go(self, by: int) -> None:
        step = STEPS[STEPS.index(self._step) + by]
        self._acts.stand_at(step)
        self._step, self._news = step, _silence
        self.show()

    def _do(self, act: Callable[[], None]) -> None:
        try:
            act()
        except StationError as fault:
            self._refuse(fault)

    def _refuse(self, fault: StationError) -> None:
        self._busy = False
        self._news = lambda words: (told.fault_words(fault, words), Tone.ERROR)
        self._show()

    def _begin(self, news: Callable[[Words], str]) -> None:
        self._busy, self._news = True, lambda words: (news(words), Tone.NEUTRAL)
        self._show()

    def _pair(self) -> None:
        url = told.address(fold_digits(self._typed["url"]))
        self._typed["url"] = url
        self._begin(lambda words: words("Head office is being asked …"))
        self._acts.ask_in(url, fold_digits(self._typed["code"]), self._answered)

    def _answered(self, answer: Paired | StationError) -> None:
        if self._step is not Step.PAIRING or not self._busy:
            return
        if isinstance(answer, StationError):
            self._refuse(answer)
            return
        self._busy, self._asked = False, answer
        self._news = lambda words: (words("Compare the key with what head office lists for this station, then confirm."), Tone.WARN)
        self._show()

    def _keep(self) -> None:
        if self._asked:
            self._acts.keep(self._asked)
            self._facts = replace(self._facts, paired=self._asked)
            self._asked, self._typed = None, {"url": "", "code": ""}
            self._news = lambda words: (words("This station is paired."), Tone.OK)
            self._show()

    def _reject(self) -> None:
        self._asked = None
        self._typed["code"] = ""
        self._news = lambda words: (words(
            "Nothing was kept. Let head office revoke that station and give another code."), Tone.WARN)
        self._show()

    def _print(self) -> None:
        settings = self._printing.settings()
        self._begin(lambda words: words("Printing …"))
        self._acts.test_print(settings, self._printed)

    def _printed(self, fault: StationError | None) -> None:
        if self._step is not Step.PRINTER or not self._busy:
            return
        if fault:
            self._refuse(fault)
            return
        self._busy = False
        self._news = lambda words: (words("A test page was printed. If you can read it, the printer works."), Tone.OK)
        self._show()

    def _load(self) -> None:
        self._begin(lambda words: words("Goods, rules and people are being fetched from head office …"))
        self._acts.load(self._fetched)

    def _fetched(self, fault: StationError | None) -> None:
        self._facts = replace(self._facts, loaded=fault is None)
        if self._step is not Step.PRACTICE:
            return
        if fault:
            self._refuse(fault)
            return
        self._busy, self._news = False, lambda words: (words("Goods, rules and people are here."), Tone.OK)
        self._show()

    def _practise(self) -> None:
        self._acts.stand_at(Step.READY)
        self._acts.leave(Outcome.PRACTISE)

    def _show(self) -> None:
        words = Words(self._facts.look.language)
        news, tone = self._news(words)
        place = STEPS.index(self._step) + 1
        view = told.step_view(self._step, self._facts, self._printing, self._asked, self._typed, words)
        self._screen.show_setup(replace(
            view, progress=told.progress(place, len(STEPS), words), news=news, tone=tone, busy=self._busy,
            back="" if place == 1 else words("Back"), can_go=view.can_go and not self._busy))


def _silence(_words: Words) -> tuple[str, Tone]:
    return "", Tone.NEUTRAL
