"""What posts on each subject drew, as a table: figures with intervals, and which of them lie apart from the others'.

One row in, one post under one subject, split and value; one row out, one subject, split and value.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pyarrow as pa

from wordround.spc.responses import Response, Stratum, per_post, times_others

Group = tuple[str, str, str]

_ALL = ("all", "all", "all")
_ONE_FALSE_TABLE_IN = 20
_FIGURES = ("replies_per_post", "reactions_per_post", "times_others")
_ENDS = ("", "_low", "_high")
_SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("subject_code", "split_code", "value_code", "response_code")),
        *((f"{name}_count", pa.int32()) for name in ("post", "answered", "reply", "reaction_post")),
        *((f"{name}{end}", pa.float64()) for name in _FIGURES for end in _ENDS),
    ]
)


class _Post(NamedTuple):
    source: str
    replies: int
    reactions: int | None


def judged(posts: pa.Table, least: int) -> pa.Table:
    """Return what each group drew; of fewer than `least` posts only how many there are and were answered.

    The interval of `times_others` is that of all lines of its table together (Bonferroni), so that one table in twenty
    names something by chance.
    """
    groups: dict[Group, dict[str, _Post]] = {}
    for row in posts.to_pylist():
        group = (row["subject_code"], row["split_code"], row["value_code"])
        post = _Post(row["source_code"], row["drawn_reply_count"], row["reaction_count"])
        groups.setdefault(group, {})[row["comment_id"]] = post
    every = groups.get(_ALL, {})
    lines: dict[tuple[bool, str], int] = {}
    for group, of_group in groups.items():
        lines[_table(group)] = lines.get(_table(group), 0) + (len(of_group) >= least)
    return pa.Table.from_pylist(
        [_judged(group, of_group, every, least, lines[_table(group)]) for group, of_group in groups.items()],
        schema=_SCHEMA,
    )


def _judged(
    group: Group, of_group: Mapping[str, _Post], every: Mapping[str, _Post], least: int, lines: int
) -> dict[str, object]:
    replies = [each.replies for each in of_group.values()]
    reactions = [each.reactions for each in of_group.values() if each.reactions is not None]
    is_enough = len(of_group) >= least
    times = times_others(_by_source(of_group, every), 1 - 1 / _ONE_FALSE_TABLE_IN / lines) if is_enough else None
    names = dict(zip(("subject_code", "split_code", "value_code"), group, strict=True))
    counts = {
        "post_count": len(of_group), "answered_count": sum(count > 0 for count in replies),
        "reply_count": sum(replies), "reaction_post_count": len(reactions),
    }  # fmt: skip
    return {
        **names,
        **counts,
        "response_code": times and ("few" if times.high < 1 else "many" if times.low > 1 else None),
        **_columns("replies_per_post", per_post(replies) if is_enough else None),
        **_columns("reactions_per_post", per_post(reactions) if len(reactions) >= least else None),
        **_columns("times_others", times),
    }


def _columns(name: str, figure: Response | None) -> dict[str, float | None]:
    parts: Sequence[float | None] = figure or (None, None, None)
    return {f"{name}{end}": part for end, part in zip(_ENDS, parts, strict=True)}


def _table(group: Group) -> tuple[bool, str]:
    """Where a group is read beside others: subjects, forms, times of day, or subjects divided by one of these."""
    return group[0] == "all", group[1]


def _by_source(of_group: Mapping[str, _Post], every: Mapping[str, _Post]) -> dict[str, Stratum]:
    return {
        source: Stratum(
            [each.replies for each in of_group.values() if each.source == source],
            [each.replies for post, each in every.items() if each.source == source and post not in of_group],
        )
        for source in {each.source for each in of_group.values()}
    }
