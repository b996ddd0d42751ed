"""Which months an edition restates: those whose difference from every earlier edition tells of nobody.

Pure SQL on an open warehouse to which the editions are attached. A block is the month of a trust: sums of the public
product cross services and weeks within one, and never two. docs/adr/0017-editions.md has the rule and why.
"""

from collections.abc import Sequence
from typing import NamedTuple

import duckdb

from wordround.publish.public import EDITIONS, FIGURES, SCHEMA

# How much of a block is published, finest first; public_editions.detail_code says it to readers.
DETAILS = ("weeks", "months", "trust_months", "trust_month_comments")

_CARRIED_OVER = len(DETAILS)
_CANDIDATE = 0
_KEYS = ("service_id", "theme_code", "week_date")


class Block(NamedTuple):
    """What the next edition shows of a trust's month.

    edition: the one whose figures these are, 0 for the warehouse's of today. detail: place in DETAILS. waits: today's
    differ, and have to wait for company.
    """

    trust_code: str
    month_code: str
    edition: int
    detail: int
    waits: bool


def decide(connection: duckdb.DuckDBPyConnection, editions: Sequence[tuple[int, str]], least: int) -> list[Block]:
    """Decide on every block; temp tables `decided` and `also_hidden` are left for the writing.

    editions: number and name of the attached database, oldest first. least: no figure may differ by fewer comments.
    """
    connection.execute(
        "create or replace temp table figures (edition integer, name varchar, depth integer, trust_code varchar,"
        " month_code varchar, service_id varchar, theme_code varchar, week_date date, measure varchar, value integer)"
    )
    connection.execute(
        "create or replace temp table made (edition integer, trust_code varchar, month_code varchar, detail integer)"
    )
    connection.execute(
        f"insert into made select distinct 0, trust_code, month_code, 0 from {SCHEMA}.public_trust_months"
    )
    _read(connection, _CANDIDATE, SCHEMA)
    for number, database in editions:
        places = " ".join(f"when '{code}' then {place}" for place, code in enumerate(DETAILS))
        connection.execute(
            f"""insert into made select edition_number, trust_code, month_code, case detail_code {places} end
                from {database}.{SCHEMA}.{EDITIONS} where edition_number = ?""",
            [number],
        )
        _read(connection, number, f"{database}.{SCHEMA}")
    connection.execute(_COMPARED)
    connection.execute(_RESIDUALS.format(totals=_totals()))
    connection.execute(_TAKEN_OVER)
    connection.execute(_DECIDED, {"least": least, "carried": _CARRIED_OVER})
    rows = connection.execute(
        "select trust_code, month_code, edition, detail, waits from decided order by all"
    ).fetchall()
    return [Block(*row) for row in rows]


def _read(connection: duckdb.DuckDBPyConnection, edition: int, schema: str) -> None:
    """Read the figures of the blocks that were made in an edition. A rest is known where both its terms are."""
    for table in FIGURES:
        keys = ", ".join(f"f.{key}" if key in table.keys else f"null as {key}" for key in _KEYS)
        measures = {"comment": "f.comment_count"}
        if table.has_negative:
            measures |= {"negative": "f.negative_count", "rest": "f.comment_count - f.negative_count"}
        join = ""
        if table.beside:
            shared = [key for key in table.keys if key != "theme_code"]
            join = f"left join {schema}.{table.beside} as whole on " + " and ".join(
                f"f.{key} = whole.{key}" for key in shared
            )
            measures["others"] = "whole.comment_count - f.comment_count"
        for measure, value in measures.items():
            depth = table.coarsest if measure == "comment" else table.depth
            connection.execute(
                f"""insert into figures
                    select made.edition, '{table.name}', {depth}, f.trust_code, f.month_code, {keys}, '{measure}',
                        {value}
                    from {schema}.{table.name} as f {join}
                    inner join made
                        on made.edition = {edition} and f.trust_code = made.trust_code
                        and f.month_code = made.month_code"""
            )


def _totals() -> str:
    return ", ".join(f"('{part.name}', '{total}')" for part in FIGURES for total in part.totals)


# Every figure of today beside the same one of each edition that showed its block. One that is not there is nought.
_COMPARED = """
create or replace temp table compared as
with pairs as (
    select made.edition, made.trust_code, made.month_code, made.detail
    from made
    inner join made as today
        on today.edition = 0 and made.trust_code = today.trust_code and made.month_code = today.month_code
    where made.edition > 0
),
keys as (
    select distinct
        pairs.edition, f.name, f.depth, f.trust_code, f.month_code, f.service_id, f.theme_code, f.week_date, f.measure
    from pairs
    inner join figures as f
        on f.trust_code = pairs.trust_code and f.month_code = pairs.month_code and f.edition in (0, pairs.edition)
        -- What the edition did not show of its block cannot be compared with anything.
        and f.depth >= pairs.detail
)
select
    keys.*,
    before.edition is not null as was_there,
    today.edition is not null as is_there,
    case when before.edition is null then 0 else before.value end as before,
    case when today.edition is null then 0 else today.value end as today
from keys
left join figures as before
    on before.edition = keys.edition and before.name = keys.name and before.measure = keys.measure
    and before.trust_code = keys.trust_code and before.month_code = keys.month_code
    and before.service_id is not distinct from keys.service_id
    and before.theme_code is not distinct from keys.theme_code
    and before.week_date is not distinct from keys.week_date
left join figures as today
    on today.edition = 0 and today.name = keys.name and today.measure = keys.measure
    and today.trust_code = keys.trust_code and today.month_code = keys.month_code
    and today.service_id is not distinct from keys.service_id
    and today.theme_code is not distinct from keys.theme_code
    and today.week_date is not distinct from keys.week_date
"""

# What a difference of a total leaves for those of its parts that are hidden.
_RESIDUALS = """
create or replace temp table residuals as
with differing as (
    select *, today - before as difference from compared
)
select
    parts.edition, parts.trust_code, parts.month_code, parts.depth,
    any_value(totals.difference) - coalesce(sum(parts.difference), 0) as difference
from (values {totals}) as sums (part, total)
inner join differing as parts on parts.name = sums.part
inner join differing as totals
    on totals.name = sums.total and totals.edition = parts.edition and totals.measure = parts.measure
    and totals.trust_code = parts.trust_code and totals.month_code = parts.month_code
    and totals.theme_code is not distinct from parts.theme_code
    and (totals.service_id is null or totals.service_id = parts.service_id)
    and (totals.week_date is null or totals.week_date = parts.week_date)
where totals.difference is not null
group by
    parts.edition, parts.trust_code, parts.month_code, parts.depth, sums.part, sums.total, parts.measure,
    totals.theme_code, totals.service_id, totals.week_date
having count(*) > count(parts.difference)
"""

# Blocks that hold today, for the first time, what an edition showed of another trust's month: a service that has moved,
# under its name or another. Beside that edition its figures would tell what has changed, whatever its new block adds.
_TAKEN_OVER = """
create or replace temp table taken_over as
with places as (
    select distinct edition > 0 as was_shown, trust_code, month_code, service_id
    from figures
    where name in ('public_service_months', 'public_trust_months') and measure = 'comment'
),
compared_places as (
    select trust_code, month_code, service_id, bool_or(was_shown) as was_shown, bool_or(not was_shown) as is_there
    from places
    group by all
)
select distinct arrived.trust_code, arrived.month_code
from compared_places as arrived
inner join compared_places as elsewhere
    on arrived.month_code = elsewhere.month_code and arrived.trust_code <> elsewhere.trust_code
where
    not arrived.was_shown and elsewhere.was_shown
    and (arrived.service_id = elsewhere.service_id or not elsewhere.is_there)
"""

_DECIDED = """
create or replace temp table also_hidden as
select distinct name, trust_code, month_code, service_id, theme_code, week_date, measure
from compared
where was_there and before is null and measure in ('comment', 'negative');

create or replace temp table decided as
with latest as (
    select trust_code, month_code, max(edition) as edition, arg_max(detail, edition) as detail
    from made
    where edition > 0
    group by trust_code, month_code
),
-- The coarsest figure of a block that may not be published beside an edition; nothing finer may be either.
forbidden as (
    select trust_code, month_code, max(depth) as depth
    from (
        select trust_code, month_code, depth
        from compared
        where
            abs(today - before) between 1 and $least - 1
            -- It was shown and is hidden now: few of its comments are left, or have gone.
            or (before is not null and today is null)
            -- It was there and has gone: under another name it may be there still.
            or (was_there and not is_there and before is distinct from 0)
        union all
        select trust_code, month_code, depth
        from residuals
        where abs(difference) between 1 and $least - 1
    )
    group by trust_code, month_code
),
changed as (
    select
        latest.trust_code,
        latest.month_code,
        -- What was hidden stays hidden: it is no reason to make the figures anew.
        coalesce(bool_or(compared.before is not null and compared.before is distinct from compared.today), false)
            as is_changed,
        coalesce(min(compared.today - compared.before) filter (
            where compared.depth = 3
        ) <= -$least, false) as has_lost_many
    from latest
    left join compared using (trust_code, month_code, edition)
    group by latest.trust_code, latest.month_code
),
blocks as (
    select
        coalesce(today.trust_code, latest.trust_code) as trust_code,
        coalesce(today.month_code, latest.month_code) as month_code,
        today.trust_code is not null as is_there,
        latest.edition,
        latest.detail,
        changed.is_changed,
        case
            when taken_over.trust_code is not null then $carried
            when forbidden.depth is null then 0
            -- Detail is given up only where many are to go: a correction waits for its company.
            when changed.has_lost_many then forbidden.depth + 1
            else $carried
        end as finest,
        taken_over.trust_code is not null as is_taken_over
    from (from made where edition = 0) as today
    full join latest on today.trust_code = latest.trust_code and today.month_code = latest.month_code
    left join changed
        on latest.trust_code = changed.trust_code and latest.month_code = changed.month_code
    left join forbidden
        on latest.trust_code = forbidden.trust_code and latest.month_code = forbidden.month_code
    left join taken_over
        on today.trust_code = taken_over.trust_code and today.month_code = taken_over.month_code
)
select
    trust_code,
    month_code,
    case when edition is null or (is_there and is_changed and finest < $carried) then 0 else edition end as edition,
    case
        when edition is null then 0
        when is_there and is_changed and finest < $carried then finest
        else detail
    end as detail,
    edition is not null and (not is_there or (is_changed and finest >= $carried)) as waits
from blocks
where edition is not null or not is_taken_over
"""
