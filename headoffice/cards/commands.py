"""What the ``headoffice`` program does about copied cards."""

import argparse
from collections.abc import Callable

from headoffice.cards.alerts import alerts, close
from headoffice.clock import now_us
from headoffice.terminal import print_json, refused


def clones(options: argparse.Namespace) -> int:
    """Print the alerts of copied cards that are open, or all; or close one."""
    if options.close:
        return 0 if close(options.close, now_us()) else refused(f"there is no alert {options.close}")
    for alert in alerts(closed=options.all):
        print_json(alert)
    return 0


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {"clones": clones}
