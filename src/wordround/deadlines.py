"""What Airflow calls when a run has missed its deadline. It is imported wherever a DAG is read, so it imports nothing.

Airflow runs it in its triggerer, which waits for nothing else meanwhile: the work is done in a thread and, where there
are several trusts, in a process that is told what this one is told.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wordround.outcomes import Stored


async def tell_engineer(context: dict[str, Any]) -> str:
    """Tell the engineer that figures are late, where they are; return what came of it, for Airflow to keep.

    context: of Airflow, the run that is late as its API gives it.
    """
    import asyncio

    outcome = await asyncio.to_thread(_tell, context["dag_run"]["dag_id"])
    return ", ".join(f"{name}: {value}" for name, value in outcome.items() if value is not None)


def _tell(dag_id: str) -> "Stored":
    from wordround import pipeline, settings, trusts

    kind, trust = trusts.parted(dag_id)
    if trust is None:
        return pipeline.tell_late(settings.load_settings(), kind)
    from wordround.worker_processes import of_trust

    return of_trust(trust, _tell_of_own, kind)


def _tell_of_own(kind: str) -> "Stored":
    from wordround import pipeline, settings

    return pipeline.tell_late(settings.load_settings(), kind)
