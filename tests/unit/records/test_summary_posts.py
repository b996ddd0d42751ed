"""What is kept of the posts that a summary counts, on both databases."""

import pytest

from tests.unit.records.test_records import holding, kept_in
from wordround.identity.pseudonyms import Pseudonymiser
from wordround.records import relinking, summary_posts
from wordround.records.summary_posts import Counted, CountedPage
from wordround.settings import Settings

ONE, OTHER = "1" * 32, "2" * 32
KEY = "a" * 32


def page(name: str, *posts: str, told: int = 360) -> CountedPage:
    return CountedPage(name, 5, {"contribution_count": told}, {post: Counted(KEY, True) for post in posts})


def keep(trust: Settings, kept: CountedPage, *approved: str, conversation: str = "maternity_hour") -> None:
    summary_posts.keep(trust, conversation, kept, approved)


def test_a_page_is_kept_while_it_is_approved_and_the_last_one_that_was_written(trust: Settings) -> None:
    first, second, third = page("p1", ONE, OTHER), page("p2", ONE, told=355), page("p3", OTHER)
    keep(trust, first)
    keep(trust, page("p1", OTHER), conversation="other_hour")
    assert summary_posts.of_page(trust, "maternity_hour", "p1") == first
    keep(trust, second, "p1")
    keep(trust, third, "p1")
    assert summary_posts.of_page(trust, "maternity_hour", "p2") is None, "nobody approved it"
    assert summary_posts.told(trust, "maternity_hour", ["p1", "p2"]) == [{"contribution_count": 360}]
    keep(trust, page("p1"), "p1")
    assert summary_posts.of_page(trust, "maternity_hour", "p1") == first, "an approved page stays as it was"
    keep(trust, third)
    assert summary_posts.of_page(trust, "maternity_hour", "p1") is None, "it was withdrawn"
    assert summary_posts.of_page(trust, "other_hour", "p1") is not None


def test_of_an_erased_post_a_place_is_left_that_is_the_same_on_pages_that_had_it_alike(
    trust: Settings, request: pytest.FixtureRequest
) -> None:
    keep(trust, page("p1", ONE, OTHER))
    keep(trust, page("p2", ONE), "p1")
    assert holding(kept_in(trust, request), ONE)
    assert summary_posts.forget(trust, [ONE, "f" * 32]) == 2
    assert summary_posts.forget(trust, [ONE]) == 0
    assert holding(kept_in(trust, request), ONE) == []
    first, second = (summary_posts.of_page(trust, "maternity_hour", name).posts for name in ("p1", "p2"))
    assert first.keys() > second.keys() and first[OTHER] == Counted(KEY, True)
    ((place, left),) = second.items()
    assert first[place] == left and left.figures_key != KEY and left.is_contribution


def test_a_new_key_changes_both_hashes_and_a_page_that_is_written_then_is_comparable(trust: Settings) -> None:
    old, new = Pseudonymiser(b"x" * 32), Pseudonymiser(b"x" * 32, b"y" * 32)
    posts = {old.pseudonym("bluesky", "7"): Counted(old.pseudonym("figures", "digest"), True)}
    keep(trust, CountedPage("p1", 5, {}, posts))
    assert relinking.relink(trust, new.relinked, link_count=2, before=1)["summaries"] == 1
    relinked = {new.pseudonym("bluesky", "7"): Counted(new.pseudonym("figures", "digest"), True)}
    assert summary_posts.of_page(trust, "maternity_hour", "p1").posts == relinked
