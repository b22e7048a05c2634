"""The ``headoffice`` program: set up, seed, pair, serve, report. Importing this needs no Django."""

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from headoffice.cards import arguments as card_arguments
from headoffice.claims import arguments as claim_arguments
from headoffice.phone import arguments as phone_arguments
from headoffice.questions import arguments as question_arguments
from headoffice.register import arguments

HOME_VARIABLE = "HEADOFFICE_HOME"
DATABASE, DATABASE_URL = "headoffice.db", "database.url"
OWNER_FOLDER = 0o700
RECOVERY_WORDS = (
    "{} opens the data of any station whose own key was lost, and is needed for nothing else.\n"
    "Take it off this computer: keep two copies on paper or sticks under lock, and delete it here.\n")


def bootstrap(home: Path) -> None:
    """Start Django on the head office in ``home`` and the bundled SQLite; before anything else of Django.

    Raises ``FileNotFoundError`` when the keys were never made.
    """
    os.environ[HOME_VARIABLE] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "headoffice.settings"
    from headoffice import sqlite_engine

    sqlite_engine.install()
    import django

    django.setup()


def create(home: Path) -> Path | None:
    """Make the folder ``home`` a head office, or bring an older one up to date: keys, then tables.

    Returns the file of the private recovery key when it was made now.
    """
    from headoffice import keys, tls

    home.mkdir(mode=OWNER_FOLDER, parents=True, exist_ok=True)
    recovery = keys.create(home)
    tls.create(home, datetime.now(UTC))
    bootstrap(home)
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    return recovery


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status.

    0 done, 1 not taken (a rule pack that is not newer), 2 refused; both with a sentence on stderr.
    """
    options = _parser().parse_args(arguments)
    if options.command == "rescue":
        from headoffice.rescue import rescued

        return rescued(options.key, options.sealed, options.out)
    home: Path = options.home.resolve()
    if options.command in {"card-keys", "key-service"}:
        from headoffice.cardkeys.commands import COMMANDS as KEY_COMMANDS

        return KEY_COMMANDS[options.command](home, options)
    if options.command == "init":
        from headoffice import database

        try:
            database.choose(home, options.database)
        except ValueError as fault:
            sys.stderr.write(f"{fault}\n")
            return 2
        recovery = create(home)
        if recovery:
            sys.stdout.write(RECOVERY_WORDS.format(recovery))
        return 0
    if not (home / DATABASE).exists() and not (home / DATABASE_URL).exists():
        sys.stderr.write(f"there is no head office in {home}; make one with: headoffice init --home {home}\n")
        return 2
    bootstrap(home)
    from headoffice.commands import COMMANDS

    return COMMANDS[options.command](options)


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    default = os.environ.get(HOME_VARIABLE)
    common.add_argument(
        "--home", type=Path, metavar="DIR", required=default is None, default=default and Path(default),
        help=f"the folder of the head office (default: ${HOME_VARIABLE})")
    parser = argparse.ArgumentParser(prog="headoffice", description="The head office of a customer club.")
    commands = parser.add_subparsers(dest="command", required=True)

    def command(name: str, help_text: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, parents=[common], help=help_text, description=help_text)

    command("init", "make a head office, or bring one up to date").add_argument("--database", default="", metavar="URL", help=(
        "keep the books in this PostgreSQL database (postgresql://USER:PASSWORD@HOST/NAME) instead of SQLite;"
        " kept in database.url"))
    seed = command("seed-demo", "fill an empty head office with the demo club")
    seed.add_argument("--members", type=int, default=10_000, metavar="N")
    seed.add_argument("--goods", type=int, default=200, metavar="N")
    shown = command("demo-cards", "print the first members' cards of the demo club as JSON")
    shown.add_argument("--count", type=int, default=10, metavar="N")
    pair = command("pair", "print a one-time code with which a station pairs within 15 minutes")
    pair.add_argument("--shop", required=True, metavar="ID")
    pair.add_argument("--station", default="", metavar="ID", help="give this station new keys, instead of a new station")
    listed = command("stations", "print the stations with the fingerprints of their keys as JSON")
    listed.add_argument("--loss", action="store_true", help="with what the theft of each can cost, and what the club bore")
    revoke = command("revoke", "give a station nothing any more, and put aside what it sends")
    revoke.add_argument("station", metavar="STATION")
    revoke.add_argument("--since", default="", metavar="TIME", help="when it was lost; now when left out")
    certificate = command("certificate", "renew the server's certificate when it ends soon, and say until when it holds")
    certificate.add_argument("--new", action="store_true", help="make a new one in any case")
    command("office-key", "replace head office's signing key; stations follow by themselves")
    pack = command("pack", "sign the rule pack of a file and put it in force")
    pack.add_argument("file", type=Path, metavar="FILE")
    book = command("snapshot", "make a whole member book, which new stations fetch instead of years of changes")
    for name, what in (("known", "leave out who was last seen before, but for blocked cards"),
                       ("named", "give no name and phone of who was last seen before")):
        book.add_argument(f"--{name}-since", default="", metavar="YYYY-MM-DD", help=what)
    taking = command("import", "take the batches that stations wrote into a folder, and write the receipts into it")
    taking.add_argument("folder", type=Path, metavar="FOLDER")
    taking.add_argument("--key", type=Path, metavar="FILE", help="the private recovery key, for batches of before office-key")
    user = command("createuser", "make a user of the console; the password is asked for, or piped in")
    user.add_argument("--username", required=True, metavar="NAME")
    rescue = commands.add_parser(
        "rescue", help="open the key a station sealed, with the private recovery key; needs no head office")
    for name, what in (("key", "the private recovery key"), ("sealed", "the station's database.key.sealed"),
                       ("out", "the new file for the opened key, which only its owner may read")):
        rescue.add_argument(f"--{name}", required=True, type=Path, metavar="FILE", help=what)
    working = command("work", "project what stations sent into the ledgers; one such process beside those that serve")
    working.add_argument("--once", action="store_true", help="end when all that is here is projected")
    expiry = command("expire", "write off what ended before a day, let go of what is set aside for sales that never came; the daily job")
    expiry.add_argument("--day", required=True, metavar="YYYY-MM-DD")
    command("rebuild", "make everything that follows from the journals again, and compare")
    _add_quarantine(command("quarantine", "list what was received and not posted, or try to post it after all"))
    command("verify", "check the books against the journals; names the first difference")
    for add in (arguments.add, card_arguments.add, phone_arguments.add, claim_arguments.add, question_arguments.add):
        add(command)
    serve = command("serve", "answer stations and browsers")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8710, metavar="N", help="0: any free one")
    for name, help_text in (("report", "the figures of a business date"), ("sales", "the sales of a business date")):
        asked = command(name, f"print {help_text} as JSON")
        asked.add_argument("--date", required=True, metavar="YYYY-MM-DD")
        asked.add_argument("--station", metavar="ID")
        asked.add_argument("--json", action="store_true", help="the only form there is; may be left out")
    return parser


def _add_quarantine(aside: argparse.ArgumentParser) -> None:
    aside.add_argument("action", choices=("list", "replay"))
    aside.add_argument("--station", metavar="ID")
    aside.add_argument("--incarnation", metavar="ID")
    aside.add_argument("--seq", type=int, metavar="N")
    aside.add_argument("--code", choices=("UNREADABLE", "VERSION", "REVOKED", "NOT_POSTED"), help=(
        "only these; what a revoked station sent is replayed only when it is named here"))


if __name__ == "__main__":
    sys.exit(main())
