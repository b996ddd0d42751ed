"""Summaries that are approved one after the other: who has kept them all learns of no single post by subtracting."""

import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import duckdb
import pytest
import sqlalchemy as sa

from tests.fixtures import published
from wordround.conversations import summaries
from wordround.errors import ConversationRefused
from wordround.published import conversations
from wordround.published.database import published_warehouse
from wordround.records import relinking, store, summary_posts, tables
from wordround.reports import conversation
from wordround.settings import Settings

HOUR = "maternity_hour"
AGAIN = "the_same_hour"
LEAST = 5


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    published.publish(tmp_path)
    return published.settings_for(tmp_path)


def change(home: Settings, *statements: str) -> None:
    """Publish something else: what is counted, and the totals that dbt would make of it."""
    with duckdb.connect(str(home.published / "wordround.duckdb")) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.execute("update meta.publication set build_id = uuid()::varchar")
        connection.execute(
            """update marts.fct_conversations as whole set contribution_count = (
                   select count(*) from marts.fct_conversation_posts as posts
                   where posts.is_contribution and posts.conversation_id = whole.conversation_id)"""
        )


def add(*numbers: int) -> str:
    names = ", ".join(f"('post {number}')" for number in numbers)
    return (
        "insert into marts.fct_conversation_posts select posts.* replace (new.name as comment_id) "
        f"from marts.fct_conversation_posts as posts, (values {names}) as new(name) where posts.comment_id = 'post 7'"
    )


def drop(*numbers: int) -> str:
    names = ", ".join(f"'post {number}'" for number in numbers)
    return f"delete from marts.fct_conversation_posts where comment_id in ({names})"


def recode(*numbers: int) -> str:
    names = ", ".join(f"'post {number}'" for number in numbers)
    return f"update marts.fct_conversation_posts set participant_code = 'charity' where comment_id in ({names})"


def settle(*numbers: int) -> str:
    names = ", ".join(f"'post {number}'" for number in numbers)
    return f"update marts.fct_conversation_posts set country_code = 'IE' where comment_id in ({names})"


def point(*numbers: int) -> str:
    names = ", ".join(f"'post {number}'" for number in numbers)
    return f"update marts.fct_conversation_posts set links_key = 'elsewhere' where comment_id in ({names})"


def twice(home: Settings, *statements: str) -> None:
    """Publish the conversation a second time under another name, and then something else of it."""
    with duckdb.connect(str(home.published / "wordround.duckdb")) as connection:
        tables = connection.execute(
            "select table_name from information_schema.columns where column_name = 'conversation_id'"
        ).fetchall()
        for (table,) in tables:
            connection.execute(
                f"insert into marts.{table} select * replace ('{AGAIN}' as conversation_id) from marts.{table}"
            )
    change(home, *(f"{statement} and conversation_id = '{AGAIN}'" for statement in statements))


def kept_ids(home: Settings) -> list[str]:
    """The ids of posts that the records hold of summaries."""
    with store.reading(home) as connection:
        return list(connection.scalars(sa.select(tables.summary_posts.c.comment_id)))


def approve(home: Settings, conversation_id: str = HOUR) -> str:
    """Write the page as things stand, and approve it; return its digest. Raises ConversationRefused."""
    conversation.write(home, conversation_id)
    return decide(home, conversation_id)


def decide(home: Settings, conversation_id: str = HOUR) -> str:
    """Approve the page as it was written."""
    made = summaries.of(home, conversation_id)
    summaries.decide(home, made, is_approved=True, by="m.farrow", why="", seen=made.decision_count)
    return made.page_sha256


@pytest.mark.parametrize(
    "what", [add(1001), drop(3), recode(3), settle(3), point(3), drop(1, 2) + "; " + add(1001, 1002)]
)
def test_a_page_that_differs_by_a_few_posts_waits_until_they_are_enough(home: Settings, what: str) -> None:
    approve(home)
    change(home, what)
    with pytest.raises(ConversationRefused, match=r"Fewer than 5 posts .* withdraw that page"):
        approve(home)
    with pytest.raises(ConversationRefused, match="waits for somebody"):
        conversation.put_out(home, HOUR, home.home / "out.html")
    change(home, drop(21, 22), recode(30, 31))
    approve(home)
    conversation.put_out(home, HOUR, home.home / "out.html")


def test_reposts_are_no_company_for_a_post_with_words(home: Settings) -> None:
    approve(home)
    change(home, add(1001), drop(370, 371, 372, 373, 374))
    with pytest.raises(ConversationRefused, match="Fewer than 5"):
        approve(home)
    change(home, drop(1001))
    approve(home)  # five reposts less, and no post with words


def test_where_a_repost_points_and_comes_from_is_counted_nowhere(home: Settings) -> None:
    approve(home)
    change(home, settle(370), point(371))
    approve(home)


def test_a_conversation_over_the_same_posts_is_compared_too(home: Settings) -> None:
    approve(home)
    twice(home, drop(3))
    with pytest.raises(ConversationRefused, match=r"Fewer than 5 posts .* of maternity_hour: .* at maternity_hour"):
        approve(home, AGAIN)
    change(home, drop(4, 5, 6, 7) + f" and conversation_id = '{AGAIN}'")
    approve(home, AGAIN)
    change(home, drop(3, 4))
    with pytest.raises(ConversationRefused, match=r"Fewer than 5 posts"):
        approve(home)  # of its own page two, and three of the other
    summaries.withdraw(home, summaries.of(home, HOUR), summaries.of(home, HOUR).approved_before[0].page_sha256, "m.f")
    with pytest.raises(ConversationRefused, match="of the_same_hour: "):
        approve(home)


def test_other_hosts_are_no_company_for_a_post_that_one_conversation_has_more(home: Settings) -> None:
    approve(home)
    hosts = "update marts.fct_conversation_posts set is_host = false where true"
    twice(home, drop(3), hosts)
    made = conversation.write(home, AGAIN)
    decide(home, AGAIN)
    assert "<strong>*</strong> posts came in" in made.page.read_text(encoding="utf-8"), "359, and 360 were told"


def test_two_pages_that_were_written_before_either_was_approved_are_compared(home: Settings) -> None:
    twice(home, drop(3), "update marts.fct_conversation_posts set is_host = false where true")
    conversation.write(home, HOUR)
    conversation.write(home, AGAIN)
    decide(home, AGAIN)
    with pytest.raises(ConversationRefused, match=r"differs by fewer than 5 from that of the page .* Write it again"):
        decide(home)
    approve(home)


def test_conversations_that_share_no_post_are_not_compared(home: Settings) -> None:
    approve(home)
    renamed = "update marts.fct_conversation_posts set comment_id = comment_id || ' of then' where true"
    twice(home, drop(3), renamed)
    made = conversation.write(home, AGAIN)
    decide(home, AGAIN)
    assert "<strong>359</strong> posts came in" in made.page.read_text(encoding="utf-8")


def test_no_words_of_a_page_are_kept_beside_its_counts(home: Settings) -> None:
    conversation.write(home, HOUR)
    with store.reading(home) as connection:
        (told,) = connection.scalars(sa.select(tables.summary_pages.c.told))
    assert 360 in told.values() and 9 in told.values(), "of all posts, and of a title"
    assert all(re.fullmatch("[0-9a-f]{32}", name) for name in told)


def test_totals_that_stay_hide_no_exchange(home: Settings) -> None:
    approve(home)
    change(home, drop(1), add(1001))
    with published_warehouse(home) as connection:
        assert conversations.of(connection, HOUR).conversation.contribution_count == 360
    with pytest.raises(ConversationRefused, match="Fewer than 5"):
        approve(home)


def test_a_page_with_the_same_posts_may_follow(home: Settings) -> None:
    first = approve(home)
    change(home, "update marts.fct_conversations set like_count = 701")
    assert approve(home) != first


def test_each_page_that_was_approved_counts_and_not_the_last_alone(home: Settings) -> None:
    approve(home)
    change(home, add(1001, 1002, 1003, 1004, 1005))
    approve(home)
    change(home, drop(1001, 1002, 1003, 1004), drop(9))
    with pytest.raises(ConversationRefused, match="Fewer than 5"):
        approve(home)  # five off the last, and two off the first


def test_who_approves_may_withdraw_the_page_that_is_in_the_way(home: Settings) -> None:
    first = approve(home)
    change(home, add(1001))
    with pytest.raises(ConversationRefused):
        approve(home)
    made = summaries.of(home, HOUR)
    with pytest.raises(ConversationRefused, match=r"not approved, or was withdrawn"):
        summaries.withdraw(home, made, "0" * 64, "m.farrow")
    summaries.withdraw(home, made, first, "m.farrow")
    assert summaries.of(home, HOUR).approved_before == ()
    approve(home)
    assert summary_posts.page(home, HOUR, first) is None, "what it counted is kept no longer"


def test_after_an_erasure_the_next_page_waits_and_nothing_of_the_post_is_kept(home: Settings) -> None:
    approve(home)
    change(home, drop(3))
    assert summary_posts.forget(home, ["post 3", "post 999999"]) == 1
    kept = kept_ids(home)
    assert len(kept) == 445 and "post 3" not in kept
    store = home.home / "records" / "records.sqlite"
    assert b"post 3\x00" not in store.read_bytes() and b"post 30" in store.read_bytes()
    with pytest.raises(ConversationRefused, match="Fewer than 5"):
        approve(home)
    change(home, add(1001, 1002, 1003, 1004))
    approve(home)


def test_a_post_that_is_erased_from_two_pages_that_had_it_alike_is_no_difference_of_theirs(home: Settings) -> None:
    approve(home)
    change(home)
    conversation.write(home, HOUR)
    summary_posts.forget(home, [f"post {number}" for number in range(8)])
    made = summaries.of(home, HOUR)
    summaries.decide(home, made, is_approved=True, by="m.farrow", why="", seen=0)


def test_a_new_key_changes_no_comparison(home: Settings) -> None:
    approve(home)
    conversation.write(home, HOUR)
    relinking.relink(home, lambda one, since: f"{since}-{one}", link_count=2, before=1)
    kept = kept_ids(home)
    assert all(one.startswith("1-post ") for one in kept)


class Told(NamedTuple):
    """What a page counts of a post, as this test has made it."""

    participant: str = "not_declared"
    country: str | None = None
    points_to: str | None = None


def pages(home: Settings, chance: random.Random) -> Iterator[dict[int, Told]]:
    """What pages that were approved count, while posts come, go and are counted otherwise at random."""
    number = 2000
    posts = {one: Told() for one in range(360)}
    for _ in range(30):
        statements = []
        for _ in range(chance.choice([0, 1, 1, 2, 3, 4, 6])):
            number += 1
            old = chance.choice([*posts])
            what = chance.choice(["add", "drop", "recode", "settle", "point", "exchange"])
            if what in ("add", "exchange") and 7 in posts:
                statements.append(add(number))
                posts[number] = posts[7]
            if what in ("drop", "exchange"):
                statements.append(drop(old))
                del posts[old]
            elif what == "recode":
                statements.append(recode(old))
                posts[old] = posts[old]._replace(participant="charity")
            elif what == "settle":
                statements.append(settle(old))
                posts[old] = posts[old]._replace(country="IE")
            elif what == "point":
                statements.append(point(old))
                posts[old] = posts[old]._replace(points_to="elsewhere")
        change(home, *statements)
        try:
            approve(home)
        except ConversationRefused:
            continue
        yield dict(posts)


@pytest.mark.parametrize("seed", range(3))
def test_an_attacker_with_all_approved_pages_finds_no_few_posts_between_any_two(home: Settings, seed: int) -> None:
    kept = [*pages(home, random.Random(seed))]
    assert len(kept) > 3, "pages do get approved"
    for place, one in enumerate(kept):
        for other in kept[:place]:
            differing = {post for post in one.keys() | other.keys() if one.get(post) != other.get(post)}
            assert not differing or len(differing) >= LEAST
