"""DAGs of several trusts in one Airflow: a bundle of them and a team a trust.

A folder a trust holds links to the files of the DAGs: by the folder a file knows whose DAGs it makes (trust_dags.py),
and what is wrong with one trust's folder is an import error of its DAGs alone. Airflow itself sees to it that a team's
DAGs are shown to its own people, that no task of another uses its pool, and that no asset of another starts its runs.
"""

import json
import os
from dataclasses import dataclass
from itertools import product
from typing import Any

from wordround import trusts
from wordround.errors import SettingsInvalid
from wordround.folders import DAGS

UNION_DAG = "union_public"
_BUNDLE = "airflow.dag_processing.bundles.local.LocalDagBundle"


@dataclass(frozen=True)
class SeveralTrusts:
    """The trusts of this installation that have DAGs; `wrong`: of each folder that cannot be used, why not."""

    names: tuple[str, ...]
    wrong: dict[str, str]
    port: int | None = None

    def variables(self) -> dict[str, str]:
        """What every process of this Airflow is told: not of any trust but where they all lie."""
        return {trusts.ALL: str(trusts.folder())}


def several() -> SeveralTrusts | None:
    """Return the trusts of this installation; None where it is one trust's. Raises SettingsInvalid."""
    if trusts.folder() is None or trusts.current() is not None:
        return None
    usable, wrong = trusts.usable()
    if not usable:
        raise SettingsInvalid(
            "\n".join([f"{trusts.ALL}: its folder holds no trust that can be used.", *wrong.values()])
        )
    # What cannot be read today may be tomorrow, and Airflow names it until then.
    named = [name for name in [*usable, *wrong] if trusts.is_name(name)]
    return SeveralTrusts(tuple(sorted(named)), wrong, _port())


def _port() -> int | None:
    wanted = os.environ.get("WORDROUND_AIRFLOW_PORT")
    if wanted is not None and not wanted.isdecimal():
        raise SettingsInvalid("WORDROUND_AIRFLOW_PORT: is no number of a port.")
    return int(wanted) if wanted else None


def lay(several_trusts: SeveralTrusts) -> None:
    """Make the folders by which Airflow reads the DAGs of each trust; those of trusts that are gone are removed."""
    place = trusts.dag_folders()
    wanted = {place / trusts.UNION / f"{UNION_DAG}.py": DAGS / f"{UNION_DAG}.py"}
    for name, path in product(several_trusts.names, DAGS.glob("*.py")):
        if path.stem != UNION_DAG:
            # Airflow takes files of one name in two bundles for one file where it lists import errors.
            wanted[place / name / f"{trusts.called(path.stem, name)}.py"] = path
    # An Airflow may be reading them: what is right stays in place.
    for link in place.glob("*/*.py"):
        if link not in wanted or link.readlink() != wanted[link]:
            link.unlink()
    for link, path in wanted.items():
        link.parent.mkdir(parents=True, exist_ok=True)
        if not link.is_symlink():
            link.symlink_to(path)


def options(several_trusts: SeveralTrusts) -> dict[str, Any]:
    """Return the settings of Airflow by which each trust is a team, with a bundle and a user of its own."""
    # The union's team has no user of its own: whoever sees all trusts sees it.
    teams = [*several_trusts.names, trusts.UNION]
    kinds = [
        {"name": team, "classpath": _BUNDLE, "kwargs": {"path": str(trusts.dag_folders() / team)}, "team_name": team}
        for team in teams
    ]
    users = [f"{trusts.KEEPER}:admin", *(f"{name}:user:{name}" for name in several_trusts.names)]
    return {
        "CORE__MULTI_TEAM": True,
        "CORE__SIMPLE_AUTH_MANAGER_USERS": ",".join(users),
        "DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST": json.dumps(kinds),
    }


def pools(session: Any) -> None:
    """Tell Airflow's database the teams, and of each trust the pool that lets one task at a time into its warehouse."""
    from airflow.configuration import conf
    from airflow.models.pool import Pool
    from airflow.models.team import Team

    names: list[str | None] = [name for name in trusts.names() if trusts.is_name(name)]
    # Another Airflow than the one of `wordround up` may have no teams.
    has_teams = conf.getboolean("core", "multi_team")
    if has_teams:
        for name in [*names, trusts.UNION]:
            session.merge(Team(name=name))
        session.flush()
    for name in names or [None]:
        Pool.create_or_update_pool(
            trusts.called("warehouse", name), slots=1, description="DuckDB lets one process write at a time",
            include_deferred=False, team_name=name if has_teams else None, session=session,
        )  # fmt: skip
