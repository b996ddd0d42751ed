"""Canaries through the arguments of every verb: what names a person on a command line is in no file afterwards.

The verbs and their arguments are those of the command line itself: a new one fails until it is among these.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
import typer.main
from typer.testing import CliRunner

from tests.fixtures.fft_files import form, write_csv
from tests.fixtures.legible import Search, files_below, legible
from tests.fixtures.published import publish
from wordround.build import dbt
from wordround.cli import app
from wordround.published.reading import read_episodes
from wordround.settings import Settings

NAME = "Ottoline Brackenbury"
HANDLE = "ottolinebrackenbury77"
SEARCH = Search({"name": ("Ottoline", "Brackenbury"), "handle": (HANDLE,)})

SAID = f"{NAME} rings families now, see @{HANDLE}"
# The first alert that is published: {alert}.
CLOSED = ["alerts", "close", "{alert}", "--outcome", "made", "--did"]
REBASED = ["alerts", "rebase", "{alert}", "--from", "2026-10-05", "--reason"]

HOUR = ["--begins", "2026-11-12T20:00", "--ends", "2026-11-12T21:00"]
DECLARED = ["conversation", "declare", "maternity_hour", *HOUR]
ON_A_DAY = ["conversation", "declare", "maternity_hour", "--tag", "MaternityHour", "--by", "KL"]
POINTED = ["--column", "date=A", "--column", "service=B", "--column", "comment=C"]
TRAIN_RELEVANCE = ["train", "relevance", "--into", "{folder}/relevance.npz"]
# Of each argument that takes words: the command line, or why it is not given here.
FED = {
    "union FILES": ["union", f"{NAME}.duckdb", "--out", "{folder}/region.duckdb"],
    "erase --comment": ["erase", "--comment", HANDLE, "--source", "fft"],
    "erase --author": ["erase", "--author", f"did:plc:{HANDLE}", "--source", "bluesky", "--yes"],
    "erase --source": ["erase", "--source", HANDLE],
    "erase --file": ["erase", "--file", f"{NAME}.csv"],
    "quotes rewrite --by": ["quotes", "rewrite", "0" * 32, "--by", NAME],
    "quotes rewrite COMMENT_ID": ["quotes", "rewrite", HANDLE, "--by", "AB"],
    "quotes approve --by": ["quotes", "approve", "0" * 32, "--by", NAME],
    "quotes approve COMMENT_ID": ["quotes", "approve", HANDLE, "--by", "AB"],
    "quotes withdraw COMMENT_ID": ["quotes", "withdraw", HANDLE],
    "web key NAME": ["web", "key", NAME, "--role", "reader"],
    "web key --service": ["web", "key", "power-bi", "--role", "lead", "--service", HANDLE],
    "web withdraw NAME": ["web", "withdraw", NAME],
    "alerts show ALERT_ID": ["alerts", "show", HANDLE],
    "alerts ack ALERT_ID": ["alerts", "ack", HANDLE],
    "alerts ack --by": ["alerts", "ack", "{alert}", "--by", NAME],
    "alerts assign ALERT_ID": ["alerts", "assign", HANDLE, "--to", "KL"],
    "alerts assign --to": ["alerts", "assign", "{alert}", "--to", NAME],
    "alerts assign --by": ["alerts", "assign", "{alert}", "--to", "KL", "--by", HANDLE],
    "alerts note ALERT_ID": ["alerts", "note", HANDLE, SAID],
    "alerts note WORDS": ["alerts", "note", "{alert}", SAID, "--by", "KL"],
    "alerts note --by": ["alerts", "note", "{alert}", "Seen.", "--by", NAME],
    "alerts close ALERT_ID": ["alerts", "close", HANDLE, "--did", SAID, "--outcome", "made"],
    "alerts close --did": [*CLOSED, SAID, "--by", "KL"],
    "alerts close --by": [*CLOSED, "Seen.", "--by", NAME],
    "alerts rebase ALERT_ID": ["alerts", "rebase", HANDLE, "--from", "2026-10-05", "--reason", SAID],
    "alerts rebase --reason": [*REBASED, SAID, "--by", "KL"],
    "alerts rebase --by": [*REBASED, "Moved.", "--by", NAME],
    "alerts redact ALERT_ID": ["alerts", "redact", HANDLE, "--version", "1"],
    "conversation declare NAME": ["conversation", "declare", HANDLE, "--tag", "MaternityHour", *HOUR, "--by", "KL"],
    "conversation declare --begins": [*ON_A_DAY, "--begins", NAME, "--ends", "2026-11-12T21:00"],
    "conversation declare --ends": [*ON_A_DAY, "--begins", "2026-11-12T20:00", "--ends", NAME],
    "conversation declare --tag": [*DECLARED, "--tag", HANDLE, "--by", "KL"],
    "conversation declare --label": [*DECLARED, "--tag", "MaternityHour", "--label", NAME, "--by", "KL"],
    "conversation declare --host": [*DECLARED, "--tag", "MaternityHour", "--host", NAME, "--by", "KL"],
    "conversation declare --source": [*DECLARED, "--tag", "MaternityHour", "--source", HANDLE, "--by", "KL"],
    "conversation declare --by": [*DECLARED, "--tag", "MaternityHour", "--by", NAME],
    "conversation withdraw NAME": ["conversation", "withdraw", HANDLE, "--by", "KL"],
    "conversation withdraw --by": ["conversation", "withdraw", "maternity_hour", "--by", NAME],
    "conversation dismiss TAG": ["conversation", "dismiss", f"#{HANDLE}", "--by", "KL"],
    "conversation dismiss --by": ["conversation", "dismiss", "MaternityHour", "--by", NAME],
    "conversation collect NAME": ["conversation", "collect", HANDLE],
    "ingest fft --file": ["ingest", "fft", "--file", f"{{folder}}/{NAME}.csv"],
    "ingest file --file": ["ingest", "file", "--file", f"{{folder}}/{NAME}.csv"],
    "ingest fft --called": ["ingest", "fft", "--file", "{folder}/none.csv", "--called", f"{NAME}.csv"],
    "ingest file --called": ["ingest", "file", "--file", "{folder}/none.csv", "--called", f"{NAME}.csv"],
    "ingest fft --column": ["ingest", "fft", "--file", "{folder}/none.csv", "--column", f"date={NAME}"],
    "ingest file --column": ["ingest", "file", "--file", "{folder}/none.csv", "--column", f"{HANDLE}=A"],
    "ingest fft --layout": ["ingest", "fft", "--file", "{folder}/none.csv", *POINTED, "--layout", HANDLE],
    "ingest file --layout": ["ingest", "file", "--file", "{folder}/none.csv", *POINTED, "--layout", NAME],
    "backfill SOURCE": ["backfill", HANDLE, "--from", "2026-11-01", "--to", "2026-11-02"],
    "restore BACKUP": ["restore", f"{{folder}}/{NAME}.tar"],
    "restore --keys": ["restore", f"{{folder}}/{NAME}.tar", "--keys", f"{{folder}}/{NAME}.keys"],
    "restore --erasures": ["restore", f"{{folder}}/{NAME}.tar", "--erasures", f"{{folder}}/{NAME}.jsonl"],
    "evaluate comments --model": ["evaluate", "comments", "--model", f"{{folder}}/{NAME}.csv"],
    "review sample --coder": [
        "review",
        "sample",
        "--size",
        "10",
        "--out",
        "{folder}/codes.csv",
        "--coder",
        NAME,
        "--coder",
        HANDLE,
    ],
    "review sample --by": [
        "review",
        "sample",
        "--size",
        "10",
        "--out",
        "{folder}/codes.csv",
        "--by",
        f"{HANDLE}@example.org",
    ],
    "review sample --service": ["review", "sample", "--size", "10", "--out", "{folder}/codes.csv", "--service", HANDLE],
    "review sample --conversation": [
        *("review", "sample", "--size", "10", "--out", "{folder}/codes.csv", "--conversation", HANDLE)
    ],
    "review import FILES": ["review", "import", f"{{folder}}/{NAME}.csv"],
    "frames check --file": ["frames", "check", "--file", f"{{folder}}/{NAME}.csv"],
    "frames check --column": ["frames", "check", "--file", f"{{folder}}/{NAME}.csv", "--column", NAME],
    "train comments --labelled": ["train", "comments", "--labelled", f"{NAME}.csv", "--phase-one", "x"],
    "train comments --phase-one": ["train", "comments", "--labelled", "x", "--phase-one", f"{NAME}.csv"],
    "train relevance --labelled": [*TRAIN_RELEVANCE, "--labelled", f"{NAME}.csv", "--phase-one", "x", "--general", "x"],
    "train relevance --phase-one": [
        *TRAIN_RELEVANCE,
        "--labelled",
        "x",
        "--phase-one",
        f"{NAME}.csv",
        "--general",
        "x",
    ],
    "train relevance --general": [*TRAIN_RELEVANCE, "--labelled", "x", "--phase-one", "x", "--general", f"{NAME}.csv"],
    "evaluate alerts --history": ["evaluate", "alerts", "--history", f"{{folder}}/{NAME}.csv"],
    "evaluate relevance --general": ["evaluate", "relevance", "--general", f"{{folder}}/{NAME}.csv"],
    "chart SERIES": ["chart", f"{{folder}}/{NAME}.csv"],
    "chart --options": ["chart", f"{{folder}}/{NAME}.csv", "--options", f"{{folder}}/{NAME}.json"],
    "report send PERIOD": ["report", "send", HANDLE],
    "report redact REPORT": ["report", "redact", HANDLE],
    "report conversation NAME": ["report", "conversation", HANDLE],
    "report conversation --out": ["report", "conversation", "hour", "--out", f"{{folder}}/{NAME}.html"],
    "report fft-return --eligible": [
        "report",
        "fft-return",
        "--month",
        "2026-09",
        "--eligible",
        f"{{folder}}/{NAME}.csv",
    ],
    "evaluate sentiment --labels": ["evaluate", "sentiment", "--labels", f"{{folder}}/{NAME}.csv"],
}
# They write one page, model or folder, where they are told to and nowhere else.
WRITE_WHERE_THEY_ARE_TOLD = {
    "init FOLDER", "union --out",
    "train names --into", "train comments --into", "train relevance --into", "evaluate comments --write",
    "evaluate alerts --write", "evaluate copies --write", "evaluate deidentify --write", "evaluate relevance --write",
    "evaluate relevance --labels", "review sample --out", "review disagreements --out", "backup PLACE", "backup --keys",
    "chart --png", "chart --html",
}  # fmt: skip


def arguments(command: Any, verb: str = "") -> Iterator[str]:
    """Every argument of the command line that takes words, as `verb --option` or `verb ARGUMENT`."""
    for name, inner in getattr(command, "commands", {}).items():
        yield from arguments(inner, f"{verb} {name}".strip())
    if not hasattr(command, "commands"):
        for parameter in command.params:
            # Numbers, days and words of a closed list are of these types.
            if not issubclass(parameter.type_descriptor.annotation, bool | int | datetime | Enum):
                yield f"{verb} {parameter.opts[0] if parameter.opts[0].startswith('-') else parameter.opts[0].upper()}"


def test_every_argument_that_takes_words_is_among_these() -> None:
    assert set(arguments(typer.main.get_command(app))) == FED.keys() | WRITE_WHERE_THEY_ARE_TOLD


@pytest.fixture
def fed(settings: Settings) -> Settings:
    write_csv(settings.home / "inbox" / "fft" / "forms.csv", [form(1), form(2)])
    CliRunner().invoke(app, ["ingest", "fft"])
    return settings


@pytest.mark.parametrize("argument", FED)
def test_no_argument_of_a_verb_is_left_in_a_file(argument: str, fed: Settings, tmp_path: Path, monkeypatch) -> None:
    folder = tmp_path / "outside"
    write_csv(folder / f"{NAME}.csv", [form(3)])
    alert = ""
    if "{alert}" in FED[argument]:
        publish(fed.home)
        alert = read_episodes(fed).alerts[0].alert_id
    given = [part.format(folder=folder, alert=alert) for part in FED[argument]]
    monkeypatch.setattr(sys, "argv", ["wordround", *given])
    result = CliRunner().invoke(app, given, input="Somebody was kind to a visitor.")
    assert result.exception is None or isinstance(result.exception, SystemExit)
    left = [path.relative_to(fed.home) for path in files_below(fed.home) if SEARCH.names_in(legible(path))]
    assert left == []


def test_dbt_is_told_nothing_of_the_command_line(fed: Settings, monkeypatch) -> None:
    monkeypatch.setattr(sys, "argv", ["wordround", *FED["erase --author"]])
    dbt.invoke(fed, ["seed", "--select", "sources"])
    written = fed.dbt_target / "target" / "run_results.json"
    assert '"invocation_command": "dbt seed"' in written.read_text()
    assert [path for path in files_below(fed.dbt_target) if SEARCH.names_in(legible(path))] == []
    assert sys.argv[1] == "erase"


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="lists no processes as files")
def test_a_list_of_processes_shows_the_verb_alone(settings: Settings) -> None:
    command = [Path(sys.executable).with_name("wordround"), "quotes", "rewrite", "0" * 32, "--by", NAME]
    # It waits for the rewrite.
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        shown = NAME
        until = time.monotonic() + 240
        while NAME in shown and process.poll() is None and time.monotonic() < until:
            time.sleep(0.1)
            shown = Path(f"/proc/{process.pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        process.kill()
    assert shown.split() == ["wordround", "quotes"]
    assert os.environ["WORDROUND_HOME"] == str(settings.home)
