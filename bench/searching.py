"""How long a search of a million comments takes, by the page's own functions, and what an index would cost instead.

`python bench/searching.py [COMMENTS] [PLACE OF fts.duckdb_extension]`: seconds of processor time, which two free cores
halve, and on the clock; the best of three. With the extension (wheel duckdb-extension-fts) its index is made and asked.
"""

import random
import resource
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pyarrow

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import corpus
from wordround.published.comment_search import Asked, Order, Reach, found, listed
from wordround.published.search_words import read
from wordround.web.publication import Build

SERVICES, DAYS, ROWS_OF_A_FILE = 40, 600, 50_000
THEMES = (
    "staff|access_to_care|communication_and_involvement|environment_and_catering|patient_journey|medication_and_pain|"
    "mental_health_specifics|activities|service_location_and_travel|general"
).split("|")
SEARCHES: tuple[tuple[str, Order], ...] = (
    ("parking", "newest"), ("staff", "newest"), ("staff", "critical"), ("park*", "newest"),
    ("parking OR staff OR food OR toilets", "newest"), ('"waiting room"', "newest"),
    ("staff AND kind AND NOT parking", "critical"), ("NOT parking", "critical"), ("", "newest"),
)  # fmt: skip


def publish(count: int, file: Path) -> None:
    """Write as many comments as a published warehouse has them, as far as a search reads it."""
    draw = random.Random(1)
    days = [date(2025, 1, 1) + timedelta(days=number * DAYS // count) for number in range(count)]
    spoken = [draw.sample(THEMES, draw.choice((1, 1, 2, 3))) for _ in range(count)]
    table = pyarrow.table(
        {
            "comment_id": [f"{draw.getrandbits(128):032x}" for _ in range(count)],
            "source_code": [draw.choices(("fft", "chirp"), (9, 1))[0] for _ in range(count)],
            "service_id": [f"ward_{number % SERVICES}" for number in range(count)],
            "posted_date": days,
            "week_date": [day - timedelta(days=day.weekday()) for day in days],
            "comment_text": list(corpus.answers(count)),
            "sentiment_label": draw.choices(("negative", "neutral", "positive"), (3, 1, 6), k=count),
            "sentiment_probability": [draw.random() for _ in range(count)],
            "theme_codes": spoken,
            "major_codes": spoken,
            "fft_score": [number % 5 + 1 for number in range(count)],
        }
    )
    with duckdb.connect(str(file)) as connection:
        connection.register("given", table)
        connection.execute(_SCHEMA)


def timed(label: str, run: Callable[[], object]) -> None:
    """Print the best of three."""
    best = min(_once(run) for _ in range(3))
    print(f"{label:48} {best[0]:6.2f} s of processor {best[1]:6.2f} s on the clock", flush=True)


def main() -> None:
    """Measure both ways."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with TemporaryDirectory() as folder:
        file = Path(folder) / "wordround.duckdb"
        publish(count, file)
        print(f"{count:,} comments, {file.stat().st_size / 1e6:.0f} MB")
        build = Build(file)
        timed("the index in memory, once a publication", lambda: _index(Build(file)))
        _index(build)
        for typed, order in SEARCHES:
            timed(f"{typed or '(nothing typed)'}, {order}", lambda t=typed, o=order: _searched(build, t, o))
        timed(f"the first {ROWS_OF_A_FILE:,} as a file", lambda: _listed(build))
        if len(sys.argv) > 2:
            _indexed(file, Path(sys.argv[2]))


def _index(build: Build) -> None:
    build.make_index()


def _searched(build: Build, typed: str, order: Order) -> None:
    with build.visited() as connection:
        found(connection, Asked(read(typed)), Reach(None, with_posts=True), order, 1, 20)


def _listed(build: Build) -> None:
    with build.visited() as connection:
        listed(connection, Asked(), Reach(None, with_posts=True), "newest", ROWS_OF_A_FILE)


def _indexed(file: Path, extension: Path) -> None:
    before, began = file.stat().st_size, time.monotonic()
    with duckdb.connect(str(file), config={"threads": 2}) as connection:
        connection.execute(f"load '{extension}'")
        options = "stemmer='none', stopwords='none'"
        connection.execute(f"pragma create_fts_index('marts.fct_comments', 'comment_id', 'comment_text', {options})")
        connection.execute("checkpoint")
        grown = file.stat().st_size / before - 1
        print(f"index: {time.monotonic() - began:.0f} s, {grown:.0%} more of the file")
        for typed in ("parking", "staff", "parking staff food toilets"):
            timed(f"index, any of: {typed}", lambda t=typed: connection.execute(_MATCHED, [t]).fetchall())


def _once(run: Callable[[], object]) -> tuple[float, float]:
    began, used = time.monotonic(), _processor()
    run()
    return _processor() - used, time.monotonic() - began


def _processor() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


_SCHEMA = """
create schema marts;
create table marts.fct_comments as
select *, 'XFV' as trust_code, null::varchar as question_type, null::varchar as fft_score_label,
    sentiment_label as sentiment_grade, true as is_counted, false as is_withheld
from given;
create table marts.fct_comment_themes as select comment_id, unnest(theme_codes) as theme_code from given;
create table marts.dim_services as select distinct service_id, service_id as service_label from given;
create table marts.dim_sources as
select distinct source_code, source_code as source_label, source_code = 'chirp' as is_social from given;
create table marts.dim_themes as
select distinct
    unnest(major_codes) as theme_code, theme_code as theme_label, 'patient_experience' as frame_code, 1 as sort_order
from given;
"""

_MATCHED = """
select count(*)
from (select fts_marts_fct_comments.match_bm25(comment_id, ?) as score from marts.fct_comments)
where score is not null
"""

if __name__ == "__main__":
    main()
