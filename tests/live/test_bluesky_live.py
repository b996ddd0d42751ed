"""The Bluesky connector against the real Bluesky server on this machine: tests/live/README.md."""

import base64
import hashlib
import hmac
import json
import time
from datetime import UTC, datetime, timedelta, timezone

import pytest

from tests.fixtures.asking import Run, ask, fetching
from tests.live.bluesky_server import WALL, Person, eventually, facet, gone, iso, quoting, record, reply_to
from wordround.connectors.asking.contract import Window

pytestmark = pytest.mark.live


def today() -> Window:
    """A day back to now; the server's clock is ours."""
    now = datetime.now(UTC)
    return Window(now - timedelta(hours=23), now + timedelta(minutes=1))


def asking(address: str, who: Person, tag: str, window: Window | None = None) -> Run:
    return ask("bluesky", address, who.secrets, [{"id": "tag", "hashtags": [tag]}], window or today())


def test_every_kind_of_post_arrives_as_the_sdk_sees_it(address, person, tag):
    ann, trust = person(), person()
    first = ann.post("The nurses were kind", tag)
    link = "https://blog.example.co.uk/a/b?c=d"
    text = f"Thanks @{trust.handle}, read {link}"
    ann.post(
        text,
        facets=[
            facet(7, len(trust.handle) + 1, "mention", did=trust.did),
            facet(text.index(link), len(link), "link", uri=link),
        ],
        tags=[tag],
        langs=None,
    )
    ann.post("And the food was good — ☕", tag, **reply_to(first), langs=["cy", "en"])
    quote = trust.post("We are glad to hear it", tag, **quoting(first))
    tagged = ann.post("", tag, **quoting(first))
    bare = ann.post("", tags=[tag], **quoting(first))
    trust.does("like", first)
    seen = trust.waits_for(tag, 6)
    eventually(lambda: trust.sees(tag)[first.uri].quote_count == 3)
    seen, run = trust.sees(tag), asking(address, trust, tag)
    assert run.failures == []
    assert run.by_id.keys() == seen.keys()
    for uri, view in seen.items():
        mine, theirs = run.by_id[uri], view.record
        assert mine.text == (None if uri in (tagged.uri, bare.uri) else theirs.text)
        assert (mine.author_id, mine.author_handle) == (view.author.did, view.author.handle)
        assert mine.posted_at == datetime.fromisoformat(theirs.created_at)
        assert mine.is_date_corrected is False
        assert mine.language == (theirs.langs[0] if theirs.langs else None)
        assert mine.in_reply_to == (theirs.reply.parent.uri if theirs.reply else None)
        assert mine.reshare_of == (theirs.embed.record.uri if theirs.embed else None)
        assert mine.hashtags == (tag,)
        counts = (view.like_count, view.repost_count, view.reply_count, view.quote_count)
        assert (mine.likes, mine.shares, mine.replies, mine.quotes) == counts
    assert sorted(comment.kind for comment in run.comments) == ["post", "post", "quote", "quote", "quote", "reply"]
    assert (run.by_id[first.uri].likes, run.by_id[first.uri].replies, run.by_id[first.uri].quotes) == (1, 1, 3)
    assert run.by_id[quote.uri].reshare_of == run.by_id[bare.uri].reshare_of == first.uri
    [linking] = [comment for comment in run.comments if comment.link_domains]
    assert (linking.mentions, linking.link_domains) == ((trust.handle,), ("example.co.uk",))


def test_a_mention_of_the_trusts_account_and_a_phrase_are_found_once_each(address, person, tag):
    ann, trust = person(), person()
    words = f"Waiting {tag} again"
    text = f"Dear @{trust.handle}, where is my letter?"
    mentioning = ann.post(text, facets=[facet(5, len(trust.handle) + 1, "mention", did=trust.did)])
    saying = ann.post(f"{words}, six hours now")
    ann.post(f"Again waiting, {tag}, as ever")
    queries = [{"id": "who", "accounts": [trust.handle]}, {"id": "words", "phrases": [words]}]
    run = eventually(
        lambda: found if len((found := ask("bluesky", address, trust.secrets, queries, today())).items) == 2 else None
    )
    assert {comment.native_id: comment.query_id for comment in run.comments} == {
        mentioning.uri: "who",
        saying.uri: "words",
    }


def test_an_edit_changes_the_text_under_the_same_id_and_keeps_the_day(address, person, tag):
    ann = person()
    posted = ann.post("The wait was two hours", tag)
    ann.waits_for(tag, 1)
    before = asking(address, ann, tag).by_id[posted.uri]
    ann.edit(posted.uri, "The wait was four hours", tag, createdAt=ann.sees(tag)[posted.uri].record.created_at)
    eventually(lambda: "four" in ann.sees(tag)[posted.uri].record.text)
    after = asking(address, ann, tag).by_id
    assert list(after) == [posted.uri]
    assert after[posted.uri] == before._replace(text=f"The wait was four hours #{tag}")


def test_a_repost_is_never_a_row(address, person, tag):
    ann, bob = person(), person()
    posted = ann.post("Discharged at last", tag)
    bob.does("repost", posted)
    eventually(lambda: (seen := ann.sees(tag)) and seen[posted.uri].repost_count == 1)
    run = asking(address, ann, tag)
    assert [comment.native_id for comment in run.comments] == [posted.uri]
    assert run.comments[0].shares == 1


def test_who_deletes_leaves_opts_out_or_blocks_the_trust_is_found_gone_and_nobody_else(address, person, tag):
    trust, ann = person(), person()
    leaver, private, blocker = person(), person(), person()
    kept = [ann.post(f"Kept {number}", tag).uri for number in range(30)]
    deleted = ann.post("Deleted later", tag)
    others = [who.post("Still here", tag).uri for who in (leaver, private, blocker)]
    trust.waits_for(tag, 34)
    assert gone(address, trust, [*kept, deleted.uri, *others]) == set()
    ann.client.delete_post(deleted.uri)
    leaver.client.com.atproto.server.deactivate_account({})
    private.label("!no-unauthenticated")
    blocker.client.app.bsky.graph.block.create(blocker.did, {"subject": trust.did, "createdAt": iso(datetime.now(UTC))})
    eventually(lambda: gone(address, trust, [*kept, deleted.uri, *others]) == {deleted.uri, *others})
    leaver.client.com.atproto.server.activate_account()
    eventually(lambda: gone(address, trust, [*kept, *others]) == {others[1], others[2]})
    assert asking(address, trust, tag).refused == ["opted_out"]


def test_who_asks_not_to_be_shown_without_signing_in_is_counted_and_not_kept(address, person, tag):
    ann, private = person(), person()
    kept = ann.post("Lovely garden", tag)
    private.label("!no-unauthenticated")
    private.post("For members only", tag)
    run = eventually(lambda: found if len((found := asking(address, ann, tag)).items) == 2 else None)
    assert (run.refused, [comment.native_id for comment in run.comments]) == (["opted_out"], [kept.uri])


def test_forged_dates_give_way_to_the_servers_clock_and_never_enter_another_window(address, person, tag):
    ann = person()
    past = ann.post("Old", tag, createdAt="2019-03-04T05:06:07.000Z")
    future = ann.post("Tomorrow", tag, createdAt="2031-03-04T05:06:07.000Z")
    offset = ann.post(
        "Elsewhere", tag, createdAt=datetime.now(UTC).astimezone(timezone(timedelta(hours=5))).isoformat()
    )
    ann.waits_for(tag, 3)
    now = datetime.now(UTC)
    recent = asking(address, ann, tag).by_id
    assert recent.keys() == {future.uri, offset.uri}
    assert recent[future.uri].is_date_corrected is True
    assert abs(now - recent[future.uri].posted_at) < timedelta(minutes=1)
    assert recent[offset.uri].is_date_corrected is False
    assert abs(now - recent[offset.uri].posted_at) < timedelta(minutes=1)
    then = datetime(2019, 3, 4, tzinfo=UTC)
    old = asking(address, ann, tag, Window(then, then + timedelta(days=1))).by_id
    assert old.keys() == {past.uri}
    assert old[past.uri].is_date_corrected is True
    assert abs(now - old[past.uri].posted_at) < timedelta(minutes=1)


def test_a_wrong_password_is_refused_in_the_servers_own_words(address, person):
    ann = person()
    run = ask(
        "bluesky", address, {**ann.secrets, "password": "wrong-password"}, [{"id": "tag", "hashtags": ["any"]}], today()
    )
    assert run.items == []
    assert run.failures[0].startswith("SourceRefused: ")
    assert "Invalid identifier or password (HTTP 401)" in run.failures[0]
    assert ann.handle not in run.failures[0]


def test_an_app_password_is_enough(address, person, tag):
    ann = person()
    ann.post("Fine", tag)
    ann.waits_for(tag, 1)
    given = ann.client.com.atproto.server.create_app_password({"name": "wordround"}).password
    run = ask("bluesky", address, {**ann.secrets, "password": given}, [{"id": "tag", "hashtags": [tag]}], today())
    assert len(run.comments) == 1


@pytest.mark.parametrize("kind", ["expired", "forged", "refresh"])
def test_a_session_that_is_over_is_opened_again(address, person, tag, kind):
    ann = person()
    ann.post("Still waiting", tag)
    ann.waits_for(tag, 1)
    with fetching("bluesky", address, ann.secrets, [{"id": "tag", "hashtags": [tag]}]) as (driver, _):
        connector, sessions = driver.connector, []
        whole = connector.headers

        def headers(session):
            sessions.append(session)
            stale = {"expired": _expired(ann.did), "forged": "a.b.c", "refresh": session["refreshJwt"]}[kind]
            return whole({"accessJwt": stale} if len(sessions) == 1 else session)

        connector.headers = headers
        items = [item for page in driver.collect([(connector.block.queries[0], [today()])]) for item in page]
    assert (len(items), len(sessions), driver.failures) == (1, 2, [])
    assert driver.accounts[0].requests == 4


def _expired(did: str) -> str:
    """Return a token that the server has signed, as dev-env signs them, and that has ended."""
    then = int(time.time()) - 9000
    claims = {"scope": "com.atproto.access", "aud": "did:web:localhost", "sub": did, "iat": then, "exp": then + 7200}
    parts = [_base64(json.dumps(part).encode()) for part in ({"typ": "at+jwt", "alg": "HS256"}, claims)]
    signature = hmac.new(b"jwt-secret", ".".join(parts).encode(), hashlib.sha256).digest()
    return ".".join([*parts, _base64(signature)])


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def test_a_search_goes_on_beyond_its_wall_and_daily_windows_are_one_back_fill(address, person, tag):
    ann, now = person(), datetime.now(UTC)
    when = [now - timedelta(days=5) * number / 600 for number in range(600)]
    ann.post_many([record(f"Post {number}", tag, createdAt=moment.isoformat()) for number, moment in enumerate(when)])
    window = Window(now - timedelta(days=5), now + timedelta(minutes=1))
    days = [Window(window.since + timedelta(days=n), window.since + timedelta(days=n + 1)) for n in range(5)]
    days.append(Window(days[-1].until, window.until))
    with fetching("bluesky", address, ann.secrets, [{"id": "tag", "hashtags": [tag]}]) as (driver, _):
        driver.connector.wall = WALL
        once = eventually(lambda: rows if len(rows := _rows(driver, [window])) == 600 else None, 120)
        daily = _rows(driver, days)
        reaches = driver.accounts[-2].reaches + driver.accounts[-1].reaches
    assert len(ann.sees(tag)) == WALL
    assert once == daily
    assert len(reaches) == 7
    assert all((reach.cut, reach.answered_from) == (None, reach.window.since) for reach in reaches)


def _rows(driver, windows):
    pending = [(driver.connector.block.queries[0], windows)]
    return {item.native_id: item for page in driver.collect(pending) for item in page}


def test_an_account_of_ours_that_is_deactivated_still_reads(address, person, tag):
    ann, trust = person(), person()
    ann.post("Fine", tag)
    ann.waits_for(tag, 1)
    trust.client.com.atproto.server.deactivate_account({})
    assert len(asking(address, trust, tag).comments) == 1
