"""Updates: what a check for deletions shows of posts that are still there, where its answer holds them whole.

Somebody who edits a detail out of a post on the third day does not want it kept, and likes and answers come in for
weeks. What has changed is landed like any other comment, through de-identification, and loaded. What has not changed is
not landed again. Nothing comes back that has expired, and no locator lasts longer for having been asked about.

Earlier versions are forgotten, however the later one came: a run that collects brings edits too.
"""

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from wordround import erasing
from wordround.comments import COUNTS, Comment
from wordround.connectors import registry
from wordround.erasing import landed, other_files
from wordround.identity.pseudonyms import pseudonymiser
from wordround.land import manifests
from wordround.land.batch import Batch
from wordround.records import comment_flags, reviews, rewrites
from wordround.settings import Settings
from wordround.warehouse import erasure, rewriting, stored_comments
from wordround.warehouse.engine import connect, exclusive
from wordround.warehouse.load import load


class _OnlyLooked(Exception):
    """Leaves a batch that is not to be landed."""


def take(settings: Settings, source: str, comments: Sequence[Comment]) -> dict[str, int]:
    """Land and load those of the comments that have changed; return how many were updated, and how many in their words.

    Comments that the warehouse does not hold are left alone.
    """
    with exclusive(settings):
        stored = stored_comments.states(settings, source)
        known = _known(settings, source, comments, stored)
        now = datetime.now(UTC)
        hashes = _content_hashes(settings, source, list(known.values()), now)
        edited = {comment_id for comment_id in known if hashes.get(comment_id) != stored[comment_id].content_hash}
        counted = {comment_id for comment_id, one in known.items() if _counts(one) != stored[comment_id].counts}
        changed = [known[comment_id] for comment_id in known if comment_id in edited | counted]
        if changed:
            with _batch(settings, source, now) as batch:
                batch.take(changed)
                manifest = batch.finish()
            load(settings, [manifest.batch_id])
        return {"updated": len(changed), "edited": len(edited)}


def forget_earlier(settings: Settings, source: str) -> int:
    """Remove all but the stored version of each comment of a source; return how many landed rows went.

    The published copies follow when the marts are built again (pipeline.rebuild).
    """
    with exclusive(settings):
        content_of = {one: state.content_hash for one, state in stored_comments.states(settings, source).items()}
        # What waits for loading may be newer.
        loaded = stored_comments.loaded_batches(settings)
        batches = [batch for batch in manifests.landed(settings, source) if batch.batch_id in loaded]
        comment_ids, texts = landed.earlier_versions(settings, batches, content_of)
        if not comment_ids:
            return 0
        erasing.mark_stale(settings, comment_ids)
        other_files.remove_reports(settings, comment_ids, texts)
        with connect(settings) as connection:
            erasure.delete_orphaned_figures(connection)
        rewriting.rewrite(settings)
        for comment_id in comment_ids & rewrites.standing(settings).keys():
            rewrites.withdraw(settings, comment_id)
        reviews.forget(settings, comment_ids & reviews.drawn_comments(settings))
        comment_flags.forget(settings, comment_ids)
        # Last: what is cut short before is found again by these rows.
        return landed.drop_earlier(settings, batches, content_of)


def _known(
    settings: Settings, source: str, comments: Sequence[Comment], stored: dict[str, stored_comments.State]
) -> dict[str, Comment]:
    """Return the comments that are stored with their words, by their id; what a check does not tell stays as it was."""
    keys, days = pseudonymiser(settings), settings.retention_days_of(source)
    first = datetime.now(UTC).date() - timedelta(days=days) if days is not None else None
    found: dict[str, Comment] = {}
    for comment in comments:
        comment_id = keys.pseudonym(source, comment.native_id)
        state = stored.get(comment_id)
        if state is None or state.is_text_expired or (first and comment.posted_on <= first):
            continue
        told = zip(COUNTS, state.counts, strict=True)
        counts = {name: before for name, before in told if getattr(comment, name) is None}
        role, language = comment.author_role or state.author_role, comment.language or state.language
        if not comment.site_code and not comment.locations:
            comment = comment._replace(site_code=state.site_code, locations=state.locations)
        found[comment_id] = comment._replace(query_id=state.query_id, author_role=role, language=language, **counts)  # type: ignore[arg-type]
    return found


def _content_hashes(settings: Settings, source: str, comments: list[Comment], now: datetime) -> dict[str, str]:
    """Return the content hash of each comment by its id, as landing would have it, without landing any."""
    hashes: dict[str, str] = {}
    with suppress(_OnlyLooked), _batch(settings, source, now) as batch:
        batch.take(comments)
        rows = batch.rows()
        hashes = dict(zip(rows["comment_id"].to_pylist(), rows["content_hash"].to_pylist(), strict=True))
        raise _OnlyLooked
    return hashes


def _batch(settings: Settings, source: str, now: datetime) -> Batch:
    sha256 = hashlib.sha256(f"{source} {now.isoformat()}".encode()).hexdigest()
    terms = replace(registry.terms()[source], needs_locator=False)
    return Batch(settings, source, now.date(), sha256, source, pseudonymiser(settings), terms)


def _counts(comment: Comment) -> tuple[int | None, ...]:
    return tuple(getattr(comment, name) for name in COUNTS)
