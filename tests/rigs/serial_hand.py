"""The hand at a serial reader made of software, and the cards it holds."""

from pathlib import Path

from drivers.check_digits import luhn_valid
from tests.rigs.process import RigProcess

BANK_SWIPE = "%B4111111111111111^SHAH/RIAR^1803101000000000020000831000000?;4111111111111111=1803101000020000831?"
"""A test card of a payment gateway's public documentation."""


def member(place: int) -> str:
    """Return the card number of the demo club's member ``place``: 9364, 11 digits, a Luhn check digit."""
    body = f"9364{place:011d}"
    return next(body + digit for digit in "0123456789" if luhn_valid(f"{body}{digit}".encode()))


class SerialHand(RigProcess):
    """A reader that is plugged in; its port is the link ``path``."""

    def __init__(self, folder: Path, *options: str) -> None:
        """Start the reader's program and plug it in."""
        self.path = str(folder / "reader")
        super().__init__("pty_reader.py", "--link", self.path, *options)
        self.tell("plug")

    def send(self, text: str | bytes) -> None:
        """Let the reader send ``text``."""
        self.tell(f"send {(text.encode() if isinstance(text, str) else text).hex()}")

    def swipe(self, *tracks: str) -> str:
        """Draw a card with these tracks (sentinels included) through an MSR; "read", or "missed" unarmed."""
        bodies = [each.encode().hex() or "-" for each in (*tracks, "", "", "")[:3]]
        return self.tell(f"swipe {' '.join(bodies)}")

    def take(self, *tracks: str) -> None:
        """Take a card with these tracks (sentinels included) in the hand, a blank one without any."""
        self.tell(f"card {' '.join(each.encode().hex() or '-' for each in (*tracks, '', '', '')[:3])}")

    def draw(self) -> str:
        """Draw the card in the hand through an MSR: "read", "written", "erased", or "missed" when it waits for none."""
        return self.tell("draw")

    def tracks(self) -> tuple[str, ...]:
        """Return what is on the card in the hand, sentinels included."""
        return tuple("" if each == "-" else bytes.fromhex(each).decode() for each in self.tell("tracks").split())

    def heard(self) -> bytes:
        """Return all that the reader was sent."""
        return bytes.fromhex(self.tell("heard"))
