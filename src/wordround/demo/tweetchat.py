"""The demo's conversation: collected from the stand-ins as its verb would do it, and summed up on a page of its own.

The hours are long over, so no live collection comes round to it: this is what a person does who declares one later.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from wordround import pipeline
from wordround.conversations import declared
from wordround.demo import sources
from wordround.settings import Settings


def collect(settings: Settings, started: sources.Standins, say: Callable[[str], object]) -> None:
    """Collect every conversation of the settings from the stand-ins, and say what came. Raises Incomplete."""
    if not started:
        return
    with _who_asks(sources.variables(started)):
        for one in declared.known(settings):
            collected = pipeline.collect_conversation(settings, one.conversation_id)
            pipeline.require_whole(collected)
            say(_came(one.label, collected))


def summaries(settings: Settings, started: sources.Standins) -> list[dict[str, Any]]:
    """Write the summary of every conversation that was collected: {name, page, contributions} each."""
    if not started:
        return []
    return [
        {"name": one.conversation_id, "page": str(summed["page"]), "contributions": summed["contributions"]}
        for one in declared.known(settings)
        for summed in [pipeline.sum_conversation(settings, one.conversation_id)]
    ]


def _came(label: str, collected: Mapping[str, Any]) -> str:
    each = ", ".join(f"{source} {one['rows']}" for source, one in collected["sources"].items())
    whole = all(one["listings_whole"] == one["listings"] for one in collected["sources"].values())
    return (
        f"“{label}” is collected, as `wordround conversation collect` would, for {collected['since']} to "
        f"{collected['until']}: {each} posts{'' if whole else '; not all days were answered'}. {collected['caution']}"
    )


@contextmanager
def _who_asks(variables: Mapping[str, str]) -> Iterator[None]:
    """Let this process, and not Airflow's alone, hold what the stand-ins want of who asks."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
