"""Who may take goods back without asking: what a rule pack says of returns."""

from dataclasses import dataclass

from station.people import Role


@dataclass(frozen=True, slots=True)
class ReturnRules:
    """The least role that takes goods back ``with_sale`` or voids the sale just made without asking.

    A lower role needs one of that role to approve. ``without_sale`` is the least role of the second person
    that a return without its sale always needs.
    """

    with_sale: Role = Role.SENIOR
    void: Role = Role.SENIOR
    without_sale: Role = Role.MANAGER
