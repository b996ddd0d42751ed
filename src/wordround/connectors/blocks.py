"""The settings that every source has, and those of a source that is asked: what the trust wants to know of it.

A connector declares its own block on top of these; `[sources.<name>]` of the settings file is read by it.
"""

from datetime import date
from pathlib import Path
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, Field, model_validator

from wordround.governance import Block, SourceGovernance

TERM_KINDS = ("hashtags", "accounts", "phrases", "places")


class Source(Block):
    """What every source has. It is not read before its governance is complete."""

    is_public: ClassVar[bool] = False  # whether people wrote for everybody to read

    enabled: bool = True
    governance: SourceGovernance = SourceGovernance()


def _bare(tags: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(tag.strip().lstrip("#") for tag in tags)


def _api_address(address: str) -> str:
    if not address.startswith(("https://", "http://127.0.0.1:", "http://localhost:")):
        raise ValueError("must begin with https:// (http:// is for this machine alone)")
    return address.rstrip("/")


Words = tuple[Annotated[str, Field(min_length=2, max_length=200)], ...]
Address = Annotated[str, AfterValidator(_api_address)]


class Query(Block):
    """One question to a source. Its parts are alternatives: a post is wanted that has any of them."""

    id: Annotated[
        str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,59}$", description="names it in coverage; never reuse one")
    ]
    hashtags: Annotated[Words, AfterValidator(_bare)] = ()
    accounts: Words = Field(default=(), description="accounts of organisations that are mentioned, or whose page it is")
    phrases: Words = Field(default=(), description="words that stand in the post exactly so")
    places: Words = Field(default=(), description="the source's own codes: ODS codes, locations, communities, channels")
    since: date | None = Field(default=None, description="first day that is asked about")
    until: date | None = Field(default=None, description="last day that is asked about")

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        if not any(getattr(self, kind) for kind in TERM_KINDS):
            raise ValueError(f"asks nothing: give at least one of {', '.join(TERM_KINDS)}")
        if self.since and self.until and self.since > self.until:
            raise ValueError("`since` is later than `until`")
        return self

    @property
    def label(self) -> str:
        """What is asked, on one line, for coverage and the report."""
        parts = [*(f"#{tag}" for tag in self.hashtags), *self.accounts, *(f'"{words}"' for words in self.phrases)]
        return " or ".join([*parts, *self.places])


class AskedSource(Source):
    """A source that is asked over the network."""

    is_public: ClassVar[bool] = True
    # Which parts of a query this source can be asked by.
    answers_to: ClassVar[tuple[str, ...]] = TERM_KINDS

    enabled: bool = False
    address: Address = ""
    since: date | None = Field(
        default=None, description="first day that is asked about; else seven days before the first run"
    )
    overlap_hours: int = Field(default=48, ge=0, le=720, description="what is asked again, for posts that surface late")
    patience_seconds: int = Field(default=900, ge=1, le=7200, description="longest wait for one answer")
    budget: float | None = Field(default=None, gt=0, description="what a day may cost, in the source's own unit")
    queries: tuple[Query, ...] = ()

    @model_validator(mode="after")
    def _can_be_asked(self) -> Self:
        ids = [query.id for query in self.queries]
        if len(set(ids)) < len(ids):
            raise ValueError("two queries have the same id")
        for query in self.queries:
            if wrong := [kind for kind in TERM_KINDS if getattr(query, kind) and kind not in self.answers_to]:
                raise ValueError(
                    f"query '{query.id}': this source cannot be asked by {' or '.join(wrong)}, only by "
                    f"{' or '.join(self.answers_to)}"
                )
        return self


class FolderSource(Source):
    """A source of files that a trust puts into a folder."""

    drop_folder: Path
