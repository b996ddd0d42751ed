"""Answers in Welsh: they count, people read them, and their words are no names."""

import pytest

from wordround.deidentify import deidentify


@pytest.mark.parametrize(
    "text",
    [
        "dim byd",
        "Dim byd i'w wella",
        "Popeth yn dda iawn diolch",
        "Roedd y nyrsys yn gyfeillgar a phroffesiynol",
        "Gormod o amser yn aros",
        "Dylai fod mwy o staff sy'n siarad Cymraeg",
        "Methu cael apwyntiad gyda'r meddyg",
        "Doedd neb yn ateb y ffôn",
        "Llawer rhy swnllyd yn y nos",
        "Nid oedd fy meddyginiaeth yn barod",
        "Hapus gyda'r driniaeth ac wedi gwella'n fawr",
        "Rhestr aros llawer rhy hir",
    ],
)
def test_an_answer_in_welsh_stays_as_it_is(text: str) -> None:
    assert deidentify(text).text == text


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Roedd nyrs Sian Jones yn garedig", "Sian Jones"),
        ("Diolch i Dr Rhys Evans am bopeth", "Rhys Evans"),
        ("diolch i mari am bopeth", "mari"),
        ("Roedd Dewi wrth y ddesg yn gwrtais", "Dewi"),
        ("Bu Mrs Llewelyn yn dda iawn", "Llewelyn"),
        ("Gofalodd Eleri a Gethin amdanaf", "Eleri"),
        ("Aeth Gwenllian i nôl y meddyg", "Gwenllian"),
    ],
)
def test_names_in_welsh_answers_are_hidden(text: str, name: str) -> None:
    found = deidentify(text).text
    assert not {*name.split()} & {*found.split()}
