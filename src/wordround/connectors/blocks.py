"""The settings that every source has, and those of a source that is asked over the network.

A connector declares its own block on top of these, for `[sources.<name>]` of the settings file.
"""

import re
from datetime import date
from pathlib import Path
from typing import Annotated, ClassVar, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from wordround.connectors.limits import AnswerLimits
from wordround.governance import Block, SourceGovernance

TERM_KINDS = ("hashtags", "accounts", "phrases", "places")
# How the ids of questions for conversations begin (dbt: is_conversation_query). What those did not answer keeps no week
# of a source open, so that no query of the settings may be called so.
OF_CONVERSATIONS = "conversation-"


class Source(Block):
    """The settings of every source. It is not read before its governance is complete."""

    is_public: ClassVar[bool] = False  # whether people wrote for everybody to read

    enabled: bool = True
    governance: SourceGovernance = Field(default_factory=SourceGovernance)


def _stripped(words: object) -> object:
    return [one.strip() if isinstance(one, str) else one for one in words] if isinstance(words, list | tuple) else words


def _bare(words: object) -> object:
    """Drop the sign in front of each word, so that the least length counts what follows it."""
    words = _stripped(words)
    return [one.lstrip("#@") if isinstance(one, str) else one for one in words] if isinstance(words, list) else words


def api_address(address: str) -> str:
    """Return an address that may be asked, without the slash at its end. Raises ValueError for any other."""
    parts = urlsplit(address)
    is_here = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost")
    if not parts.hostname or not (parts.scheme == "https" or is_here):
        raise ValueError("must begin with https:// and name a server (http:// is for this machine alone)")
    if parts.username is not None or parts.password is not None:
        raise ValueError("must not hold a user or a password: they come from the environment")
    return address.rstrip("/")


def without_keys(place: str) -> str:
    """Return a place as it may be shown: an address loses user and parameters, which may hold a key."""
    parts = urlsplit(place)
    return f"{parts.hostname}{parts.path}" if parts.scheme in ("http", "https") else place


def _own_id(written: str) -> str:
    if written.startswith(OF_CONVERSATIONS):
        raise ValueError(
            f"'{written}' begins with '{OF_CONVERSATIONS}', as questions for [[conversations]] do. Call it otherwise"
        )
    return written


_FORM_OF_ID = r"^[a-z0-9][a-z0-9_-]{0,59}$"

Words = Annotated[tuple[Annotated[str, Field(min_length=2, max_length=200)], ...], BeforeValidator(_stripped)]
Names = Annotated[tuple[Annotated[str, Field(min_length=2, max_length=200)], ...], BeforeValidator(_bare)]
Address = Annotated[str, AfterValidator(api_address)]


class Query(Block):
    """One question to a source. Its parts are alternatives: a post that matches any of them is wanted."""

    id: Annotated[
        str, Field(pattern=_FORM_OF_ID, description="names it in coverage; never reuse one"), AfterValidator(_own_id)
    ]
    hashtags: Names = ()
    accounts: Names = Field(default=(), description="accounts of organisations that are mentioned, or whose page it is")
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
        """The query on one line, for coverage and the report."""
        parts = [*(f"#{tag}" for tag in self.hashtags), *self.accounts, *(f'"{words}"' for words in self.phrases)]
        return " or ".join([*parts, *map(without_keys, self.places)])


class ConversationQuery(Query):
    """The question for the hashtags of a conversation; none of the settings."""

    id: Annotated[str, Field(pattern=rf"^{OF_CONVERSATIONS}[a-z0-9_-]{{1,59}}$")]


class AskedSource(Source):
    """A source that is asked over the network."""

    is_public: ClassVar[bool] = True
    # Which parts of a query this source can be asked by.
    answers_to: ClassVar[tuple[str, ...]] = TERM_KINDS
    # The form of an account. Any other word could be the name of a person, and no person is searched for.
    account_form: ClassVar[re.Pattern[str]] = re.compile(r"\S+")

    enabled: bool = False
    address: Address = ""
    since: date | None = Field(
        default=None, description="first day that is asked about; else seven days before the first run"
    )
    overlap_hours: int = Field(default=48, ge=0, le=720, description="what is asked again, for posts that surface late")
    patience_seconds: int = Field(default=900, ge=1, le=7200, description="longest wait for one answer")
    budget: float | None = Field(default=None, gt=0, description="what a day may cost, in the source's own unit")
    limits: AnswerLimits = Field(default_factory=AnswerLimits)
    queries: tuple[Query, ...] = ()

    @model_validator(mode="after")
    def _can_be_asked(self) -> Self:
        ids = [query.id for query in self.queries]
        if len(set(ids)) < len(ids):
            twice = next(one for one in ids if ids.count(one) > 1)
            raise ValueError(f"two queries have the same id: '{twice}'")
        for query in self.queries:
            if strange := [name for name in query.accounts if not self.account_form.fullmatch(name)]:
                raise ValueError(f"query '{query.id}': '{strange[0]}' is no account of this source")
            if wrong := [kind for kind in TERM_KINDS if getattr(query, kind) and kind not in self.answers_to]:
                raise ValueError(
                    f"query '{query.id}': this source cannot be asked by {' or '.join(wrong)}, only by "
                    f"{' or '.join(self.answers_to)}"
                )
        return self


class FolderSource(Source):
    """A source of files that a trust puts into a folder."""

    drop_folder: Path
