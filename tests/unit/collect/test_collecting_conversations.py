"""Collecting a conversation from stand-ins: what is asked, what is asked again, what stops what, and what is said."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.fixtures.social import GOVERNANCE, SECRETS
from wordround import pipeline
from wordround.collect import conversations, queries
from wordround.collect.conversations import ConversationCollected
from wordround.connectors.asking.contract import Answer
from wordround.connectors.asking.fetching import Fetcher
from wordround.conversation_plans import LONDON
from wordround.conversations import declared, declaring
from wordround.demo.standins.bluesky import LOGIN, PASSWORD, Bluesky
from wordround.demo.standins.mastodon import Mastodon
from wordround.demo.standins.server import Call
from wordround.demo.standins.world import Post, posts
from wordround.demo.standins.x import TOKEN, X
from wordround.errors import ConversationRefused, CredentialMissing, Incomplete
from wordround.land.manifests import landed
from wordround.settings import Settings

NOW = datetime.now(UTC).replace(microsecond=0)
# An evening hour, well past: nothing of it surfaces late any more.
BEGINS = (NOW - timedelta(days=3)).replace(hour=19, minute=0, second=0)
ENDS = BEGINS + timedelta(hours=1)
TAG = "MaternityHour"
CREDENTIALS = {"bluesky": SECRETS, "x": {"bearer_token": TOKEN}, "mastodon": {}}


def secrets_of(source: str) -> dict[str, str]:
    return CREDENTIALS[source]


def chat(count: int = 250, tag: str = TAG) -> list[Post]:
    """Posts of the hour, as close together as it needs, and one an evening of the fortnight before."""
    within = posts(count, tag=tag, until=ENDS - timedelta(minutes=1), every=timedelta(seconds=3500 / count))
    return within + posts(13, tag=tag, until=BEGINS - timedelta(days=1), every=timedelta(days=1), seed=2)


def block(source: str, where: str, more: str = "", hashtag: str = "FernvaleNHS") -> str:
    return (
        f"\n[sources.{source}]\nenabled = true\n{where}\n{more}\n"
        f'[[sources.{source}.queries]]\nid = "tag"\nhashtags = ["{hashtag}"]\n' + GOVERNANCE.format(source=source)
    )


def at(standin: Any) -> str:
    return f'instances = ["{standin.address}"]' if isinstance(standin, Mastodon) else f'address = "{standin.address}"'


@pytest.fixture
def declare(settings_with: Callable[..., Settings]) -> Callable[..., Settings]:
    """Settings with these blocks, and the conversation that people have declared."""

    def make(*blocks: str, name: str = "maternity_hour", **plan: Any) -> Settings:
        settings = settings_with(added="".join(blocks))
        plan = {"tags": [TAG], "begins": BEGINS, "ends": ENDS, **plan}
        declaring.declare(settings, name, "KL", **plan)
        return settings

    return make


def collect(settings: Settings, name: str = "maternity_hour", **how: Any) -> ConversationCollected:
    return conversations.collect(settings, declared.named(settings, name), secrets_of, **how)


def searches(standin: Bluesky, since: int = 0) -> list[Call]:
    return [call for call in standin.calls[since:] if "searchPosts" in call.path]


@pytest.fixture
def bluesky() -> Iterator[Bluesky]:
    with Bluesky(chat()) as standin:
        yield standin


def test_an_interrupted_collection_asks_for_the_rest_alone_and_then_for_nothing(declare: Callable, bluesky) -> None:
    settings = declare(block("bluesky", at(bluesky)))
    bluesky.misbehave("page", on="searchPosts", after=2)
    first = collect(settings)
    assert first.sources["bluesky"].rows == 200, "two pages of the hour"
    assert [wrong.partition(":")[0] for wrong in first.refused] == ["SourceRefused"]
    assert first.sources["bluesky"].why_not_whole == ("SourceRefused",)
    assert first.sources["bluesky"].hours_answered < first.sources["bluesky"].hours
    # Within a page no order is certain: the last one that came is asked for again.
    whole_from = bluesky.posts[100].posted_at
    asked = len(bluesky.calls)
    rest = collect(settings)
    # The rest of the hour's own days, then the fortnight before it.
    untils = [datetime.fromisoformat(call.one("until")) for call in searches(bluesky, asked)]
    assert max(untils) <= whole_from + timedelta(seconds=1)
    assert rest.sources["bluesky"].rows == 149 + 13
    assert (rest.refused, rest.sources["bluesky"].why_not_whole) == ((), ())
    assert rest.sources["bluesky"].hours_answered == rest.sources["bluesky"].hours > 14 * 24
    asked = len(bluesky.calls)
    again = collect(settings)
    assert len(bluesky.calls) == asked and again.batches == ()
    assert again.sources["bluesky"].hours_answered == rest.sources["bluesky"].hours_answered, "as stated before"
    assert pipeline.load(settings)["rows"]["loaded"] == 250 + 13


def test_a_run_that_is_ended_keeps_the_parts_that_were_answered(declare: Callable, bluesky) -> None:
    settings = declare(block("bluesky", at(bluesky)))
    parts = iter([SECRETS])

    def ended_after_the_first(_: str) -> dict[str, str]:
        for secrets in parts:
            return secrets
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        conversations.collect(settings, declared.named(settings, "maternity_hour"), ended_after_the_first)
    asked = len(bluesky.calls)
    rest = collect(settings)
    assert rest.sources["bluesky"].rows == 13
    untils = [datetime.fromisoformat(call.one("until")) for call in searches(bluesky, asked)]
    assert max(untils).astimezone(LONDON).date() <= BEGINS.date()


@pytest.mark.parametrize("ids_are_times", [True, False])
def test_a_run_that_is_killed_within_a_listing_costs_its_last_pages(
    declare: Callable, monkeypatch: pytest.MonkeyPatch, ids_are_times: bool
) -> None:
    with Mastodon(chat(2_500)) as mastodon:
        mastodon.ids_are_times = ids_are_times
        settings = declare(block("mastodon", at(mastodon)))
        fetched, fetch = [0], Fetcher.fetch

        def killed_at_the_sixtieth_page(self: Fetcher, *of: Any) -> Answer:
            fetched[0] += 1
            if fetched[0] > 60:
                raise KeyboardInterrupt
            return fetch(self, *of)

        with monkeypatch.context() as patched:
            patched.setattr(Fetcher, "fetch", killed_at_the_sixtieth_page)
            with pytest.raises(KeyboardInterrupt):
                collect(settings)
        asked = len(mastodon.calls)
        rest = collect(settings)
        pages = [call for call in mastodon.calls[asked:] if "timelines" in call.path]
    assert rest.refused == () and rest.sources["mastodon"].listings_whole == 1
    assert rest.sources["mastodon"].rows < 600, "what was landed is not landed anew"
    # Of 2,513 posts 2,000 were landed. Where ids are no times, the listing begins at its top.
    assert (len(pages) < 16) is ids_are_times
    assert (len(pages) > 60) is not ids_are_times
    landed_ids = [
        one
        for manifest in landed(settings, "mastodon")
        for one in pq.read_table(settings.home / manifest.parquet)["comment_id"].to_pylist()
    ]
    assert len(set(landed_ids)) == 2_513 and len(landed_ids) < 2_513 + 80
    assert pipeline.load(settings)["rows"]["loaded"] == 2_513
    own_ids = {mastodon.id_of(post.id) for post in mastodon.posts}
    kept = "".join(path.read_text(encoding="utf-8") for path in settings.landing.rglob("*.json"))
    assert "conversation-maternity_hour" in kept and not any(one in kept for one in own_ids), "no id of a post is kept"


def test_the_days_of_all_its_tags_come_before_the_weeks_of_any_baseline(declare: Callable, bluesky) -> None:
    collect(declare(block("bluesky", at(bluesky)), tags=[TAG, "NightHour"]))
    first = [call for call in searches(bluesky) if "cursor" not in call.params]
    asked = [(call.one("q"), datetime.fromisoformat(call.one("until")).astimezone(LONDON).date()) for call in first]
    days = [BEGINS.date() + timedelta(days=1), BEGINS.date(), BEGINS.date() - timedelta(days=7)]
    assert asked == [(f"#{tag}", day) for day in days for tag in (TAG.lower(), "nighthour")]


def test_a_campaign_of_weeks_is_asked_week_by_week_from_its_first_day(declare: Callable, bluesky) -> None:
    begins = BEGINS - timedelta(days=20)
    collect(declare(block("bluesky", at(bluesky)), begins=begins, baseline_days=7))
    windows = [
        tuple(datetime.fromisoformat(call.one(name)).astimezone(LONDON).date() for name in ("since", "until"))
        for call in searches(bluesky)
        if "cursor" not in call.params
    ]
    first, day = begins.date(), timedelta(days=1)
    weeks = [(first, first + 7 * day), (first + 7 * day, first + 14 * day), (first + 14 * day, first + 21 * day)]
    assert windows == [*weeks, (first - 7 * day, first)]


def test_days_are_asked_as_they_are_named_and_coverage_is_of_these(declare: Callable, bluesky) -> None:
    settings = declare(block("bluesky", at(bluesky)))
    day = BEGINS.date()
    outcome = collect(settings, since=day, until=day)
    assert (outcome.since, outcome.until) == (day, day)
    assert outcome.sources["bluesky"].rows == 250
    assert outcome.sources["bluesky"].hours in (23.0, 24.0, 25.0)
    recorded = [query for manifest in landed(settings, "bluesky") for query in manifest.queries]
    assert {query.query_id.rpartition("-")[0] for query in recorded} == {"conversation-maternity_hour"}
    with pytest.raises(ConversationRefused, match=r"the first day .* is later than the last"):
        collect(settings, since=day, until=day - timedelta(days=1))


def test_a_source_that_is_dead_does_not_stop_the_others_and_is_named(declare: Callable, bluesky) -> None:
    with Mastodon(chat(60)) as mastodon:
        settings = declare(block("bluesky", at(bluesky)), block("mastodon", at(mastodon)))
        bluesky.misbehave("page", times=10_000)
        outcome = collect(settings)
        assert outcome.sources["mastodon"].rows >= 60
        assert (outcome.sources["bluesky"].rows, outcome.sources["bluesky"].hours_answered) == (0, 0.0)
        assert len(outcome.refused) == 1 and "bluesky" in outcome.refused[0]
        bluesky.faults.clear()
        outcome = collect(settings)
    assert outcome.sources["bluesky"].rows == 250 + 13
    assert (outcome.sources["mastodon"].rows, outcome.refused) == (0, ())


def test_a_dead_server_of_mastodon_costs_its_own_listing(declare: Callable) -> None:
    with ExitStack() as stack:
        alive = stack.enter_context(Mastodon(chat(60)))
        dead = stack.enter_context(Mastodon([]))
        dead.misbehave("page", times=10_000)
        where = f'instances = ["{dead.address}", "{alive.address}"]'
        settings = declare(block("mastodon", where))
        outcome = collect(settings)
    asked = outcome.sources["mastodon"]
    assert (asked.listings, asked.listings_whole, asked.why_not_whole) == (2, 1, ("SourceRefused",))
    assert asked.hours_answered == pytest.approx(asked.hours / 2, abs=0.1)
    assert asked.rows >= 60
    assert "local posts" in asked.search_shows


def test_the_budget_of_the_day_is_kept_and_the_hour_comes_before_its_baseline(declare: Callable) -> None:
    with X(chat(120)) as standin:
        budget = 60 * 0.005
        more = f"budget = {budget}\ntells_organisations = false"
        settings = declare(block("x", at(standin), more))
        first = collect(settings)
        calls = len(standin.calls)
        second = collect(settings)
    for outcome in (first, second):
        assert outcome.refused == () and any("BudgetSpent" in note for note in outcome.notes)
        assert outcome.sources["x"].why_not_whole[0] == "budget"
    assert first.sources["x"].spent + second.sources["x"].spent <= budget + 1e-9
    assert first.sources["x"].rows == 60 and len(standin.calls) == calls, "nothing more is asked on that day"
    parquets = [pq.read_table(settings.home / manifest.parquet) for manifest in landed(settings, "x")]
    days = {day for table in parquets for day in table["posted_date"].to_pylist()}
    assert days == {BEGINS.date()}, "the money went to the hour"


def test_what_a_source_does_not_show_any_more_counts_as_no_answer(declare: Callable) -> None:
    with X(chat(20)) as standin:
        settings = declare(block("x", at(standin), "budget = 9.0\ntells_organisations = false"))
        collect(settings)
        asked = collect(settings).sources["x"]
    assert asked.why_not_whole == ("window",), "X looks back seven days"
    assert 6 * 24 < asked.hours_answered + (NOW - ENDS).total_seconds() / 3600 < 8 * 24 + 24
    assert asked.hours_answered < asked.hours


def test_sources_that_are_not_asked_are_named_with_the_reason(declare: Callable, bluesky) -> None:
    with X(chat(5)) as x:
        off = block("x", at(x), "budget = 3.0").replace("enabled = true", "enabled = false")
        closed = block("mastodon", 'instances = ["https://social.example"]').partition("[sources.mastodon.gov")[0]
        blog = '\n[sources.feeds]\nenabled = false\n[[sources.feeds.queries]]\nid = "blog"\n'
        blog += 'places = ["https://blog.example/feed"]\n'
        settings = declare(block("bluesky", at(bluesky)), off, closed, blog)
        outcome = collect(settings)
        assert x.calls == []
    assert set(outcome.sources) == {"bluesky"}
    assert outcome.not_asked["x"] == "is switched off: [sources.x] enabled = false"
    assert "governance is not complete" in outcome.not_asked["mastodon"]
    assert "sources.mastodon.governance.retention_days" in outcome.not_asked["mastodon"]
    assert outcome.not_asked["feeds"] == "cannot be asked by hashtag, only by places"
    assert outcome.not_asked["threads"].startswith("is not set up")
    assert "care_opinion" not in outcome.not_asked, "no social medium, and the conversation does not name it"
    assert outcome.refused == ()


def test_where_nothing_can_be_asked_that_is_no_success(declare: Callable) -> None:
    outcome = collect(declare())
    assert outcome.sources == {} and outcome.refused == ("No source was asked; the reason stands beside each.",)


def test_a_conversation_asks_the_sources_that_it_names(declare: Callable, bluesky) -> None:
    with Mastodon(chat(10)) as mastodon:
        settings = declare(block("bluesky", at(bluesky)), block("mastodon", at(mastodon)), sources=["mastodon"])
        outcome = collect(settings)
    assert set(outcome.sources) == {"mastodon"} and bluesky.calls == []
    assert outcome.not_asked["bluesky"] == "is none of the sources of this conversation"


def test_a_missing_credential_is_a_failure_of_its_source_alone(declare: Callable, bluesky) -> None:
    with Mastodon(chat(10)) as mastodon:
        settings = declare(block("bluesky", at(bluesky)), block("mastodon", at(mastodon)))

        def some(source: str) -> dict[str, str]:
            if source == "bluesky":
                raise CredentialMissing("bluesky: WORDROUND_BLUESKY_LOGIN is not set.")
            return secrets_of(source)

        outcome = conversations.collect(settings, declared.named(settings, "maternity_hour"), some)
    assert outcome.refused == ("bluesky: CredentialMissing: bluesky: WORDROUND_BLUESKY_LOGIN is not set.",)
    assert outcome.sources["mastodon"].rows >= 10


def test_the_own_queries_of_a_source_are_neither_asked_nor_covered_by_it(declare: Callable, bluesky) -> None:
    settings = declare(block("bluesky", at(bluesky), f"since = {BEGINS.date()}"))
    collect(settings)
    assert {call.one("q") for call in searches(bluesky)} == {"#maternityhour"}
    asked = len(bluesky.calls)
    queries.collect(settings, "bluesky", NOW.date(), SECRETS)
    assert {call.one("q") for call in searches(bluesky, asked)} == {"#FernvaleNHS"}


@pytest.mark.parametrize("is_declared", [True, False])
def test_a_tag_of_a_conversation_stays_readable_in_every_landed_post(
    declare: Callable, bluesky, is_declared: bool
) -> None:
    # Written so, nothing tells the words of the tag apart: without the conversation it may be a name.
    bluesky.posts = posts(3, tag="fernvalematernity", until=ENDS)
    written = block("bluesky", at(bluesky), f"since = {BEGINS.date()}").replace("hashtags", "phrases")
    tags = ["FernvaleMaternity"] if is_declared else ["NightHour"]
    settings = declare(written.replace("FernvaleNHS", "Visit"), tags=tags)
    (batch,) = queries.collect(settings, "bluesky", NOW.date(), SECRETS).batches
    (manifest,) = [one for one in landed(settings, "bluesky") if one.batch_id == batch]
    found = {tag for tags in pq.read_table(settings.home / manifest.parquet)["hashtags"].to_pylist() for tag in tags}
    assert found == ({"fernvalematernity"} if is_declared else {"<name>"})


def test_while_it_is_on_each_run_asks_for_what_is_new(
    declare: Callable, bluesky, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORDROUND_BLUESKY_LOGIN", LOGIN)
    monkeypatch.setenv("WORDROUND_BLUESKY_PASSWORD", PASSWORD)
    bluesky.posts = posts(40, tag=TAG, until=NOW - timedelta(minutes=2), every=timedelta(seconds=30))
    bluesky.posts += posts(5, tag=TAG, until=NOW - timedelta(days=2), every=timedelta(days=2), seed=2)
    settings = declare(
        block("bluesky", at(bluesky)), begins=NOW - timedelta(minutes=25), ends=NOW + timedelta(minutes=20)
    )
    declaring.declare(
        settings, "next_week", "KL", tags=[TAG], begins=NOW + timedelta(days=7), ends=NOW + timedelta(days=8)
    )
    assert pipeline.conversations_on(settings) == ["maternity_hour"]
    first = pipeline.collect_live(settings, "maternity_hour")
    assert first["sources"]["bluesky"]["rows"] == 45
    asked = len(bluesky.calls)
    pipeline.collect_live(settings, "maternity_hour")
    again = searches(bluesky, asked)
    assert len(again) == 1, "the fortnight before it is answered"
    assert datetime.fromisoformat(again[0].one("since")) >= NOW - timedelta(hours=1, minutes=5)
    bluesky.misbehave("page", times=100)
    with pytest.raises(Incomplete, match="SourceRefused"):
        pipeline.collect_live(settings, "maternity_hour")


def test_while_it_is_on_no_source_keeps_the_others_waiting(declare: Callable, bluesky) -> None:
    with Mastodon(chat(10)) as mastodon:
        settings = declare(block("bluesky", at(bluesky)), block("mastodon", at(mastodon)))
        bluesky.misbehave("status", on="searchPosts", status=429, headers={"Retry-After": "600"})
        outcome = collect(settings, is_live=True)
    assert len(outcome.refused) == 1 and "SourceBusy" in outcome.refused[0]
    assert outcome.sources["mastodon"].rows >= 10
