"""How cards are made at a counter."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from drivers.club_profile import ClubProfile

if TYPE_CHECKING:
    from ui.writing_bench import Opener


@dataclass(frozen=True, slots=True)
class Making:
    """Numbers of ``club``, with the writers that ``opens`` gives on their thread."""

    club: ClubProfile
    opens: "Opener"
