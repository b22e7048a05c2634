"""What the ``headoffice`` program does about phones and the numbers of cards."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from drivers.club_profile import CheckDigit
from headoffice.clock import now_us
from headoffice.phone.passes import make_link
from headoffice.register.numbers import Numbering, keep_numbering, numbering
from headoffice.terminal import print_json, refused

ADDRESS = "member-address"


def phone_link(options: argparse.Namespace) -> int:
    """Print the address by which one phone becomes a card of a member, within a day."""
    address = member_address(settings.HOME)
    if not address:
        return refused(f"say where members reach this head office: one line in {settings.HOME / ADDRESS}")
    if numbering(settings.HOME) is None:
        return refused("say how the club's numbers look: headoffice card-numbers --prefix … --length …")
    try:
        sys.stdout.write(f"{address}/m/#{make_link(options.member, now_us())}\n")
    except KeyError:
        return refused(f"there is no member {options.member}")
    return 0


def card_numbers(options: argparse.Namespace) -> int:
    """Say how the club's card numbers look, or print it."""
    if options.prefix is None:
        print_json(numbering(settings.HOME))
        return 0
    try:
        keep_numbering(settings.HOME, Numbering(options.prefix, options.length, CheckDigit(options.check)))
    except ValueError as fault:
        return refused(str(fault))
    return 0


def member_address(home: Path) -> str:
    """Return where members reach this head office, such as ``https://club.example``; "" where nobody said."""
    kept = home / ADDRESS
    return kept.read_text("utf-8").strip().rstrip("/") if kept.exists() else ""


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {"phone-link": phone_link, "card-numbers": card_numbers}
