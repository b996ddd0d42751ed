"""All benchmarks, one table: `make bench`, `python bench/run.py [--posts POSTS] [--sizes SIZE SIZE ...] [--only PART]`.

Each part prints its own details as it goes; at the end every figure stands beside that of the last run (results.py).
"""

import argparse
from pathlib import Path

import asking
import chain
import conversing
import importing
import reporting
import results
import understanding
from measuring import out


def main() -> None:
    """Run the parts in order of how long they take, the shortest first, and keep their figures."""
    parser = argparse.ArgumentParser(description="Measure Wordround on this machine.")
    parser.add_argument("--posts", type=int, default=100_000, help="posts that are asked for, and of a conversation")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(results.SIZES), help="answers of the whole chain")
    parser.add_argument("--services", type=int, default=40, help="services of the report")
    parts = {
        "settings": lambda given: importing.main(),
        "connector": lambda given: asking.main(given.posts),
        "understanding": lambda given: understanding.main(100_000),
        "report": lambda given: reporting.main(given.services),
        "conversation": lambda given: conversing.main(given.posts),
        "chain": lambda given: chain.main(given.sizes),
    }
    parser.add_argument("--only", choices=parts, action="append", help="one part; may be given several times")
    parser.add_argument("--results", type=Path, default=results.FILE, help="where figures are kept")
    given = parser.parse_args()
    figures: results.Figures = {}
    for name in given.only or parts:
        out.rule(name, align="left")
        figures |= parts[name](given)
    out.rule()
    results.keep(figures, given.results)


if __name__ == "__main__":
    main()
