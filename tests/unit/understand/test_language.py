"""Languages: English is told at a look, Welsh by name, others by CLD2, and what is no language is none."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wordround.understand.language import LANGUAGES, UNDETERMINED, language_of


@pytest.mark.parametrize(
    "text",
    [
        "Roedd y nyrsys yn garedig iawn",
        "Arhosais i bedair awr heb weld neb",
        "Does neb yn ateb y ffôn ac mae'r maes parcio'n llawn",
        "DIOLCH YN FAWR IAWN I CHI GYD",
        "Gwell arwyddion yn yr adran frys",
        "Bore da, oedd y nyrs <staff name> yn fendigedig 😊 #iechydmeddwl",
        "Diolch",
        "Da iawn",
        "Gwasanaeth ardderchog",
        "Staff hyfryd",
        "amser aros rhy hir",
    ],
)
def test_welsh_is_named_as_such_however_short(text: str) -> None:
    assert language_of(text) == "cy"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Czekałam cztery godziny na lekarza", "pl"),
        ("عملہ بہت مہربان تھا", "ur"),
        ("شكرا جزيلا لكم", "ar"),
        ("ਸਟਾਫ ਬਹੁਤ ਚੰਗਾ ਸੀ", "pa"),
        ("আমাকে চার ঘণ্টা অপেক্ষা করতে হয়েছে", "bn"),
        ("Mulțumesc foarte mult pentru ajutor", "ro"),
        ("Mancarea a fost rece si nu am primit medicamentele la timp", "ro"),
        ("J'ai attendu quatre heures sans voir personne", "fr"),
        ("Esperé cuatro horas y nadie me atendió", "es"),
        ("Esperei quatro horas e ninguém me atendeu", "pt"),
        ("સ્ટાફ ખૂબ સારો હતો", "gu"),
        ("非常感谢", "zh"),
        ("看護師さんはとても親切でした", "ja"),
        ("Bhí an fhoireann an-chineálta", "ga"),
        ("Tha feum air barrachd dhotairean", "gd"),
    ],
)
def test_other_languages_are_told_apart(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "Non",
        "Nil",
        "v good",
        "Very gud",
        "10/10 👍👍👍",
        "<staff name> and <staff name 2>",
        "https://www.ysbyty-enghraifft.cymru/diolch-yn-fawr",
        "#DiolchYnFawr",
        "Crohns ulcerative colitis hernia repair",
        "Merci beaucoup, you were great",
        "formidable",
        "a big thankyou, a big thankyou",
        "Took 90 minutes to get",
        "A real life changer",
        "Diolch to all the staff at Glan Clwyd, wonderful care",
        "Staff at Ysbyty Gwynedd were brilliant",
        "Ye cannae get an appointment fer love nor money",
        "plz fix da parkin its a joke",
        "Caring compassionate professional",
        "The nurse said \u201cw trosce o\u201d to my mum, who is Polish, and she smiled",
    ],
)
def test_english_slang_names_and_what_is_no_language_are_english(text: str) -> None:
    assert language_of(text) == "en"


@pytest.mark.parametrize(
    "around",
    ["<staff name> {} <place>", "{} 😊😊", "{} https://example.org/the/staff/were/very", "@ward4 {} #NHS #care"],
)
def test_what_stands_around_a_sentence_does_not_change_its_language(around: str) -> None:
    for text, language in (
        ("Bardzo dziękuję za opiekę", "pl"),
        ("Roedd y bwyd yn oer", "cy"),
        ("The food was cold", "en"),
    ):
        assert language_of(around.format(text)) == language


def test_markup_and_entities_are_no_words() -> None:
    assert language_of("<p class='the good staff'>Roedd y bwyd yn oer</p>") == "cy"
    assert language_of("Czeka&#322;am cztery godziny na lekarza") == "pl"
    assert language_of("J&rsquo;ai attendu quatre heures sans voir personne") == "fr"


def test_a_script_that_nobody_knows_is_not_english() -> None:
    assert language_of("\u1681\u1682\u1683\u1684 \u1685\u1686\u1687") == UNDETERMINED


@given(st.text(st.characters(), max_size=200))
def test_any_unicode_has_a_language(text: str) -> None:
    assert language_of(text) in LANGUAGES


def test_it_costs_far_less_than_scoring_sentiment() -> None:
    comments = [f"The nurses on ward {n} were kind but I waited {n} weeks for my tablets" for n in range(5_000)]
    started = time.process_time()
    assert {language_of(comment) for comment in comments} == {"en"}
    # about 120,000 a second; the floor leaves room for slow and busy machines
    assert len(comments) / (time.process_time() - started) > 25_000
