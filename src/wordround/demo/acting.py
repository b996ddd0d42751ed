"""What the demo's quality lead did about the first concern: said long ago enough for the chart to answer by itself."""

from datetime import date, timedelta

from wordround.alerts import actions
from wordround.alerts.people import Who
from wordround.errors import AirflowFailed
from wordround.published.reading import read_episodes
from wordround.settings import Settings
from wordround.spc.answering import WEEKS_AFTER

DID = "A second telephone line in the evenings"
_LEAD = Who("Quality lead (demo)")


def act(settings: Settings) -> str:
    """Close the first open concern that was told, as somebody would with `wordround alerts close`; say so in words."""
    episodes = read_episodes(settings)
    told = [
        each
        for each in episodes.alerts
        if (each.status, each.direction, each.tier_code) == ("open", "concern", "alert") and not each.part_of_alert_id
    ]
    if not told or episodes.last_week is None:
        raise AirflowFailed("The demo's worsening was not found: none of its alerts is a concern.")
    on = _day(episodes.last_week)
    actions.close(settings, told[0].alert_id, _LEAD, DID, "made", acted_on=on)
    return (
        f"An action is noted, as `wordround alerts close` would: {DID.lower()}, on {on:%-d %B %Y}. The marts are built "
        "once more, so that the report says what became of it."
    )


def _day(last_week: date) -> date:
    """A Wednesday, so long ago that all weeks that answer it are over."""
    return last_week - timedelta(weeks=WEEKS_AFTER + 1) + timedelta(days=2)
