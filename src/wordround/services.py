"""The trust's own services, as `dbt/seeds/reference/services.csv` names them.

Comes in: the seed. Goes out: every name that a comment may use for a trust, a site or a service. They stay in comments:
they are what the comment is about.
"""

import csv
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from wordround.settings import PROJECT

SERVICES = PROJECT / "dbt" / "seeds" / "reference" / "services.csv"

_NAMED_IN = ("trust_label", "site_label", "service_label", "aliases")
# An alias of one short word ("heron") would also keep a person's name.
_SHORTEST_SINGLE_WORD = 4


@cache
def names_that_stay(path: Path = SERVICES) -> tuple[str, ...]:
    """Return the names of trusts, sites and services, with their aliases."""
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(sorted({name for row in csv.DictReader(file) for name in _names(row)}))


def _names(row: dict[str, str]) -> Iterable[str]:
    for column in _NAMED_IN:
        for name in (row.get(column) or "").split("|"):
            name = name.strip()
            if " " in name or len(name) >= _SHORTEST_SINGLE_WORD:
                yield name


class Accounts:
    """Accounts of organisations, as the registry names them: the only ones that may be remembered."""

    def mentioned(self, source: str, handles: Iterable[str]) -> list[str]:
        """Return those of the handles that are registered, as `source:handle`, in order and once each."""
        return []

    def is_organisation(self, source: str, handle: str | None) -> bool:
        """Whether an account is an organisation's."""
        return False


def registered_accounts() -> Accounts:
    return Accounts()
