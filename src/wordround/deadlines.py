"""What Airflow calls when a run has missed its deadline. It is imported wherever a DAG is read, so it imports nothing.

Airflow runs it in its triggerer, which waits for nothing else meanwhile: the work is done in a thread.
"""

from typing import Any


async def tell_engineer(context: dict[str, Any]) -> str:
    """Tell the engineer that figures are late, where they are; return what came of it, for Airflow to keep.

    context: of Airflow, the run that is late as its API gives it.
    """
    import asyncio

    from wordround import pipeline, settings

    outcome = await asyncio.to_thread(pipeline.tell_late, settings.load_settings(), context["dag_run"]["dag_id"])
    return ", ".join(f"{name}: {value}" for name, value in outcome.items() if value is not None)
