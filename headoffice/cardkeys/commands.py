"""``headoffice card-keys`` and ``key-service``. They need no database: the keys may lie with another user of the machine."""

import argparse
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from headoffice.cardkeys.issuers import Issuers, issuers_in, signs
from headoffice.cardkeys.process import run
from headoffice.cardkeys.store import FOLDER, MasterKeyStore
from headoffice.clock import MICROSECONDS, now_us
from headoffice.terminal import print_json, refused
from station.errors import StationError


def card_keys(home: Path, options: argparse.Namespace) -> int:
    """List the issuing keys of the head office in ``home``, make one, or withdraw one; or make chips' next master keys."""
    if (options.action == "withdraw") == (options.id is None) or (options.chips and options.action != "new"):
        return refused("--id N goes with withdraw, --chips with new, and with nothing else")
    issuers = issuers_in(home)
    try:
        if options.chips:
            print_json({"chips": MasterKeyStore(home / FOLDER).new()})
            return 0
        if options.action == "new":
            issuers.new(now_us())
        elif options.action == "withdraw":
            issuers.withdraw(options.id, now_us())
    except KeyError:
        return refused(f"there is no issuing key {options.id}")
    except (OverflowError, ValueError, StationError) as fault:
        return refused(f"the key cannot be kept: {fault}")
    return _listed(issuers)


def key_service(home: Path, options: argparse.Namespace) -> int:
    """Be the key service of ``home`` until it is told to end."""
    return run(home, options.address)


def _listed(issuers: Issuers) -> int:
    at_us, keys = now_us(), issuers.listed().keys
    able = [key.key_id for key in keys if signs(key, at_us)]
    for key in keys:
        print_json({
            "id": key.key_id, "public": key.public.hex(), "from": _time(key.from_us), "until": _time(key.until_us),
            "withdrawn": _time(key.withdrawn_us), "signs": key.key_id == max(able, default=0)})
    if not able:
        sys.stderr.write("no issuing key signs today; make one: headoffice card-keys new\n")
    return 0


def _time(utc_us: int | None) -> str | None:
    return None if utc_us is None else datetime.fromtimestamp(utc_us // MICROSECONDS, UTC).isoformat()


COMMANDS: dict[str, Callable[[Path, argparse.Namespace], int]] = {"card-keys": card_keys, "key-service": key_service}
