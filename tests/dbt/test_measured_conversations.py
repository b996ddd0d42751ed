"""Conversations: what belongs to one, what counts, who took part, what was asked and answered, against the usual."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from tests.dbt.small_warehouse import Answer, Run, SmallWarehouse, insert
from wordround.build import dbt
from wordround.settings import Settings
from wordround.warehouse.engine import connect

DAY = date(2026, 11, 12)
TRUST = "Fernvale Mental Health NHS Trust (fictional)"


def post(comment_id: str, text: str | None = "It helped me", at: time = time(20, 10), **more: Any) -> Answer:
    more = {"hashtags": ("FernvaleMaternity",), "source": "bluesky", "kind": "post", "posted_date": DAY} | more
    return Answer(comment_id, text=text, posted_time=at, location=None, **more)


def declare(warehouse: SmallWarehouse, **more: Any) -> None:
    row = {
        "conversation_id": "maternity_hour", "query_id": "conversation-maternity_hour",
        "label": "Maternity hour", "tags": ["fernvalematernity"], "hosts": [TRUST],
        "begins_at": datetime(2026, 11, 12, 20, tzinfo=UTC), "ends_at": datetime(2026, 11, 12, 21, tzinfo=UTC),
        "baseline_days": 14, "sources": [], "declared_in": "settings",
    }  # fmt: skip
    with connect(warehouse.settings) as connection:
        insert(connection, "ops.conversations", row | more)


@pytest.fixture
def warehouse(settings: Settings) -> SmallWarehouse:
    return SmallWarehouse(settings)


@pytest.fixture
def hour(warehouse: SmallWarehouse) -> SmallWarehouse:
    host = {"author_role": "organisation", "author_organisation": TRUST}
    charity = {"author_role": "organisation", "author_organisation": "Fernvale Hospitals Charity (fictional)"}
    warehouse.load(
        [
            post("plan", "We ask Q1 to Q3 tonight", time(20, 0), **host),
            post("q1", "Welcome. Q1 What helped you most?", time(20, 0), group="q", **host),
            post("a1", "A1 My midwife listened", time(20, 5), author_key="one", counts=(3, 1, 0, 0, 40)),
            post(
                "reply",
                "Did she stay with you?",
                time(20, 7),
                hashtags=(),
                kind="reply",
                in_reply_to="a1",
                author_key="two",
            ),
            post("deep", "All night", time(20, 9), hashtags=(), kind="reply", in_reply_to="reply", author_key="one"),
            post(
                "asked", "Can I bring my mother?", time(20, 20), author_key="three", links=("mind.org.uk", "x.example")
            ),
            post("answer", "Yes, always", time(20, 32), hashtags=(), kind="reply", in_reply_to="asked", **host),
            post("unanswered", "Who do I ring at night?", time(20, 40), author_key="two", links=("www.nhs.uk",)),
            post("again", "My midwife listened, A1", time(20, 41), author_key="four", group="g"),
            post("first", "A1: my midwife listened", time(20, 11), author_key="five", group="g"),
            post("reshare", None, time(20, 30), hashtags=(), reshare_of="a1"),
            post("tagged reshare", None, time(20, 31), reshare_of="a1"),
            post("of a charity", "We are here for you", time(20, 45), **charity),
            post(
                "late reply",
                "Thank you all",
                time(23, 0),
                hashtags=(),
                kind="reply",
                in_reply_to="q1",
                author_key="six",
            ),
            post(
                "too late",
                "I was asleep",
                time(23, 0),
                posted_date=DAY + timedelta(days=1),
                kind="reply",
                in_reply_to="q1",
            ),
            post("before", "Looking forward", time(19, 59)),
            post("q1 again", "Welcome. Q1 What helped you most", time(20, 1), source="mastodon", group="q", **host),
            post(
                "to the copy",
                "Her voice",
                time(20, 6),
                hashtags=(),
                kind="reply",
                in_reply_to="q1 again",
                source="mastodon",
            ),
            post("elsewhere", "Lovely weather", hashtags=("fernvale",)),
            post("of a survey", "Fine", source="fft", kind="survey_answer"),
        ]
    )
    declare(warehouse)
    return warehouse


def only(rows: list[dict[str, Any]]) -> dict[str, Any]:
    (row,) = rows
    return row


def test_a_conversation_is_counted_without_copies_and_reshares(hour: SmallWarehouse) -> None:
    hour.build()
    found = only(hour.table("marts.fct_conversations"))
    assert (found["post_count"], found["reshare_count"], found["copy_count"]) == (16, 2, 2)
    assert (found["contribution_count"], found["voice_count"], found["like_count"]) == (12, 5, 3)
    kinds = {row["participant_code"]: row for row in hour.table("marts.fct_conversation_participants")}
    assert {code: row["contribution_count"] for code, row in kinds.items()} == {
        "host": 3, "charity": 1, "not_declared": 8,
    }  # fmt: skip
    assert (kinds["not_declared"]["voice_count"], kinds["charity"]["organisation_count"]) == (5, 1)
    links = {row["link_domain"]: row["link_group"] for row in hour.table("marts.fct_conversation_links")}
    assert links == {"mind.org.uk": "charity", "x.example": "other", "www.nhs.uk": "nhs"}


def test_titles_of_links_are_counted_where_words_may_be_read(hour: SmallWarehouse) -> None:
    def linking(name: str, title: str, text: str | None = "Read this", **more: Any) -> Answer:
        text = text and f"{text}, {name}"
        return post(name, text, time(20, 50), links=("mind.org.uk",), link_titles=(("mind.org.uk", title),), **more)

    hour.load(
        [
            linking("one", "Perinatal help", author_key="ten"),
            linking("two", "PERINATAL HELP", author_key="ten"),
            linking("unknown", "Perinatal help", source="mastodon"),
            linking("at x", "Perinatal help", source="x"),
            linking("withheld", "Perinatal help", None, is_withheld=True),
            linking("untagged", "Perinatal help", hashtags=()),
            linking("reshare", "Perinatal help", None, reshare_of="one"),
        ]
    )
    hour.build()
    counted = {row["link_domain"]: row for row in hour.table("marts.fct_conversation_links")}
    assert counted["mind.org.uk"]["contribution_count"] == 6, "with the one that was asked before"
    assert counted["mind.org.uk"]["writer_count"] == 5, "two are of one person, and of three nobody knows"
    title = only(hour.table("marts.fct_conversation_link_titles"))
    assert (title["link_domain"], title["link_title"], title["link_group"]) == (
        "mind.org.uk", "PERINATAL HELP", "charity",
    )  # fmt: skip
    assert (title["contribution_count"], title["writer_count"]) == (3, 2), "not at X, and of no withheld text"
    points_to = {row["comment_id"]: row["links_key"] for row in hour.table("marts.fct_conversation_posts")}
    assert points_to["one"] == points_to["two"] and points_to["a1"] is None
    assert len({points_to[name] for name in ("one", "at x", "asked", "unanswered")}) == 4, "by title and by domain"


def test_replies_and_numbered_answers_stand_in_the_thread_of_what_they_answer(hour: SmallWarehouse) -> None:
    hour.build()
    threads = {row["comment_id"]: row for row in hour.table("marts.fct_conversation_threads")}
    assert set(threads) == {"plan", "q1", "asked", "unanswered", "of a charity"}
    # "a1" and "first" by their number, what answers "a1" with it, the late reply, and what answers the copy.
    assert threads["q1"]["reply_count"] == 6
    assert (threads["asked"]["host_reply_count"], threads["asked"]["host_reply_minutes"]) == (1, 12)
    assert not threads["unanswered"]["is_answered"]
    found = only(hour.table("marts.fct_conversations"))
    assert (found["question_count"], found["host_answered_count"], found["host_question_count"]) == (2, 1, 1)
    assert found["median_host_reply_minutes"] == 12


def test_examples_are_of_themes_that_more_than_a_few_have_and_of_one_side_each(warehouse: SmallWarehouse) -> None:
    staff = "staff_manner"
    sides = ["negative"] * 5 + ["positive"] * 2
    said = [
        post(f"{side} {number}", f"It was {side} for the number {number}" + " of us all" * number, time(20, number),
             themes=((staff, "it", side),))
        for number, side in enumerate(sides)
    ]  # fmt: skip
    warehouse.load(
        [
            *said,
            post("both", "They were kind and nobody came to us at all", time(20, 20),
                 themes=((staff, "kind", "positive"), ("staffing_levels", "came", "negative"))),
            post("withheld", "It was so very negative for all of us", time(20, 21), themes=((staff, "it", "negative"),),
                 is_withheld=True),
            post("rare", "It was a long way to go for all of us there", time(20, 22),
                 themes=(("timeliness", "long", "negative"),)),
        ]
    )  # fmt: skip
    declare(warehouse)
    warehouse.build()
    found = warehouse.table("marts.fct_conversation_examples")
    assert {row["side"] for row in found if row["example_type"] == "representative"} == {"criticism"}
    ranks = {row["comment_id"]: row["example_rank"] for row in found}
    assert set(ranks) == {one.comment_id for one in said}, "of one side, with words, of a theme of more than four"
    # Those of middle length come first.
    assert ranks["negative 0"] > ranks["negative 4"] and ranks["positive 5"] == 1


def test_what_hosts_and_the_trust_write_is_no_opinion_of_its_care(warehouse: SmallWarehouse) -> None:
    host = {"author_role": "organisation", "author_organisation": TRUST}
    wait = (("timeliness", "wait", "negative"),)
    warehouse.load(
        [
            post("question", "Q1 What is worst about a long wait?", themes=wait, **host),
            *[post(f"said {n}", f"The wait was very long for the {n}", time(20, n), themes=wait) for n in range(3)],
        ]
    )
    declare(warehouse)
    warehouse.build()
    found = warehouse.table("marts.fct_conversation_themes")
    (row,) = [row for row in found if row["theme_code"].endswith("timeliness")]
    assert (row["contribution_count"], row["criticism_count"]) == (4, 3)
    assert "question" not in {row["comment_id"] for row in warehouse.table("marts.fct_conversation_examples")}


def test_a_table_of_posts_owes_no_answer(warehouse: SmallWarehouse) -> None:
    warehouse.load([post("of a table", source="file"), post("asked for")])
    declare(warehouse)
    warehouse.build()
    assert only(warehouse.table("marts.fct_conversations"))["sources_not_whole"] == "Bluesky"


def test_minutes_without_a_post_are_there_and_add_up(hour: SmallWarehouse) -> None:
    hour.build()
    minutes = hour.table("marts.fct_conversation_minutes")
    assert len(minutes) == 60
    assert sum(row["contribution_count"] for row in minutes) == 11, "the late reply came after the end"
    assert sum(row["reshare_count"] for row in minutes) == 2


def test_against_the_usual_of_the_same_hours_where_all_sources_have_answered(warehouse: SmallWarehouse) -> None:
    for back in range(15):
        count = 60 if back == 0 else 20
        day = DAY - timedelta(back)
        posts = [post(f"{back} {one}", f"Words {back} {one}", time(20, one), posted_date=day) for one in range(count)]
        warehouse.load([*posts, post(f"{back} at noon", "At noon", time(12), posted_date=day)])
    declare(warehouse)
    warehouse.build()
    found = only(warehouse.table("marts.fct_conversations"))
    assert (found["times_usual"], found["usual_unknown_reason"]) == (None, "not_answered_whole")
    since, until = (datetime.combine(day, time(), UTC) for day in (DAY - timedelta(14), DAY + timedelta(1)))
    warehouse.load_run(Run(DAY + timedelta(1), since, until, since), query="conversation-maternity_hour")
    warehouse.build()
    found = only(warehouse.table("marts.fct_conversations"))
    assert (found["tagged_post_count"], found["usual_stretch_count"], found["usual_post_count"]) == (60, 14, 20)
    assert found["times_usual"] == pytest.approx(3.0)
    assert 2.1 < found["times_usual_low"] < 2.5 and 3.6 < found["times_usual_high"] < 4.2
    assert found["sources_not_whole"] is None


def test_what_the_trust_posted_and_what_it_drew(hour: SmallWarehouse) -> None:
    hour.build()
    own = {row["comment_id"]: row for row in hour.table("marts.fct_own_posts")}
    assert set(own) == {"plan", "q1", "q1 again", "answer"}, "no charity's"
    assert (own["q1"]["hour_of_day"], own["q1"]["weekday_label"], own["q1"]["is_question"]) == (20, "Thursday", True)
    assert own["q1"]["collected_reply_count"] == 2, "the late ones too; answers by number are no replies to it"


def test_countries_are_those_that_sources_declare_and_tables_belong_by_their_tags(hour: SmallWarehouse) -> None:
    hour.load(
        [
            post("of a table", "From far away", source="file", country="IE"),
            post("of a member", "We at the union", source="file", author_role="organisation"),
            post("of a survey in a table", "Fine, thank you", source="file", kind="survey_answer", country="IE"),
            post("at pixelfed", "From home", source="mastodon", country="GB", language="cy"),
            post("a reshare", None, source="mastodon", country="GB", reshare_of="at pixelfed"),
            *(
                post(f"{number} of one", f"Number {number}, home", country="MT", author_key="ten")
                for number in range(3)
            ),
        ]
    )
    hour.build()
    counted = hour.table("marts.fct_conversation_countries", "country_code, contribution_count, writer_count")
    assert [tuple(row.values()) for row in counted] == [
        ("GB", 1, 1), ("IE", 1, 1), ("MT", 3, 1), ("not_declared", 13, 11),
    ]  # fmt: skip
    found = only(hour.table("marts.fct_conversations"))
    assert found["contribution_count"] == 18
    kinds = {row["participant_code"]: row for row in hour.table("marts.fct_conversation_participants")}
    assert kinds["other_organisation"]["contribution_count"] == 1, "whose it is, the table does not say"
    assert kinds["host"]["contribution_count"] == 3


def test_a_subject_that_draws_few_replies_is_named_where_its_interval_says_so(warehouse: SmallWarehouse) -> None:
    own = {"author_role": "organisation", "author_organisation": TRUST}

    def ours(name: str, theme: str, replies: int, at: time = time(9), text: str = "We say", **more: Any) -> Answer:
        counts = (2, 1, replies, 0, None)
        return post(name, f"{text} {name}", at, themes=((theme, "say"),), counts=counts, **own | more)

    warehouse.load(
        [
            *(ours(f"wait {n}", "timeliness", 0) for n in range(12)),
            *(ours(f"kind {n}", "staff_manner", 1 + n % 3, time(19), "Who was kind?") for n in range(20)),
            *(ours(f"thanks {n}", "food_and_drink", 5, text="Diolch! Thank you") for n in range(3)),
            *(ours(f"link {n}", "food_and_drink", 5, links=("nhs.uk",)) for n in range(2)),
            ours("elsewhere", "timeliness", 0, source="mastodon"),
            ours("an answer", "timeliness", 0, kind="reply", in_reply_to="somebody's"),
            post("somebody's", "When?", themes=(("timeliness", "When"),)),
        ]
    )
    warehouse.build()
    rows = {
        (row["subject_code"], row["split_code"], row["value_code"]): row
        for row in warehouse.table("marts.fct_own_post_subjects")
    }
    major = {row["theme_code"]: row["major_code"] for row in warehouse.table("marts.dim_themes")}
    waits, kind, food = (rows[(major[code], "all", "all")] for code in ("timeliness", "staff_manner", "food_and_drink"))
    assert (waits["response_code"], kind["response_code"], food["response_code"]) == ("few", None, None)
    assert (waits["post_count"], waits["answered_count"], waits["replies_per_post"]) == (13, 0, 0)
    assert 0 < waits["replies_per_post_high"] < 1 and waits["times_others_high"] < 1
    assert kind["replies_per_post_low"] < kind["replies_per_post"] == kind["reply_count"] / 20 < 3
    assert (kind["reactions_per_post"], kind["reaction_post_count"]) == (3, 20)
    assert (food["post_count"], food["replies_per_post"], food["times_others"]) == (5, None, None), "too few to say"
    forms = {
        value: row["post_count"] for (subject, split, value), row in rows.items() if (subject, split) == ("all", "form")
    }
    assert forms == {"asks": 20, "tells": 13, "thanks": 3, "links": 2}
    assert rows[(major["staff_manner"], "day_part", "evening")]["post_count"] == 20
    assert rows[("all", "all", "all")]["times_others"] is None


def test_followers_of_our_own_accounts_by_week(warehouse: SmallWarehouse) -> None:
    own = {"author_role": "organisation", "author_organisation": TRUST, "source": "mastodon"}
    numbers = {"one": (0, 100), "two": (3, 104), "that day": (3, 103), "later": (20, 98), "without": (0, None)}
    warehouse.load(
        post(name, f"Words {name}", followers=count, followers_on=count and DAY + timedelta(days), **own)
        for name, (days, count) in numbers.items()
    )
    warehouse.build()
    posts = {row["comment_id"]: row for row in warehouse.table("marts.fct_own_posts")}
    assert (posts["two"]["follower_count"], posts["two"]["followers_on"]) == (104, DAY + timedelta(3))
    assert (posts["without"]["follower_count"], posts["without"]["organisation_label"]) == (None, TRUST)
    weeks = warehouse.table("marts.fct_own_follower_weeks", "week_date, follower_count, change_count, former_week_date")
    assert [tuple(row.values()) for row in weeks] == [
        (date(2026, 11, 9), 104, None, None), (date(2026, 11, 30), 98, -6, date(2026, 11, 9)),
    ]  # fmt: skip


def test_where_several_of_our_accounts_have_one_name_no_change_is_told(warehouse: SmallWarehouse) -> None:
    own = {"author_role": "organisation", "author_organisation": TRUST}
    for source in ("mastodon", "bluesky"):
        warehouse.load(
            post(f"{source} {week}", f"Words {source} {week}", source=source, followers=count, **own,
                 followers_on=DAY + timedelta(weeks=week))
            for week, count in enumerate((10, 9_520, 11))
        )  # fmt: skip
    warehouse.build()
    with warehouse.connect() as connection:
        connection.execute(
            "insert into reference.organisation_accounts values ('mastodon', '@jobs@fernvale.example', ?, true, null)",
            [TRUST],
        )
    dbt.invoke(warehouse.settings, ["run", "--select", "fct_own_follower_weeks", "--no-write-json"])
    found = warehouse.table("marts.fct_own_follower_weeks", "source_code, follower_count, change_count")
    changes = {
        name: {row["change_count"] for row in found if row["source_code"] == name} for name in ("mastodon", "bluesky")
    }
    assert changes == {"mastodon": {None}, "bluesky": {None, 9_510, -9_509}}
