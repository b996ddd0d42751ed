"""The summary of a conversation as a page; the same figures give the same bytes."""

from wordround.charts import traffic
from wordround.published import conversation_figures as figures
from wordround.published import conversation_words
from wordround.published.conversation_figures import Summary
from wordround.reports.page import environment


def html(made: Summary) -> str:
    """The page."""
    page = (
        environment()
        .get_template("conversation.html.j2")
        .render(
            made=made,
            conversation=made.conversation,
            when=conversation_words.when(made.conversation),
            usual=conversation_words.usual(made.conversation),
            chart=traffic.of_conversation(made, "traffic"),
            marks=figures.marks(made),
            intervals=figures.intervals(made),
            interval=conversation_words.interval(made.intervals[0].interval_minutes if made.intervals else 0),
        )
    )
    return page.strip() + "\n"
