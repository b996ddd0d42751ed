"""Canaries: what names a person goes in at the top of the whole chain and is then looked for in all that it wrote.

Every identifier here is invented or of a range that is kept for examples.
"""

import base64
import hashlib
import html
import json
import os
import re
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import quote

import duckdb
import pytest

from tests.fixtures.fft_files import HEADER, write_csv
from tests.fixtures.legible import files_below, shapes
from tests.fixtures.legible import legible as read_legibly
from tests.fixtures.mail_server import mail_server

PROJECT = Path(__file__).resolve().parents[2]

IN_TEXT = {
    "e-mail": "zephyrine.quillby@mailhaven.example",
    "phone": "07700 900461",
    "NHS number": "943 476 5919",
    "postcode": "ZE98 7QJ",
    "web address": "https://quillby-diary.example/zephyrine/4711",
    "handle": "@zephyrine_quillby",
    "NINO": "QQ 12 34 56 C",
}
NOT_MAPPED = {"unmapped name": "Ottoline Brackenbury", "unmapped birthday": "29/02/1948", "unmapped note": "vermicious"}
NATIVE = {"native id": "ZQRESP", "native respondent": "ZQPERSON"}
LOST = {"text of a row whose cells have moved": "borborygmite"}
CANARIES = IN_TEXT | NOT_MAPPED | NATIVE | LOST
HARMLESS = "quincunxial"

TELLING = f"The {HARMLESS} garden was lovely. Ring {{phone}} or write to {{e-mail}}, {{handle}}, {{web address}}. "
TELLING += "I am {NHS number}, {NINO}, at {postcode}."
TELLING = TELLING.format(**IN_TEXT)

pytestmark = pytest.mark.slow


def form(number: int, day: date, score: str = "2", good: str = "Kind nurses", better: str = "Rude and horrible"):
    """One form; the columns that no layout names are filled in too."""
    row = [f"ZQRESP{number:05}", day.isoformat(), "Fernvale Hospital", "Kestrel Ward", score, good, better]
    return row + list(NOT_MAPPED.values())


def forms() -> list[list[str]]:
    """Forty weeks of one ward that worsens, with canaries in rows that pass and in rows that are set aside."""
    monday = date.today() - timedelta(days=date.today().weekday(), weeks=40)
    rows = []
    for week in range(40):
        harsh = 14 if week > 34 else 4 + week % 3
        for i in range(20):
            better = "Rude and horrible" if i < harsh else "More biscuits"
            rows.append(form(100 * week + i, monday + timedelta(weeks=week, days=i % 7), better=better))
    last = monday + timedelta(weeks=39)
    rows.append(form(90001, last, good=TELLING, better=f"Less {HARMLESS} talk. {TELLING}"))
    rows += [form(90010 + i, last, better=f"{value} {HARMLESS}") for i, value in enumerate(IN_TEXT.values())]
    for place in (2, 3):  # cells that have moved, in a row that passes all the same
        rows.append(form(90050 + place, last))
        rows[-1][place] = f"Kestrel Ward, ask {IN_TEXT['phone']} or {IN_TEXT['e-mail']}"
    rows.append(form(90101, last, score=f"Zorkle {IN_TEXT['e-mail']}", good=TELLING, better=TELLING))
    rows.append(form(90102, last + timedelta(days=20_000), good=TELLING, better=TELLING))
    rows.append(form(90103, last, good=TELLING, better=TELLING))
    rows[-1][1] = f"ring {IN_TEXT['phone']}"
    rows.append(form(90104, last, good=TELLING, better=TELLING))
    rows[-1][0] = ""
    rows.append(form(90001, last, good=f"Another text. {TELLING}"))
    rows.append([*form(90105, last, good="The borborygmite", better=TELLING), "one cell too many"])
    return rows


def answers() -> list[list[str]]:
    """The other kind of file: one answer a row, and a column that names the person."""
    day = date.today() - timedelta(days=10)
    return [
        [f"ZQRESP7{n}", f"ZQPERSON{n}", "XFV", day.isoformat(), "1", "Site", "Heron Ward", "What was good?", TELLING]
        for n in range(30)
    ]


ANSWERS_HEADER = (
    "Comment ID", "Respondent ID", "Trust", "Date", "FFT categorical answer",
    "Service type 1", "Service type 2", "FFT question", "FFT answer",
)  # fmt: skip


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """(data home, copies in which a gate failed, what the steps returned). One process: imports take seconds."""
    home, copies = tmp_path_factory.mktemp("canaries") / "home", tmp_path_factory.mktemp("copies")
    write_csv(home / "inbox" / "fft" / "forms.csv", forms(), (*HEADER, *NOT_MAPPED))
    write_csv(home / "inbox" / "fft" / "one_answer_a_row.csv", answers(), ANSWERS_HEADER)
    script = Path(__file__).with_name("run_chain.py")
    with mail_server() as inbox:
        variables = {name: value for name, value in os.environ.items() if not name.startswith("WORDROUND_")} | {
            "WORDROUND_HOME": str(home),
            "WORDROUND_SMTP_HOST": "127.0.0.1",
            "WORDROUND_SMTP_PORT": str(inbox.port),
            "HOME": "/dev/null/nobody",
        }
        done = subprocess.run(
            [sys.executable, str(script), str(copies)],
            input=TELLING,
            env=variables, capture_output=True, text=True, timeout=240, check=False,
        )  # fmt: skip
    (copies / "printed.txt").write_text(done.stdout + done.stderr, encoding="utf-8")
    for number, message in enumerate(inbox.messages):
        (copies / f"mail_{number}.eml").write_bytes(message.as_bytes())
    assert done.returncode == 0, done.stderr[-3000:]
    return home, copies, done.stdout


def test_the_chain_went_all_the_way_so_that_there_is_something_to_search(ran):
    home, copies, told = ran
    for name in (
        "published/wordround.duckdb",
        "quality/index.html",
        "quality/data_docs/index.html",
        "dbt/logs/dbt.log",
    ):
        assert (home / name).stat().st_size > 0, name
    assert {path.suffix for path in home.glob("reports/*/*")} == {".html", ".txt", ".json"}
    assert len(list(copies.glob("mail_*.eml"))) == 2, "one digest and one report"
    quarantined = set(json.loads(told.split("ingest ", 1)[1].splitlines()[0])["rows"].items())
    # six rows of two answers each
    assert ("quarantined", 12) in quarantined


@pytest.mark.parametrize("name", CANARIES)
def test_no_byte_of_it_is_in_any_file_but_the_trusts_own(ran, name):
    home, copies, _ = ran
    files = [path for path in files_below(home) if home / "inbox" not in path.parents]
    files += [path for path in files_below(copies) if not is_broken_on_purpose(path, copies)]
    assert [str(path) for path in files if holds(path, CANARIES[name])] == []


def test_hashes_that_anybody_could_make_of_an_id_are_not_kept(ran):
    home, _, _ = ran
    ids = [row[0] for row in (*forms()[-16:], *answers()) if row[0]] + [row[1] for row in answers()]
    made = [hashlib.new(kind, native.encode()).hexdigest() for native in ids for kind in ("md5", "sha1", "sha256")]
    for path in files_below(home):
        found = legible(path).lower()
        assert not [digest for digest in made if digest.encode() in found], path


def test_a_harmless_word_of_a_comment_is_only_where_comments_may_be(ran):
    home, copies, _ = ran
    found = {path.relative_to(home).as_posix() for path in files_below(home) if holds(path, HARMLESS)}
    kinds = {re.sub(r"(?<=/).*(?=\.)", "*", name) for name in found if not name.startswith("inbox/")}
    assert kinds == {
        "landing/*.parquet",
        "quarantine/*.csv",
        "warehouse.duckdb",
        "published/*.duckdb",
        "published/*.parquet",
    }
    assert [path.name for path in copies.iterdir() if path.is_file() and holds(path, HARMLESS)] == []
    for copy in (copies / "loaded", copies / "publishable"):
        assert {path.relative_to(copy).parts[0] for path in files_below(copy) if holds(path, HARMLESS)} == {
            "inbox", "landing", "quarantine", "warehouse.duckdb"
        }  # fmt: skip


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
    assert not (copies / gate / "published").exists()
    page = (copies / gate / "quality" / "index.html").read_text(encoding="utf-8")
    assert "stop" in page
    assert [name for name, value in IN_TEXT.items() if any(f in page.lower().encode() for f in shapes(value))] == []


@pytest.mark.parametrize("name", IN_TEXT)
def test_the_search_finds_what_is_planted_in_any_kind_of_file(tmp_path, name):
    value = IN_TEXT[name]
    (tmp_path / "page.html").write_text(f"<p>{html.escape(value)}</p>", encoding="utf-8")
    (tmp_path / "picture.html").write_text("data:image/svg+xml;base64," + base64.b64encode(value.encode()).decode())
    (tmp_path / "result.json").write_text(json.dumps({"rows": [f"x{value}"]}), encoding="utf-8")
    (tmp_path / "link.txt").write_text(quote(value, safe=""), encoding="utf-8")
    (tmp_path / "bare.log").write_text(value.replace(" ", "").upper(), encoding="utf-8")
    (tmp_path / "wide.bin").write_bytes(b"\x00" + value.encode("utf-16-le"))
    mail = 'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Transfer-Encoding: base64\n\n'
    (tmp_path / "mail.eml").write_text(mail + base64.b64encode(f"Dear {value}".encode()).decode() + "\n--b--\n")
    with duckdb.connect(str(tmp_path / "some.duckdb")) as made:
        made.execute("create schema deep; create table deep.rows as select ? as said, i from range(5000) t(i)", [value])
        made.execute(f"copy deep.rows to '{tmp_path / 'some.parquet'}' (format parquet, compression zstd)")
    assert [path.name for path in files_below(tmp_path) if not holds(path, value)] == []


def is_broken_on_purpose(path: Path, copies: Path) -> bool:
    """The test itself wrote into these warehouses; the inboxes are the trust's."""
    return path.name == "warehouse.duckdb" or any(
        (copies / gate / "inbox") in path.parents for gate in ("loaded", "publishable")
    )


def holds(path: Path, value: str) -> bool:
    content = legible(path).lower()
    return any(shape in content for shape in shapes(value))


_READ: dict[Path, bytes] = {}


def legible(path: Path) -> bytes:
    if path not in _READ:
        _READ[path] = read_legibly(path)
    return _READ[path]
