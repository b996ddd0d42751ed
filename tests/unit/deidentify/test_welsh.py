"""Answers in Welsh: everyday words of theirs stay, and names that are such words go where something says a name."""

import re
from itertools import product

import pytest

from wordround.deidentify import deidentify

_WORDS_THAT_ARE_NAMES = ("Gan", "Del", "Medi")
_WELSH = (
    "Diolch i {} am bopeth",
    "Roedd {} yn garedig iawn",
    "{} oedd yn gofalu amdanaf drwy'r nos",
    "Daeth {} i'm gweld yn y bore",
    "Diolch yn fawr {}",
)
_ENGLISH = ("Thank you {} for everything", "{} was very kind to my mum", "I was seen by {} on the ward")
_TITLES = ("Dr", "Dr.", "Mr", "Mrs", "Miss", "Ms", "Doctor")
_ROLES = ("Nyrs", "y nyrs", "Bydwraig", "nyrs o'r enw", "rhywun o’r enw", "Sister")


def _is_left(name: str, text: str, answer: str) -> bool:
    """Say whether a name stands in a text as often as in the answer: "gan" is a word beside it, too."""
    return text.split().count(name) >= answer.replace(",", " ").split().count(name)


@pytest.mark.parametrize(("introduction", "frame"), product((*_TITLES, *_ROLES), _WELSH))
def test_a_welsh_word_that_is_a_name_goes_behind_a_title_or_a_role(introduction: str, frame: str) -> None:
    for name in _WORDS_THAT_ARE_NAMES:
        answer = frame.format(f"{introduction} {name}")
        assert not _is_left(name, deidentify(answer).text, answer), answer


@pytest.mark.parametrize(("title", "frame"), product((*_TITLES, "o'r enw"), (*_WELSH, "fy enw i ydy {}")))
def test_it_goes_in_small_letters_behind_a_title_and_what_says_a_name(title: str, frame: str) -> None:
    for name in map(str.lower, _WORDS_THAT_ARE_NAMES):
        answer = frame.format(f"{title} {name}").lower()
        assert not _is_left(name, deidentify(answer).text, answer), answer


@pytest.mark.parametrize(
    ("introduction", "frame"),
    product((*(title for title in _TITLES if title != "Doctor"), "a nurse called", "somebody named"), _ENGLISH),
)
def test_it_goes_in_english_as_it_did(introduction: str, frame: str) -> None:
    for name in _WORDS_THAT_ARE_NAMES:
        answer = frame.format(f"{introduction} {name}")
        assert name not in deidentify(answer).text.split(), answer


@pytest.mark.parametrize(
    ("answer", "names"),
    [
        ("Roedd nyrs Sian Jones yn garedig", "Sian Jones"),
        ("Diolch i Dr Rhys Evans am bopeth", "Rhys Evans"),
        ("diolch i mari am bopeth", "mari"),
        ("Gofalodd Eleri a Gethin amdanaf", "Eleri Gethin"),
        ("Aeth Gwenllian i nôl y meddyg", "Gwenllian"),
        ("Cefais ofal gan Medi a Del", "Medi Del"),
        ("Diolch o galon i Gan, Del a Medi", "Gan Del Medi"),
        ("Roedd fy ngŵr Medi yn sâl", "Medi"),
        ("Fy enw i yw Medi ac rwy'n hapus", "Medi"),
        ("Enw: Del Gan", "Del Gan"),
        ("Roedd Eira a Medi yn garedig iawn", "Eira Medi"),
        ("Roedd Mr ap Gwilym yn amyneddgar", "Gwilym"),
        ("Cofion, Del", "Del"),
        ("MRS GAN OEDD Y NYRS", "GAN"),
        ("Cefais ofal gwych gan rosemary ar y ward", "rosemary"),
    ],
)
def test_names_in_an_answer_in_welsh_go(answer: str, names: str) -> None:
    found = deidentify(answer).text.replace(",", " ").split()
    assert set(names.split()).isdisjoint(found)


@pytest.mark.parametrize(
    "answer",
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
        "Roedd y canlyniadau'n hwyr ym mis Medi",
        "Nyrs garedig iawn, meddyg da",
        "Cefais ofal da gan bawb ar y ward",
        "Gan fod y ward mor brysur, bu'n rhaid aros",
    ],
)
def test_an_answer_in_welsh_stays_as_it_is(answer: str) -> None:
    assert deidentify(answer) == (answer, (), False)


def test_somebody_of_whom_nothing_is_known_is_not_published() -> None:
    answer = "Roedd Xqwrtl yn garedig iawn, diolch o galon"
    assert "Xqwrtl" not in deidentify(answer).text


# Behind each of them a person stands, whatever the word is by which they are called.
_SPOKEN_OF = (
    "diolch i {} am bopeth",
    "diolch yn fawr i {} am y gofal ar y ward",
    "diolch {}, pawb yn wych",
    "roedd {} o'r ward yn garedig iawn",
    "cefais ofal da gan {} ar y ward",
    "siaradais gyda {} am y driniaeth",
    "ces i sgwrs efo {} ar y ward",
    "{} oedd y nyrs oedd yn gofalu amdanaf",
    "diolch i mari a {} am bopeth",
    "diolch i mari ac i {} am edrych ar fy ôl",
    "roedd y nyrs yn dda iawn a {} hefyd",
    'diolch i "{}" am bopeth ar y ward',
    "{}, diolch am bopeth ar y ward",
)
_CALLED = {
    "Welsh words": "gwen gwyn eira del mai seren enfys heulwen bryn celyn tegan siriol awel haf medi dwynwen",
    "listed surnames": "pugh bowen probert prosser cadwaladr",
    "on no list": "dilwyn selwyn hefin penri mared beca",
    "English words": "nest breeze",
    "places": "glyn holt barry overton",
}


@pytest.mark.parametrize(("kind", "frame"), product(_CALLED, _SPOKEN_OF))
def test_who_is_spoken_of_is_not_published_in_small_letters_or_with_a_capital(kind: str, frame: str) -> None:
    for name in _CALLED[kind].split():
        for called in (name, name.capitalize()):
            left = deidentify(frame.format(called))
            assert left.withheld or called not in re.findall(r"\w+", left.text), frame.format(called)


@pytest.mark.parametrize(
    "answer",
    [
        "doedd dim apwyntiad ym mis medi",
        "diolch i bob un o'r nyrsys",
        "diolch i staff y ward am y gofal",
        "roedd pawb yn dweud mai dim ond un nyrs oedd ar y ward",
        "Bu'n rhaid mynd i Bangor am y driniaeth",
    ],
)
def test_words_by_which_people_are_called_stay_where_nobody_is(answer: str) -> None:
    assert deidentify(answer) == (answer, (), False)
