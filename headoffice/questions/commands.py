"""What the ``headoffice`` program does about what members said."""

import argparse
import sys
from collections.abc import Callable

from headoffice.clock import now_us
from headoffice.questions import matters
from headoffice.questions.arguments import ANSWER, CLOSE, LIST
from headoffice.questions.models import Question
from headoffice.terminal import print_json, refused


def questions(options: argparse.Namespace) -> int:
    """List matters, one JSON line each, or answer, close or erase one."""
    if options.action == LIST:
        for row in matters.listed(state=options.state, member=options.member, all_of_them=options.all):
            print_json(_told(row))
        return 0
    station, _, rest = options.id.partition("/")
    incarnation, _, seq = rest.partition("/")
    if not seq.isdecimal():
        return refused("say which: --id STATION/INCARNATION/SEQ")
    place = (station, incarnation, int(seq))
    try:
        if options.action == ANSWER:
            if not options.by:
                return refused("say who answers: --by NAME")
            matters.answer(place, sys.stdin.read(), options.by, now_us())
        elif options.action == CLOSE:
            matters.close(place, now_us())
        else:
            matters.erase(place)
    except (LookupError, ValueError) as fault:
        return refused(str(fault.args[0]))
    return 0


def _told(row: Question) -> dict[str, object]:
    return {
        "id": f"{row.station}/{row.incarnation}/{row.seq}", "kind": row.kind, "subject": row.subject, "member": row.member,
        "answer_by": row.answer_by, "agreed": row.agreed, "heard_by": row.heard_by, "at_us": row.at_us, "words": row.words,
        "state": row.state, "answer": row.answer, "answered_us": row.answered_us, "answered_by": row.answered_by,
        "told_us": row.told_us, "told_by": row.told_by}


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {"questions": questions}
