"""The charts of one service and what they say in words, for the report and the web page alike."""

from markupsafe import Markup

from wordround.charts import bars, control_chart
from wordround.charts.notes import Note
from wordround.published import episodes, wording
from wordround.published.figures import Part, ServiceFigures
from wordround.published.rules import Rules
from wordround.published.themes import TOP_THEMES


def summary(service: ServiceFigures) -> str:
    """What the control chart of a service and the rule that decides on alerts say, in words."""
    lead = _limits_in_words(service)
    alert = service.alert
    if not alert:
        if not service.is_watched:
            return lead + "Whether its share changes is not watched yet."
        return lead + "The latest weeks show no change beyond usual variation."
    sure = _as_sentence(wording.rarity(alert.once_in_years))
    explained = f" {wording.EXPLAINED[alert.explained_by]}" if alert.explained_by else ""
    return f"{lead}{episodes.change_sentence(service, alert, is_short=True)} {sure}{explained}"


def _limits_in_words(service: ServiceFigures) -> str:
    if not service.has_limits:
        suitable = f"{service.suitable_chart} " if service.suitable_chart else ""
        return f"The chart has no control limits: {service.no_limits_reason}. {suitable}"
    last = service.points[-1]
    usual = wording.usual_range(last.mean, last.lower, last.upper)
    return f"The share of negative comments is {usual}. " if usual else ""


def _as_sentence(words: str) -> str:
    """With a capital and a full stop."""
    return f"{words[:1].upper()}{words[1:]}."


def hidden_note(service: ServiceFigures, rules: Rules) -> str | None:
    """How many weeks of the chart are hidden, and why."""
    if not service.hidden_count:
        return None
    weeks = f"{service.hidden_count} of {len(service.points)} weeks"
    least = rules.small_numbers.smallest_shown
    return f"{weeks} are hidden because a number in them is below {least}, or could be used to work out such a number."


def control(service: ServiceFigures, noted: list[Note], chart_id: str, words: str) -> Markup | None:
    """The control chart of a service with its notes; None where too few weeks can be shown."""
    if not service.has_chart:
        return None
    title = f"Share of negative comments by week: {service.label}"
    happened = "".join(f" {note.letter}, {wording.day(note.week)}: {note.words}" for note in noted)
    return control_chart.control_chart(service.points, noted, chart_id, title, words + happened)


def scores(service: ServiceFigures, chart_id: str) -> Markup | None:
    """How people scored a service beside how they wrote; None where too few did."""
    if not service.scores:
        return None
    parts = [*service.scores, Part(" ", None, None), *service.words] if service.words else service.scores
    description = "; ".join(f"{part.label} {part.share or 'hidden'}" for part in [*service.scores, *service.words])
    title = f"How people scored {service.label}, and how they wrote about it"
    return bars.share_bars(parts, chart_id, title, description)


def themes(service: ServiceFigures, chart_id: str) -> Markup | None:
    """Its leading themes, praised and criticised; None where none may be shown."""
    top = [theme for theme in service.themes if theme.share][:TOP_THEMES]
    if not top:
        return None
    title = f"Themes of the comments on {service.label}"
    shares = (
        f"{t.label}: {t.positive_share or 'hidden'} of comments praise it, {t.negative_share or 'hidden'} criticise it"
        for t in top
    )
    return bars.theme_bars(top, chart_id, title, "; ".join(shares))
