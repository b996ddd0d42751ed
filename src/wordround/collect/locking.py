"""The lock of a source: one run at a time collects it, so that nothing is landed twice and no answer is paid for twice.

The lock is the operating system's and ends with the process that holds it, however that ends.
"""

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from wordround.errors import AlreadyCollected
from wordround.folders import documentation
from wordround.settings import Settings
from wordround.storage import held

log = logging.getLogger(__name__)


@contextmanager
def source_lock(settings: Settings, source: str) -> Iterator[None]:
    """Keep other runs from collecting a source; wait for one that does.

    Taken before anything is read of what was landed, because that decides what is new. Raises AlreadyCollected when it
    is not free within WORDROUND_WAIT_SECONDS.
    """
    path, seconds = settings.home / "locks" / f"collect-{source}.lock", settings.environment.wait_seconds
    with ExitStack() as stack:
        try:
            stack.enter_context(held(path, 0))
        except TimeoutError:
            log.info("%s: another run collects it; waiting up to %d seconds for it to end", source, seconds)
            try:
                stack.enter_context(held(path, seconds))
            except TimeoutError as error:
                raise AlreadyCollected(
                    f"{source}: another run has been collecting it for more than {seconds} seconds "
                    f"(WORDROUND_WAIT_SECONDS). Nothing was read or asked. Wait for it to end, or see what it is doing "
                    f"({documentation('runbook.md#ingest_daily')}); then run this again."
                ) from error
        yield
