"""Which services a text names: whole names, however they are written, and no birds, streets or people."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wordround.registers.services import named_services, own_places
from wordround.understand.service_mentions import NamedService, ServiceMentions

FERNVALE = ServiceMentions(named_services(), own_places())

NAMED = [
    ("kestrel ward were lovely with dad", ["kestrel_ward"]),
    ("KESTREL WARD NEVER ANSWERS THE PHONE", ["kestrel_ward"]),
    ("Kestrel's staff got me through it", ["kestrel_ward"]),
    ("Thanks to everybody on Kestrel for last night", ["kestrel_ward"]),
    ("three weeks on kestrel ward and then heron ward", ["heron_ward", "kestrel_ward"]),
    ("team Kestrel, you are the best", ["kestrel_ward"]),
    ("#KestrelWard legends", ["kestrel_ward"]),
    ("so grateful #ThankYouKestrelWard", ["kestrel_ward"]),
    ("still waiting #fernvalecrisis", ["crisis_team"]),
    ("HeronWard is one word to some #heronward", ["heron_ward"]),
    ("Hérön-Wärd, level 2", ["heron_ward"]),
    ("Heron Ward (older people) at Fernvale Hospital", ["heron_ward"]),
    ("heron ward at the hospital by the river", ["heron_ward"]),
    ("Fernvale Hospital's Heron Ward", ["heron_ward"]),
    ("nan is in heron ward.", ["heron_ward"]),
    ("Crisis Resolution & Home Treatment Team came twice", ["crisis_team"]),
    ("crisis resolution and home treatment teams", ["crisis_team"]),
    ("CRHT came out to us", ["crisis_team"]),
    ("the perinatal team saved me", ["perinatal"]),
    ("can't thank the ladies at Perinatal enough", ["perinatal"]),
    ("perinatal mental health were great", ["perinatal"]),
    ("cmht closed my case by letter", ["community_team"]),
    ("Community Mental-Health Team, three no-shows", ["community_team"]),
    ("talking therapy changed my life", ["talking_therapies"]),
    ("iapt gave me six sessions", ["talking_therapies"]),
    ("camhs? two years and counting", ["camhs"]),
    ("the Memory Clinic’s nurse rang", ["memory_clinic"]),
    ("memory clinics and CAMHS in the same building", ["camhs", "memory_clinic"]),
]
NOT_NAMED = [
    "spotted a kestrel hovering over the bypass",
    "A Kestrel flew past the ward window",
    "we saw the Kestrel again, feathers and all",
    "Kestrel is the name of our boat",
    "kestrel season at last",
    "Mr Kestrel taught me geography",
    "saw Dr Kestrel in outpatients",
    "thanks to Joan Kestrel for the lift",
    "Heron Ward Road is closed",
    "crash on old heron ward road",
    "Kestrel Close, Fernvale",
    "Heron Ward by-election on Thursday",
    "your Heron Ward councillors",
    "Kestrel Ward at St Elsewhere's Hospital was awful",
    "Kestrel Ward in the Riverside Infirmary",
    "Riverside Infirmary's Heron Ward",
    "perinatal depression is more common than you think",
    "Perinatal. A hard word to spell",
    "heronward bound",
    "my memory is like a sieve, clinic or not",
    "a crisis. team meeting at noon",
    "see https://kestrel-ward.example/kestrel ward",
    "@kestrel.ward hello",
    "#kestrel on the nest cam #birds",
    "talking to my therapist helps",
    "All Of This Is In Title Case With Kestrel In It",
]


@pytest.mark.parametrize(("text", "services"), NAMED)
def test_a_service_is_found_however_its_name_is_written(text: str, services: list[str]) -> None:
    assert FERNVALE.find(text) == [f"fernvale_{service}" for service in services]


@pytest.mark.parametrize("text", NOT_NAMED)
def test_a_bird_a_street_a_surname_or_a_ward_elsewhere_is_not_a_service(text: str) -> None:
    assert FERNVALE.find(text) == []


def test_the_longest_name_wins() -> None:
    names = ServiceMentions([NamedService("crisis", ("crisis team",)), NamedService("youth", ("youth crisis team",))])
    assert names.find("the youth crisis team rang") == ["youth"]
    assert names.find("the youth crisis team and the crisis team rang") == ["crisis", "youth"]


def test_a_name_that_two_services_share_names_both() -> None:
    names = ServiceMentions([NamedService("north", ("memory clinic",)), NamedService("south", ("memory clinic",))])
    assert names.find("memory clinic") == ["north", "south"]


def test_what_stands_for_an_identifier_joins_no_words() -> None:
    assert FERNVALE.find("kestrel <name> ward") == []
    assert FERNVALE.find("<staff name> of Kestrel Ward") == ["fernvale_kestrel_ward"]


def test_the_version_changes_with_an_alias_a_hashtag_and_a_place() -> None:
    one = NamedService("a", ("oak ward",))
    versions = {
        ServiceMentions([one]).version,
        ServiceMentions([one._replace(names=("oak ward", "oak unit"))]).version,
        ServiceMentions([one._replace(hashtags=("oakward",))]).version,
        ServiceMentions([one], ["Oak Hospital"]).version,
    }
    assert len(versions) == 4
    two = [one, NamedService("b", ("elm ward",))]
    assert ServiceMentions(two).version == ServiceMentions(two[::-1]).version


def test_a_registry_without_services_finds_nothing() -> None:
    assert ServiceMentions([]).find("kestrel ward") == []


@given(st.text(max_size=200), st.text(max_size=200))
def test_a_name_between_sentences_is_found_whatever_surrounds_it(before: str, after: str) -> None:
    names = ServiceMentions([NamedService("a", ("quince unit",))])
    assert names.find(f"{before}\nquince unit\n{after}".replace("<", "").replace("//", "").replace("@", "")) == ["a"]


@pytest.mark.parametrize("part", ["kestrel ", "Kestrel Ward at ", "#KestrelKestrel", "a-", "K" * 50, "<", "@", "é"])
def test_a_very_long_text_takes_no_longer_for_its_length(part: str) -> None:
    start = process_time()
    FERNVALE.find(part * (200_000 // len(part)))
    assert process_time() - start < 5


@given(st.text(alphabet="kestrlward #@<>.&'’ -\n", max_size=120))
def test_any_text_is_read(text: str) -> None:
    assert set(FERNVALE.find(text)) <= {"fernvale_kestrel_ward"}
