"""Canaries: what names a person goes in at the top of the whole chain and is then looked for in all that it wrote.

Every identifier here is invented or of a range that is kept for examples.
"""

import base64
import gzip
import hashlib
import html
import json
import os
import pickle
import re
import sqlite3
import subprocess
import sys
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import duckdb
import pytest

from tests.fixtures.canary_files import (
    CANARIES,
    DRAWN,
    HARMLESS,
    PHONE,
    SENTENCES,
    TELLING,
    answers,
    fill,
    forms,
    posts,
)
from tests.fixtures.legible import Search, files_below, legible
from tests.fixtures.mail_server import mail_server
from wordround.deidentify.recognisers import GROUPS
from wordround.land.quarantine import WHAT_TO_DO
from wordround.local_airflow.environment import environment, prepare
from wordround.settings import load_settings

PROJECT = Path(__file__).resolve().parents[2]

# What the caller's own environment may hold and the run must not.
GIVEN = {f"WORDROUND_{name}" for name in ("KEY", "VAULT_KEY", "SMTP_USER", "SMTP_PASSWORD", "WAIT_SECONDS", "CONFIG")}

pytestmark = pytest.mark.slow


def settings_of_a_short_memory(path: Path) -> Path:
    """The project's settings, by which a text expires sooner."""
    written, found = re.subn(r"retention_days = \d+", "retention_days = 330", (PROJECT / "wordround.toml").read_text())
    assert found
    path.write_text(written)
    return path


@pytest.fixture(scope="module")
def ran(builds, tmp_path_factory):
    """(data home, copies of it and what else there is, what was printed). One process: imports take seconds."""
    home, copies = tmp_path_factory.mktemp("canaries") / "home", tmp_path_factory.mktemp("copies")
    (home / "inbox" / "fft").mkdir(parents=True)
    fill(home / "inbox" / "fft")
    (copies / "tmp").mkdir()
    of_home = load_settings()
    of_home = of_home.model_copy(update={"environment": of_home.environment.model_copy(update={"home": home})})
    prepare(of_home)
    with mail_server() as inbox:
        kept = {name: value for name, value in environment(of_home, port=1).items() if name not in GIVEN}
        variables = kept | {
            "WORDROUND_SMTP_HOST": "127.0.0.1",
            "WORDROUND_SMTP_PORT": str(inbox.port),
            "AIRFLOW__LOGGING__LOGGING_LEVEL": "DEBUG",
            "AIRFLOW__LOGGING__NAMESPACE_LEVELS": "",
            "PYTHONPATH": os.pathsep.join([str(PROJECT), os.environ.get("PYTHONPATH", "")]),
            "TMPDIR": str(copies / "tmp"),
            "HOME": "/dev/null/nobody",
            "WORDROUND_CONFIG": str(settings_of_a_short_memory(copies / "wordround.toml")),
        }
        lines = "".join(json.dumps({"id": n, "text": said}) + "\n" for n, said in enumerate(SENTENCES))
        given = {
            "secret": TELLING,
            "posts": posts(),
            "author": "ZQAUTHOR3",
            "lines": lines + " ".join(SENTENCES),
            "naming": f"Everybody ought to praise {DRAWN['staff with title'].value} or ring {PHONE}.",
        }
        done = subprocess.run(
            [sys.executable, str(Path(__file__).with_name("run_chain.py")), str(copies), str(builds)],
            input=json.dumps(given),
            env=variables, capture_output=True, text=True, timeout=900, check=False,
        )  # fmt: skip
    (copies / "printed.txt").write_text(done.stdout + done.stderr, encoding="utf-8")
    for number, message in enumerate(inbox.messages):
        (copies / f"mail_{number}.eml").write_bytes(message.as_bytes())
    assert done.returncode == 0, done.stderr[-3000:]
    return home, copies, done.stdout


def test_the_chain_went_all_the_way_so_that_there_is_something_to_search(ran):
    home, copies, printed = ran
    before = copies / "before_erasing"
    for name in (
        "published/wordround.duckdb",
        "quality/index.html",
        "dbt/target/run/wordround/models/marts/fct_comments.sql",
        "airflow/airflow.db",
    ):
        assert (home / name).stat().st_size > 0, name
    assert len(list(copies.glob("mail_*.eml"))) == 2, "one digest and one report"
    assert {path.suffix for path in before.glob("reports/*/*")} - {".pdf"} == {".html", ".txt", ".json"}
    assert list(before.glob("vault/fft/*/*.sealed"))
    landed = [json.loads(path.read_text()) for path in before.glob("landing/fft/*/*.json")]
    assert len(landed) == 7, "posts, two layouts of CSV, a workbook, Parquet, JSON lines and a file cut in the middle"
    of_other_sources = {"unknown_rating", "unreadable_item", "rounded_id", "unknown_trust"}
    reasons = {reason for manifest in landed for reason in manifest["quarantine"]}
    assert reasons == set(WHAT_TO_DO) - of_other_sources
    runs = dict(outcomes(printed))
    assert {name: run["state"] for name, run in runs.items()} == {
        "ingest_daily": "failed",  # some files cannot be read
        "build_marts on a broken copy": "success",  # the comment that breaks a check is left out
        "build_marts": "success",
        "watch_trends": "success",
        "report_weekly": "success",
        "honour_deletions_daily": "success",
    }
    honoured = runs["honour_deletions_daily"]["returned"]
    assert honoured["ask[0]"]["comments"] == 4
    assert re.search(r"^rotate \{.*\"keys\": 2", printed, re.MULTILINE)
    assert honoured["expire"]["fft"]["texts"] > len(DRAWN)
    assert re.findall(r"^command (.+) ended with (\d)$", printed, re.MULTILINE) == [
        ("quotes list", "0"),
        ("quotes rewrite", "1"),
        ("quotes rewrite", "1"),
        ("quotes rewrite", "0"),
        ("quotes approve", "0"),
        ("deidentify", "1"),
        ("erase --author", "0"),
    ]


def outcomes(printed: str) -> Iterator[tuple[str, dict]]:
    """What became of each run of a DAG."""
    for line in printed.splitlines():
        if match := re.fullmatch(r"(\w+(?: \w+)*) (\{.state.+)", line):
            yield match[1], json.loads(match[2])


def test_every_recogniser_has_a_canary():
    finders = [finder for group in GROUPS.values() for finder in group]
    without = {finder.__module__ for finder in finders if not any(list(finder(said)) for said in SENTENCES)}
    assert without == {"wordround.deidentify.names.initials"}, "initials are too short to be sought as bytes"


def test_no_canary_stands_in_what_the_project_ships_so_that_one_that_is_found_came_from_the_files():
    shipped = Search({kind: canary.sought for kind, canary in DRAWN.items()})
    for place in ("src", "dbt", "dags", "sample_data"):
        for path in files_below(PROJECT / place):
            assert shipped.names_in(path.read_bytes()) == set(), path


@pytest.fixture(scope="module")
def found(ran):
    """In which files outside the inbox each canary stands, a hash of an id, and the harmless word."""
    home, copies, _ = ran
    sought, harmless, hashes, seen = Search(CANARIES), Search({HARMLESS: (HARMLESS,)}), hashes_of_ids(), {}
    files = {name: set() for name in (*CANARIES, HARMLESS, "hash")}
    for path in [path for path in files_below(home) if home / "inbox" not in path.parents] + files_below(copies):
        key = path.suffix, hashlib.sha256(path.read_bytes()).digest()
        if key not in seen:
            content = legible(path)
            seen[key] = sought.names_in(content) | harmless.names_in(content)
            if hashes & set(re.findall(rb"[0-9a-f]{32,}", content.lower())):
                seen[key].add("hash")
        of = home if path.is_relative_to(home) else copies
        for name in seen[key]:
            files[name].add(f"{'home' if of == home else 'copies'}/{path.relative_to(of).as_posix()}")
    return files


def hashes_of_ids() -> set[bytes]:
    """Hashes that anybody could make of a native id."""
    ids = {row[0] for row in (*forms(), *answers()) if row[0]} | {row[1] for row in answers()}
    ids |= {one for native_id, author, _ in posts() for one in (native_id, author)}
    return {hashlib.new(kind, one.encode()).hexdigest().encode() for one in ids for kind in ("md5", "sha1", "sha256")}


@pytest.mark.parametrize("name", CANARIES)
def test_no_byte_of_it_is_in_any_file_but_the_trusts_own(found, name):
    assert sorted(path for path in found[name] if not is_broken_on_purpose(path)) == []


def test_hashes_that_anybody_could_make_of_an_id_are_not_kept(found):
    assert sorted(found["hash"]) == []


def test_a_harmless_word_of_a_comment_is_only_where_comments_may_be(found):
    allowed = {"landing/*.parquet", "quarantine/*.csv", "warehouse.duckdb", "published/*.duckdb", "published/*.parquet"}
    places = [re.sub(r"^(?:home|copies/\w+)/", "", name) for name in found[HARMLESS]]
    assert {re.sub(r"(?<=/).*(?=\.)", "*", place) for place in places} == allowed


def test_every_page_and_mail_that_the_chain_wrote_says_where_to_get_help(ran):
    home, copies, _ = ran
    # An erasure takes reports away that quoted what was erased.
    places = [home, copies / "before_erasing"]
    pages = [page for place in places for name in ("*.html", "report.txt") for page in place.rglob(name)]
    written = {str(path): legible(path).decode("utf-8", "replace") for path in [*pages, *copies.glob("mail_*.eml")]}
    kinds = {"mail" if where.endswith(".eml") else Path(where).name for where in written}
    assert kinds == {"index.html", "report.html", "report.txt", "mail"}
    for where, text in written.items():
        said = " ".join(text.split())
        assert [number for number in ("NHS 111", "116 123", "85258", "999") if number not in said] == [], where


def test_a_gate_that_stops_names_the_row_and_none_of_its_words(ran):
    _, copies, told = ran
    (stopped,) = [json.loads(line.split(" ", 2)[2]) for line in told.splitlines() if line.startswith("stopped ")]
    assert stopped["row"] in stopped["said"]
    page = (copies / "publishable" / "quality" / "index.html").read_text(encoding="utf-8")
    assert "stop" in page


def test_a_comment_that_breaks_a_check_is_left_out_and_counted_on_the_page(ran):
    page = (ran[1] / "loaded" / "quality" / "index.html").read_text(encoding="utf-8")
    assert "left out" in page
    with duckdb.connect(str(ran[1] / "loaded" / "warehouse.duckdb"), read_only=True) as warehouse:
        assert warehouse.sql("select count(*) from raw.comments where left_out_reason is not null").fetchall() == [(1,)]


@pytest.mark.parametrize("part", ["whole", "in part"])
def test_the_search_finds_what_is_planted_in_any_kind_of_file(tmp_path, part):
    planted = {kind: [canary.value] if part == "whole" else canary.parts for kind, canary in DRAWN.items()}
    plant(tmp_path, [value for values in planted.values() for value in values])
    search, kinds = Search(CANARIES), {kind for kind, values in planted.items() if values}
    missed = {path.name: kinds - search.names_in(legible(path)) for path in files_below(tmp_path)}
    assert {name: kinds for name, kinds in missed.items() if kinds} == {}
    assert len(missed) == 15
    number = DRAWN["bank account"].value.encode()
    assert search.names_in(b"0.1" + number + b"7 " + b"0" * 20 + number + b"a" * 9) == set(), "a fraction, a hash"


def plant(folder: Path, values: list[str]) -> None:
    """Write values into a file of each kind that the system, or a part of it, writes."""
    text = "\n".join(f"said {value}" for value in values)
    encoded = base64.b64encode(f"<svg><text>{text}</text></svg>".encode()).decode()
    (folder / "page.html").write_text(f"<p>{html.escape(text)}</p>", encoding="utf-8")
    (folder / "picture.html").write_text(f"data:image/svg+xml;base64,{encoded}")
    (folder / "result.json").write_text(json.dumps({"rows": [text]}), encoding="utf-8")
    (folder / "link.txt").write_text(" ".join(quote(value, safe="") for value in values), encoding="utf-8")
    (folder / "bare.log").write_text(" ".join(swapped(value.replace(" ", "")) for value in values), encoding="utf-8")
    (folder / "wide.bin").write_bytes(b"\x00" + text.encode("utf-16-le"))
    (folder / "log.gz").write_bytes(gzip.compress(text.encode()))
    (folder / "graph.pickle").write_bytes(pickle.dumps({"nodes": values}, protocol=0))
    mail = 'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Transfer-Encoding: base64\n\n'
    (folder / "mail.eml").write_text(f"{mail}{base64.b64encode(text.encode()).decode()}\n--b--\n")
    with duckdb.connect(str(folder / "some.duckdb")) as made:
        made.execute(
            "create schema deep; create table deep.rows as select unnest(?) as said, i from range(99) t(i)", [values]
        )
        made.execute(f"copy deep.rows to '{folder / 'some.parquet'}' (format parquet, compression zstd)")
    packed = {
        "plain.db": text,
        "compressed.db": zlib.compress(text.encode()),
        "pickled.db": zlib.compress(pickle.dumps({"kwargs": values})),
        "encoded.db": json.dumps({"value": base64.b64encode(pickle.dumps(values)).decode()}),
    }
    for name, content in packed.items():
        with closing(sqlite3.connect(folder / name)) as database, database:
            database.execute("create table xcom (key text, value)")
            database.execute("insert into xcom values ('return_value', ?)", [content])


def swapped(value: str) -> str:
    """A value in capitals, as far as those are ASCII."""
    return "".join(character.upper() if character.isascii() else character for character in value)


def is_broken_on_purpose(path: str) -> bool:
    """The test itself wrote into these warehouses; the inbox is the trust's."""
    return path.startswith(("copies/loaded/warehouse.", "copies/publishable/warehouse."))
