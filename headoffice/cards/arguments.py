"""The words of the commands about keys of cards and copied cards. Nothing of Django is needed to read them."""

import argparse
from collections.abc import Callable


def add(command: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """Add the commands of this file to the parser that ``command`` extends."""
    keys = command("card-keys", "list the keys that sign cards and phones, make a new one, or withdraw one")
    keys.add_argument("action", choices=("new", "withdraw", "list"))
    keys.add_argument("--id", type=int, metavar="N", help="which one to withdraw: nothing that it signed is believed any more")
    keys.add_argument("--chips", action="store_true", help=(
        "make the next version of the master keys of chips; it counts from the next start of what has the keys"))
    service = command("key-service", "have the keys of cards in a process of its own, apart from the one that serves")
    service.add_argument("--address", default="", metavar="ADDRESS", help=(
        "unix:PATH, pipe:NAME or tcp:127.0.0.1:PORT; kept in key-service.address"))
    clones = command("clones", "print what shows cards to have been copied, as JSON, or close an alert")
    clones.add_argument("--all", action="store_true", help="those that are closed as well")
    clones.add_argument("--close", default="", metavar="ID", help="somebody looked into this one")
