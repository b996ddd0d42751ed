"""Followers of the trust's own accounts, by source: the latest number, and what it was in the weeks before."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter

import duckdb

from wordround.published.database import rows


@dataclass(frozen=True)
class Week:
    """The last number of a week in which an own post was first collected; all None where there is none.

    `organisation_label`: None for what a page of the trust's own posted. `change_count`: since the week before that has
    a number; None in the first, and where the name `has_several_levels`, of which each week may have another.
    """

    source_label: str
    organisation_label: str | None
    is_of_service: bool
    follower_count: int | None
    followers_on: date | None
    week_date: date | None
    change_count: int | None
    has_several_levels: bool | None


@dataclass(frozen=True)
class Account:
    """One account: its weeks, the latest first, and the change over all of them.

    There are none where its source gives none, and of accounts of services, whose followers are not kept.
    """

    source_label: str
    organisation_label: str | None
    is_of_service: bool
    weeks: tuple[Week, ...]

    @property
    def has_several_levels(self) -> bool:
        return any(each.has_several_levels for each in self.weeks)

    @property
    def change_count(self) -> int | None:
        changes = [each.change_count for each in self.weeks if each.change_count is not None]
        return sum(changes) if changes else None


def accounts(connection: duckdb.DuckDBPyConnection) -> list[Account]:
    """Return each account from which something was collected in the last year, with up to 13 weeks of followers."""
    return list(_accounts(rows(connection, _WEEKS, Week)))


def _accounts(weeks: list[Week]) -> Iterator[Account]:
    named = attrgetter("source_label", "organisation_label", "is_of_service")
    for account, of_account in groupby(weeks, named):
        yield Account(*account, tuple(each for each in of_account if each.follower_count is not None))


# The change of the first of these weeks is since one that is not shown.
_WEEKS = """
with accounts as (
    select distinct source_code, organisation_label from marts.fct_own_posts
    where posted_at > (select max(posted_at) from marts.fct_own_posts) - interval 365 day
),
weeks as (
    select *, row_number() over (partition by source_code, organisation_label order by week_date desc) as number
    from marts.fct_own_follower_weeks
    where week_date > (select max(week_date) from marts.fct_own_follower_weeks) - interval 365 day
    qualify number <= 13
)
select
    sources.source_label, coalesce(services.service_label, accounts.organisation_label) as organisation_label,
    services.service_id is not null as is_of_service,
    weeks.follower_count, weeks.followers_on, weeks.week_date, weeks.has_several_levels,
    case when lead(weeks.week_date) over of_account is not null then weeks.change_count end as change_count
from accounts
inner join marts.dim_sources as sources on accounts.source_code = sources.source_code
left join marts.dim_services as services on accounts.organisation_label = services.service_id
left join weeks
    on accounts.source_code = weeks.source_code and accounts.organisation_label = weeks.organisation_label
window of_account as (partition by accounts.source_code, accounts.organisation_label order by weeks.week_date desc)
order by sources.source_label, organisation_label, weeks.week_date desc
"""
