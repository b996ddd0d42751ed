"""What is kept of cells that are no comments: codes, places, hashtags, domains, titles, languages, names of files."""

from pathlib import PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fixtures.canary_files import DRAWN
from wordround.deidentify import Deidentifier
from wordround.deidentify.cells import HIDDEN, HIDDEN_DOMAIN, Cells, language, segment
from wordround.registers.services import exempt_names


@pytest.fixture(scope="module")
def cells() -> Cells:
    own = exempt_names()
    return Cells(
        Deidentifier(own), own, ["XFV", "RTGFG", "Y00123"], lambda: ["FernvaleNHS", "#heronward", "ThankYouSister"]
    )


@pytest.mark.parametrize("code", ["XFV01", "XFV01_110", "Y00123", "00L", "8HV48", "RF4DG", "RTGFG", "XFV", "Ward 4"])
def test_a_code_is_kept(cells: Cells, code: str) -> None:
    assert cells.code(code) == code


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("Fernvale Hospital", "Fernvale Hospital"),
        ("DEREK", None),
        ("derek.ogglesby@example.co.uk", None),
        ("My son Derek Ogglesby, NHS 943 476 5919, 14 Brambling Close LS6 1PQ", None),
        ("14 Brambling Close", None),
        ("07700900123", None),
        ("7700900123", None),
        ("9434765919", None),
        ("12031948", None),
        ("DEREK1948", None),
        ("LS61PQ", None),
        ("QQ123456C", None),
        ("A123456", None),
        ("X12345", None),
        ("AB12CDE", None),
        ("DY12SMITH", None),
        ("PIKE1948", None),
        ("Site 12", "Site 12"),
        ("", None),
        (None, None),
    ],
)
def test_what_is_neither_a_code_nor_a_place_is_no_site(cells: Cells, cell: str | None, kept: str | None) -> None:
    assert cells.code(cell) == kept


@pytest.mark.parametrize(
    "place",
    [
        "Kestrel Ward", "Rowan House", "Rowan", "Lister", "Beatrix Potter", "Heron Ward (older people)", "Ward 12B",
        "A&E", "St Thomas", "Crisis Resolution and Home Treatment", "Older Adults", "XFV", "Dr Gray's Hospital",
        "Ward_4", "Kestrel_Ward", "ICU_2", "Ward_4_", "NICU", "NICU_", "McKenzie", "MacMillan", "DeVere",
    ],
)  # fmt: skip
def test_a_place_keeps_its_name_though_it_is_somebodys(cells: Cells, place: str) -> None:
    assert cells.place(place) == place


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("Derek Ogglesby", "<name>"),
        ("derek.ogglesby", "<name>"),
        ("Dr Derek Ogglesby clinic", "Dr <staff name> clinic"),
        ("Sarah", "<name>"),
        (
            "My son Terence Quibell rang 07700 900123 from 14 Brambling Close",
            "My son <relative name> rang <phone number> from <street address>",
        ),
        ("Kestrel Ward, ask 07700 900123", "<phone number>"),
    ],
)
def test_a_person_or_a_sentence_in_the_column_of_a_place_is_none(cells: Cells, cell: str, kept: str) -> None:
    assert kept in cells.place(cell)
    assert not {"Derek", "Ogglesby", "Sarah", "Quibell", "900123"} & set(cells.place(cell).split())


@pytest.mark.parametrize(
    "tag",
    "longcovid LongCovid mentalhealthmatters NHS75 long-covid a-and-e SaveOurNHS ClapForCarers WorldMentalHealthDay "
    "junior_doctors BAFTA2026 ward4 FernvaleNHS HeronWard ThankYouNHS endometriosis ThankYouSister".split(),
)
def test_a_hashtag_of_ordinary_words_is_kept(cells: Cells, tag: str) -> None:
    assert cells.hashtag(tag) == tag


@pytest.mark.parametrize(
    "tag",
    "ThankYouSarahPickersgill thankyousarahpickersgill DerekOgglesby derek_ogglesby derekogglesby ogglesby SARAH sarah "
    "DrNwachukwu nursetom ThankYouGrace 07700900123 RIPDerek2026".split(),
)
def test_a_hashtag_with_a_name_is_withheld(cells: Cells, tag: str) -> None:
    assert cells.hashtag(tag) == HIDDEN


@pytest.mark.parametrize(
    "domain", "fernvale.nhs.uk gov.uk leeds.ac.uk bbc.co.uk facebook.com carehomereviews.co.uk myhealth.org".split()
)
def test_the_domain_of_an_organisation_is_kept(cells: Cells, domain: str) -> None:
    assert cells.domain(domain) == domain


@pytest.mark.parametrize(
    "domain", "derekogglesby.co.uk sarahs-blog.com ogglesby.example drogglesby.nhs.uk smith.co.uk".split()
)
def test_the_domain_of_a_person_is_withheld(cells: Cells, domain: str) -> None:
    assert cells.domain(domain) == HIDDEN_DOMAIN


@pytest.mark.parametrize(
    "name", "FFT_export_Nov2026_v2.xlsx|kestrel ward.csv|RXX_FFT_2026-11.csv|one_answer_a_row.csv".split("|")
)
def test_the_name_of_a_file_is_kept(cells: Cells, name: str) -> None:
    assert cells.file_name(PurePath(name)) == name


@pytest.mark.parametrize(
    "name",
    [
        "Sarah Pickersgill feedback.csv", "sarah_pickersgill.csv", "SarahPickersgill_2026.csv", "derek-ogglesby.csv",
        "x.Derek Ogglesby", "Derek.Ogglesby", "derek.ogglesby@example.co.uk.csv",
    ],
)  # fmt: skip
def test_the_name_of_a_file_names_nobody(cells: Cells, name: str) -> None:
    shown = cells.file_name(PurePath(name)).lower()
    assert not [part for part in ("sarah", "pickersgill", "derek", "ogglesby") if part in shown]


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ("By: xXdragonXx", None),
        ("Comment on My visit by dragon99", None),
        ("In reply to dragon99", None),
        ("By the book", "By the book"),
        ("Kind and calm", "Kind and calm"),
    ],
)
def test_who_wrote_a_comment_is_no_title_of_it(cells: Cells, title: str, kept: str | None) -> None:
    assert cells.title(Deidentifier()(title)) == kept


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("en", "en"), ("en-GB", "en-GB"), ("zh_Hant_TW", "zh-Hant-TW"), ("derek", None), ("en-Anna", "en"),
        ("en-ogglesby", "en"), ("zoe", None), ("fil", "fil"), (None, None), ("English", None),
    ],
)  # fmt: skip
def test_a_language_is_a_code(written: str | None, kept: str | None) -> None:
    assert language(written) == kept


@given(st.text(max_size=40))
def test_no_language_is_longer_than_a_code(written: str) -> None:
    assert len(language(written) or "") <= len("zh-Hant-TW")


def test_words_are_found_without_spaces_and_names_among_them() -> None:
    assert segment("mentalhealthmatters") == ("mental", "health", "matters")
    assert "sarah" in segment("thankyousarah")
    assert segment("ogglesby") == ()


@pytest.mark.parametrize("header", ["response_id", "free_text_1", "Date received", "What was good?", "FFT_categorical"])
def test_the_name_of_a_column_is_kept(cells: Cells, header: str) -> None:
    assert cells.header(header) == header


@pytest.mark.parametrize("kind", sorted(DRAWN))
def test_no_cell_lets_a_canary_through(cells: Cells, kind: str) -> None:
    canary = DRAWN[kind]
    squeezed = "".join(filter(str.isalnum, canary.sentence.title()))
    kept = [
        cells.code(canary.sentence),
        cells.place(canary.sentence),
        cells.words(canary.sentence),
        cells.header(canary.sentence),
        cells.title(Deidentifier()(canary.sentence)),
        cells.hashtag(squeezed),
        cells.hashtag(squeezed.lower()),
        cells.domain(f"{squeezed.lower()}.co.uk"),
    ]
    written = "\n".join(filter(None, kept)).lower()
    assert [value for value in canary.sought if value.lower() in written] == []
