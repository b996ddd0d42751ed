"""A load may run between any two steps of the chain: the pool lets one task in at a time, and keeps no order."""

from datetime import date, timedelta

import pytest

from tests.fixtures.chains import feed, history, rows
from tests.fixtures.fft_files import form
from wordround import pipeline
from wordround.settings import Settings

STEPS = {
    "understand": pipeline.understand,
    "gate_loaded": lambda settings: pipeline.gate(settings, "loaded"),
    "build": pipeline.build,
    "gate_publishable": lambda settings: pipeline.gate(settings, "publishable"),
    "publish": pipeline.publish,
    "edition": pipeline.edition,
}
# What the gate before publishing saw is what is published.
SEEN = ("understand", "gate_loaded", "build", "gate_publishable")
FORMS_OF_A_LOAD = 6


def slip_in(settings: Settings, number: int) -> None:
    """Load new answers, most of what their source brought since, and one answer that says something else now."""
    day = (date.today() - timedelta(days=9)).isoformat()
    new = [
        form(9000 + 10 * number + n, date=day, good=f"Kind porters, {number} times {n}", better="Rude, horrible staff")
        for n in range(FORMS_OF_A_LOAD)
    ]
    changed = form(2, date=day, good=f"The tea was cold on visit {number}", better="Nothing")
    feed(settings, [*new, changed], f"slipped-{number}.csv")


@pytest.mark.slow
def test_a_load_between_every_two_steps_turns_none_red_and_leaves_nothing_out(settings: Settings) -> None:
    feed(settings, history(10))
    for number, (name, step) in enumerate(STEPS.items()):
        slip_in(settings, number)
        outcome = step(settings)
        if name.startswith("gate"):
            assert (outcome["failures"], outcome["left_out"]) == (0, 0), name
    said = rows(settings, "select comment_text from marts.fct_comments where comment_text like 'Kind porters%'")
    assert len(said) == FORMS_OF_A_LOAD * len(SEEN)
    (changed,) = rows(settings, "select comment_text from marts.fct_comments where comment_text like 'The tea was%'")
    assert changed == (f"The tea was cold on visit {len(SEEN) - 1}",)
    assert rows(settings, "select count(*) from marts.fct_comments where sentiment_label is null") == [(0,)]
