"""One target under atheris, in a process of its own: ``python -m tests.fuzz.one NAME --seconds N --out FOLDER``.

Leaves ``result.json`` in FOLDER: how often the target ran, its slowest inputs (hexadecimal), and
each crash, told apart by its exception and line, with the input that brought it about.
"""

import argparse
import heapq
import json
import os
import sys
import traceback
from importlib import import_module
from pathlib import Path
from time import monotonic, perf_counter
from typing import Any

MOST_BYTES = 1024
SLOWEST_KEPT = 5
HUNG_S = 10


class Counting:
    """A target, with what comes of its runs; ends the process when its time is over."""

    def __init__(self, run: Any, until_s: float, out: Path) -> None:
        """Run until ``until_s`` of ``monotonic`` and write to the folder ``out``."""
        self._run = run
        self._until_s = until_s
        self._out = out
        self._executions = 0
        self._slowest: list[tuple[float, bytes]] = []
        self._crashes: dict[str, bytes] = {}

    def __call__(self, data: bytes) -> None:
        """Run the target once."""
        if monotonic() >= self._until_s:
            self._end()
        begun = perf_counter()
        try:
            self._run(data)
        except Exception as fault:  # noqa: BLE001 - whatever it is, it is what is looked for
            place = traceback.extract_tb(fault.__traceback__)[-1]
            self._crashes.setdefault(f"{type(fault).__name__} {Path(place.filename).name}:{place.lineno}", data)
        self._executions += 1
        heapq.heappush(self._slowest, (perf_counter() - begun, data))
        if len(self._slowest) > SLOWEST_KEPT:
            heapq.heappop(self._slowest)

    def _end(self) -> None:
        (self._out / "result.json").write_text(json.dumps({
            "executions": self._executions, "slowest": [data.hex() for _, data in self._slowest],
            "crashes": {what: data.hex() for what, data in self._crashes.items()},
        }), encoding="ascii")
        # atheris gives control back to nobody.
        os._exit(0)


def main() -> None:
    """Fuzz one target."""
    parser = argparse.ArgumentParser()
    parser.add_argument("name")
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    atheris: Any = import_module("atheris")
    with atheris.instrument_imports(include=["drivers", "station", "sync", "ui", "ndef"], enable_loader_override=False):
        targets = import_module("tests.fuzz.targets")
    target = next(each for each in targets.TARGETS if each.name == options.name)
    corpus = options.out / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for place, seed in enumerate(target.seeds):
        (corpus / f"seed-{place}").write_bytes(seed)
    counting = Counting(target.run, monotonic() + options.seconds, options.out)
    atheris.Setup(
        [sys.argv[0], str(corpus), f"-max_len={MOST_BYTES}", f"-timeout={HUNG_S}", "-verbosity=0",
         f"-artifact_prefix={options.out}/"], counting)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
