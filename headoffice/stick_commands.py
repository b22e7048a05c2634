"""What the ``headoffice`` program does with a stick."""

import argparse
import sys
from collections.abc import Callable

from data.sealed import recovery_public
from headoffice import stick
from headoffice.clock import now_us
from headoffice.terminal import refused
from station.errors import StationError


def import_stick(options: argparse.Namespace) -> int:
    """Take the batches that stations wrote into a folder, and write the receipts into it; 1 when one was not taken."""
    if not options.folder.is_dir():
        return refused(f"there is no folder {options.folder}")
    try:
        recovery = options.key.read_bytes() if options.key else None
        if recovery is not None:
            recovery_public(recovery)
    except OSError as error:
        return refused(f"{options.key}: {error.strerror}")
    except ValueError:
        return refused(f"{options.key} is not a private recovery key")
    try:
        fared = stick.take(options.folder, recovery, now_us())
    except StationError as fault:
        return refused(f"{options.folder}: {fault}")
    for each in fared:
        sys.stdout.write(f"{each.name}  {each.line}\n")
    if not fared:
        sys.stdout.write("there is no batch here\n")
    return 0 if all(each.is_good for each in fared) else 1


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {"import": import_stick}
