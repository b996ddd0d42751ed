"""The union of public products: one file for a region or a nation, of what trusts have published for everybody.

Each file is what one trust gives out (`published/public/wordround_public.duckdb`): counts with small numbers hidden.
Nothing else is taken: a file that holds more is refused. Ids of services are put behind the code of their trust, so
that two trusts may each have a `ward_1`.
"""

import secrets
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import duckdb

from wordround import trusts
from wordround.errors import UnionRefused
from wordround.outcomes import Outcome
from wordround.publish import product
from wordround.publish.copying import copy_descriptions
from wordround.publish.given_products import OF_TRUSTS, GivenProduct, NotTaken, take_over
from wordround.publish.public import SCHEMA
from wordround.published.editions import DATABASE
from wordround.settings import PUBLISHED
from wordround.storage import DRAFT, storage
from wordround.warehouse.engine import CONFIG
from wordround.warehouse.statements import quoted

# One row each in every file, whichever trust's it is; which of several is kept.
_SHARED = {
    "public_themes": "partition by theme_code order by product_number",
    "public_sources": "partition by source_code order by product_number",
    "public_weeks": "partition by week_date order by product_number",
    # Of a trust whose comments begin within a month some of its weeks may be missing.
    "public_months": "partition by month_code order by week_count desc, product_number",
}


class United(Outcome):
    """The file, whose figures it holds, what was left out for a later edition, and which files were refused and why."""

    file: Path
    trusts: list[str]
    rows: int
    models: list[str]
    superseded: list[str]
    refused: list[str]


def unite(files: Sequence[Path], out: Path) -> United:
    """Write the union of these files to `out`; of two of one trust the one that was published later counts.

    Raises UnionRefused where `out` is there or no file can be taken; files that cannot are named in `refused`.
    """
    if out.exists():
        raise UnionRefused(f"{out}: is there already. Name a file that is not, or move it away.")
    with tempfile.TemporaryDirectory() as folder:
        taken, superseded, refused = _chosen(files, Path(folder))
        if not taken:
            raise UnionRefused("\n".join(["No file could be taken.", *refused]))
        with storage(out):
            out.parent.mkdir(parents=True, exist_ok=True)
            draft = out.with_name(f"{DRAFT}{out.name}-{secrets.token_hex(3)}")
            try:
                rows = _write(draft, taken)
                draft.replace(out)
            finally:
                draft.unlink(missing_ok=True)
    return United(
        file=out,
        trusts=sorted(trust for one in taken for trust in one.trusts),
        rows=rows,
        models=sorted({one.model for one in taken}),
        superseded=superseded,
        refused=refused,
    )


def files_of_trusts() -> tuple[list[Path], list[str]]:
    """Return what each trust of this installation gives out, and what is wrong with each that cannot be used.

    Raises UnionRefused where the installation is one trust's.
    """
    if trusts.folder() is None:
        raise UnionRefused(f"Name the files to unite: {trusts.ALL} names no folder of several trusts.")
    usable, wrong = trusts.usable()
    return [trusts.home_of(name) / PUBLISHED / SCHEMA / DATABASE for name in usable], list(wrong.values())


def unite_trusts(day: date) -> United:
    """Write the union of what the trusts of this installation give out, as of a day, and lead the usual name to it.

    A union that is there stays as it is: somebody may be reading it. Raises UnionRefused.
    """
    files, wrong = files_of_trusts()
    place = trusts.union_folder()
    out = place / f"{day.isoformat()}-{DATABASE}"
    if out.exists():
        raise UnionRefused(f"{out.name}: is there already, and is not written again.")
    united = unite(files, out)
    draft = place / f"{DRAFT}{DATABASE}-{secrets.token_hex(3)}"
    with storage(place):
        draft.symlink_to(out.name)
        draft.replace(place / DATABASE)
    return united.model_copy(update={"refused": [*wrong, *united.refused]})


def _chosen(files: Sequence[Path], folder: Path) -> tuple[list[GivenProduct], list[str], list[str]]:
    found, refused = [], []
    for number, path in enumerate(files):
        try:
            found.append(take_over(path, folder / f"{number}.duckdb"))
        except NotTaken as reason:
            refused.append(f"{path}: {reason}")
    taken: list[GivenProduct] = []
    superseded = []
    for one in sorted(found, key=lambda one: (one.published_at, str(one.path)), reverse=True):
        later = [other for other in taken if other.trusts & one.trusts]
        if later and one.trusts <= frozenset().union(*(other.trusts for other in later)):
            superseded.append(f"{one.path}: {later[0].path} is a later edition of {', '.join(sorted(one.trusts))}.")
        elif later:
            both = ", ".join(sorted(later[0].trusts & one.trusts))
            refused.append(
                f"{one.path}: {both} stands in {later[0].path} too, and other trusts do not. Give one of them."
            )
        elif taken and any(taken[0].themes.get(code, label) != label for code, label in one.themes.items()):
            refused.append(
                f"{one.path}: calls a theme otherwise than {taken[0].path}: give files of one code frame alone."
            )
        else:
            taken.append(one)
    return taken, superseded, refused


def _write(draft: Path, taken: Sequence[GivenProduct]) -> int:
    """Write the union into a new file; return its rows."""
    with duckdb.connect(config={**CONFIG}) as connection:
        products = {f"product_{number}": one for number, one in enumerate(taken)}
        for name, one in products.items():
            connection.execute(f"attach '{quoted(one.copy)}' as {name} (read_only)")
        connection.execute(f"attach '{quoted(draft)}' as draft; create schema draft.public; create schema draft.meta")
        for table in OF_TRUSTS:
            _gather(connection, products, f"{SCHEMA}.{table}", _columns(connection, table))
        for table, kept in _SHARED.items():
            _gather(connection, products, f"{SCHEMA}.{table}", "*", f"qualify row_number() over ({kept}) = 1")
        for table in ("publication", "rules"):
            _gather(connection, products, f"meta.{table}", "{trusts} as trust_code, *")
        # What each table and column is stands in every product; one of them is copied from.
        connection.execute("use product_0")
        for schema in (SCHEMA, "meta"):
            copy_descriptions(connection, schema)
        (rows,) = connection.execute(
            "select sum(estimated_size)::bigint from duckdb_tables() where database_name = 'draft'"
        ).fetchone() or (0,)
    with duckdb.connect(str(draft)) as connection:
        connection.execute(product.views("examples_public.sql"))
    return int(rows)


def _columns(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    names = connection.execute(f"select column_name from (describe product_0.{SCHEMA}.{table})").fetchall()
    return "* replace (trust_code || '.' || service_id as service_id)" if ("service_id",) in names else "*"


def _gather(
    connection: duckdb.DuckDBPyConnection,
    products: Mapping[str, GivenProduct],
    table: str,
    columns: str,
    kept: str = "",
) -> None:
    """Make a table of the union of those of all products, newest first."""
    parts = []
    for number, (name, one) in enumerate(products.items()):
        trusts = ", ".join(f"'{code}'" for code in sorted(one.trusts))
        chosen = columns.format(trusts=f"unnest([{trusts}])")
        parts.append(f"select {chosen}, {number} as product_number from {name}.{table}")
    connection.execute(
        f"create table draft.{table} as select * exclude (product_number)"
        f" from ({' union all by name '.join(parts)}) {kept} order by all"
    )
