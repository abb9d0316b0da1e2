"""The command line of the fire."""

import argparse
import asyncio
import sys
import time

from bench import fire


def main() -> None:
    """Burn, and print what was seen."""
    parser = argparse.ArgumentParser(prog="python -m bench.fire", description=fire.__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--database-kills", type=int, default=0)
    parser.add_argument("--cuts", type=int, default=0, help="connections to PostgreSQL, by pg_terminate_backend")
    parser.add_argument("--silences", type=int, default=0, help="of PostgreSQL, for some seconds each")
    parser.add_argument("--updates", choices=["polling", "webhook"], default="polling")
    parser.add_argument("--embedded", action="store_true", help="couponchat runs PostgreSQL itself")
    parser.add_argument("--topics", action="store_true", help="each chat has a topic of its own")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    plan = fire.Plan(options.kills, options.database_kills, options.cuts, options.silences)
    how = {"is_embedded": options.embedded, "has_topics": options.topics}
    report = asyncio.run(fire.burn(plan, options.updates, options.seed, **how))
    how_told = ", embedded" * options.embedded + ", topics" * options.topics
    print(f"seed {options.seed}, {options.updates}{how_told}: {report}")
    for wrong in report.wrong:
        print("  wrong:", wrong)
    for orphan in report.orphans:
        print("  orphan:", orphan)
    sys.exit(bool(report.wrong))


if __name__ == "__main__":
    main()
