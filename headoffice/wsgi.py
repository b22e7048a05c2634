"""The application for a WSGI server: ``gunicorn --config python:headoffice.production``, with HEADOFFICE_HOME set."""

import os
from pathlib import Path

from headoffice.main import HOME_VARIABLE, bootstrap

bootstrap(Path(os.environ[HOME_VARIABLE]))

from django.core.wsgi import get_wsgi_application  # noqa: E402

from headoffice.admission import Admission  # noqa: E402

application = Admission(get_wsgi_application())
