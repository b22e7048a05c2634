"""What the diagnostics screen shows: frozen values of finished text."""

from dataclasses import dataclass

from ui.views import Tone


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing and how it stands; the words say what the ``tone`` colours. ``hint`` says more (a tooltip)."""

    label: str
    value: str
    tone: Tone = Tone.NEUTRAL
    hint: str = ""


@dataclass(frozen=True, slots=True)
class PadView:
    """The test pad: what to do, or what was read of the last card. ``facts`` are empty before the first."""

    title: str
    tone: Tone = Tone.NEUTRAL
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class AsideView:
    """An entry that head office put aside: its number as ``entry`` and the ``reason``; ``incarnation`` and ``seq`` are what to retry."""

    seq: int
    entry: str
    reason: str
    incarnation: str = ""


@dataclass(frozen=True, slots=True)
class CheckView:
    """The check of the files. ``percent`` is None while nobody can say, or nothing runs."""

    text: str
    tone: Tone = Tone.NEUTRAL
    running: bool = False
    stopping: bool = False
    percent: int | None = None
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DiagnosticsView:
    """The whole screen. ``news`` tells how the last action went, "" before one; ``retrying``: head office is being asked."""

    readers: tuple[Fact, ...]
    pad: PadView
    printer: tuple[Fact, ...]
    queue: tuple[Fact, ...]
    aside: tuple[AsideView, ...]
    stocks: tuple[Fact, ...]
    machine: tuple[Fact, ...]
    check: CheckView
    news: str = ""
    news_tone: Tone = Tone.NEUTRAL
    retrying: bool = False
