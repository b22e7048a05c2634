"""What the ``headoffice`` program does once Django runs."""

import argparse
import getpass
import signal
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from types import FrameType

from django.conf import settings
from django.contrib.auth.models import User
from django.core.wsgi import get_wsgi_application

from headoffice import demo, tls
from headoffice.admission import Admission
from headoffice.cardkeys.process import card_keys
from headoffice.cards.commands import COMMANDS as CARD_COMMANDS
from headoffice.claims.commands import COMMANDS as CLAIM_COMMANDS
from headoffice.clock import now_us
from headoffice.commands_books import COMMANDS as BOOKS_COMMANDS
from headoffice.feeds import snapshot
from headoffice.ledger import reports
from headoffice.ledger.models import Sale
from headoffice.phone.commands import COMMANDS as PHONE_COMMANDS
from headoffice.projector.work import beside
from headoffice.quarantine_commands import COMMANDS as QUARANTINE_COMMANDS
from headoffice.questions.commands import COMMANDS as QUESTION_COMMANDS
from headoffice.register.commands import COMMANDS as REGISTER_COMMANDS
from headoffice.register.numbers import Numbering, keep_numbering
from headoffice.register.packs import publish
from headoffice.serving import OfficeServer
from headoffice.stations.commands import COMMANDS as STATION_COMMANDS
from headoffice.stations.models import Shop
from headoffice.stations.rotation import sign_packs
from headoffice.stick_commands import COMMANDS as STICK_COMMANDS
from headoffice.terminal import print_json, refused
from station.dates import day_number, day_text
from station.errors import StationError
from station.journal import Position, receipt_number
from sync.documents import read_pack


def seed_demo(options: argparse.Namespace) -> int:
    """Write the demo club."""
    if Shop.objects.exists():
        return refused("this head office already has a shop; the demo club goes into an empty one")
    demo.seed(options.members, options.goods, now_us())
    keep_numbering(settings.HOME, Numbering(demo.ISSUER, demo.NUMBER_DIGITS))
    return 0


def demo_cards(options: argparse.Namespace) -> int:
    """Print cards of the demo club; only the demo's own seed knows any card number."""
    print_json(list(demo.shown_cards(options.count)))
    return 0


def pack(options: argparse.Namespace) -> int:
    """Sign and publish the rule pack of a file; 1 when its number is not above the one in force."""
    try:
        found = read_pack(options.file.read_bytes())
    except OSError as error:
        return refused(f"{options.file}: {error.strerror}")
    except ValueError as error:
        return refused(f"{options.file}: {' '.join(str(error).split())}")
    try:
        publish(found, now_us())
    except StationError as fault:
        sys.stderr.write(f"{options.file}: pack {found.number} is not above pack {fault.detail['held']} in force\n")
        return 1
    sys.stdout.write(f"pack {found.number} is in force\n")
    return 0


def book(options: argparse.Namespace) -> int:
    """Make a whole member book for stations to fetch, and print what is in it."""
    try:
        extent = snapshot.Extent(*(day and day_text(day_number(day)) for day in (options.known_since, options.named_since)))
    except ValueError as error:
        return refused(str(error))
    made = snapshot.make(extent, now_us())
    print_json({"version": made.version, "digest": made.digest, "bytes": made.size, **asdict(made.counts)})
    return 0


def create_user(options: argparse.Namespace) -> int:
    """Make a user of the console; the password is asked for, or read as the first line of a pipe."""
    password = getpass.getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    if not password:
        return refused("a user needs a password")
    User.objects.create_user(options.username, password=password, is_staff=True)
    return 0


def report(options: argparse.Namespace) -> int:
    """Print the figures of a business date: sales, and beside them what came back."""
    figures = reports.day(options.date, options.station)
    returns, returned = reports.returns(options.date, options.station)
    print_json({"station": options.station, **asdict(figures), "member_share": figures.member_share,
            "returns": returns, "returned": returned,
            "returns_by_cause": {cause: {"count": count, "money": money} for cause, (count, money) in reports.returns_by_cause(
                options.date, options.station).items()}})
    return 0


def sales(options: argparse.Namespace) -> int:
    """Print the sales of a business date, in the order of their journals."""
    found = Sale.objects.filter(business_date=options.date).order_by("station", "incarnation", "seq")
    if options.station:
        found = found.filter(station=options.station)
    print_json([
        {"receipt": receipt_number(sale.station, Position(sale.incarnation, sale.seq)),
         "station": sale.station, "incarnation": sale.incarnation, "seq": sale.seq,
         "sale_id": sale.sale_id, "member": sale.member, "total": sale.total,
         "discount": sale.discount, "tax": sale.tax, "points": sale.points}
        for sale in found])
    return 0


def serve(options: argparse.Namespace) -> int:
    """Answer stations and browsers until SIGTERM or Ctrl+C."""
    tls.create(settings.HOME, datetime.now(UTC))
    sign_packs(settings.KEYS.office)
    card_keys(settings.HOME)  # before threads ask for it: what is said to a chip is known to one of it alone
    server = OfficeServer(Admission(get_wsgi_application()), settings.HOME, (options.host, options.port))
    with closing(server):
        signal.signal(signal.SIGTERM, _leave)
        sys.stdout.write(f"ready on https://{options.host}:{server.port}\n")
        sys.stdout.flush()
        with beside():
            server.run()
    return 0


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    **STATION_COMMANDS, **STICK_COMMANDS, **QUARANTINE_COMMANDS, **BOOKS_COMMANDS, **REGISTER_COMMANDS,
    **CARD_COMMANDS, **PHONE_COMMANDS, **CLAIM_COMMANDS, **QUESTION_COMMANDS,
    "seed-demo": seed_demo, "demo-cards": demo_cards, "pack": pack, "snapshot": book, "createuser": create_user,
    "report": report, "sales": sales, "serve": serve,
}


def _leave(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)
