"""The process that opens one given product for its parent (given_products.py), with little memory and time.

It is asked by JSON on standard input, {"path", "copy"}, and answers by JSON on standard output: what the product says,
or the reason against it ({"refused"}). It writes the copy and nothing else.
"""

import json
import resource
import sys
from pathlib import Path

from wordround.connectors import MEGABYTE
from wordround.publish.given_products import NotTaken, look_at

# Ten times what the figures of the largest trust take.
_MEGABYTES, _SECONDS = 1_000, 300


def main() -> None:
    """Answer one question."""
    asked = json.load(sys.stdin)
    resource.setrlimit(resource.RLIMIT_DATA, (_MEGABYTES * MEGABYTE, _MEGABYTES * MEGABYTE))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        said = look_at(Path(asked["path"]), Path(asked["copy"]))
    except NotTaken as reason:
        said = {"refused": str(reason)}
    json.dump(said, sys.stdout)


if __name__ == "__main__":
    main()
