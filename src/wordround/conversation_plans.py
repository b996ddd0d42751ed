"""`[[conversations]]`: conversations as they are planned: their hashtags, who hosts them, and when they are held.

Only the plan is here, for the settings and for what people declare otherwise (records). Which conversations there are,
and whether their hosts are in a registry: `conversations/declared.py`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    InstanceOf,
    ValidationError,
    field_validator,
    model_validator,
)

from wordround.connectors import registry
from wordround.connectors.blocks import AskedSource
from wordround.governance import Block
from wordround.plain_text import tag_key, tag_name

LONDON = ZoneInfo("Europe/London")
NAME = re.compile(r"[a-z0-9][a-z0-9_]{0,39}")
LONGEST = timedelta(days=31)
LONGEST_LABEL, MOST_TAGS, MOST_HOSTS = 80, 20, 20
# Addresses below /conversations of the web page.
_PAGES = ("declare", "dismiss", "withdraw")
_YEARS = range(2006, 2100)  # the first post with a hashtag is of 2007

# Letters and digits of any script, and one letter at least: what sources take as one hashtag.
TAG = re.compile(r"(?=\w*[^\W\d_])\w{2,100}")


def asked_by_hashtag() -> tuple[str, ...]:
    """Return the sources that can be asked by hashtag."""
    return tuple(
        name
        for name, block in registry.blocks().items()
        if issubclass(block, AskedSource) and "hashtags" in block.answers_to
    )


def _tag(written: str) -> str:
    tag = tag_name(written)
    if not TAG.fullmatch(tag):
        raise ValueError("a hashtag is one word of letters and digits, such as 'MaternityHour'")
    return tag


def _source(name: str) -> str:
    if name not in asked_by_hashtag():
        is_known = name in registry.blocks()
        why = "cannot be asked by hashtag" if is_known else "is no source"
        raise ValueError(f"'{name}' {why}; these can be: {', '.join(asked_by_hashtag())}")
    return name


def _once(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _each_tag_once(tags: tuple[str, ...]) -> tuple[str, ...]:
    first: dict[str, str] = {}
    for tag in tags:
        first.setdefault(tag_key(tag), tag)
    return tuple(first.values())


def _no_number(written: Any) -> Any:
    """Refuse a number, and a text that is one: either would be taken as seconds since 1970."""
    if isinstance(written, int | float | str):
        try:
            float(written)
        except ValueError:
            return written
        raise ValueError("is a number; write a date and time, such as 2026-11-12T20:00:00")
    return written


def _begin_of_day(written: Any) -> Any:
    day = _day(written)
    return datetime.combine(day, time()) if day else written


def _end_of_day(written: Any) -> Any:
    """A day without a time is meant whole: it ends with the first moment of the next."""
    day = _day(written)
    return datetime.combine(day + timedelta(days=1), time()) if day else written


def _day(written: Any) -> date | None:
    if isinstance(written, date) and not isinstance(written, datetime):
        return written
    try:
        return date.fromisoformat(written.strip()) if isinstance(written, str) and "T" not in written else None
    except ValueError:
        return None


def _moment(written: datetime) -> datetime:
    """Return a moment in UTC; without an offset it is one of Europe/London."""
    if written.year not in _YEARS:
        raise ValueError(f"the year {written.year} is not of this century; write it with four digits")
    if written.tzinfo is not None:
        return written.astimezone(UTC)
    here = written.replace(tzinfo=LONDON)
    if here.utcoffset() != here.replace(fold=1).utcoffset():
        raise ValueError("clocks change at that time: give its offset, such as 2026-10-25T01:30:00+01:00")
    return here.astimezone(UTC)


Tags = Annotated[tuple[Annotated[str, AfterValidator(_tag)], ...], AfterValidator(_each_tag_once)]
Sources = Annotated[tuple[Annotated[str, AfterValidator(_source)], ...], AfterValidator(_once)]
Moment = Annotated[datetime, BeforeValidator(_no_number), AfterValidator(_moment)]
Begin = Annotated[Moment, BeforeValidator(_begin_of_day)]
End = Annotated[Moment, BeforeValidator(_end_of_day)]


class ConversationPlan(Block):
    """One conversation as it is planned; `begins` and `ends` are in UTC once they were read."""

    name: str = Field(pattern=f"^{NAME.pattern}$", description="names it everywhere: never reuse one")
    label: str | None = Field(
        default=None, min_length=1, max_length=LONGEST_LABEL, description="what people call it; else its name in words"
    )
    tags: Tags = Field(min_length=1, max_length=MOST_TAGS, description="hashtags; a post that has any of them is of it")
    hosts: tuple[str, ...] = Field(
        default=(),
        max_length=MOST_HOSTS,
        description="organisations of organisation_accounts.csv, or ids of services, whose accounts lead it",
    )
    begins: Begin
    ends: End
    baseline_days: int = Field(default=14, ge=7, le=56, description="days before it, whose same hours are the usual")
    sources: Sources = Field(default=(), description="where it is looked for; else every social source by hashtag")

    @field_validator("name")
    @classmethod
    def _is_no_page(cls, name: str) -> str:
        if name in _PAGES:
            raise ValueError(f"'{name}' is a page of its own; give another name")
        return name

    @model_validator(mode="after")
    def _has_a_length(self) -> Self:
        if self.ends <= self.begins:
            raise ValueError("`ends` is not later than `begins`")
        if self.ends - self.begins > LONGEST:
            raise ValueError(f"it lasts longer than {LONGEST.days} days; declare its parts")
        return self


@dataclass(frozen=True)
class UnusablePlan:
    """A block that makes no conversation. `says`: which it is, and what is wrong with it."""

    says: str


def _each_by_itself(written: Any) -> Any:
    """Read each block by itself, so that a wrong one is named and costs no other."""
    if not isinstance(written, list | tuple):
        return written
    read: list[ConversationPlan | UnusablePlan] = []
    names: set[str] = set()
    for number, block in enumerate(written, 1):
        one = _read(block, number)
        if isinstance(one, ConversationPlan) and one.name in names:
            one = UnusablePlan(f"[[conversations]] {number}: the name '{one.name}' stands twice; the first holds")
        if isinstance(one, ConversationPlan):
            names.add(one.name)
        read.append(one)
    return tuple(read)


def _read(block: Any, number: int) -> ConversationPlan | UnusablePlan:
    try:
        return ConversationPlan.model_validate(block)
    except ValidationError as error:
        name = block.get("name") if isinstance(block, dict) else None
        called = f" ({name})" if isinstance(name, str) and NAME.fullmatch(name) else ""
        return UnusablePlan("\n".join(f"[[conversations]] {number}{called}: {wrong}" for wrong in faults(error)))


_REASONS = {
    "missing": "is missing",
    "extra_forbidden": "there is no such key",
    "too_short": "name one at least",
    "string_too_long": f"{LONGEST_LABEL} characters at most",
    **dict.fromkeys(
        ("datetime_type", "datetime_parsing", "datetime_from_date_parsing", "datetime_object_invalid"),
        "write a day and a time, such as 2026-11-12T20:00; a day alone is meant whole",
    ),
    "string_pattern_mismatch": "small letters, digits and _, 40 at most, such as maternity_hour",
}


def faults(error: ValidationError) -> Iterator[str]:
    """Yield what is wrong with a plan, by its keys."""
    found = error.errors(include_input=False, include_url=False)
    # A list whose every part is wrong counts as empty besides.
    within = {one["loc"][0] for one in found if len(one["loc"]) > 1}
    for one in found:
        if one["type"] == "too_short" and one["loc"][0] in within:
            continue
        place = ", ".join(f"number {part + 1}" if isinstance(part, int) else part for part in one["loc"])
        says = _REASONS.get(one["type"], str(one["msg"]).removeprefix("Value error, "))
        yield f"{place}: {says}" if place else says


Plans = Annotated[tuple[ConversationPlan | InstanceOf[UnusablePlan], ...], BeforeValidator(_each_by_itself)]
