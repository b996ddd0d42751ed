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

from wordround import trusts
from wordround.doctor import (
    authority,
    conversations,
    installation,
    keys,
    modes,
    records,
    registers,
    several,
    sources,
    state,
    telling,
)
from wordround.doctor.finding import Finding, State, missing
from wordround.errors import EnvironmentInvalid, SettingsInvalid
from wordround.folders import documentation
from wordround.settings import Settings, load_settings
from wordround.worker_processes import of_trust

_COLOURS = {State.ok: "green", State.attention: "yellow", State.missing: "bold red"}


def examine(fix_modes: bool = False) -> dict[str, Any]:
    """Examine this installation; `fix_modes` first closes what is open to others.

    Returns {"ok", "attention", "missing": how many, "modes_set": how many, "findings": [{area, subject, state, says,
    to_do}]}; of several trusts each finding has its `trust` too, which is empty where it concerns all.
    """
    try:
        is_of_several = trusts.folder() is not None and trusts.current() is None
        return _examine_each(fix_modes) if is_of_several else _examine_one(fix_modes)
    except SettingsInvalid as error:
        to_do = f"Correct it: {documentation('several_trusts.md')}."
        return _outcome([missing("settings", trusts.ALL, str(error), to_do)], 0)


def _examine_each(fix_modes: bool) -> dict[str, Any]:
    """Examine each trust in a process of its own, and what concerns all."""
    of_all = _outcome([*installation.versions(), *several.between_trusts()], 0)
    findings = [{"trust": "", **finding} for finding in of_all["findings"]]
    modes_set = 0
    for name in trusts.usable()[0]:
        outcome = of_trust(name, _examine_one, fix_modes)
        modes_set += outcome["modes_set"]
        # The programs are the same for all.
        findings += [{"trust": name, **each} for each in outcome["findings"] if each["area"] != "versions"]
    counts = Counter(finding["state"] for finding in findings)
    return {**{state.value: counts[state] for state in State}, "modes_set": modes_set, "findings": findings}


def _examine_one(fix_modes: bool) -> dict[str, Any]:
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
    of_trusts = ["trust"] if any("trust" in finding for finding in outcome["findings"]) else []
    for heading in (*of_trusts, "area", "what", "state", "what is so", "what to do"):
        table.add_column(heading, overflow="fold")
    order = (State.missing, State.attention, State.ok)
    for finding in sorted(outcome["findings"], key=lambda finding: order.index(finding["state"])):
        shown = f"[{_COLOURS[finding['state']]}]{finding['state'].value}[/]"
        names = (*of_trusts, "area", "subject", "says", "to_do")
        *first, says, to_do = (str(finding[name]).replace("[", "\\[") for name in names)
        table.add_row(*first, shown, says, to_do)
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
