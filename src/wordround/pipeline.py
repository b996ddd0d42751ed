"""The steps of the main job, by name and in order.

Each function is one step, for a DAG task and for a verb of the command line. Rooms return frozen outcomes; a step
returns them in the form that XCom and `--json` store: counts, ids and paths, never the text of a comment. Imports stand
inside the functions because Great Expectations and dbt take seconds to import and most steps need neither.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, ParamSpec
from zoneinfo import ZoneInfo

from wordround.access import open_to_readers, private
from wordround.errors import DigestNotDelivered, Incomplete, StorageFailed, WarehouseBusy, WordroundError
from wordround.outcomes import Outcome, Stored, stored
from wordround.settings import Settings

if TYPE_CHECKING:
    from wordround.alerts.watching import Watched
    from wordround.collect.conversations import ConversationCollected
    from wordround.collect.files import FilesCollected
    from wordround.collect.queries import AnswersCollected
    from wordround.connectors.files.pointed import Pointed
    from wordround.erasing import Request
    from wordround.land.row_outcomes import RowOutcomes
    from wordround.published.periods import Asked

_P = ParamSpec("_P")


def _step(work: Callable[_P, Outcome | Mapping[str, object]]) -> Callable[_P, Stored]:
    """Make a step: only the owner may read the files that it writes, and its outcome can be stored."""

    @wraps(work)
    @private()
    def step(*args: _P.args, **kwargs: _P.kwargs) -> Stored:
        return stored(work(*args, **kwargs))

    return step


def logical_day(moment: datetime, day: str | None = None) -> date:
    """The day in Europe/London for which a run stands: that of its logical date or, without one, of its start.

    day: the day that was asked for by name (ISO 8601), where one was.
    """
    return date.fromisoformat(day) if day else moment.astimezone(ZoneInfo("Europe/London")).date()


@private()
def sources(settings: Settings, only: str | None = None) -> list[str]:
    """The sources that a run collects: all that are enabled, or one by name. Raises SettingsInvalid for another."""
    if only is None:
        return list(settings.sources.enabled())
    settings.sources.named(only)
    return [only]


@_step
def collect(settings: Settings, source: str, logical_date: date) -> Outcome:
    """Read what is new at one source, de-identify it in memory and land it.

    Raises Incomplete, after everything else was landed, when a file was refused or a query was not answered whole.
    """
    collected = _collect(settings, source, logical_date)
    if collected.refused:
        raise Incomplete("\n".join(collected.refused))
    return collected


def _collect(
    settings: Settings, source: str, logical_date: date, days: tuple[date, date] | None = None
) -> "FilesCollected | AnswersCollected":
    from wordround import credentials
    from wordround.collect import files, queries
    from wordround.connectors import registry

    settings.sources.named(source)
    if registry.is_asked(source):
        return queries.collect(settings, source, logical_date, credentials.of(source), days)
    return files.collect(settings, source, logical_date)


@_step
def ingest(
    settings: Settings,
    source: str,
    logical_date: date,
    file: Path | None = None,
    days: tuple[date, date] | None = None,
    older: bool = False,
    called: str | None = None,
    pointed: "Pointed | None" = None,
    sheet: int | None = None,
) -> Mapping[str, object]:
    """Collect and load: one file, what is new at the source, or the days named. Returns an account of every row.

    older: take the file also where it would bring back what a later one has corrected. called: what it is called, where
    its path does not say so. pointed: its column map, in place of those of the settings. sheet: the number of the sheet
    of a workbook, in place of the one that fits.
    """
    from wordround.collect import files, warnings
    from wordround.warehouse import engine, load

    if file is None:
        return _ingest_new(settings, source, logical_date, days).account()
    manifest = files.land_file(
        settings, source, file, logical_date, older=older, called=called, pointed=pointed, sheet=sheet
    )
    assert manifest is not None, "no file is known to this call"  # noqa: S101 - for the type checker
    about = ("batch_id", "layout", "date_orders", "quarantine", "quarantine_file", "notes", "identifiers_removed")
    with engine.connect(settings):  # opened once for both
        loaded = load.load(settings)
        # From the warehouse, because a run beside this one may have loaded the batch.
        rows = load.account(settings, [manifest.batch_id])
    warned = [*warnings.of_rows(rows, manifest.rows.repeated), *warnings.of_notes(manifest.notes)]
    of_file = {name: getattr(manifest, name) for name in about}
    return {"warnings": warned, "rows": rows, **of_file, "refused": loaded.refused}


@_step
def look(
    settings: Settings,
    source: str,
    logical_date: date,
    file: Path,
    called: str | None = None,
    pointed: "Pointed | None" = None,
    sheet: int | None = None,
) -> dict[str, object]:
    """Say what would become of a file, and how much of it is known already; nothing of it is kept."""
    from wordround.collect import looking
    from wordround.warehouse import load

    found = looking.look(settings, source, file, logical_date, called, pointed, sheet)
    known = load.known_count(settings, found.comment_ids)
    about = found.model_dump(exclude={"comment_ids"})
    return {**about, "comments": len(found.comment_ids), "known": known}


@_step
def columns(
    settings: Settings, source: str, file: Path, called: str | None = None, sheet: int | None = None
) -> Outcome:
    """Say what stands in the columns of a file, in kinds and counts; nothing of it is kept."""
    from wordround.collect import looking

    return looking.columns(settings, source, file, called, sheet)


class _Ingested(NamedTuple):
    """What was collected, the outcomes of its rows, and what was refused, here and by `load`."""

    rows: "RowOutcomes"
    collected: "FilesCollected | AnswersCollected"
    refused: tuple[str, ...]

    def account(self) -> Mapping[str, object]:
        from wordround.collect import warnings
        from wordround.collect.files import FilesCollected

        about = {name: part for name, part in self.collected.parts().items() if name not in ("source", "batches")}
        if isinstance(self.collected, FilesCollected):
            known = warnings.of_rows(self.rows, self.collected.rows_repeated, "these files")
            about["warnings"] = [*known, *self.collected.warnings]
        return {"rows": self.rows, **about, "refused": self.refused}


def _ingest_new(
    settings: Settings, source: str, logical_date: date, days: tuple[date, date] | None = None
) -> _Ingested:
    from wordround.warehouse import engine, load

    collected = _collect(settings, source, logical_date, days)
    with engine.connect(settings):  # opened once for both
        loaded = load.load(settings)
        rows = load.account(settings, collected.batches)
    return _Ingested(rows, collected, (*collected.refused, *loaded.refused))


@_step
def collect_conversation(
    settings: Settings, name: str, since: date | None = None, until: date | None = None
) -> Mapping[str, object]:
    """Ask every source that can be asked by hashtag for a conversation, and load the answers.

    since, until: first and last day; without them from its first baseline day to its last. Raises ConversationRefused.
    """
    from wordround.warehouse import engine, load

    collected = _collect_conversation(settings, name, since, until)
    with engine.connect(settings):  # opened once for both
        loaded = load.load(settings)
        rows = load.account(settings, collected.batches)
    return {**collected.parts(), "rows": rows, "refused": (*collected.refused, *loaded.refused)}


@_step
def collect_live(settings: Settings, name: str) -> Outcome:
    """Ask for what is new of a conversation that is on; loading is a step of its own.

    Raises Incomplete, after everything else was landed, when a source failed.
    """
    collected = _collect_conversation(settings, name, is_live=True)
    require_whole(collected.parts())
    return collected


def _collect_conversation(
    settings: Settings, name: str, since: date | None = None, until: date | None = None, *, is_live: bool = False
) -> "ConversationCollected":
    from wordround import credentials
    from wordround.collect import conversations
    from wordround.conversations import declared

    conversation = declared.named(settings, name)
    return conversations.collect(settings, conversation, credentials.of, since, until, is_live=is_live)


@private()
def conversations_on(settings: Settings) -> list[str]:
    """Return the names of the conversations that are on: from half an hour before one begins to two hours after."""
    from wordround.conversations import declared

    now = datetime.now(UTC)
    return [one.conversation_id for one in declared.known(settings) if one.state(now) == "on"]


@_step
def plan(
    settings: Settings, source: str, logical_date: date, days: tuple[date, date] | None = None
) -> Mapping[str, object]:
    """Say what a source would be asked and what that could cost, without asking it."""
    from wordround import credentials
    from wordround.collect import queries
    from wordround.errors import CredentialMissing

    settings.sources.named(source)
    try:
        secrets, missing = credentials.of(source), []
    except CredentialMissing as error:
        secrets, missing = {}, [str(error)]
    return queries.plan(settings, source, logical_date, secrets, days).parts() | {"credentials": missing}


@_step
def load(settings: Settings, collected: Iterable[Mapping[str, Any]] = ()) -> Outcome:
    """Merge every landed batch into the warehouse that is not in it yet, one transaction each.

    collected: outcomes of `collect`; a batch of theirs that is not in this home is named in `refused`.
    """
    from wordround.warehouse import load

    return load.load(settings, [batch_id for outcome in collected for batch_id in outcome["batches"]])


def require_whole(outcome: Mapping[str, Any]) -> None:
    """Raise Incomplete where a step has refused something: the last word of a run that went on without it."""
    if outcome["refused"]:
        raise Incomplete("\n".join(outcome["refused"]))


@_step
def understand(settings: Settings) -> Mapping[str, object]:
    """Score, code and group with its copies each distinct text that is new to the models; take in what people coded."""
    from wordround.review import human_codes
    from wordround.score import copies, rescoring
    from wordround.warehouse import engine

    with engine.connect(settings):  # opened once for all
        scored = {**rescoring.score(settings), "copies": copies.group(settings)}
        return {**scored, "human_codes": human_codes.bring_up_to_date(settings)}


@_step
def gate(settings: Settings, name: str, accept_fewer_rows: bool = False) -> Mapping[str, object]:
    """Check a gate (`loaded` or `publishable`). Raises GateFailed when a critical expectation does not hold.

    What a `load` brought since the step before is understood, or built, first: the gate judges no half of it. Where
    something was erased since the last publication, fewer rows are right.
    """
    from wordround import erasing
    from wordround.gates.check import check
    from wordround.warehouse import engine, newer_loads

    with engine.exclusive(settings):
        if name == "loaded" and engine.is_there(settings):
            understand(settings)
        elif name == "publishable" and newer_loads.since_build(settings):
            build(settings)
        return check(settings, name, accept_fewer_rows=accept_fewer_rows or erasing.is_stale(settings))


@_step
def build(settings: Settings, full_refresh: bool = False) -> Outcome:
    """Build and test the marts with dbt, once what was loaded since the gate `loaded` has passed it too."""
    from wordround.build import dbt
    from wordround.warehouse import alert_actions, conversations, engine, issued_alerts, newer_loads

    with engine.exclusive(settings):
        if newer_loads.since_gate(settings, "loaded"):
            gate(settings, "loaded")
        issued_alerts.bring_in_line(settings)
        alert_actions.bring_in_line(settings)
        conversations.bring_in_line(settings)
        return dbt.build(settings, full_refresh=full_refresh)


@_step
def publish(settings: Settings) -> Outcome:
    """Put a finished copy of the marts where analysts read it.

    What was erased since the gate has taken the marts with it: then they are built from the start and checked first.
    """
    from wordround import erasing
    from wordround.warehouse import engine

    with engine.exclusive(settings):
        return _publish_anew(settings) if erasing.is_stale(settings) else _publish(settings)


def _publish(settings: Settings) -> Outcome:
    from wordround.publish import publication

    published = publication.publish(settings)
    open_to_readers(settings, settings.published)
    return published


def _publish_anew(settings: Settings) -> Outcome:
    """Build the marts from the start and publish them; earlier publications are removed."""
    from wordround import erasing
    from wordround.publish import publication

    understand(settings)
    gate(settings, "loaded")
    build(settings, full_refresh=True)
    gate(settings, "publishable", accept_fewer_rows=True)
    published = _publish(settings)
    publication.forget_earlier(settings)
    erasing.settle(settings)
    return published


@_step
def edition(settings: Settings) -> Outcome:
    """Make the next edition of the public product, where a month has closed that the latest lacks."""
    from wordround.gates.check import rewrite_page
    from wordround.publish import editions

    made = editions.make(settings)
    if made.made:
        rewrite_page(settings)
    return made


@_step
def unite_trusts(day: date) -> Outcome:
    """Unite what the trusts of this installation give out for everybody; what is not in it is in `refused`."""
    from wordround.publish import union

    return union.unite_trusts(day)


@_step
def erase(settings: Settings, request: "Request", confirm: Callable[[int], bool]) -> Mapping[str, object]:
    """Erase comments everywhere, and publish what is left. Raises ErasureRefused where nobody confirms it."""
    from wordround import erasing
    from wordround.warehouse import engine

    with engine.exclusive(settings):
        outcome = erasing.erase(settings, request, confirm) | rebuild(settings)
        # Building and publishing has written files of tools.
        return erasing.search_tool_files(settings, request, outcome)


@_step
def count_erasure(settings: Settings, request: "Request") -> Mapping[str, object]:
    """Say how many comments a request would erase."""
    from wordround import erasing

    return erasing.count(settings, request)


@_step
def resume_erasure(settings: Settings) -> Mapping[str, object]:
    """Finish an erasure that was cut short, and publish what is left."""
    from wordround import erasing
    from wordround.warehouse import engine

    with engine.exclusive(settings):
        return {"finished": erasing.resume(settings)} | rebuild(settings)


@_step
def honour_source(settings: Settings, source: str) -> Mapping[str, object]:
    """Erase what was withdrawn at one source; publishing is a step of its own.

    Raises Incomplete, after everything else was done, when a file could not be removed or the source did not answer.
    """
    from wordround import credentials
    from wordround.erasing import withdrawals

    settings.sources.named(source)
    outcome = withdrawals.honour(settings, source, credentials.of)
    require_whole(outcome)
    return outcome


@_step
def expire(settings: Settings) -> Mapping[str, object]:
    """Remove texts and locators whose retention period is over; publishing is a step of its own."""
    from wordround.erasing import retention

    return retention.expire(settings, logical_day(datetime.now(UTC)))


@_step
def rebuild(settings: Settings) -> Mapping[str, object]:
    """Build the marts from the start and publish them, where something was erased or has expired since.

    Earlier publications are removed. Does nothing where nothing was erased, or nothing was ever published.
    """
    from wordround import erasing
    from wordround.warehouse import engine

    with engine.exclusive(settings):
        if not erasing.is_stale(settings):
            return {"published": "as it was"}
        if not (settings.published / "manifest.json").exists():
            erasing.settle(settings)
            return {"published": "nothing yet"}
        return {"published": stored(_publish_anew(settings))["build_id"]}


@_step
def honour_deletions(settings: Settings) -> Mapping[str, object]:
    """Run the steps of honour_deletions_daily in one process."""
    from wordround import credentials
    from wordround.erasing import withdrawals

    sources = {source: withdrawals.honour(settings, source, credentials.of) for source, _ in settings.sources}
    refused = [refusal for outcome in sources.values() for refusal in outcome.get("refused", [])]
    refused += [
        f"{name}: its deletions wait for its settings:\n{why}" for name, why in settings.sources.unfinished().items()
    ]
    return {"sources": sources, "expired": expire(settings), **rebuild(settings), "refused": refused}


@_step
def sync_organisations(settings: Settings) -> Outcome:
    """Ask the NHS directory what became of the organisations of services.csv, and record it for dbt."""
    from wordround.registers import organisations

    return organisations.sync(settings)


@_step
def rotate_keys(settings: Settings) -> Mapping[str, object]:
    """Bring every stored id under a fresh key, and publish."""
    from wordround.erasing import key_rotation
    from wordround.warehouse import engine

    with engine.exclusive(settings):
        return key_rotation.rotate(settings).parts() | rebuild(settings)


@_step
def claim_lake(settings: Settings) -> Mapping[str, object]:
    """Let this home write to its lake in place of the home that did."""
    from wordround.warehouse import engine

    return {"lake": engine.claim(settings)}


@_step
def back_up(settings: Settings, place: Path, keys_place: Path | None = None, keep_days: int | None = None) -> Outcome:
    """Write a backup of this home to a file or into a folder; other runs wait meanwhile."""
    from wordround.backup import saving

    return saving.save(settings, place, keys_place, keep_days)


@_step
def restore(
    settings: Settings, backup: Path, keys_file: Path | None = None, erasures: Path | None = None
) -> Mapping[str, object]:
    """Fill an empty home from a backup, erase again what was erased since, and publish."""
    from wordround import erasing
    from wordround.backup import restoring
    from wordround.publish import editions
    from wordround.warehouse import engine

    with engine.exclusive(settings):
        restored = restoring.restore(settings, backup, keys_file, erasures)
        editions.lead_to_latest(settings)
        if not engine.is_there(settings):
            return restored.parts() | {"published": "nothing yet"}
        gate(settings, "loaded")
        build(settings, full_refresh=True)
        gate(settings, "publishable", accept_fewer_rows=True)
        published = _publish(settings)
        if erasing.is_stale(settings):
            erasing.settle(settings)
        return restored.parts() | {"published": stored(published)["build_id"]}


@_step
def watch_trends(settings: Settings) -> Outcome:
    """Issue the published alert episodes, and tell each subscriber what he was not told yet.

    Raises DigestNotDelivered, after everybody else was told, where a digest did not go out.
    """
    watched = _watch(settings)
    if watched.refused:
        raise DigestNotDelivered("\n".join(watched.refused))
    return watched


def _watch(settings: Settings) -> "Watched":
    from wordround.alerts import watching

    return watching.watch(settings)


@_step
def tell_late(settings: Settings, run_of: str) -> Outcome:
    """Tell the engineer that nothing of today is published, where that is so; `run_of`: the DAG whose run is late."""
    from wordround.alerts import lateness

    return lateness.tell(settings, run_of)


@_step
def render_report(settings: Settings, asked: "Asked | None" = None) -> Outcome | Mapping[str, object]:
    """Write the weekly report from the published warehouse, or the one of a month or quarter that is asked for."""
    from wordround import reports

    return reports.render(settings, asked=asked)


@private()
def due_reports(settings: Settings) -> list[str]:
    """Return the months and quarters whose data have arrived and of which a report is due."""
    from wordround.reports import due

    return due.periods(settings)


@_step
def render_reports(settings: Settings, codes: Iterable[str]) -> Mapping[str, object]:
    """Write the reports of these months and quarters: {folders, pages}, for `settle_report` and `send_report`."""
    from wordround import reports
    from wordround.published.periods import asked

    rendered = [reports.render(settings, asked=asked(code)) for code in codes]
    pages = {folder: page for each in rendered for folder, page in each.pages.items()}
    return {"folders": [str(each.folder) for each in rendered], "pages": pages}


@_step
def send_report(settings: Settings, rendered: Mapping[str, Any]) -> Outcome | Mapping[str, object]:
    """Send a rendered report and its editions to their recipients; one that is refused stops none of the others.

    Raises, after all were tried, MailRefused where a server did not take one, and ReportRenderedAnew where another page
    lies there than the one that was rendered.
    """
    from wordround import reports
    from wordround.errors import MailRefused, ReportRenderedAnew

    sent, refused, rendered_anew = {}, [], []
    for folder, page in rendered["pages"].items():
        name = Path(folder).name
        try:
            sent[name] = reports.send(settings, Path(folder), page_sha256=page)
        except MailRefused as error:
            refused.append(f"{name}: {error}")
        except ReportRenderedAnew as error:
            rendered_anew.append(str(error))
    if refused:
        raise MailRefused("\n".join(refused + rendered_anew))
    if rendered_anew:
        raise ReportRenderedAnew("\n".join(rendered_anew))
    first, *others = sent.items()
    return first[1].parts() | ({"editions": dict(others)} if others else {})


@_step
def settle_report(settings: Settings, rendered: Mapping[str, Any], decided: Mapping[str, Any]) -> Mapping[str, object]:
    """Log what a person decided about a report and its editions: a rejected one is not sent later either.

    decided: what Airflow's approval returns: `chosen_options`, `params_input` (`reason`), `responded_by_user`. Where
    another page lies there than the one that was rendered, nothing is noted, and `refused` says so.
    """
    from wordround import reports
    from wordround.errors import ReportRenderedAnew

    by = (decided.get("responded_by_user") or {}).get("name") or "somebody"
    why = (decided.get("params_input") or {}).get("reason") or ""
    is_approved = list(decided["chosen_options"]) == ["Approve"]
    settled, refused = [], []
    for folder, page in rendered["pages"].items():
        try:
            decided_on = reports.settle(settings, Path(folder), page, is_approved=is_approved, by=str(by), why=str(why))
            settled.append(decided_on)
        except ReportRenderedAnew as error:
            refused.append(str(error))
    first = settled[0].parts() if settled else {}
    return first | {"reports": len(settled), "refused": refused}


@_step
def report(settings: Settings, send: bool = False, asked: "Asked | None" = None) -> Mapping[str, object]:
    """Render the weekly report, or the one of a month or quarter, and, where asked, send it."""
    from wordround.reports import standing

    rendered: Mapping[str, Any] = render_report(settings, asked)
    if not send:
        return rendered
    sent = send_report(settings, rendered)
    rejected = standing.rejections(settings, map(Path, rendered["pages"]))
    return {**rendered, **sent, **({"rejected": rejected} if rejected else {})}


@_step
def list_reports(settings: Settings) -> Mapping[str, object]:
    """Say of the reports that lie in this home what was decided about each, by whom and why, and whether it was sent.

    For a person's screen: no task returns it, as Airflow would store it.
    """
    from wordround.reports import standing

    return {each.folder.name: each.says for each in standing.of_all(settings)}


@_step
def send_approved(settings: Settings, period: str | None = None) -> Mapping[str, object]:
    """Send the reports that lie in this home, were approved and were not sent; or those of one period alone."""
    from wordround.reports import standing

    return standing.send_approved(settings, period).parts()


@_step
def forget_reasons(settings: Settings, report: str) -> Mapping[str, object]:
    """Delete the reasons that were typed about a report, where one names somebody after all."""
    from wordround.records import report_decisions

    return {"reasons": report_decisions.forget_words(settings, report)}


@_step
def fft_return(settings: Settings, month: date, eligible: Path | None = None, *, is_exact: bool = False) -> Outcome:
    """Write the monthly return of the Friends and Family Test; `is_exact`: with nothing hidden, for submission."""
    from wordround.reports import fft_return

    return fft_return.write(settings, month, eligible, is_exact=is_exact)


@_step
def sum_conversation(settings: Settings, conversation_id: str, *, is_exact: bool = False) -> Outcome:
    """Write the summary of a conversation; `is_exact`: with nothing hidden, for the analyst's desk."""
    from wordround.reports import conversation

    return conversation.write(settings, conversation_id, is_exact=is_exact)


@_step
def put_out_conversation(settings: Settings, conversation_id: str, out: Path) -> Outcome:
    """Copy the summary of a conversation, once it was approved, to where it is put out."""
    from wordround.reports import conversation

    return conversation.put_out(settings, conversation_id, out)


@_step
def public_report(settings: Settings, period: str | None = None, *, is_quarter: bool = False) -> Outcome:
    """Write the report for the public: of a month, or of a quarter, from the latest edition of the public figures."""
    from wordround.reports import public_report

    return public_report.write(settings, period, is_quarter=is_quarter)


@_step
def run(settings: Settings) -> Mapping[str, object]:
    """Run the daily chain in one process: ingest_daily, build_marts and watch_trends.

    A source that cannot be read or loaded, for whatever reason of its own, is named in `refused`, and the others go on.
    Where no source is left, raises the first error.
    """
    ingested, refused = _ingest_days(settings, sources(settings), [logical_day(datetime.now(UTC))])
    built = _build_and_publish(settings, refused)
    return {
        "refused": refused,
        **{source: each.account() for (_, source), each in ingested.items()},
        **built,
    }


@_step
def backfill(settings: Settings, first: date, last: date, source: str | None = None) -> Mapping[str, object]:
    """Collect each day from the first to the last, both included, as its daily run would have, and publish.

    source: only this one. Where this home's Airflow runs it does the work, one run a day, and this returns at once.
    Otherwise all is done here; what refuses a source on a day is named in `refused`, and the rest goes on.
    """
    from wordround.local_airflow import backfilling, stack

    wanted = sources(settings, source)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    if stack.address_of_running(settings) is not None:
        return backfilling.start(settings, days, source)
    ingested, refused = _ingest_days(settings, wanted, days)
    accounts: dict[str, dict[str, object]] = {day.isoformat(): {} for day in days}
    for (day, name), each in ingested.items():
        accounts[day.isoformat()][name] = each.account()
    built = _build_and_publish(settings, refused)
    return {"refused": refused, "days": accounts, **built}


def _ingest_days(
    settings: Settings, wanted: list[str], days: list[date]
) -> tuple[dict[tuple[date, str], _Ingested], list[str]]:
    """Ingest each source day by day; return what came of each, and what was refused.

    Where nothing could be ingested at all, raises the first error.
    """
    ingested: dict[tuple[date, str], _Ingested] = {}
    refused: list[str] = []
    stopped: list[WordroundError] = []
    for day in days:
        for source in wanted:
            try:
                ingested[day, source] = _ingest_new(settings, source, day)
                refused += ingested[day, source].refused
            except (StorageFailed, WarehouseBusy):
                raise
            except WordroundError as error:
                stopped.append(error)
                refused.append(f"{type(error).__name__}: {error}")
    if stopped and not ingested:
        raise stopped[0]
    # What refuses a source refuses it every day, and each load finds the same damaged batch.
    return ingested, list(dict.fromkeys(refused))


def _build_and_publish(settings: Settings, refused: list[str]) -> Mapping[str, object]:
    """Do every step after loading; what is `refused` on the way is added there."""
    outcome = {
        "understood": understand(settings),
        "gate_loaded": gate(settings, "loaded"),
        "built": build(settings),
        "gate_publishable": gate(settings, "publishable"),
        "published": publish(settings),
    }
    watched = _watch(settings)
    refused += watched.refused
    return outcome | {"alerts": stored(watched), "edition": edition(settings)}
