"""Landing: de-identified comments as immutable Parquet, with a manifest that accounts for every row.

Comes in: what a connector yields. Goes out: `landing/<source>/<logical date>/<batch>.parquet`, its manifest `.json`
and, where rows were rejected, a quarantine file. De-identification happens here, in memory, before the first byte.
Files are written under a temporary name and renamed, the manifest last: what has no manifest was never landed.
"""

import hashlib
import json
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from wordround import __version__
from wordround.comments import CONTENT, LANDED, Comment, Rejected, Repeated
from wordround.deidentify import Deidentified, Deidentifier
from wordround.pseudonyms import Pseudonymiser
from wordround.quarantine import Quarantine
from wordround.services import names_that_stay
from wordround.settings import Settings
from wordround.storage import DRAFT, sync, write_whole

Manifest = dict[str, Any]

_ROWS_PER_BATCH = 25_000
_SECONDS_OF_A_DRAFT = 24 * 3600


class Batch:
    """One batch on its way to landing. Use as a context manager; call `finish` when all rows were taken."""

    def __init__(
        self,
        settings: Settings,
        source: str,
        logical_date: date,
        input_sha256: str,
        file_name: str,
        keys: Pseudonymiser,
    ) -> None:
        self.batch_id = f"{logical_date:%Y%m%d}-{input_sha256[:12]}-{secrets.token_hex(3)}"
        self._source, self._logical_date, self._sha256, self._keys = source, logical_date, input_sha256, keys
        day = Path(source) / logical_date.isoformat()
        self._folder = settings.landing / day
        self._draft = self._folder / f"{DRAFT}{self.batch_id}.parquet"
        self._file_name = file_name
        self._quarantine_path = settings.quarantine / day / f"{self.batch_id}.csv"
        self._deidentify = Deidentifier(names_that_stay())
        self._quarantine = Quarantine(self._quarantine_path, self._file_name, self._deidentify)
        self._home = settings.home
        self._rows: Counter[str] = Counter()
        self._days: list[date] = []
        self._identifiers: Counter[str] = Counter()
        self._collected_at = datetime.now(UTC)

    def __enter__(self) -> "Batch":
        self._folder.mkdir(parents=True, exist_ok=True)
        for draft in self._folder.parent.glob(f"*/{DRAFT}*"):
            # Of a run that was killed: no living one is as old. Another run may be clearing up too.
            with suppress(FileNotFoundError):
                if self._collected_at.timestamp() - draft.stat().st_mtime > _SECONDS_OF_A_DRAFT:
                    draft.unlink()
        self._writer = pq.ParquetWriter(self._draft, LANDED, compression="zstd", compression_level=1)
        return self

    def __exit__(self, failed: type[BaseException] | None, *_: object) -> None:
        if failed:
            # A full disk refuses the last bytes of both files too; they go all the same.
            for file in (self._writer, self._quarantine):
                with suppress(OSError):
                    file.close()
            self._draft.unlink(missing_ok=True)
            self._quarantine_path.unlink(missing_ok=True)

    def take(self, items: Iterable[Comment | Rejected | Repeated]) -> None:
        """Take rows in any number."""
        waiting: list[Comment] = []
        for item in items:
            if isinstance(item, Comment):
                waiting.append(item)
                if len(waiting) >= _ROWS_PER_BATCH:
                    self._write(waiting)
                    waiting = []
            elif isinstance(item, Rejected):
                self._rows["in"] += item.answer_count
                self._rows["quarantined"] += item.answer_count
                self._quarantine.add(item)
            else:
                self._rows["in"] += 1
                self._rows["repeated"] += 1
        if waiting:
            self._write(waiting)

    def finish(self, **about: Any) -> Manifest:
        """Put the batch in place and return its manifest; `about` is kept in it."""
        self._writer.close()
        self._quarantine.close()
        parquet = self._folder / f"{self.batch_id}.parquet"
        sync(self._draft)
        self._draft.replace(parquet)
        manifest: Manifest = {
            "batch_id": self.batch_id,
            "source": self._source,
            "logical_date": self._logical_date.isoformat(),
            "input_sha256": self._sha256,
            "file": self._file_name,
            "parquet": str(parquet.relative_to(self._home)),
            "rows": {name: self._rows[name] for name in ("in", "landed", "no_answer", "repeated", "quarantined")},
            "quarantine": dict(sorted(self._quarantine.counts.items())),
            "quarantine_file": str(self._quarantine_path) if self._quarantine.counts else None,
            "identifiers_removed": dict(sorted(self._identifiers.items())),
            "first_posted_date": min(self._days).isoformat() if self._days else None,
            "last_posted_date": max(self._days).isoformat() if self._days else None,
            "landed_at": datetime.now(UTC).isoformat(),
            "wordround_version": __version__,
            **about,
        }
        write_whole(parquet.with_suffix(".json"), json.dumps(manifest, indent=2, ensure_ascii=False).encode())
        return manifest

    def _write(self, comments: list[Comment]) -> None:
        clean = [self._deidentify(comment.text) if comment.text is not None else None for comment in comments]
        for found in clean:
            if found and found.found:
                self._identifiers.update(span.kind for span in found.found)
        blank = clean.count(None)
        self._rows["in"] += len(comments)
        self._rows["no_answer"] += blank
        self._rows["landed"] += len(comments) - blank
        days = [comment.posted_on for comment in comments]
        self._days = [min([*self._days, *days]), max([*self._days, *days])]
        self._writer.write_batch(self._columns(comments, clean, days))

    def _columns(self, comments: list[Comment], clean: list[Deidentified | None], days: list[date]) -> pa.RecordBatch:
        source, pseudonym = self._source, self._keys.pseudonym
        # Cells move: a place, too, is de-identified. Few are different, so that this costs next to nothing.
        given = {place for comment in comments for place in (comment.trust_code, *comment.locations) if place}
        places = {None: None, "": ""} | {place: self._deidentify(place).text for place in given}
        locations = [tuple(map(places.get, (*comment.locations, None, None, None)[:3])) for comment in comments]
        forms = {form: pseudonym(source, "form", form) for form in {comment.form_id for comment in comments} if form}
        midnight = {day: datetime.combine(day, time(), UTC) for day in set(days)}
        columns: dict[str, list[Any]] = {
            "comment_id": [pseudonym(source, comment.native_id) for comment in comments],
            "response_id": [comment.form_id and forms[comment.form_id] for comment in comments],
            "source": [source] * len(comments),
            "kind": [comment.kind for comment in comments],
            "posted_at": [midnight[day] for day in days],
            "posted_date": days,
            "collected_at": [self._collected_at] * len(comments),
            "text": [found.text if found else None for found in clean],
            "question_type": [comment.question_type for comment in comments],
            "rating": [comment.rating for comment in comments],
            "rating_max": [comment.rating_max for comment in comments],
            "rating_note": [comment.rating_note for comment in comments],
            "trust_code": [places[comment.trust_code] for comment in comments],
            "location_1": [one for one, _, _ in locations],
            "location_2": [two for _, two, _ in locations],
            "location_3": [three for _, _, three in locations],
            "identifiers_removed": [len(found.found) if found else 0 for found in clean],
            "is_withheld": [bool(found and found.withheld) for found in clean],
        }
        columns["content_hash"] = _content_hashes(columns)
        arrays = [
            pa.array(columns[field.name], field.type) if field.name in columns else pa.nulls(len(comments), field.type)
            for field in LANDED
        ]
        return pa.RecordBatch.from_arrays(arrays, schema=LANDED)


def _content_hashes(columns: dict[str, list[Any]]) -> list[str]:
    """Return a hash of what each row says; columns that are empty throughout say nothing."""
    present = sorted(columns.keys() & set(CONTENT))
    rows = zip(*(columns[name] for name in present), strict=True)
    return [hashlib.blake2b(repr(row).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest() for row in rows]


def landed(settings: Settings, source: str = "*") -> Iterator[Manifest]:
    """Yield the manifests of everything landed, oldest first."""
    for path in sorted(
        settings.landing.glob(f"{source}/*/*.json"), key=lambda path: (path.parent.name, path.stat().st_mtime_ns)
    ):
        if not path.name.startswith("."):
            yield json.loads(path.read_text(encoding="utf-8"))
