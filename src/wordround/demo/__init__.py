"""The demo: synthetic comments and posts of a fictional trust through the real DAGs, scheduler and approval step.

It runs in a home of its own and refuses one that holds anything but an earlier demo, so that synthetic comments never
reach a trust's figures. What it returns: paths of the published database, Parquet copy, report, quality page, mail
(`outbox/`) and summaries of conversations, and the report's findings. Progress goes to standard error.
"""

import json
import os
import shlex
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console

from wordround import trusts
from wordround.access import private
from wordround.connectors.blocks import FolderSource
from wordround.demo import acting, sources, tweetchat
from wordround.errors import AirflowFailed, SettingsInvalid
from wordround.folders import SAMPLE_DATA, SETTINGS_FILE, data_home, remedy
from wordround.local_airflow import processes, stack
from wordround.local_airflow.api import Api
from wordround.local_airflow.environment import LOOPBACK, USER, airflow_home
from wordround.local_airflow.following import Follower
from wordround.local_airflow.outbox import outbox
from wordround.settings import Settings

LABEL = "THIS-IS-A-DEMO.txt"
SAMPLES = (".csv", ".xlsx", ".parquet")  # of posts, the stand-ins tell
QUERY = (
    "select week_label, service_label, comment_count_label, negative_share_label "
    "from marts.fct_service_weeks join marts.dim_services using (service_id) join marts.dim_weeks using (week_date) "
    "where is_complete order by week_date desc, service_label limit 8"
)


def choose_surroundings() -> None:
    """Let this process and those that it starts follow the fictional trust's settings, whatever folder they are in.

    Its data lie in `data/demo` of the current folder or clone, unless WORDROUND_HOME says otherwise.
    """
    # Synthetic comments stay away from the home of one of several trusts, also while it is empty.
    of_a_trust = ("WORDROUND_HOME", "WORDROUND_CONFIG") if trusts.current() is not None else ()
    for name in (trusts.ALL, trusts.ONE, *of_a_trust):
        os.environ.pop(name, None)
    os.environ.setdefault("WORDROUND_HOME", str(data_home() / "demo"))
    os.environ["WORDROUND_CONFIG"] = str(SAMPLE_DATA / SETTINGS_FILE)


@private()
def run(settings: Settings) -> dict[str, Any]:
    """Run all DAGs once on the sample data, then stop everything.

    Returns {published, parquet, report, quality, mail, page_command, query_command, findings, sources, conversations,
    seconds}. Raises AirflowFailed that names the DAG, the task and its log; Incomplete where a conversation could not
    be collected; SettingsInvalid where the home is not a demo's.
    """
    console = Console(stderr=True, highlight=False)
    seconds: dict[str, float] = {}
    with _timed(seconds, "prepare"):
        _claim(settings.home)
        _copy_samples(settings.home / _survey_folder(settings))
    with sources.standins(settings, console.print) as started, outbox(settings.home / "outbox") as port:
        settings = sources.asking(settings, started)
        variables = {"WORDROUND_SMTP_HOST": LOOPBACK, "WORDROUND_SMTP_PORT": str(port)}
        variables |= sources.variables(started)
        with _timed(seconds, "a conversation"):
            tweetchat.collect(settings, started, console.print)
        begun = time.monotonic()
        with console.status("Starting Airflow") as status:
            stack.start(
                settings,
                progress=lambda text: status.update(f"Starting Airflow: {text}"),
                with_parent=True,
                variables=variables,
            )
        seconds["start Airflow"] = time.monotonic() - begun
        try:
            with stack.client(settings) as api:
                console.print(f"Airflow is healthy after {seconds['start Airflow']:.0f} s at {api.address}")
                _follow_the_chain(settings, api, console, seconds)
        finally:
            with _timed(seconds, "stop Airflow"), console.status("Stopping Airflow"):
                stack.down(settings)
    with _timed(seconds, "its summary"):
        conversations = tweetchat.summaries(settings, started)
    took = {name: round(value, 1) for name, value in seconds.items()}
    social = {"sources": sources.account(settings, started), "conversations": conversations}
    return _results(settings) | social | {"seconds": took}


def tell(outcome: dict[str, Any]) -> str:
    """What `run` returned, for a person: where everything lies, a query to try, and what the data says."""
    places = {
        "Published database": outcome["published"],
        "Parquet copy": outcome["parquet"],
        "Weekly report": outcome["report"],
        **{f"Summary, {one['name']}": one["page"] for one in outcome["conversations"]},
        "Quality page": outcome["quality"],
        "Mail, as it would go out": outcome["mail"],
    }
    seconds = outcome["seconds"]
    took = ", ".join(f"{phase} {value:.0f} s" for phase, value in seconds.items() if value >= 1)
    return "\n".join(
        [
            f"\nDone in {sum(seconds.values()):.0f} s ({took}). Airflow is stopped.\n",
            *(f"{name + ':':<25} {place}" for name, place in places.items()),
            f"\nThe web page, until you stop it:\n{outcome['page_command']}",
            f"\nA query to try:\n{outcome['query_command']}",
            "\nWhat the data says (synthetic comments of a fictional trust):",
            *(f"- {finding}" for finding in outcome["findings"]),
            *sources.tell(outcome["sources"]),
        ]
    )


def _follow_the_chain(settings: Settings, api: Api, console: Console, seconds: dict[str, float]) -> None:
    """From files to figures by assets, and to alerts; then somebody acts on one, which the report answers."""
    follow = Follower(api, airflow_home(settings) / "logs", console)
    follow.wait_for_dags({"ingest_daily", "build_marts", "watch_trends", "report_weekly"})
    with _timed(seconds, "ingest_daily"):
        follow.trigger("ingest_daily")
        follow.until_succeeded("ingest_daily")
    with _timed(seconds, "build_marts"):
        follow.until_succeeded("build_marts")
    with _timed(seconds, "watch_trends"):
        follow.until_succeeded("watch_trends")
    with _timed(seconds, "an action and its answer"):
        console.print(f"  {acting.act(settings)}")
        follow.trigger("build_marts")
        follow.until_succeeded("build_marts")
    with _timed(seconds, "report_weekly"):
        follow.trigger("report_weekly")
        follow.until_waiting("report_weekly", "approve")
        api.approve("report_weekly", follow.run_id("report_weekly"), "approve")
        console.print(
            f"  report_weekly waits for a person. This is a demo, so it approves by itself, as user '{USER}'."
        )
        follow.until_succeeded("report_weekly")
        follow.until_succeeded("watch_trends")


def _claim(home: Path) -> None:
    """Make the home this demo's, with an Airflow that starts from nothing; data of an earlier demo stays."""
    if home.exists() and any(home.iterdir()) and not (home / LABEL).exists():
        raise SettingsInvalid(
            f"{home} holds data that is not a demo's; synthetic comments would mix with it. "
            "Set WORDROUND_HOME to another folder for the demo."
        )
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    (home / LABEL).write_text(
        "Everything in this folder was made by the demo from synthetic comments. Delete it at will.\n"
    )
    processes.stop(home / "airflow")
    # An old database would have missed its schedule since, and catch up in the middle of the demo.
    shutil.rmtree(home / "airflow", ignore_errors=True)


def _survey_folder(settings: Settings) -> Path:
    block = settings.sources.named("fft")
    assert isinstance(block, FolderSource)  # noqa: S101 - for the type checker
    return block.drop_folder


def _copy_samples(drop_folder: Path) -> None:
    samples = sorted(path for path in SAMPLE_DATA.rglob("*") if path.suffix in SAMPLES)
    if not samples:
        raise AirflowFailed(f"{SAMPLE_DATA} holds no files. {remedy('sample data')}")
    drop_folder.mkdir(parents=True, exist_ok=True)
    for path in samples:
        shutil.copyfile(path, drop_folder / path.name)


def _results(settings: Settings) -> dict[str, Any]:
    report = max(settings.reports.glob("*/report.json"), key=lambda path: path.stat().st_mtime)
    mails = sorted((settings.home / "outbox").glob("*.eml"))
    database = settings.published / "wordround.duckdb"
    # Double quotes inside, so that the shell's single quotes need no escaping.
    where, query = json.dumps(_as_typed(database)), json.dumps(QUERY)
    code = f"import duckdb; duckdb.connect({where}, read_only=True).sql({query}).show()"
    return {
        "published": str(database),
        "parquet": str(settings.published / "parquet"),
        "report": str(report.with_name("report.html")),
        "quality": str(settings.quality / "index.html"),
        "mail": str(mails[-1]) if mails else None,
        "page_command": _page_command(settings),
        "query_command": f"{shlex.quote(_as_typed(Path(sys.executable)))} -c {shlex.quote(code)}",
        "findings": json.loads(report.read_text())["findings"],
    }


def _page_command(settings: Settings) -> str:
    program = _as_typed(Path(sys.executable).with_name("wordround"))
    return f"WORDROUND_HOME={shlex.quote(_as_typed(settings.home))} {shlex.quote(program)} serve --demo"


def _as_typed(path: Path) -> str:
    """The path as someone in the working folder would type it."""
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


@contextmanager
def _timed(seconds: dict[str, float], phase: str) -> Iterator[None]:
    begun = time.monotonic()
    try:
        yield
    finally:
        seconds[phase] = time.monotonic() - begun
