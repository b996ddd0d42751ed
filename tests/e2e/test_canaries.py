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
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import quote

import duckdb
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.fixtures.canaries import draw
from tests.fixtures.fft_files import HEADER, csv_text, write_csv
from tests.fixtures.legible import Search, files_below, legible
from tests.fixtures.mail_server import mail_server
from wordround.deidentify.recognisers import GROUPS
from wordround.local_airflow.environment import environment, prepare
from wordround.quarantine import WHAT_TO_DO
from wordround.settings import load_settings

PROJECT = Path(__file__).resolve().parents[2]

# What the caller's own environment may hold and the run must not.
GIVEN = {f"WORDROUND_{name}" for name in ("KEY", "VAULT_KEY", "SMTP_USER", "SMTP_PASSWORD", "WAIT_SECONDS", "CONFIG")}

DRAWN = draw()
NOT_MAPPED = {"unmapped name": "Ottoline Brackenbury", "unmapped birthday": "29/02/1948", "unmapped note": "vermicious"}
NATIVE = {"row": "ZQRESP", "respondent": "ZQPERSON", "post": "ZQPOST", "author": "ZQAUTHOR"}
LOST = {"text of a row whose cells have moved": "borborygmite"}
CANARIES = {kind: canary.sought for kind, canary in DRAWN.items()}
CANARIES |= {f"{name} id": (value,) for name, value in NATIVE.items()}
CANARIES |= {name: (value,) for name, value in (NOT_MAPPED | LOST).items()}
HARMLESS = "quincunxial"

SENTENCES = [canary.said for canary in DRAWN.values()]
TELLING = f"The {HARMLESS} garden was lovely. " + ". ".join(SENTENCES) + "."
PHONE, ADDRESS, NHS_NUMBER = (DRAWN[kind].value for kind in ("phone", "e-mail", "NHS number"))

LAST_WEEK = date.today() - timedelta(days=date.today().weekday() + 7)

pytestmark = pytest.mark.slow


def form(
    number: int,
    day: date,
    score: str = "2",
    good: str = "Kind nurses",
    better: str = "Fine",
    ward: str = "Kestrel Ward",
) -> list[str]:
    """One form; the columns that no layout names are filled in too."""
    row = [f"ZQRESP{number:05}", day.isoformat(), "Fernvale Hospital", ward, score, good, better]
    return row + list(NOT_MAPPED.values())


def told(first: int, day: date) -> list[list[str]]:
    """Every canary in a form of another ward, and all of them in one."""
    rows = [
        form(first + i, day, good=said, better=f"Less {HARMLESS} talk. {said}", ward="Heron Ward")
        for i, said in enumerate(SENTENCES)
    ]
    return [*rows, form(first + 99, day, good=TELLING, ward="Heron Ward")]


def forms() -> list[list[str]]:
    """Forty weeks of one ward that worsens, every canary, some of them eight years old, and rows that are set aside."""
    rows = []
    for week in range(40):
        harsh = 14 if week > 34 else 4 + week % 3
        for i in range(20):
            better = "Rude and horrible" if i < harsh else "More biscuits"
            day = LAST_WEEK - timedelta(weeks=39 - week) + timedelta(days=i % 7)
            rows.append(form(100 * week + i, day, better=better))
    rows += told(10_000, LAST_WEEK) + told(11_000, LAST_WEEK - timedelta(days=8 * 366))
    for n in range(24):  # cells that have moved, in rows that pass all the same; enough of them not to be hidden
        rows.append(form(12_000 + n, LAST_WEEK))
        rows[-1][2 + n % 2] = f"Kestrel Ward, ask {PHONE} or {ADDRESS}"
    return rows + [
        row for number, said in enumerate([*SENTENCES, TELLING]) for row in set_aside(20_000 + 10 * number, said)
    ]


def set_aside(number: int, said: str) -> Iterator[list[str]]:
    """A row for each reason for which one of this layout is set aside, with a canary in its answers and cells."""
    for place, cell in (
        (0, ""),
        (1, ""),
        (1, said),
        (1, "31/02/2026"),
        (1, "2001-01-01"),
        (1, "2099-01-01"),
        (4, said),
    ):
        row = form(number, LAST_WEEK, good=said, better=said)
        row[place] = cell
        yield row
        number += 1
    yield form(number, LAST_WEEK)
    yield form(number, LAST_WEEK, good=f"Another text. {said}", better=said)
    yield [*form(number + 1, LAST_WEEK, good=f"The borborygmite. {said}"), "one cell too many"]


def answers() -> list[list[str]]:
    """The other kind of file: one answer a row, and a column that names the person."""
    rows = []
    for n, said in enumerate([*SENTENCES, TELLING]):
        for trust, day in (("XFV", LAST_WEEK.isoformat()), ("", LAST_WEEK.isoformat()), ("XAM", "03/04/2026")):
            names = [f"ZQRESP7{len(rows)}", f"ZQPERSON{n}", trust, day]
            rows.append([*names, "1", "Site", "Heron Ward", "What was good?", said])
    return rows


ANSWERS_HEADER = (
    "Comment ID", "Respondent ID", "Trust", "Date", "FFT categorical answer",
    "Service type 1", "Service type 2", "FFT question", "FFT answer",
)  # fmt: skip


def fill(inbox: Path) -> None:
    """Files of every format and layout, such that cannot be read, and the list of who withdrew."""
    header = (*HEADER, *NOT_MAPPED)
    write_csv(inbox / f"forms of {NHS_NUMBER}, {ADDRESS}.csv", forms(), header)
    write_csv(inbox / "one_answer_a_row.csv", answers(), ANSWERS_HEADER)
    book = openpyxl.Workbook()
    for row in (header, *told(30_000, LAST_WEEK)):
        book.active.append(row)
    book.save(inbox / "book.xlsx")
    columns = dict(zip(header, map(list, zip(*told(31_000, LAST_WEEK), strict=True)), strict=True))
    pq.write_table(pa.table(columns), inbox / "table.parquet")
    whole, row = csv_text(told(32_000, LAST_WEEK), header), f"{LAST_WEEK},Fernvale Hospital,Kestrel Ward,2"
    unclosed = f'ZQRESP33000,{row},"{TELLING}\nZQRESP33001,{row},Lovely,,,,\n'
    (inbox / "unclosed.csv").write_text(whole + unclosed, encoding="utf-8")
    (inbox / f"ring {PHONE}.csv").write_text(TELLING + "\n" + TELLING)
    (inbox / "broken.xlsx").write_text(TELLING)
    (inbox / "broken.parquet").write_text(TELLING)
    write_csv(inbox / "withdrawn" / "withdrawn.csv", [["ZQRESP10000"], ["ZQRESP10001"]], ("Response ID",))


def posts() -> list[tuple[str, str, str]]:
    """Posts of a source with authors: (native id, author, text)."""
    said = [*SENTENCES, TELLING, *["They looked after my mother and I am glad of it"] * 8]
    return [(f"ZQPOST{n}", f"ZQAUTHOR{n % 9}", text) for n, text in enumerate(said)]


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
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
            [sys.executable, str(Path(__file__).with_name("run_chain.py")), str(copies)],
            input=json.dumps(given),
            env=variables, capture_output=True, text=True, timeout=240, check=False,
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
        "quality/data_docs/index.html",
        "dbt/logs/dbt.log",
        "airflow/airflow.db",
    ):
        assert (home / name).stat().st_size > 0, name
    assert len(list(copies.glob("mail_*.eml"))) == 2, "one digest and one report"
    assert {path.suffix for path in before.glob("reports/*/*")} == {".html", ".txt", ".json"}
    assert list(before.glob("vault/fft/*/*.sealed"))
    landed = [json.loads(path.read_text()) for path in before.glob("landing/fft/*/*.json")]
    assert len(landed) == 6, "posts, two layouts of CSV, a workbook, Parquet and a file that ends in the middle"
    assert {reason for manifest in landed for reason in manifest["quarantine"]} == set(WHAT_TO_DO)
    runs = dict(outcomes(printed))
    assert {name: run["state"] for name, run in runs.items()} == {
        "ingest_daily": "failed",  # some files cannot be read
        "build_marts on a broken copy": "failed",
        "build_marts": "success",
        "watch_trends": "success",
        "report_weekly": "success",
        "honour_deletions_daily": "success",
    }
    honoured = runs["honour_deletions_daily"]["returned"]
    assert honoured["ask[0]"]["comments"] == 4
    assert honoured["expire"]["fft"]["texts"] > len(DRAWN)
    assert re.findall(r"^command (.+) ended with (\d)$", printed, re.MULTILINE) == [
        ("quotes list", "0"),
        ("quotes rewrite", "1"),
        ("quotes rewrite", "1"),
        ("quotes rewrite", "0"),
        ("quotes approve", "0"),
        ("deidentify", "1"),
        ("erase --author", "0"),
        ("keys rotate", "0"),
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
    written = {
        str(path): legible(path).decode("utf-8", "replace")
        for path in [*home.rglob("*.html"), *home.rglob("report.txt"), *copies.glob("mail_*.eml")]
    }
    assert len(written) > 15
    for where, text in written.items():
        said = " ".join(text.split())
        assert [number for number in ("NHS 111", "116 123", "85258", "999") if number not in said] == [], where


@pytest.mark.parametrize("gate", ["loaded", "publishable"])
def test_a_gate_that_stops_names_the_row_and_none_of_its_words(ran, gate):
    _, copies, told = ran
    (stopped,) = [json.loads(line.split(" ", 2)[2]) for line in told.splitlines() if line.startswith(f"stopped {gate}")]
    assert stopped["row"] in stopped["said"]
    page = (copies / gate / "quality" / "index.html").read_text(encoding="utf-8")
    assert "stop" in page


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
