"""Care Opinion: stories become comments with their services, and whatever the server does on the way.

There is no SDK of Care Opinion and no published schema: the stand-in follows the source's own pages on version 2 of its
API and nothing else validates it.
"""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fixtures.asking import WEEK, ask, fetching, gone_of
from wordround.connectors.asking.contract import Window
from wordround.connectors.asking.driver import Driver
from wordround.connectors.care_opinion import TERMS
from wordround.demo.standins.care_opinion import KEY, CareOpinion, limits, service
from wordround.demo.standins.world import NOON, Post, posts
from wordround.errors import AnswerUnreadable

SECRETS = {"key": KEY}
QUERY = {"id": "trust", "places": ["XFV"]}


def asking(standin, window=WEEK, queries=(QUERY,), secrets=SECRETS, **block):
    return ask("care_opinion", standin.address, secrets, list(queries), window, **block)


def checking(standin, **block):
    return fetching("care_opinion", standin.address, SECRETS, [QUERY], **block)


def story(number: int, text: str = "The nurses on Kestrel Ward **listened** to us.", **more) -> Post:
    more = {"place": "XFV", "role": "the patient", **more}
    return Post(f"{number}", text, NOON - timedelta(minutes=number), **more)


def stories(count: int) -> list[Post]:
    return [post.but(place="XFV", role="the patient", id=str(n)) for n, post in enumerate(posts(count), 1)]


def test_a_story_brings_its_words_its_dates_its_role_and_the_services_that_it_is_about():
    told = story(
        1,
        "# Kind\n\nThe nurses on *Kestrel Ward* listened.\n\n- See [my blog](https://me.example.co.uk/a?b=c)",
        title="Listened to",
        role="a parent/guardian",
        received_at=NOON + timedelta(hours=9),
        extra={"criticality": "mildly critical"},
    )
    with CareOpinion([told]) as standin:
        run = asking(standin)
    comment = run.comments[0]
    assert (comment.native_id, comment.kind, comment.title) == ("1", "story", "Listened to")
    assert comment.text == "Kind\nThe nurses on Kestrel Ward listened.\nSee my blog"
    assert comment.link_domains == ("example.co.uk",)
    assert (comment.posted_at, comment.surfaced_at) == (told.posted_at, told.received)
    assert (comment.author_role, comment.rating_note) == ("carer", "criticality_mildly_critical")
    assert comment.site_code == "XFV01"
    assert comment.locations == ("Fernvale NHS Trust", "Kestrel Ward")
    assert (comment.author_id, comment.author_handle, comment.rating) == (None, None, None)
    assert comment.query_id == "trust"


@pytest.mark.parametrize(
    ("stated", "role"),
    [
        ("the patient", "patient"),
        ("a service user", "patient"),
        ("a relative", "carer"),
        ("a parent/guardian", "carer"),
        ("a carer", "carer"),
        ("a staff member posting for a patient/service user", "staff"),
        ("a friend", None),
        ("a volunteer/advocate", None),
        (None, None),
    ],
)
def test_a_role_is_what_the_author_states_and_is_not_guessed(stated, role):
    with CareOpinion([story(1, role=stated)]) as standin:
        assert asking(standin).comments[0].author_role == role


@pytest.mark.parametrize("stated", [None, "", "rather cross"])
def test_a_story_whose_criticality_nobody_rated_has_no_note(stated):
    with CareOpinion([story(1, extra={"criticality": stated})]) as standin:
        assert asking(standin).comments[0].rating_note is None


@pytest.mark.parametrize("is_old", [True, False])
def test_links_are_understood_as_they_were_named_before_and_as_they_are_now(is_old):
    about_nothing = story(2, extra={"services": []})
    with CareOpinion([story(1), about_nothing]) as standin:
        standin.is_old = is_old
        run = asking(standin)
        assert [call.path for call in standin.asked("healthservices")] == ["/opinions/1/healthservices"]
    assert run.by_id["1"].locations == ("Fernvale NHS Trust", "Kestrel Ward")
    assert run.by_id["2"].locations == ()


def test_services_that_a_story_brings_along_are_not_asked_for_again():
    with CareOpinion(stories(30)) as standin:
        standin.embeds = True
        run = asking(standin)
        assert len(standin.calls) == 2
    assert {comment.site_code for comment in run.comments} == {"XFV01"}
    assert len(run.comments) == 30


def test_every_request_for_services_is_counted_and_goes_to_the_configured_address_alone():
    with CareOpinion(stories(30)) as standin:
        run = asking(standin)
        assert run.account.requests == len(standin.calls) == 32


def test_services_of_stories_outside_the_window_are_not_asked_for():
    late = story(2, received_at=WEEK.until + timedelta(hours=3)).but(posted_at=WEEK.until + timedelta(hours=2))
    with CareOpinion([story(1), late]) as standin:
        run = asking(standin)
        assert len(standin.asked("healthservices")) == 1
    assert [comment.native_id for comment in run.comments] == ["1"]


def test_the_most_specific_service_names_the_place_and_a_hospital_gives_the_site():
    several = [
        service("XFV", "Fernvale NHS Trust", "organisation", None),
        service("XFV02", "Heron Hospital", "hospital", "XFV02"),
        service("XFV02-MEM", "Memory Clinic", "service", "XFV02"),
    ]
    world = [story(1, extra={"services": several}), story(2, extra={"services": several[:2]})]
    with CareOpinion(world) as standin:
        found = asking(standin).by_id
    assert found["1"].locations == ("Fernvale NHS Trust", "Heron Hospital", "Memory Clinic")
    assert found["2"].locations == ("Fernvale NHS Trust", "Heron Hospital")
    assert {comment.site_code for comment in found.values()} == {"XFV02"}


def test_a_story_that_waited_for_its_moderator_is_found_when_it_is_published_and_keeps_its_day():
    waited = story(1, received_at=NOON).but(posted_at=WEEK.since - timedelta(days=3))
    with CareOpinion([waited]) as standin:
        comment = asking(standin).comments[0]
    assert (comment.posted_at, comment.is_date_corrected) == (WEEK.since - timedelta(days=3), False)


def test_a_story_sent_in_after_it_was_published_is_one_whose_date_is_corrected():
    odd = story(1, received_at=NOON - timedelta(days=1)).but(posted_at=NOON)
    with CareOpinion([odd]) as standin:
        comment = asking(standin).comments[0]
    assert (comment.posted_at, comment.is_date_corrected) == (NOON - timedelta(days=1), True)


def test_a_story_of_the_first_day_of_the_window_is_there_however_the_source_reads_after():
    first = story(1, received_at=WEEK.since + timedelta(minutes=1)).but(posted_at=WEEK.since)
    with CareOpinion([first]) as standin:
        assert len(asking(standin).comments) == 1


def test_paging_ends_with_the_first_page_that_is_wholly_after_the_window():
    with CareOpinion(stories(950)) as standin:
        standin.embeds = True
        asking(standin, Window(NOON - timedelta(days=5), NOON - timedelta(days=4)))
        assert len(standin.asked("/opinions")) < 7


def test_places_and_tags_are_asked_by_name():
    world = [story(1), story(2, "Waited for weeks #camhs", place="XFZ"), story(3, "Not ours", place="XFZ")]
    with CareOpinion(world) as standin:
        run = asking(standin, queries=[QUERY, {"id": "tags", "hashtags": ["#camhs"]}])
    assert {comment.native_id: comment.query_id for comment in run.comments} == {"1": "trust", "2": "tags"}


def test_a_query_of_words_is_refused_before_anything_is_asked():
    with pytest.raises(ValueError, match="cannot be asked by phrases, only by places or hashtags"):
        ask("care_opinion", "http://127.0.0.1:1", SECRETS, [{"id": "words", "phrases": ["kind nurse"]}])


@pytest.mark.parametrize("breaks", ["entry", "page"])
def test_a_story_that_the_source_cannot_give_costs_itself_alone(breaks):
    with CareOpinion(stories(250)) as standin:
        standin.breaks, standin.broken, standin.embeds = breaks, {"40", "41", "170"}, True
        run = asking(standin)
    assert len(run.by_id) == 247
    rejected = [item for item in run.items if type(item).__name__ == "Rejected"]
    assert [item.reason for item in rejected] == ["unreadable_item"] * 3
    assert run.account.rows == 250


def test_a_source_that_gives_no_story_at_all_is_unreadable_and_not_asked_for_ever():
    with CareOpinion(stories(250)) as standin:
        standin.breaks, standin.broken = "page", {post.id for post in standin.posts}
        run = asking(standin)
        assert len(standin.calls) < 40
    assert run.failures[0].startswith("AnswerUnreadable: ")
    assert run.account.reaches[0].answered_from is None


def test_a_row_without_a_date_or_words_costs_itself_and_nothing_of_it_is_kept():
    with CareOpinion([story(1), story(2, extra={"services": []})]) as standin:
        standin.embeds = True
        view = standin._view
        standin._view = lambda post: view(post) | ({"dateOfPublication": "A. Person"} if post.id == "2" else {})
        run = asking(standin)
    assert [type(item).__name__ for item in run.items] == ["Rejected", "Comment"]
    assert "Person" not in repr(run.items)


def test_services_that_are_not_to_be_had_leave_the_story_without_a_place():
    with CareOpinion([story(1), story(2)]) as standin:
        standin.misbehave("status", on="/opinions/2/healthservices", status=404, body={"message": "Not found"})
        found = asking(standin).by_id
    assert (found["2"].locations, found["1"].locations) == ((), ("Fernvale NHS Trust", "Kestrel Ward"))


def test_a_wrong_key_is_sent_to_a_login_page_which_is_a_refusal_without_the_key():
    with CareOpinion(stories(3)) as standin:
        run = asking(standin, secrets={"key": "wrong-key-987654321"})
    assert run.items == []
    assert run.failures[0].startswith("SourceRefused: ")
    assert "redirects" in run.failures[0]
    assert "wrong-key" not in run.failures[0]


def test_a_login_page_in_place_of_an_answer_is_a_refusal():
    with CareOpinion(stories(3)) as standin:
        standin.misbehave("page", times=9)
        assert "web page" in asking(standin).failures[0]


def test_requests_keep_to_five_a_second_and_a_429_is_waited_out_for_as_long_as_it_says():
    with CareOpinion(stories(20)) as standin:
        standin.misbehave("status", on="/opinions/7/", status=429, headers=limits(0, 30), body={"message": "slow"})
        run = asking(standin)
    assert len(run.by_id) == 20
    assert any(25 < seconds <= 30 for seconds in run.rested)
    assert sum(0.1 < seconds <= 0.2 for seconds in run.rested) >= 20


def test_half_an_answer_and_a_broken_server_are_asked_again():
    with CareOpinion(stories(20)) as standin:
        standin.misbehave("half")
        standin.misbehave("status", on="healthservices", status=503)
        standin.misbehave("cut", on="healthservices", after=2)
        run = asking(standin)
    assert len(run.by_id) == 20
    assert run.account.retries == 3


def test_what_came_before_a_failure_is_kept_and_the_window_is_whole_from_no_moment_on():
    with CareOpinion(stories(150)) as standin:
        standin.embeds = True
        standin.misbehave("status", on="/opinions", after=1, times=9, status=500)
        run = asking(standin)
    assert len(run.comments) == 100
    reach = run.account.reaches[0]
    assert (reach.answered_from, reach.error, reach.is_closed) == (None, "SourceDown", False)


def test_withdrawn_stories_are_found_by_asking_for_each_and_are_not_read():
    withdrawn = story(2, extra={"progress": "Withdrawn by author"})
    world = [story(1), withdrawn, story(3, is_deleted=True)]
    with CareOpinion(world) as standin, checking(standin) as (driver, _):
        assert gone_of(driver, ["1", "2", "3"]) == {"2", "3"}
        assert asking(standin).refused == ["removed"]


def test_at_a_wrong_address_no_story_seems_to_be_gone():
    with CareOpinion([story(1)]) as standin:
        asking_there = fetching("care_opinion", f"{standin.address}/api/v9", SECRETS, [QUERY])
        with asking_there as (driver, _), pytest.raises(AnswerUnreadable, match="Nothing was erased"):
            gone_of(driver, ["1"])


def test_stories_are_not_quoted_and_nobody_is_counted_or_located():
    assert (TERMS.may_quote_verbatim, TERMS.keeps_author_key, TERMS.locates_author) == (False, False, False)
    assert TERMS.needs_locator


@settings(max_examples=20, deadline=None)
@given(
    count=st.integers(0, 320),
    short=st.integers(0, 4),
    unsorted=st.booleans(),
    breaks=st.sampled_from(["entry", "page"]),
    broken=st.sets(st.integers(1, 320), max_size=3),
    embeds=st.booleans(),
)
def test_however_pages_come_the_same_stories_arrive(count, short, unsorted, breaks, broken, embeds):
    with CareOpinion(stories(count)) as standin:
        standin.short_every, standin.is_unsorted, standin.breaks, standin.embeds = short, unsorted, breaks, embeds
        standin.broken = {str(number) for number in broken}
        with checking(standin) as (driver, _):
            items = collected(driver)
    there = {post.id for post in standin.posts} - standin.broken
    assert {item.native_id for item in items if hasattr(item, "native_id")} == there
    assert driver.accounts[0].reaches[0].answered_from == WEEK.since


def collected(driver: Driver) -> list:
    return [item for page in driver.collect([(driver.connector.block.queries[0], [WEEK])]) for item in page]
