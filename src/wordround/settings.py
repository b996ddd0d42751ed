"""Settings: `wordround.toml` for analysts and governance, environment variables for secrets and paths.

Settings are read at the edges (command line, DAG tasks) into one frozen `Settings`, which is passed in. An unknown key
is an error, so that a misspelt setting cannot go unnoticed.
"""

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import Field, PrivateAttr, SecretStr, ValidationError, create_model, field_validator, model_validator

from wordround import trusts
from wordround.connectors import fft, file, registry
from wordround.connectors.blocks import Address, Source
from wordround.conversation_plans import Plans
from wordround.errors import EnvironmentInvalid, SettingsInvalid
from wordround.folders import PROJECT, data_home, documentation, settings_file
from wordround.governance import Block, Governance, TrustGovernance
from wordround.web_access import Web

__all__ = ["PROJECT", "Environment", "Settings", "Source", "Sources", "load_settings"]


# What records and messages call `recipients` and `engineer` of [alerts].
EVERYBODY, ENGINEER = "recipients", "engineer"
# Below the data home.
PUBLISHED = "published"
# What a collection reads or writes: where homes share a folder, it lies there. Keys themselves are told by variables.
SHARED = (
    "landing", "quarantine", "vault", "erasure", "locks", "landing.lock", "keys/links", "keys/vault.pub",
    "installation",
)  # fmt: skip
# The variables without which two homes would keep other records, or know a comment by another id.
_FOR_A_SHARED_FOLDER = ("key", "vault_key", "records_url")

_NOT_IN_FOLDERS = re.compile(r"[^a-z0-9]+")


class Trust(Block):
    """The trust whose services are measured."""

    name: str
    code: str = Field(description="ODS code; used where a file names no trust")


class _Sources(Block):
    """`[sources.<name>]` for each source; what has no block is not read."""

    # The fault of each unfinished block, and which of these the daily run would read.
    _unfinished: Mapping[str, str] = PrivateAttr(default_factory=dict)
    _switched_on: frozenset[str] = PrivateAttr(default_factory=frozenset)

    @model_validator(mode="after")
    def _one_at_least(self) -> Self:
        if not any(self):
            raise ValueError(f"name one source at least: {', '.join(type(self).model_fields)}")
        return self

    def __iter__(self) -> Iterator[tuple[str, Source]]:  # type: ignore[override]
        """Yield the sources that have a block, by name."""
        yield from ((name, block) for name in type(self).model_fields if (block := getattr(self, name)) is not None)

    def known(self) -> tuple[str, ...]:
        """Names of all sources, also of those that are switched off: their deletions are still honoured."""
        return (*(name for name, _ in self), *self._unfinished)

    def enabled(self) -> tuple[str, ...]:
        """Names of the sources that the daily run collects from, or would if their block were finished."""
        return (*(name for name, source in self if source.enabled), *sorted(self._switched_on))

    def unfinished(self) -> Mapping[str, str]:
        """The fault of each block that is not finished; the other sources go on without it."""
        return self._unfinished

    def named(self, name: str) -> Source:
        """The block of one source. Raises SettingsInvalid where it is missing or unfinished."""
        if name in self._unfinished:
            raise SettingsInvalid(
                f"{name}: nothing of this source is read, because its block in the settings file is not finished. "
                f"{documentation(f'sources/{name}.md')} shows what it holds.\n{self._unfinished[name]}"
            )
        source: Source | None = getattr(self, name, None)
        if source is None:
            raise SettingsInvalid(
                f"[sources.{name}] is not in the settings file: {documentation(f'sources/{name}.md')} shows what it "
                "holds."
            )
        return source


if TYPE_CHECKING:

    class Sources(_Sources):
        fft: fft.Block | None
        file: file.Block | None
else:
    # One field a connector, so that a new source needs no line here.
    _BLOCKS = {name: (block | None, None) for name, block in registry.blocks().items()}
    Sources = create_model("Sources", __base__=_Sources, **_BLOCKS)


class ReportLead(Block):
    """One lead, whose edition of the weekly report has their services only."""

    name: str = Field(min_length=1, max_length=60, description="on the edition, such as Inpatient wards")
    services: Annotated[tuple[str, ...], Field(min_length=1, description="ids or names of services")]
    recipients: tuple[str, ...] = ()

    @property
    def folder_name(self) -> str:
        """How the folder of this lead's edition ends."""
        return _NOT_IN_FOLDERS.sub("-", self.name.casefold()).strip("-") or "lead"


class Report(Block):
    """Recipients and sender of the weekly report."""

    recipients: tuple[str, ...] = ()
    sender: str = "wordround@localhost"
    pdf: bool = Field(default=True, description="write the report as PDF too")
    leads: tuple[ReportLead, ...] = ()

    @model_validator(mode="after")
    def _each_lead_has_a_name(self) -> Self:
        names = [lead.name.casefold() for lead in self.leads]
        if twice := [lead.name for lead in self.leads if names.count(lead.name.casefold()) > 1]:
            raise ValueError(f"[[report.leads]]: the name {twice[0]!r} stands twice")
        folders = [lead.folder_name for lead in self.leads]
        if shared := [lead.name for lead in self.leads if folders.count(lead.folder_name) > 1]:
            raise ValueError(
                f"[[report.leads]]: {shared[0]!r} and {shared[1]!r} would have one folder. Folders are named with the "
                "letters a to z and digits of a name, so give them names that differ in these."
            )
        return self


class Subscription(Block):
    """Who is told of some alerts only, by mail or through a channel. What is left empty narrows nothing down."""

    name: str = Field(pattern=r"^[a-z0-9_-]{1,40}$", description="names the subscriber in records and messages")
    services: tuple[str, ...] = Field(default=(), description="ids of services")
    themes: tuple[str, ...] = Field(default=(), description="codes of themes")
    direction: Literal["both", "concern", "improvement"] = "both"
    tier: Literal["alert", "watch"] = Field(default="alert", description="watch: also what is shown on the page only")
    recipients: tuple[str, ...] = Field(default=(), description="by mail")
    channel: str | None = Field(
        default=None, pattern=r"^[a-z0-9_-]{1,40}$", description="a webhook, by the name that its address has"
    )

    @model_validator(mode="after")
    def _reaches_somebody(self) -> Self:
        if not self.recipients and self.channel is None:
            raise ValueError("name recipients, a channel, or both")
        return self


class Alerts(Block):
    """Who is told of trend alerts: recipients of all, and subscribers to some."""

    recipients: tuple[str, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()
    engineer: tuple[str, ...] = Field(default=(), description="who is told that figures are late; else the recipients")
    false_alerts_per_year: int = Field(
        default=26, ge=1, le=520, description="false alerts of the whole board that are accepted in a year"
    )

    @model_validator(mode="after")
    def _are_told_apart(self) -> Self:
        names = [each.name for each in self.subscriptions]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"two subscriptions have the name {twice[0]}; what was told is kept by it")
        if taken := sorted({EVERYBODY, ENGINEER} & set(names)):
            raise ValueError(f"a subscription cannot be called {taken[0]}: that is `{taken[0]}` of [alerts] itself")
        return self

    def subscribers(self) -> tuple[Subscription, ...]:
        """Everybody who is told of alerts; `recipients` are told of all of them."""
        everybody = Subscription.model_construct(name=EVERYBODY, recipients=self.recipients)
        return (*([everybody] if self.recipients else []), *self.subscriptions)


class Quotes(Block):
    """What the weekly report may quote. Social posts are never quoted, whatever the settings say."""

    survey_comments: bool = Field(default=False, description="may de-identified survey comments be quoted")
    per_service: int = Field(default=2, ge=1, le=6, description="quotes of one service, at most")
    longest_words: int = Field(default=40, ge=4, le=100, description="longer comments are not quoted")


class Mail(Block):
    """The mail server (SMTP). User and password come from the environment."""

    host: str = Field(default="", description="while it is empty, nothing is sent")
    port: int = 25
    starttls: bool = False


class Ods(Block):
    """The NHS directory of organisations."""

    address: Address = Field(
        default="https://directory.spineservices.nhs.uk/ORD/2-0-0", description="where `wordround services sync` asks"
    )


class Models(Block):
    """The models that read comments."""

    rescored_texts: int = Field(
        default=500_000, ge=1, description="texts of history that a new version reads again in one run, at most"
    )


class Engine(Block):
    """What runs the tasks, and what holds the tables of the warehouse: one machine and one file, or more."""

    executor: Literal["local", "celery"] = Field(
        default="local", description="tasks run beside Airflow's scheduler, or on workers (Celery), here and elsewhere"
    )
    queues: tuple[Literal["default", "warehouse"], ...] = Field(
        default=("default", "warehouse"), description="queues of workers that `wordround up` starts beside Airflow"
    )
    shared: Path | None = Field(
        default=None, description="folder of what comes in, which every home of this installation reaches"
    )

    warehouse: Literal["duckdb", "ducklake"] = Field(default="duckdb", description="one DuckDB file, or a lake")
    data: str = Field(default="", description="a lake's files: a folder, or s3://bucket/prefix; else in the data home")
    s3_endpoint: str = Field(default="", description="host and port of the S3 service; Amazon's where it is empty")
    s3_region: str = Field(default="", description="region of the bucket")
    s3_path_style: bool = Field(default=False, description="the bucket stands in the path of addresses")
    s3_tls: bool = Field(default=True, description="speak to the S3 service over TLS")

    @field_validator("shared")
    @classmethod
    def _is_the_same_for_every_home(cls, folder: Path | None) -> Path | None:
        if folder is not None and not folder.is_absolute():
            raise ValueError("is no absolute path: every home would mean another folder")
        return folder and folder.resolve()

    @model_validator(mode="after")
    def _files_belong_to_a_lake(self) -> Self:
        if self.data and not self.is_lake:
            raise ValueError('[engine] data: belongs to warehouse = "ducklake"')
        return self

    @property
    def is_lake(self) -> bool:
        return self.warehouse == "ducklake"


class Access(Block):
    """Who else than the owner may read the data home."""

    published: Literal["owner", "group"] = Field(default="owner", description="who may read the published files")


class Environment(Block):
    """Paths and secrets from the environment, never behaviour. Each is `WORDROUND_` and its name in capitals."""

    home: Path = Field(default_factory=data_home, description="where all data lives")
    config: Path = Field(default_factory=settings_file, description="the settings file")
    trusts: Path | None = Field(default=None, description="folder of the own folders of several trusts")
    trust: str | None = Field(default=None, description="which of them this process works for; set by Wordround itself")
    wait_seconds: int = Field(default=600, description="how long a run waits for another one to leave the warehouse")
    key: SecretStr | None = Field(default=None, description="keys of the pseudonyms (64 hex digits); else a 0600 file")
    vault_key: SecretStr | None = Field(default=None, description="private key of the locator vault; else a 0600 file")
    records_url: SecretStr | None = Field(default=None, description="Postgres database of the records; else a file")
    catalogue_url: SecretStr | None = Field(default=None, description="Postgres database of a lake; else a file")
    lake_key_id: str | None = Field(default=None, description="user at the S3 service of a lake")
    lake_secret: SecretStr | None = Field(default=None, description="password at the S3 service of a lake")
    smtp_host: str | None = Field(default=None, description="mail server, where it is not the settings file's")
    smtp_port: int | None = Field(default=None, description="port of the mail server, likewise")
    smtp_user: str | None = Field(default=None, description="user name at the mail server")
    smtp_password: SecretStr | None = Field(default=None, description="password at the mail server")
    channels: SecretStr | None = Field(default=None, description="addresses of webhooks: name=address, with spaces")
    channels_file: Path | None = Field(default=None, description="a 0600 file with the same, one a line")
    airflow_port: int | None = Field(default=None, description="port of `wordround up`; else the first free from 8080")
    airflow_database_url: SecretStr | None = Field(default=None, description="Airflow's Postgres database; else a file")
    airflow_address: str | None = Field(default=None, description="where `wordround worker` reaches Airflow's server")
    broker_url: SecretStr | None = Field(default=None, description="Redis with the queues of workers; else its own")
    airflow_password: SecretStr | None = Field(default=None, description="the page's password at [web.airflow]")
    web_key: SecretStr | None = Field(default=None, description="signs sessions of the web page; else a 0600 file")
    oidc_secret: SecretStr | None = Field(default=None, description="the page's secret at the provider of [web.oidc]")
    proxy_secret: SecretStr | None = Field(default=None, description="what the proxy of [web.proxy] proves itself by")


class Settings(Block):
    """Every setting, and every path that follows from one."""

    trust: Trust
    governance: TrustGovernance = Field(default_factory=TrustGovernance)
    sources: Sources
    access: Access = Field(default_factory=Access)
    ods: Ods = Field(default_factory=Ods)
    report: Report = Field(default_factory=Report)
    alerts: Alerts = Field(default_factory=Alerts)
    quotes: Quotes = Field(default_factory=Quotes)
    models: Models = Field(default_factory=Models)
    engine: Engine = Field(default_factory=Engine)
    mail: Mail = Field(default_factory=Mail)
    web: Web = Field(default_factory=Web)
    conversations: Plans = Field(default=(), description="each is read by itself: a wrong one is named and left out")
    environment: Environment

    def governance_of(self, source: str) -> Governance:
        """The governance in force for a source: its own answers over the trust's."""
        return Governance.of(self.governance, self.sources.named(source).governance)

    def retention_days_of(self, source: str) -> int | None:
        """The days after which a text of the source is removed: governance, capped by the source's terms."""
        limits = (self.sources.named(source).governance.retention_days, registry.longest_retention_days(source))
        return min((days for days in limits if days is not None), default=None)

    @property
    def home(self) -> Path:
        return self.environment.home

    @property
    def warehouse_file(self) -> Path:
        """The pipeline's own DuckDB file. Analysts never open it."""
        return self.home / "warehouse.duckdb"

    @property
    def lake(self) -> Path:
        """Folder of a lake: its catalogue, and its files where the settings name no other place."""
        return self.home / "lake"

    @property
    def shared(self) -> Path:
        """What comes in, and what landing must know: the data home, unless several homes share a folder."""
        return self.engine.shared or self.home

    def place(self, name: str) -> Path:
        """Where a file or folder of the data home lies, which may be one of those that several homes share."""
        return (self.shared if name.split("/")[0] in SHARED or name in SHARED else self.home) / name

    @property
    def landing(self) -> Path:
        return self.place("landing")

    @property
    def quarantine(self) -> Path:
        return self.place("quarantine")

    @property
    def vault(self) -> Path:
        """Sealed locators, for sources that must be asked about deletions."""
        return self.place("vault")

    @property
    def erasure(self) -> Path:
        """What stays of an erasure: tombstones, the log, and the journal of an unfinished one."""
        return self.place("erasure")

    @property
    def published(self) -> Path:
        """Folder of the finished warehouse: `wordround.duckdb`, `parquet/`, `manifest.json`."""
        return self.home / PUBLISHED

    @property
    def quality(self) -> Path:
        """Folder of the quality page (`index.html`) and the keys of failing rows."""
        return self.home / "quality"

    @property
    def reports(self) -> Path:
        return self.home / "reports"

    @property
    def records(self) -> Path:
        """Folder of the records, where they are not in a Postgres database."""
        return self.home / "records"

    @property
    def dbt_target(self) -> Path:
        return self.home / "dbt"


_PLAIN_REASONS = {
    "extra_forbidden": f"there is no such setting; {documentation('settings.md')} lists all",
    "missing": "is missing",
}


def _reason(problem: Any) -> str:
    return _PLAIN_REASONS.get(problem["type"], str(problem["msg"]).removeprefix("Value error, "))


def _environment() -> Environment:
    """Read the environment. An empty variable counts as set: a key that got lost must not pass for none."""
    variables = {name: f"WORDROUND_{name.upper()}" for name in Environment.model_fields}
    values = {name: os.environ[variable] for name, variable in variables.items() if variable in os.environ}
    try:
        return Environment.model_validate(values)
    except ValidationError as error:
        raise EnvironmentInvalid([(variables[str(one["loc"][0])], _reason(one)) for one in error.errors()]) from None


def _require_one_trust(environment: Environment) -> None:
    """Raise SettingsInvalid where it is not clear whose settings they are: keys and comments would mix."""
    if environment.trusts is None and environment.trust is None:
        return
    if environment.trusts is None or environment.trust is None:
        raise SettingsInvalid(
            f"{trusts.ALL} names several trusts, and this is said for none of them. `wordround --trust NAME ...` says "
            f"which; there are: {', '.join(trusts.names()) or 'none'}."
        )
    if environment.config != trusts.settings_of(environment.trust):
        raise SettingsInvalid(f"{trusts.ONE} is set by Wordround itself: `wordround --trust NAME ...`.")


def _require_own_drop_folders(settings: Settings) -> None:
    """Raise SettingsInvalid where one of several trusts would read what lies in another's folder."""
    if settings.environment.trust is None:
        return
    others = [name for name in trusts.names() if name != settings.environment.trust]
    theirs = [place for name in others for place in (trusts.settings_of(name).parent, trusts.home_of(name).resolve())]
    for name, block in settings.sources:
        folder = (settings.shared / getattr(block, "drop_folder", "")).resolve()
        if any(folder.is_relative_to(place) for place in theirs):
            raise SettingsInvalid(f"[sources.{name}.drop_folder] lies in the folder of another trust.")


def _require_one_machine_or_what_more_need(settings: Settings) -> None:
    """Raise SettingsInvalid where tasks of several homes would disagree, or one Airflow serves several trusts."""
    engine, environment = settings.engine, settings.environment
    if environment.trust is not None and (engine.executor != "local" or engine.shared):
        raise SettingsInvalid(
            "[engine] executor, shared: one Airflow serves several trusts here, and it runs their tasks beside its "
            "scheduler. Leave both out; a trust that needs workers has an installation of its own."
        )
    missing = [f"WORDROUND_{name.upper()}" for name in _FOR_A_SHARED_FOLDER if getattr(environment, name) is None]
    if engine.shared and missing:
        raise SettingsInvalid(
            f"[engine] shared: needs {', '.join(missing)}, the same for every home: else each would make keys and "
            f"records of its own ({documentation('settings.md#workers')})."
        )


def load_settings() -> Settings:
    """Read the settings file and the environment.

    A source whose block is not finished is left out and named by `sources.unfinished()`, so that the others go on.
    Raises SettingsInvalid that names the file, the key and what is wrong with it.
    """
    environment = _environment()
    _require_one_trust(environment)
    environment = environment.model_copy(update={"home": environment.home.expanduser().resolve()})
    path = environment.config
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise SettingsInvalid(
            f"{path}: cannot be read ({error.strerror}). WORDROUND_CONFIG names the settings file, else it is "
            "wordround.toml of the current folder; `wordround init FOLDER` makes one."
        ) from error
    except UnicodeDecodeError as error:
        raise SettingsInvalid(f"{path}: is not UTF-8 (byte {error.start}). Save it as UTF-8.") from error
    except RecursionError as error:
        raise SettingsInvalid(f"{path}: is nested deeper than any setting. Look for brackets without end.") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsInvalid(f"{path}: is not valid TOML: {error}") from error
    except ValueError as error:
        raise SettingsInvalid(f"{path}: is not valid TOML: a number has thousands of digits.") from error
    if "environment" in written:
        raise SettingsInvalid(
            f"{path}: these settings are not valid:\n  [environment] {_PLAIN_REASONS['extra_forbidden']}"
        )
    server = {"host": environment.smtp_host, "port": environment.smtp_port}
    try:
        settings = _settings(written, environment)
        _require_own_drop_folders(settings)
        _require_one_machine_or_what_more_need(settings)
        mail = settings.mail.model_copy(update={key: value for key, value in server.items() if value is not None})
        return settings.model_copy(update={"mail": mail})
    except ValidationError as error:
        problems = "\n".join(map(_line, error.errors(include_input=False, include_url=False)))
        raise SettingsInvalid(f"{path}: these settings are not valid:\n{problems}") from error


def _settings(written: dict[str, Any], environment: Environment) -> Settings:
    """Return the settings, without the blocks of sources that are not finished. Raises ValidationError for the rest."""
    try:
        return Settings(**written, environment=environment)
    except ValidationError as error:
        unfinished = _unfinished(error)
        if not unfinished:
            raise
        blocks = {name: block for name, block in written["sources"].items() if name not in unfinished}
        if not blocks:
            raise
        settings = Settings(**{**written, "sources": blocks}, environment=environment)
    settings.sources._unfinished = unfinished
    settings.sources._switched_on = frozenset(name for name in unfinished if _is_on(name, written["sources"][name]))
    return settings


def _unfinished(error: ValidationError) -> dict[str, str]:
    """Return the faults of each source; none where anything else is wrong, as a misspelt key may belong anywhere."""
    found: dict[str, list[str]] = {}
    for problem in error.errors(include_input=False, include_url=False):
        place = problem["loc"]
        if place[0] != "sources" or len(place) < 2 or problem["type"] == "extra_forbidden":
            return {}
        found.setdefault(str(place[1]), []).append(_line(problem))
    return {name: "\n".join(lines) for name, lines in found.items()}


def _is_on(name: str, block: Any) -> bool:
    default = registry.blocks()[name].model_fields["enabled"].default
    return not isinstance(block, dict) or block.get("enabled", default) is not False


def _line(problem: Any) -> str:
    return f"  [{'.'.join(str(part) for part in problem['loc'])}] {_reason(problem)}"
