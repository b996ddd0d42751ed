"""Verbs of the command line, run in a process of their own where a page needs what it may not do itself.

The page reads what is published and writes to the records. What needs the warehouse goes through the verb that anybody
else would use, with the same rules, locks and messages.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from wordround.errors import WordroundError

_SECONDS = 300


class VerbRefused(WordroundError):
    """A verb was refused; the message is the verb's own."""


def run(*arguments: str, descriptors: Sequence[int] = ()) -> dict[str, Any]:
    """Run a verb and return its outcome. Raises VerbRefused.

    descriptors: open files that the verb is handed, for `/proc/self/fd/<number>` among its arguments.
    """
    command = [sys.executable, "-c", "from wordround.cli import app; app()", *arguments, "--json"]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=_SECONDS, pass_fds=tuple(descriptors)
        )
    except subprocess.TimeoutExpired:
        raise VerbRefused("It took too long and was stopped. Try it from the command line.") from None
    try:
        outcome: dict[str, Any] = json.loads(done.stdout)
    except json.JSONDecodeError:
        raise VerbRefused("It failed for a reason that it did not say. Try it from the command line.") from None
    if "error" in outcome:
        raise VerbRefused(str(outcome["message"]))
    return outcome
