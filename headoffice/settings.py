"""Django's settings. All that differs between installations lies in the folder ``HEADOFFICE_HOME``.

That folder holds the database, the keys and ``hosts`` (optional; one host name a line by which
stations and browsers may address this head office besides the loopback names).
"""

import os
from functools import partial
from pathlib import Path

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from headoffice import keys
from headoffice.database import configured
from sync.wire import MOST_BATCH_BYTES

HOME = Path(os.environ["HEADOFFICE_HOME"])
PACKAGE = Path(__file__).resolve().parent
HOSTS = HOME / "hosts"
FONT_FILE = "headoffice/fonts/Vazirmatn.woff2"
STYLES = ["headoffice/console.css"]
if (PACKAGE / "static" / FONT_FILE).exists():
    STYLES.append("headoffice/vazirmatn.css")

KEYS = keys.load(HOME)
SECRET_KEY = KEYS.secret.hex()
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *(HOSTS.read_text("utf-8").split() if HOSTS.exists() else ())]

INSTALLED_APPS = [
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "headoffice.stations",
    "headoffice.register",
    "headoffice.intake",
    "headoffice.ledger",
    "headoffice.audit",
    "headoffice.feeds",
    "headoffice.spending",
    "headoffice.cards",
    "headoffice.phone",
    "headoffice.claims",
    "headoffice.coupons",
    "headoffice.questions",
    "headoffice.returns",
    "headoffice.console",
]
MIDDLEWARE = [
    "headoffice.api.middleware.signed_answers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "headoffice.urls"
TEMPLATES = [{
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "APP_DIRS": True,
    "OPTIONS": {"context_processors": [
        "django.template.context_processors.request",
        "django.contrib.auth.context_processors.auth",
        "django.contrib.messages.context_processors.messages",
    ]},
}]

DATABASES = {"default": configured(HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# The API bounds what it reads by itself; the server refuses anything larger before Django sees it.
DATA_UPLOAD_MAX_MEMORY_SIZE = MOST_BATCH_BYTES

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
LOGIN_URL = "admin:login"

LANGUAGE_CODE = "fa"
LANGUAGES = [("fa", "فارسی"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = "Asia/Tehran"
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "static"]
WHITENOISE_USE_FINDERS = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        # A refusal is an answer: every station's first request is told the nonce by one.
        "django.request": {"level": "ERROR"},
    },
}



def _style(name: str, _request: HttpRequest) -> str:
    return static(name)


UNFOLD = {
    "SITE_TITLE": _("Head office"),
    "SITE_HEADER": _("Customer club"),
    "SITE_SUBHEADER": _("Head office"),
    "SITE_SYMBOL": "loyalty",
    "SHOW_LANGUAGES": True,
    "SHOW_HISTORY": False,
    "SIDEBAR": {"navigation": [{"items": [
        {"title": title, "icon": icon, "link": reverse_lazy(f"admin:console_{model}_changelist")}
        for title, icon, model in (
            (_("Sales"), "receipt_long", "salerow"),
            (_("Members"), "group", "memberrow"),
            (_("Stations"), "point_of_sale", "stationrow"),
            (_("Differences"), "rule", "differencerow"),
            (_("Alarms"), "warning", "alarmrow"),
            (_("Card alerts"), "credit_card_off", "clonerow"),
            (_("Card conflicts"), "contact_mail", "conflictrow"),
            (_("Enrolments"), "person_add", "enrolmentrow"),
            (_("Quarantine"), "inbox", "quarantinerow"),
        )
    ]}]},
    "STYLES": [partial(_style, name) for name in STYLES],
}
