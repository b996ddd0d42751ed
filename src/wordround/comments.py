"""The comment record: each field of what connectors yield and landing writes, defined once.

A connector fills the fields that its source has and leaves the rest null. In a landed record ids are keyed hashes;
native ids and handles are never part of it.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal, NamedTuple, get_args

import pyarrow as pa

Kind = Literal["post", "reply", "quote", "review", "story", "survey_answer", "blog_comment"]

# The kinds of what is posted for others to answer and repeat.
POSTED = frozenset({"post", "reply", "quote"})

QuestionType = Literal["what_good", "could_improve", "nonspecific"]
AuthorRole = Literal["patient", "carer", "staff", "organisation"]
# How a form of the Friends and Family Test reached the trust (connectors/fft/modes.py).
CollectionMode = Literal[
    "sms", "electronic_discharge", "electronic_home", "paper_discharge", "paper_home", "telephone", "online", "other"
]  # fmt: skip
# Where a comment was written first, where its source shows it at second hand.
Origin = Literal["nhs_website"]
# What may stand beside a rating, or in its place: why there is none, the wording of another time, how critical a
# moderator finds a story (Care Opinion).
RatingNote = Literal[
    "before_april_2020",
    "undocumented_code",
    "unknown",
    "out_of_range",
    "error_cell",
    "preferred_not_to_say",
    "criticality_not_critical",
    "criticality_minimally_critical",
    "criticality_mildly_critical",
    "criticality_moderately_critical",
    "criticality_strongly_critical",
    "criticality_severely_critical",
]
# Columns whose every value is one of a closed list.
CLOSED: Mapping[str, frozenset[str]] = {
    "kind": frozenset(get_args(Kind)),
    "question_type": frozenset(get_args(QuestionType)),
    "author_role": frozenset(get_args(AuthorRole)),
    "rating_note": frozenset(get_args(RatingNote)),
    "origin": frozenset(get_args(Origin)),
    "collection_mode": frozenset(get_args(CollectionMode)),
}

# Titles of pages that a post links to, each with the registrable domain of its page.
LINK_TITLES = pa.list_(pa.struct([pa.field("domain", pa.string()), pa.field("title", pa.string())]))

# Field order is the column order of the landed Parquet and of raw.comments.
SCHEMA = pa.schema(
    [
        pa.field("comment_id", pa.string(), nullable=False),
        pa.field("response_id", pa.string()),
        pa.field("source", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("posted_at", pa.timestamp("us", tz="UTC"), nullable=False),
        pa.field("posted_date", pa.date32(), nullable=False),
        pa.field("is_date_corrected", pa.bool_()),
        pa.field("edited_at", pa.timestamp("us", tz="UTC")),
        pa.field("collected_at", pa.timestamp("us", tz="UTC"), nullable=False),
        pa.field("text", pa.string()),
        pa.field("title", pa.string()),
        pa.field("language", pa.string()),
        pa.field("detected_language", pa.string()),
        pa.field("question_type", pa.string()),
        pa.field("rating", pa.int32()),
        pa.field("rating_max", pa.int32()),
        pa.field("rating_note", pa.string()),
        pa.field("collection_mode", pa.string()),
        pa.field("trust_code", pa.string(), nullable=False),
        pa.field("site_code", pa.string()),
        pa.field("location_1", pa.string()),
        pa.field("location_2", pa.string()),
        pa.field("location_3", pa.string()),
        pa.field("service_id", pa.string()),
        pa.field("hashtags", pa.list_(pa.string())),
        pa.field("mentioned_accounts", pa.list_(pa.string())),
        pa.field("link_domains", pa.list_(pa.string())),
        pa.field("link_titles", LINK_TITLES),
        pa.field("in_reply_to", pa.string()),
        pa.field("reshare_of", pa.string()),
        pa.field("likes", pa.int32()),
        pa.field("shares", pa.int32()),
        pa.field("replies", pa.int32()),
        pa.field("quotes", pa.int32()),
        pa.field("views", pa.int32()),
        pa.field("author_key", pa.string()),
        pa.field("author_role", pa.string()),
        pa.field("author_organisation", pa.string()),
        pa.field("author_followers", pa.int32()),
        pa.field("country", pa.string()),
        pa.field("origin", pa.string()),
        pa.field("query_id", pa.string()),
        pa.field("identifiers_removed", pa.int32()),
        pa.field("is_withheld", pa.bool_(), nullable=False),
    ]
)

# As landed: with a keyed hash of the content, which tells a corrected comment from one that is only fed again, with two
# columns that outlive an expired text (retention.py), and with the number of its row in its file, by which a comment is
# known where settings change what its row means (rereading.py).
LANDED = pa.schema(
    [
        *SCHEMA,
        pa.field("content_hash", pa.string(), nullable=False),
        pa.field("expired_text_id", pa.string()),
        pa.field("was_nothing_to_improve", pa.bool_()),
        pa.field("row_number", pa.int32()),
    ]
)

# What is not loaded into the warehouse.
ONLY_LANDED = ("expired_text_id", "row_number")

# Keyed hashes, which a new key rewrites.
PSEUDONYMS = ("comment_id", "response_id", "in_reply_to", "reshare_of", "author_key", "content_hash")

# Not content: the comment's id, how it was collected, counts that move by themselves, what depends on the registry or
# on the version of a detector, what one server tells of a post and the next one does not, and hashes that change
# with the key.
COUNTS = ("likes", "shares", "replies", "quotes", "views")
_COLLECTED = ("comment_id", "source", "collected_at", *COUNTS, "author_key", "author_followers", "query_id")
_BESIDE = ("link_titles", "country")
_NOT_CONTENT = (*_COLLECTED, *_BESIDE, "mentioned_accounts", "author_organisation", "detected_language")
CONTENT = tuple(name for name in SCHEMA.names if name not in _NOT_CONTENT)


class LinkTitle(NamedTuple):
    """The title of a page as a post gives it beside its link, and the registrable domain of the page."""

    domain: str
    title: str


class Comment(NamedTuple):
    """One comment as its source gave it, before de-identification; lives in memory only.

    `native_id` is its id at the source, `form_id` the id of a filled-in survey form, `author_id` that of its author.
    All three become keyed hashes, as do `in_reply_to` and `reshare_of`. `text` is null for a blank answer (its form's
    rating still counts) and for a reshare, which has only `reshare_of`. `posted_at` is UTC; a survey knows only the
    day. `surfaced_at` is the moment by which the source sorts, where that is another. Of `mentions` and `author_handle`
    (handles) only registered organisations are kept, and `author_followers`, where the post comes with them, only of
    accounts that the register calls the trust's own. `origin` is where it was written first, where its source shows it
    at second hand. `country` is what the source declares of the post or its place, never what follows from language,
    name or words. `former_ids`: native ids by which earlier versions knew it.
    """

    native_id: str
    kind: Kind
    posted_on: date
    text: str | None
    trust_code: str
    row_number: int = 0
    form_id: str | None = None
    question_type: str | None = None
    rating: int | None = None
    rating_max: int | None = None
    rating_note: str | None = None
    locations: tuple[str | None, ...] = ()
    author_id: str | None = None
    posted_at: datetime | None = None
    surfaced_at: datetime | None = None
    edited_at: datetime | None = None
    is_date_corrected: bool = False
    title: str | None = None
    language: str | None = None
    site_code: str | None = None
    service_id: str | None = None
    hashtags: tuple[str, ...] = ()
    link_domains: tuple[str, ...] = ()
    link_titles: tuple[LinkTitle, ...] = ()
    mentions: tuple[str, ...] = ()
    in_reply_to: str | None = None
    reshare_of: str | None = None
    likes: int | None = None
    shares: int | None = None
    replies: int | None = None
    quotes: int | None = None
    views: int | None = None
    author_role: str | None = None
    origin: Origin | None = None
    collection_mode: str | None = None
    author_handle: str | None = None
    author_followers: int | None = None
    country: str | None = None
    query_id: str | None = None
    former_ids: tuple[str, ...] = ()


class Rejected(NamedTuple):
    """A row that cannot become a comment: its place, the reason, and the cells that may be kept.

    `reason` is one of the codes in docs/quarantine.md. `kept` holds the mapped cells without ids; its free text is
    de-identified before it is written. `answer_count` is how many answers the row would have held; `native_ids` are the
    ids that these would have had, where the row has one.
    """

    row_number: int
    column: str
    reason: str
    kept: dict[str, str]
    answer_count: int = 1
    native_ids: tuple[str, ...] = ()


class Refused(NamedTuple):
    """A row that may not be kept, by its source's terms or its author's wish. Only its reason is counted.

    `reason` is one of REFUSALS.
    """

    reason: str


REFUSALS = {
    "opted_out": "its author asked not to be read by programs, or not without signing in",
    "not_discoverable": "its author did not agree to be recommended or found by strangers, and said no more than that",
    "not_a_comment": "it is a notice that another page links to this one (a pingback)",
    "not_public": "not everybody may read it: followers only, a closed group, a private account",
    "bot": "its author says that a program wrote it",
    "removed": "it was removed or hidden at the source",
    "not_permitted": "the source's terms do not allow what would be done with it",
}


class Repeated(NamedTuple):
    """An answer that occurred before in the same file, word for word."""

    row_number: int
