"""Landing: de-identified comments as immutable Parquet, with a manifest that accounts for every row.

A batch is `landing/<source>/<logical date>/<batch>.parquet`, its manifest `.json` and, where rows were rejected, a
quarantine file. De-identification happens here, in memory, before the first byte is written. Files are written under a
temporary name and renamed, the manifest last: a file without a manifest was never landed.
"""

import re
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, time
from functools import cached_property
from pathlib import Path
from typing import Any, Unpack

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from wordround import __version__
from wordround.comments import CLOSED, CONTENT, COUNTS, LANDED, Comment, Refused, Rejected, Repeated
from wordround.connectors import registry
from wordround.connectors.blocks import AskedSource, Source
from wordround.connectors.files.settings import TableSource
from wordround.connectors.limits import FileLimits
from wordround.connectors.terms import SourceTerms
from wordround.deidentify import Deidentified, Deidentifier
from wordround.deidentify.cells import Cells, language
from wordround.deidentify.placeholders import without_placeholders
from wordround.errors import ErasedMeanwhile
from wordround.identity import tombstones, vault
from wordround.identity.keys import chain_in_force
from wordround.identity.pseudonyms import Pseudonymiser
from wordround.land import former_ids
from wordround.land.cleaning import Cleaner
from wordround.land.manifests import LINKS, Manifest, Origin, write_manifest
from wordround.land.quarantine import Quarantine
from wordround.land.row_outcomes import LandedRows
from wordround.registers.services import (
    exempt_names,
    is_organisation,
    mentioned_services,
    named_services,
    registered_codes,
)
from wordround.settings import Settings
from wordround.storage import DRAFT, sync

Item = Comment | Rejected | Refused | Repeated

_ROWS_PER_BATCH = 25_000
_SECONDS_OF_A_DRAFT = 24 * 3600

_UNCHANGED = ("edited_at", "is_date_corrected", *COUNTS)
_POST_CONTENT = (
    "edited_at",
    "is_date_corrected",
    "language",
    "site_code",
    "service_id",
    "title",
    "hashtags",
    "link_domains",
)
# As the settings have it: the id of a query (blocks.Query).
_QUERY_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")


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
    ) -> None:
        """`terms`: the terms of the source; without them, those that its connector declares."""
        self.batch_id = f"{logical_date:%Y%m%d}-{input_sha256[:12]}-{secrets.token_hex(3)}"
        self._source, self._logical_date, self._sha256, self._keys = source, logical_date, input_sha256, keys
        day = Path(source) / logical_date.isoformat()
        self._folder = settings.landing / day
        self._draft = self._folder / f"{DRAFT}{self.batch_id}.parquet"
        self._file_name = file_name
        self._quarantine_path = settings.quarantine / day / f"{self.batch_id}.csv"
        names = tuple(exempt_names())
        self._deidentify = Deidentifier(names)
        self._cleaner = Cleaner(names, self._deidentify)
        block = dict(settings.sources).get(source)
        limits = block.limits if isinstance(block, AskedSource | TableSource) else FileLimits()
        self._longest_text = limits.text_characters
        self._cells = Cells(self._deidentify, names, registered_codes(), _own_hashtags(block))
        self._quarantine = Quarantine(self._quarantine_path, self._file_name, source, keys, self._deidentify)
        self._settings, self._home = settings, settings.home
        self._terms = terms or registry.terms()[source]
        self._erased_state, self._erased = tombstones.state(settings), tombstones.read(settings)
        self._locators: list[vault.Locator] = []
        self._sealed: Path | None = None
        self._rows: Counter[str] = Counter()
        self._refused: Counter[str] = Counter()
        self._waiting: list[Comment] = []
        self._days: list[date] = []
        self._identifiers: Counter[str] = Counter()
        self._collected_at = datetime.now(UTC)
        self._former: dict[str, str] = {}

    def __enter__(self) -> "Batch":
        self._folder.mkdir(parents=True, exist_ok=True)
        for draft in self._folder.parent.glob(f"*/{DRAFT}*"):
            # Left by a run that was killed: no live draft is as old. Another run may be clearing up too.
            with suppress(FileNotFoundError):
                if self._collected_at.timestamp() - draft.stat().st_mtime > _SECONDS_OF_A_DRAFT:
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
            elif isinstance(item, Comment):
                waiting.append(item)
                if len(waiting) >= _ROWS_PER_BATCH:
                    self._write_waiting()
            elif isinstance(item, Rejected):
                self._set_aside(item)
            elif isinstance(item, Refused):
                self._count("refused")
                self._refused[item.reason] += 1
            else:
                self._count("repeated")

    def _is_too_long(self, comment: Comment) -> bool:
        places = (comment.trust_code, comment.site_code, *comment.locations)
        return max(len(words or "") for words in (comment.text, comment.title, *places)) > self._longest_text

    def _set_aside(self, rejected: Rejected) -> None:
        self._count("quarantined", rejected.answer_count)
        self._quarantine.add(rejected)

    def _count(self, outcome: str, rows: int = 1) -> None:
        self._rows["in"] += rows
        self._rows[outcome] += rows

    def rows(self) -> pa.Table:
        """Return what was taken so far as comment_id and content_hash; after it nothing more is taken."""
        self._write_waiting()
        self._writer.close()
        return pq.read_table(self._draft, columns=["comment_id", "content_hash"])

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
            return self._put_in_place(origin)

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
            parquet=str(parquet.relative_to(self._home)),
            rows=LandedRows(rows_in=self._rows["in"], **{name: self._rows[name] for name in LandedRows.outcomes()}),
            quarantine=dict(sorted(self._quarantine.counts.items())),
            refused=dict(sorted(self._refused.items())),
            quarantine_file=str(self._quarantine_path) if self._quarantine.counts else None,
            identifiers_removed=dict(sorted(self._identifiers.items())),
            first_posted_date=min(self._days, default=None),
            last_posted_date=max(self._days, default=None),
            landed_at=datetime.now(UTC),
            wordround_version=__version__,
            **self._without_cells(origin),
        )
        write_manifest(self._settings, manifest)
        return manifest

    def _without_cells(self, origin: Origin) -> Origin:
        """Return the fields of the manifest, in which names of trusts come from cells."""
        if orders := origin.get("date_orders"):
            return {**origin, "date_orders": {self._cells.place(trust): order for trust, order in orders.items()}}
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
        if not self._waiting:
            return
        comments = list(self._waiting)
        self._waiting.clear()
        if any(comment.former_ids for comment in comments) and len(self._before):
            self._note_former(comments)
        if self._terms.needs_locator:
            has_author = self._terms.locates_author
            self._locators += [vault.Locator(one.native_id, one.author_id if has_author else None) for one in comments]
        cleaned = self._cleaner.clean([one.text for one in comments] + [one.title for one in comments])
        clean, titles = cleaned[: len(comments)], cleaned[len(comments) :]
        for found in (*clean, *titles):
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
        self._writer.write_batch(self._columns(comments, clean, titles, days))

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

    def _columns(
        self,
        comments: list[Comment],
        clean: list[Deidentified | None],
        titles: list[Deidentified | None],
        days: list[date],
    ) -> pa.RecordBatch:
        source, pseudonym = self._source, self._keys.pseudonym
        # Places are de-identified too, because cells move to other columns. Few places differ, so this costs little.
        distinct = {place for comment in comments for place in (comment.trust_code, *comment.locations) if place}
        places = {None: None, "": ""} | {place: self._cells.place(place) for place in distinct}
        # What is only somebody's name or number is no place, and makes no service.
        named = {
            place: words if words and without_placeholders(words).strip() else None for place, words in places.items()
        }
        locations = [tuple(map(named.get, (*comment.locations, None, None, None)[:3])) for comment in comments]
        forms = {form: pseudonym(source, "form", form) for form in {comment.form_id for comment in comments} if form}
        midnight = {day: datetime.combine(day, time(), UTC) for day in set(days)}
        columns: dict[str, list[Any]] = {
            "comment_id": [pseudonym(source, comment.native_id) for comment in comments],
            "response_id": [comment.form_id and forms[comment.form_id] for comment in comments],
            "source": [source] * len(comments),
            "kind": [_kind(comment) for comment in comments],
            "posted_at": [comment.posted_at or midnight[comment.posted_on] for comment in comments],
            "posted_date": days,
            "collected_at": [self._collected_at] * len(comments),
            # A withheld text of which no ordinary word is left is null; its comment is still counted.
            "text": [(found.text.strip() and found.text) or None if found else None for found in clean],
            "question_type": _closed("question_type", [comment.question_type for comment in comments]),
            "rating": [comment.rating for comment in comments],
            "rating_max": [comment.rating_max for comment in comments],
            "rating_note": _closed("rating_note", [comment.rating_note for comment in comments]),
            "trust_code": [places[comment.trust_code] for comment in comments],
            "location_1": [one for one, _, _ in locations],
            "location_2": [two for _, two, _ in locations],
            "location_3": [three for _, _, three in locations],
            "author_key": [self._author_key(comment) for comment in comments],
            "identifiers_removed": [
                sum(len(found.found) for found in pair if found) for pair in zip(clean, titles, strict=True)
            ],
            "is_withheld": [bool(found and found.withheld) for found in clean],
        }
        # The native id of the form, because its pseudonym changes with the key.
        content = {**columns, "response_id": [comment.form_id for comment in comments]}
        posted = self._post_columns(comments, titles)
        contents = zip(_contents(content), _post_contents(comments, posted), strict=True)
        columns["content_hash"] = [pseudonym("content", answer + post) for answer, post in contents]
        columns |= posted
        arrays = [
            pa.array(columns[field.name], field.type) if field.name in columns else pa.nulls(len(comments), field.type)
            for field in LANDED
        ]
        return pa.RecordBatch.from_arrays(arrays, schema=LANDED)

    def _post_columns(self, comments: list[Comment], titles: list[Deidentified | None]) -> dict[str, list[Any]]:
        """Return the columns that only posts, reviews and stories have."""
        columns: dict[str, list[Any]] = {name: [getattr(one, name) for one in comments] for name in _UNCHANGED}
        columns["title"] = list(map(self._cells.title, titles))
        columns["language"] = [language(one.language) for one in comments]
        columns["site_code"] = [self._cells.code(one.site_code) for one in comments]
        service_ids = {service.service_id for service in named_services()}
        columns["service_id"] = [one.service_id if one.service_id in service_ids else None for one in comments]
        columns["query_id"] = [
            one.query_id if one.query_id and _QUERY_ID.fullmatch(one.query_id) else None for one in comments
        ]
        for name in ("in_reply_to", "reshare_of"):
            native_ids = [getattr(one, name) for one in comments]
            columns[name] = [native_id and self._keys.pseudonym(self._source, native_id) for native_id in native_ids]
        columns["hashtags"] = [_once(map(self._cells.hashtag, one.hashtags)) for one in comments]
        columns["link_domains"] = [_once(map(self._cells.domain, one.link_domains)) for one in comments]
        columns["mentioned_accounts"] = [
            mentioned_services(self._source, one.mentions) or None if one.mentions else None for one in comments
        ]
        roles = [
            "organisation" if is_organisation(self._source, one.author_handle) else one.author_role for one in comments
        ]
        columns["author_role"] = _closed("author_role", roles)
        return columns

    def _author_key(self, comment: Comment) -> str | None:
        if comment.author_id is None or not self._terms.keeps_author_key:
            return None
        return self._keys.author_key(self._source, comment.author_id, comment.posted_on)


def _kind(comment: Comment) -> str:
    if comment.kind not in CLOSED["kind"]:
        # Its connector is wrong, and nothing can be told of such a row.
        raise ValueError("kind: is none of comments.Kind")
    return comment.kind


def _closed(column: str, values: list[str | None]) -> list[str | None]:
    """Return values without those that are not of the closed list of their column."""
    return [value if value in CLOSED[column] else None for value in values]


def _once(values: Iterable[str]) -> list[str] | None:
    return list(dict.fromkeys(values)) or None


def _own_hashtags(block: Source | None) -> set[str]:
    """Return the hashtags of the registry and those that the queries of a source ask for."""
    asked = {tag for query in block.queries for tag in query.hashtags} if isinstance(block, AskedSource) else set()
    return asked | {tag for service in named_services() for tag in service.hashtags}


def parquet_writer(path: Path, link_count: int, schema: pa.Schema = LANDED) -> pq.ParquetWriter:
    """Open a Parquet file for writing, with the number of keys that its ids have gone through in its metadata."""
    with_links = schema.with_metadata({LINKS: str(link_count)})
    return pq.ParquetWriter(path, with_links, compression="zstd", compression_level=1)


def _post_contents(comments: list[Comment], columns: dict[str, list[Any]]) -> Iterator[str]:
    """Yield the content of each post beside its text; empty for an answer of a survey.

    Native ids take the place of pseudonyms, which change with the key.
    """
    names = [name for name in _POST_CONTENT if any(value is not None and value is not False for value in columns[name])]
    for row, comment in enumerate(comments):
        content = {name: columns[name][row] for name in names}
        content |= {name: getattr(comment, name) for name in ("in_reply_to", "reshare_of")}
        content = {name: value for name, value in sorted(content.items()) if value is not None and value is not False}
        yield repr(content) if content else ""


def _contents(columns: dict[str, list[Any]]) -> Iterator[str]:
    """Yield the content of each row; columns that are empty throughout are left out."""
    present = sorted(columns.keys() & set(CONTENT))
    yield from map(repr, zip(*(columns[name] for name in present), strict=True))
