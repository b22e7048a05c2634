"""gunicorn's configuration: ``HEADOFFICE_HOME=DIR gunicorn --config python:headoffice.production --workers N``.

TLS is head office's own, as in ``headoffice serve``: stations trust its authority and no other.
``--bind`` and ``--workers`` are given on the command line. The projector is a process of its own
beside it, ``headoffice work``.
"""

import os
import shutil
import ssl
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from headoffice import tls
from headoffice.cardkeys.process import address_in
from headoffice.main import HOME_VARIABLE
from headoffice.pools import THREADS

HOME = Path(os.environ[HOME_VARIABLE])
METRICS = HOME / "metrics"
"""Where the workers keep their counts, for whichever of them is asked for all."""

wsgi_app = "headoffice.wsgi:application"
bind = "127.0.0.1:8710"
worker_class = "gthread"
threads = THREADS
keepalive = 75
timeout = 120
certfile = keyfile = str(HOME / tls.SERVER)
# prometheus_client looks for it when it is imported: by the workers, later than here.
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(METRICS)


def on_starting(server: Any) -> None:
    """Make the certificate if there is none, or a new one if it ends soon; forget the counts of the run before."""
    if server.cfg.workers > 1 and not address_in(HOME):
        server.log.warning("several workers and no key service: what is said to chips will break off (headoffice key-service)")
    tls.create(HOME, datetime.now(UTC))
    shutil.rmtree(METRICS, ignore_errors=True)
    METRICS.mkdir(mode=0o700)


def ssl_context(_config: Any, _default: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
    """Return TLS as it is to be spoken now; a certificate that was renewed on disk is shown from then on."""
    return _context((HOME / tls.SERVER).stat().st_mtime_ns)


@lru_cache(maxsize=1)
def _context(_of: int) -> ssl.SSLContext:
    return tls.context(HOME)
