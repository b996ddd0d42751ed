"""The doctor: names what is open, missing, old or invented, says what to do, and prints no secret."""

import json
import os
import re
import stat
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.fixtures import published
from tests.fixtures.fft_files import row, write_csv
from wordround import folders, pipeline
from wordround.access import private
from wordround.cli import app
from wordround.doctor import examine, state
from wordround.doctor.authority import governance
from wordround.identity import known_backups
from wordround.settings import Settings, load_settings

KEY = "0f" * 32


@pytest.fixture
def loaded(settings: Settings) -> Settings:
    """A data home with comments in it, as a run leaves it."""
    with private():
        write_csv(settings.home / "inbox" / "fft" / "f.csv", [row()])
    pipeline.ingest(settings, "fft", date(2026, 11, 21))
    return settings


def found(area: str, **outcome: Any) -> list[tuple[str, str]]:
    """(state, what is so) of an area."""
    outcome = outcome or examine()
    return [(finding["state"], finding["says"]) for finding in outcome["findings"] if finding["area"] == area]


def one(area: str, beginning: str) -> dict[str, str]:
    (finding,) = [f for f in examine()["findings"] if f["area"] == area and f["says"].startswith(beginning)]
    return finding


def test_a_sound_installation_has_nothing_missing(loaded: Settings) -> None:
    outcome = examine()
    assert outcome["missing"] == 0, [f for f in outcome["findings"] if f["state"] == "missing"]
    assert outcome["ok"] > 5
    assert {f["area"] for f in outcome["findings"]} == {
        "versions", "settings", "governance", "keys", "modes", "records", "conversations", "freshness", "disk"
    }  # fmt: skip
    assert all(f["to_do"] for f in outcome["findings"] if f["state"] != "ok")


@pytest.mark.parametrize(
    ("place", "mode", "says"),
    [
        ("warehouse.duckdb", 0o644, "others may read"),
        ("warehouse.duckdb", 0o660, "the group may write"),
        ("landing/fft", 0o755, "others may read"),
        ("keys", 0o710, "the group may read"),
        ("keys/pseudonym.key", 0o640, "the group may read"),
        ("quarantine", 0o777, "others may write"),
        (".", 0o755, "others may read"),
        ("published", 0o750, "the group may read"),
        ("airflow/password.json", 0o644, "others may read"),
    ],
)
def test_what_others_may_read_is_missing_its_lock_and_fixing_the_modes_closes_it(
    loaded: Settings, place: str, mode: int, says: str
) -> None:
    path = loaded.home / place
    path.parent.mkdir(exist_ok=True, mode=0o700)
    if not path.exists():
        path.touch(0o600) if path.suffix else path.mkdir(mode=0o700)
    assert ("missing", f"{says}: it") not in found("modes")
    path.chmod(mode)
    outcome = examine()
    assert ("missing", f"{says}: it") in found("modes", **outcome)
    fixed = examine(fix_modes=True)
    assert fixed["modes_set"] == 1 and fixed["missing"] == 0
    assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
    assert examine(fix_modes=True)["modes_set"] == 0


def test_fixing_leaves_what_a_link_leads_to_alone(loaded: Settings, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.txt"
    elsewhere.touch(0o644)
    elsewhere.chmod(0o644)
    (loaded.home / "link").symlink_to(elsewhere)
    assert examine(fix_modes=True)["modes_set"] == 0
    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o644


def test_the_names_of_files_in_the_drop_folder_are_not_told(loaded: Settings) -> None:
    path = write_csv(loaded.home / "inbox" / "fft" / "complaint of Zacharias Quill.csv", [row()])
    path.chmod(0o644)
    (state_and_words,) = [f for f in found("modes") if "data home is opened" in f[1]]
    assert state_and_words[0] == "attention", "nobody gets through the home"
    assert "Quill" not in json.dumps(examine())
    loaded.home.chmod(0o755)
    assert found("modes") == [("missing", "others may read: it")] * 2, "the home and the drop folder"


def test_the_group_that_the_setting_names_may_read_the_published_files_and_nothing_else(
    settings_with: Callable[..., Settings],
) -> None:
    settings = settings_with(('published = "owner"', 'published = "group"'))
    published.publish(settings.home)
    (settings.home / "warehouse.duckdb").touch(0o600)
    examine(fix_modes=True)
    modes = {
        path: stat.S_IMODE((settings.home / path).stat().st_mode)
        for path in (".", "published", "published/wordround.duckdb", "warehouse.duckdb")
    }
    assert modes == {".": 0o710, "published": 0o750, "published/wordround.duckdb": 0o640, "warehouse.duckdb": 0o600}
    assert [s for s, _ in found("modes")] == ["ok"]
    (settings.home / "warehouse.duckdb").chmod(0o640)
    assert found("modes") == [("missing", "the group may read: it")]


def test_a_way_to_the_home_that_everybody_may_write_is_named(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_to_all = tmp_path / "open"
    open_to_all.mkdir()
    open_to_all.chmod(0o777)
    monkeypatch.setenv("WORDROUND_HOME", str(open_to_all / "home"))
    assert any("put another folder in the place" in says for _, says in found("modes"))
    open_to_all.chmod(0o1777)
    assert not any("put another folder in the place" in says for _, says in found("modes"))


def test_settings_that_everybody_may_change_are_named(settings_with: Callable[..., Settings]) -> None:
    settings_with().environment.config.chmod(0o666)
    assert ("missing", "everybody may change the settings, the governance among them") in found("modes")


class TestKeys:
    def test_a_key_beside_the_data_is_pointed_out_with_where_its_copy_belongs(self, loaded: Settings) -> None:
        finding = one("keys", "lies on the same file system")
        assert finding["state"] == "attention"
        assert "WORDROUND_KEY" in finding["to_do"] and "Keep a copy" in finding["to_do"]

    def test_a_key_that_is_gone_is_missing_where_comments_were_landed_with_it(self, loaded: Settings) -> None:
        (loaded.home / "keys" / "pseudonym.key").unlink()
        assert one("keys", "comments were landed with a key that is gone")["state"] == "missing"

    @pytest.mark.parametrize("written", ["", "short", "zz" * 32, KEY + "00"])
    def test_a_key_of_another_form_is_missing_and_not_printed(self, loaded: Settings, written: str) -> None:
        (loaded.home / "keys" / "pseudonym.key").write_text(written)
        assert one("keys", "is not a key")["state"] == "missing"
        assert not written or written not in json.dumps(examine())

    def test_a_key_that_others_may_read_is_missing(self, loaded: Settings) -> None:
        (loaded.home / "keys" / "pseudonym.key").chmod(0o604)
        assert "rotate it" in one("keys", "others may read it")["to_do"]

    def test_an_empty_file_among_the_keys_is_missing(self, loaded: Settings) -> None:
        (loaded.home / "keys" / "another.key").touch(0o600)
        assert one("keys", "is empty")["subject"] == "another.key"

    def test_a_key_of_the_environment_is_looked_at_and_never_printed(
        self, loaded: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("WORDROUND_KEY", KEY)
        assert one("keys", "is in the environment")["state"] == "ok"
        assert one("keys", "a key file lies there as well")["state"] == "attention"
        for arguments in (["doctor"], ["doctor", "--json"]):
            result = CliRunner().invoke(app, arguments)
            stored = (loaded.home / "keys" / "pseudonym.key").read_text().strip()
            assert KEY not in result.output and stored not in result.output
        monkeypatch.setenv("WORDROUND_KEY", "too short")
        assert one("keys", "is not a key")["state"] == "missing"
        assert "too short" not in json.dumps(examine())


class TestGovernance:
    def test_every_missing_answer_is_a_line_of_its_own(self, settings_with: Callable[..., Settings]) -> None:
        settings_with(
            ('purpose = "service_evaluation"', "#"),
            ("retention_days = 2557", "#"),
            ("[governance]\n", "[governance]\n"),
        )
        missing = [says for s, says in found("governance") if s == "missing"]
        assert len(missing) == 2
        assert missing[0].startswith("[sources.fft.governance.retention_days] is missing")

    def test_what_a_source_that_is_switched_off_lacks_is_not_missing(
        self, settings_with: Callable[..., Settings]
    ) -> None:
        settings_with(('purpose = "service_evaluation"', "#"), ("enabled = true", "enabled = false"))
        assert {s for s, _ in found("governance")} == {"attention"}

    def test_the_fictional_trust_is_told_apart(self, settings: Settings) -> None:
        assert one("governance", "the answers are the fictional trust's")["state"] == "attention"

    def test_invented_answers_over_another_trusts_comments_are_missing(self, settings: Settings) -> None:
        published.publish(settings.home, "update marts.dim_services set trust_code = 'RZ9'")
        finding = one("governance", "the fictional trust's answers stand over comments of RZ9")
        assert finding["state"] == "missing"

    def test_an_assessment_older_than_a_year_needs_attention(self, settings_with: Callable[..., Settings]) -> None:
        settings = settings_with()
        reviewed = settings.governance.dpia_reviewed_on
        assert reviewed is not None

        def says(day: date) -> list[str]:
            return [finding.says for finding in governance(settings, day) if "last reviewed on" in finding.says]

        assert says(reviewed + timedelta(366)) == []
        assert says(reviewed + timedelta(367)) == [
            "the impact assessment was last reviewed on 2026-09-14, more than a year ago"
        ]

    def test_an_assessment_without_a_date_needs_attention(self, settings_with: Callable[..., Settings]) -> None:
        settings_with(("dpia_reviewed_on = 2026-09-14\n", ""))
        assert one("governance", "when the impact assessment was last reviewed")["state"] == "attention"

    def test_answers_that_differ_from_what_is_published_are_named(self, settings_with: Callable[..., Settings]) -> None:
        settings = settings_with(("retention_days = 2557", "retention_days = 365"))
        published.publish(settings.home)
        assert one("governance", "what is published states other answers: retention_days")["state"] == "attention"


class TestSettings:
    def test_settings_that_cannot_be_read_are_one_finding_and_not_a_crash(
        self, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "broken.toml"
        path.write_text("[trust", encoding="utf-8")
        monkeypatch.setenv("WORDROUND_CONFIG", str(path))
        assert one("settings", str(path))["state"] == "missing"

    def test_a_variable_of_the_environment_that_cannot_be_is_named_without_its_value(
        self, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("WORDROUND_WAIT_SECONDS", "s3cret-pasted-here")
        (finding,) = examine()["findings"]
        assert (finding["subject"], finding["state"]) == ("WORDROUND_WAIT_SECONDS", "missing")
        assert "s3cret" not in json.dumps(finding)

    def test_a_layout_without_an_id_says_what_an_erasure_cannot_do(
        self, settings_with: Callable[..., Settings]
    ) -> None:
        settings_with(('id = "Response ID"\n', ""))
        assert one("settings", "names no id column")["subject"] == "layout fernvale"

    @pytest.mark.parametrize(
        ("written", "says"),
        [
            ("timeliness,wai*ting,\n", r"row 3: column cue: a \* may only stand at the end"),
            (",rude,\n", "row 3: column heading_code: is empty"),
            ("timeliness,long wait,\n", "row 3: column cue: 'long wait' repeats row 2"),
            ("timeliness,queue,car park\n", "row 3: column exclude: 'car park' does not hold the cue"),
        ],
    )
    def test_a_cue_that_cannot_be_used_is_named_before_the_run_that_would_end_at_it(
        self, settings_with: Callable[..., Settings], tmp_path: Path, written: str, says: str
    ) -> None:
        folders._reference.cache_clear()
        settings_with()
        cues = tmp_path / "patient_experience_cues.csv"
        cues.write_text(f"heading_code,cue,exclude\ntimeliness,long wait,\n{written}", encoding="utf-8")
        finding = one("settings", str(cues))
        assert (finding["subject"], finding["state"]) == ("patient_experience_cues.csv", "missing")
        assert re.search(says, finding["says"])

    def test_a_codebook_of_before_is_named_with_what_to_do(
        self, settings_with: Callable[..., Settings], tmp_path: Path
    ) -> None:
        settings_with()
        (tmp_path / "theme_cues.csv").write_text("theme_code,cue,exclude\nwaits,long wait,\n", encoding="utf-8")
        finding = one("settings", f"is in {tmp_path} and is not read any more")
        assert (finding["subject"], finding["state"]) == ("theme_cues.csv", "attention")
        assert "patient_experience_cues.csv" in finding["to_do"]

    def test_recipients_and_mail_server(self, settings_with: Callable[..., Settings]) -> None:
        settings_with(
            ('[alerts]\nrecipients = ["quality@fernvale.example"]', "[alerts]\nrecipients = []"),
            ('host = ""', 'host = "mail.trust.nhs.uk"'),
        )
        assert one("settings", "names no recipients")["subject"] == "[alerts]"
        assert one("settings", "has recipients that do not exist")["subject"] == "[report]"
        assert one("settings", "mail crosses the network unencrypted")["subject"] == "[mail]"

    def test_a_drop_folder_elsewhere_is_looked_at_too(
        self, settings_with: Callable[..., Settings], tmp_path: Path
    ) -> None:
        folder = tmp_path / "drop"
        folder.mkdir()
        folder.chmod(0o755)
        settings_with(('drop_folder = "inbox/fft" ', f'drop_folder = "{folder}" '))
        assert one("settings", "others may read the drop folder")["state"] == "missing"
        folder.chmod(0o770)
        assert not [says for _, says in found("settings") if "drop folder" in says]


class TestState:
    def test_figures_older_than_two_days_need_attention(self, settings: Settings) -> None:
        settings.published.mkdir(parents=True)
        manifest = settings.published / "manifest.json"
        now = datetime(2026, 11, 21, 6, tzinfo=UTC)
        for age, expected in (
            (timedelta(hours=30), "ok"),
            (timedelta(days=3), "attention"),
            (-timedelta(hours=2), "attention"),
        ):
            manifest.write_text(json.dumps({"published_at": (now - age).isoformat()}))
            (finding,) = state.freshness(settings, now)
            assert finding.state == expected
        manifest.write_text("{}")
        (finding,) = state.freshness(settings, now)
        assert finding.state == "missing"

    def test_no_backup_an_old_one_and_one_that_was_moved_need_attention(
        self, settings: Settings, tmp_path: Path
    ) -> None:
        now, backup = datetime(2026, 11, 21, 6, tzinfo=UTC), tmp_path / "wordround.tar"
        assert [(one.state, "none was made" in one.says) for one in state.backup(settings, now)] == [
            ("attention", True)
        ]
        backup.touch()
        known_backups.add(settings, backup, now - timedelta(hours=5), None)
        assert [one.state for one in state.backup(settings, now)] == ["ok"]
        assert [one.state for one in state.backup(settings, now + timedelta(days=3))] == ["attention"]
        backup.unlink()
        assert [one.state for one in state.backup(settings, now)] == ["ok", "attention"]

    def test_the_last_entry_of_the_erasure_log_is_dated(self, settings: Settings) -> None:
        log = settings.home / "erasure" / "log.jsonl"
        log.parent.mkdir(parents=True)
        log.write_text("{}\n")
        os.utime(log, (0, datetime(2026, 11, 20, 2, 15, tzinfo=UTC).timestamp()))
        assert ("ok", "the last entry of the erasure log is of 2026-11-20 02:15 UTC") in found("freshness")

    def test_a_disk_without_room_for_the_next_run_is_missing_it(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings.home.mkdir()
        with settings.warehouse_file.open("wb") as file:
            file.truncate(3 * 10**9)
        for free, expected in ((10**9, "missing"), (4 * 10**9, "attention"), (13 * 10**9, "ok")):
            monkeypatch.setattr(state.shutil, "disk_usage", lambda _, free=free: type("Usage", (), {"free": free}))
            assert [s for s, _ in found("disk")] == [expected]


def test_the_command_ends_with_1_when_something_is_missing_and_prints_one_object(loaded: Settings) -> None:
    sound = CliRunner().invoke(app, ["doctor", "--json"])
    assert sound.exit_code == 0
    assert json.loads(sound.stdout)["missing"] == 0
    loaded.warehouse_file.chmod(0o644)
    bad = CliRunner().invoke(app, ["doctor", "--json"])
    assert bad.exit_code == 1
    assert set(json.loads(bad.stdout)) == {"ok", "attention", "missing", "modes_set", "findings"}
    table = CliRunner().invoke(app, ["doctor"])
    assert table.exit_code == 1
    assert "others may read" in table.stdout and "--fix-modes" in table.stdout
    assert CliRunner().invoke(app, ["doctor", "--fix-modes"]).exit_code == 0


def test_another_account_is_told_that_the_doctor_must_be_called_by_the_owner(
    loaded: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, _: path != loaded.home)
    assert found("modes") == [("missing", "this account may not look into the data home, as it should be")]
    assert found("keys") == []


def test_the_doctor_opens_neither_the_warehouse_nor_a_file_that_came_in(
    loaded: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    import duckdb

    opened = []
    real = duckdb.connect
    monkeypatch.setattr(duckdb, "connect", lambda *given, **more: opened.append(given[0]) or real(*given, **more))
    published.publish(load_settings().home)
    opened.clear()
    examine()
    assert opened == [str(loaded.published / "wordround.duckdb")]


class TestSources:
    ASKED = "[sources.bluesky]\nenabled = true\n{queries}"
    QUERY = '[[sources.bluesky.queries]]\nid = "tag"\nhashtags = ["FernvaleNHS"]\n'

    def found(self, settings_with, monkeypatch, queries=QUERY, **secrets):
        for name in ("LOGIN", "PASSWORD"):
            monkeypatch.delenv(f"WORDROUND_BLUESKY_{name}", raising=False)
        for name, value in secrets.items():
            monkeypatch.setenv(f"WORDROUND_BLUESKY_{name}", value)
        settings_with(added=self.ASKED.format(queries=queries))
        found = examine()["findings"]
        return {one["says"]: one["state"] for one in found if one["area"] == "sources"}

    def test_a_source_that_can_be_asked_is_in_order(self, settings_with, monkeypatch):
        found = self.found(settings_with, monkeypatch, LOGIN="a", PASSWORD="zq-secret")
        assert found == {"is asked 1 queries": "ok"}

    def test_what_is_missing_of_who_asks_is_named_and_no_secret_is(self, settings_with, monkeypatch):
        found = self.found(settings_with, monkeypatch, LOGIN="zq-login")
        (says,) = [one for one in found if "WORDROUND_BLUESKY_PASSWORD" in one]
        assert found[says] == "attention"
        assert "zq-login" not in says

    def test_an_enabled_source_without_queries_is_missing_something(self, settings_with, monkeypatch):
        found = self.found(settings_with, monkeypatch, queries="", LOGIN="a", PASSWORD="b")
        assert found["is enabled and has no queries, so that nothing is asked"] == "missing"

    def test_comments_of_a_source_that_has_no_block_any_more_are_pointed_out(self, settings):
        (settings.landing / "mastodon").mkdir(parents=True)
        found = [one for one in examine()["findings"] if one["area"] == "sources"]
        assert [(one["subject"], one["state"]) for one in found] == [("mastodon", "missing")]
