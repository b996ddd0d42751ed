"""The doctor: examines an installation and says what is in order, what needs a person's attention and what is missing.

It goes on behind every fault and prints no secret. The warehouse is never opened, and nothing is changed but modes, and
those only where that is asked for.
"""

import os
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from rich.table import Table

from wordround.doctor import (
    authority,
    conversations,
    installation,
    keys,
    modes,
    records,
    registers,
    sources,
    state,
    telling,
)
from wordround.doctor.finding import Finding, State, missing
from wordround.errors import EnvironmentInvalid, SettingsInvalid
from wordround.folders import documentation
from wordround.settings import Settings, load_settings

_COLOURS = {State.ok: "green", State.attention: "yellow", State.missing: "bold red"}


def examine(fix_modes: bool = False) -> dict[str, Any]:
    """Examine this installation; `fix_modes` first closes what is open to others.

    Returns {"ok", "attention", "missing": how many, "modes_set": how many, "findings": [{area, subject, state, says,
    to_do}]}.
    """
    try:
        settings = load_settings()
    except EnvironmentInvalid as error:
        to_do = f"Correct the environment variable: {documentation('settings.md#environment')}."
        return _outcome([missing("settings", variable, wrong, to_do) for variable, wrong in error.problems], 0)
    except SettingsInvalid as error:
        to_do = f"Correct it ({documentation('settings.md')}); then the rest can be examined."
        return _outcome([*installation.versions(), missing("settings", "wordround.toml", str(error), to_do)], 0)
    changed = modes.close(settings) if fix_modes else 0
    return _outcome(list(_everything(settings)), changed)


def as_table(outcome: dict[str, Any]) -> Table:
    """The findings for a person: what needs doing first."""
    table = Table(title="What the doctor found", show_lines=True)
    for heading in ("area", "what", "state", "what is so", "what to do"):
        table.add_column(heading, overflow="fold")
    order = (State.missing, State.attention, State.ok)
    for finding in sorted(outcome["findings"], key=lambda finding: order.index(finding["state"])):
        shown = f"[{_COLOURS[finding['state']]}]{finding['state'].value}[/]"
        cells = [str(finding[name]).replace("[", "\\[") for name in ("area", "subject", "says", "to_do")]
        table.add_row(cells[0], cells[1], shown, cells[2], cells[3])
    return table


def _everything(settings: Settings) -> Iterable[Finding]:
    now = datetime.now(UTC)
    yield from installation.versions()
    yield from installation.control_panel(settings)
    if settings.home.is_dir() and not os.access(settings.home, os.R_OK | os.X_OK):
        says = "this account may not look into the data home, as it should be"
        yield missing("modes", str(settings.home), says, "Run the doctor as the account that runs Wordround.")
        return
    yield from authority.governance(settings, now.date())
    yield from registers.registers(settings)
    yield from sources.sources(settings)
    yield from keys.keys(settings)
    yield from modes.modes(settings)
    yield from records.records(settings)
    yield from telling.subscriptions(settings)
    yield from conversations.conversations(settings)
    yield from state.freshness(settings, now)
    yield from state.edition(settings)
    yield from state.backup(settings, now)
    yield from state.disk(settings)


def _outcome(findings: list[Finding], modes_set: int) -> dict[str, Any]:
    counts = Counter(finding.state for finding in findings)
    return {
        **{state.value: counts[state] for state in State},
        "modes_set": modes_set,
        "findings": [finding.values() for finding in findings],
    }
