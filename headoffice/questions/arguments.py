"""The words of the command about what members said. Nothing of Django is needed to read them."""

import argparse
from collections.abc import Callable

LIST, ANSWER, CLOSE, ERASE = "list", "answer", "close", "erase"
STATES = "OPEN", "ANSWERED", "CLOSED"


def add(command: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """Add the command ``questions`` to the parser that ``command`` extends."""
    questions = command(
        "questions", "list what members asked, complained of and proposed at counters; answer it, close it, erase its words")
    questions.add_argument("action", choices=(LIST, ANSWER, CLOSE, ERASE))
    questions.add_argument("--id", default="", metavar="STATION/INCARNATION/SEQ", help="which one, as listed")
    questions.add_argument("--state", choices=STATES, default="", help="list only these; without it, those that are not closed")
    questions.add_argument("--member", default="", metavar="ID", help="list only this member's")
    questions.add_argument("--all", action="store_true", help="list also those that are closed")
    questions.add_argument("--by", default="", metavar="NAME", help="who answers; the answer is read from standard input")
