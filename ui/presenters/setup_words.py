"""What the steps of the first run say. No Qt."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from drivers.pump import ReaderState
from station.card import Medium
from station.errors import ErrorCode, StationError
from sync.ed25519 import fingerprint
from ui.format import Format, Unit, fold_digits
from ui.look import Look
from ui.presenters.diagnostics_words import MEDIA, reader_facts, tail
from ui.presenters.look_words import SIZE_NAMES, THEME_NAMES, UNIT_NAMES
from ui.settings import PrinterSettings
from ui.setup import Step
from ui.text import Words, mark
from ui.views import Tone
from ui.views_diagnostics import Fact
from ui.views_setup import Act, Blank, Choice, Choices, SetupView
from ui.wiring import Paired

__all__ = ["tail"]

LANGUAGE_NAMES = {"fa": "فارسی", "en": "English"}
KINDS = {"file": mark("No printer yet"), "network": mark("Printer on the network"), "device": mark("Printer on USB"),
         "serial": mark("Printer on a serial port")}
_LRM = "\u200e"
_MOST_PORT = 65_535


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known so far: how it looks, who the station is, its readers in the order they came, whether goods are here.

    ``loaded`` is None before they were asked for, False when that failed.
    ``fits`` says whether the screen is large enough for a size in per cent.
    """

    look: Look
    paired: Paired | None
    readers: tuple[ReaderState, ...] = ()
    loaded: bool | None = None
    fits: Callable[[int], bool] = lambda _size: True

    def with_reader(self, state: ReaderState) -> "Facts":
        """Return the same with news of a reader; a card it could not take says nothing about it."""
        known = replace(state, error=None) if state.ready else state
        paths = [each.path for each in self.readers]
        if state.path not in paths:
            return replace(self, readers=(*self.readers, known))
        return replace(self, readers=tuple(known if each.path == state.path else each for each in self.readers))

    def title_of(self, path: str) -> str:
        """Return what people call the reader at ``path``, "" for one that is not in the list."""
        return next((each.title for each in self.readers if each.path == path), "")


@dataclass(frozen=True, slots=True)
class Printing:
    """The printer as it is being described: its ``kind``, and where it is by kind; ``rest`` is what is not asked here."""

    rest: PrinterSettings
    kind: str
    host: str
    path: str
    drawer: bool

    @classmethod
    def of(cls, settings: PrinterSettings) -> "Printing":
        """Return the description of what ``settings`` say."""
        host = settings.host if settings.port == PrinterSettings().port else f"{settings.host}:{settings.port}"
        return cls(settings, settings.kind, host, settings.path, settings.drawer)

    def chosen(self, part: str, value: str) -> "Printing":
        """Return the same with another ``kind`` or ``drawer``."""
        return replace(self, drawer=value == "yes") if part == "drawer" else replace(self, kind=value)

    def typed(self, key: str, text: str) -> "Printing":
        """Return the same at another ``host`` or ``path``."""
        return replace(self, host=text) if key == "host" else replace(self, path=text)

    def settings(self) -> PrinterSettings:
        """Return the settings that say so. Raises ``StationError`` PRINTER_NOWHERE without a place, or with one that cannot be."""
        if self.kind == "file":
            return PrinterSettings()
        host, _, port = fold_digits(self.host).strip().partition(":")
        path = self.path.strip()
        if not (host if self.kind == "network" else path) or (port and not (port.isdecimal() and 0 < int(port) <= _MOST_PORT)):
            raise StationError(ErrorCode.PRINTER_NOWHERE)
        usual = PrinterSettings()
        if self.kind == "network":
            return PrinterSettings(kind="network", host=host, port=int(port) if port else usual.port,
                                   answers=self.rest.answers, drawer=self.drawer)
        return PrinterSettings(kind="serial" if self.kind == "serial" else "device", path=path, baud=self.rest.baud,
                               answers=self.rest.answers, drawer=self.drawer)


def changed(look: Look, part: str, value: str) -> Look | None:
    """Return ``look`` with one part changed, None when ``part`` is none of it."""
    changes = {"language": lambda: replace(look, language=value), "theme": lambda: replace(look, theme=value),
               "size": lambda: replace(look, size=int(value)), "unit": lambda: replace(look, unit=Unit[value])}
    return changes[part]() if part in changes else None


def address(typed: str) -> str:
    """Return head office's address as it was meant: https where nothing is said. Raises ``StationError`` ADDRESS_INVALID."""
    text = "".join(typed.split())
    url = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(url)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good:
        raise StationError(ErrorCode.ADDRESS_INVALID)
    return url.rstrip("/")


def progress(place: int, count: int, words: Words) -> str:
    """Return how far it is."""
    style = Format(words.language)
    return words("Step {place} of {count}", place=style.number(place), count=style.number(count))


def fault_words(fault: StationError, words: Words) -> str:
    """Return what a fault means here, where nothing is sold yet."""
    if fault.code is ErrorCode.HEAD_OFFICE_UNREACHABLE:
        said = words("Head office does not answer. Check the address, the cable and the network, then try again.")
        return f"{said} (E{fault.code.value})"
    if fault.code is ErrorCode.PRINTER_UNAVAILABLE:
        said = words("The printer does not answer. Check its power, its cable and its address.")
        return f"{said} (E{fault.code.value})"
    return words.error(fault)


def read_words(reader: str, end: str, medium: Medium, words: Words) -> str:
    """Return what was read of a card; only its last characters are told."""
    what, last = words(MEDIA[medium]), f"{_LRM}{end}{_LRM}"
    if not reader:
        return words("A card was read: {medium}, ending in {end}", medium=what, end=last)
    return words("A card was read at {reader}: {medium}, ending in {end}", medium=what, end=last, reader=f"{_LRM}{reader}{_LRM}")


def code_words(count: int, words: Words) -> str:
    """Return that a code was read that is no card."""
    return words("A code of {count} characters was read. It is no card.", count=Format(words.language).number(count))


def step_view(
    step: Step, facts: Facts, printing: Printing, asked: Paired | None, typed: Mapping[str, str], words: Words,
) -> SetupView:
    """Return what ``step`` says; who shows it adds how far it is and the news."""
    makers: dict[Step, Callable[[], SetupView]] = {
        Step.LANGUAGE: lambda: _language(facts, words), Step.PAIRING: lambda: _pairing(facts, asked, typed, words),
        Step.READERS: lambda: _readers(facts, words), Step.PRINTER: lambda: _printer(printing, words),
        Step.LOOK: lambda: _look(facts, words), Step.PRACTICE: lambda: _practice(facts, words),
        Step.READY: lambda: _ready(facts, printing, words)}
    return makers[step]()


def _language(facts: Facts, words: Words) -> SetupView:
    return SetupView(
        Step.LANGUAGE, "", words("Welcome"), words("This station is set up in a few minutes. What is chosen here can be changed later."),
        (Choices(words("Language"), tuple(
            Choice(f"language:{key}", name, is_on=key == facts.look.language) for key, name in LANGUAGE_NAMES.items())),),
        forward=words("Continue"))


def _pairing(facts: Facts, asked: Paired | None, typed: Mapping[str, str], words: Words) -> SetupView:
    title = words("Head office")
    if facts.paired:
        return SetupView(Step.PAIRING, "", title, words("This station belongs to head office. Nothing is to be done here."),
                         facts=_who(facts.paired, words), forward=words("Continue"))
    if asked:
        return SetupView(
            Step.PAIRING, "", title, words("Head office lists each station with the key it has: “headoffice stations”, or its console."),
            acts=(Act("same", words("Head office shows the same key")), Act("other", words("It shows another one"))),
            facts=_who(asked, words), forward=words("Continue"), can_go=False)
    return SetupView(
        Step.PAIRING, "", title,
        words("Head office gives a code that is good once, for a quarter of an hour: “headoffice pair --shop …”."),
        blanks=(Blank("url", words("Address of head office"), typed["url"], "office.example:8443"),
                Blank("code", words("Pairing code"), typed["code"], "XXXXX-XXXXX-XXXXX-XXXXX-XXXXX")),
        acts=(Act("pair", words("Pair this station")),), forward=words("Continue"), can_go=False)


def _who(paired: Paired, words: Words) -> tuple[Fact, ...]:
    who = paired.enrolment
    return (
        Fact(words("Station"), f"{_LRM}{who.station}{_LRM}"), Fact(words("Shop"), who.shop_name.in_language(words.language)),
        Fact(words("Key of this station"), f"{_LRM}{who.fingerprint}{_LRM}", Tone.WARN),
        Fact(words("Key of head office"), f"{_LRM}{fingerprint(who.office_key)}{_LRM}"))


def _readers(facts: Facts, words: Words) -> SetupView:
    found = any(each.ready for each in facts.readers)
    return SetupView(
        Step.READERS, "", words("Card readers"),
        words("Plug the readers in: they are found by themselves. Present a card at each, it is only tried. A reader that types like "
              "a keyboard is not listed; swipe a card through it, or scan a code."),
        facts=reader_facts(facts.readers, words), forward=words("Continue") if found else words("Continue without a reader"))


def _printer(printing: Printing, words: Words) -> SetupView:
    kinds = Choices(words("Printer"), tuple(
        Choice(f"kind:{key}", words(name), is_on=key == printing.kind) for key, name in KINDS.items()))
    if printing.kind == "file":
        return SetupView(Step.PRINTER, "", words("Receipt printer"), words("Receipts are kept as pictures in the station's folder."),
                         (kinds,), forward=words("Continue without a printer"))
    drawer = Choices(words("Cash drawer"), (
        Choice("drawer:yes", words("Hangs on the printer"), is_on=printing.drawer),
        Choice("drawer:no", words("None"), is_on=not printing.drawer)))
    blank = Blank("host", words("Address of the printer"), printing.host, "192.168.1.50") if printing.kind == "network" else Blank(
        "path", words("Port of the printer"), printing.path, "/dev/usb/lp0" if printing.kind == "device" else "/dev/ttyUSB0")
    return SetupView(
        Step.PRINTER, "", words("Receipt printer"), words("Any ESC/POS printer with a roll of 80 mm. Print a page before you go on."),
        (kinds, drawer), (blank,), (Act("print", words("Print a test page")),), forward=words("Continue"))


def _look(facts: Facts, words: Words) -> SetupView:
    look = facts.look
    return SetupView(
        Step.LOOK, "", words("Colours, size, unit"), words("How the counter looks to you. The menu (F10) changes it at any time."), (
            Choices(words("Colours"), tuple(
                Choice(f"theme:{key}", words(name), is_on=key == look.theme) for key, name in THEME_NAMES.items())),
            Choices(words("Size"), tuple(
                Choice(f"size:{key}", words(name), key == look.size, facts.fits(key)) for key, name in SIZE_NAMES.items())),
            Choices(words("Money"), tuple(
                Choice(f"unit:{key.name}", words(name), is_on=key is look.unit) for key, name in UNIT_NAMES.items()))),
        forward=words("Continue"))


def _practice(facts: Facts, words: Words) -> SetupView:
    acts = (Act("practise", words("Make a test sale in training")),) if facts.loaded else (
        (Act("load", words("Try again")),) if facts.loaded is False else ())
    return SetupView(
        Step.PRACTICE, "", words("A test sale"),
        words("In training nothing is real and nothing is sent. Scan a good, show a card, take the money, look at the receipt; "
              "then choose “End training” in the menu (F10) to come back here."),
        acts=acts, forward=words("Continue without a test sale"))


def _ready(facts: Facts, printing: Printing, words: Words) -> SetupView:
    ready = sum(1 for each in facts.readers if each.ready)
    return SetupView(
        Step.READY, "", words("Ready"), words("The station can sell. People sign in with their own PIN; the first thing asked is the shift."),
        facts=(*(_who(facts.paired, words)[:2] if facts.paired else ()),
               Fact(words("Readers"), Format(words.language).number(ready), Tone.OK if ready else Tone.WARN),
               Fact(words("Printer"), words(KINDS[printing.kind]), Tone.WARN if printing.kind == "file" else Tone.OK)),
        forward=words("Start selling"))
