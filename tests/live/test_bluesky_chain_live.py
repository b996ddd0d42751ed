"""The chain over the real Bluesky server on this machine, from asking to erasing: tests/live/README.md."""

from datetime import date

import pytest

from tests.live.bluesky_server import Person, eventually, gone, quoting
from wordround.collect import queries as querying
from wordround.erasing import withdrawals
from wordround.identity import vault_opening
from wordround.land.row_outcomes import RowOutcomes
from wordround.settings import Settings
from wordround.warehouse import engine, load

pytestmark = pytest.mark.live

SETTINGS = """
[sources.bluesky]
enabled = true
address = "{address}"
overlap_hours = 1

[[sources.bluesky.queries]]
id = "tag"
hashtags = ["{tag}"]

[sources.bluesky.governance]
lawful_basis_article_6 = "6(1)(e)"
condition_article_9 = "9(2)(e)"
retention_days = 365
purpose = "service_evaluation"
purpose_decided_on = 2026-09-14
purpose_decided_by = "fictional: research and development office"
"""


def test_what_is_held_in_the_end_is_what_the_server_shows(address, person, tag, settings_with):
    trust, ann, private = person(), person(), person()
    settings = settings_with(added=SETTINGS.format(address=address, tag=tag))
    edited = ann.post("The ward was cold", tag)
    deleted = ann.post("The food was late", tag)
    ann.post("The nurses were kind", tag)
    ann.post("", **quoting(edited), tags=[tag])
    private.post("The garden is lovely", tag)
    trust.waits_for(tag, 5)
    first = _collect(settings, trust)
    assert (first.rows_in, first.loaded, first.reshared) == (5, 4, 1)
    assert _held(settings) == sorted(view.record.text for view in trust.sees(tag).values() if view.record.text)
    ann.edit(edited.uri, "The ward was warm today", tag)
    ann.client.delete_post(deleted.uri)
    private.label("!no-unauthenticated")
    ann.post("The letter came", tag)
    eventually(lambda: gone(address, trust, [deleted.uri, edited.uri]) == {deleted.uri})
    eventually(lambda: len(_shown(trust, tag)) == 4)
    outcome = withdrawals.honour(settings, "bluesky", lambda _: trust.secrets)
    assert (outcome["asked_about"], outcome["withdrawn"], outcome["comments"], outcome["refused"]) == (5, 2, 2, [])
    second = _collect(settings, trust)
    assert (second.loaded, second.updated, second.refused) == (1, 1, 1)
    shown = _shown(trust, tag)
    assert _held(settings) == sorted(view.record.text for view in shown.values() if view.record.text)
    assert {locator.native_id for locator in vault_opening.locators(settings, "bluesky")} == shown.keys()


def _collect(settings: Settings, who: Person) -> RowOutcomes:
    outcome = querying.collect(settings, "bluesky", date.today(), who.secrets)
    assert outcome.refused == ()
    return load.load(settings).rows


def _held(settings: Settings) -> list[str]:
    with engine.connect(settings) as connection:
        return sorted(
            text for (text,) in connection.execute("select text from raw.comments where text is not null").fetchall()
        )


def _shown(who: Person, tag: str) -> dict:
    """Return what the server shows to everybody."""
    views = who.sees(tag)
    return {uri: view for uri, view in views.items() if not any(label.val for label in view.author.labels)}
