"""The account of asking a source: how far its answers reach, which rows they held and what they cost."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from wordround.comments import Comment, Refused
from wordround.connectors.asking.contract import Item, Window
from wordround.connectors.blocks import Query

Cut = Literal["wall", "window", "budget", "time"]


@dataclass
class Reach:
    """How far the answer to one window of one listing reached.

    `answered_from`: the answer is whole from this moment on; None where no part is whole. `cut`: why it does not reach
    back to `window.since`. `error`: the name of the error that ended it. What a wall or the source's own window cut off
    cannot be asked for later.
    """

    window: Window
    answered_from: datetime | None = None
    cut: Cut | None = None
    error: str | None = None

    @property
    def is_closed(self) -> bool:
        """Whether asking again would bring nothing."""
        return self.error is None and self.cut in (None, "wall", "window")


_NUMBERS = ("requests", "retries", "waited_seconds", "spent", "rows")


@dataclass
class QueryAccount:
    """What became of one query in one run. `refused`: reasons and how many; `days`: comments by day of posting."""

    query: Query
    reaches: list[Reach] = field(default_factory=list)
    requests: int = 0
    retries: int = 0
    waited_seconds: float = 0.0
    spent: float = 0.0
    rows: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    days: Counter[date] = field(default_factory=Counter)
    memory: dict[str, str] = field(default_factory=dict)
    _counted: set[str] = field(default_factory=set, repr=False)

    def hand_over(self, is_asked: bool) -> "QueryAccount":
        """Return the account so far, and go on with the rest.

        is_asked: its last listing is being read. What is whole of it is a window of its own in what is returned.
        """
        told, begun = list(self.reaches), []
        if is_asked and told:
            begun = [now := told.pop()]
            if now.answered_from is not None and now.answered_from < now.window.until:
                told.append(Reach(now.window._replace(since=now.answered_from), now.answered_from))
                now.window, now.answered_from = now.window._replace(until=now.answered_from), None
        numbers = {name: getattr(self, name) for name in _NUMBERS}
        so_far = QueryAccount(
            self.query, told, **numbers, refused=self.refused, days=self.days, memory=dict(self.memory)
        )
        self.reaches, self.refused, self.days = begun, Counter(), Counter()
        for name in _NUMBERS:
            setattr(self, name, type(numbers[name])())
        return so_far

    def take(self, items: Iterable[Item]) -> None:
        """Count rows that lie in the window."""
        for item in items:
            self.rows += 1
            if isinstance(item, Comment):
                # Several listings may show the same post.
                if (item.reshare_of is None or item.text is not None) and item.native_id not in self._counted:
                    self._counted.add(item.native_id)
                    self.days[item.posted_on] += 1
            elif isinstance(item, Refused):
                self.refused[item.reason] += 1
