"""Whether each enabled source can be asked, whether an erasure reaches its drop folder, and what no settings name.

No source is asked, and no secret is printed: that a secret is there is all that is said of it.
"""

from collections.abc import Iterator

from wordround import credentials
from wordround.collect import drop_folders
from wordround.connectors import registry
from wordround.connectors.blocks import AskedSource
from wordround.doctor.finding import Finding, attention, missing, ok
from wordround.errors import CredentialMissing
from wordround.folders import documentation
from wordround.settings import Settings


def sources(settings: Settings) -> Iterator[Finding]:
    """Look at every source that is asked, and at what landed of sources that have no block any more."""
    for name, block in settings.sources:
        if isinstance(block, AskedSource) and block.enabled:
            yield from _asked(name, block)
    yield from _folders(settings)
    for name, wrong in settings.sources.unfinished().items():
        about = (
            f"its block is not finished, so nothing of it is read and its text does not expire:\n{wrong}",
            f"Finish [sources.{name}] ({documentation(f'sources/{name}.md')}), or take it out.",
        )
        yield (missing if name in settings.sources.enabled() else attention)("sources", name, *about)
    if settings.landing.is_dir():
        kept = {path.name for path in settings.landing.iterdir() if path.is_dir()} - set(settings.sources.known())
        for name in sorted(kept & registry.terms().keys()):
            says = "comments are kept, and it has no block: its text does not expire and deletions are not asked for"
            to_do = f"Put [sources.{name}] back with enabled = false, or wordround erase --source {name}."
            yield missing("sources", name, says, to_do)


def _folders(settings: Settings) -> Iterator[Finding]:
    for folder in drop_folders.drop_folders(settings):
        if why := drop_folders.beyond(settings, folder):
            to_do = "Use a folder below WORDROUND_HOME, or remove by hand what an erasure names."
            yield attention("sources", str(folder), f"{why}: an erasure leaves files there, and names them", to_do)


def _asked(name: str, block: AskedSource) -> Iterator[Finding]:
    page = documentation(f"sources/{name}.md")
    try:
        credentials.of(name)
    except CredentialMissing as error:
        # Within Airflow a connection may say it; the doctor does not see those.
        yield attention("sources", name, str(error), f"Set them where the daily run sees them: {page}.")
    if not block.queries:
        yield missing("sources", name, "is enabled and has no queries, so that nothing is asked", f"Give one: {page}.")
    else:
        yield ok("sources", name, f"is asked {len(block.queries)} queries")
