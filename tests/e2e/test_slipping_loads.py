"""A load or an erasure may run between any two steps of the chain: the pool lets one task in at a time, and keeps no
order."""

from datetime import date, timedelta

import pytest

from tests.fixtures.chains import build_all, feed, history, rows
from tests.fixtures.fft_files import form
from wordround import erasing, pipeline
from wordround.settings import Settings
from wordround.warehouse.engine import connect

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


def erase_some(settings: Settings, number: int) -> None:
    """Erase a third of what is there, as the nightly run does: publishing is a later task's."""
    with connect(settings) as warehouse:
        found = warehouse.execute("select comment_id from raw.comments order by text is null, comment_id").fetchall()
    gone = tuple(one for (one,) in found[number : len(found) // 3])
    erasing.erase(settings, erasing.Request("comment", values=gone), lambda _: True)


@pytest.mark.slow
@pytest.mark.usefixtures("replayed_builds")
def test_an_erasure_between_two_steps_turns_none_red_and_nothing_erased_is_published(settings: Settings) -> None:
    feed(settings, history(4))
    build_all(settings)
    pipeline.understand(settings)
    for number, name in enumerate(("gate_publishable", "publish")):
        erase_some(settings, number)
        STEPS[name](settings)
    assert not erasing.is_stale(settings), "publishing has settled it, so that the nightly run need not"
    with connect(settings) as warehouse:
        left = warehouse.execute("select comment_id from raw.comments order by all").fetchall()
    assert rows(settings, "select comment_id from marts.fct_comments order by all") == left
