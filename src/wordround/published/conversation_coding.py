"""Of the themes of a conversation: which come together, and how far people agree who coded them; as it may be shown."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from wordround.published.conversations import ThemeCount, ThemePair

MOST_OVERLAPS = 5

# Whether a part of a whole may be shown, where the rest is known from both.
TellsBoth = Callable[[int, int], bool]
# Whether a count may be told under a name, whatever pages before have told under it.
Stands = Callable[[str, int], bool]


@dataclass(frozen=True)
class Agreement:
    """How far people agree on the themes of one frame, with its 95 % interval, on comments that two or more coded.

    alpha: None where it is not defined; is_few: too few comments for it to be stated.
    """

    comment_count: int
    is_few: bool
    alpha: float | None
    low: float | None
    high: float | None


def overlaps(
    pairs: Sequence[ThemePair], told: Mapping[str, ThemeCount], tells_both: TellsBoth, stands: Stands
) -> Sequence[tuple[str, int]]:
    """Return the pairs of themes that most contributions have, of themes whose own count is shown (`told`).

    How many have both says of each theme how many have it without the other: neither may be few.
    """
    return [*islice(_shown(pairs, told, tells_both, stands), MOST_OVERLAPS)]


def _shown(
    pairs: Sequence[ThemePair], told: Mapping[str, ThemeCount], tells_both: TellsBoth, stands: Stands
) -> Iterator[tuple[str, int]]:
    for pair in pairs:
        one, other = told.get(pair.theme_code), told.get(pair.other_theme_code)
        if one is None or other is None:
            continue
        both = pair.contribution_count
        pairs_of = f"{one.theme_code} and {other.theme_code}"
        counts = {
            pairs_of: both,
            f"{pairs_of}, the first alone": one.contribution_count - both,
            f"{pairs_of}, the second alone": other.contribution_count - both,
        }
        is_many = all(tells_both(both, each.contribution_count) for each in (one, other))
        if is_many and all(stands(name, count) for name, count in counts.items()):
            yield f"{one.theme_label} and {other.theme_label}", both


def agreed(agreement: Agreement | None, contributions: int, tells_both: TellsBoth) -> str:
    """Return how far people agree on themes, in a sentence; of `contributions` not all may have been coded by two."""
    if agreement is None:
        return "No post was coded by two people: how far people would agree on these themes is not known."
    both = agreement.comment_count
    many = f"{both:,} posts were" if tells_both(both, contributions) else "Some posts were"
    if agreement.is_few:
        return f"{many} coded by two people or more: too few to say how far they agree."
    if agreement.alpha is None or agreement.low is None or agreement.high is None:
        return f"{many} coded by two people or more, who all said the same: no figure of agreement can be given."
    return (
        f"{many} coded by two people or more. They agree by {agreement.alpha:.2f} ({agreement.low:.2f} to "
        f"{agreement.high:.2f}), where 1 is always and 0 what chance gives (Krippendorff's alpha of sets)."
    )
