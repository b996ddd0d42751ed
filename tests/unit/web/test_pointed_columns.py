"""An analyst sends a file whose columns nothing recognises, points at them, sees the account, and takes it in."""

import json
import re
import tomllib
from datetime import date
from pathlib import Path

import duckdb
import pytest

from tests.fixtures.web import Site, Visitor, words
from tests.unit.web.test_upload_pages import NAME, SAID, holds, sent, waited
from wordround import erasing, pipeline
from wordround.collect import files, looking
from wordround.connectors.files.pointed import ROLES as KNOWN_ROLES
from wordround.connectors.files.pointed import Pointed
from wordround.errors import ColumnMapUnusable, FileUnreadable
from wordround.land import quarantine
from wordround.settings import Settings, load_settings
from wordround.web.pages.upload import ROLES

OWN = "Form no,When it came,Building,Ward,Mark,Liked,Disliked"
WELSH = "Ffurflen,Dyddiad,Safle,Ward,Sgôr,Beth oedd yn dda?,Beth allai fod yn well?"
ROWS = f"""1,13/11/2026,Fernvale Hospital,Kestrel Ward,5,"Nurse {NAME} was kind to me on every day",{SAID}
2,14/11/2026,Fernvale Hospital,Kestrel Ward,2,,The food was cold whenever it came
3,31/02/2026,Fernvale Hospital,Heron Ward,4,Fine,
"""
DAY = date(2026, 11, 16)
MAP = {
    "column_A": "id", "column_B": "date", "column_C": "site", "column_D": "service", "column_E": "score",
    "column_F": "good", "column_G": "better", "best": "5", "layout": "own-form",
}  # fmt: skip
POINTED = Pointed(
    tuple((role, name[-1]) for name, role in MAP.items() if name.startswith("column_")), best=5, name="own-form"
)

pytestmark = pytest.mark.slow


@pytest.fixture
def analyst(page: Site, monkeypatch: pytest.MonkeyPatch) -> Visitor:
    """An analyst at a page whose verbs read its home by the project's settings, which take other tables too."""
    config = page.settings.home / "wordround.toml"
    written = (Path(__file__).parents[3] / "wordround.toml").read_text(encoding="utf-8")
    config.write_text(written.replace("[access]", f"{OTHER_TABLES}\n[access]"), encoding="utf-8")
    monkeypatch.setenv("WORDROUND_HOME", str(page.settings.home))
    monkeypatch.setenv("WORDROUND_CONFIG", str(config))
    page.application.state.settings = load_settings()
    return page.visitor("m.farrow", "analysts")


OTHER_TABLES = """
[sources.file]
enabled = true
ready_layouts = ["datix_pals"]

[sources.file.governance]
lawful_basis_article_6 = "6(1)(e)"
condition_article_9 = "9(2)(h)"
retention_days = 2557
purpose = "service_evaluation"
purpose_decided_on = 2026-09-14
purpose_decided_by = "fictional: research and development office"
"""


def pointed(visitor: Visitor, account: str, **changed: str) -> str:
    """Point at the columns of a file and wait for its new account; return what the page says then."""
    chosen = {name: value for name, value in (MAP | changed).items() if value}
    visitor.send(account, f"{account}/columns", **chosen)
    return visitor.words(waited(visitor, account))


@pytest.mark.parametrize("head", [OWN, WELSH, None], ids=["own names", "Welsh names", "no header"])
def test_a_file_that_nothing_recognises_is_pointed_at_seen_and_taken_in(
    page: Site, analyst: Visitor, head: str | None
) -> None:
    account = sent(analyst, "form.csv", f"{head}\n{ROWS}".encode() if head else ROWS.encode())
    said = analyst.words(account)
    assert "It cannot be taken in as it is" in said and "dates, in 3 rows" in said and "long text" in said
    assert NAME not in analyst.get(account).text and SAID not in analyst.get(account).text
    assert "cold" not in said and "Fernvale Hospital, Kestrel" not in said
    assert ("When it came" in said) == (head == OWN), "names that do not pass the door are not shown"
    assert re.search(r'name="column_B">.*?value="date" selected', analyst.get(account).text, re.DOTALL)

    said = pointed(analyst, account)
    assert "Comments 4, of which 0 are known already" in said and "2026-11-13 to 2026-11-14" in said
    assert "in the file 6" in said and "impossible date 2" in said and "staff name 1" in said
    assert "Fernvale Hospital, Kestrel Ward 4" in said and NAME not in said
    assert not page.settings.warehouse_file.exists() and holds(page.settings.home, SAID) == []
    if head is None:
        assert "The file has no header" in said
    else:
        assert "[sources.fft.layouts.own-form]" in said
        assert ("<the name above column B>" in said) == (head == WELSH)

    analyst.send(account, f"{account}/take")
    said = analyst.words(waited(analyst, account))
    assert "It was taken in" in said and "loaded 3" in said and "quarantined 2" in said
    with duckdb.connect(str(page.settings.warehouse_file), read_only=True) as connection:
        rows = connection.execute("select rating, question_type from raw.comments order by all").fetchall()
    assert rows == [(1, "could_improve"), (1, "what_good"), (4, "could_improve"), (4, "what_good")]
    assert holds(page.settings.home, NAME) == []


BAD_MAPS = (
    ({"column_C": "date"}, "column_C", "Column B is the date already. Leave one of the two."),
    ({"column_F": "", "column_G": ""}, "", "No column is said to be a comment"),
    ({"column_B": ""}, "", "No column is said to be the date"),
    ({"column_C": "", "column_D": ""}, "", "No column is said to be the service or the site"),
    ({"column_C": "question"}, "column_C", "A column that names the question goes with one column of comments"),
    ({"best": "7"}, "column_E", "Of scores of the test the best is 1 or 5."),
    ({"layout": "a b/c"}, "layout", "Letters, digits, - and _ only"),
    ({"layout": "fernvale"}, "layout", "The settings have a layout 'fernvale' already"),
    ({"layout": "ottolinebrackenbury77"}, "layout", "The name may be somebody's"),
    ({"column_Z": "comment"}, "", "The file has columns A to G only."),
    ({"column_E": ""}, "best", "No column is said to be the score"),
)


def test_a_bad_map_is_said_in_one_sentence_beside_its_field(page: Site, analyst: Visitor) -> None:
    account = sent(analyst, "form.csv", f"{OWN}\n{ROWS}".encode())
    for changed, field, says in BAD_MAPS:
        assert says in pointed(analyst, account, **changed)
        shown = analyst.get(account).text
        assert not field or (f'id="{field}-error"' in shown and f'href="#{field}"' in shown), field
        assert "Take it in" not in shown
        assert '<option value="id" selected>' in shown, "what was chosen stays"


def test_a_best_score_that_is_no_number_is_said_and_not_left_out(page: Site, analyst: Visitor) -> None:
    account = sent(analyst, "form.csv", f"{OWN}\n{ROWS}".encode())
    for typed in ("five", "5.0", "-5", "1" * 12):
        refused = analyst.send(account, f"{account}/columns", **(MAP | {"best": typed}))
        assert refused.status_code == 422 and "Write the best score as a whole number" in words(refused)
        assert 'id="best-error"' in refused.text and f'value="{typed}"' in refused.text
        assert '<option value="id" selected>' in refused.text, "what was chosen stays"
    assert "Comments 4" in pointed(analyst, account, best=" 5 ")


def test_rows_with_ids_want_a_name_and_two_surveys_never_have_one(page: Site, analyst: Visitor, tmp_path: Path) -> None:
    account = sent(analyst, "form.csv", f"{OWN}\n{ROWS}".encode(), source="file")
    assert "Say what this form of file is called" in pointed(analyst, account, layout="")
    assert 'id="layout-error"' in analyst.get(account).text
    settings = load_settings()
    path, other, letters = tmp_path / "form.csv", tmp_path / "other.csv", tmp_path / "letters.csv"
    path.write_text(f"{OWN}\n{ROWS}", encoding="utf-8")
    other.write_text(f"Nr,When,Hospital,Clinic,Stars,Liked,Notes\n{ROWS}", encoding="utf-8")
    letters.write_text(ROWS, encoding="utf-8")
    landed = files.land_file(settings, "file", path, DAY, pointed=POINTED)
    assert landed and landed.layout == "own-form"
    for survey in (other, letters):
        with pytest.raises(ColumnMapUnusable, match="files with other columns were taken in as 'own-form'"):
            files.land_file(settings, "file", survey, DAY, pointed=POINTED)
        ids = looking.look(settings, "file", survey, DAY, pointed=POINTED._replace(name="clinic")).comment_ids
        assert ids and not set(ids) & set(looking.look(settings, "file", path, DAY, pointed=POINTED).comment_ids)
    without = POINTED._replace(roles=tuple(one for one in POINTED.roles if one[0] != "id"), name="")
    assert looking.look(settings, "file", other, DAY, pointed=without).layout == "pointed", "no id, no name"
    with pytest.raises(ColumnMapUnusable, match="the settings have a layout 'datix_complaints'"):
        looking.look(settings, "file", other, DAY, pointed=POINTED._replace(name="datix_complaints"))


def test_the_next_file_of_a_form_and_a_better_map_of_the_same_file_keep_the_name(
    page: Site, analyst: Visitor, tmp_path: Path
) -> None:
    settings, path, later = load_settings(), tmp_path / "form.csv", tmp_path / "later.csv"
    path.write_text(f"{OWN}\n{ROWS}", encoding="utf-8")
    later.write_text(f"{OWN}\n{ROWS}9,15/11/2026,Fernvale Hospital,Kestrel Ward,5,Kind to me,\n", encoding="utf-8")
    fewer = POINTED._replace(roles=tuple(one for one in POINTED.roles if one[0] not in ("score", "better")), best=None)
    assert files.land_file(settings, "file", path, DAY, pointed=fewer)
    assert files.land_file(settings, "file", later, DAY, pointed=POINTED), "the same form, and more of it is read"
    moved = POINTED._replace(roles=tuple({"good": ("good", "G"), "better": ("better", "F")}.get(one[0], one)
                                         for one in POINTED.roles))  # fmt: skip
    assert files.land_file(settings, "file", later, DAY, pointed=moved), "the same file, pointed at anew"


def test_a_file_of_a_form_is_known_by_its_columns_also_where_a_cell_says_the_same_as_its_header(
    page: Site, analyst: Visitor, tmp_path: Path
) -> None:
    settings = load_settings()
    same = "4,15/11/2026,Fernvale Hospital,Ward,5,Kind to me,\n"
    for place, below in enumerate((ROWS, same, ROWS.replace("1,13", "5,13"))):
        path = tmp_path / f"form{place}.csv"
        path.write_text(f"{OWN}\n{below}", encoding="utf-8")
        landed = files.land_file(settings, "file", path, DAY, pointed=POINTED)
        assert landed and landed.layout == "own-form"
    first_in_letters = POINTED._replace(name="other-form")
    for path in (tmp_path / "form1.csv", tmp_path / "form0.csv"):
        assert files.land_file(settings, "file", path, DAY, pointed=first_in_letters)
    moved = {"A": "E", "E": "A"}
    roles = tuple((role, moved.get(letter, letter)) for role, letter in POINTED.roles)
    path = tmp_path / "moved.csv"
    path.write_text(f"{OWN}\n{same}{same}", encoding="utf-8")
    with pytest.raises(ColumnMapUnusable, match="files with other columns"):
        files.land_file(settings, "file", path, DAY, pointed=POINTED._replace(roles=roles))


def workbook(path: Path, *sheets: tuple[str, list[tuple[object, ...]]]) -> Path:
    from openpyxl import Workbook

    book = Workbook()
    for place, (name, rows) in enumerate(sheets):
        sheet = book.create_sheet(name, place)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


COVER = ("Summary", [("Survey of November",), ("Forms", "Wards"), (2, 1)])
FORMS = [
    (7, date(2026, 11, 13), "Fernvale Hospital", "Kestrel Ward", 1, "Kind to me", "Late"),
    (8, date(2026, 11, 14), "Fernvale Hospital", "Kestrel Ward", 2, "Kind again", None),
]


def test_comments_on_a_further_sheet_are_found_pointed_at_and_taken_in(
    page: Site, analyst: Visitor, tmp_path: Path
) -> None:
    book = workbook(tmp_path / "book.xlsx", COVER, (NAME, FORMS), ("Notes", [("nothing",)]))
    account = sent(analyst, "book.xlsx", book.read_bytes())
    said = analyst.words(account)
    assert "This workbook has" in said and "What is said here is of sheet 1 (Summary) alone" in said
    assert "Sheet 2" in said and NAME not in said
    analyst.send(account, f"{account}/sheet", number="2")
    said = analyst.words(waited(analyst, account))
    assert "What is said here is of sheet 2 alone" in said and "These are the columns of sheet 2" in said
    assert "dates, in 2 rows" in said
    said = pointed(analyst, account, best="")
    assert "Comments 4, of which 0 are known already" in said and "landed 3 no answer 1" in said
    analyst.send(account, f"{account}/take")
    said = analyst.words(waited(analyst, account))
    assert "It was taken in" in said and "loaded 3" in said
    refused = analyst.client.post(f"{account}/sheet", data={"number": "2"})
    assert refused.status_code == 403, "a form without its token"


def test_the_columns_that_are_shown_are_those_of_the_sheet_that_is_read(settings: Settings, tmp_path: Path) -> None:
    head = tuple(next(iter(settings.sources.fft.layouts.values())).columns)
    rows = [tuple("13/11/2026" if "date" in name.casefold() else "5" for name in head)]
    of_days = [("A", "B"), (date(2026, 11, 13), "Not this"), (date(2026, 11, 14), "Not this either")]
    book = workbook(tmp_path / "book.xlsx", ("Days", of_days), ("Forms", [head, *rows, *rows]))
    shown = looking.columns(settings, "fft", book)
    assert shown.sheet == 2 and [each.number for each in shown.sheets][:2] == [1, 2]
    assert looking.columns(settings, "fft", book, sheet=1).sheet == 1
    with pytest.raises(FileUnreadable, match="sheet 9 holds nothing, or there is none"):
        looking.columns(settings, "fft", book, sheet=9)
    date_at = next(each.column for each in shown.columns if each.holds == "dates")
    other = [each.column for each in shown.columns if each.column != date_at]
    roles = (("date", date_at), ("service", other[0]), ("comment", other[1]))
    look = looking.look(settings, "fft", book, DAY, pointed=Pointed(roles, name="x"))
    assert look.sheet == 2
    assert look.rows["in"] == 2


def test_two_sheets_of_one_workbook_are_two_files(settings: Settings, tmp_path: Path) -> None:
    further = [(row[0] + 10, *row[1:]) for row in FORMS]  # type: ignore[operator]
    book = workbook(tmp_path / "book.xlsx", ("October", FORMS), ("November", further))
    for sheet in (1, 2, 1):
        outcome = pipeline.ingest(settings, "fft", DAY, book, pointed=POINTED._replace(best=None), sheet=sheet)
        assert not outcome["refused"]
    with duckdb.connect(str(settings.warehouse_file), read_only=True) as connection:
        found = connection.execute("select text from raw.comments where text is not null order by text").fetchall()
    assert [text for (text,) in found] == ["Kind again"] * 2 + ["Kind to me"] * 2 + ["Late"] * 2


WITHOUT_ID = POINTED._replace(roles=POINTED.roles[1:], best=None, name="")


def texts_of(settings: Settings) -> dict[str, str]:
    """What is stored, by what it says."""
    with duckdb.connect(str(settings.warehouse_file), read_only=True) as connection:
        found = connection.execute("select text, comment_id from raw.comments where text is not null").fetchall()
    return dict(found)


def test_an_erasure_from_one_sheet_leaves_the_same_row_of_another(settings: Settings, tmp_path: Path) -> None:
    first, second = (1, DAY, "Fernvale Hospital", "Kestrel Ward", 1, "Kind to me", None), FORMS[0]
    undated = (2, None, "Fernvale Hospital", "Kestrel Ward", 2, "They lost my bag", None)
    book = workbook(tmp_path / "book.xlsx", ("October", [second, first]), ("November", [second, undated]))
    for sheet in (1, 2):
        assert not pipeline.ingest(settings, "fft", DAY, book, pointed=WITHOUT_ID, sheet=sheet)["refused"]

    def set_aside() -> list[str]:
        return [row["row"] for path in settings.quarantine.rglob("*.csv") for row in quarantine.read_rows(path)]

    assert set_aside() == ["2"]
    with duckdb.connect(str(settings.warehouse_file), read_only=True) as connection:
        ids = connection.execute("select comment_id from raw.comments where posted_date = ?", [DAY]).fetchall()
    erasing.erase(settings, erasing.Request("comment", None, (ids[0][0],)))
    assert set_aside() == ["2"]


def test_a_sheet_is_no_reading_of_a_workbook_that_was_landed_before_sheets_were_recorded(
    settings: Settings, tmp_path: Path
) -> None:
    further = [(*row[:5], "They lost my bag", "Noise at night") for row in FORMS]
    book = workbook(tmp_path / "book.xlsx", ("October", FORMS[:1]), ("November", further[:1]))
    pipeline.ingest(settings, "fft", DAY, book, pointed=WITHOUT_ID)
    (path,) = settings.landing.glob("fft/*/*.json")
    written = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({key: value for key, value in written.items() if "sheet" not in key}), encoding="utf-8")
    assert not pipeline.ingest(settings, "fft", DAY, book, pointed=WITHOUT_ID, sheet=2)["refused"]
    assert texts_of(settings).keys() == {"Kind to me", "Late", "They lost my bag", "Noise at night"}


def test_the_run_of_a_drop_folder_reads_the_sheet_that_fits_although_another_was_named(settings: Settings) -> None:
    head = tuple(next(iter(settings.sources.fft.layouts.values())).columns)
    row = tuple("13/11/2026" if "date" in name.casefold() else "5" for name in head)
    folder = settings.home / "inbox" / "fft"
    folder.mkdir(parents=True)
    book = workbook(folder / "book.xlsx", ("Cover", [("Summary",)]), ("Forms", [head, row]))
    assert files.land_file(settings, "fft", book, DAY, sheet=2)
    assert files.collect(settings, "fft", DAY).files_already_landed == 0
    assert files.collect(settings, "fft", DAY).files_already_landed == 1


def test_a_survey_of_another_kind_is_pointed_at_with_its_scale(page: Site, analyst: Visitor) -> None:
    account = sent(analyst, "form.csv", f"{OWN}\n{ROWS}".encode(), source="file")
    assert "Say which number is the best" in pointed(analyst, account, best="")
    said = pointed(analyst, account, column_F="comment", column_G="")
    assert "Comments 2, of which 0 are known already" in said
    assert "rating_max = 5" in said and "[sources.file.layouts.own-form]" in said
    analyst.send(account, f"{account}/take")
    assert "It was taken in" in analyst.words(waited(analyst, account))
    outcome = erasing.erase(load_settings(), erasing.Request("comment", "file", ("own-form:1",)))
    assert outcome["comments"] == 1, "an erasure finds the row by the map that was pointed"


def test_nothing_pointed_at_changes_nothing_and_nobody_points_at_anothers_file(page: Site, analyst: Visitor) -> None:
    account = sent(analyst, "form.csv", f"{OWN}\n{ROWS}".encode())
    answer = analyst.send(account, f"{account}/columns", column_A="no such thing")
    assert "Nothing was changed" in words(answer)
    token = re.findall(r'name="form_token" value="([^"]*)"', analyst.get(account).text)[-1]
    other = page.visitor("another", "analysts")
    for visitor, given in ((other, {"form_token": token} | MAP), (analyst, {"form_token": "guessed"} | MAP)):
        assert visitor.client.post(f"{account}/columns", data=given).status_code in (403, 404)
    assert ROLES.keys() == set(KNOWN_ROLES), "the page offers what the verb knows"


def test_the_lines_that_are_offered_read_the_next_file_by_themselves(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "form.csv"
    path.write_text(f"Outpatients in November\n\n{OWN}\n{ROWS}", encoding="utf-8")
    look = looking.look(settings, "fft", path, DAY, pointed=POINTED)
    assert look.settings_lines
    layouts = tomllib.loads(look.settings_lines)["sources"]["fft"]["layouts"]
    written = settings.model_dump(exclude={"environment"}, mode="json", exclude_none=True)
    written["sources"]["fft"]["layouts"] |= layouts
    again = Settings(**written, environment=settings.environment)
    by_itself = looking.look(again, "fft", path, DAY)
    assert by_itself.layout == "own-form" and by_itself.comment_ids == look.comment_ids
    assert by_itself.rows == look.rows and look.rows["in"] == 6


@pytest.mark.parametrize(
    "above",
    ["", "Outpatients in November\n", "Form,When,Form,Ward,Mark,Liked,Liked\n", ",,,,,,\n", f"{WELSH}\n"],
    ids=["nothing", "a title", "names twice", "blank cells", "Welsh names"],
)
def test_whatever_stands_above_the_first_row_every_row_is_read_once(
    settings: Settings, tmp_path: Path, above: str
) -> None:
    path = tmp_path / "form.csv"
    path.write_text(above + ROWS, encoding="utf-8")
    look = looking.look(settings, "fft", path, DAY, pointed=POINTED)
    assert (look.rows["in"], look.rows["landed"], look.quarantine) == (6, 3, {"impossible_date": 2})
    plain = tmp_path / "plain.csv"
    plain.write_text(f"{OWN}\n{ROWS}", encoding="utf-8")
    assert look.comment_ids == looking.look(settings, "fft", plain, DAY, pointed=POINTED).comment_ids


def test_a_workbook_without_a_header_and_its_erasure_by_the_trusts_own_id(settings: Settings, tmp_path: Path) -> None:

    from openpyxl import Workbook

    book = Workbook()
    book.active.append([7, date(2026, 11, 13), "Fernvale Hospital", "Kestrel Ward", 1, "Kind to me", "Late"])
    book.active.append([8, date(2026, 11, 14), "Fernvale Hospital", "Kestrel Ward", 2, "Kind again", None])
    book.save(tmp_path / "book.xlsx")
    manifest = files.land_file(settings, "fft", tmp_path / "book.xlsx", DAY, pointed=POINTED)
    assert manifest and manifest.rows.rows_in == 4 and manifest.pointed and manifest.quarantine == {}
    shown = looking.columns(settings, "fft", tmp_path / "book.xlsx")
    assert [each.holds for each in shown.columns][1] == "dates" and {each.name for each in shown.columns} == {None}
    assert erasing.count(settings, erasing.Request("comment", "fft", ("7",)))["comments"] == 2


def test_answers_above_the_first_one_with_a_day_are_set_aside_and_not_left_out(
    settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "form.csv"
    path.write_text(f"{WELSH}\n8,,Fernvale Hospital,Kestrel Ward,4,All good,None\n{ROWS}", encoding="utf-8")
    look = looking.look(settings, "fft", path, DAY, pointed=POINTED)
    assert look.rows["in"] == 8 and look.quarantine == {"impossible_date": 2, "missing_date": 2}


UNDATED = "8,,Fernvale Hospital,Kestrel Ward,4,All good,None"
ONE_CELL = ",,,,,The ward was clean,"


@pytest.mark.parametrize(
    ("above", "rows_in"),
    [
        (f"{WELSH}\n{ONE_CELL}", 8),
        (f"{WELSH}\n{UNDATED}\n{ONE_CELL}", 10),
        (f"{ONE_CELL}\n{UNDATED}", 10),
        (f"Outpatients in November\n{WELSH}\n{ONE_CELL}", 8),
        (f"Trust,Fernvale\nMonth,November\n{WELSH}\n{ONE_CELL}\n{UNDATED}", 10),
        (f"{WELSH}\nx8,,Lynmouth,Merlin Ward,,All good,Nothing at all", 8),
    ],
    ids=["one cell", "full, then one cell", "no header", "below a title", "below an account", "like names"],
)
def test_an_answer_of_one_cell_without_a_day_is_set_aside_and_not_taken_for_a_title(
    settings: Settings, tmp_path: Path, above: str, rows_in: int
) -> None:
    path = tmp_path / "form.csv"
    path.write_text(f"{above}\n{ROWS}", encoding="utf-8")
    look = looking.look(settings, "fft", path, DAY, pointed=POINTED)
    assert look.rows["in"] == rows_in and look.rows["landed"] == 3
    assert look.quarantine == {"impossible_date": 2, "missing_date": rows_in - 6}


def test_days_that_a_workbook_keeps_as_numbers_lose_no_first_row(settings: Settings, tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    for row in ((7, 46339, "Fernvale Hospital", "Kestrel Ward", 1, "Kind to me", "Late"),
                (8, 46340, "Fernvale Hospital", "Kestrel Ward", 2, "Kind again", "Cold")):  # fmt: skip
        book.active.append(row)
    book.save(tmp_path / "book.xlsx")
    look = looking.look(settings, "fft", tmp_path / "book.xlsx", DAY, pointed=POINTED)
    assert (look.rows["in"], look.rows["landed"], look.first_date) == (4, 4, date(2026, 11, 13))


def test_no_cell_of_a_first_row_is_taken_for_a_name(settings: Settings, tmp_path: Path) -> None:
    """Where the first row of values has no date, it looks like a header, and must not be shown as one."""
    path = tmp_path / "form.csv"
    path.write_text(f"0,not known,Fernvale Hospital,Kestrel Ward,5,They lost my bag,x\n{ROWS}", encoding="utf-8")
    assert {each.name for each in looking.columns(settings, "fft", path).columns} == {None}
    look = looking.look(settings, "fft", path, DAY, pointed=POINTED)
    assert "They lost my bag" not in look.model_dump_json()
