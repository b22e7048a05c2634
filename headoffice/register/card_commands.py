"""What the ``headoffice`` program does to cards and to who holds them.

Numbers of cards and names of people are read from standard input: arguments of programs are seen by all.
"""

import argparse
import sys

from django.conf import settings

from headoffice.clock import now_us
from headoffice.register import cards, new_holders
from headoffice.register.arguments import CONFLICTS, HOLDER, REPLACE
from headoffice.terminal import print_json, refused
from station.card import CardStatus
from station.card_hash import card_hash
from station.card_life import Holder


def card(options: argparse.Namespace) -> int:
    """Set the status of a card, replace it, or say who carries it."""
    digest = _read_card()
    try:
        if options.status == REPLACE:
            cards.replace(digest, _read_card())
        elif options.status == HOLDER:
            cards.set_holder(digest, options.holder)
        elif not cards.set_status(digest, CardStatus(options.status)):
            return refused("this is not a card of the club")
    except (LookupError, ValueError) as fault:
        return refused(str(fault.args[0]))
    return 0


def holder(options: argparse.Namespace) -> int:
    """List who holds cards of an account, take somebody in or change the limits, or forget a name."""
    if options.id is None:
        counters = new_holders.taken_in(options.member)
        for each in cards.holders(options.member):
            entry = counters.get(each.holder_id)
            origin = {"station": entry.station, "by": entry.by, "at_us": entry.at_us} if entry else {}
            print_json({"id": each.holder_id, "named": bool(each.name), "points_per_day": each.points_per_day,
                        "value_per_day": each.value_per_day, **origin})
        return 0
    if options.erase:
        return 0 if cards.erase_holder(options.member, options.id) else refused("nobody holds cards of this account by this id")
    try:
        cards.keep_holder(options.member, Holder(
            options.id, sys.stdin.readline().strip(), options.points_per_day, options.value_per_day))
    except (LookupError, ValueError) as fault:
        return refused(str(fault.args[0]))
    return 0


def conflicts(options: argparse.Namespace) -> int:
    """List what stations did to cards and was not done here, or close it."""
    if options.action == CONFLICTS:
        for row in cards.conflicts(closed=options.all):
            print_json({
                "station": row.station, "incarnation": row.incarnation, "seq": row.seq, "conflict": row.conflict,
                "member": row.member, "status": row.status, "was": row.was, "owner": row.owner, "stood": row.stood,
                "by": row.by, "at_us": row.at_us, "closed_us": row.closed_us})
        return 0
    if None in (options.station, options.incarnation, options.seq):
        return refused("say which: --station, --incarnation, --seq")
    if not cards.close_conflict(options.station, options.incarnation, options.seq, now_us()):
        return refused("there is no open conflict of this entry")
    return 0


def _read_card() -> int:
    return card_hash(settings.KEYS.card, sys.stdin.readline().strip())
