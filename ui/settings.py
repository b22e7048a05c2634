"""``station.toml``: how one shop's readers, printer and keyboard are set up. Strict: no unknown key."""

import tomllib
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from drivers.chip import ChipProfile, ClubFile
from drivers.club_profile import CheckDigit, ClubProfile
from drivers.tracks import Track
from station.weighed import LABEL_LENGTH, Figure, LabelLayout

Port = Annotated[int, msgspec.Meta(ge=1, le=65535)]


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The common base: frozen and closed."""


class ClubSettings(Section, frozen=True, kw_only=True):
    """What the club's card numbers look like (``drivers.club_profile.ClubProfile``)."""

    track: Literal[1, 2, 3] = 2
    prefix: str = "9364"
    lengths: tuple[int, ...] = (16,)
    check: CheckDigit = CheckDigit.LUHN
    group: int = 0
    lead: str = ""
    letters: bool = False
    override: str = ""

    def profile(self) -> ClubProfile:
        """Return the profile. Raises ``ValueError`` on one that would let bank cards in."""
        return ClubProfile(
            Track(self.track), self.prefix, self.lengths, self.check, self.group, self.lead,
            self.letters, self.override)


class KeyboardSettings(Section, frozen=True, kw_only=True):
    """The longest pauses within what a keyboard reader types, in milliseconds (20 to 150)."""

    swipe_gap_ms: int = 50
    code_gap_ms: int = 35


class ChipSettings(Section, frozen=True, kw_only=True):
    """What is taken from chip cards (``drivers.chip.ChipProfile``).

    ``aid`` and ``file_id`` are hexadecimal and name the club's own application and file, whose
    number is ``length`` bytes from ``start``; empty when the club has none.
    """

    aid: Annotated[str, msgspec.Meta(pattern="^([0-9A-Fa-f]{2}){0,16}$")] = ""
    file_id: Annotated[str, msgspec.Meta(pattern="^([0-9A-Fa-f]{4})?$")] = ""
    start: int = 0
    length: int = 16
    reads_ndef: bool = True
    takes_uid: bool = True

    def profile(self) -> ChipProfile:
        """Return the profile. Raises ``ValueError`` on a file no card has, or a bank's application."""
        file = None
        if self.aid or self.file_id:
            file = ClubFile(bytes.fromhex(self.aid), bytes.fromhex(self.file_id), self.start, self.length)
        return ChipProfile(file, self.reads_ndef, self.takes_uid)


class WritingSettings(Section, frozen=True, kw_only=True):
    """How cards are made: the ``coercivity`` of the shop's blank stripes (high 2750 oersted, low 300)."""

    coercivity: Literal["high", "low"] = "high"


class ReaderSettings(Section, frozen=True, kw_only=True):
    """A reader on a port that does not tell what hangs on it: ``driver`` by name, ``port`` by path."""

    driver: str
    port: str


class PrinterSettings(Section, frozen=True, kw_only=True):
    """The receipt printer. ``file`` writes PNG files into the station's folder.

    ``network`` needs ``host``; ``serial`` and ``device`` need ``path``. ``answers`` is false for a
    printer that cannot be heard. ``drawer`` says that a cash drawer hangs on it.
    """

    kind: Literal["file", "network", "serial", "device"] = "file"
    host: str = ""
    port: Port = 9100
    path: str = ""
    baud: int = 9600
    answers: bool = True
    drawer: bool = False


class DisplaySettings(Section, frozen=True, kw_only=True):
    """The customer's two-line display; ``none`` without one. Addresses as for the printer."""

    kind: Literal["none", "network", "serial", "device"] = "none"
    host: str = ""
    port: Port = 9100
    path: str = ""
    baud: int = 9600


class LabelSettings(Section, frozen=True, kw_only=True):
    """One kind of label that the shop's scales print (``station.weighed.LabelLayout``), as a table of ``labels``."""

    prefix: str
    item: int
    figure: Figure
    digits: int
    unit: int = 1
    check: bool = False

    def layout(self) -> LabelLayout:
        """Return the layout. Raises ``ValueError`` on one that no label can have."""
        return LabelLayout(self.prefix, self.item, self.figure, self.digits, self.unit, self.check)


class Settings(Section, frozen=True, kw_only=True):
    """The whole file; every part may be left out."""

    club: ClubSettings = ClubSettings()
    chips: ChipSettings = ChipSettings()
    writing: WritingSettings = WritingSettings()
    keyboard: KeyboardSettings = KeyboardSettings()
    readers: tuple[ReaderSettings, ...] = ()
    printer: PrinterSettings = PrinterSettings()
    display: DisplaySettings = DisplaySettings()
    labels: tuple[LabelSettings, ...] = ()

    def layouts(self) -> tuple[LabelLayout, ...]:
        """Return the layouts of the scales' labels.

        Raises ``ValueError`` where two have one prefix, one cannot be, or a code could be a card of the club too.
        """
        prefixes = [each.prefix for each in self.labels]
        if len(set(prefixes)) != len(prefixes):
            message = f"labels: a prefix stands twice in {prefixes}"
            raise ValueError(message)
        card = self.club.prefix
        for prefix in prefixes:
            if LABEL_LENGTH in self.club.lengths and (card.startswith(prefix) or prefix.startswith(card)):
                message = f"labels: a code that begins with {prefix} could be a card of the club, which begin with {card}"
                raise ValueError(message)
        return tuple(each.layout() for each in self.labels)


def read_settings(path: Path) -> Settings:
    """Return the settings in ``path``, the defaults when there is no such file.

    Raises ``ValueError`` with the place and what was expected when it is not understood.
    """
    if not path.exists():
        return Settings()
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), type=Settings)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        message = f"{path.name}: {error}"
        raise ValueError(message) from error
