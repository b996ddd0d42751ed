"""Open episodes in words: what changed, how seldom chance does that, and where the change comes from.

The figures are those that an episode was issued with; a count that is hidden is left out. An episode that only shows
another's change is not told.
"""

from dataclasses import dataclass

from wordround.plain_text import label as as_label
from wordround.published import wording
from wordround.published.disclosure import is_hidden, percent
from wordround.published.figures import SCORES, ServiceFigures
from wordround.published.reading import Published
from wordround.published.tables import AlertEpisode
from wordround.published.watching import DoneAction

_DIMENSIONS = {
    "theme": "Theme", "source": "Source", "question": "Question", "score": "Score", "service": "Service",
}  # fmt: skip
_QUESTIONS = {
    "what_good": "what was good",
    "could_improve": "what could be better",
    "nonspecific": "any other question",
}
_MOST_PARTS = 3
# A part of less than a point is none that a reader could act on.
_LEAST_POINTS = 1


@dataclass(frozen=True)
class Part:
    """One part of a change in whole percentage points: `within` is what people say, `mix` who is asked, or where."""

    dimension: str
    name: str
    within: str
    mix: str
    whole: str


def told(published: Published) -> list[AlertEpisode]:
    """Return the open episodes that stand for themselves: alerts first, concerns before improvements."""
    still = [each for each in published.alerts if each.status == "open" and not each.part_of_alert_id]
    return sorted(still, key=lambda each: (each.tier_code, each.direction, -each.evidence, each.alert_id))


def subject(published: Published, alert: AlertEpisode) -> str:
    """Return what an episode is about: a service, one of its themes, the trust, or a theme over all services."""
    services = {each.service_id: each.service_label for each in published.services}
    trust = wording.trust_of(alert.trust_code, {each.trust_code: each.trust_label for each in published.services})
    return wording.subject(alert.service_id, alert.theme_code, services, published.watching.themes, trust)


def sentence(published: Published, alert: AlertEpisode) -> str:
    """Return what changed, since when, and how seldom chance alone does that."""
    change = wording.change(alert.direction, alert.theme_code is not None)
    counts = ""
    if not is_hidden(alert.negative_count_label) and not is_hidden(alert.comment_count_label):
        counts = f" ({alert.negative_count_label} of {alert.comment_count_label} when it was noticed)"
    tier = "" if alert.tier_code == "alert" else " It is watched, and not yet an alert."
    return (
        f"{subject(published, alert)}: {change} than {wording.usual(alert.expected_share)}, since the week of "
        f"{wording.day(alert.since_week_date)}{counts}.{tier}"
    )


def change_sentence(service: ServiceFigures, alert: AlertEpisode, *, is_short: bool = False) -> str:
    """What changed in a service by an episode of it: to what, since when and, unless short, from what, how sure."""
    concern = alert.direction == "concern"
    latest = service.latest
    since = alert.since_week_date
    parts = []
    if latest and latest.share and latest.week >= since:
        parts.append(f"{latest.share} in the week {wording.week_span(latest.week)}")
    if not is_short:
        parts.append(f"{'up' if concern else 'down'} from a usual {percent(alert.expected_share)}")
    parts.append(f"since the week of {wording.day(since)}")
    more = "more" if concern else "fewer"
    sure = "" if is_short else f" ({wording.rarity(alert.once_in_years)})"
    return f"{service.label} has {more} negative comments than usual: {', '.join(parts)}{sure}."


def parts(published: Published, alert: AlertEpisode) -> list[Part]:
    """Return where the change of an episode comes from: of each dimension the parts that made most of it."""
    found = []
    for dimension, name in _DIMENSIONS.items():
        of_dimension = [
            each for each in published.watching.changes.get(alert.alert_id, []) if each.dimension_code == dimension
        ]
        for each in of_dimension[:_MOST_PARTS]:
            if abs(100 * each.whole_change) >= _LEAST_POINTS:
                points = (each.within_change, each.mix_change, each.whole_change)
                found.append(Part(name, _name(published, dimension, each.part_code), *map(_points, points)))
    return found


def actions(published: Published, service_id: str) -> list[str]:
    """Return what was done about the alerts of a service, and what became of it."""
    return [action(each) for each in published.watching.actions.get(service_id, [])]


def action(done: DoneAction) -> str:
    """Return the day of an action, what was done, and what became of it."""
    words = as_label(done.action_text) or "No words were kept"
    answer = as_label(done.answer_label) or "not answered yet"
    return f"{wording.day(done.acted_date)}: {words.rstrip('.')}. {answer[:1].upper()}{answer[1:]}."


def _points(change: float) -> str:
    rounded = round(100 * change)
    return f"{rounded:+d}".replace("-", "\u2212") if rounded else "0"


def _name(published: Published, dimension: str, code: str) -> str:
    if dimension == "theme":
        return as_label(published.watching.themes.get(code, code.replace("_", " ")))
    if dimension == "source":
        return next((as_label(each.source_label) for each in published.sources if each.source_code == code), code)
    if dimension == "service":
        return next((as_label(each.service_label) for each in published.services if each.service_id == code), code)
    if dimension == "question":
        return _QUESTIONS.get(code, "not asked")
    return SCORES[int(code) - 1] if code.isdigit() and 0 < int(code) <= len(SCORES) else "no score"
