"""Waking an MSR206, MSR605 or MSR606, for reading or for writing (programmer's manual, revision B)."""

from time import monotonic

from drivers.serial_line import Line
from drivers.streams import Held
from drivers.track_frames import ESC
from station.errors import ErrorCode, StationError

MSR_RESET = ESC + b"a"
_TEST = ESC + b"e"
_TESTED = ESC + b"y"


def wake(line: Line, limit_s: float) -> None:
    """Reset and test the device. Raises ``StationError`` READER_GONE without an answer in ``limit_s`` seconds."""
    # The reset is not answered, and what an interrupted answer left is not to be taken for one.
    line.send(MSR_RESET)
    line.drop_input()
    line.send(_TEST)
    deadline = monotonic() + limit_s
    heard = Held()
    while _TESTED not in heard.data:
        left = deadline - monotonic()
        if left <= 0:
            raise StationError(ErrorCode.READER_GONE)
        heard.drop(len(heard.data) - 1)
        heard.add(line.receive(left), 0.0)
