"""An analyst sends a file, sees what would become of it before anything is written, and takes it in or back."""

import re
import time
from collections.abc import Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.legible import Search, files_below, legible
from tests.fixtures.published import publish
from tests.fixtures.web import Site, Visitor, words
from wordround.folders import PROJECT
from wordround.web.uploads import UploadRefused, Uploads

NAME, SAID = "Ottoline Brackenbury", "The kettle on the ward was always warm"
HEAD = (
    "Response ID,Date received,Site,Service,Overall experience,What was good about your visit?,What could we do better?"
)
ROWS = f"""{HEAD}
1,13/11/2026,Fernvale Hospital,Kestrel Ward,Very good,"Nurse {NAME} was kind",{SAID}
2,14/11/2026,Fernvale Hospital,Kestrel Ward,Poor,,The food was cold
3,31/02/2026,Fernvale Hospital,Heron Ward,Good,Fine,
"""

pytestmark = pytest.mark.slow


@pytest.fixture
def analyst(page: Site, monkeypatch: pytest.MonkeyPatch) -> Visitor:
    """An analyst at a page that was started with the variables of its home."""
    monkeypatch.setenv("WORDROUND_HOME", str(page.settings.home))
    monkeypatch.setenv("WORDROUND_CONFIG", str(PROJECT / "wordround.toml"))
    return page.visitor("m.farrow", "analysts")


def sent(visitor: Visitor, name: str, content: bytes, source: str = "fft") -> str:
    """Send a file and wait until it was read; return the address of its account."""
    token = re.findall(r'name="form_token" value="([^"]*)"', visitor.get("/upload").text)[-1]
    data = {"form_token": token, "source": source}
    return waited(visitor, visitor.client.post("/upload", data=data, files={"file": (name, content)}).request.url.path)


def waited(visitor: Visitor, path: str) -> str:
    for _ in range(600):
        if 'http-equiv="refresh"' not in visitor.get(path).text:
            return path
        time.sleep(0.1)
    raise AssertionError("it was not read within a minute")


def test_a_file_that_was_let_go_of_is_neither_read_nor_taken_in_when_another_has_its_descriptor(
    analyst: Visitor,
) -> None:
    uploads = Uploads()
    first, second = (uploads.add("a", "fft", f"{name}.csv", ROWS.encode()) for name in ("first", "second"))
    uploads.take_back(second)
    third = uploads.add("b", "fft", "third.csv", ROWS.encode())
    assert third.descriptor == second.descriptor
    uploads.take(second)
    assert second.taking is None and len(second.readings) == 2
    assert all(reading.cancelled() for reading in second.readings), "nobody reads a file that was let go of"
    for each in (first, third):
        uploads.take_back(each)
    uploads.close()


def test_the_account_of_a_file_that_was_let_go_of_meanwhile_is_no_error(page: Site, analyst: Visitor) -> None:
    uploads: Uploads = page.application.state.uploads
    upload = uploads.add("m.farrow", "fft", "first.csv", ROWS.encode())
    cancelled, refused = Future[Mapping[str, Any]](), Future[Mapping[str, Any]]()
    cancelled.cancel()
    refused.set_exception(UploadRefused("The file was let go of."))
    for ended in (cancelled, refused):
        upload.columns = upload.account = ended
        assert analyst.get(f"/upload/{upload.token}").status_code == 200
    uploads.take_back(upload)
    assert analyst.get(f"/upload/{upload.token}").status_code == 404


def test_a_file_that_is_read_otherwise_has_one_account_and_none_once_it_was_let_go_of(analyst: Visitor) -> None:
    uploads = Uploads()
    busy, waiting = (uploads.add("a", "fft", f"{name}.csv", ROWS.encode()) for name in ("busy", "waiting"))
    former = waiting.account
    uploads.read_otherwise(waiting, {"column_B": "date"}, ("--column", "date=B"))
    assert former and former.cancelled() and waiting.account is not former and not waiting.account.cancelled()
    uploads.take_back(waiting)
    last = waiting.account
    uploads.read_otherwise(waiting, {"column_C": "date"}, ("--column", "date=C"))
    uploads.read_sheet(waiting, 2)
    assert waiting.account is last and last.cancelled() and waiting.said == {"column_B": "date"}
    uploads.take_back(busy)
    uploads.close()


def holds(home: Path, text: str) -> list[Path]:
    return [path for path in files_below(home) if Search({"text": (text,)}).names_in(legible(path))]


def test_the_account_comes_first_and_nothing_is_written_before_it_is_taken_in(
    page: Site, analyst: Visitor, tmp_path: Path
) -> None:
    account = sent(analyst, "November.csv", ROWS.encode())
    said = analyst.words(account)
    assert "Comments 4, of which 0 are known already" in said and "2026-11-13 to 2026-11-14" in said
    assert "impossible date 2" in said and "staff name 1" in said
    assert "Date received date" in said and "Fernvale Hospital, Kestrel Ward" in said
    assert NAME not in said and SAID not in said
    kept = [path for place in (page.settings.landing, page.settings.quarantine) for path in place.rglob("*.*")]
    assert [path for path in kept if path.is_file()] == []
    assert not page.settings.warehouse_file.exists() and holds(page.settings.home, SAID) == []

    analyst.send(account, f"{account}/take")
    said = analyst.words(waited(analyst, account))
    assert "in the file 6" in said and "loaded 3" in said and "quarantined 2" in said
    assert "Published Not yet: the next build" in said and "Not yet" in analyst.words("/upload")
    assert holds(page.settings.landing, SAID) and holds(page.settings.home, NAME) == []

    again = analyst.words(sent(analyst, "again.csv", ROWS.encode()))
    assert "Most of it is known already: 4 of 4 comments" in again
    newer = publish(tmp_path / "newer", "update marts.dim_sources set last_loaded_at = now();")
    newer.replace(page.settings.published / newer.name)
    said = analyst.get(account)
    assert "Published Yes: its comments are in the figures." in words(said)
    assert 'href="/search?source=fft&amp;from=2026-11-13&amp;to=2026-11-14"' in said.text
    listed = analyst.words("/upload")
    assert "November.csv" in listed and "Yes: its comments" in listed
    assert "November.csv" not in page.visitor("other", "analysts").words("/upload")


def test_a_file_that_brought_nothing_new_is_not_waited_for(page: Site, analyst: Visitor) -> None:
    for name in ("first.csv", "again.csv"):
        account = sent(analyst, name, ROWS.encode())
        analyst.send(account, f"{account}/take")
        waited(analyst, account)
    assert "Published Nothing of it is new, so no figure moves" in analyst.words(account)


def test_what_became_of_a_file_is_known_for_a_day_and_the_file_itself_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    uploads, done = Uploads(), Future[Mapping[str, Any]]()
    done.set_result({})
    taken, waiting = (uploads.add("a", "fft", f"{name}.csv", ROWS.encode()) for name in ("taken", "waiting"))
    for each in (taken, waiting):
        for reading in each.readings:
            reading.cancel() or reading.exception(60)
    taken.taking, now = done, time.monotonic()
    for hours, known in ((0.1, {"taken", "waiting"}), (1, {"taken"}), (23, {"taken"}), (25, set())):
        monkeypatch.setattr(time, "monotonic", lambda hours=hours: now + 3600 * hours)
        found = {each.name[:-4] for each in (taken, waiting) if uploads.of(each.token, "a")}
        assert found == known, hours
        assert not taken.has_content, "its content goes as soon as it was taken in"
    uploads.close()


def test_a_workbook_and_a_file_larger_than_a_megabyte_are_read(page: Site, analyst: Visitor, tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    for row in [line.split(",") for line in ROWS.splitlines() if '"' not in line]:
        book.active.append(row)
    book.save(tmp_path / "book.xlsx")
    assert "Comments 2" in analyst.words(sent(analyst, "book.xlsx", (tmp_path / "book.xlsx").read_bytes()))
    head, one, *_ = ROWS.splitlines()
    many = "\n".join([head, *(re.sub("^1", str(number), one) for number in range(1, 9_000))])
    assert len(many) > 1_000_000
    said = analyst.words(sent(analyst, "many.csv", many.encode()))
    assert "Comments 17,998" in said, said[:600]


def test_a_file_that_cannot_be_read_says_why_and_is_let_go_of(page: Site, analyst: Visitor) -> None:
    account = sent(analyst, "holiday.csv", b"a,b\n1,2\n")
    said = analyst.words(account)
    assert "It cannot be taken in as it is." in said and "holiday.csv" in said
    gone = analyst.send(account, f"{account}/back")
    assert "Nothing of it was kept" in words(gone)
    assert analyst.get(account).status_code == 404


def test_nothing_and_something_of_no_kind_is_refused_in_a_sentence(page: Site, analyst: Visitor) -> None:
    token = re.findall(r'name="form_token" value="([^"]*)"', analyst.get("/upload").text)[-1]
    nothing = analyst.client.post("/upload", data={"form_token": token, "source": "fft"})
    assert nothing.status_code == 422 and "Choose a file" in words(nothing)
    other = analyst.client.post("/upload", data={"form_token": token, "source": "x"}, files={"file": ("a.csv", b"a")})
    assert other.status_code == 422 and "Say what kind of file" in words(other)


def test_a_file_is_seen_by_the_analyst_who_sent_it_alone(page: Site, analyst: Visitor) -> None:
    account = sent(analyst, "November.csv", ROWS.encode())
    assert page.visitor("another", "analysts").get(account).status_code == 404
    for group in ("readers", "kestrel-leads", "coders", "approvers", "governance"):
        assert page.visitor("x", group).get("/upload").status_code == 403
