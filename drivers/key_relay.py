"""Between head office and a chip: commands go one way, answers the other, and neither is understood here."""

from drivers.apdu import STATUS_BYTES, Exchange
from station.card_task import CardTask, KeyHolder, Verdict
from station.errors import ErrorCode, StationError

_GOES_ON = frozenset((b"\x90\x00", b"\x91\x00", b"\x91\xaf"))
"""Status words after which the next command is sent; any other goes to head office at once."""

_CLASSES = frozenset((0x00, 0x90))
"""Classes of what a chip is told (ISO/IEC 7816-4; NXP's own commands). FF would be for the reader itself."""


def relay(exchange: Exchange, key_holder: KeyHolder, task: CardTask) -> Verdict:
    """Let ``key_holder`` do ``task`` with the chip that ``exchange`` talks to.

    Raises ``StationError`` 5xx when head office does not go on, CARD_UNREADABLE and CARD_SILENT when the
    chip does not; ANSWER_INVALID for a command that is not for the chip.
    """
    step = key_holder.begin(task)
    while step.verdict is None:
        answers = []
        for command in step.commands:
            if not command or command[0] not in _CLASSES:
                raise StationError(ErrorCode.ANSWER_INVALID, reason="command")
            answers.append(exchange.relay(command))
            if answers[-1][-STATUS_BYTES:] not in _GOES_ON:
                break
        step = key_holder.go_on(step.session, answers)
    return step.verdict
