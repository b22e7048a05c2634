"""What one shop tells the drivers: its cards, the ports that do not say what hangs on them, where codes go."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from drivers.chip import ChipProfile
from drivers.club_profile import ClubProfile
from drivers.port import Driver
from station.card_task import KeyHolder


@dataclass(frozen=True, slots=True)
class Setup:
    """``club``: the numbers that are cards; ``ports``: driver name → the ports configured for it.

    ``on_code`` takes every scanned code that is no card, on the reader's thread. ``chips`` says what
    is taken from cards with a chip. ``key_holder`` is asked what a chip proves; None asks nobody.
    """

    club: ClubProfile
    ports: dict[str, tuple[str, ...]] = field(default_factory=dict)
    on_code: Callable[[str], None] | None = None
    chips: ChipProfile = field(default_factory=ChipProfile)
    key_holder: KeyHolder | None = None


@runtime_checkable
class Adjustable(Protocol):
    """A driver that wants to know about the shop."""

    def set_up(self, setup: Setup) -> Driver:
        """Return this driver as the shop needs it."""
        ...
