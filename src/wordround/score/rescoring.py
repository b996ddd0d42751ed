"""Scoring by the versions in force, and how a new version takes their place (docs/adr/0024-one-switch.md).

New texts are scored by the version in force, so that they appear at once. History is then read again by the new one,
newest first and at most `models.rescored_texts` a run, beside the figures that are shown. When nothing is left, all
models that changed are put in force in one transaction, at one moment that is recorded. Killed at any point, the next
run goes on where it stopped. Registers are no models: services that a text names follow services.csv at once.
"""

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from wordround import __version__
from wordround.errors import RegistryInvalid
from wordround.outcomes import Outcome
from wordround.records.model_switches import ModelSwitch
from wordround.registers import models
from wordround.registers.frames import frames, themes
from wordround.score import figures
from wordround.score.figures import Task, Workers, bring_up_to_date
from wordround.settings import Settings
from wordround.understand.model_files import ModelUnreadable
from wordround.warehouse import model_switches, moments, texts
from wordround.warehouse.engine import connect

# The tasks whose new version waits until it has read all of history. Of the others, none labels a comment.
MODELS = ("sentiment", "annotations", "relevance")

log = logging.getLogger(__name__)


class Scored(Outcome):
    """How many new texts a model scored, and the version whose figures are shown.

    `next_version`: one that is to take its place; of history it read `rescored` texts in this run, and `left` are left.
    """

    texts: int
    model_version: str
    next_version: str | None = None
    rescored: int = 0
    left: int = 0


def score(settings: Settings) -> dict[str, Scored]:
    """Bring `understanding` up to date; return what each model did, by the name of its task."""
    with connect(settings) as connection, Workers() as workers:
        shown, newest = texts.versions_in_force(connection), figures.tasks(settings.home)
        changed = [
            task for task in newest if task.name in MODELS and shown.get(task.name, task.version) != task.version
        ]
        former = _former(settings.home, shown, changed)
        _forget_abandoned(connection, settings, shown, newest)
        outcome = {}
        for task in newest:
            if task not in changed:
                count = bring_up_to_date(connection, task, workers)
                _keep_in_force(connection, settings, task)
                outcome[task.name] = Scored(texts=count, model_version=task.version)
            elif former:
                count = bring_up_to_date(connection, former[task.name], workers)
                outcome[task.name] = Scored(texts=count, model_version=shown[task.name])
        if changed:
            limit = settings.models.rescored_texts if former else None
            outcome |= _rescore(connection, settings, changed, workers, shown, outcome, limit)
        model_switches.bring_in_line(connection, settings)
    return outcome


def _former(home: Path, shown: Mapping[str, str], changed: Sequence[Task]) -> dict[str, Task]:
    """Return for models that changed the tasks of the versions in force; none where one of these can no longer be run.

    Its files were not kept, or this program reads them otherwise: then texts that are new wait for the new version.
    """
    found = {}
    for task in changed:
        files = models.kept_files(home, shown[task.name])
        making = {"annotations": figures.annotations_task, "relevance": figures.relevance_task}.get(task.name)
        try:
            former = making(files) if making and files else None
        except (ModelUnreadable, RegistryInvalid, OSError) as error:
            log.warning("%s: %s", type(error).__name__, error)
            former = None
        if former is None or former.version != shown[task.name]:
            log.warning("%s cannot be run any more: %s reads all texts in this run", shown[task.name], task.version)
            return {}
        found[task.name] = former
    return found


def _forget_abandoned(
    connection: duckdb.DuckDBPyConnection, settings: Settings, shown: Mapping[str, str], newest: Sequence[Task]
) -> None:
    """Forget what a version has read that was to come and is not any more."""
    tasks = {task.name: task for task in newest}
    begun = model_switches.rescorings(connection)
    gone = [each for each in begun if each.model_version != tasks[each.task].version]
    for each in gone:
        kept = [shown[each.task], tasks[each.task].version]
        texts.forget_other_versions(connection, tasks[each.task].table, kept)
    if gone:
        models.forget_files(settings.home, {*shown.values(), *(task.version for task in newest)})
        model_switches.set_progress(connection, {}, {})


def _rescore(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    changed: Sequence[Task],
    workers: Workers,
    shown: Mapping[str, str],
    outcome: Mapping[str, Scored],
    limit: int | None,
) -> dict[str, Scored]:
    """Read history again, at most `limit` texts a model, and switch where nothing is left."""
    _store_progress(connection, changed)
    rescored = {task.name: bring_up_to_date(connection, task, workers, newest_first=limit) for task in changed}
    left = _store_progress(connection, changed)
    if any(left.values()):
        return {
            task.name: outcome[task.name].model_copy(
                update={"next_version": task.version, "rescored": rescored[task.name], "left": left[task.name]}
            )
            for task in changed
        }
    _switch(connection, settings, changed, shown)
    known = {task.name: outcome[task.name].texts if task.name in outcome else 0 for task in changed}
    return {
        task.name: Scored(texts=known[task.name], model_version=task.version, rescored=rescored[task.name])
        for task in changed
    }


def _store_progress(connection: duckdb.DuckDBPyConnection, changed: Sequence[Task]) -> dict[str, int]:
    """Store how far each model is, for the quality page; return how many texts are left, by task."""
    counts = {
        task.name: texts.readable_counts(connection, task.table, task.version, task.kinds, task.by_question)
        for task in changed
    }
    model_switches.set_progress(connection, {task.name: task.version for task in changed}, counts)
    return {name: count - read for name, (count, read) in counts.items()}


def _switch(
    connection: duckdb.DuckDBPyConnection, settings: Settings, changed: Sequence[Task], shown: Mapping[str, str]
) -> None:
    """Put all models that changed in force at one moment. What the former ones made is forgotten afterwards."""
    moment = moments.now(connection)
    switches = []
    for task in changed:
        (count, _) = texts.readable_counts(connection, task.table, task.version, task.kinds, task.by_question)
        switches.append(
            ModelSwitch(
                switched_at=moment,
                task=task.name,
                former_version=shown[task.name],
                model_version=task.version,
                cause=_cause(settings.home, task, shown[task.name]),
                made_by=f"wordround {__version__}",
                text_count=count,
                expired_count=model_switches.expired_count(connection, task.table, task.version),
            )
        )
    connection.execute("begin")
    model_switches.put_in_force(connection, switches)
    for task in changed:
        _store_labels(connection, task)
    connection.execute("commit")
    for task in changed:
        texts.forget_other_versions(connection, task.table, [task.version])
    models.forget_files(settings.home, texts.versions_in_force(connection).values())


def _keep_in_force(connection: duckdb.DuckDBPyConnection, settings: Settings, task: Task) -> None:
    """Keep a version whose figures are complete in force, or put the first one of a model there."""
    connection.execute("begin")
    texts.make_current(connection, task.name, task.version)
    _store_labels(connection, task)
    connection.execute("commit")


def _store_labels(connection: duckdb.DuckDBPyConnection, task: Task) -> None:
    """Store the themes and the reference of the labels that annotations in force are of."""
    if task.name == "annotations" and task.files:
        made = figures.annotating(task.files)
        texts.store_themes(connection, themes(made.frames))
        texts.store_label_reference(connection, task.version, made.label_reference)


def _cause(home: Path, task: Task, former_version: str) -> str:
    """Return in words what is new in a version."""
    if task.name != "annotations":
        return {"sentiment": "VADER", "relevance": "model of relevance"}[task.name]
    found = []
    if former_version.split("-")[:2] != task.version.split("-")[:2]:
        own = models.comments_model() == models.own_comments_model()
        found.append("own model of comments" if own else "model of comments")
    former = models.kept_files(home, former_version)
    try:
        has_other_frames = former is not None and _versions(former.frames) != _versions(
            task.files and task.files.frames
        )
    except (RegistryInvalid, OSError):  # this program reads frames otherwise, or the files are damaged
        has_other_frames = True
    if has_other_frames:
        found.append("code frames")
    return " and ".join(found) or "how texts are read"


def _versions(folder: Path | None) -> set[str]:
    return {frame.version for frame in frames(folder).values()}
