"""Summaries of conversations that were written: whether somebody has approved one, so that it may be put out.

A decision is of exactly one page, as it is of reports: one that is written anew with other figures waits for its own.
Whoever has two approved pages can subtract them: so a page is approved only where, against every other approved page of
its conversation, no post was added, taken away or coded otherwise, or as many as may be shown together. The same holds
against approved pages of other conversations that count some of its posts: one hour may be declared twice.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from wordround.errors import ConversationRefused
from wordround.identity.pseudonyms import pseudonymiser
from wordround.published.conversation_posts import CountedPost
from wordround.records import report_decisions, summary_posts
from wordround.records.report_decisions import Decision
from wordround.records.summary_posts import Counted, CountedPage, PageName
from wordround.settings import Settings

_WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Summary:
    """A summary that lies in the home: its page, what that is known by, and the decision in force.

    decision_count: how many decisions on this page there were; approved_before: those in force that approve another.
    """

    conversation_id: str
    page: Path
    page_sha256: str
    decision: Decision | None
    decision_count: int
    approved_before: tuple[Decision, ...]

    @property
    def is_approved(self) -> bool:
        """Whether it may be put out."""
        return self.decision is not None and self.decision.is_approved

    @property
    def says(self) -> str:
        """How it stands, in words."""
        return self.decision.says if self.decision else "waits for somebody who approves or rejects it"


def folder(settings: Settings, conversation_id: str) -> Path:
    """Return where the summary of a conversation lies."""
    return settings.reports / f"conversation-{conversation_id}"


def of(settings: Settings, conversation_id: str) -> Summary | None:
    """Return the summary of a conversation; None where none was written."""
    page = folder(settings, conversation_id) / "report.html"
    if not page.is_file():
        return None
    digest, name = hashlib.sha256(page.read_bytes()).hexdigest(), page.parent.name
    decisions = report_decisions.of_reports(settings, [name])
    return Summary(
        conversation_id=conversation_id,
        page=page,
        page_sha256=digest,
        decision=report_decisions.in_force(decisions, name, digest),
        decision_count=sum(each.page_sha256 == digest for each in decisions),
        approved_before=tuple(each for each in _approved(decisions, name) if each.page_sha256 != digest),
    )


def keyed(settings: Settings) -> Callable[[str], str]:
    """Return what makes the names of counts into those that `keep` and `told_before` have."""
    keys = pseudonymiser(settings)
    return lambda name: keys.pseudonym("told", name)


def told_before(settings: Settings, conversation_id: str, comment_ids: Iterable[str]) -> list[dict[str, int]]:
    """Return the counts of approved pages, which somebody may have kept, by keyed names.

    Of the conversation, and of others that count one of these posts.
    """
    name = folder(settings, conversation_id).name
    approved = _approved(report_decisions.of_reports(settings, [name]), name)
    own = [PageName(conversation_id, each.page_sha256) for each in approved]
    others = _approved_of_others(settings, conversation_id)
    return summary_posts.told(settings, [*own, *summary_posts.sharing(settings, others, comment_ids)])


def keep(
    settings: Settings,
    summary: Summary,
    least_count: int,
    told: Mapping[str, int],
    posts: Iterable[tuple[str, CountedPost]],
) -> None:
    """Keep what the page counts and tells, for its comparison with others.

    least_count: posts that must differ; told: by names that went through `keyed`.
    """
    keys = pseudonymiser(settings)
    figures_key = cache(lambda digest: keys.pseudonym("figures", digest))
    counted = ((one, Counted(figures_key(each.digest), each.is_contribution)) for one, each in posts)
    approved = [each.page_sha256 for each in (summary.decision, *summary.approved_before) if each and each.is_approved]
    page = CountedPage(summary.page_sha256, least_count, told)
    summary_posts.keep(settings, summary.conversation_id, page, counted, approved)


def decide(settings: Settings, summary: Summary, *, is_approved: bool, by: str, why: str, seen: int) -> None:
    """Log a decision on a summary as it was read.

    Raises AlreadyDecided where somebody has decided since; ConversationRefused where it may not be approved.
    """
    if is_approved:
        _require_company(settings, summary)
    pages = {summary.page.parent.name: summary.page_sha256}
    report_decisions.log(settings, pages, is_approved=is_approved, by=by, way="page", why=why, seen=seen)


def withdraw(settings: Settings, summary: Summary, page_sha256: str, by: str) -> None:
    """Withdraw an earlier page: nobody is to have it any more. Raises ConversationRefused where it is none of these."""
    if page_sha256 not in {each.page_sha256 for each in summary.approved_before}:
        raise ConversationRefused("This page is not approved, or was withdrawn since.")
    pages = {summary.page.parent.name: page_sha256}
    report_decisions.log(settings, pages, is_approved=False, by=by, way="page", why=_WITHDRAWN)


def _approved(decisions: Collection[Decision], name: str) -> list[Decision]:
    """Return the decisions that are in force and approve a page, oldest first."""
    pages = dict.fromkeys(each.page_sha256 for each in decisions)
    found = (report_decisions.in_force(decisions, name, page) for page in pages)
    return sorted((each for each in found if each and each.is_approved), key=lambda each: each.at)


def _approved_of_others(settings: Settings, conversation_id: str) -> dict[PageName, Decision]:
    """Return the approved pages of other conversations that are kept."""
    kept = summary_posts.of_others(settings, conversation_id)
    names = {each: folder(settings, each.conversation_id).name for each in kept}
    decisions = report_decisions.of_reports(settings, set(names.values()))
    found = {each: report_decisions.in_force(decisions, name, each.page_sha256) for each, name in names.items()}
    return {each: decision for each, decision in found.items() if decision and decision.is_approved}


def _require_company(settings: Settings, summary: Summary) -> None:
    """Raise ConversationRefused where the page and another approved one tell a few posts by their difference."""
    others = {PageName(summary.conversation_id, each.page_sha256): each for each in summary.approved_before}
    others |= _approved_of_others(settings, summary.conversation_id)
    if not others:
        return
    own = summary_posts.page(settings, summary.conversation_id, summary.page_sha256)
    if own is None:
        raise ConversationRefused("What this page counts is not known. Write it again, and decide then.")
    for name, decision in others.items():
        _compare(settings, summary.conversation_id, own, name, decision)


def _compare(settings: Settings, conversation_id: str, own: CountedPage, name: PageName, decision: Decision) -> None:
    """Compare a page with one that was approved. Raises ConversationRefused."""
    is_of_another = name.conversation_id != conversation_id
    since = f"{decision.at:%d %B %Y at %H:%M} UTC{f' of {name.conversation_id}' if is_of_another else ''}"
    where = f"at {name.conversation_id}" if is_of_another else "below"
    other = summary_posts.page(settings, *name)
    if other is None:
        raise ConversationRefused(f"What the page approved on {since} counts is not known: withdraw it first.")
    least = max(own.least_count, other.least_count)
    found = summary_posts.differing(settings, PageName(conversation_id, own.page_sha256), name)
    if is_of_another and not found.shared:
        return
    # Reposts and copies are no company for posts with words of their own.
    if any(0 < count < least for count in (found.posts, found.contributions)):
        raise ConversationRefused(
            f"Fewer than {least} posts were added, taken away or coded otherwise since the page approved on {since}: "
            f"who has both would learn what those few say. Write it again once it is {least}, or withdraw that page "
            f"{where}, where nobody outside has it."
        )
    # Of two pages that were written before either was approved, neither has looked at the other.
    if any(0 < abs(count - other.told[one]) < least for one, count in own.told.items() if one in other.told):
        raise ConversationRefused(
            f"A count of this page differs by fewer than {least} from that of the page approved on {since}. Write it "
            "again: then it is hidden."
        )
