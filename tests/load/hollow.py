"""``python -m tests.load.hollow HOME``: head office's HTTP without a database, until its standard input ends.

It serves with the keys in HOME, over TLS, by the same server and framework. A batch is checked as ever -
signature, chain, every entry - and answered with a signed receipt; nothing is looked up, nothing stored.
Every station signs with the key of ``tests.load.stations``' first.
"""

import sys
import threading
from pathlib import Path

from headoffice import main as program


def main() -> None:
    """Serve."""
    home = Path(sys.argv[1])
    program.bootstrap(home)
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application

    from headoffice.admission import Admission
    from headoffice.serving import OfficeServer

    settings.ROOT_URLCONF = "tests.load.hollow_urls"
    server = OfficeServer(Admission(get_wsgi_application()), home, ("127.0.0.1", 0))
    threading.Thread(target=server.run, daemon=True).start()
    sys.stdout.write(f"https://127.0.0.1:{server.port}\n")
    sys.stdout.flush()
    sys.stdin.read()
    server.close()


if __name__ == "__main__":
    main()
