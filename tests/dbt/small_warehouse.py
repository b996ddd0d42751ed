"""A small warehouse that is loaded and understood: what stands before dbt, in one place for all dbt tests.

Answers are given as short records; everything else that the tables want is filled in. Texts are invented.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import duckdb
import pyarrow

from wordround.build import dbt
from wordround.comments import COUNTS
from wordround.registers.frames import frames, themes
from wordround.settings import Settings
from wordround.warehouse import engine
from wordround.warehouse.texts import store_themes

GRADES = ("very_positive", "positive", "neutral", "negative", "very_negative")
START = datetime(2026, 4, 1, 5, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Answer:
    comment_id: str
    posted_date: date
    text: str | None = "The nurse was fine"
    compound: float = 0.0
    # Codes of themes, each with the word that spoke for it, and how it is spoken of where that is not `sentiment`.
    themes: tuple[tuple[str, ...], ...] = ()
    score: int | None = None
    response_id: str | None = None
    question_type: str = "what_good"
    location: str | None = "Kestrel Ward"
    trust_code: str = "XFV"
    author_key: str | None = None
    is_withheld: bool = False
    source: str = "fft"
    kind: str = "survey_answer"
    site_code: str | None = None
    hashtags: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    author_role: str | None = None
    reshare_of: str | None = None
    collection_mode: str | None = None
    author_organisation: str | None = None
    in_reply_to: str | None = None
    links: tuple[str, ...] = ()
    # (domain, title) of pages that it links to.
    link_titles: tuple[tuple[str, str], ...] = ()
    country: str | None = None
    followers: int | None = None
    followers_on: date | None = None
    # (likes, shares, replies, quotes, views) as the source gives them.
    counts: tuple[int | None, ...] = (None,) * 5
    # The time of the day (UTC).
    posted_time: time = time(12)
    # What the models make of the text: probability and reason, services that its words name, and its near-duplicates.
    relevance: tuple[float, str] | None = None
    named: tuple[str, ...] = ()
    group: str | None = None
    # What the learned model makes of it; where it is not given, what VADER's cut-offs make of `compound`.
    sentiment: str | None = None
    language: str = "en"
    unknown_word_share: float | None = None


@dataclass(frozen=True)
class Run:
    """A run of a query: what was asked, and from when on the answer is whole."""

    logical_date: date
    asked_from: datetime
    asked_until: datetime
    answered_from: datetime | None
    counts: tuple[tuple[date, int], ...] = ()
    refused: tuple[tuple[str, int], ...] = ()
    cut_reason: str | None = None
    error_code: str | None = None


@dataclass
class SmallWarehouse:
    settings: Settings
    sentiment_version: str = "vader-3.3.2"
    annotations_version: str = "learned-00000001"
    clock: datetime = START
    batches: int = field(default=0)

    @contextmanager
    def connect(self) -> Iterator[duckdb.DuckDBPyConnection]:
        self.settings.home.mkdir(parents=True, exist_ok=True)
        if self.settings.engine.is_lake:
            with engine.connect(self.settings) as connection:
                yield connection
            return
        with duckdb.connect(str(self.settings.warehouse_file)) as connection:
            engine.prepare(connection)
            yield connection

    def load(
        self,
        answers: Iterable[Answer],
        logical_date: date = date(2026, 4, 1),
        last_posted_date: date | None = None,
        **counts: int,
    ) -> None:
        """Load a batch and understand its texts; an answer that is known already is corrected.

        last_posted_date: of the last answer of its file, where that is another one that nobody looks at.
        """
        answers = list(answers)
        self.batches += 1
        self.clock += timedelta(hours=1)
        batch = f"batch{self.batches}"
        with self.connect() as connection:
            known = {answer.comment_id: self._comment(answer, batch, logical_date) for answer in answers}
            connection.execute("delete from raw.comments where list_contains(?, comment_id)", [list(known)])
            insert_all(connection, "raw.comments", known.values())
            rows = {"in": len(answers), "loaded": len(answers)} | counts
            parts = ("in", "loaded", "updated", "unchanged", "no_answer", "quarantined", "reshared", "refused")
            figures = {f"rows_{part}": rows.get(part, 0) for part in parts}
            latest = max((answer.posted_date for answer in answers), default=None)
            # Somebody answered on its Sunday, without a word: a file that is taken after the last week has it whole.
            last = last_posted_date or (latest and latest + timedelta(days=6 - latest.weekday()))
            times = {"landed_at": self.clock, "loaded_at": self.clock, "last_posted_date": last}
            names = {"batch_id": batch, "source": "fft", "logical_date": logical_date, "input_sha256": batch}
            insert(connection, "ops.batches", names | figures | times)
            self._understand(connection, answers)

    def load_run(self, run: Run, source: str = "bluesky", query: str = "q1") -> None:
        self.clock += timedelta(hours=1)
        run_id = md5(f"{self.clock}")
        names = {"run_id": run_id, "source": source, "query_id": query}
        with self.connect() as connection:
            insert(connection, "ops.query_runs", names | {
                "query_label": f"Query {query}", "logical_date": run.logical_date, "asked_from": run.asked_from,
                "asked_until": run.asked_until, "answered_from": run.answered_from, "cut_reason": run.cut_reason,
                "error_code": run.error_code, "request_count": 1, "retry_count": 0, "waited_seconds": 0.0, "spent": 0.0,
                "row_count": sum(count for _, count in run.counts), "loaded_at": self.clock,
            })  # fmt: skip
            for posted_date, count in run.counts:
                insert(connection, "ops.query_days", names | {"posted_date": posted_date, "comment_count": count})
            for reason, count in run.refused:
                insert(connection, "ops.refusals", names | {"reason": reason, "row_count": count})

    def understand(self, answers: Iterable[Answer]) -> None:
        with self.connect() as connection:
            self._understand(connection, answers)

    def _understand(self, connection: duckdb.DuckDBPyConnection, answers: Iterable[Answer]) -> None:
        self.clock += timedelta(minutes=5)
        versions = {
            "sentiment": self.sentiment_version, "annotations": self.annotations_version, "relevance": "r1",
            "service_mentions": "s1", "copies": "m1",
        }  # fmt: skip
        for task, version in versions.items():
            known = connection.execute(
                "select max_by(model_version, made_current_at) from understanding.models where task = ?", [task]
            ).fetchone()
            if known != (version,):
                connection.execute("insert into understanding.models values (?, ?, ?)", [task, version, self.clock])
        texts = {md5(a.text): a for a in answers if a.text is not None}
        store_themes(connection, themes(frames()))
        connection.execute(
            "delete from understanding.sentiments where list_contains(?, text_id) and model_version = ?",
            [list(texts), self.sentiment_version],
        )
        asked = {(md5(a.text), question_of(a)): a for a in answers if a.text is not None}
        connection.execute(
            "delete from understanding.annotations where list_contains(?, text_id || question_type)"
            " and model_version = ?",
            [["".join(key) for key in asked], self.annotations_version],
        )
        # What is only known of some texts goes, whatever version knew it.
        for table in ("relevance", "service_mentions", "copies"):
            connection.execute(f"delete from understanding.{table} where list_contains(?, text_id)", [list(texts)])
        figures: dict[str, list[list[Any]]] = defaultdict(list)
        for (text_id, question), answer in asked.items():
            sentiment = answer.sentiment or sentiment_of(answer)
            grades = [0.7 if grade == sentiment else 0.075 for grade in GRADES]
            label = sentiment.removeprefix("very_")
            coded = [
                {"theme_code": code, "probability": 0.8, "polarity": (polarity or [label])[0], "words": [word]}
                for code, word, *polarity in answer.themes
            ]
            shown = (sentiment, label, 0.775, grades) if answer.language == "en" else (None, None, None, None)
            figures["annotations"].append(
                [
                    text_id,
                    question,
                    self.annotations_version,
                    answer.language,
                    *shown,
                    coded,
                    self.clock,
                    answer.unknown_word_share,
                ]
            )
        for text_id, answer in texts.items():
            figures["sentiments"].append([text_id, self.sentiment_version, 0.1, 0.8, 0.1, answer.compound, self.clock])
            if answer.relevance:
                figures["relevance"].append([text_id, "r1", *answer.relevance, [], self.clock])
            if answer.named:
                figures["service_mentions"].append([text_id, "s1", list(answer.named), self.clock])
            if answer.group:
                figures["copies"].append([text_id, "m1", md5(answer.group), self.clock])
        for table, rows in figures.items():
            names = [f"column{number}" for number in range(len(rows[0]))]
            insert_all(connection, f"understanding.{table}", [dict(zip(names, row, strict=True)) for row in rows], "")

    def _comment(self, answer: Answer, batch: str, logical_date: date) -> dict[str, Any]:
        return {
            "comment_id": answer.comment_id,
            "response_id": answer.response_id,
            "text_id": self._text_id(answer),
            "source": answer.source,
            "kind": answer.kind,
            "posted_at": datetime.combine(answer.posted_date, answer.posted_time, UTC),
            "posted_date": answer.posted_date,
            "collected_at": self.clock,
            "text": answer.text,
            "question_type": answer.question_type if answer.kind == "survey_answer" else None,
            "rating": answer.score,
            "rating_max": 6,
            "site_code": answer.site_code,
            "hashtags": list(answer.hashtags),
            "mentioned_accounts": list(answer.accounts),
            "author_role": answer.author_role,
            "reshare_of": answer.reshare_of,
            "collection_mode": answer.collection_mode,
            "author_organisation": answer.author_organisation,
            "in_reply_to": answer.in_reply_to,
            "link_domains": list(answer.links),
            "link_titles": [{"domain": domain, "title": title} for domain, title in answer.link_titles] or None,
            "country": answer.country,
            "author_followers": answer.followers,
            "followers_on": answer.followers_on,
            **dict(zip(COUNTS, answer.counts, strict=True)),
            "trust_code": answer.trust_code,
            "location_1": answer.location,
            "author_key": answer.author_key,
            "identifiers_removed": 0,
            "is_withheld": answer.is_withheld,
            "batch_id": batch,
            "logical_date": logical_date,
            "content_hash": md5(repr(answer)),
            "loaded_at": self.clock,
            "updated_at": self.clock,
        }

    @staticmethod
    def _text_id(answer: Answer) -> str | None:
        if answer.text is not None:
            return md5(answer.text)
        return f"nameless {answer.comment_id}" if answer.is_withheld else None

    def build(self, full_refresh: bool = False, only: Sequence[str] = ()) -> None:
        """Seeds and models without the data tests, for a state that is not the last one that a test looks at.

        only: what dbt is to select; everything where nothing is named.
        """
        command = [
            "build",
            "--no-write-json",
            "--exclude-resource-type",
            "unit_test",
            "--exclude-resource-type",
            "test",
        ]
        selected = ["--select", *only] if only else []
        dbt.invoke(self.settings, [*command, *(["--full-refresh"] if full_refresh else []), *selected])

    def table(self, name: str, columns: str = "*") -> list[dict[str, Any]]:
        """Rows of a table, in a fixed order."""
        with duckdb.connect(str(self.settings.warehouse_file), read_only=True) as connection:
            found = connection.execute(f"select {columns} from {name} order by all")
            names = [column[0] for column in found.description]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def question_of(answer: Answer) -> str:
    return answer.question_type if answer.kind == "survey_answer" else "unknown"


def sentiment_of(answer: Answer) -> str:
    if answer.question_type == "could_improve" and str(answer.text).lower().startswith("nothing"):
        return "positive"
    return "negative" if answer.compound <= -0.05 else "positive" if answer.compound >= 0.05 else "neutral"


def md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def insert(connection: duckdb.DuckDBPyConnection, table: str, row: dict[str, Any]) -> None:
    places = ", ".join("?" * len(row))
    connection.execute(f"insert into {table} ({', '.join(row)}) values ({places})", list(row.values()))


def insert_all(
    connection: duckdb.DuckDBPyConnection, table: str, rows: Iterable[dict[str, Any]], by: str = "by name"
) -> None:
    """Insert rows at once: one by one they would take longer than all else that a test does with them."""
    if rows := list(rows):
        connection.register("given", pyarrow.Table.from_pylist(rows))
        connection.execute(f"insert into {table} {by} select * from given")
        connection.unregister("given")
