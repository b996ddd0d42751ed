"""What is kept of notices, actions, deliveries, rewrites, sent reports and spending, on both databases."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.fixtures import postgres
from wordround.collect.spending import Ledger
from wordround.errors import RecordsFailed
from wordround.records import (
    alert_actions,
    deliveries,
    notices,
    relinking,
    reviews,
    rewrites,
    sent_reports,
    spending,
    store,
)
from wordround.records.alert_actions import Action, VersionTaken
from wordround.records.deliveries import Delivery
from wordround.records.notices import Figures, Notice
from wordround.records.reviews import Code, Item, Stratum, ThemeCode
from wordround.records.sent_reports import SentReport
from wordround.settings import Settings, Subscription, load_settings

FIGURES = Figures(
    subject="Children and Young People's Service",
    direction="concern",
    status="open",
    since_week=date(2026, 9, 14),
    opened_week=date(2026, 9, 21),
    negative="45",
    comments="85",
    expected=24,
    once_in_years=20,
)
ONE, OTHER = "1" * 32, "2" * 32
UPDATED = datetime(2026, 11, 10, 5, 40, 0, 123456, tzinfo=UTC)
WORDS = "A parent waited very long for an answer by telephone and was cut off."


class TestNotices:
    def test_they_come_back_as_they_were_logged_and_in_order(self, trust: Settings) -> None:
        first = Notice("a", "opened", FIGURES)
        second = Notice("a", "updated", replace(FIGURES, negative=None), what="restated", before=FIGURES)
        known = Notice("é", "known", replace(FIGURES, subject="Ward “8”\u2028"), is_told=False)
        notices.log(trust, [first, second], "b1")
        notices.log(trust, [], "b2")
        notices.log(trust, [known], "b2")
        logged = notices.logged(trust)
        assert [one.notice for one in logged] == [first, second, known]
        assert [one.build_id for one in logged] == ["b1", "b1", "b2"]
        assert all(one.at.tzinfo for one in logged)

    @hypothesis_settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        service=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
        share=st.none() | st.just("*") | st.from_regex(r"[0-9]{1,3}%", fullmatch=True),
        years=st.integers(1, 100),
        week=st.dates(date(2000, 1, 3), date(2100, 1, 1)),
    )
    def test_whatever_a_service_is_called_its_figures_come_back(
        self, trust: Settings, service: str, share: str | None, years: int, week: date
    ) -> None:
        figures = replace(FIGURES, subject=service, negative=share, once_in_years=years, opened_week=week)
        notices.log(trust, [Notice("a", "updated", FIGURES, what="restated", before=figures)], None)
        assert notices.logged(trust)[-1].notice.before == figures


class TestRewrites:
    def test_one_stands_for_a_comment_and_its_approval_is_of_its_very_words(self, trust: Settings) -> None:
        rewrites.write(trust, ONE, "First words.", "AB", UPDATED)
        first = rewrites.standing(trust)[ONE]
        assert (first.text, first.written_by, first.comment_updated_at) == ("First words.", "AB", UPDATED)
        assert first.approved_by is None
        rewrites.write(trust, ONE, WORDS, "AB", None)
        assert not rewrites.approve(trust, first, "CD"), "what the second person read no longer stands"
        second = rewrites.standing(trust)[ONE]
        assert (second.text, second.approved_by, second.comment_updated_at) == (WORDS, None, None)
        assert rewrites.approve(trust, second, "CD") and rewrites.approve(trust, second, "EF")
        assert rewrites.standing(trust)[ONE].approved_by == "EF"
        assert [(one.event, one.by) for one in rewrites.history(trust)] == [
            ("written", "AB"),
            ("written", "AB"),
            ("approved", "CD"),
            ("approved", "EF"),
        ]

    def test_withdrawing_one_leaves_others_and_its_history(self, trust: Settings) -> None:
        for comment_id in (ONE, OTHER):
            rewrites.write(trust, comment_id, WORDS, "AB", UPDATED)
        assert rewrites.withdraw(trust, ONE)
        assert not rewrites.withdraw(trust, ONE)
        assert list(rewrites.standing(trust)) == [OTHER]
        assert [one.event for one in rewrites.history(trust)] == ["written", "written", "withdrawn"]
        assert rewrites.comments(trust) == {ONE, OTHER}

    def test_forgetting_takes_the_history_too_and_no_byte_is_left(
        self, trust: Settings, request: pytest.FixtureRequest
    ) -> None:
        rewrites.write(trust, OTHER, "What stays.", "AB", UPDATED)
        for number in range(40):
            rewrites.write(trust, f"{number:032x}", f"{WORDS} {number}", "AB", UPDATED)
        for comment_id, rewrite in rewrites.standing(trust).items():
            assert rewrites.approve(trust, rewrite, "CD"), comment_id
        places = kept_in(trust, request)
        assert holding(places, WORDS)
        gone = [f"{number:032x}" for number in range(40)]
        assert rewrites.forget(trust, [*gone, "f" * 32]) == 40
        assert rewrites.forget(trust, gone) == 0
        assert [rewrite.text for rewrite in rewrites.standing(trust).values()] == ["What stays."]
        assert len(rewrites.history(trust)) == 2
        assert holding(kept_in(trust, request), WORDS) == holding(kept_in(trust, request), gone[7]) == []
        assert holding(kept_in(trust, request), "What stays.")

    def test_a_new_key_changes_every_id_once(self, trust: Settings) -> None:
        for comment_id in (ONE, OTHER):
            rewrites.write(trust, comment_id, WORDS, "AB", UPDATED)
        rewrites.withdraw(trust, OTHER)

        def relinked(comment_id: str, since: int) -> str:
            return f"{since}{comment_id[1:]}" if since == 1 else f"3{comment_id[1:]}"

        assert relinking.relink(trust, relinked, link_count=2, before=1)["rewrites"] == 2
        assert relinking.relink(trust, relinked, link_count=2, before=1)["rewrites"] == 0, "an earlier run had done it"
        assert rewrites.comments(trust) == {"1" + ONE[1:], "1" + OTHER[1:]}
        assert relinking.relink(trust, relinked, link_count=3, before=2)["rewrites"] == 2
        assert rewrites.comments(trust) == {"3" + ONE[1:], "3" + OTHER[1:]}


class TestReviews:
    STRATA = (Stratum("fft what_good", "negative", "below .60", None, 90, 2), Stratum(None, None, None, "s1", 10, 1))
    PARKING = ThemeCode("patient_experience", "Parking", "negative")

    def drawn(self, trust: Settings) -> int:
        items = [Item(1, ONE, "a" * 32, 0, 45.0), Item(2, OTHER, "b" * 32, 1, 10.0)]
        return reviews.add_sample(trust, "quality lead", 7, ["AB", "CD"], self.STRATA, items)

    def test_codes_come_back_as_they_were_given_and_the_last_ones_stand(self, trust: Settings) -> None:
        sample = self.drawn(trust)
        kept = reviews.samples(trust)[sample]
        assert (kept.by, kept.seed, kept.coders, kept.strata) == ("quality lead", 7, ("AB", "CD"), self.STRATA)
        reviews.replace(trust, {(sample, 1, "AB"): Code("negative", (self.PARKING,)), (sample, 1, "CD"): Code(None)})
        reviews.replace(trust, {(sample, 1, "CD"): Code("neutral"), (sample, 2, "AB"): None})
        (one,) = reviews.coded(trust)
        assert (one.item.comment_id, one.item.weight) == (ONE, 45.0)
        assert one.codes == {"AB": Code("negative", (self.PARKING,)), "CD": Code("neutral")}
        reviews.replace(trust, {(sample, 1, "AB"): None, (sample, 1, "CD"): None})
        assert reviews.coded(trust) == []

    def test_a_code_is_of_a_comment_that_was_drawn(self, trust: Settings) -> None:
        sample = self.drawn(trust)
        with pytest.raises(RecordsFailed):
            reviews.replace(trust, {(sample, 3, "AB"): Code("neutral")})
        assert reviews.coded(trust) == []

    def test_forgetting_takes_codes_and_items_and_no_byte_is_left(
        self, trust: Settings, request: pytest.FixtureRequest
    ) -> None:
        sample = self.drawn(trust)
        reviews.replace(trust, {(sample, n, "AB"): Code("negative", (self.PARKING,)) for n in (1, 2)})
        assert holding(kept_in(trust, request), ONE)
        assert reviews.forget(trust, [ONE, "f" * 32]) == 1
        assert reviews.forget(trust, [ONE]) == 0
        assert [each.item.comment_id for each in reviews.coded(trust)] == [OTHER]
        assert holding(kept_in(trust, request), ONE) == holding(kept_in(trust, request), "a" * 32) == []
        assert holding(kept_in(trust, request), OTHER)

    def test_the_hash_of_words_goes_when_they_expire_and_the_code_stays(
        self, trust: Settings, request: pytest.FixtureRequest
    ) -> None:
        sample = self.drawn(trust)
        reviews.replace(trust, {(sample, 1, "AB"): Code("neutral")})
        reviews.forget_words(trust, [ONE, "f" * 32])
        assert [item.text_key for item in reviews.items(trust).values()] == ["", "b" * 32]
        assert [each.codes for each in reviews.coded(trust)] == [{"AB": Code("neutral")}]
        assert holding(kept_in(trust, request), "a" * 32) == []

    def test_a_new_key_changes_both_hashes_once(self, trust: Settings) -> None:
        self.drawn(trust)
        reviews.forget_words(trust, [OTHER])
        counts = relinking.relink(trust, lambda one, since: f"{since}{one[1:]}", link_count=2, before=1)
        assert counts == {"rewrites": 0, "reviews": 2, "flags": 0, "summaries": 0}
        assert [(item.comment_id[0], item.text_key[:2]) for item in reviews.items(trust).values()] == [
            ("1", "1a"),
            ("1", ""),
        ]
        assert relinking.relink(trust, lambda one, since: "9", link_count=2, before=1)["reviews"] == 0


def kept_in(settings: Settings, request: pytest.FixtureRequest) -> list[Path]:
    """The files in which the database keeps rows: of a server without its own log, which it alone may clear away."""
    if settings.environment.records_url is None:
        return [path for path in settings.records.iterdir() if path.is_file()]
    with store._engine(store.place_of(settings).url).connect() as connection:
        connection.exec_driver_sql("checkpoint")
        own = connection.scalar(sa.text("select oid::text from pg_database where datname = current_database()"))
    server: postgres.Server = request.getfixturevalue("postgres_server")
    return [path for path in (server.folder / "data" / "base" / own).iterdir() if path.is_file()]


def holding(places: list[Path], text: str) -> list[Path]:
    return [path for path in places if text.encode() in path.read_bytes()]


class TestSentReports:
    def test_the_last_message_of_a_week_is_known(self, trust: Settings) -> None:
        first = SentReport(UPDATED, "2026-W46", "<1@trust.example>", 3, "b7", "0" * 64)
        second = replace(first, message_id="<2@trust.example>", build_id=None)
        sent_reports.log(trust, first)
        sent_reports.log(trust, second)
        assert sent_reports.last_sent(trust, "2026-W46") == second
        assert sent_reports.last_sent(trust, "2026-W47") is None


class TestSpending:
    DAY = date(2026, 11, 28)

    def test_a_day_a_source_and_a_purpose_have_a_sum_each(self, trust: Settings) -> None:
        for source, purpose, day, amount in (
            ("x", "asking", self.DAY, 0.1),
            ("x", "asking", self.DAY, 0.2),
            ("x", "asking", self.DAY, -0.05),
            ("x", "checking", self.DAY, 7.0),
            ("youtube", "asking", self.DAY, 100.0),
            ("x", "asking", date(2026, 11, 27), 3.0),
        ):
            spending.add(trust, source, purpose, day, amount)
        assert spending.spent(trust, "x", "asking", self.DAY) == 0.25
        assert spending.spent(trust, "x", "checking", self.DAY) == 7.0
        assert spending.spent(trust, "reddit", "asking", self.DAY) == 0.0

    def test_how_far_a_check_came_outlives_the_day_and_is_each_sources_own(self, trust: Settings) -> None:
        assert spending.last_place(trust, "bluesky") == 0
        spending.stop_at(trust, "bluesky", 300)
        spending.stop_at(trust, "bluesky", 25)
        spending.stop_at(trust, "x", 7)
        assert spending.last_place(trust, "bluesky") == 25

    def test_a_ledger_goes_on_from_what_an_earlier_run_has_spent(self, home: Path) -> None:
        settings = load_settings()
        earlier = Ledger(settings, "x", "asking")
        earlier.add(0.5)
        earlier.add(0.0)
        earlier.add(-0.2)
        assert earlier.spent == pytest.approx(Ledger(settings, "x", "asking").spent) == pytest.approx(0.3)
        assert Ledger(settings, "x", "checking").spent == 0.0


class TestActionsOnAlerts:
    """Who did what, in order; what was typed stands apart and can go."""

    SEEN = Action("a1", "s1", "acknowledged", "brackenburyo", is_login=True)
    CLOSED = Action(
        "a1", "s1", "closed", "AB", words="A second receptionist.", outcome="made", acted_on=date(2026, 11, 2)
    )

    def test_they_come_back_as_they_were_logged_each_with_its_number(self, trust: Settings) -> None:
        alert_actions.log(trust, self.SEEN, 0)
        other = replace(self.SEEN, alert_id="a2")
        alert_actions.log(trust, other, 0)
        last = alert_actions.log(trust, self.CLOSED, 1)
        assert [(one.version, one.action) for one in alert_actions.of_alert(trust, "a1")] == [
            (1, self.SEEN), (2, self.CLOSED),
        ]  # fmt: skip
        assert len(alert_actions.all_actions(trust)) == 3
        assert alert_actions.of_alert(trust, "a1")[-1].at == last.at and last.at.tzinfo

    def test_who_saw_another_version_is_refused_with_the_last_action(self, trust: Settings) -> None:
        alert_actions.log(trust, self.SEEN, 0)
        for version in (0, 2):
            with pytest.raises(VersionTaken) as taken:
                alert_actions.log(trust, self.CLOSED, version)
            assert taken.value.last is not None and taken.value.last.action == self.SEEN
        assert len(alert_actions.all_actions(trust)) == 1

    def test_words_go_without_a_trace_and_nothing_else_does(self, trust: Settings) -> None:
        words = "zyxword of the rota"
        alert_actions.log(trust, replace(self.CLOSED, words=words), 0)
        assert alert_actions.forget_words(trust, "a1", 1) is True
        assert alert_actions.forget_words(trust, "a1", 1) is False
        (one,) = alert_actions.all_actions(trust)
        assert one.action == replace(self.CLOSED, words=None)
        if trust.environment.records_url is None:
            assert holding([path for path in trust.records.iterdir() if path.is_file()], "zyxword") == []

    @pytest.mark.parametrize(
        "wrong",
        [
            replace(CLOSED, outcome=None),
            replace(CLOSED, acted_on=None),
            replace(SEEN, assigned_to="AB"),
            replace(SEEN, week_date=date(2026, 11, 2)),
            replace(CLOSED, outcome="done"),  # type: ignore[arg-type]
        ],
    )
    def test_what_makes_no_sense_is_refused_by_the_database_itself(self, trust: Settings, wrong: Action) -> None:
        with pytest.raises(RecordsFailed):
            alert_actions.log(trust, wrong, 0)
        assert alert_actions.all_actions(trust) == []


class TestDeliveries:
    """Which digest went to whom, by which way, and what it told."""

    @pytest.mark.parametrize("table", ["alert_actions", "alert_deliveries"])
    @pytest.mark.parametrize("change", ["update {} set id = 7", "delete from {}"])
    def test_the_database_itself_keeps_them(self, trust: Settings, table: str, change: str) -> None:
        alert_actions.log(trust, TestActionsOnAlerts.SEEN, 0)
        deliveries.log(trust, [Delivery(UPDATED, "team", "webhook", "begun", "k", ("a:1",))])
        with pytest.raises(RecordsFailed, match="refused what was to be done"), store.writing(trust) as connection:
            connection.execute(sa.text(change.format(table)))

    def test_they_come_back_in_order_and_the_last_step_says_who_was_not_told(self, trust: Settings) -> None:
        def step(subscriber: str, event: deliveries.Event, reason: str | None = None) -> Delivery:
            return Delivery(UPDATED, subscriber, "webhook", event, "k", ("a:1", "b:2"), reason)

        steps = [
            step("team", "begun"), step("team", "failed", "it answered 404"), step("room", "begun"),
            step("room", "sent"), step("gone", "begun"),
        ]  # fmt: skip
        for one in steps:
            deliveries.log(trust, [one])
        assert deliveries.logged(trust) == steps
        subscribed = tuple(Subscription(name=name, channel="x") for name in ("team", "room"))
        made = trust.model_copy(update={"alerts": trust.alerts.model_copy(update={"subscriptions": subscribed})})
        assert deliveries.unsent(made) == [steps[1]]
        assert deliveries.unsent(trust) == []
