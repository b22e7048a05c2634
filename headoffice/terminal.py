"""How the ``headoffice`` program speaks: JSON on standard output, refusals on standard error."""

import sys

import msgspec

REFUSED = 2


def print_json(value: object) -> None:
    """Write ``value`` as one line of JSON."""
    sys.stdout.write(msgspec.json.encode(value).decode() + "\n")


def refused(sentence: str) -> int:
    """Say why a command was not carried out; return its exit status."""
    sys.stderr.write(f"{sentence}\n")
    return REFUSED
