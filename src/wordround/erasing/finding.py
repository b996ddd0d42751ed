"""Finding the comments that a request means, by our own ids.

A request holds ids of the source, or ours. The answer holds comment ids, batches that go whole, and authors. Native ids
stay in memory.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from wordround.collect import pointing
from wordround.collect.files import connector_of
from wordround.collect.words import public_name
from wordround.connectors.files.settings import sources_of_tables
from wordround.errors import ErasureRefused
from wordround.identity import vault_opening
from wordround.identity.pseudonyms import Pseudonymiser
from wordround.land import former_ids, quarantine
from wordround.land.manifests import landed
from wordround.settings import Settings
from wordround.warehouse import stored_comments

_OUR_ID = re.compile(r"[0-9a-f]{32}")


class Request(NamedTuple):
    """What to erase: `values` are ids of comments or authors, or names of files; a source needs none."""

    kind: Literal["comment", "author", "source", "file"]
    source: str | None = None
    values: tuple[str, ...] = ()


@dataclass
class Found:
    """What to erase. `batch_ids`: batches of which every quarantined row goes too, with or without an id."""

    comment_ids: set[str] = field(default_factory=set)
    batch_ids: set[str] = field(default_factory=set)
    authors: list[tuple[str, str]] = field(default_factory=list)


def find(settings: Settings, keys: Pseudonymiser, request: Request) -> Found:
    """Return the comments, batches and authors of a request. Raises ErasureRefused where it is unclear."""
    known = {path.name for path in settings.landing.glob("*")} | set(type(settings.sources).model_fields)
    if request.source is not None and request.source not in known:
        raise ErasureRefused(f"There is no such source. There are: {', '.join(sorted(known))}.")
    if request.kind == "comment":
        found = Found(_comments(settings, keys, request))
    else:
        found = _authors(settings, keys, request) if request.kind == "author" else _batches(settings, request)
    found.comment_ids |= _other_ids(settings, found.comment_ids)
    return found


def present(settings: Settings, comment_ids: set[str]) -> set[str]:
    """Return those of the ids that are stored."""
    wanted = pa.array(sorted(comment_ids), pa.string())
    found: set[str] = set()
    for table in _tables(settings, "*", ["comment_id"]):
        found.update(_among(table, wanted)["comment_id"].to_pylist())
    return found | stored_comments.among(settings, comment_ids)


def every_id(settings: Settings) -> set[str]:
    """Return the ids of all that is stored: in landing, quarantine and the warehouse."""
    found: set[str] = set()
    for table in _tables(settings, "*", ["comment_id"]):
        found.update(table["comment_id"].to_pylist())
    for path in settings.quarantine.glob("*/*/*.csv"):
        found |= quarantined_ids(path)
    for source in type(settings.sources).model_fields:
        found |= stored_comments.of_source(settings, source)
    return found


def sources_of(settings: Settings, found: Found, named: str | None) -> set[str]:
    """Return the sources of the comments: the named one, else those whose landed files hold them."""
    if named:
        return {named}
    wanted = pa.array(sorted(found.comment_ids), pa.string())
    sources = {path.name for path in settings.landing.glob("*")}
    return {
        source
        for source in sources
        if any(_among(table, wanted).num_rows for table in _tables(settings, source, ["comment_id"]))
    }


def texts(settings: Settings, comment_ids: set[str]) -> set[str]:
    """Return the texts of comments, of all their landed versions. They stay in memory."""
    wanted = pa.array(sorted(comment_ids), pa.string())
    columns = (_among(table, wanted)["text"] for table in _tables(settings, "*", ["comment_id", "text"]))
    return {text for column in columns for text in column.to_pylist() if text}


def quarantined_ids(path: Path) -> set[str]:
    """Return the ids that rows of a quarantine file would have had."""
    return {one for row in quarantine.read_rows(path) for one in quarantine.untagged(row["comment_ids"])[1]}


def _comments(settings: Settings, keys: Pseudonymiser, request: Request) -> set[str]:
    if request.source is None:
        if not all(_OUR_ID.fullmatch(value) for value in request.values):
            raise ErasureRefused(
                "A comment is named by its comment_id (32 hexadecimal digits, as in fct_comments), or by the id that "
                "its source gave it together with --source."
            )
        return set(request.values)
    native: set[str] = set(request.values)
    if request.source in settings.sources.unfinished():
        # Which ids its rows have follows from its layouts; raises what is wrong with them.
        settings.sources.named(request.source)
    block = sources_of_tables(settings.sources).get(request.source)
    if block:
        trusts = {settings.trust.code, *block.trusts, *_trusts(settings, request.source)}
        native_ids = connector_of(request.source).native_ids
        blocks = [block, *pointing.of_manifests(settings, request.source, block)]
        native = {one for each in blocks for value in request.values for one in native_ids(each, trusts, value)}
    return {keys.pseudonym(request.source, one) for one in native}


def _trusts(settings: Settings, source: str) -> Iterator[str]:
    for table in _tables(settings, source, ["trust_code"]):
        yield from (code for code in pc.unique(table["trust_code"]).to_pylist() if code)


def _authors(settings: Settings, keys: Pseudonymiser, request: Request) -> Found:
    """Find an author's comments by the author keys of each week, and in the vault."""
    source = request.source
    if source is None:
        raise ErasureRefused("An author is known at one source only: say which with --source.")
    found = Found(authors=[(source, author) for author in request.values])
    for table in _tables(settings, source, ["comment_id", "author_key", "posted_date"]):
        for day in pc.unique(table["posted_date"]).to_pylist():
            of_day = table.filter(pc.equal(table["posted_date"], pa.scalar(day, pa.date32())))
            wanted = pa.array([keys.author_key(source, author, day) for author in request.values])
            found.comment_ids |= set(_among(of_day, wanted, "author_key")["comment_id"].to_pylist())
    found.comment_ids |= {
        keys.pseudonym(source, locator.native_id)
        for locator in vault_opening.locators(settings, source)
        if locator.author_id in request.values
    }
    return found


def _batches(settings: Settings, request: Request) -> Found:
    found = Found()
    named = {*request.values, *(public_name(Path(value)) for value in request.values)}
    for manifest in landed(settings, request.source or "*"):
        if request.kind == "source" or not named.isdisjoint((manifest.file, manifest.batch_id)):
            found.batch_ids.add(manifest.batch_id)
            parquet = settings.shared / manifest.parquet
            found.comment_ids |= set(pq.read_table(parquet, columns=["comment_id"])["comment_id"].to_pylist())
            path = settings.quarantine / Path(manifest.parquet).relative_to("landing").with_suffix(".csv")
            found.comment_ids |= quarantined_ids(path) if path.exists() else set()
    if request.kind == "file" and not found.batch_ids:
        raise ErasureRefused("No file of this name and no batch of this id was ever landed. See landing/<source>/.")
    if request.kind == "source" and request.source:
        found.comment_ids |= stored_comments.of_source(settings, request.source)
    return found


def _other_ids(settings: Settings, comment_ids: set[str]) -> set[str]:
    """Return the former ids of comments, and today's of former ones, as long as a batch that says so is not loaded."""
    pairs: set[tuple[str, str]] = set()
    for manifest in landed(settings):
        if (table := former_ids.read_pairs(settings, manifest)) is not None:
            pairs.update(zip(table[former_ids.FORMER_ID].to_pylist(), table["comment_id"].to_pylist(), strict=True))
    # Several former ids may be one row: first to the id of today, and from there to all that it had.
    today = comment_ids | {now for former, now in pairs if former in comment_ids}
    return today | {former for former, now in pairs if now in today}


def _tables(settings: Settings, source: str, columns: list[str]) -> Iterator[pa.Table]:
    for manifest in landed(settings, source):
        parquet = settings.shared / manifest.parquet
        if parquet.exists():
            yield pq.read_table(parquet, columns=columns)


def _among(table: pa.Table, wanted: Iterable[str], column: str = "comment_id") -> pa.Table:
    return table.filter(pc.is_in(table[column], value_set=wanted))
