"""The hand that lays chips with keys on the virtual reader."""

from tests.rigs.hand import VirtualCard
from tests.rigs.pcscd import wait_until_empty


class SecureHand(VirtualCard):
    """Runs the program of chips with keys, for the first virtual reader. A context manager."""

    def __init__(self) -> None:
        """Start the program; no card is on the reader yet."""
        super().__init__("secure_card.py")

    def again(self) -> None:
        """Take the chip away, wait until that was noticed, and lay it down again."""
        self.remove()
        wait_until_empty()
        self.tell("again")

    def pull_after(self, count: int) -> None:
        """Have the chip taken away once it was sent ``count`` commands more."""
        self.tell(f"pull {count}")

    def held_keys(self) -> list[bytes]:
        """Return the keys on the chip."""
        return [bytes.fromhex(each) for each in self.tell("keys").split(",") if each]
