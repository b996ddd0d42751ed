"""Scoring: VADER's figures, annotations, relevance and named services of each distinct text, once per model version.

Only texts that a version of a model has not seen are scored, and results go to `understanding`. A run that was cut
short goes on where it stopped. Many texts are shared among processes; few are not worth starting one. When a model is
new, history is read again in the background (rescoring.py).
"""

import hashlib
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import suppress
from datetime import datetime
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import duckdb
import pyarrow as pa

from wordround import worker_processes
from wordround.deidentify.placeholders import without_placeholders
from wordround.progress import progress
from wordround.registers.frames import frames, theme_code
from wordround.registers.models import ModelFiles, files_of, kept_newest
from wordround.registers.services import named_services, own_places
from wordround.understand.annotating import Annotating, Theme
from wordround.understand.learned_relevance import LearnedRelevance
from wordround.understand.relevance import Judge
from wordround.understand.sentiment import Vader
from wordround.understand.service_mentions import ServiceMentions
from wordround.warehouse import moments
from wordround.warehouse.texts import UNASKED, Chunk, store, unseen

# Only the words of these may name the service: posts that nobody asked for, and texts that a review site asked for.
POSTS = ("post", "reply", "quote", "blog_comment")
REVIEWS = ("review", "story")

Part = TypeVar("Part")
Made = TypeVar("Made")

_TEXTS_PER_CHUNK = 10_000
# Chunks in one transaction: of each the disk is waited for. A run that is killed reads so many again.
_CHUNKS_STORED_AT_ONCE = 5
_TEXTS_WORTH_PROCESSES = 30_000

_SENTIMENTS = pa.schema([(name, pa.float64()) for name in ("negative", "neutral", "positive", "compound")])
_THEME = pa.struct(
    [
        ("theme_code", pa.string()),
        ("probability", pa.float64()),
        ("polarity", pa.string()),
        ("words", pa.list_(pa.string())),
    ]
)
_ANNOTATIONS = pa.schema(
    [
        ("language", pa.string()),
        ("sentiment", pa.string()),
        ("sentiment_class", pa.string()),
        ("sentiment_probability", pa.float64()),
        ("grade_probabilities", pa.list_(pa.float64())),
        ("themes", pa.list_(_THEME)),
        ("unknown_word_share", pa.float64()),
    ]
)
_RELEVANCE = pa.schema([("probability", pa.float64()), ("reason", pa.string()), ("cues", pa.list_(pa.string()))])
_SERVICES = pa.schema([("service_ids", pa.list_(pa.string()))])


class Task(NamedTuple):
    """One kind of figure: its table, its column of time, and the function that turns texts into columns.

    `kinds`: only texts of comments of these kinds; all texts where it is empty. `by_question`: a text has figures for
    each question that it answers. `files`: what it reads, where that can be replaced.
    """

    name: str
    table: str
    moment: str
    version: str
    columns_of: Callable[[Chunk], pa.Table]
    kinds: tuple[str, ...] = ()
    by_question: bool = False
    files: ModelFiles | None = None


def tasks(home: Path) -> tuple[Task, ...]:
    """Return the tasks of scoring, with copies of the newest models that are kept in the data home.

    Raises ModelUnreadable and RegistryInvalid for files that cannot be used, StorageFailed.
    """
    annotations = annotations_task(kept_newest(home, "annotations", lambda files: annotating(files).version))
    relevance = relevance_task(kept_newest(home, "relevance", lambda files: _judge(files).version))
    sentiment = Task("sentiment", "sentiments", "scored_at", Vader.version, score_texts)
    mentions = Task(
        "service_mentions", "service_mentions", "matched_at", _registry().version, match_texts, (*POSTS, *REVIEWS)
    )
    return sentiment, annotations, relevance, mentions


def annotations_task(files: ModelFiles) -> Task:
    """Return the task of the model of comments and the code frames of these files."""
    version, columns_of = annotating(files).version, partial(annotate_texts, files=files)
    return Task("annotations", "annotations", "annotated_at", version, columns_of, by_question=True, files=files)


def relevance_task(files: ModelFiles) -> Task:
    """Return the task of the model of relevance of these files."""
    version, columns_of = _judge(files).version, partial(judge_texts, files=files)
    return Task("relevance", "relevance", "judged_at", version, columns_of, POSTS, files=files)


def score_texts(chunk: Chunk) -> pa.Table:
    """Return the four figures of each text, in order."""
    scored = _once("scorer", Vader).score_all(list(map(without_placeholders, chunk.texts)))
    return pa.Table.from_arrays(
        [pa.array(figures) for figures in zip(*scored, strict=True)] if scored else [[]] * len(_SENTIMENTS),
        schema=_SENTIMENTS,
    )


def annotate_texts(chunk: Chunk, files: ModelFiles) -> pa.Table:
    """Return of each text, in order: language, sentiment, probabilities of its five grades, themes, unknown words."""
    questions = [None if question == UNASKED else question for question in chunk.questions or ()]
    readings = annotating(files).read(chunk.texts, questions, languages=chunk.languages)
    shown = [read.sentiment or (None, None, None) for read in readings]
    columns = {
        "language": [read.language for read in readings],
        "sentiment": [one[0] for one in shown],
        "sentiment_class": [one[1] for one in shown],
        "sentiment_probability": [one[2] for one in shown],
        "grade_probabilities": [read.grades for read in readings],
        "themes": _themes([read.themes for read in readings]),
        "unknown_word_share": [read.unknown_word_share for read in readings],
    }
    return pa.Table.from_pydict(columns, schema=_ANNOTATIONS)


def _themes(readings: Sequence[Sequence[Theme]]) -> pa.ListArray:
    """Return themes as a column, made of flat ones: of nested rows Arrow would make it in several times the time."""
    themes = [theme for found in readings for theme in found]
    words = pa.array([word for theme in themes for word in theme.words], pa.string())
    parts = [
        pa.array([theme_code(theme.frame, theme.code) for theme in themes], pa.string()),
        pa.array([theme.probability for theme in themes], pa.float64()),
        pa.array([theme.polarity for theme in themes], pa.string()),
        pa.ListArray.from_arrays(_offsets(theme.words for theme in themes), words),
    ]
    return pa.ListArray.from_arrays(_offsets(readings), pa.StructArray.from_arrays(parts, fields=list(_THEME)))


def _offsets(lists: Iterable[Sequence[object]]) -> pa.Array:
    return pa.array([0, *accumulate(map(len, lists))], pa.int32())


def judge_texts(chunk: Chunk, files: ModelFiles) -> pa.Table:
    """Return for each text, in order: the probability that it is an experience of care, the reason, and the cues."""
    judged = _judge(files).judge_all(chunk.texts)
    columns = zip(*judged, strict=True) if judged else ((), (), ())
    return pa.Table.from_arrays(
        [pa.array(values, field.type) for values, field in zip(columns, _RELEVANCE, strict=True)], schema=_RELEVANCE
    )


def match_texts(chunk: Chunk) -> pa.Table:
    """Return which services each text names, in order."""
    registry = _registry()
    return pa.Table.from_arrays([pa.array(map(registry.find, chunk.texts), pa.list_(pa.string()))], schema=_SERVICES)


def annotating(files: ModelFiles) -> Annotating:
    """Return the model of comments with the code frames, of these files."""
    made: Annotating = _once(
        f"annotating {_contents(files, 'annotations')}", lambda: Annotating(frames(files.frames), files.comments)
    )
    return made


def _judge(files: ModelFiles) -> Judge:
    model: Judge = _once(f"relevance {_contents(files, 'relevance')}", lambda: LearnedRelevance.read(files.relevance))
    return model


def _contents(files: ModelFiles, task: str) -> str:
    """Return what tells files apart by what is in them: copies make the same model, which is made once."""
    found = hashlib.sha256()
    for path in files_of(files, task):
        with suppress(OSError):  # who reads the file says what is wrong with it
            found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def _registry() -> ServiceMentions:
    registry: ServiceMentions = _once("services", lambda: ServiceMentions(named_services(), own_places()))
    return registry


_made: dict[str, Any] = {}


def _once(name: str, make: Callable[[], Any]) -> Any:
    """Return a model, made once in this process: lexicons take a moment to read."""
    if name not in _made:
        _made[name] = make()
    return _made[name]


def bring_up_to_date(
    connection: duckdb.DuckDBPyConnection, task: Task, workers: "Workers", newest_first: int | None = None
) -> int:
    """Store the figures of every text that is new to this version of the task; return how many texts.

    newest_first: of at most so many, those that were posted last.
    """
    moment = moments.now(connection)
    with unseen(connection, task.table, task.version, task.kinds, task.by_question, newest_first) as texts:
        submit = workers.submitting(task.columns_of, texts.count)
        with progress(f"Understanding: {task.name}", texts.count) as advance:
            waiting: list[pa.Table] = []
            for chunk, figures in in_order(submit, texts.chunks(_TEXTS_PER_CHUNK)):
                waiting.append(_rows(task, chunk, figures, moment))
                advance(len(chunk.text_ids))
                if len(waiting) == _CHUNKS_STORED_AT_ONCE:
                    store(connection, task.table, pa.concat_tables(waiting))
                    waiting.clear()
            if waiting:
                store(connection, task.table, pa.concat_tables(waiting))
    return texts.count


def in_order(submit: "Callable[[Part], Future[Made] | Made]", parts: Iterable[Part]) -> "Iterator[tuple[Part, Made]]":
    """Yield each part with what is made of it, while others are being made of the next ones."""
    waiting: deque[tuple[Part, Future[Made] | Made]] = deque()
    for part in parts:
        waiting.append((part, submit(part)))
        if len(waiting) > 2 * (os.cpu_count() or 1):
            yield _finished(*waiting.popleft())
    while waiting:
        yield _finished(*waiting.popleft())


def _finished(part: Part, made: "Future[Made] | Made") -> tuple[Part, Made]:
    return part, made.result() if isinstance(made, Future) else made


class Workers:
    """Processes that share the texts, started once there are enough texts and used for all tasks."""

    def __init__(self) -> None:
        self._count = os.cpu_count() or 1
        self._pool: Executor | None = None

    def __enter__(self) -> "Workers":
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool:
            self._pool.shutdown()

    def submitting(self, make: Callable[[Part], Made], total: int) -> "Callable[[Part], Future[Made] | Made]":
        """Return a function from some of so many texts to what is made of them, or to a future of it."""
        if total < _TEXTS_WORTH_PROCESSES or self._count == 1 or not worker_processes.may_start():
            return make
        if not self._pool:
            self._pool = worker_processes.pool(self._count)
        pool = self._pool
        return lambda part: pool.submit(make, part)


def _rows(task: Task, chunk: Chunk, figures: pa.Table, moment: datetime) -> pa.Table:
    """Return the figures of a chunk as rows of the table of their task."""
    count = len(chunk.text_ids)
    rows = figures.append_column("text_id", pa.array(chunk.text_ids))
    if chunk.questions is not None:
        rows = rows.append_column("question_type", pa.array(chunk.questions))
    rows = rows.append_column("model_version", pa.array([task.version] * count))
    return rows.append_column(task.moment, pa.array([moment] * count, pa.timestamp("us", tz="UTC")))
