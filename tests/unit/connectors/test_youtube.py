"""YouTube: threads and their answers become comments, as Google's client reads them too, within a day's quota."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.fixtures.asking import WEEK, ask, fetching, gone_of
from wordround.connectors.youtube import TERMS, Block
from wordround.demo.standins.world import NOON, Post, posts
from wordround.demo.standins.youtube import CHANNEL, KEY, VIDEO, YouTube, discovery, id_of

SECRETS = {"key": KEY}
QUERY = {"id": "ours", "places": [CHANNEL]}


def asking(standin, queries=(QUERY,), secrets=SECRETS, **more):
    return ask("youtube", standin.address, secrets, list(queries), **more)


def post(number: int, text: str = "The nurses in this film were kind to us", **more) -> Post:
    return Post(f"p{number}", text, NOON - timedelta(minutes=number), **more)


def answers(thread: Post, count: int, seed: int = 7) -> list[Post]:
    return [each.but(reply_to=id_of(thread)) for each in posts(count, seed=seed)]


def theirs(standin) -> dict[str, dict]:
    """Return every comment of the channel as Google's client reads them."""
    from googleapiclient.discovery import build

    api = build(
        "youtube", "v3", developerKey=KEY, static_discovery=True, client_options={"api_endpoint": standin.address}
    )
    found = {}
    threads = api.commentThreads()
    ask_threads = threads.list(
        part="snippet,replies", allThreadsRelatedToChannelId=CHANNEL, maxResults=100, textFormat="plainText"
    )
    while ask_threads is not None:
        page = ask_threads.execute()
        for thread in page["items"]:
            found[thread["id"]] = thread["snippet"]["topLevelComment"]["snippet"]
            if thread["snippet"]["totalReplyCount"]:
                ask_answers = api.comments().list(
                    part="snippet", parentId=thread["id"], maxResults=100, textFormat="plainText"
                )
                while ask_answers is not None:
                    replies = ask_answers.execute()
                    found |= {each["id"]: each["snippet"] for each in replies["items"]}
                    ask_answers = api.comments().list_next(ask_answers, replies)
        ask_threads = threads.list_next(ask_threads, page)
    return found


def test_the_sdk_reads_the_stand_in_and_finds_the_same_comments_as_the_connector():
    world = [*posts(230), post(1, edited_at=NOON), post(2, "Tea & toast\nagain", place="othervideo1")]
    world += [*answers(world[0], 3), *answers(world[1], 130, seed=8), *answers(world[2], 6, seed=9)]
    with YouTube(world) as standin:
        found = asking(standin).by_id
        known = theirs(standin)
    assert found.keys() == known.keys()
    assert len(found) == 371
    for name, snippet in known.items():
        mine = found[name]
        assert (mine.text, mine.author_id) == (snippet["textDisplay"], snippet["authorChannelId"]["value"])
        assert (mine.likes, mine.in_reply_to) == (snippet["likeCount"], snippet.get("parentId"))
        assert f"{mine.posted_at:%Y-%m-%dT%H:%M:%SZ}" == snippet["publishedAt"]
        assert mine.kind == ("reply" if "parentId" in snippet else "post")
    assert found["Ugp1"].edited_at == NOON
    assert (found["Ugp2"].text, found["Ugp2"].author_handle) == ("Tea & toast\nagain", "ann")
    assert found["Ugp2"].edited_at is None
    assert found[id_of(world[1])].replies == 130


def test_the_stand_in_answers_what_the_discovery_document_describes():
    with YouTube([post(1), *answers(post(1), 7)]) as standin:
        schemas = discovery()["schemas"]
        assert _unknown(standin.thread(standin.posts[0]), "CommentThread", schemas) == {"newFieldOfTomorrow"}
        assert _unknown(standin.comment(standin.posts[1]), "Comment", schemas) == set()


def _unknown(value: dict, name: str, schemas: dict) -> set[str]:
    properties = schemas[name]["properties"]
    unknown = set(value) - set(properties)
    for key in set(value) & set(properties):
        rule = properties[key]
        nested = rule.get("$ref") or rule.get("items", {}).get("$ref")
        for each in value[key] if isinstance(value[key], list) else [value[key]]:
            unknown |= _unknown(each, nested, schemas) if nested else set()
    return unknown


def test_it_is_not_enabled_before_the_amendment_on_derived_metrics_is_accepted():
    with pytest.raises(ValidationError, match="amendment on derived metrics"):
        Block(enabled=True, queries=[QUERY])
    assert Block(enabled=True, derived_metrics_accepted=True, queries=[QUERY]).budget == 10_000
    assert (TERMS.longest_retention_days, TERMS.allows_derived_metrics) == (30, False)


@pytest.mark.parametrize("place", ["@FernvaleNHS", "https://www.youtube.com/watch?v=fernvideo01", "short"])
def test_a_place_that_is_no_id_is_an_error_of_the_settings(place):
    with pytest.raises(ValidationError, match="id of a channel"):
        Block(queries=[{"id": "x", "places": [place]}])


def test_the_key_is_in_a_header_and_in_no_address():
    with YouTube([post(1), *answers(post(1), 9)]) as standin:
        asking(standin)
    assert len(standin.calls) == 2
    assert all(call.headers["x-goog-api-key"] == KEY and "key" not in call.params for call in standin.calls)


def test_a_new_answer_in_an_old_thread_is_found_as_far_back_as_the_setting_says():
    old = post(0).but(id="old", posted_at=NOON - timedelta(days=25))
    older = post(0).but(id="older", posted_at=NOON - timedelta(days=60))
    world = [post(1), old, older, *answers(old, 7), *answers(older, 7, seed=8)]
    with YouTube(world) as standin:
        found = asking(standin).by_id
        few = asking(standin, replies_days=3).by_id
    assert found.keys() == {"Ugp1", *(id_of(each) for each in answers(old, 7))}
    assert few.keys() == {"Ugp1"}


def test_paging_ends_behind_the_oldest_thread_that_is_read():
    with YouTube(posts(900, every=timedelta(hours=12))) as standin:
        run = asking(standin, replies_days=10)
    assert len(standin.calls) == 2
    assert run.account.reaches[0].answered_from == WEEK.since


def test_comments_that_are_off_are_counted_and_the_other_videos_are_read():
    with YouTube([post(1)]) as standin:
        standin.disabled.add("offvideo001")
        run = asking(standin, queries=[{"id": "two", "places": ["offvideo001", VIDEO]}])
    assert run.refused == ["not_public"]
    assert run.by_id.keys() == {"Ugp1"}
    assert run.failures == []
    assert run.account.reaches[0].is_closed


def test_a_video_that_is_not_there_is_named_and_the_others_are_read():
    with YouTube([post(1)]) as standin:
        run = asking(standin, queries=[{"id": "two", "places": ["novideo0001", VIDEO]}])
    assert run.failures[0].startswith("ClosedSpace: ")
    assert "novideo0001 is not there" in run.failures[0]
    assert run.by_id.keys() == {"Ugp1"}


def test_a_comment_that_is_deleted_while_its_answers_are_asked_for_costs_nothing_else():
    world = [post(1), *answers(post(1), 9), post(2)]
    with YouTube(world) as standin:
        body = {"error": {"code": 404, "message": "gone", "errors": [{"reason": "commentNotFound"}]}}
        standin.misbehave("status", on="/comments", status=404, body=body)
        run = asking(standin)
    assert run.by_id.keys() == {"Ugp1", "Ugp2"}
    assert run.failures == []


def test_what_waits_for_review_and_what_is_not_public_is_counted_and_not_kept():
    world = [post(1), post(2, extra={"moderationStatus": "heldForReview"}), post(3, is_private=True)]
    with YouTube(world) as standin:
        run = asking(standin)
    assert run.refused == ["not_public", "removed"]
    assert run.by_id.keys() == {"Ugp1"}


def test_a_day_costs_no_more_than_its_budget():
    with YouTube(posts(900)) as standin:
        run = asking(standin, budget=5)
        rest = asking(standin, budget=5, spent_today=5)
    assert len(standin.calls) == 5
    assert run.account.spent == 5
    assert run.notes[0].startswith("BudgetSpent: ")
    assert (run.account.reaches[0].cut, run.account.reaches[0].answered_from) == ("budget", None)
    assert rest.items == []


def test_a_spent_quota_ends_the_day_in_youtubes_own_words():
    with YouTube(posts(900)) as standin:
        standin.units = 3
        run = asking(standin)
    assert len(run.by_id) == 300
    assert run.failures == []
    assert run.notes == [
        "BudgetSpent: youtube: The request cannot be completed because you have exceeded your quota. (HTTP 403). It "
        "goes on tomorrow."
    ]
    assert not run.account.reaches[0].is_closed


def test_too_many_requests_at_once_are_waited_out_though_they_are_a_403():
    with YouTube(posts(150)) as standin:
        body = {"error": {"code": 403, "message": "slow", "errors": [{"reason": "rateLimitExceeded"}]}}
        standin.misbehave("status", status=403, body=body, times=2)
        run = asking(standin)
    assert len(run.by_id) == 150
    assert run.account.retries == 2


@pytest.mark.parametrize("happens", ["status", "cut", "half"])
def test_what_is_temporary_is_tried_again(happens):
    with YouTube(posts(150)) as standin:
        standin.misbehave(happens, after=1, times=2, status=503)
        assert len(asking(standin).by_id) == 150


def test_a_wrong_key_is_refused_in_googles_words_and_without_the_key():
    from googleapiclient.discovery import build
    from googleapiclient.errors import HttpError

    with YouTube(posts(3)) as standin:
        run = asking(standin, secrets={"key": "AIza-wrong-key-987654321"})
        with pytest.raises(HttpError, match="API key not valid"):
            build(
                "youtube", "v3", developerKey="no", static_discovery=True,
                client_options={"api_endpoint": standin.address},
            ).commentThreads().list(part="id", videoId=VIDEO).execute()  # fmt: skip
    assert "API key not valid" in run.failures[0]
    assert "wrong-key" not in run.failures[0]


def test_a_login_page_is_a_refusal():
    with YouTube(posts(3)) as standin:
        standin.misbehave("redirect")
        assert "redirects to 127.0.0.1" in asking(standin).failures[0]


def test_a_comment_that_cannot_be_read_costs_its_own_row():
    world = [post(1), post(2, extra={"publishedAt": "yesterday"}), *answers(post(1), 2)]
    world[3] = world[3].but(extra={"textDisplay": 7})
    with YouTube(world) as standin:
        run = asking(standin)
    assert sorted(type(item).__name__ for item in run.items) == ["Comment", "Comment", "Rejected", "Rejected"]


def test_what_is_deleted_at_youtube_is_found_by_asking_again():
    world = [post(1), post(2, is_deleted=True), *answers(post(1), 3), *posts(60)]
    with YouTube(world) as standin, fetching("youtube", standin.address, SECRETS, [QUERY]) as (driver, _):
        assert gone_of(driver, [id_of(each) for each in world]) == {"Ugp2"}
        assert len(standin.asked("/comments")) == 2


@settings(max_examples=20, deadline=None)
@given(
    count=st.integers(0, 260),
    replies=st.integers(0, 130),
    short=st.integers(0, 4),
    empty=st.integers(0, 4),
    unsorted=st.booleans(),
    repeats=st.booleans(),
)
def test_however_pages_come_the_same_comments_arrive(count, replies, short, empty, unsorted, repeats):
    threads = posts(count)
    with YouTube([*threads, *(answers(threads[0], replies) if threads else [])]) as standin:
        standin.short_every, standin.empty_every, standin.is_unsorted, standin.repeats = short, empty, unsorted, repeats
        run = asking(standin)
    assert run.by_id.keys() == {id_of(each) for each in standin.posts}
