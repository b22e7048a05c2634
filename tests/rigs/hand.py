"""The hand that puts software cards on the virtual reader, and takes them away."""

from tests.rigs.pcscd import reader_port, wait_until_empty
from tests.rigs.process import RigProcess


class VirtualCard(RigProcess):
    """Runs the card's program for the first virtual reader. Use it as a context manager."""

    def __init__(self, program: str = "virtual_card.py") -> None:
        """Start the program; no card is on the reader yet."""
        super().__init__(program, "--port", str(reader_port()))

    def insert(self, uid: str, kind: str = "ntag", content: bytes = b"") -> None:
        """Put the card with this hexadecimal UID on the reader. The service sees it within 400 ms.

        ``virtual_card.py`` says which kinds there are and what their content is.
        """
        self.tell(f"in {kind} {uid} {content.hex()}")

    def remove(self) -> None:
        """Take the card away; the next one behaves again. The service sees it within 400 ms."""
        self.tell("out")

    def swap(self, uid: str, kind: str = "ntag", content: bytes = b"") -> None:
        """Put another card down as soon as the service has seen the first one go.

        Any sooner, and the service may take the two for one: it learns of both by looking.
        """
        self.remove()
        wait_until_empty()
        self.insert(uid, kind, content)

    def hang(self) -> None:
        """Let this card, or the next one, never answer a command."""
        self.tell("hang")

    def garbage(self, answer: str) -> None:
        """Let this card, or the next one, answer every command with these hexadecimal bytes."""
        self.tell(f"garbage {answer}")

    def heard(self) -> list[bytes]:
        """Return the commands the last card was sent."""
        return [bytes.fromhex(each) for each in self.tell("heard").split(",") if each]
