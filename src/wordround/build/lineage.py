"""dbt's own documentation as one page: models with their columns, tests and SQL, and their graph.

The page is made from the project alone, without the warehouse, so it holds no rows and no counts. dbt's page can load a
tracker from a content-delivery network; this copy forbids the browser to load anything.
"""

import json
from pathlib import Path

from wordround.build import dbt
from wordround.errors import BuildFailed
from wordround.settings import Settings
from wordround.storage import write_whole

PAGE = "lineage.html"

_HEAD = "<head>"
# dbt's page is one file whose scripts and styles are inline; they compile templates as they run.
_NO_NETWORK = (
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'unsafe-inline' "
    "'unsafe-eval'; style-src 'unsafe-inline'; img-src data:; font-src data:\">"
)


def write(settings: Settings) -> Path:
    """Write the page beside the quality page and return its path. Raises BuildFailed, StorageFailed."""
    dbt.invoke(settings, ["parse"])
    dbt.invoke(settings, ["docs", "generate", "--static", "--no-compile", "--empty-catalog"])
    made = (settings.dbt_target / "target" / "static_index.html").read_text(encoding="utf-8")
    if _HEAD not in made:
        raise BuildFailed("dbt's documentation has no head that could forbid it the network. It was not written.")
    page = settings.quality / PAGE
    # The page goes to others: it must not show paths of this machine.
    for folder in (settings.dbt_target / "project", dbt.DBT_PROJECT):
        made = made.replace(json.dumps(str(folder))[1:-1], "dbt")
    write_whole(page, made.replace(_HEAD, _HEAD + _NO_NETWORK, 1))
    return page
