"""What the monthly return says of itself: how it adds up to the files, what is missing, and what it hides."""

from collections.abc import Iterator, Sequence
from datetime import date

from wordround.plain_text import label as as_label
from wordround.published import wording
from wordround.reports.fft_return.figures import Return


def reconciliation(made: Return) -> Iterator[tuple[str, str, int]]:
    """Yield trust, words and number: forms that were loaded are those of the return and those that it cannot hold."""
    for trust in made.trusts:
        yield trust.code, "Forms of the month that were loaded", trust.loaded
        yield trust.code, "Forms in the return: those with one of the six answers", trust.total.responses
        yield trust.code, "Forms without a usable answer, in no column of the return", trust.without_score
        yield trust.code, "Forms in the return of which no file says how they came (mode unknown)", trust.mode_unknown
    yield "", "Rows of files set aside since the month began, which may belong to it or to another", made.set_aside


def missing(made: Return) -> list[str]:
    """Return what is missing from the return, in sentences; none where nothing is known to be."""
    found = []
    if not made.is_over:
        found.append(
            f"The forms reach to {wording.day(made.last_day)}: more of this month may come. Make the return again once "
            "the files of the month are in."
        )
    names = {trust.code: trust.total.names[1] for trust in made.trusts}
    is_alone = len(names | dict(made.silent_weeks)) == 1
    for code, weeks in made.silent_weeks.items():
        found.append(_silent(weeks, "" if is_alone else f" of {names.get(code, code)}"))
    if without := sum(trust.without_score for trust in made.trusts):
        found.append(f"{wording.counted(without, 'form')} without a usable answer: in no column of the return.")
    if unknown := sum(trust.mode_unknown for trust in made.trusts):
        found.append(
            f"{wording.counted(unknown, 'response')} of unknown mode. Name the column as `mode` in the layout of the "
            "files, say what its words mean with `mode_words`, and feed the files again."
        )
    if made.set_aside:
        reasons = f": {as_label('; '.join(made.reasons)).replace('_', ' ')}" if made.reasons else ""
        found.append(
            f"{wording.counted(made.set_aside, 'row')} of files set aside since the month began{reasons}. Some may "
            "belong to this month."
        )
    if any(trust.total.eligible is None for trust in made.trusts):
        found.append("How many people were eligible is not known for every service: --eligible takes it from a file.")
    return found


def _silent(mondays: Sequence[date], of: str) -> str:
    weeks = [wording.week_span(monday) for monday in mondays]
    which = f"week {weeks[0]}" if len(weeks) == 1 else f"weeks {wording.listed(weeks)}"
    return (
        f"No form{of} was loaded of the {which}, though many usually are: a file may be missing, and the counts of this"
        " month too low. Feed it, and make the return again."
    )


def notes(made: Return) -> list[str]:
    """Return the notes of the workbook."""
    hidden = (
        "Nothing is hidden in this file. It is what is submitted; it is not for publication."
        if made.is_exact
        else "'*': a line with 1 to 4 responses does not say how they answered, nor does the next lowest beside it, "
        "nor the two lowest of a site that is hidden. That is NHS England's rule for publishing the test."
    )
    return [
        f"Friends and Family Test, {made.month:%B %Y}: forms by the day on which they were filled in.",
        hidden,
        "Positive: Very good and Good. Negative: Poor and Very poor. Both of all responses, with Don't know.",
        "Columns as NHS England publishes them. A ward is a service of the register, or the place that a form gives.",
        "Mode Unknown is no mode of NHS England's: no file says how these forms came, and none was guessed.",
        *missing(made),
    ]
