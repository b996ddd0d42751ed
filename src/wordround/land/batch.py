"""Landing: de-identified comments as immutable Parquet, with a manifest that accounts for every row.

A batch is `landing/<source>/<logical date>/<batch>.parquet`, its manifest `.json` and, where rows were rejected, a
quarantine file. De-identification happens here, in memory, before the first byte is written. Files are written under a
temporary name and renamed, the manifest last: a file without a manifest was never landed.
"""

import secrets
import time
from collections import Counter, deque
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import Unpack

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from wordround import __version__
from wordround.comments import LANDED, Comment, Refused, Rejected, Repeated
from wordround.connectors import registry
from wordround.connectors.blocks import AskedSource
from wordround.connectors.files.settings import TableSource
from wordround.connectors.limits import FileLimits
from wordround.connectors.terms import SourceTerms
from wordround.deidentify import deidentifier
from wordround.errors import ErasedMeanwhile
from wordround.identity import tombstones, vault
from wordround.identity.keys import chain_in_force
from wordround.identity.pseudonyms import Pseudonymiser
from wordround.land import former_ids, rereading
from wordround.land.cleaning import Begun, Cleaned, Cleaner
from wordround.land.columns import LandedColumns
from wordround.land.manifests import Manifest, Origin, moment_after_landed, write_manifest
from wordround.land.parquet_files import LINKS
from wordround.land.quarantine import Quarantine
from wordround.land.row_outcomes import LandedRows
from wordround.registers.services import exempt_names
from wordround.settings import Settings
from wordround.storage import DRAFT, sha256, sync

Item = Comment | Rejected | Refused | Repeated

_ROWS_PER_BATCH = 5_000
# Chunks that wait for their texts: about 30 MB.
_MOST_CHUNKS_WAITING = 8
_SECONDS_OF_A_DRAFT = 24 * 3600


class Batch:
    """One batch before it is landed. Use as a context manager; call `finish` once all rows were taken."""

    def __init__(
        self,
        settings: Settings,
        source: str,
        logical_date: date,
        input_sha256: str,
        file_name: str,
        keys: Pseudonymiser,
        terms: SourceTerms | None = None,
        cleaner: Cleaner | None = None,
    ) -> None:
        """`terms`: the terms of the source; without them, those that its connector declares.

        `cleaner`: one that may have begun to start its processes; the batch closes it.
        """
        self.batch_id = f"{logical_date:%Y%m%d}-{input_sha256[:12]}-{secrets.token_hex(3)}"
        self._source, self._logical_date, self._sha256, self._keys = source, logical_date, input_sha256, keys
        day = Path(source) / logical_date.isoformat()
        self._folder = settings.landing / day
        self._draft = self._folder / f"{DRAFT}{self.batch_id}.parquet"
        self._file_name = file_name
        self._quarantine_path = settings.quarantine / day / f"{self.batch_id}.csv"
        names = tuple(exempt_names())
        self._deidentify = deidentifier(names)
        self._cleaner = cleaner or Cleaner(names, self._deidentify)
        block = dict(settings.sources).get(source)
        limits = block.limits if isinstance(block, AskedSource | TableSource) else FileLimits()
        self._longest_text = limits.text_characters
        self._terms = terms or registry.terms()[source]
        # The records are asked when a hashtag is met: tables of answers have none.
        hashtags = partial(_tags_of_conversations, settings) if isinstance(block, AskedSource | TableSource) else tuple
        moment = moment_after_landed(settings, source)
        self._columns = LandedColumns(source, block, keys, self._terms, self._deidentify, names, moment, hashtags)
        self._quarantine = Quarantine(self._quarantine_path, self._file_name, source, keys, self._deidentify)
        self._settings, self._shared = settings, settings.shared
        self._erased_state, self._erased = tombstones.state(settings), tombstones.read(settings)
        self._locators: list[vault.Locator] = []
        self._sealed: Path | None = None
        self._rows: Counter[str] = Counter()
        self._refused: Counter[str] = Counter()
        self._waiting: list[Comment] = []
        # Chunks whose texts other processes may be at.
        self._being_cleaned: deque[tuple[list[Comment], Begun]] = deque()
        self._days: list[date] = []
        self._identifiers: Counter[str] = Counter()
        self._former: dict[str, str] = {}
        self._erased_here: set[str] = set()

    def __enter__(self) -> "Batch":
        self._folder.mkdir(parents=True, exist_ok=True)
        for draft in self._folder.parent.glob(f"*/{DRAFT}*"):
            # Left by a run that was killed: no live draft is as old. Another run may be clearing up too.
            with suppress(FileNotFoundError):
                if time.time() - draft.stat().st_mtime > _SECONDS_OF_A_DRAFT:
                    draft.unlink()
        self._writer = parquet_writer(self._draft, self._keys.link_count)
        return self

    def __exit__(self, failed: type[BaseException] | None, *_: object) -> None:
        self._cleaner.close()
        if failed:
            # On a full disk closing fails as well; both files are removed below.
            for file in (self._writer, self._quarantine):
                with suppress(OSError):
                    file.close()
            self._draft.unlink(missing_ok=True)
            self._quarantine_path.unlink(missing_ok=True)
            if self._sealed:
                self._sealed.unlink(missing_ok=True)

    def take(self, items: Iterable[Item]) -> None:
        """Take rows in any number."""
        waiting = self._waiting
        for item in items:
            if self._was_erased(item):
                self._count("erased", item.answer_count if isinstance(item, Rejected) else 1)
            elif isinstance(item, Comment) and self._is_too_long(item):
                self._set_aside(Rejected(item.row_number, "(whole row)", "too_long", {}, 1, (item.native_id,)))
            elif isinstance(item, Comment) and not self._columns.is_trust(item.trust_code):
                self._set_aside(Rejected(item.row_number, "(trust)", "unknown_trust", {}, 1, (item.native_id,)))
            elif isinstance(item, Comment):
                waiting.append(item)
                if len(waiting) >= _ROWS_PER_BATCH:
                    self._clean_waiting()
                    self._write_cleaned()
            elif isinstance(item, Rejected):
                self._set_aside(item)
            elif isinstance(item, Refused):
                self._count("refused")
                self._refused[item.reason] += 1
            else:
                self._count("repeated")

    def _is_too_long(self, comment: Comment) -> bool:
        words = (comment.text, comment.title, comment.trust_code, comment.site_code, *comment.locations)
        written = list(filter(None, words))
        # All of them together are hardly ever as long as one may be.
        return len("".join(written)) > self._longest_text and max(map(len, written)) > self._longest_text

    def _set_aside(self, rejected: Rejected) -> None:
        self._count("quarantined", rejected.answer_count)
        self._quarantine.add(rejected)

    def _count(self, outcome: str, rows: int = 1) -> None:
        self._rows["in"] += rows
        self._rows[outcome] += rows

    def rows(self) -> pa.Table:
        """Return what was taken so far, by the columns of rereading.py; after it nothing more is taken."""
        self._write_waiting()
        self._writer.close()
        return pq.read_table(self._draft, columns=rereading.COLUMNS)

    @property
    def account(self) -> LandedRows:
        """What became of the rows that were taken so far."""
        return LandedRows(rows_in=self._rows["in"], **{name: self._rows[name] for name in LandedRows.outcomes()})

    @property
    def days(self) -> tuple[date | None, date | None]:
        """The first and the last day of what was taken."""
        return min(self._days, default=None), max(self._days, default=None)

    @property
    def rejected(self) -> dict[str, int]:
        """How many answers go to quarantine, by reason."""
        return dict(sorted(self._quarantine.counts.items()))

    @property
    def identifiers(self) -> dict[str, int]:
        """How many identifiers of each kind were taken out."""
        return dict(sorted(self._identifiers.items()))

    def places(self) -> pa.Table:
        """Return the places of what was taken, each with its comments; after `rows`."""
        table = pq.read_table(self._draft, columns=["location_1", "location_2", "location_3", "comment_id"])
        return table.group_by(["location_1", "location_2", "location_3"]).aggregate([("comment_id", "count")])

    @property
    def former_ids(self) -> frozenset[str]:
        """Ids under which an earlier version landed comments of this batch."""
        return frozenset(self._former)

    def bring_over(self, pairs: Mapping[str, str]) -> None:
        """Let comments that were landed under a former id (former id: id) be brought under that of this batch."""
        self._former |= pairs

    def leave_out(self, erased: Collection[str]) -> None:
        """Leave out comments that were erased under another id; nothing more was to be taken."""
        self._erased_here |= set(erased)
        table = pq.read_table(self._draft)
        is_gone = pc.is_in(table["comment_id"], value_set=pa.array(list(erased), pa.string()))
        gone = table.filter(is_gone)
        landed = int(pc.sum(pc.or_(pc.is_valid(gone["text"]), gone["is_withheld"])).as_py() or 0)
        for outcome, rows in (("landed", landed), ("no_answer", len(gone) - landed)):
            self._rows[outcome] -= rows
            self._rows["erased"] += rows
        self._write_again(table.filter(pc.invert(is_gone)))

    def date_back(self, comment_ids: Collection[str], collected_at: datetime) -> None:
        """Let comments count as collected then, so that what came later stays; nothing more was to be taken."""
        table = pq.read_table(self._draft)
        is_older = pc.is_in(table["comment_id"], value_set=pa.array(list(comment_ids), pa.string()))
        place = table.schema.get_field_index("collected_at")
        then = pa.scalar(collected_at, table.schema.field(place).type)
        dated = pc.if_else(is_older, then, table["collected_at"])
        self._write_again(table.set_column(place, table.schema.field(place), dated))

    def _write_again(self, table: pa.Table) -> None:
        with parquet_writer(self._draft, self._keys.link_count) as writer:
            writer.write_table(table.cast(LANDED))

    def finish(self, **origin: Unpack[Origin]) -> Manifest:
        """Put the batch in place and return its manifest, with `origin` in it.

        Raises ErasedMeanwhile where something was erased, or the key changed, since the batch began.
        """
        self._write_waiting()
        self._writer.close()
        self._quarantine.close()
        with tombstones.landing_lock(self._settings):
            self._stop_if_the_rules_changed()
            sync(self._draft)
            if self._locators:
                self._sealed = vault.seal(
                    self._settings,
                    self._source,
                    self._logical_date,
                    self.batch_id,
                    self._locators,
                    self._terms.locator_days,
                )
            manifest = self._put_in_place(origin)
            if self._erased_here:
                tombstones.lay(self._settings, self._keys, self._erased_here, ())
            return manifest

    def _stop_if_the_rules_changed(self) -> None:
        keys_now = len(chain_in_force(self._settings))
        if tombstones.state(self._settings) != self._erased_state or keys_now != self._keys.link_count:
            raise ErasedMeanwhile(
                f"{self._file_name}: comments were erased, or the key changed, while it was read. Nothing was landed: "
                "feed it again."
            )

    def _put_in_place(self, origin: Origin) -> Manifest:
        parquet = self._folder / f"{self.batch_id}.parquet"
        self._draft.replace(parquet)
        former_ids.write_pairs(parquet, self._former, self._keys.link_count)
        manifest = Manifest(
            batch_id=self.batch_id,
            source=self._source,
            logical_date=self._logical_date,
            input_sha256=self._sha256,
            file=self._file_name,
            parquet=str(parquet.relative_to(self._shared)),
            rows=self.account,
            quarantine=self.rejected,
            refused=dict(sorted(self._refused.items())),
            quarantine_file=str(self._quarantine_path) if self._quarantine.counts else None,
            identifiers_removed=self.identifiers,
            first_posted_date=self.days[0],
            last_posted_date=self.days[1],
            landed_at=max(datetime.now(UTC), self._columns.collected_at),
            wordround_version=__version__,
            parquet_sha256=sha256(parquet),
            **self._without_cells(origin),
        )
        write_manifest(self._settings, manifest)
        return manifest

    def _without_cells(self, origin: Origin) -> Origin:
        """Return the fields of the manifest, in which names of trusts come from cells, with what places were none."""
        if (notes := origin.get("notes")) is not None:
            origin = {**origin, "notes": {**notes, **+self._columns.notes}}
        if orders := origin.get("date_orders"):
            is_trust = self._columns.is_trust
            return {**origin, "date_orders": {trust: order for trust, order in orders.items() if is_trust(trust)}}
        return origin

    def _was_erased(self, item: Item) -> bool:
        if not self._erased or isinstance(item, Repeated | Refused):
            return False
        if isinstance(item, Rejected):
            return any(self._erased.cover(self._keys, self._source, native_id) for native_id in item.native_ids)
        return self._erased.cover(self._keys, self._source, item.native_id, item.author_id) or any(
            self._erased.cover(self._keys, self._source, former_id) for former_id in item.former_ids
        )

    def _write_waiting(self) -> None:
        self._clean_waiting()
        self._write_cleaned(most_waiting=0)

    def _clean_waiting(self) -> None:
        if not self._waiting:
            return
        comments = list(self._waiting)
        self._waiting.clear()
        if any(comment.former_ids for comment in comments) and len(self._before):
            self._note_former(comments)
        if self._terms.needs_locator:
            has_author = self._terms.locates_author
            self._locators += [vault.Locator(one.native_id, one.author_id if has_author else None) for one in comments]
        linked = [each.title for one in comments for each in one.link_titles]
        cleaned = self._cleaner.begin([*(one.text for one in comments), *(one.title for one in comments), *linked])
        self._being_cleaned.append((comments, cleaned))

    def _write_cleaned(self, most_waiting: int = _MOST_CHUNKS_WAITING) -> None:
        """Write the chunks that others have cleaned, and of the rest all but so many: while they clean this one reads.

        What it would clean instead would be missing to them at the end.
        """
        chunks = self._being_cleaned
        while chunks and (len(chunks) > most_waiting or chunks[0][1].is_cleaned):
            comments, begun = chunks.popleft()
            self._write(comments, begun.cleaned())

    def _write(self, comments: list[Comment], cleaned: list[Cleaned | None]) -> None:
        """`cleaned`: their texts, then their titles, then the titles of their links."""
        found_in, count = [one and one.deidentified for one in cleaned], len(comments)
        clean, titles, linked = found_in[:count], found_in[count : 2 * count], found_in[2 * count :]
        languages = [one and one.language for one in cleaned[: len(comments)]]
        for found in found_in:
            if found and found.found:
                self._identifiers.update(span.kind for span in found.found)
        reshares = sum(found is None and one.reshare_of is not None for found, one in zip(clean, comments, strict=True))
        blank = clean.count(None) - reshares
        for outcome, rows in (
            ("landed", len(comments) - blank - reshares),
            ("no_answer", blank),
            ("reshared", reshares),
        ):
            self._count(outcome, rows)
        days = [comment.posted_on for comment in comments]
        self._days = [min([*self._days, *days]), max([*self._days, *days])]
        self._writer.write_batch(self._columns.of(comments, clean, titles, languages, linked))

    @cached_property
    def _before(self) -> pa.Array:
        return former_ids.before_this_rule(self._settings, self._source)

    def _note_former(self, comments: list[Comment]) -> None:
        pseudonym = self._keys.pseudonym
        pairs = {
            pseudonym(self._source, former_id): pseudonym(self._source, comment.native_id)
            for comment in comments
            for former_id in comment.former_ids
        }
        candidates = pa.array(list(pairs), pa.string())
        landed = candidates.filter(pc.is_in(candidates, value_set=self._before))
        self._former |= {former_id: pairs[former_id] for former_id in landed.to_pylist()}


def _tags_of_conversations(settings: Settings) -> set[str]:
    from wordround.conversations.declared import own_tags

    return own_tags(settings)


def parquet_writer(path: Path, link_count: int, schema: pa.Schema = LANDED) -> pq.ParquetWriter:
    """Open a Parquet file for writing, with the number of keys that its ids have gone through in its metadata."""
    with_links = schema.with_metadata({LINKS: str(link_count)})
    return pq.ParquetWriter(path, with_links, compression="zstd", compression_level=1)
