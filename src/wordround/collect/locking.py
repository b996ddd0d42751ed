"""Locks of a source: one run at a time collects it, and one checks it for deletions.

So nothing is landed twice, no answer is paid for twice, and each run knows what the others have spent.

The lock is the operating system's and ends with the process that holds it, however that ends.
"""

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Literal

from wordround.errors import AlreadyCollected
from wordround.folders import documentation
from wordround.settings import Settings
from wordround.storage import held

log = logging.getLogger(__name__)


@contextmanager
def source_lock(
    settings: Settings, source: str, purpose: Literal["collect", "check"] = "collect", seconds: float | None = None
) -> Iterator[None]:
    """Keep other runs from collecting a source, or from checking it for deletions; wait for one that does.

    Taken before anything is read of what was landed, because that decides what is new. Raises AlreadyCollected when it
    is not free within so many seconds, WORDROUND_WAIT_SECONDS by default.
    """
    path = settings.place("locks") / f"{purpose}-{source}.lock"
    seconds = settings.environment.wait_seconds if seconds is None else seconds
    with ExitStack() as stack:
        try:
            stack.enter_context(held(path, 0))
        except TimeoutError:
            log.info("%s: another run %ss it; waiting up to %d seconds for it to end", source, purpose, seconds)
            try:
                stack.enter_context(held(path, seconds))
            except TimeoutError as error:
                raise AlreadyCollected(
                    f"{source}: another run has been {purpose}ing it for more than {seconds:.0f} seconds "
                    f"(WORDROUND_WAIT_SECONDS). Nothing was read or asked. Wait for it to end, or see what it is doing "
                    f"({documentation('runbook.md#ingest_daily')}); then run this again."
                ) from error
        yield
