"""Coverage by listing, simulated over days with stand-ins: what is asked, found and paid for, against what is there."""

from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from tests.fixtures.asking import fetching
from tests.fixtures.manifests import a_manifest
from wordround.collect import coverage
from wordround.comments import Comment
from wordround.connectors.asking.contract import Window
from wordround.connectors.asking.fetching import ATTEMPTS
from wordround.demo.standins.bluesky import LOGIN, PASSWORD, Bluesky
from wordround.demo.standins.mastodon import Mastodon
from wordround.demo.standins.world import NOON, posts
from wordround.demo.standins.x import TOKEN, X, id_of
from wordround.land.manifests import QueryRecord, WindowRecord

TODAY = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
DAY = timedelta(days=1)


class Days:
    """Runs of one source on successive days; each knows what the runs before it have covered."""

    def __init__(self, source, address, secrets, queries, **block):
        self.how = (source, address, secrets, queries)
        self.block, self.manifests, self.native_ids = block, [], []
        self.spent, self.failures = [], []
        self._landed = count(1)

    def run(self, now: datetime) -> None:
        with fetching(*self.how, **self.block) as (driver, _):
            connector = driver.connector
            pending = coverage.pending(connector.block, self.manifests, now.date(), now, connector.listings)
            items = [item for page in driver.collect(pending) for item in page]
            self.native_ids += [item.native_id for item in items if isinstance(item, Comment)]
            self.spent.append(sum(account.spent for account in driver.accounts))
            self.failures.append(driver.failures)
            queries = tuple(
                QueryRecord.of(account, coverage.fingerprint(connector.block, account.query))
                for account in driver.accounts
            )
        landed = TODAY + timedelta(seconds=next(self._landed))
        self.manifests.append(a_manifest(landed_at=landed, run_id=str(landed), queries=queries))

    def lacks(self, now: datetime) -> list[Window]:
        with fetching(*self.how, **self.block) as (driver, _):
            of = driver.connector
            pending = coverage.pending(of.block, self.manifests, now.date(), now, of.listings)
            return [window for _, windows in pending for window in windows]


def of_x(world, budget, queries, **block):
    standin = X(world)
    return standin, lambda: Days("x", standin.address, {"bearer_token": TOKEN}, queries, budget=budget, **block)


def paid(days: Days) -> int:
    return round(sum(days.spent) / 0.005)


def test_no_post_of_x_is_paid_for_twice_and_none_is_left_out():
    # Six days with 480 posts, one each 18 minutes: an overlap of 48 hours would read each three times.
    first = TODAY - 6 * DAY
    world = posts(480, until=first + 6 * DAY - timedelta(minutes=5), every=timedelta(minutes=18))
    standin, days_of = of_x(world, 100.0, [{"id": "tag", "hashtags": ["FernvaleNHS"]}], tells_organisations=False)
    with standin:
        days = days_of()
        for number in range(1, 7):
            days.run(first + number * DAY + timedelta(milliseconds=137))
    assert (len(set(days.native_ids)), len(days.native_ids), paid(days)) == (480, 480, 480)


def test_what_the_budget_cut_off_is_read_later_once_and_the_second_part_of_a_long_query_has_its_turn():
    # Twelve long hashtags are two searches; the day's budget pays for 50 of the 320 posts that there are.
    tags = [f"FernvaleHospitalWard{'AndItsGarden' * 3}{number:02}" for number in range(12)]
    first = TODAY - 4 * DAY
    halves = [posts(160, tag=tag, until=first + 3 * DAY, every=timedelta(minutes=27), seed=seed)
              for seed, tag in ((1, tags[0]), (2, tags[-1]))]  # fmt: skip
    queries = [{"id": "wards", "hashtags": tags}]
    standin, days_of = of_x([*halves[0], *halves[1]], 50 * 0.005, queries, tells_organisations=False)
    with standin:
        days = days_of()
        found = []
        for number in range(8):
            days.run(first + 3 * DAY + timedelta(minutes=number))
            found.append(set(days.native_ids))
    ids = [found[1] - found[0], found[0]]
    assert all(spent <= 50 * 0.005 + 1e-9 for spent in days.spent)
    assert len(ids[0]) == len(ids[1]) == 50
    assert ids[0] <= {id_of(post) for post in halves[1]}, "the part that the budget did not reach comes first"
    assert len(days.native_ids) == len(set(days.native_ids)) == paid(days)
    assert set(days.native_ids) == {id_of(post) for half in halves for post in half}


def test_a_dead_server_costs_its_own_days_and_few_requests():
    tags = [f"Fernvale{number}" for number in range(9)]
    with ExitStack() as stack:
        alive = stack.enter_context(Mastodon(posts(60, tag=tags[0], until=NOON)))
        other = stack.enter_context(Mastodon(posts(40, tag=tags[1], until=NOON, seed=2)))
        dead = stack.enter_context(Mastodon([]))
        dead.misbehave("cut", times=10_000)
        servers = [alive.address, dead.address, other.address]
        days = Days("mastodon", "", {}, [{"id": "tags", "hashtags": tags}], instances=servers)
        asked = []
        for number in range(3):
            before = len(dead.calls)
            days.run(NOON + number * DAY)
            asked.append(len(dead.calls) - before)
        assert asked == [ATTEMPTS] * 3
        assert [len(failures) for failures in days.failures] == [1, 1, 1]
        assert len(set(days.native_ids)) == 100
        lacking = days.lacks(NOON + 3 * DAY)
    of_the_dead = [window for window in lacking if dead.address in window.listing]
    of_the_living = [window for window in lacking if dead.address not in window.listing]
    assert (len(of_the_dead), len(of_the_living)) == (9, 18)
    # The dead server's days are open from the first; the others are asked again for two days, as ever.
    assert {(window.until - window.since).days for window in of_the_living} == {3}
    assert min(window.since for window in of_the_dead) < NOON - 6 * DAY


def test_a_wall_that_moderation_hides_is_seen_by_the_cursor():
    # 2,380 posts of which 15 % are hidden; a search shows 2,000 places, so 1,700 posts, and no word of a wall.
    world = posts(2_380, every=timedelta(minutes=3))
    with Bluesky(world) as standin:
        standin.wall = 2_000
        standin.hidden = {post.id for number, post in enumerate(world) if number % 20 in (3, 9, 15)}
        secrets, query = {"login": LOGIN, "password": PASSWORD}, {"id": "tag", "hashtags": ["FernvaleNHS"]}
        with fetching("bluesky", standin.address, secrets, [query]) as (driver, _):
            driver.connector.wall = 2_000
            window = Window(NOON - 7 * DAY, NOON + DAY)
            items = [i for page in driver.collect([(driver.connector.block.queries[0], [window])]) for i in page]
            reach = driver.accounts[0].reaches[0]
    there = len(world) - len(standin.hidden)
    assert (there, len({item.native_id for item in items})) == (2_023, 2_023)
    assert (reach.cut, reach.answered_from) == (None, window.since)


@pytest.mark.parametrize("since_before", [True, False])
def test_what_was_asked_before_listings_had_names_holds_for_every_listing(since_before):
    tags = ["FernvaleNHS", "KestrelWard"]
    days = Days("bluesky", "http://127.0.0.1:1", {}, [{"id": "tag", "hashtags": tags}])
    with fetching(*days.how) as (driver, _):
        block = driver.connector.block
    asks = coverage.fingerprint(block, block.queries[0])
    midnight = coverage.midnight((NOON - 9 * DAY).date())
    whole = {"answered_from": midnight, "cut": None, "error": None, "is_closed": True}
    record = {
        "query_id": "tag", "query_label": "tags", "asks": asks, "requests": 1, "retries": 0, "waited_seconds": 0.0,
        "spent": 0.0, "rows": 0, "refused": {}, "days": {}, "memory": {},
    }  # fmt: skip
    window = WindowRecord(asked_from=midnight, asked_until=NOON, **whole)
    listed = window.model_copy(update={"listing": "#FernvaleNHS"})
    days.manifests = [
        a_manifest(run_id="r", queries=(QueryRecord(windows=(window if since_before else listed,), **record),))
    ]
    lacking = days.lacks(NOON + DAY)
    if since_before:
        assert lacking == [Window(NOON - 2 * DAY, NOON + DAY)]
    else:
        named = {window.listing: window.since for window in lacking}
        assert named["#FernvaleNHS"] == NOON - 2 * DAY
        assert named["#KestrelWard"] < NOON - 6 * DAY


def test_a_budget_that_ends_within_each_days_first_page_pays_for_each_post_once():
    # Four days with 30 new posts each for the first part and 30 for the second; a day's budget pays for 25.
    tags = [f"FernvaleHospitalWard{'AndItsGarden' * 3}{number:02}" for number in range(12)]
    first = TODAY - 6 * DAY
    last, every = first + 4 * DAY - timedelta(minutes=9), timedelta(minutes=47)
    of_parts = [posts(120, tag=tag, until=last, every=every, seed=seed)
                for seed, tag in ((1, tags[0]), (2, tags[-1]))]  # fmt: skip
    there = {id_of(post) for part in of_parts for post in part}
    standin, days_of = of_x([], 25 * 0.005, [{"id": "wards", "hashtags": tags}], tells_organisations=False)
    with standin:
        days = days_of()
        seen = []
        for number in range(1, 14):
            now = first + min(number, 5) * DAY + timedelta(minutes=number, milliseconds=311)
            standin.posts = [post for part in of_parts for post in part if post.posted_at < now]
            days.run(now)
            seen.append(len(set(days.native_ids)))
    assert all(spent <= 25 * 0.005 + 1e-9 for spent in days.spent)
    assert len(days.native_ids) == len(set(days.native_ids)) == paid(days), (len(days.native_ids), paid(days), seen)
    assert set(days.native_ids) == there, seen
    halves = [len({id_of(post) for post in part} & set(days.native_ids[:100])) for part in of_parts]
    assert min(halves) >= 25, "neither part starves"


@pytest.mark.parametrize("hidden", [3, 12, 19])
def test_a_wall_of_which_moderation_hides_any_share_is_seen_by_the_cursor(hidden):
    # Of each twenty posts so many are hidden; a search shows 500 places of 1,100.
    world = posts(1_100, every=timedelta(minutes=5))
    with Bluesky(world) as standin:
        standin.wall = 500
        standin.hidden = {post.id for number, post in enumerate(world) if number * 7 % 20 < hidden}
        secrets, query = {"login": LOGIN, "password": PASSWORD}, {"id": "tag", "hashtags": ["FernvaleNHS"]}
        with fetching("bluesky", standin.address, secrets, [query]) as (driver, _):
            driver.connector.wall = 500
            window = Window(NOON - 7 * DAY, NOON + DAY)
            items = [i for page in driver.collect([(driver.connector.block.queries[0], [window])]) for i in page]
            reach = driver.accounts[0].reaches[0]
    assert len({item.native_id for item in items}) == len(world) - len(standin.hidden)
    assert (reach.cut, reach.error, reach.answered_from) == (None, None, window.since)


def test_a_server_of_which_only_halves_arrive_is_tried_once_for_each_listing_but_the_first():
    tags = [f"Fernvale{number}" for number in range(9)]
    with Mastodon([]) as standin:
        standin.misbehave("half", times=10_000)
        days = Days("mastodon", "", {}, [{"id": "t", "hashtags": tags}], instances=[standin.address])
        days.run(NOON)
        assert len(standin.calls) == ATTEMPTS + 8


@pytest.mark.parametrize("how", ["page", "status", "cut"])
def test_a_server_that_fails_on_its_third_page_keeps_the_first_two_and_is_asked_for_the_rest(how):
    with ExitStack() as stack:
        failing = stack.enter_context(Mastodon(posts(150, until=NOON)))
        other = stack.enter_context(Mastodon(posts(50, until=NOON, seed=2)))
        failing.misbehave(how, on="timelines", after=2, times=ATTEMPTS if how != "page" else 1)
        days = Days(
            "mastodon", "", {}, [{"id": "t", "hashtags": ["FernvaleNHS"]}], instances=[failing.address, other.address]
        )
        days.run(NOON + timedelta(minutes=1))
        assert (len(days.native_ids), len(days.failures[0])) == (80 + 50, 1)
        lacking = {w.listing: w for w in days.lacks(NOON + timedelta(minutes=2))}
        of_it = next(window for name, window in lacking.items() if failing.address in name)
        assert of_it.since < NOON - 5 * DAY, "what lies before the two pages is open"
        days.run(NOON + timedelta(minutes=2))
        assert days.failures[1] == []
    assert len(set(days.native_ids)) == 200
