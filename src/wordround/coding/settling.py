"""When a code is settled: two coders or more say the same, all who coded it, or they settled it between them. Pure.

Sentiment and themes are settled each by itself. A polarity that one coder left empty is the other's.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from wordround.records.reviews import SETTLED, Code, CodedItem, ThemeCode
from wordround.understand.learned import CLASS_OF, CLASSES, SENTIMENTS

FEWEST_CODERS = 2


class Settled(NamedTuple):
    """What people say of a comment. `cannot_say`: that nobody can; `None`: not settled."""

    sentiment: str | None
    themes: tuple[ThemeCode, ...] | None
    cannot_say: bool = False

    @property
    def sentiment_class(self) -> str | None:
        """The class of the grade."""
        return None if self.sentiment is None else CLASSES[int(CLASS_OF[SENTIMENTS.index(self.sentiment)])]

    @property
    def is_whole(self) -> bool:
        """Whether there is nothing left to discuss."""
        return self.cannot_say or (self.sentiment is not None and self.themes is not None)


def settled(codes: Mapping[str, Code]) -> Settled | None:
    """Return what is settled of a comment by the codes of each coder; None where fewer than two have coded it."""
    if by_agreement := codes.get(SETTLED):
        return _of(by_agreement)
    each = list(codes.values())
    if len(each) < FEWEST_CODERS:
        return None
    if any(code.sentiment is None for code in each):
        return Settled(None, None, cannot_say=all(code.sentiment is None for code in each))
    sentiments = {code.sentiment for code in each}
    return Settled(sentiments.pop() if len(sentiments) == 1 else None, _themes([code.themes for code in each]))


def by_several(coded: Iterable[CodedItem]) -> list[dict[str, Code]]:
    """Return what each coder said of the comments that two or more have coded, and that chance drew.

    On comments that somebody flagged people agree less often than on others: agreement is measured without them.
    """
    found = (
        {name: code for name, code in each.codes.items() if name != SETTLED} for each in coded if each.item.by_chance
    )
    return [codes for codes in found if len(codes) >= FEWEST_CODERS]


def _of(code: Code) -> Settled:
    return Settled(code.sentiment, None if code.sentiment is None else code.themes, cannot_say=code.sentiment is None)


def _themes(each: Sequence[Iterable[ThemeCode]]) -> tuple[ThemeCode, ...] | None:
    polarities: list[dict[tuple[str, str], str | None]] = [
        {(theme.frame, theme.label): theme.polarity for theme in themes} for themes in each
    ]
    first, *others = polarities
    if any(other.keys() != first.keys() for other in others):
        return None
    found = []
    for frame, label in sorted(first):
        spoken = {one[frame, label] for one in polarities} - {None}
        if len(spoken) > 1:
            return None
        found.append(ThemeCode(frame, label, next(iter(spoken), None)))
    return tuple(found)
