"""Totals of the recent weeks over all services, in words: for the first page of the report and for the board."""

from wordround.published import wording
from wordround.published.disclosure import percent
from wordround.published.figures import ServiceFigures
from wordround.published.reading import Published
from wordround.published.themes import over_services


def received(published: Published, services: list[ServiceFigures]) -> str:
    """How many comments on how many services; at least so many where a week of one is hidden."""
    shown = [week.comment_count_label.replace(",", "") for week in published.recent_weeks]
    count = sum(int(label) for label in shown if label.isdigit())
    at_least = "At least " if any(not label.isdigit() for label in shown) else ""
    spoken_of = wording.counted(sum(not each.is_quiet for each in services), "service")
    return f"{at_least}{count:,} comments on {spoken_of} {published.window.within}."


def most_praised(published: Published, most: int) -> list[str]:
    """The themes that most comments praise, over all services, with their shares."""
    small = published.small_numbers
    comments = sum(week.comment_count for week in published.recent_weeks)
    shares = {
        each.theme_label: small.rolling_share(each.positive_count, comments) for each in over_services(published.themes)
    }
    ranked = sorted(shares, key=lambda label: (-(shares[label] or 0.0), label))[:most]
    return [f"{label} (in {percent(share)} of comments)" for label in ranked if (share := shares[label])]


def recommended(published: Published) -> str | None:
    """The share of Very good and Good of all forms of the recent weeks whose number of forms is shown."""
    small = published.small_numbers
    weeks = [week for week in published.recent_weeks if week.response_count_label.replace(",", "").isdigit()]
    best = sum(week.fft_1_count + week.fft_2_count for week in weeks)
    scored = best + sum(
        week.fft_3_count + week.fft_4_count + week.fft_5_count + week.fft_dont_know_count for week in weeks
    )
    share = small.rolling_share(best, scored) if scored else None
    return None if share is None else percent(share)
