"""The demo's tweetchat: collected once from the stand-ins, with what they want of who asks, and told in words."""

import os
import re
from pathlib import Path

import pytest

from wordround.demo import sources, tweetchat
from wordround.demo.standins.__main__ import posts_in
from wordround.errors import Incomplete
from wordround.settings import Settings


@pytest.fixture(autouse=True)
def made(home: Path) -> None:
    """The data home, as the demo has it before it asks."""
    home.mkdir()


def counts(said: str) -> dict[str, int]:
    return {source: int(count) for source, count in re.findall(r"(bluesky|mastodon|x) (\d+)", said)}


def test_all_posts_of_the_tag_are_collected_once_and_nothing_is_left_in_the_environment(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setenv("WORDROUND_MASTODON_TOKEN", "of somebody else")
    before = dict(os.environ)
    with sources.standins(settings, print) as started:
        asking = sources.asking(settings, started)
        tweetchat.collect(asking, started, said.append)
        tweetchat.collect(asking, started, said.append)
    assert dict(os.environ) == before
    (plan,) = settings.conversations
    for source, count in counts(said[0]).items():
        tagged = [
            post for post in posts_in(sources.POSTS / f"{source}.jsonl") if f"#{plan.tags[0]}" in post.text.lower()
        ]
        # A repost may bring along what it repeats once more.
        assert len(tagged) <= count <= len(tagged) + sum(bool(post.repost_of) for post in tagged)
    assert set(counts(said[1]).values()) == {0}, "what was answered is not asked again"
    assert "not all days" not in "".join(said)
    assert "no census" in said[0]


def test_a_source_that_does_not_answer_stops_the_demo_by_name(settings: Settings) -> None:
    with sources.standins(settings, print) as started:
        asking = sources.asking(settings, started)
        without = {**started, "x": {**started["x"], "secrets": {"bearer_token": "wrong"}}}
        with pytest.raises(Incomplete, match="x: "):
            tweetchat.collect(asking, without, print)


def test_without_stand_ins_there_is_no_tweetchat(settings: Settings) -> None:
    said: list[str] = []
    tweetchat.collect(settings, {}, said.append)
    assert (said, tweetchat.summaries(settings, {})) == ([], [])
