"""What all conversations with chips share. A script is a generator: it yields commands and is sent the answers."""

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from types import ModuleType

from headoffice.cardkeys import ev1, ev2
from headoffice.cardkeys.apdu import MORE, OK, OK_ISO, CardRefusedError, native, parsed, require, select_name
from station.card_task import Technology
from station.errors import ErrorCode

GET_KEY_VERSION = 0x64
GOOD = frozenset({OK_ISO, OK, MORE})
FACTORY_KEY = bytes(16)


@dataclass(frozen=True, slots=True)
class Chip:
    """What a script knows: how the chip speaks, what its keys are, and which number it is to carry.

    ``keys`` are those of this chip, by key version and then by number; ``version`` is the one it has or is to get.
    ``record`` is its signed card record, b"" without one; ``host`` stands in the address it shows. ``issued``:
    it was ours already, so that a program that plays a chip fresh from the factory is not told its keys.
    """

    technology: Technology
    version: int
    keys: dict[int, tuple[bytes, ...]] = field(repr=False)
    number: str = field(default="", repr=False)
    host: str = ""
    record: bytes = field(default=b"", repr=False)
    issued: bool = False

    @property
    def own(self) -> tuple[bytes, ...]:
        """The keys it has once it is ours."""
        return self.keys[self.version]


Session = ev1.Ev1Session | ev2.Ev2Session
Script = Generator[tuple[bytes, ...], tuple[bytes, ...], int]
"""It returns the counter of the chip's last tap, 0 where there is none."""
Random = Callable[[int], bytes]


def asked(code: ErrorCode, *commands: bytes) -> Generator[tuple[bytes, ...], tuple[bytes, ...], tuple[bytes, ...]]:
    """Have ``commands`` sent and return as many answers; of all but the last the status is seen to.

    Raises ``CardRefusedError``: ``code`` where one is refused, CARD_UNREADABLE for another count of answers.
    """
    answers = yield commands
    for each in answers[:len(commands) - 1]:
        if parsed(each).status not in GOOD:
            raise CardRefusedError(code, f"{parsed(each).status:04X}")
    if len(answers) != len(commands):
        raise CardRefusedError(ErrorCode.CARD_UNREADABLE, "ANSWERS")
    return answers


def authenticated(
    chip: Chip, number: int, key: bytes, random: Random, *before: bytes,
) -> Generator[tuple[bytes, ...], tuple[bytes, ...], Session]:
    """Send ``before``, then authenticate with ``key`` as key ``number``; return the session.

    Raises ``CardRefusedError``: CARD_FORGED (SECRET) when the chip has another key.
    """
    way: ModuleType = ev1 if chip.technology is Technology.DESFIRE_EV1 else ev2
    answers = yield from asked(ErrorCode.CARD_FORGED, *before, way.first_command(number))
    proof = way.Authentication(key, random(16), answers[-1])
    [answer] = yield from asked(ErrorCode.CARD_FORGED, proof.command())
    session: Session = proof.session(answer)
    return session


def held_keys(
    chip: Chip, random: Random, *before: bytes,
) -> Generator[tuple[bytes, ...], tuple[bytes, ...], tuple[Session, tuple[bytes, ...]]]:
    """Find out the keys on the chip, which may be the factory's or ours; return a session with key 0, and the keys.

    Nothing is changed. Raises ``CardRefusedError`` CARD_NOT_BLANK when one is neither.
    """
    count = len(chip.own)
    answers = yield from asked(
        ErrorCode.CARD_NOT_WRITABLE, *before, *(native(GET_KEY_VERSION, bytes((number,))) for number in range(count)))
    told = [require(each, OK, ErrorCode.CARD_NOT_WRITABLE, 1)[0] for each in answers[-count:]]
    keys = []
    for number, version in enumerate(told):
        if version not in chip.keys and (version or chip.issued):
            raise CardRefusedError(ErrorCode.CARD_NOT_BLANK, "VERSION")
        keys.append(chip.keys[version][number] if version else FACTORY_KEY)
    for number in reversed(range(count)):
        try:
            session = yield from authenticated(chip, number, keys[number], random)
        except CardRefusedError as fault:
            if fault.code is ErrorCode.CARD_FORGED:
                raise CardRefusedError(ErrorCode.CARD_NOT_BLANK, fault.reason) from fault
            raise
    return session, tuple(keys)


def change_keys(
    chip: Chip, session: Session, held: tuple[bytes, ...],
) -> Generator[tuple[bytes, ...], tuple[bytes, ...], None]:
    """Replace the keys ``held`` by our own, key 0 last: until then the session, and a new beginning, can go by it.

    Raises ``CardRefusedError`` WRITE_FAILED.
    """
    for number in range(1, len(held)):
        if held[number] != chip.own[number]:
            command = session.change_key(number, chip.own[number], held[number], chip.version)
            [answer] = yield from asked(ErrorCode.WRITE_FAILED, command)
            session.answer(answer, ErrorCode.WRITE_FAILED)
    if held[0] != chip.own[0]:
        [answer] = yield from asked(
            ErrorCode.WRITE_FAILED, session.change_key(0, chip.own[0], None, chip.version))
        require(answer, OK, ErrorCode.WRITE_FAILED)


def selected(name: bytes) -> tuple[bytes, ...]:
    """Return the selection of an application, as a beginning."""
    return (select_name(name),)
