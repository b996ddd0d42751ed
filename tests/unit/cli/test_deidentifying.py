"""`wordround deidentify`: JSON lines in, JSON lines out, for other pipelines."""

import io
import json

import pytest
from typer.testing import CliRunner

from wordround.cli import app
from wordround.cli.deidentify_lines import deidentify_lines
from wordround.cli.json_lines import LONGEST, lines_of

LINES = [
    {"id": 7, "text": "Thanks to Zbigniew, ring 07700 900123"},
    {"id": "b", "text": "Kind staff"},
    {"id": "c", "text": "Pani doktor była bardzo miła i wszystko mi dokładnie wytłumaczyła"},
]


def test_each_line_comes_out_without_identifiers_and_says_where_they_stood() -> None:
    run = CliRunner().invoke(app, ["deidentify"], input="\n".join(json.dumps(line) for line in LINES) + "\n")
    assert run.exit_code == 0
    first, second, third = (json.loads(line) for line in run.stdout.splitlines())
    assert first["text"] == "Thanks to <staff name>, ring <phone number>"
    assert [LINES[0]["text"][one["start"] : one["end"]] for one in first["found"]] == ["Zbigniew", "07700 900123"]
    assert second == {"id": "b", "text": "Kind staff", "withheld": False, "found": []}
    assert third["withheld"] is True and third["text"] is None
    told = json.loads(run.stderr)
    assert told["rows"] == {"in": 3, "written": 3, "refused": 0}
    assert told["withheld"] == 1


def test_names_of_the_trusts_own_services_stay() -> None:
    run = CliRunner().invoke(
        app, ["deidentify"], input=json.dumps({"id": 1, "text": "Lovely at Kestrel Ward in Lantern House"})
    )
    assert json.loads(run.stdout)["text"] == "Lovely at Kestrel Ward in Lantern House"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"{not json", "is not JSON"),
        (b'["a"]', "is no object"),
        (b'{"id": 1}', "is no object"),
        (b'{"id": 1, "text": null}', "is no object"),
        (b'{"text": "Zbigniew was kind"}', "is no object"),
        (b'{"id": {"a": 1}, "text": "Zbigniew"}', "neither a string nor a number"),
        (b'{"id": 1, "text": "caf\xe9 Zbigniew"}', "is not UTF-8"),
        (b"[" * 100_000, "is not JSON"),
    ],
)
def test_a_line_that_cannot_be_used_is_named_and_the_others_go_on(line: bytes, said: str) -> None:
    out = io.StringIO()
    outcome = deidentify_lines([b'{"id": 1, "text": "good"}\n', b"\n", line + b"\n", b'{"id": 2, "text": "fine"}'], out)
    assert outcome["rows"] == {"in": 3, "written": 2, "refused": 1}
    (refused,) = outcome["refused"]
    assert refused.startswith("line 3: ") and said in refused
    assert "Zbigniew" not in refused
    assert len(out.getvalue().splitlines()) == 2


def test_a_line_without_end_is_refused_and_the_others_go_on() -> None:
    stream = io.BytesIO(b'{"id": 1, "text": "good"}\n' + b"x" * (3 * LONGEST) + b'\n{"id": 2, "text": "fine"}')
    lines = list(lines_of(stream))
    assert max(map(len, lines)) == LONGEST + 1
    outcome = deidentify_lines(lines, io.StringIO())
    assert outcome["rows"] == {"in": 3, "written": 2, "refused": 1}
    assert outcome["refused"] == ["line 2: is longer than 1,000,000 bytes. Write one comment a line."]


def test_a_bad_line_is_no_success(capfd: pytest.CaptureFixture[str]) -> None:
    run = CliRunner().invoke(app, ["deidentify"], input="nothing\n")
    assert run.exit_code == 1
    assert run.stdout == ""
