"""The words of the command about members' PINs. Nothing of Django is needed to read them."""

import argparse
from collections.abc import Callable

PIN, FORGET_PIN, UNLOCK = "pin", "forget-pin", "unlock"


def add(command: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """Add the command ``member`` to the parser that ``command`` extends."""
    member = command("member", "print a new PIN of a member, who can then spend without a card; or undo a lock")
    member.add_argument("action", choices=(PIN, FORGET_PIN, UNLOCK))
    member.add_argument("id", metavar="ID")
    member.add_argument("--own", action="store_true", help="the member's own choice, read from standard input, instead of chance")
