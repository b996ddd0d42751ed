"""Erasing: comments are removed everywhere and do not come back.

A request names a comment, an author, a file or a source. Each erased comment leaves a tombstone; each erasure leaves a
line in `erasure/log.jsonl` with its time, its kind and the number of rows by place, never with what was erased. The
journal `erasure/unfinished.json` is written before the first step, and every step can be run again. So an erasure that
was cut short is finished by the next one, by `wordround erase --resume` or by the nightly run. The published copies
follow when the marts are built again: until then `erasure/stale` exists (pipeline.rebuild).
"""

import json
import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from wordround.erasing import drop_folders, finding, landed, other_files, tool_files
from wordround.erasing.finding import Found, Request
from wordround.errors import ErasureRefused
from wordround.identity import known_backups, tombstones, vault, vault_opening
from wordround.identity.pseudonyms import Pseudonymiser, pseudonymiser
from wordround.land import manifests
from wordround.records import comment_flags, erasure_receipts, reviews, rewrites, summary_posts
from wordround.settings import Settings
from wordround.storage import write_whole
from wordround.warehouse import erasure, rewriting
from wordround.warehouse.engine import exclusive, is_there

__all__ = [
    "Request", "count", "erase", "is_stale", "mark_stale", "prepare", "resume", "search_tool_files", "settle",
    "with_tombstone",
]  # fmt: skip

log = logging.getLogger(__name__)

_MOST_UNCONFIRMED = 1


def count(settings: Settings, request: Request) -> dict[str, Any]:
    """Return how many comments a request would erase."""
    with exclusive(settings):
        keys = pseudonymiser(settings)
        return {"comments": len(finding.present(settings, finding.find(settings, keys, request).comment_ids))}


def erase(settings: Settings, request: Request, confirm: Callable[[int], bool] = lambda _: False) -> dict[str, Any]:
    """Finish an earlier erasure that was cut short, then carry out the request; return counts.

    confirm: is called with the number of comments where that is more than one. Raises ErasureRefused where it returns
    False; then nothing is erased.
    """
    with exclusive(settings):
        keys = pseudonymiser(settings)
        resume(settings)
        found = finding.find(settings, keys, request)
        here = finding.present(settings, found.comment_ids)
        if len(here) > _MOST_UNCONFIRMED and not confirm(len(here)):
            raise ErasureRefused(f"{len(here):,} comments would be erased. Nothing was: confirm it, or give --yes.")
        journal = _journal(settings, request.kind, request.source, found)
        # The tombstones of authors come first: they are made of author ids, which the journal must not hold.
        tombstones.lay(settings, keys, found.comment_ids, found.authors, found.batch_ids)
        _write_journal(settings, [journal])
        outcome = _carry_out(settings, keys, journal)
        # By the ids as they were asked for too, which no journal holds.
        return search_tool_files(settings, request, outcome)


def with_tombstone(settings: Settings, chain: Sequence[bytes], link_count: int) -> Found:
    """Return the stored comments (by their ids under all keys of a chain) and batches that were erased elsewhere.

    link_count: how many of the keys the stored ids have gone through.
    """
    keys, stones = Pseudonymiser(*chain), tombstones.read(settings)
    ids = (one for one in finding.every_id(settings) if stones.cover_id(keys, one, link_count))
    batches = {one.batch_id for one in manifests.landed(settings) if stones.cover_batch(keys, one.batch_id)}
    return Found({keys.relinked(one, link_count) for one in ids}, batches)


def prepare(settings: Settings, found: Found) -> None:
    """Begin to erase what has tombstones already, as in a backup: `resume` does the rest."""
    _write_journal(settings, [*_read_journal(settings), _journal(settings, "restore", None, found)])


def search_tool_files(settings: Settings, request: Request, outcome: dict[str, Any]) -> dict[str, Any]:
    """Search files of tools for what a request names; return its outcome with what was found there."""
    if request.kind not in ("comment", "author"):
        return outcome
    removed, left = tool_files.search(settings, request.values)
    where = outcome["where"] | {"tool_files": outcome["where"].get("tool_files", 0) + removed}
    refused = list(dict.fromkeys([*outcome.get("refused", []), *left]))
    erasure_receipts.log_search(settings, removed, len(refused))
    return outcome | {"where": where} | ({"refused": refused} if refused else {})


def resume(settings: Settings) -> list[dict[str, Any]]:
    """Finish an erasure that was cut short; return its counts."""
    with exclusive(settings):
        return [_carry_out(settings, pseudonymiser(settings), journal) for journal in _read_journal(settings)]


def is_stale(settings: Settings) -> bool:
    """Whether the published copies lag behind the warehouse."""
    return (settings.erasure / "stale").exists()


def mark_stale(settings: Settings, comment_ids: Iterable[str] = ()) -> None:
    """Record that the marts must be built from the start and published, and which comments no report may quote."""
    path = settings.erasure / "stale"
    before = path.read_text(encoding="ascii").split() if path.exists() else []
    write_whole(path, "\n".join(sorted({*before, *comment_ids})) + "\n", mode=0o600)


def settle(settings: Settings) -> None:
    """Record that the published copies match the warehouse.

    Reports that were written meanwhile from the earlier publication are removed where they quote an erased comment.
    """
    path = settings.erasure / "stale"
    other_files.remove_reports(settings, set(path.read_text(encoding="ascii").split()), set())
    path.unlink()


def _journal(settings: Settings, kind: str, source: str | None, found: Found) -> dict[str, Any]:
    journal: dict[str, Any] = {"kind": kind, "source": source, "at": datetime.now(UTC).isoformat(timespec="seconds")}
    journal |= {"comment_ids": sorted(found.comment_ids), "batch_ids": sorted(found.batch_ids)}
    journal["vaults"] = sorted(vault.sources(settings) & finding.sources_of(settings, found, source))
    if journal["vaults"] and kind != "source":
        # Before the first step: with a vault that cannot be opened the erasure could never be finished.
        vault_opening.stop_without_the_key(settings)
    return journal


def _carry_out(settings: Settings, keys: Pseudonymiser, journal: dict[str, Any]) -> dict[str, Any]:
    comment_ids, batch_ids = set(journal["comment_ids"]), set(journal["batch_ids"])
    found = Found(comment_ids, batch_ids)
    tombstones.lay(settings, keys, comment_ids, ())
    here = finding.present(settings, comment_ids)
    where: dict[str, Any] = {}
    # Reports first: they are searched for texts that the next steps remove.
    texts = finding.texts(settings, comment_ids)
    reports = other_files.remove_reports(settings, comment_ids, texts)
    elsewhere = landed.from_elsewhere(settings, found)
    where |= landed.erase(settings, found, texts)
    where["vault"] = _forget_locators(settings, keys, journal, comment_ids)
    removed, left = drop_folders.remove_erased_originals(settings)
    where["quality_files"] = other_files.remove_quality_files(settings, comment_ids)
    if is_there(settings):
        mark_stale(settings, comment_ids)
        where |= erasure.delete_comments(settings, comment_ids)
        rewriting.rewrite(settings)
    where["tool_files"], of_tools = tool_files.search(settings, comment_ids, texts)
    left += of_tools
    # Last: a server of records that is down must not keep a comment in all the other places.
    where["rewrites"] = rewrites.forget(settings, comment_ids)
    where["reviews"] = reviews.forget(settings, comment_ids)
    where["flags"] = comment_flags.forget(settings, comment_ids)
    where["summaries"] = summary_posts.forget(settings, comment_ids)
    outcome = {"comments": len(here), "where": where | {"reports": len(reports), "drop_folder_files": len(removed)}}
    backups = known_backups.tell(settings)
    erasure_receipts.log(settings, journal["kind"], journal["source"], journal["at"], outcome, len(left))
    log.info("Erased: %s", outcome)
    _write_journal(settings, [])
    paths = {"reports_removed": reports, "drop_folder_files_removed": removed}
    if elsewhere:
        paths["may_lie_elsewhere"] = elsewhere
    # The command line prints `refused` and fails, because a person must remove these files.
    return outcome | paths | ({"backups": backups} if backups else {}) | ({"refused": left} if left else {})


def _forget_locators(settings: Settings, keys: Pseudonymiser, journal: dict[str, Any], comment_ids: set[str]) -> int:
    """Remove locators. For a whole source its vault is removed unread; otherwise only vaults in question are opened."""
    if journal["kind"] == "source":
        return vault.forget_source(settings, journal["source"])

    def is_gone(source: str, locator: vault.Locator) -> bool:
        return keys.pseudonym(source, locator.native_id) in comment_ids

    return sum(vault_opening.forget(settings, source, partial(is_gone, source)) for source in journal["vaults"])


def _write_journal(settings: Settings, entries: list[dict[str, Any]]) -> None:
    path = settings.erasure / "unfinished.json"
    if entries:
        write_whole(path, json.dumps(entries), mode=0o600)
    else:
        path.unlink(missing_ok=True)


def _read_journal(settings: Settings) -> list[dict[str, Any]]:
    path = settings.erasure / "unfinished.json"
    entries: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    return entries
