"""``make bench``: every figure beside its limit of the same run, as a table and as build/bench.json."""

import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from tests.benchmarks import (
    cards,
    chips,
    commit,
    days,
    lines,
    members,
    painted,
    pricing,
    projector,
    readers,
    recovery,
    soak,
    started,
    upload,
)

OUT = Path("build") / "bench.json"


def main() -> int:
    """Run all benchmarks and print them."""
    figures = []
    for part in (commit, days, members, started, painted, soak, readers, lines, upload, projector, recovery, pricing, cards, chips):
        with tempfile.TemporaryDirectory() as folder:
            figures += part.measure(Path(folder))
    print(f"{'figure':44} {'value':>12} {'':8} {'limit':>12}  {'ratio':>6}  limit is")  # noqa: T201
    for each in figures:
        print(f"{each.name:44} {each.value:12.3f} {each.unit:8} {each.limit:12.3f} "  # noqa: T201
              f" {each.ratio:6.2f}  {each.limit_name}")
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps([asdict(each) | {"ratio": each.ratio} for each in figures], indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
