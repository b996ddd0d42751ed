"""What is kept of the posts that a summary counts, on both databases."""

import pytest
import sqlalchemy as sa

from tests.unit.records.test_records import holding, kept_in
from wordround.identity.pseudonyms import Pseudonymiser
from wordround.records import relinking, store, summary_posts, tables
from wordround.records.summary_posts import Counted, CountedPage, PageName
from wordround.settings import Settings

ONE, OTHER = "1" * 32, "2" * 32
KEY = "a" * 32
HOUR = "maternity_hour"


def keep(
    trust: Settings, name: str, posts: list[str], *approved: str, told: int = 360, conversation: str = HOUR
) -> None:
    counted = ((post, Counted(KEY, True)) for post in sorted(posts))
    summary_posts.keep(trust, conversation, CountedPage(name, 5, {"contribution_count": told}), counted, approved)


def kept(trust: Settings, name: str) -> dict[str, Counted]:
    """What the page of this name counts."""
    with store.reading(trust) as connection:
        select = sa.select(tables.summary_posts).join(tables.summary_pages)
        rows = connection.execute(select.where(tables.summary_pages.c.page_sha256 == name))
        return {row.comment_id: Counted(row.figures_key, row.is_contribution) for row in rows}


def test_a_page_is_kept_while_it_is_approved_and_the_last_one_that_was_written(trust: Settings) -> None:
    keep(trust, "p1", [ONE, OTHER])
    keep(trust, "p9", [OTHER], conversation="other_hour")
    assert summary_posts.page(trust, HOUR, "p1") == CountedPage("p1", 5, {"contribution_count": 360})
    keep(trust, "p2", [ONE], "p1", told=355)
    keep(trust, "p3", [OTHER], "p1")
    assert summary_posts.page(trust, HOUR, "p2") is None, "nobody approved it"
    assert summary_posts.told(trust, [PageName(HOUR, "p1"), PageName(HOUR, "p2")]) == [{"contribution_count": 360}]
    keep(trust, "p1", [], "p1")
    assert set(kept(trust, "p1")) == {ONE, OTHER}, "an approved page stays as it was"
    keep(trust, "p3", [OTHER])
    assert summary_posts.page(trust, HOUR, "p1") is None and kept(trust, "p1") == {}, "it was withdrawn"
    assert set(kept(trust, "p9")) == {OTHER}


def test_pages_differ_by_what_only_one_has_and_by_what_counts_otherwise(trust: Settings) -> None:
    first = {"a": Counted(KEY, True), "b": Counted(KEY, True), "c": Counted(KEY, False), "d": Counted(KEY, False)}
    second = {"b": Counted("b" * 32, True), "c": Counted(KEY, True), "d": Counted(KEY, False), "e": Counted(KEY, False)}
    for name, posts in (("p1", first), ("p2", second)):
        summary_posts.keep(trust, HOUR, CountedPage(name, 5, {}), iter(posts.items()), ["p1"])
    one, two = PageName(HOUR, "p1"), PageName(HOUR, "p2")
    assert summary_posts.differing(trust, one, two) == (4, 3, 3), "a, b, c and e; e has no words; b, c and d are shared"
    assert summary_posts.differing(trust, two, one) == (4, 3, 3)
    assert summary_posts.differing(trust, one, one) == (0, 0, 4)


def test_pages_of_other_conversations_are_found_by_the_posts_that_they_share(trust: Settings) -> None:
    keep(trust, "p1", [ONE])
    keep(trust, "p2", [ONE, OTHER], conversation="other_hour")
    keep(trust, "p3", [OTHER], conversation="third_hour")
    others = summary_posts.of_others(trust, HOUR)
    assert others == [PageName("other_hour", "p2"), PageName("third_hour", "p3")]
    assert summary_posts.sharing(trust, others, [ONE]) == [PageName("other_hour", "p2")]
    # More ids than are asked for at once.
    many = (f"{number:032x}" for number in range(1_201))
    assert summary_posts.sharing(trust, others, [*many, OTHER]) == others
    assert summary_posts.sharing(trust, [], iter([ONE])) == []
    assert summary_posts.differing(trust, PageName(HOUR, "p1"), others[1]).shared == 0


def test_of_an_erased_post_a_place_is_left_that_is_the_same_on_pages_that_had_it_alike(
    trust: Settings, request: pytest.FixtureRequest
) -> None:
    keep(trust, "p1", [ONE, OTHER])
    keep(trust, "p2", [ONE], "p1")
    assert holding(kept_in(trust, request), ONE)
    assert summary_posts.forget(trust, [ONE, "f" * 32]) == 2
    assert summary_posts.forget(trust, [ONE]) == 0
    assert holding(kept_in(trust, request), ONE) == []
    first, second = kept(trust, "p1"), kept(trust, "p2")
    assert first.keys() > second.keys() and first[OTHER] == Counted(KEY, True)
    ((place, left),) = second.items()
    assert first[place] == left and left.figures_key != KEY and left.is_contribution


def test_a_new_key_changes_both_hashes_and_a_page_that_is_written_then_is_comparable(trust: Settings) -> None:
    old, new = Pseudonymiser(b"x" * 32), Pseudonymiser(b"x" * 32, b"y" * 32)
    post = old.pseudonym("bluesky", "7"), Counted(old.pseudonym("figures", "digest"), True)
    told = old.pseudonym("told", "links to www.nhs.uk")
    summary_posts.keep(trust, HOUR, CountedPage("p1", 5, {told: 9}), [post], ())
    assert relinking.relink(trust, new.relinked, link_count=2, before=1)["summaries"] == 1
    assert kept(trust, "p1") == {new.pseudonym("bluesky", "7"): Counted(new.pseudonym("figures", "digest"), True)}
    assert summary_posts.told(trust, [PageName(HOUR, "p1")]) == [{new.pseudonym("told", "links to www.nhs.uk"): 9}]
