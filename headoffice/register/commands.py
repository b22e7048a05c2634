"""What the ``headoffice`` program does to the register: people, cards, prices, barcodes."""

import argparse
import sys
from collections.abc import Callable
from datetime import datetime

from django.conf import settings

from headoffice.clock import MICROSECONDS, now_us
from headoffice.register import card_commands, enrolments, goods
from headoffice.register import staff as people
from headoffice.register.arguments import CLOSE, LISTED
from headoffice.register.models import Staff
from headoffice.terminal import print_json, refused
from station.card_hash import card_hash
from station.people import Role
from station.text import Text


def staff(options: argparse.Namespace) -> int:
    """List the people, or change one; a PIN is printed once and kept nowhere."""
    if options.id is None:
        for row in Staff.objects.filter(gone=False).order_by("id"):
            print_json({"id": row.id, "name_fa": row.name_fa, "name_en": row.name_en, "role": row.role, "shops": row.shops,
                    "pin": bool(row.pin), "must_change": row.must_change})
        return 0
    if options.reset_pin:
        try:
            sys.stdout.write(f"{people.reset_pin(options.id)}\n")
        except KeyError:
            return refused(f"nobody works here as {options.id}")
    elif options.leave:
        if not people.leave(options.id):
            return refused(f"nobody works here as {options.id}")
    elif options.role:
        people.keep(people.Person(
            options.id, Text(options.name_fa, options.name_en), Role(options.role), tuple(options.shop),
            None if options.badge is None else card_hash(settings.KEYS.card, options.badge), options.member))
    else:
        return refused("say what to do: --role, --reset-pin or --leave")
    return 0


def price(options: argparse.Namespace) -> int:
    """Plan a price or a tax."""
    try:
        start = datetime.fromisoformat(options.start)
        if start.tzinfo is None:
            return refused("--from needs its offset from UTC, as in 2026-12-01T00:00:00+03:30")
        planned = goods.Planned(
            int(start.timestamp()) * MICROSECONDS, options.shop, options.price, options.tax_percent)
        if not goods.plan(options.product, planned):
            return refused(f"there is no good {options.product}")
    except ValueError as fault:
        return refused(str(fault))
    return 0


def barcodes(options: argparse.Namespace) -> int:
    """Set the barcodes of a good."""
    try:
        goods.set_barcodes(options.product, options.barcodes)
    except KeyError:
        return refused(f"there is no good {options.product}")
    except ValueError as fault:
        return refused(str(fault))
    return 0


def enrolled(options: argparse.Namespace) -> int:
    """List all enrolments, of one station or of all, or those that somebody should look into; or close one."""
    if options.action != CLOSE:
        rows = enrolments.latest() if options.action == LISTED else enrolments.flagged(closed=options.all)
        for row in rows.filter(station=options.station) if options.station else rows:
            print_json({
                "station": row.station, "incarnation": row.incarnation, "seq": row.seq, "member": row.member,
                "duplicate": row.duplicate, "known": row.known, "referrer": row.referrer, "referred": row.referred,
                "by": row.by, "approver": row.approver, "at_us": row.at_us, "closed_us": row.closed_us})
        return 0
    if None in (options.station, options.incarnation, options.seq):
        return refused("say which: --station, --incarnation, --seq")
    if not enrolments.close(options.station, options.incarnation, options.seq, now_us()):
        return refused("there is nothing open about this entry")
    return 0


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "staff": staff, "card": card_commands.card, "holder": card_commands.holder, "cards": card_commands.conflicts,
    "enrolments": enrolled, "price": price, "barcodes": barcodes}
