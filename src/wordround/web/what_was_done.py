"""What people did about alerts, and what became of it: from the records, which know more than the publication does."""

from dataclasses import dataclass
from datetime import date

from wordround.alerts import actions
from wordround.published import decisions
from wordround.published.tables import AlertEpisode
from wordround.records.alert_actions import Action
from wordround.web.visits import Visit


@dataclass(frozen=True)
class Done:
    """One action on a published alert by its number, the day that it is about, and what became of it, in words."""

    alert: AlertEpisode
    heading: str
    action: Action
    version: int
    day: date
    answer: str | None
    is_last_word: bool

    @property
    def is_change(self) -> bool:
        """Whether it is the last word on its alert, and says that something was changed."""
        return self.is_last_word and self.action.outcome == "made"


def done(visit: Visit, service_id: str | None = None) -> list[Done]:
    """Everything that was said with words of the alerts of a service, or of all; the latest first."""
    found, answers = [], visit.build.once("answers", lambda: decisions.all_answers(visit.connection))
    alerts = {each.alert_id: each for each in visit.build.episodes.alerts}
    for alert_id, now in actions.handling(visit.settings).items():
        alert = alerts.get(alert_id)
        if alert is None or (service_id is not None and alert.service_id != service_id):
            continue
        closings = [one.version for one in now.actions if one.action.event == "closed"]
        for one in now.actions:
            if one.action.words or one.action.event == "closed":
                found.append(
                    Done(
                        alert,
                        visit.build.episodes.heading(alert),
                        one.action,
                        one.version,
                        one.action.acted_on or one.at.date(),
                        answers.get((alert_id, one.version)),
                        one.version == max(closings, default=0),
                    )
                )
    return sorted(found, key=lambda each: each.day, reverse=True)
