"""People act on alerts one after the other: who, when, what, in words that name nobody, and nothing is written over."""

import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.fixtures.legible import Search, files_below, legible
from tests.fixtures.published import publish, settings_for
from wordround.alerts import actions
from wordround.alerts.actions import Handling, Who
from wordround.errors import ActionRefused, AlertChanged, AlertUnknown, NothingPublished
from wordround.published.reading import read_episodes
from wordround.records import alert_actions, store
from wordround.settings import PROJECT, Settings

LEAD, OTHER = Who("quality lead"), Who("KL")
NAME = "Ottoline Brackenbury"


@pytest.fixture
def made(tmp_path: Path) -> Settings:
    publish(tmp_path)
    return settings_for(tmp_path)


@pytest.fixture
def alert_id(made: Settings) -> str:
    return next(alert.alert_id for alert in read_episodes(made).alerts if alert.direction == "concern")


def now(made: Settings, alert_id: str) -> Handling:
    return actions.handling(made)[alert_id]


def test_an_alert_is_seen_given_to_somebody_noted_and_closed_and_each_says_who_and_when(
    made: Settings, alert_id: str
) -> None:
    before = datetime.now(UTC)
    actions.acknowledge(made, alert_id, LEAD)
    actions.assign(made, alert_id, LEAD, "ward manager")
    actions.note(made, alert_id, OTHER, "The form changed in the same week.")
    done = actions.close(made, alert_id, OTHER, "A second receptionist on Mondays.", "made", date(2026, 11, 2))
    assert (done.done, done.version, done.by, done.taken_out) == ("closed", 4, "KL", {})
    found = now(made, alert_id)
    assert (found.state, found.assigned_to, found.outcome, found.acted_on, found.version) == (
        "closed", "ward manager", "made", date(2026, 11, 2), 4,
    )  # fmt: skip
    assert found.did == "A second receptionist on Mondays."
    assert [one.action.by for one in found.actions] == ["quality lead", "quality lead", "KL", "KL"]
    assert {one.action.series_id for one in found.actions} == {actions.find(made, alert_id).series_id}
    assert all(before <= one.at <= datetime.now(UTC) for one in found.actions)


def test_nobody_has_acted_on_a_new_alert_and_no_file_is_made_for_it(made: Settings) -> None:
    assert actions.handling(made) == {}
    assert not made.records.exists()


def test_the_beginning_of_an_id_will_do_where_it_is_one_alerts(made: Settings, alert_id: str) -> None:
    assert actions.acknowledge(made, alert_id[:8], LEAD).alert_id == alert_id
    for wrong in ("", alert_id[:3], "not-an-alert"):
        with pytest.raises(AlertUnknown) as failure:
            actions.note(made, wrong, LEAD, "Seen.")
        assert "not-an-alert" not in str(failure.value)


def test_without_a_publication_it_is_said(tmp_path: Path) -> None:
    with pytest.raises(NothingPublished):
        actions.acknowledge(settings_for(tmp_path), "0123", LEAD)


class TestTwoPeople:
    """Who acts on what somebody else has changed since is told so, and nothing is lost."""

    def test_a_version_that_is_past_is_refused_with_who_acted_and_the_version_that_is_there(
        self, made: Settings, alert_id: str
    ) -> None:
        seen = actions.acknowledge(made, alert_id, LEAD).version
        actions.assign(made, alert_id, OTHER, "matron", expected=seen)
        with pytest.raises(AlertChanged, match="KL has assigned to matron") as failure:
            actions.close(made, alert_id, LEAD, "Nothing.", "no_change", expected=seen)
        assert failure.value.version == 2
        assert now(made, alert_id).state == "acknowledged"
        assert actions.close(made, alert_id, LEAD, "Nothing.", "no_change", expected=2).version == 3

    @pytest.mark.parametrize("expected", [None, 0, 1])
    def test_what_is_closed_is_not_acknowledged_and_stays_closed(
        self, made: Settings, alert_id: str, expected: int | None
    ) -> None:
        actions.close(made, alert_id, LEAD, "Nothing.", "no_change")
        with pytest.raises(ActionRefused, match="alerts note"):
            actions.acknowledge(made, alert_id, OTHER, expected=expected)
        assert (now(made, alert_id).state, now(made, alert_id).version) == ("closed", 1)

    @pytest.mark.parametrize("expected", [1, 7])
    def test_a_version_that_never_was_is_refused(self, made: Settings, alert_id: str, expected: int) -> None:
        with pytest.raises(AlertChanged, match="version is 0"):
            actions.acknowledge(made, alert_id, LEAD, expected=expected)

    def test_without_a_version_what_another_has_said_is_not_said_anew(self, made: Settings, alert_id: str) -> None:
        actions.acknowledge(made, alert_id, LEAD)
        actions.assign(made, alert_id, LEAD, "matron")
        with pytest.raises(AlertChanged, match="quality lead has acknowledged"):
            actions.acknowledge(made, alert_id, OTHER)
        with pytest.raises(AlertChanged, match="assigned to matron"):
            actions.assign(made, alert_id, OTHER, "KL")
        actions.close(made, alert_id, LEAD, "More staff in the morning.", "planned")
        with pytest.raises(AlertChanged, match="closed"):
            actions.close(made, alert_id, OTHER, "Nothing.", "no_change")
        actions.note(made, alert_id, OTHER, "Agreed.")
        assert actions.close(made, alert_id, OTHER, "They have started.", "made").version == 5
        assert actions.assign(made, alert_id, OTHER, "KL", expected=5).version == 6

    def test_of_many_at_once_who_saw_the_same_version_one_is_heard(self, made: Settings, alert_id: str) -> None:
        actions.acknowledge(made, alert_id, LEAD)
        heard, refused = [], []

        def act(number: int) -> None:
            try:
                heard.append(actions.assign(made, alert_id, OTHER, f"band {number}", expected=1))
            except AlertChanged as change:
                refused.append(change)

        threads = [threading.Thread(target=act, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert (len(heard), len(refused)) == (1, 7)
        assert now(made, alert_id).version == 2


class TestWords:
    """What is typed is a door: it names nobody afterwards, and it is said that something was taken out."""

    def test_names_and_addresses_are_taken_out_before_anything_is_kept(self, made: Settings, alert_id: str) -> None:
        did = f"Moved the handover, and told {NAME} to ring families; see o.brackenbury@nhs.net"
        done = actions.close(made, alert_id, LEAD, did, "made")
        assert done.taken_out == {"name": 1, "email address": 1}
        assert now(made, alert_id).did == "Moved the handover, and told <name> to ring families; see <email address>"
        search = Search({"name": ("Ottoline", "Brackenbury")})
        assert [path for path in files_below(made.home) if search.names_in(legible(path))] == []

    def test_the_names_of_the_trusts_own_services_stay(self, made: Settings, alert_id: str) -> None:
        actions.note(made, alert_id, LEAD, "Moved from Heron Ward to Kestrel Ward.")
        assert now(made, alert_id).actions[0].action.words == "Moved from Heron Ward to Kestrel Ward."

    @pytest.mark.parametrize("words", ["", "  \n ", "x " * 600, "Позвоните сестре завтра утром пожалуйста"])
    def test_nothing_too_much_and_what_cannot_be_judged_is_refused(
        self, made: Settings, alert_id: str, words: str
    ) -> None:
        with pytest.raises(ActionRefused):
            actions.note(made, alert_id, LEAD, words)
        assert actions.handling(made) == {}

    def test_words_that_name_somebody_after_all_can_go_and_who_acted_stays(self, made: Settings, alert_id: str) -> None:
        actions.note(made, alert_id, LEAD, "The zyxword of the rota.")
        assert actions.redact(made, alert_id, 1) is True
        assert actions.redact(made, alert_id, 1) is False
        one = now(made, alert_id).actions[0]
        assert (one.action.words, one.action.by, one.version) == (None, "quality lead", 1)
        assert all(b"zyxword" not in path.read_bytes() for path in made.records.iterdir())
        with pytest.raises(AlertUnknown):
            actions.redact(made, "0" * 32, 1)

    def test_the_database_keeps_what_was_done(self, made: Settings, alert_id: str) -> None:
        actions.note(made, alert_id, LEAD, "Seen.")
        for change in ("update alert_actions set by = 'x'", "delete from alert_actions"):
            with pytest.raises(Exception, match="refused what was to be done"), store.writing(made) as connection:
                connection.execute(sa.text(change))


@pytest.mark.parametrize(
    "name",
    [
        NAME,
        "Alison",
        "J. Smith",
        "Dr Smith",
        "ottolinebrackenbury77",
        "a@b.example",
        "x" * 41,
        " ",
        "Ann",
        "Tom",
        "Raj",
        "Jo",
        "JO",
        "NG",
        "J. O.",
        "JOHN",
        "QI JOHN",
        "JOHN QI",
        "Lee lead",
        "jo",
        "kl",
    ],
)
def test_who_acts_or_is_to_act_is_no_name_and_no_address(made: Settings, alert_id: str, name: str) -> None:
    with pytest.raises(ActionRefused, match="--by"):
        actions.somebody(name)
    with pytest.raises(ActionRefused, match="--to"):
        actions.assign(made, alert_id, LEAD, name)


@pytest.mark.parametrize(
    "role",
    ["quality lead", "KL", "K. L.", "KLMR", "QI lead", "ED matron", "Head of PALS", "Kestrel Ward manager", "Matron"],
)
def test_a_role_or_initials_will_do(role: str) -> None:
    assert actions.somebody(f"  {role} ") == Who(role)


def test_without_a_role_it_is_the_login_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "brackenburyo")
    assert actions.somebody(None) == Who("brackenburyo", is_login=True)


class TestRebase:
    """A person says from when a chart starts anew, why, and may take it back."""

    def test_it_is_the_week_of_the_day_with_its_reason_and_who(self, made: Settings, alert_id: str) -> None:
        actions.rebase(made, alert_id, LEAD, date(2026, 10, 7), "The ward moved to another building.")
        (one,) = alert_actions.rebase_weeks(alert_actions.all_actions(made)).values()
        assert (one.action.week_date, one.action.alert_id) == (date(2026, 10, 5), alert_id)
        assert (one.action.words, one.action.by) == ("The ward moved to another building.", "quality lead")

    def test_it_can_be_taken_back_and_said_again(self, made: Settings, alert_id: str) -> None:
        monday = date(2026, 10, 5)
        actions.rebase(made, alert_id, LEAD, monday, "The ward moved.")
        with pytest.raises(ActionRefused, match="starts anew already"):
            actions.rebase(made, alert_id, LEAD, monday + timedelta(days=6), "The ward moved.")
        actions.rebase(made, alert_id, OTHER, monday, "It did not.", withdraw=True)
        assert alert_actions.rebase_weeks(alert_actions.all_actions(made)) == {}
        with pytest.raises(ActionRefused, match="does not start anew"):
            actions.rebase(made, alert_id, OTHER, monday, "It did not.", withdraw=True)
        actions.rebase(made, alert_id, LEAD, monday, "It did.")
        assert len(alert_actions.rebase_weeks(alert_actions.all_actions(made))) == 1

    def test_a_total_has_no_chart_of_its_own(self, made: Settings, alert_id: str) -> None:
        publish(made.home, "update marts.fct_alerts set service_id = null;")
        with pytest.raises(ActionRefused, match="of all services together"):
            actions.rebase(made, alert_id, LEAD, date(2026, 10, 7), "The question changed.")

    def test_a_week_to_come_is_refused(self, made: Settings, alert_id: str) -> None:
        with pytest.raises(ActionRefused, match="a day to come"):
            actions.rebase(made, alert_id, LEAD, date.today() + timedelta(weeks=2), "It will move.")


def test_a_change_may_be_planned_for_a_day_to_come_and_made_on_none(made: Settings, alert_id: str) -> None:
    soon = date.today() + timedelta(weeks=2)
    with pytest.raises(ActionRefused, match="--on"):
        actions.close(made, alert_id, LEAD, "More staff.", "made", soon)
    actions.close(made, alert_id, LEAD, "More staff.", "planned", soon)
    assert now(made, alert_id).acted_on == soon


_ACT = """
import sys
from pathlib import Path
from tests.fixtures.published import publish, settings_for
from wordround.alerts import actions
made, alert_id = settings_for(Path(sys.argv[1])), sys.argv[2]
for number in range(100_000):
    done = actions.note(made, alert_id, actions.Who("KL"), f"Note number {number}.")
    print(done.version, flush=True)
"""


def test_a_kill_loses_no_action_that_was_acknowledged_and_leaves_none_half(made: Settings, alert_id: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _ACT, str(made.home), alert_id], stdout=subprocess.PIPE, text=True, cwd=PROJECT
    ) as process:
        assert process.stdout is not None
        said = [int(process.stdout.readline()) for _ in range(5)]
        os.kill(process.pid, signal.SIGKILL)
        said += [int(line) for line in process.stdout.read().split("\n") if line]
    found = now(made, alert_id)
    assert found.version in (said[-1], said[-1] + 1)
    assert [one.version for one in found.actions] == list(range(1, found.version + 1))
    assert all(one.action.words for one in found.actions)
    assert actions.note(made, alert_id, LEAD, "Go on.").version == found.version + 1
