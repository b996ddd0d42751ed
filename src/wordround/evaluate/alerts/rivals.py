"""What the rule is compared with: XmR charts with the episodes that alerts once were, p and p' charts, a plain CUSUM.

Each is as it would be used: limits and usual shares from the first baseline, signals joined to an episode until four
weeks have been quiet. They know neither the rest of the trust, nor sources, nor how alike comments are.
"""

from collections.abc import Callable

import numpy as np
import pyarrow as pa

from wordround.evaluate.alerts.scoring import Episodes
from wordround.evaluate.alerts.watching import BASELINE
from wordround.evaluate.alerts.worlds import World
from wordround.spc import thresholds
from wordround.spc.attributes import attribute_chart
from wordround.spc.log_odds import Flags, Numbers, logit, share_of, usual_share
from wordround.spc.xmr import POINTS, draw

# The rule by which alerts were made of XmR charts before the rule decided. The marts still draw the charts.
QUIET_WEEKS = 4
MINIMUM_MEAN_COMMENTS, MINIMUM_WEEK_COMMENTS = 15, 5
RUN_LENGTH = 7
_MONDAY = np.datetime64("2024-01-01")


def xmr(world: World) -> Episodes:
    """XmR charts as the marts draw them (the macro itself); a signal is what a chart says of its newest point."""
    n = np.where(world.paused, 0, world.n)
    share = np.divide(world.x, n, out=np.full(n.shape, np.nan), where=n >= MINIMUM_WEEK_COMMENTS)
    drawn = draw(_points(share))
    signal, side, refusal, upper = (
        drawn[name].to_numpy(zero_copy_only=False).reshape(n.shape)
        for name in ("signal_type", "signal_side", "refusal_reason", "upper_limit")
    )
    first = share[:, :BASELINE]
    has_limits = ~np.isnan(upper.astype(float)).all(axis=1)
    is_refused = np.array([any(reason is not None for reason in row) for row in refusal])
    varies = np.nanmax(first, axis=1, initial=0) > np.nanmin(first, axis=1, initial=1)
    is_charted = has_limits & ~is_refused & varies & (n[:, :BASELINE].mean(axis=1) >= MINIMUM_MEAN_COMMENTS)
    watched = is_charted[:, None] & _after_baseline(n.shape) & ~np.isnan(share)
    is_signal = watched & (signal != None)  # noqa: E711 - an array of objects
    return episodes_of(is_signal & (side == "above"), is_signal & (side == "below"), watched)


def p_chart(world: World) -> Episodes:
    """A p-chart: points outside its limits."""
    return _attribute("p", world)


def p_prime_chart(world: World) -> Episodes:
    """A p'-chart (Laney): points outside its limits, and runs of seven on one side."""
    return _attribute("pp", world, RUN_LENGTH)


def plain_cusum(world: World) -> Episodes:
    """The same evidence and threshold without the guards: a frozen baseline, and every comment counts in full."""
    n = np.where(world.paused, 0, world.n)
    x = np.where(world.paused, 0, world.x)
    p0 = usual_share(x[:, :BASELINE].sum(axis=1), n[:, :BASELINE].sum(axis=1))
    watched = _after_baseline(n.shape) & (n > 0)
    alarms = []
    for ratio in (2.0, 0.5):
        p1 = share_of(logit(p0) + np.log(ratio))
        up, down = np.log(p1 / p0), np.log((1 - p1) / (1 - p0))
        evidence, alarm = np.zeros(len(n)), np.zeros(n.shape, dtype=bool)
        for week in range(BASELINE, n.shape[1]):
            gain = x[:, week] * up + (n[:, week] - x[:, week]) * down
            evidence = np.maximum(0, evidence + gain)
            alarm[:, week] = evidence >= thresholds.WATCH
            evidence[alarm[:, week]] = 0
        alarms.append(alarm)
    return episodes_of(alarms[0], alarms[1], watched)


RIVALS: dict[str, Callable[[World], Episodes]] = {
    "XmR": xmr, "p": p_chart, "p′": p_prime_chart, "CUSUM without guards": plain_cusum,
}  # fmt: skip


def episodes_of(above: Flags, below: Flags, watched: Flags) -> Episodes:
    """Join signals of one side to episodes: one is over when `QUIET_WEEKS` weeks after its last signal have passed."""
    found: list[tuple[int, bool, int, int]] = []
    for is_concern, signals in ((True, above), (False, below)):
        for series in np.flatnonzero(signals.any(axis=1)):
            weeks = np.flatnonzero(signals[series])
            parts = np.split(weeks, np.flatnonzero(np.diff(weeks) > QUIET_WEEKS) + 1)
            found += [(int(series), is_concern, int(part[0]), int(part[-1]) + QUIET_WEEKS) for part in parts]
    table = np.array(found, dtype=np.int64).reshape(-1, 4)
    return Episodes(table[:, 0], table[:, 1].astype(bool), table[:, 2], table[:, 3], watched)


def _after_baseline(shape: tuple[int, ...]) -> Flags:
    return np.broadcast_to(np.arange(shape[1]) >= BASELINE, shape)


def _attribute(chart: str, world: World, run: int | None = None) -> Episodes:
    n = np.where(world.paused, 0, world.n)
    above, below = np.zeros(n.shape, dtype=bool), np.zeros(n.shape, dtype=bool)
    for series in range(len(n)):
        drawn = attribute_chart(chart, world.x[series], n[series], freeze=BASELINE)
        sides = ((above, drawn.y > drawn.upper, drawn.y > drawn.centre),
                 (below, drawn.y < drawn.lower, drawn.y < drawn.centre))  # fmt: skip
        for flags, is_outside, is_on_side in sides:
            flags[series] = is_outside | (ends_run(is_on_side, run) if run else False)
    watched = _after_baseline(n.shape) & (n > 0)
    return episodes_of(above & watched, below & watched, watched)


def ends_run(is_on_side: Flags, length: int) -> Flags:
    """Whether this point and those before it are so many on one side."""
    breaks = np.where(is_on_side, 0, np.arange(1, len(is_on_side) + 1))
    run: Flags = np.arange(1, len(is_on_side) + 1) - np.maximum.accumulate(breaks) >= length
    return run


def _points(share: Numbers) -> pa.Table:
    series, weeks = share.shape
    count = series * weeks

    def every(value: object, name: str) -> pa.Array:
        return pa.array([value], POINTS.field(name).type).take(pa.array(np.zeros(count, dtype=np.int64)))

    options = {
        "improvement_direction": "decrease", "is_screened": True, "fix_after_n": BASELINE, "rebase_dates": [],
        "rule_profile": "nhs_r", "run_length": RUN_LENGTH, "target": None,
    }  # fmt: skip
    days = pa.array(np.tile(_MONDAY + 7 * np.arange(weeks), series), pa.date32())
    known = {
        "series_id": pa.array(np.repeat(np.arange(series), weeks)),
        "point_date": days,
        "value": pa.array(share.ravel(), from_pandas=True),
    }
    columns = known | {name: every(value, name) for name, value in options.items()}
    return pa.table([columns[name] for name in POINTS.names], schema=POINTS)
