"""Rows that came in during the recent weeks, and those that were set aside because they could not be read safely."""

from collections import Counter

from wordround.plain_text import label as as_label
from wordround.published.reading import Published


def quarantined(published: Published) -> tuple[int, int]:
    """Rows received and rows quarantined in the recent weeks."""
    return (
        sum(day.rows_in for day in published.coverage),
        sum(day.rows_quarantined for day in published.coverage),
    )


def quarantine_reasons(published: Published) -> dict[str, int]:
    """How many rows were quarantined for each reason, in words."""
    counts: Counter[str] = Counter()
    for day in published.coverage:
        for part in (day.quarantine_reasons or "").split(";"):
            reason, _, number = part.rpartition(":")
            if reason.strip() and number.strip().isdigit():
                counts[as_label(reason).replace("_", " ")] += int(number)
    return dict(counts)


def reasons_shown(published: Published) -> list[tuple[str, str]]:
    """Each reason with its count, small ones in words; the most frequent first."""
    counts = quarantine_reasons(published)
    hidden = published.small_numbers.hidden_parts(counts)
    return [
        (reason, "a few" if reason in hidden else f"{count:,}")
        for reason, count in sorted(counts.items(), key=lambda item: (item[0] in hidden, -item[1], item[0]))
    ]
