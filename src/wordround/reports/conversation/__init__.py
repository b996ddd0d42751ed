"""The summary of a conversation: one page that may be passed on, and nothing on it that leads back to a person.

Small numbers are hidden, nobody is quoted, and no link was opened. A person approves it before it is put out.
"""

from functools import partial
from pathlib import Path

from wordround.conversations import summaries
from wordround.errors import ConversationRefused
from wordround.outcomes import Outcome
from wordround.settings import Settings

_FORMATS = (".html", ".pdf")


class PutOut(Outcome):
    """Where the summary was put, and who has approved it."""

    conversation: str
    file: Path
    standing: str


class ConversationSummed(Outcome):
    """Where the summary lies, what came, how many of its counts are hidden, and whether it may be put out."""

    conversation: str
    page: Path
    pdf: Path | None
    no_pdf: str | None
    contributions: int
    figures_hidden: int
    standing: str


def write(settings: Settings, conversation_id: str, *, is_exact: bool = False) -> ConversationSummed:
    """Write the summary into `reports/conversation-<name>/`.

    is_exact: with nothing hidden, for the analyst's desk, in files of another name. Raises NothingPublished,
    PublicationUnusable, ConversationNotThere, StorageFailed.
    """
    from wordround.coding import theme_sets
    from wordround.published import conversation_posts, conversations
    from wordround.published.conversation_figures import make
    from wordround.published.database import published_warehouse
    from wordround.reports import write_pdf
    from wordround.reports.conversation import page
    from wordround.storage import storage, write_whole

    with published_warehouse(settings) as connection:
        published = conversations.of(connection, conversation_id)
        agreement = theme_sets.of_comments(
            settings, partial(conversation_posts.contributions_of, connection, conversation_id)
        )
        if is_exact:
            made = make(published, settings.trust.name, agreement, is_exact=True)
        else:
            posts = conversation_posts.counted_posts(connection, conversation_id)
            before = summaries.told_before(settings, conversation_id, (one for one, _ in posts))
            keyed = summaries.keyed(settings)
            made = make(published, settings.trust.name, agreement, before, keyed, is_exact=False)
        folder = summaries.folder(settings, f"{conversation_id}-exact" if is_exact else conversation_id)
        html = page.html(made)
        # One of an earlier page would be put out with the approval of this one.
        with storage(folder):
            (folder / "report.pdf").unlink(missing_ok=True)
        no_pdf = write_pdf(folder, html) if settings.report.pdf else "report.pdf in the settings is false."
        write_whole(folder / "report.html", html)
        if not is_exact and (summary := summaries.of(settings, conversation_id)):
            posts = conversation_posts.counted_posts(connection, conversation_id)
            summaries.keep(settings, summary, published.small_numbers.smallest_shown, made.told, posts)
    return ConversationSummed(
        conversation=conversation_id,
        page=folder / "report.html",
        pdf=None if no_pdf else folder / "report.pdf",
        no_pdf=no_pdf,
        contributions=published.conversation.contribution_count,
        figures_hidden=made.hidden,
        standing="is not to be put out" if is_exact else _standing(settings, conversation_id),
    )


def put_out(settings: Settings, conversation_id: str, out: Path) -> PutOut:
    """Copy the page, or the PDF by the ending of `out`, as it was approved.

    Raises ConversationRefused where it was not written or not approved, or `out` is there or ends otherwise.
    """
    from wordround.storage import write_whole

    summary = summaries.of(settings, conversation_id)
    if summary is None:
        raise ConversationRefused("it has no summary yet. Write it first: wordround report conversation NAME")
    if not summary.is_approved:
        stands = f"was {summary.says}" if summary.decision else summary.says
        raise ConversationRefused(f"its summary {stands}. An approver decides on the web page, below the conversation.")
    if out.suffix not in _FORMATS or out.exists():
        raise ConversationRefused("--out: name a file that is not there yet and ends in .html or .pdf.")
    source = summary.page.with_suffix(out.suffix)
    if not source.is_file():
        raise ConversationRefused("it was written without a PDF: write it again, or put the page out.")
    write_whole(out, source.read_bytes())
    return PutOut(conversation=conversation_id, file=out, standing=summary.says)


def _standing(settings: Settings, conversation_id: str) -> str:
    summary = summaries.of(settings, conversation_id)
    return summary.says if summary else ""
