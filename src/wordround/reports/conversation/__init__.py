"""The summary of a conversation: one page that may be passed on, and nothing on it that leads back to a person.

Small numbers are hidden, nobody is quoted, and no link was opened. It is written; a person approves it.
"""

from pathlib import Path

from wordround.outcomes import Outcome
from wordround.settings import Settings


class ConversationSummed(Outcome):
    """Where the summary lies, what came, and how many of its counts are hidden."""

    conversation: str
    page: Path
    pdf: Path | None
    no_pdf: str | None
    contributions: int
    figures_hidden: int


def write(settings: Settings, conversation_id: str, *, is_exact: bool = False) -> ConversationSummed:
    """Write the summary into `reports/conversation-<name>/`.

    is_exact: with nothing hidden, for the analyst's desk, in files of another name. Raises NothingPublished,
    PublicationUnusable, ConversationNotThere, StorageFailed.
    """
    from wordround.published import conversations
    from wordround.published.conversation_figures import make
    from wordround.reports import write_pdf
    from wordround.reports.conversation import page
    from wordround.storage import write_whole

    published = conversations.read(settings, conversation_id)
    made = make(published, settings.trust.name, is_exact=is_exact)
    folder = settings.reports / f"conversation-{conversation_id}{'-exact' if is_exact else ''}"
    html = page.html(made)
    no_pdf = write_pdf(folder, html) if settings.report.pdf else "report.pdf in the settings is false."
    write_whole(folder / "report.html", html)
    return ConversationSummed(
        conversation=conversation_id,
        page=folder / "report.html",
        pdf=None if no_pdf else folder / "report.pdf",
        no_pdf=no_pdf,
        contributions=published.conversation.contribution_count,
        figures_hidden=made.hidden,
    )
