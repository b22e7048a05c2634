"""The console as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsoleConfig(AppConfig):
    """The pages on which head office's people see the club."""

    name = "headoffice.console"
    verbose_name = _("Customer club")
