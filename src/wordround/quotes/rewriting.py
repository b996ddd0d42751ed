"""Rewrites of social media posts: written by one person, approved by another, shown in place of the post.

They are kept in the records, and the post never is. Refused are a rewrite that a search could lead back from, an
approval by its writer (a role or initials), and comments that may not be shown at all. No error and no outcome holds
a word of either text.
"""

from collections.abc import Iterable

from wordround.deidentify import deidentify
from wordround.errors import ApprovalRefused, CommentNotForQuoting, RewriteTooClose, RewriteUnusable
from wordround.outcomes import Outcome
from wordround.published.database import published_warehouse, rows
from wordround.published.reading import COMMENTS, Published, read
from wordround.published.tables import PublishedComment
from wordround.quotes import closeness
from wordround.quotes.choosing import own_names, weeks_by_service
from wordround.quotes.quotable import may_be_shown
from wordround.records import rewrites, roles
from wordround.records.rewrites import Rewrite
from wordround.settings import Settings

MOST_WORDS = 60


class Candidate(Outcome):
    """One post that may be put into other words; `state`: of its rewrite, in words."""

    comment_id: str
    service_id: str
    source_code: str
    state: str


class Candidates(Outcome):
    """The posts of the report's week that may be put into other words; `where`: how to look one up."""

    week: str
    candidates: tuple[Candidate, ...]
    where: str


class Written(Outcome):
    """A rewrite that was stored, with its number of words."""

    comment_id: str
    state: str = "waits for approval"
    words: int


class Approved(Outcome):
    """A rewrite that was approved, with the roles of both people."""

    comment_id: str
    state: str = "approved"
    written_by: str
    approved_by: str


class Withdrawn(Outcome):
    """How many rewrites of the comment were withdrawn: one or none."""

    comment_id: str
    withdrawn: int


def candidates(settings: Settings) -> Candidates:
    """The posts of the report's week that may be put into other words, by id, and where to look each up."""
    published = read(settings)
    kept = rewrites.standing(settings)
    where = settings.published / "wordround.duckdb"
    return Candidates(
        week=published.week.week_label,
        candidates=tuple(
            Candidate(
                comment_id=post.comment_id,
                service_id=post.service_id,
                source_code=post.source_code,
                state=_state(kept.get(post.comment_id), post),
            )
            for post in _posts(published)
        ),
        where=f"{where}: select comment_text from marts.fct_comments where comment_id = '...'",
    )


def texts(settings: Settings) -> dict[str, tuple[str | None, str | None]]:
    """The original of each candidate and its rewrite where there is one: for a terminal, and for nothing else."""
    kept = rewrites.standing(settings)
    return {
        post.comment_id: (post.comment_text, kept[post.comment_id].text if post.comment_id in kept else None)
        for post in _posts(read(settings))
    }


def write(settings: Settings, comment_id: str, text: str, by: str) -> Written:
    """Check a rewrite and store it; it replaces an earlier one and waits for approval.

    Raises CommentNotForQuoting, RewriteUnusable, RewriteTooClose.
    """
    published = read(settings)
    post = _post(published, comment_id)
    rewrite, role = " ".join(text.split()), _role(by)
    check(post.comment_text, rewrite, own_names(published))
    rewrites.write(settings, comment_id, rewrite, role, post.updated_at)
    return Written(comment_id=comment_id, words=len(closeness.words(rewrite)))


def approve(settings: Settings, comment_id: str, by: str) -> Approved:
    """Approve the rewrite of a comment. Raises ApprovalRefused, CommentNotForQuoting."""
    post = _post(read(settings), comment_id)
    role = _role(by)
    found = rewrites.standing(settings).get(comment_id)
    is_there = found is not None and _is_current(found, post)
    if found and is_there and roles.is_same(found.written_by, role):
        raise ApprovalRefused(f"{comment_id}: {role} wrote this rewrite. A second person has to approve it.")
    # Meanwhile somebody may have written it anew, or withdrawn it.
    if found is None or not is_there or not rewrites.approve(settings, found, role):
        raise ApprovalRefused(
            f"{comment_id}: has no rewrite of the comment as it is now. `wordround quotes rewrite` makes one."
        )
    return Approved(comment_id=comment_id, written_by=found.written_by, approved_by=role)


def withdraw(settings: Settings, comment_id: str) -> Withdrawn:
    """Take a rewrite away, approved or not; withdrawing what is not there is no error."""
    return Withdrawn(comment_id=comment_id, withdrawn=int(rewrites.withdraw(settings, comment_id)))


def forget_gone(settings: Settings) -> int:
    """Remove all about rewrites of comments that are no longer published with a text; return how many rewrites stood.

    Does nothing while what is published is behind: after a rotation of the key its ids are not those of the rewrites.
    """
    known = rewrites.comments(settings)
    if not known or (settings.erasure / "stale").exists():
        return 0
    condition = "comments.comment_text is not null and comments.comment_id in (select unnest(?))"
    with published_warehouse(settings) as connection:
        left = rows(connection, COMMENTS.format(condition=condition), PublishedComment, sorted(known))
    gone = known - {comment.comment_id for comment in left}
    return rewrites.forget(settings, gone) if gone else 0


def approved(settings: Settings, published: Published) -> dict[str, str]:
    """Approved rewrites of the week's comments as they are now, each checked again against its comment."""
    names = own_names(published)
    kept = rewrites.standing(settings)
    found = {}
    for post in published.comments:
        rewrite = kept.get(post.comment_id)
        if rewrite and _state(rewrite, post) == "approved" and _holds(post.comment_text, rewrite.text, names):
            found[post.comment_id] = rewrite.text
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


def _posts(published: Published) -> list[PublishedComment]:
    """Comments of the report's week that were written in public and may be shown in other words."""
    shown = may_be_shown(published.comments, weeks_by_service(published), published.themes, published.small_numbers)
    ids = {comment.comment_id for comment in shown if not comment.is_survey}
    return [post for post in published.comments if post.comment_id in ids]


def _post(published: Published, comment_id: str) -> PublishedComment:
    for post in _posts(published):
        if post.comment_id == comment_id:
            return post
    raise CommentNotForQuoting(
        f"{comment_id}: is not among the comments that may be put into other words. `wordround quotes list` lists them."
    )


def _state(rewrite: Rewrite | None, post: PublishedComment) -> str:
    if rewrite is None:
        return "no rewrite"
    if not _is_current(rewrite, post):
        return "comment changed since"
    is_approved = rewrite.approved_by and not roles.is_same(rewrite.approved_by, rewrite.written_by)
    return "approved" if is_approved else "waits for approval"


def _is_current(rewrite: Rewrite, post: PublishedComment) -> bool:
    return rewrite.comment_updated_at == post.updated_at


def _role(by: str) -> str:
    role = roles.tidy(by)
    if role is None:
        raise RewriteUnusable(
            f"--by: give a role or initials of at most {roles.LONGEST_ROLE} characters, such as 'quality lead'."
        )
    return role


def _listed(numbers: list[int]) -> str:
    shown = ", ".join(str(number) for number in numbers[:10])
    return shown if len(numbers) <= 10 else f"{shown} and {len(numbers) - 10} more"
