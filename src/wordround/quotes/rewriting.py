"""Rewrites of social media posts: written by one person, approved by another, shown in place of the post.

Comes in: the id of a published comment, a rewrite, and who wrote or approved it (a role or initials). Goes out: a
line in `quotes/rewrites.jsonl`, which holds the rewrite and never the original. Refuses: a rewrite that a search
could lead back from, an approval by its writer, and comments that may not be shown at all. No error and no outcome
holds a word of either text.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from wordround.deidentify import deidentify
from wordround.errors import ApprovalRefused, CommentNotForQuoting, RewriteTooClose, RewriteUnusable
from wordround.published.reading import COMMENTS, Published, Row, published_warehouse, read, rows
from wordround.quotes import closeness
from wordround.quotes.choosing import own_names, week_rows
from wordround.quotes.quotable import may_be_shown
from wordround.records.rewrites import Rewrite, changing, forget, stored
from wordround.settings import Settings

MOST_WORDS = 60
LONGEST_ROLE = 40


def candidates(settings: Settings) -> dict[str, Any]:
    """The posts of the report's week that may be put into other words, by id, and where to look each up.

    Returns {"week", "candidates": [{"comment_id", "service_id", "source_code", "state"}], "where"}.
    """
    published = read(settings)
    kept = stored(settings.rewrites)
    found = [
        {
            "comment_id": row["comment_id"],
            "service_id": row["service_id"],
            "source_code": row["source_code"],
            "state": _state(kept.get(row["comment_id"]), row),
        }
        for row in _posts(published)
    ]
    where = settings.published / "wordround.duckdb"
    return {
        "week": published.week["week_label"],
        "candidates": found,
        "where": f"{where}: select comment_text from marts.fct_comments where comment_id = '...'",
    }


def texts(settings: Settings) -> dict[str, tuple[str, str | None]]:
    """The original of each candidate and its rewrite where there is one: for a terminal, and for nothing else."""
    kept = stored(settings.rewrites)
    return {
        row["comment_id"]: (
            row["comment_text"],
            kept[row["comment_id"]].rewrite if row["comment_id"] in kept else None,
        )
        for row in _posts(read(settings))
    }


def write(settings: Settings, comment_id: str, text: str, by: str) -> dict[str, Any]:
    """Check a rewrite and store it; it replaces an earlier one and waits for approval.

    Raises CommentNotForQuoting, RewriteUnusable, RewriteTooClose.
    """
    published = read(settings)
    row = _post(published, comment_id)
    rewrite, role = " ".join(text.split()), _role(by)
    check(row["comment_text"], rewrite, own_names(published))
    with changing(settings.rewrites) as kept:
        kept[comment_id] = Rewrite(comment_id, rewrite, role, _now(), _moment(row["updated_at"]))
    return {"comment_id": comment_id, "state": "waits for approval", "words": len(closeness.words(rewrite))}


def approve(settings: Settings, comment_id: str, by: str) -> dict[str, Any]:
    """Approve the rewrite of a comment. Raises ApprovalRefused, CommentNotForQuoting."""
    row = _post(read(settings), comment_id)
    role = _role(by)
    with changing(settings.rewrites) as kept:
        found = kept.get(comment_id)
        if found is None or found.comment_updated_at != _moment(row["updated_at"]):
            raise ApprovalRefused(
                f"{comment_id}: has no rewrite of the comment as it is now. `wordround quotes rewrite` makes one."
            )
        if _same(found.written_by, role):
            raise ApprovalRefused(f"{comment_id}: {role} wrote this rewrite. A second person has to approve it.")
        kept[comment_id] = replace(found, approved_by=role, approved_at=_now())
    return {"comment_id": comment_id, "state": "approved", "written_by": found.written_by, "approved_by": role}


def withdraw(settings: Settings, comment_id: str) -> dict[str, Any]:
    """Forget the rewrite of a comment, approved or not; withdrawing what is not there is no error."""
    return {"comment_id": comment_id, "withdrawn": forget(settings.rewrites, [comment_id])}


def forget_gone(settings: Settings) -> int:
    """Remove the rewrites of comments that are no longer published with a text. Returns how many there were."""
    kept = stored(settings.rewrites)
    if not kept:
        return 0
    condition = "comments.comment_text is not null and comments.comment_id in (select unnest(?))"
    with published_warehouse(settings) as connection:
        left = rows(connection, COMMENTS.format(condition=condition), list(kept))
    return forget(settings.rewrites, kept.keys() - {row["comment_id"] for row in left})


def approved(settings: Settings, published: Published) -> dict[str, str]:
    """Approved rewrites of the week's comments as they are now, each checked again against its comment."""
    names = own_names(published)
    kept = stored(settings.rewrites)
    found = {}
    for row in published.comments:
        rewrite = kept.get(row["comment_id"])
        if rewrite and _state(rewrite, row) == "approved" and _holds(row["comment_text"], rewrite.rewrite, names):
            found[row["comment_id"]] = rewrite.rewrite
    return found


def check(original: str | None, rewrite: str, names: Iterable[str] = ()) -> None:
    """Refuse a rewrite that could lead to whoever wrote the original, or that names somebody.

    Raises RewriteTooClose with the number and places of what survived, RewriteUnusable; never with a word of a text.
    """
    length = len(closeness.words(rewrite))
    if not length:
        raise RewriteUnusable("The rewrite is empty. Write in your own words what the post says.")
    if not original or not original.strip():
        raise RewriteUnusable("The text of this comment is not there, so no rewrite of it can be checked.")
    if runs := closeness.surviving_runs(original, rewrite):
        raise RewriteTooClose(
            f"Runs of {closeness.RUN} words of the original, or nearly so, that survive in the rewrite: {len(runs)}, "
            f"beginning at word {_listed(runs)} of it. Say it differently there."
        )
    if copied := closeness.copied_words(original, rewrite, names):
        raise RewriteTooClose(
            f"Word {_listed(copied)} of the rewrite is a hashtag, or a rare word of the original. "
            "A search would find the post by it: leave it out or use a common word."
        )
    if length > MOST_WORDS:
        raise RewriteUnusable(f"The rewrite has {length} words; {MOST_WORDS} is the most.")
    found = deidentify(rewrite)
    if found.withheld or found.found:
        kinds = ", ".join(sorted({span.kind for span in found.found})) or "something that cannot be judged"
        raise RewriteUnusable(f"The rewrite may identify a person ({kinds}). Leave that out.")


def _holds(original: str | None, rewrite: str, names: Iterable[str]) -> bool:
    try:
        check(original, rewrite, names)
    except (RewriteTooClose, RewriteUnusable):
        return False
    return True


def _posts(published: Published) -> list[Row]:
    """Comments of the report's week that were written in public and may be shown in other words."""
    shown = may_be_shown(published.comments, week_rows(published), published.themes, published.small_numbers)
    ids = {comment.comment_id for comment in shown if not comment.is_survey}
    return [row for row in published.comments if row["comment_id"] in ids]


def _post(published: Published, comment_id: str) -> Row:
    for row in _posts(published):
        if row["comment_id"] == comment_id:
            return row
    raise CommentNotForQuoting(
        f"{comment_id}: is not among the comments that may be put into other words. `wordround quotes list` lists them."
    )


def _state(rewrite: Rewrite | None, row: Row) -> str:
    if rewrite is None:
        return "no rewrite"
    if rewrite.comment_updated_at != _moment(row["updated_at"]):
        return "comment changed since"
    is_approved = rewrite.approved_by and not _same(rewrite.approved_by, rewrite.written_by)
    return "approved" if is_approved else "waits for approval"


def _role(by: str) -> str:
    role = " ".join(by.split())
    if not _bare(role) or len(role) > LONGEST_ROLE or "@" in role:
        raise RewriteUnusable(
            f"--by: give a role or initials of at most {LONGEST_ROLE} characters, such as 'quality lead'."
        )
    return role


def _same(one: str, other: str) -> bool:
    return _bare(one) == _bare(other)


def _bare(role: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", role).casefold() if c.isalnum())


def _listed(numbers: list[int]) -> str:
    shown = ", ".join(str(number) for number in numbers[:10])
    return shown if len(numbers) <= 10 else f"{shown} and {len(numbers) - 10} more"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _moment(value: datetime | None) -> str:
    return value.astimezone(UTC).isoformat() if value else ""
