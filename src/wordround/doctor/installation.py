"""Whether the installed programs are versions that work together, and whether the settings serve their purpose."""

import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version

from packaging.requirements import Requirement

from wordround import __version__
from wordround.connectors.files.settings import TableSource, sources_of_tables
from wordround.doctor.finding import Finding, attention, missing, ok
from wordround.folders import DOCS, remedy
from wordround.governance import is_fictional
from wordround.settings import Settings

_PYTHONS = ((3, 11), (3, 13))
_SHOWN = ("apache-airflow", "dbt-core", "duckdb", "great-expectations")
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


def versions() -> Iterator[Finding]:
    """Look at Python and at every package that Wordround asks for."""
    python = ".".join(str(part) for part in sys.version_info[:3])
    if not _PYTHONS[0] <= sys.version_info[:2] <= _PYTHONS[1]:
        yield missing("versions", "Python", f"is {python}", f"Use 3.11, 3.12 or 3.13: {remedy('python')}")
    yield ok("versions", "documentation", f"lies in {DOCS}")
    wrong = []
    for line in requires("wordround") or ():
        wanted = Requirement(line)
        if wanted.marker and not wanted.marker.evaluate({"extra": ""}):
            continue  # of another platform, or of an extra that only some need
        try:
            if not wanted.specifier.contains(version(wanted.name), prereleases=True):
                wrong.append(f"{wanted.name} is {version(wanted.name)}, wanted {wanted.specifier}")
        except PackageNotFoundError:
            wrong.append(f"{wanted.name} is not installed")
    if wrong:
        yield missing("versions", "packages", "; ".join(wrong), remedy("packages"))
        return
    shown = ", ".join(f"{name} {version(name)}" for name in _SHOWN)
    yield ok("versions", f"Wordround {__version__}", f"Python {python}, {shown}, and the rest as asked for")


def control_panel(settings: Settings) -> Iterator[Finding]:
    """Look at what the settings say beside governance."""
    yield ok("settings", settings.environment.config.name, f"can be read; the trust is {settings.trust.code}")
    yield from _mail(settings)
    for block in sources_of_tables(settings.sources).values():
        yield from _drop_folder(settings, block)
        for name, layout in block.layouts.items():
            if layout.id is None:
                says = "names no id column: a row cannot be found again, so an erasure must name its whole file"
                yield attention("settings", f"layout {name}", says, "Export the id column too, and name it as `id`.")


def _mail(settings: Settings) -> Iterator[Finding]:
    for block, recipients in (("report", settings.report.recipients), ("alerts", settings.alerts.recipients)):
        if not recipients and (block == "report" or not settings.alerts.subscriptions):
            says = "names no recipients, so nobody is sent anything"
            yield attention("settings", f"[{block}]", says, f"Name them as recipients under [{block}].")
        elif any(is_fictional(address) for address in recipients):
            says = "has recipients that do not exist"
            yield attention("settings", f"[{block}]", says, f"Name your own as recipients under [{block}].")
    if is_fictional(settings.report.sender):
        yield attention("settings", "[report]", "has a sender that does not exist", "Name your own as sender.")
    if not settings.mail.host:
        says = "names no mail server: alerts stand in the log only, and a report cannot be sent"
        yield attention("settings", "[mail]", says, "Name it as host under [mail], or as WORDROUND_SMTP_HOST.")
    elif settings.mail.host not in _THIS_MACHINE and not settings.mail.starttls:
        says = "mail crosses the network unencrypted"
        yield attention("settings", "[mail]", says, "Set starttls = true under [mail].")


def _drop_folder(settings: Settings, block: TableSource) -> Iterator[Finding]:
    folder = settings.shared / block.drop_folder
    if block.enabled and not folder.is_dir():
        says = "the drop folder is not there yet; the first run makes it, for its owner alone"
        yield attention("settings", str(folder), says, "Make it, and give it to the group that exports the files.")
    elif folder.is_dir() and not folder.is_relative_to(settings.shared) and folder.stat().st_mode & 0o007:
        says = "others may read the drop folder, which holds comments as they came"
        yield missing("settings", str(folder), says, f"chmod o= {folder}")
