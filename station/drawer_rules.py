"""What a cashier may do with the drawer alone, and from where on a second person has to look. Pure."""

from dataclasses import dataclass

from station.people import Role


@dataclass(frozen=True, slots=True)
class DrawerRules:
    """Amounts in minor units, without their sign.

    Up to ``most_moved`` a cashier puts into the drawer or takes out without a sale alone, more with a
    senior. A shift whose count is off by up to ``most_difference`` is closed by a cashier with a reason, one
    that is off by more with a manager; what it is off by is told to nobody before.
    """

    most_moved: int = 0
    most_difference: int = 500_000

    def __post_init__(self) -> None:
        """Raise ``ValueError`` on a negative figure."""
        if min(self.most_moved, self.most_difference) < 0:
            message = "a figure of the drawer rules is negative"
            raise ValueError(message)

    def moving(self, amount: int) -> Role:
        """Return the least role that moves ``amount`` alone."""
        return Role.CASHIER if abs(amount) <= self.most_moved else Role.SENIOR

    def closing(self, difference: int) -> Role:
        """Return the least role that closes a shift whose count is off by ``difference`` alone."""
        return Role.CASHIER if abs(difference) <= self.most_difference else Role.MANAGER
