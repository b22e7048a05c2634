"""``make simulate SEEDS=1-100``: run seeds, print the table; a seed that fails says how to replay it."""

import argparse
import gc
import sys
from collections.abc import Sequence

from tests.simulator.booted import boot, fresh_folder, overhear, remove


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is asked for; 1 when an invariant did not hold, or a planted bug was not found."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulator.run", description="The simulator.")
    parser.add_argument("--seeds", default="1-100", metavar="A-B", help="or a single one")
    parser.add_argument("--trace", action="store_true", help="print every step")
    parser.add_argument("--digests", action="store_true", help="print each seed's digest of its trace")
    parser.add_argument("--plant", default="", metavar="NAME", help="a planted bug to be found, or: all")
    parser.add_argument("--show", action="store_true", help="print the last steps before a finding, also with --plant")
    options = parser.parse_args(arguments)
    first, _, last = options.seeds.partition("-")
    # What a process that was killed leaves behind complains when it is collected.
    sys.unraisablehook = lambda _unraisable: None
    folder = fresh_folder()
    try:
        home = boot(folder)
        overhear()
        from tests.simulator.campaign import Campaign

        gc.freeze()  # what was imported is never garbage; looking for some is then quick
        campaign, seeds = Campaign(folder, home, told=options.trace), range(int(first), int(last or first) + 1)
        return campaign.hunt(seeds, options.plant, show=options.show) if options.plant else campaign.run(seeds, digests=options.digests)
    finally:
        remove(folder)


if __name__ == "__main__":
    sys.exit(main())
