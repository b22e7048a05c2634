"""The words of the commands about phones and card numbers. Nothing of Django is needed to read them."""

import argparse
from collections.abc import Callable

from drivers.club_profile import CheckDigit


def add(command: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """Add the commands of this file to the parser that ``command`` extends."""
    link = command("phone-link", "print the address by which one phone becomes a card of a member, within a day")
    link.add_argument("--member", required=True, metavar="ID")
    numbers = command("card-numbers", "say how the club's card numbers look, or print it")
    numbers.add_argument("--prefix", metavar="DIGITS")
    numbers.add_argument("--length", type=int, default=16, metavar="N")
    numbers.add_argument("--check", choices=tuple(each.value for each in CheckDigit), default=CheckDigit.LUHN.value)
