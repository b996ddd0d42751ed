"""Garbage collection, which costs much where hundreds of thousands of objects are made and none is garbage."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let no garbage be looked for among new objects, none of which is any."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def keep() -> None:
    """Look for no garbage any more among what there is now: large tables, which a process has for as long as it lives.

    To go through those of de-identification takes a tenth of a second, again and again.
    """
    gc.freeze()
