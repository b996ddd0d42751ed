"""The synthetic posts: made by their script, mixed as announced, safe to show, with the survey's two stories."""

import csv
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from wordround.conversation_plans import LONDON
from wordround.demo.standins.__main__ import posts_in
from wordround.demo.standins.world import Post
from wordround.registers.services import organisation_accounts
from wordround.settings import PROJECT, Settings
from wordround.understand.sentiment import Vader

SAMPLE = PROJECT / "sample_data"
FOLDER = SAMPLE / "synthetic_social"
SCRIPT = SAMPLE / "make_social_data.py"
NETWORKS = ("bluesky", "mastodon", "x")
SOURCES = (*NETWORKS, "care_opinion", "feeds")

Posts = dict[str, list[Post]]


@pytest.fixture(scope="module")
def posts() -> Posts:
    return {source: posts_in(FOLDER / f"{source}.jsonl") for source in SOURCES}


@pytest.fixture(scope="module")
def maker() -> Iterator[ModuleType]:
    """The script as a module; its neighbours are importable only while these tests run."""
    before = set(sys.modules)
    sys.path.insert(0, str(SAMPLE))
    yield import_module("make_social_data")
    sys.path.remove(str(SAMPLE))
    for name in set(sys.modules) - before:
        if SAMPLE.name in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


def words_of(posts: Posts) -> list[str]:
    return [f"{post.title or ''} {post.text}" for of_one in posts.values() for post in of_one]


def test_the_committed_posts_are_what_the_script_writes() -> None:
    done = subprocess.run([sys.executable, SCRIPT, "--check"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_changed_file_of_posts_is_noticed(
    maker: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(maker, "FOLDER", tmp_path)
    maker.write_all(tmp_path)
    assert maker.main(["--check"]) == 0
    (tmp_path / "x.jsonl").write_text((tmp_path / "x.jsonl").read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert maker.main(["--check"]) == 1
    assert capsys.readouterr().err.startswith("x.jsonl: ")


def test_there_is_a_modest_number_of_posts_of_each_source_with_ids_of_their_own(posts: Posts) -> None:
    counts = {source: len(of_one) for source, of_one in posts.items()}
    assert counts["bluesky"] > counts["x"] > counts["mastodon"] > counts["care_opinion"] > counts["feeds"] >= 50
    assert sum(counts.values()) < 2_500
    for of_one in posts.values():
        assert len({post.id for post in of_one}) == len(of_one)


def test_the_weeks_are_those_of_the_survey(posts: Posts) -> None:
    days = {min(post.posted_at, post.received).date() for of_one in posts.values() for post in of_one}
    assert max(days) == date(2026, 11, 15)
    assert min(post.received for of_one in posts.values() for post in of_one) >= datetime(2025, 9, 22, tzinfo=UTC)
    assert len({day.isocalendar()[:2] for day in days if day >= date(2025, 9, 22)}) == 60


def test_a_third_of_what_a_search_brings_is_about_care(maker: ModuleType) -> None:
    about_care = [share for share, make in maker.KINDS.values() if make.__module__ == "social_care"]
    assert 0.30 < sum(about_care) / sum(share for share, _ in maker.KINDS.values()) < 0.40


@pytest.mark.parametrize("source", NETWORKS)
def test_each_network_has_everything_that_makes_reading_it_hard(posts: Posts, source: str) -> None:
    of_one, texts = posts[source], Counter(post.text for post in posts[source])
    by_id = {post.id: post for post in of_one}
    found = {
        "replies": any(post.reply_to in by_id for post in of_one),
        "threads": any(post.reply_to in by_id and by_id[post.reply_to].author == post.author for post in of_one),
        "quotes with nothing added": any(
            post.quote_of and len(re.findall(r"[^\W\d]\w+", post.text)) < 2 for post in of_one
        ),
        "quotes with more": any(post.quote_of and len(post.text) > 40 for post in of_one),
        "retweets by hand": any(post.text.startswith("RT @") for post in of_one),
        "other languages": {post.language for post in of_one} > {"cy", "en"},
        "bots": any(post.is_bot for post in of_one),
        "opt-outs": any(post.is_opted_out for post in of_one),
        "private posts": any(post.is_private for post in of_one),
        "deletions": any(post.is_deleted for post in of_one),
        "another Fernvale": any("#FernvaleFC" in text for text in texts),
        "the same words twice": max(texts.values()) > 1,
    }
    assert [name for name, is_there in found.items() if not is_there] == []
    assert any(post.repost_of for post in of_one) == (source != "bluesky")
    assert any(post.edited_at for post in of_one) == (source != "bluesky")
    assert all(len(post.text) <= {"bluesky": 300, "mastodon": 500, "x": 280}[source] for post in of_one)


def test_some_bluesky_dates_are_forged_in_both_directions(posts: Posts) -> None:
    forged = [post for post in posts["bluesky"] if post.received_at]
    assert any(post.posted_at > post.received for post in forged)
    assert any(post.posted_at < post.received for post in forged)


def test_some_stories_are_told_again_at_another_place(posts: Posts) -> None:
    stories = {post.text for post in posts["care_opinion"]}
    assert stories & {post.text for post in posts["feeds"]}
    assert stories & {post.text.removesuffix(" #FernvaleNHS") for post in posts["bluesky"]}


def test_posts_name_the_accounts_and_hashtags_of_the_registry(posts: Posts) -> None:
    with (PROJECT / "dbt" / "seeds" / "reference" / "services.csv").open(encoding="utf-8", newline="") as stream:
        registry = list(csv.DictReader(stream))
    written = "\n".join(words_of(posts)).lower()
    for row in registry:
        assert f"#{row['hashtags']}" in written
        for account in filter(None, row["accounts"].split("|")):
            source, handle = account.split(":", 1)
            assert any(f"@{handle.lstrip('@')}" in post.text for post in posts[source]), account
            assert any(post.author == handle.lstrip("@") for post in posts[source]), account


def test_one_evening_has_a_tweetchat_with_what_a_host_wants_to_see_of_it(posts: Posts, settings: Settings) -> None:
    (plan,) = settings.conversations
    (tag,) = plan.tags
    tagged = [post for source in NETWORKS for post in posts[source] if f"#{tag}" in post.text.lower()]
    chat = [post for post in tagged if plan.begins <= post.posted_at < plan.ends + timedelta(minutes=30)]
    assert plan.begins.astimezone(LONDON).strftime("%A %H") == "Tuesday 20"
    assert 80 <= len(chat) <= 130
    hosts = {handle.lstrip("@") for (_, handle), one in organisation_accounts().items() if one.label in plan.hosts}
    of_hosts = [post for post in chat if post.author.lower() in hosts]
    asked = {post.id: match[1] for post in of_hosts if (match := re.match(r"Q([1-5])\b", post.text))}
    assert Counter(asked.values()) == dict.fromkeys("12345", len(NETWORKS)), "each question at each network"
    of_people = [post for post in chat if re.search(r"\d$", post.author)]
    numbered = [post for post in of_people if re.search(r"\bA[1-5]\b", post.text)]
    assert all(f"A{asked[post.reply_to]}" in post.text for post in numbered if post.reply_to in asked)
    replied = {post.reply_to: post for post in of_hosts if post.reply_to}
    questions = [post for post in of_people if "?" in post.text and not post.reply_to and not post.repost_of]
    waited = [replied[post.id].posted_at - post.posted_at for post in questions if post.id in replied]
    found = {
        "answers under the question": any(post.reply_to in asked for post in numbered),
        "answers by their number alone": any(not post.reply_to for post in numbered),
        "questions that the host answers": len(waited) >= 5 and max(waited) < timedelta(minutes=15),
        "questions that nobody answers": len(questions) - len(waited) >= 5,
        "a charity": any("mindful." in post.author for post in chat),
        "another organisation": any("healthwatch" in post.author for post in chat),
        "reposts": any(post.repost_of for post in chat),
        "reposts by hand": any(post.text.startswith("RT @") for post in chat),
        "links": {link.split("/")[2] for post in chat for link in post.links} > {"www.nhs.uk", "www.mind.org.uk"},
        "Welsh once": sum(post.language == "cy" for post in chat) == 1,
    }
    assert [name for name, is_there in found.items() if not is_there] == []
    usual = Counter(post.posted_at.date() for post in tagged if post.posted_at < plan.begins)
    assert len(usual) == plan.baseline_days
    assert all(post.posted_at.astimezone(LONDON).hour == 20 for post in tagged if post.posted_at < plan.ends)
    assert 2.5 < len([post for post in chat if not post.repost_of]) * len(usual) / usual.total() < 4.5


def test_the_tweetchat_is_in_no_week_of_a_story_and_not_in_the_last_twelve(
    maker: ModuleType, settings: Settings
) -> None:
    (plan,) = settings.conversations
    week = (plan.begins.date() - maker.survey.FIRST_MONDAY).days // 7
    moods = [[maker.survey.mood(service, each) for service in maker.survey.SERVICES] for each in (0, week)]
    assert moods[0] == moods[1]
    assert week < maker.survey.WEEKS - 12


def test_identifiers_in_posts_belong_to_nobody(posts: Posts) -> None:
    written = "\n".join(words_of(posts)).lower()
    emails = re.findall(r"(?<![\w@.])[\w.]+@[\w.]*\w", re.sub(r"@[\w.]+@[\w.]+", "", written))
    assert emails
    assert all(re.search(r"@(example\.(org|com)|mail\.example|fernvale\.example)$", email) for email in emails)
    links = re.findall(r"https?://\S+", written)
    assert links
    # Help that anybody may be sent to is no invention.
    of_help = r"(www|111)\.nhs\.uk|www\.mind\.org\.uk|www\.samaritans\.org"
    assert all(re.match(rf"https?://(www\.example\.(org|com|net)|{of_help})(/|$)", link) for link in links)
    numbers = [
        re.sub(r"\D", "", found) for found in re.findall(r"\+?\d[\d ]{8,}\d", re.sub(r"https?://\S+", "", written))
    ]
    assert len(numbers) > 5
    assert all(re.match(r"(07700900|447700900|02079460|999)", number) for number in numbers)


def test_accounts_are_invented_ones_that_stand_in_no_sentence(posts: Posts, maker: ModuleType) -> None:
    with (PROJECT / "dbt" / "seeds" / "reference" / "organisation_accounts.csv").open(encoding="utf-8") as stream:
        registered = {row["account"].lstrip("@") for row in csv.DictReader(stream)}
    organisations = {*registered, "fernvalecarers", "fernvalebot42", "ridgegazette", "countydesk"}
    organisations |= {name for names in maker.social_care.OWN.values() for name in names}
    people = {post.author for of_one in posts.values() for post in of_one} - organisations
    assert [name for name in people if not re.fullmatch(r"[a-z]{10,12}\d{3}q?", name)] == []
    without_mentions = re.sub(r"@\S+", "", "\n".join(words_of(posts)))
    assert [name for name in people if name in without_mentions] == []


def negative_share(posts: Posts, names: str, since: date, until: date) -> float:
    vader = Vader()
    about = [
        post.text
        for of_one in posts.values()
        for post in of_one
        if since <= post.received.date() < until
        and re.search(names, post.text + str(post.extra.get("services", "")), re.IGNORECASE)
        and re.search(r"\d$", post.author)  # people, and not organisations
        and not post.repost_of
    ]
    assert len(about) > 40
    return sum(vader.score(text).compound <= -0.05 for text in about) / len(about)


def test_posts_tell_the_two_stories_of_the_survey(posts: Posts) -> None:
    start, end = date(2025, 9, 22), date(2026, 11, 16)
    crisis, kestrel = r"#FernvaleCrisis|crisis team|CRHT|Crisis Resolution", "kestrel ?ward"
    worse, better = date(2026, 7, 6), date(2026, 6, 15)
    assert negative_share(posts, crisis, worse, end) > negative_share(posts, crisis, start, worse) + 0.12
    assert negative_share(posts, kestrel, better, end) < negative_share(posts, kestrel, start, better) - 0.12
