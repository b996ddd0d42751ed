"""What became of an action on an alert, in words: pure, with small numbers hidden.

Shares are rounded so that one step is at least as many comments as the smallest count shown: the weeks that they add up
may be hidden.
"""

from wordround.published.disclosure import HIDDEN, SmallNumbers, percent
from wordround.published.wording import counted, in_words
from wordround.spc.answering import WEEKS_AFTER, Answer, Part

_SURE = {
    "may_be_chance": "may be chance",
    "not_judged": "too few weeks before the change to say how sure that is",
}


def share_label(part: Part, small: SmallNumbers) -> str | None:
    """The share of a side as it may be shown; '*' where it is hidden, None where there is none."""
    if not part.n:
        return None
    share = small.rolling_share(int(part.x), int(part.n))
    return HIDDEN if share is None else percent(share).replace("%", " %")


def answer_label(answer: Answer, small: SmallNumbers) -> str:
    """24 % before, 15 % after, nine weeks; very unlikely to be chance. Or why that cannot be said."""
    if answer.code == "too_early":
        return f"too early: {answer.passed} of {WEEKS_AFTER} weeks"
    if answer.code == "nothing_to_compare":
        return f"cannot be said: {counted(answer.after.weeks, 'week')} after the change had whole data"
    before, after = (share_label(part, small) for part in (answer.before, answer.after))
    weeks = f"{in_words(answer.after.weeks)} weeks"
    sure = _SURE.get(answer.code) or ("very unlikely to be chance" if answer.is_very_sure else "unlikely to be chance")
    if before is None or after is None or HIDDEN in (before, after):
        return f"shares are hidden, because a number behind them is small; {weeks}; {_way(answer)}{sure}"
    if before == after and answer.code in ("lower", "higher"):
        return f"about {after} before and after, {answer.code} after, {weeks}; {sure}"
    return f"{before} before, {after} after, {weeks}; {sure}"


def _way(answer: Answer) -> str:
    return f"{answer.code} after than before; " if answer.code in ("lower", "higher") else ""
