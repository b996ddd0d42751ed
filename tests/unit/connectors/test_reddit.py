"""Reddit: communities and searches become comments, as PRAW reads them too, whatever the listings do on the way."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.fixtures.asking import WEEK, ask, fetching, gone_of
from wordround.connectors.reddit import Block
from wordround.demo.standins.reddit import LOGIN, PASSWORD, Reddit, limits, name_of
from wordround.demo.standins.world import NOON, Post, posts

SECRETS = {"login": LOGIN, "password": PASSWORD}
QUERY = {"id": "town", "places": ["r/Fernvale"]}


def asking(standin, window=WEEK, queries=(QUERY,), secrets=SECRETS, **block):
    return ask(
        "reddit",
        standin.address,
        secrets,
        list(queries),
        window,
        sign_in_address=standin.address,
        account="FernvaleNHS",
        **block,
    )


def post(number: int, text: str = "A kind nurse on Kestrel Ward", **more) -> Post:
    return Post(f"p{number}", text, NOON - timedelta(minutes=number), **more)


def replies(count: int) -> list[Post]:
    return [each.but(reply_to="p1", id=f"r{each.id}") for each in posts(count, seed=2)]


def test_the_sdk_reads_the_stand_in_and_finds_the_same_things_as_the_connector():
    import praw

    world = [
        *posts(230),
        *replies(130),
        post(1, title="Ward 3", edited_at=NOON),
        post(2, links=("https://news.example.co.uk/a",), title="In the news"),
        post(3, repost_of="p1", author="bob"),
    ]
    with Reddit(world) as standin:
        found = asking(standin).by_id
        theirs = praw.Reddit(
            client_id=LOGIN,
            client_secret=PASSWORD,
            user_agent="script:oracle:v1 (by /u/FernvaleNHS)",
            reddit_url=standin.address,
            oauth_url=standin.address,
            check_for_updates=False,
        )
        community = theirs.subreddit("Fernvale")
        submissions = {each.fullname: each for each in community.new(limit=None)}
        comments = {each.fullname: each for each in community.comments(limit=None)}
        searched = {each.fullname for each in community.search('"lost the referral"', sort="new", limit=None)}
        mine = asking(
            standin, queries=[{"id": "words", "phrases": ["lost the referral"]}], search_in=["Fernvale"]
        ).by_id
    assert found.keys() == submissions.keys() | comments.keys()
    assert (len(submissions), len(comments)) == (233, 130)
    assert mine.keys() == searched
    for name, comment in comments.items():
        assert found[name].text == comment.body
        assert (found[name].kind, found[name].in_reply_to) == ("reply", comment.parent_id)
    for name, submission in submissions.items():
        assert found[name].author_id == submission.author_fullname
        assert found[name].posted_at.timestamp() == submission.created_utc
        assert (found[name].likes, found[name].replies) == (submission.score, submission.num_comments)
    assert (found["t3_p1"].title, found["t3_p1"].edited_at) == ("Ward 3", NOON)
    assert (found["t3_p2"].text, found["t3_p2"].link_domains) == ("In the news", ("example.co.uk",))
    assert (found["t3_p3"].text, found["t3_p3"].reshare_of) == (None, "t3_p1")


def test_reddit_is_not_enabled_without_its_approval_and_the_error_says_why():
    with pytest.raises(ValidationError, match="November 2025"):
        Block(enabled=True, account="FernvaleNHS", queries=[QUERY])
    with pytest.raises(ValidationError, match="`account` is missing"):
        Block(enabled=True, approval_reference="REDDIT-1", queries=[QUERY])
    assert Block(enabled=True, account="FernvaleNHS", approval_reference="REDDIT-1").enabled
    assert Block().enabled is False


def test_nobody_is_followed():
    with pytest.raises(ValidationError, match="nobody is followed"):
        Block(queries=[{"id": "who", "places": ["u_somebody"]}])
    with pytest.raises(ValidationError, match="only by phrases or places"):
        Block(queries=[{"id": "who", "accounts": ["somebody"]}])


@pytest.mark.parametrize(
    ("is_so", "says"),
    [
        ({"closed": "private"}, "r/Hidden is private"),
        ({"closed": "quarantined"}, "r/Hidden is quarantined"),
        ({"subreddit_type": "private"}, "r/Hidden is private"),
        ({"quarantine": True}, "r/Hidden is quarantined"),
        ({"over18": True}, "r/Hidden is for adults"),
    ],
)
def test_a_closed_community_is_refused_by_name_and_the_others_are_read(is_so, says):
    with Reddit([post(1), post(2, place="Hidden")]) as standin:
        standin.communities["Hidden"] = is_so
        run = asking(standin, queries=[{"id": "both", "places": ["Hidden", "Fernvale"]}])
    assert says in run.failures[0]
    assert run.failures[0].startswith("ClosedSpace: ")
    assert [comment.native_id for comment in run.comments] == ["t3_p1"]
    assert run.account.reaches[0].is_closed is False


def test_what_is_removed_closed_or_posted_by_bots_and_by_office_is_counted_and_not_kept():
    world = [
        post(1),
        post(2, is_deleted=True),
        post(3, reply_to="p1", is_deleted=True),
        post(4, extra={"removed_by_category": "moderator"}),
        post(5, is_bot=True),
        post(6, extra={"distinguished": "moderator"}),
        post(7, author="tidy_up_bot", reply_to="p1"),
        post(8, text="Beep. I am a bot, and this was automatic."),
        post(9, extra={"over_18": True}),
        post(10, author="talbot"),
        post(11, extra={"selftext": "[removed]"}),
    ]
    with Reddit(world) as standin:
        run = asking(standin)
    assert run.refused == ["bot"] * 4 + ["not_public"] + ["removed"] * 4
    assert run.by_id.keys() == {"t3_p1", "t3_p10"}
    assert all("[" not in comment.text for comment in run.comments)


def test_a_crosspost_is_a_reshare_that_brings_its_original_and_one_with_its_own_title_a_comment():
    world = [
        post(1, title="Ward 3", place="Other"),
        post(2, repost_of="p1"),
        post(3, repost_of="p1", title="This happened to us too"),
    ]
    with Reddit(world) as standin:
        found = asking(standin).by_id
    assert (found["t3_p1"].text, found["t3_p1"].title) == ("A kind nurse on Kestrel Ward", "Ward 3")
    assert (found["t3_p2"].text, found["t3_p2"].reshare_of) == (None, "t3_p1")
    assert (found["t3_p3"].text, found["t3_p3"].kind) == ("This happened to us too", "quote")


def test_markdown_becomes_plain_and_of_links_only_domains_are_kept():
    text = "**Never** >!again!< says u/FernvaleNHS: [read](https://blog.example.co.uk/x?id=1) &amp; weep #FernvaleNHS"
    with Reddit([post(1, text=text)]) as standin:
        comment = asking(standin).comments[0]
    assert comment.text == "Never again says u/FernvaleNHS: read & weep #FernvaleNHS"
    assert (comment.link_domains, comment.mentions, comment.hashtags) == (
        ("example.co.uk",),
        ("FernvaleNHS",),
        ("FernvaleNHS",),
    )


def test_a_listing_that_ends_at_its_wall_is_a_cut_and_is_not_asked_again():
    with Reddit(posts(1_400, every=timedelta(minutes=3))) as standin:
        run = asking(standin)
    reach = run.account.reaches[0]
    assert len(run.by_id) == 1_000
    assert (reach.cut, reach.answered_from) == ("wall", NOON - timedelta(minutes=3) * 999)
    assert len(standin.asked("/new")) == 10


def test_a_wall_behind_the_window_cuts_nothing_and_paging_ends_with_the_window():
    with Reddit(posts(1_400, every=timedelta(minutes=30))) as standin:
        reach = asking(standin).account.reaches[0]
    assert (reach.cut, reach.answered_from) == (None, WEEK.since)
    assert len(standin.asked("/new")) == 5


def test_paging_goes_by_when_things_were_posted_and_not_by_when_they_were_edited():
    old = [each.but(edited_at=NOON) for each in posts(350, until=NOON - timedelta(days=9))]
    with Reddit([post(1), *old]) as standin:
        asking(standin)
    assert len(standin.asked("/new")) == 2


def test_signs_that_look_like_html_are_what_somebody_wrote():
    text = "Tea & toast on <Kestrel Ward>, <3 the nurses. See https://news.example.org/a?b=c"
    with Reddit([post(1, text=text, title="Tea & toast <again>")]) as standin:
        comment = asking(standin).comments[0]
    assert (comment.text, comment.title) == (text, "Tea & toast <again>")
    assert comment.link_domains == ("example.org",)


def test_every_request_names_the_trust_and_the_secret_is_in_no_address():
    with Reddit([post(1)]) as standin:
        asking(standin)
    assert {call.headers["user-agent"].split(":v")[0] for call in standin.calls} == {"script:wordround.XFV"}
    assert all("(by /u/FernvaleNHS)" in call.headers["user-agent"] for call in standin.calls)
    assert all(PASSWORD not in f"{call.path}{call.params}" for call in standin.calls)


def test_a_spent_limit_is_waited_out_in_the_seconds_that_are_left():
    with Reddit(posts(250)) as standin:
        standin.misbehave("status", on="/new", after=1, status=429, headers=limits(0, 23), body={"message": "slow"})
        standin.limits = lambda: limits(0.0 if len(standin.calls) == 3 else 90.0, 41)
        run = asking(standin)
    assert len(run.by_id) == 250
    assert {23, 41} <= set(run.rested)


def test_a_token_that_ends_on_the_way_is_renewed():
    with Reddit(posts(250)) as standin:
        standin.misbehave("status", on="/new", after=1, status=401, body={"message": "Unauthorized", "error": 401})
        run = asking(standin)
    assert len(run.by_id) == 250
    assert len(standin.asked("access_token")) == 2


def test_wrong_credentials_are_refused_without_the_secret():
    with Reddit(posts(3)) as standin:
        run = asking(standin, secrets={"login": LOGIN, "password": "wrong-secret-1234567"})
    assert run.failures[0].startswith("SourceRefused: ")
    assert "Unauthorized" in run.failures[0]
    assert "wrong-secret" not in run.failures[0]


def test_a_token_page_that_gives_none_is_a_named_error():
    with Reddit(posts(3)) as standin:
        standin.misbehave("status", on="access_token", status=200, body={"error": "unsupported_grant_type"})
        run = asking(standin)
    assert run.failures[0].startswith("SourceRefused: ")
    assert "gave no token" in run.failures[0]


@pytest.mark.parametrize(
    ("happens", "says"), [("redirect", "redirects"), ("page", "web page"), ("half", "AnswerUnreadable")]
)
def test_a_community_that_is_not_there_a_login_page_and_half_answers_are_named_errors(happens, says):
    with Reddit(posts(3)) as standin:
        standin.misbehave(happens, on="/about", times=6)
        run = asking(standin)
    assert says in run.failures[0]
    assert run.items == []


def test_a_thing_that_cannot_be_read_costs_its_own_row():
    odd = post(3, extra={"body": 7, "selftext": 7})
    with Reddit([post(1), post(2, extra={"created_utc": "long ago"}), odd]) as standin:
        run = asking(standin)
    assert sorted(type(item).__name__ for item in run.items) == ["Comment", "Rejected", "Rejected"]


def test_what_is_deleted_at_reddit_is_found_by_asking_again():
    world = [post(1), post(2, is_deleted=True), post(3, is_private=True), post(4, reply_to="p1"), *posts(150)]
    world.append(post(5, extra={"author": "[deleted]"}))
    with (
        Reddit(world) as standin,
        fetching("reddit", standin.address, SECRETS, [QUERY], sign_in_address=standin.address) as (driver, _),
    ):
        gone = gone_of(driver, [name_of(each) for each in world])
        assert gone == {"t3_p2", "t3_p3", "t3_p5"}
        assert len(standin.asked("/api/info")) == 2


@settings(max_examples=20, deadline=None)
@given(
    count=st.integers(0, 300),
    short=st.integers(0, 4),
    empty=st.integers(0, 4),
    unsorted=st.booleans(),
    repeats=st.booleans(),
)
def test_however_pages_come_the_same_things_arrive(count, short, empty, unsorted, repeats):
    with Reddit([*posts(count), *replies(count // 2)]) as standin:
        standin.short_every, standin.empty_every, standin.is_unsorted, standin.repeats = short, empty, unsorted, repeats
        run = asking(standin)
    assert run.by_id.keys() == {name_of(each) for each in standin.posts}
    assert run.account.reaches[0].answered_from == WEEK.since
