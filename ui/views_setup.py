"""What the first run shows: frozen values of finished text."""

from dataclasses import dataclass

from ui.setup import Step
from ui.views import Tone
from ui.views_diagnostics import Fact


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several ways, by its ``key``; ``is_on`` marks the present one, without ``ready`` it cannot be had."""

    key: str
    text: str
    is_on: bool = False
    ready: bool = True


@dataclass(frozen=True, slots=True)
class Choices:
    """Ways of which one holds; ``label`` says what they are about."""

    label: str
    ways: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Blank:
    """Something to be typed, by its ``key``; ``example`` shows what it looks like."""

    key: str
    label: str
    text: str
    example: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """Something this step can do, by its ``key``."""

    key: str
    text: str
    ready: bool = True


@dataclass(frozen=True, slots=True)
class SetupView:
    """One step. ``news`` tells how the last act went; while ``busy`` something runs, and only going back is possible.

    ``back`` is "" at the first step; ``forward`` is what the key to the next step says, ``can_go`` whether it may be pressed.
    """

    step: Step
    progress: str
    title: str
    text: str
    choices: tuple[Choices, ...] = ()
    blanks: tuple[Blank, ...] = ()
    acts: tuple[Act, ...] = ()
    facts: tuple[Fact, ...] = ()
    news: str = ""
    tone: Tone = Tone.NEUTRAL
    busy: bool = False
    back: str = ""
    forward: str = ""
    can_go: bool = True
