"""The hand that lays blank cards on the virtual reader to be written."""

from tests.rigs.hand import VirtualCard
from tests.rigs.pcscd import wait_until_empty


class WritingHand(VirtualCard):
    """Runs the program of cards that can be written, for the first virtual reader. A context manager."""

    def __init__(self) -> None:
        """Start the program; no card is on the reader yet."""
        super().__init__("writable_cards.py")

    def blank(self, kind: str = "ntag213", uid: str = "04A1B2C3D4E5F6") -> None:
        """Lay a blank card on the reader; ``writable_cards.py`` says which kinds there are."""
        self.tell(f"in {kind} {uid}")

    def again(self) -> None:
        """Take the card away and lay it on the reader again; what pulled it away is over."""
        self.remove()
        wait_until_empty()
        self.tell("again")

    def memory(self) -> bytes:
        """Return the memory of the card laid down last."""
        return bytes.fromhex(self.tell("memory"))

    def poke(self, offset: int, data: bytes) -> None:
        """Change the memory of the card."""
        self.tell(f"poke {offset} {data.hex()}")
