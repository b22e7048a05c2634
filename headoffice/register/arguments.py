"""The words of the commands that change the register. Nothing of Django is needed to read them."""

import argparse
from collections.abc import Callable

ROLES = ("CASHIER", "SENIOR", "MANAGER")
STATUSES = ("ACTIVE", "BLOCKED", "LOST", "REPLACED", "EXPIRED")
REPLACE, HOLDER, CONFLICTS, LISTED, FLAGGED, CLOSE = "REPLACE", "HOLDER", "conflicts", "list", "flagged", "close"
Command = Callable[[str, str], argparse.ArgumentParser]


def add(command: Command) -> None:
    """Add the commands that change the register to the parser that ``command`` extends."""
    staff = command("staff", "list the people who work at the shops, take one in, let one go, or set a new PIN")
    staff.add_argument("id", nargs="?", metavar="ID", help="whom it is about; all are listed when left out")
    deed = staff.add_mutually_exclusive_group()
    deed.add_argument("--reset-pin", action="store_true", help="print a PIN that works once: a new one is then chosen")
    deed.add_argument("--leave", action="store_true", help="let this person sign in no more")
    deed.add_argument("--role", choices=ROLES, help="take this person in, or change who they are")
    staff.add_argument("--name-fa", default="", metavar="NAME")
    staff.add_argument("--name-en", default="", metavar="NAME")
    staff.add_argument("--shop", action="append", default=[], metavar="ID", help="may be given more than once; none: every shop")
    staff.add_argument("--badge", metavar="NUMBER", help="the number of the own badge")
    staff.add_argument("--member", default="", metavar="ID", help="the own membership, which gives nothing on own sales")
    card = command("card", "block a card, put it back to use, replace it (two numbers: the old, the new), or say who"
                   " carries it; numbers are read from standard input, one a line")
    card.add_argument("status", choices=(*STATUSES, REPLACE, HOLDER))
    card.add_argument("--holder", default="", metavar="ID", help=f"with {HOLDER}: who carries it; the member when left out")
    _add_holder(command("holder", "list who beside a member holds cards of the account, with the limits of a day"))
    conflicts = command("cards", "list what stations did to cards that were somebody else's, or otherwise, by then")
    _add_review(conflicts, CONFLICTS)
    _add_review(command("enrolments", "list whom stations enrolled; flagged: those whose phone another member has, or"
                        " with a referrer whom nobody knows (both members stay)"), LISTED, FLAGGED)
    price = command("price", "plan what a good costs and how it is taxed")
    price.add_argument("product", metavar="PRODUCT")
    price.add_argument("--from", dest="start", required=True, metavar="TIME", help="such as 2026-12-01T00:00:00+03:30")
    price.add_argument("--shop", default="", metavar="ID", help="one shop alone")
    price.add_argument("--price", type=int, metavar="RIAL")
    price.add_argument("--tax-percent", metavar="PERCENT")
    barcodes = command("barcodes", "let a good be known by barcodes beside its first one")
    barcodes.add_argument("product", metavar="PRODUCT")
    barcodes.add_argument("barcodes", nargs="*", metavar="BARCODE")


def _add_review(review: argparse.ArgumentParser, *listed: str) -> None:
    review.add_argument("action", choices=(*listed, CLOSE))
    review.add_argument("--all", action="store_true", help="also those that somebody looked into and closed")
    review.add_argument("--station", metavar="ID")
    review.add_argument("--incarnation", metavar="ID")
    review.add_argument("--seq", type=int, metavar="N")


def _add_holder(holder: argparse.ArgumentParser) -> None:
    holder.add_argument("member", metavar="MEMBER")
    holder.add_argument("id", nargs="?", metavar="ID", help=(
        "take this person in, or change the limits; the name is read from standard input"))
    holder.add_argument("--points-per-day", type=int, metavar="N", help="no limit when left out")
    holder.add_argument("--value-per-day", type=int, metavar="RIAL", help="no limit when left out")
    holder.add_argument("--erase", action="store_true", help="forget the name; cards and limits stay")
