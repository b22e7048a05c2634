# ruff: noqa: DJ008 - people see rows through commands and the console
"""What members said at counters, and what became of it: open, answered, closed.

A row is made when its entry is posted and from then on is people's affair: a rebuild finds it and
leaves it. ``words`` and ``answer`` can be erased at any time; the rest stays.
"""

from django.db import models

from headoffice.fields import flag, optional_whole, text, whole
from station.matter import MatterState


class Question(models.Model):
    """What the entry at (``station``, ``incarnation``, ``seq``) took down (``station.matter.MemberAsked``).

    ``member`` "" is nobody in particular; ``heard_by`` the id of who took it down. ``agreed`` says
    whether the register held, when it was posted, the member's consent to be written to about their
    own account by the channel of ``answer_by``; the wish itself is a consent for this matter alone.
    ``told_us`` is when ``told_by`` showed the answer at a counter, null: it was not, or was answered anew.
    """

    pk = models.CompositePrimaryKey("station", "incarnation", "seq")
    station = text(24)
    incarnation = text(32)
    seq = whole()
    ask_id = text(36)
    kind = text(16)
    subject = text(16)
    member = text(100, default="")
    answer_by = text(16)
    agreed = flag(default=False)
    heard_by = text(100)
    at_us = whole()
    words: "models.TextField[str, str]" = models.TextField(default="")
    state = text(16, default=MatterState.OPEN.value)
    answer: "models.TextField[str, str]" = models.TextField(default="")
    answered_us = optional_whole()
    answered_by = text(100, default="")
    closed_us = optional_whole()
    told_us = optional_whole()
    told_by = text(100, default="")

    class Meta:
        """People look for what is open, a member for the own ones."""

        indexes = (
            models.Index("at_us", name="question_open", condition=~models.Q(state=MatterState.CLOSED.value)),
            models.Index("member", "at_us", name="question_by_member", condition=~models.Q(member="")))
