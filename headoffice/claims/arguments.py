"""The words of the command about one member. Nothing of Django is needed to read them."""

import argparse
from collections.abc import Callable

PIN, FORGET_PIN, UNLOCK, ERASE = "pin", "forget-pin", "unlock", "erase"


def add(command: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """Add the command ``member`` to the parser that ``command`` extends."""
    member = command("member", "print a new PIN of a member, who can then spend without a card; undo a lock; or erase what is"
                     " known of the person: the account stays, without a name")
    member.add_argument("action", choices=(PIN, FORGET_PIN, UNLOCK, ERASE))
    member.add_argument("id", metavar="ID")
    member.add_argument("--own", action="store_true", help="the member's own choice, read from standard input, instead of chance")
