"""The demo, whole: real scheduler, real steps, real approval, and nothing left behind."""

import csv
import socket
import stat
import subprocess
from pathlib import Path

import duckdb
import httpx
import psutil
import pytest

PROJECT = Path(__file__).resolve().parents[2]
SAMPLE = PROJECT / "sample_data" / "synthetic_fft" / "fernvale_synthetic_5_latest.csv"

pytestmark = pytest.mark.slow


def test_every_place_that_is_printed_exists(demo):
    outcome, _, printed = demo
    for name in ("published", "parquet", "report", "quality", "mail"):
        assert Path(outcome[name]).exists(), name
        assert outcome[name] in printed
    (summary,) = outcome["conversations"]
    assert Path(summary["page"]).exists()
    assert summary["page"] in printed


def test_its_tweetchat_is_measured_and_summed_up(demo):
    with duckdb.connect(demo[0]["published"], read_only=True) as published:
        (chat,) = published.execute("select * from marts.fct_conversations").to_arrow_table().to_pylist()
    (summary,) = demo[0]["conversations"]
    assert summary["contributions"] == chat["contribution_count"]
    assert 70 < chat["contribution_count"] < chat["post_count"] - chat["copy_count"]
    assert 2 < chat["times_usual_low"] < chat["times_usual"] < chat["times_usual_high"] < 6
    assert chat["host_question_count"] == 5
    assert 5 <= chat["host_answered_count"] <= chat["question_count"] - 5
    assert chat["median_host_reply_minutes"] < 10
    assert chat["welsh_count"] >= 1
    assert chat["sources_not_whole"] is None
    page = Path(summary["page"]).read_text(encoding="utf-8")
    assert "Fernvale hour: what helps while you wait" in page
    assert f"{chat['times_usual']:.1f} times the usual" in page
    assert "is collected, as `wordround conversation collect` would" in " ".join(demo[2].split())


def test_all_four_dags_ran_and_the_demo_says_that_it_approved_by_itself(demo):
    for line in ("ingest_daily", "build_marts", "watch_trends", "report_weekly"):
        assert line in demo[2]
    assert "approves by itself" in demo[2]


def test_the_quality_page_names_the_edition_that_the_same_run_made(demo):
    page = Path(demo[0]["quality"]).read_text(encoding="utf-8")
    assert "The public reads edition 1" in page


def test_it_ends_with_three_findings_in_words(demo):
    assert len(demo[0]["findings"]) == 3
    assert all(f"- {finding}" in demo[2] for finding in demo[0]["findings"])


def test_its_only_alerts_are_the_two_planted_changes_and_one_has_an_action_that_the_report_answers(demo):
    with duckdb.connect(demo[0]["published"], read_only=True) as published:
        told = published.execute(
            "select service_id, direction, status from marts.fct_alerts"
            " where tier_code = 'alert' and part_of_alert_id is null order by all"
        ).fetchall()
        ((answer,),) = published.execute("select answer_label from marts.fct_actions").fetchall()
    assert told == [("fernvale_crisis_team", "concern", "open"), ("fernvale_kestrel_ward", "improvement", "open")]
    assert " before, " in answer and "twelve weeks" in answer
    page = Path(demo[0]["report"]).read_text(encoding="utf-8")
    assert "A second telephone line in the evenings" in page and answer[1:] in page


def test_the_query_that_it_suggests_works_when_it_is_pasted(demo):
    done = subprocess.run(demo[0]["query_command"], shell=True, cwd=demo[1].parents[1], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "week_label" in done.stdout


def test_the_page_that_it_ends_with_shows_its_alerts_and_its_tweetchat(demo):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = f"exec env {demo[0]['page_command']} --port {port}"
    with subprocess.Popen(command, shell=True, cwd=demo[1].parents[1], stderr=subprocess.PIPE, text=True) as page:
        try:
            assert f"http://127.0.0.1:{port}" in page.stderr.readline()
            client = httpx.Client(transport=httpx.HTTPTransport(retries=8), timeout=60)
            board = client.get(f"http://127.0.0.1:{port}/").raise_for_status().text
            assert "Crisis Resolution and Home Treatment Team: more negative comments" in board
            conversations = client.get(f"http://127.0.0.1:{port}/conversations").raise_for_status().text
            assert "/conversations/fernvale_hour" in conversations
            assert client.get(f"http://127.0.0.1:{port}/alerts").raise_for_status().text.count("/alerts/") >= 2
        finally:
            page.terminate()


def test_the_mail_is_a_message_with_the_report(demo):
    assert b"Subject:" in Path(demo[0]["mail"]).read_bytes()


def test_no_process_is_left_behind(demo):
    home = str(demo[1])
    left = []
    for process in psutil.process_iter():
        try:
            if process.status() != psutil.STATUS_ZOMBIE and home in str([process.cmdline(), process.environ()]):
                left.append(process.pid)
        except (psutil.AccessDenied, psutil.NoSuchProcess):
            continue
    assert left == []
    assert not (demo[1] / "airflow" / "run" / "launcher.json").exists()


def test_keys_and_password_can_be_read_by_their_owner_only(demo):
    for name in ("password.json", "keys.json", "airflow.cfg", "airflow.db"):
        assert stat.S_IMODE((demo[1] / "airflow" / name).stat().st_mode) == 0o600


def test_nothing_that_airflow_or_a_task_made_may_be_read_by_others(demo):
    made = [path for path in (demo[1], *demo[1].rglob("*")) if not path.is_symlink()]
    assert [str(path) for path in made if stat.S_IMODE(path.stat().st_mode) & 0o077] == []


def test_airflow_listened_on_loopback_only(demo):
    log = (demo[1] / "airflow" / "logs" / "api-server.log").read_text()
    assert "Uvicorn running on http://127.0.0.1:" in log
    logs = [path.read_text() for path in (demo[1] / "airflow" / "logs").glob("*.log")]
    assert not any("0.0.0.0" in log for log in logs)


def test_nothing_that_a_patient_wrote_is_in_airflows_files(demo):
    with SAMPLE.open(encoding="utf-8-sig", newline="") as file:
        answers = {row["What could we do better?"].strip() for row in csv.DictReader(file)}
    long = [answer.encode() for answer in answers if len(answer) > 40][:200]
    assert len(long) == 200
    for path in (path for path in (demo[1] / "airflow").rglob("*") if path.is_file()):
        content = path.read_bytes()
        assert not any(answer in content for answer in long), path


def test_the_demo_refuses_a_home_that_holds_anything_else(tmp_path):
    from wordround import demo
    from wordround.errors import SettingsInvalid
    from wordround.settings import load_settings

    (tmp_path / "warehouse.duckdb").touch()
    settings = load_settings()
    settings = settings.model_copy(update={"environment": settings.environment.model_copy(update={"home": tmp_path})})
    with pytest.raises(SettingsInvalid, match="not a demo's"):
        demo.run(settings)
    assert [path.name for path in tmp_path.iterdir()] == ["warehouse.duckdb"]
