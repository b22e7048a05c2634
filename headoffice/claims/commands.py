"""What the ``headoffice`` program does about one member: the PIN, and who it is."""

import argparse
import sys
from collections.abc import Callable

from headoffice.claims.arguments import ERASE, FORGET_PIN, UNLOCK
from headoffice.claims.models import Attempts
from headoffice.claims.pins import draw_pin, forget_pin, set_pin
from headoffice.claims.service import phone_subject
from headoffice.clock import now_us
from headoffice.register import members
from headoffice.register.models import Member
from headoffice.terminal import refused


def member(options: argparse.Namespace) -> int:
    """Set or forget a member's PIN, let the member's phone be tried again after a lock, or erase the person."""
    if options.action == UNLOCK:
        row = Member.objects.filter(id=options.id).first()
        if row is None:
            return refused("nobody is a member by this id")
        Attempts.objects.filter(subject=phone_subject(row.phone)).delete()
        return 0
    if options.action == FORGET_PIN:
        return 0 if forget_pin(options.id) else refused("this member has no PIN")
    try:
        if options.action == ERASE:
            forget_pin(options.id)
            members.erase(options.id, now_us())
        elif options.own:
            set_pin(options.id, sys.stdin.readline().strip(), now_us())
        else:
            sys.stdout.write(f"{draw_pin(options.id, now_us())}\n")
    except (LookupError, ValueError) as fault:
        return refused(str(fault.args[0]))
    return 0


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {"member": member}
