"""Columns: comments as rows of Parquet, and what may stand in each column.

A column holds a keyed hash, a code of a closed list, a number, a moment or de-identified words, and nothing else.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from itertools import repeat
from typing import Any

import pyarrow as pa

from wordround.comments import CLOSED, CONTENT, COUNTS, LANDED, Comment
from wordround.connectors.blocks import AskedSource, Source
from wordround.connectors.terms import SourceTerms
from wordround.countries import code_of
from wordround.deidentify import Deidentified, Deidentifier
from wordround.deidentify.cells import HIDDEN_DOMAIN, Cells, language
from wordround.deidentify.placeholders import PLACEHOLDER
from wordround.identity.pseudonyms import Pseudonymiser
from wordround.registers.services import (
    is_own_account,
    mentioned_services,
    named_services,
    organisation_of,
    registered_codes,
)

_UNCHANGED = ("edited_at", "is_date_corrected", *COUNTS)
_POST_CONTENT = (
    "edited_at",
    "is_date_corrected",
    "language",
    "site_code",
    "service_id",
    "title",
    "hashtags",
    "link_domains",
    "collection_mode",
)
# As the settings have it: the id of a query (blocks.Query).
_QUERY_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")


class LandedColumns:
    """Makes rows of the comments of one batch."""

    def __init__(
        self,
        source: str,
        block: Source | None,
        keys: Pseudonymiser,
        terms: SourceTerms,
        deidentify: Deidentifier,
        own_names: tuple[str, ...],
        collected_at: datetime,
        hashtags: Callable[[], Collection[str]] = tuple,
    ) -> None:
        """`block`: the settings of the source; `own_names`: of registered trusts, sites and services.

        `hashtags`: returns those of conversations, which a trust follows as it does those that it asks for.
        """
        self._source, self._keys, self._terms = source, keys, terms
        self._cells = Cells(deidentify, own_names, registered_codes(), lambda: _own_hashtags(block).union(hashtags()))
        self.collected_at = collected_at
        # What was odd about places, by rows of a file.
        self.notes: Counter[str] = Counter()
        self._trusts: dict[str, bool] = {}
        self._last_row = 0

    def is_trust(self, name: str) -> bool:
        """Whether a cell may name a trust: there is no identifier in it."""
        if name not in self._trusts:
            self._trusts[name] = not PLACEHOLDER.search(self._cells.place(name))
        return self._trusts[name]

    def of(
        self,
        comments: list[Comment],
        clean: list[Deidentified | None],
        titles: list[Deidentified | None],
        languages: list[str | None],
        link_titles: Iterable[Deidentified | None] = (),
    ) -> pa.RecordBatch:
        """Return comments as rows of LANDED.

        `clean` and `titles` are their texts and titles, de-identified, and so are `link_titles`, those of their links
        one after the other; `languages` are those in which the texts were written: what is left of them is mostly read
        as English.
        """
        source, keys = self._source, self._keys
        given = dict(zip(Comment._fields, zip(*comments, strict=True), strict=True))
        # Places are de-identified too, because cells move to other columns. Few places differ, so this costs little.
        distinct = {place for comment in comments for place in (comment.trust_code, *comment.locations) if place}
        # What is only somebody's name, number or address is no place, and makes no service.
        named = {None: None, "": None} | {place: self._cells.named_place(place) for place in distinct}
        self._count_places(comments, named)
        locations = [tuple(map(named.get, (*comment.locations, None, None, None)[:3])) for comment in comments]
        forms = [form for form in dict.fromkeys(given["form_id"]) if form]
        responses = dict(zip(forms, keys.pseudonyms(source, "form", each=forms), strict=True))
        days = given["posted_on"]
        midnight = {day: datetime.combine(day, time(), UTC) for day in set(days)}
        columns: dict[str, Sequence[Any]] = {
            "comment_id": keys.pseudonyms(source, each=given["native_id"]),
            "response_id": [form and responses[form] for form in given["form_id"]],
            "source": [source] * len(comments),
            "kind": _kinds(given["kind"]),
            "posted_at": [moment or midnight[day] for moment, day in zip(given["posted_at"], days, strict=True)],
            "posted_date": days,
            "collected_at": [self.collected_at] * len(comments),
            # A withheld text of which no ordinary word is left is null; its comment is still counted.
            "text": [(found.text.strip() and found.text) or None if found else None for found in clean],
            "question_type": _closed("question_type", given["question_type"]),
            "detected_language": languages,
            "rating": given["rating"],
            "rating_max": given["rating_max"],
            "rating_note": _closed("rating_note", given["rating_note"]),
            "trust_code": [trust and self._cells.place(trust) for trust in given["trust_code"]],
            "location_1": [one for one, _, _ in locations],
            "location_2": [two for _, two, _ in locations],
            "location_3": [three for _, _, three in locations],
            "author_key": list(map(self._author_key, given["author_id"], days)),
            "identifiers_removed": [
                (len(text.found) if text else 0) + (len(title.found) if title else 0)
                for text, title in zip(clean, titles, strict=True)
            ],
            "is_withheld": [bool(found and found.withheld) for found in clean],
            "row_number": [number or None for number in given["row_number"]],
        }
        # The native id of the form, because its pseudonym changes with the key.
        content = {**columns, "response_id": given["form_id"]}
        posted = self._post_columns(given, titles)
        contents = zip(_contents(content), _post_contents(comments, posted), strict=True)
        columns["content_hash"] = keys.pseudonyms("content", each=[answer + post for answer, post in contents])
        columns |= posted
        columns["link_titles"] = self._link_titles(comments, clean, link_titles)
        arrays = [
            pa.array(columns[field.name], field.type) if field.name in columns else pa.nulls(len(comments), field.type)
            for field in LANDED
        ]
        return pa.RecordBatch.from_arrays(arrays, schema=LANDED)

    def _count_places(self, comments: list[Comment], named: Mapping[str | None, str | None]) -> None:
        """Count the rows of files with a person or an address where a place should stand."""
        lost = {place for place, words in named.items() if place and words is None}
        shortened = {place for place, words in named.items() if words and PLACEHOLDER.search(words)}
        if not lost and not shortened:
            return
        for comment in comments:
            # The answers of one row follow each other.
            if comment.row_number and comment.row_number != self._last_row:
                self._last_row = comment.row_number
                if not lost.isdisjoint(comment.locations):
                    rest = any(named[place] for place in comment.locations)
                    self.notes["part_of_the_place_is_identifier" if rest else "no_place_identifier"] += 1
                self.notes["place_without_its_identifier"] += not shortened.isdisjoint(comment.locations)

    def _post_columns(
        self, given: Mapping[str, Sequence[Any]], titles: list[Deidentified | None]
    ) -> dict[str, Sequence[Any]]:
        """Return the columns that only posts, reviews and stories have."""
        columns: dict[str, Sequence[Any]] = {name: given[name] for name in _UNCHANGED}
        columns["title"] = list(map(self._cells.title, titles))
        columns["language"] = _each(language, given["language"])
        columns["site_code"] = _each(self._cells.code, given["site_code"])
        service_ids = {service.service_id for service in named_services()}
        columns["service_id"] = [one if one in service_ids else None for one in given["service_id"]]
        columns["query_id"] = [one if one and _QUERY_ID.fullmatch(one) else None for one in given["query_id"]]
        for name in ("in_reply_to", "reshare_of"):
            columns[name] = [native_id and self._keys.pseudonym(self._source, native_id) for native_id in given[name]]
        columns["hashtags"] = _each(lambda tags: _once(map(self._cells.hashtag, tags)), given["hashtags"])
        columns["link_domains"] = _each(lambda links: _once(map(self._cells.domain, links)), given["link_domains"])
        columns["mentioned_accounts"] = _each(
            lambda handles: mentioned_services(self._source, handles) or None, given["mentions"]
        )
        organisations = _each(lambda handle: organisation_of(self._source, handle), given["author_handle"])
        roles = [
            "organisation" if organisation else role
            for organisation, role in zip(organisations, given["author_role"], strict=True)
        ]
        columns["author_role"] = _closed("author_role", roles)
        columns["author_organisation"] = organisations
        columns["author_followers"] = [
            count if count is not None and is_own_account(self._source, handle) else None
            for count, handle in zip(given["author_followers"], given["author_handle"], strict=True)
        ]
        columns["country"] = _each(code_of, given["country"])
        columns["origin"] = _closed("origin", given["origin"])
        columns["collection_mode"] = _closed("collection_mode", given["collection_mode"])
        return columns

    def _link_titles(
        self, comments: list[Comment], clean: list[Deidentified | None], titles: Iterable[Deidentified | None]
    ) -> list[list[dict[str, str]] | None]:
        """Return the titles that may be kept; beside a withheld text, or of somebody's own website, none may."""
        if not any(comment.link_titles for comment in comments):
            return [None] * len(comments)
        rest, columns = iter(titles), list[list[dict[str, str]] | None]()
        for comment, text in zip(comments, clean, strict=True):
            domains = [self._cells.domain(each.domain) for each in comment.link_titles]
            kept = [self._cells.title(next(rest)) for _ in domains]
            found = [
                {"domain": domain, "title": title}
                for domain, title in zip(domains, kept, strict=True)
                if title and domain != HIDDEN_DOMAIN and not (text and text.withheld)
            ]
            columns.append(found or None)
        return columns

    def _author_key(self, author_id: str | None, posted_on: date) -> str | None:
        if author_id is None or not self._terms.keeps_author_key:
            return None
        return self._keys.author_key(self._source, author_id, posted_on)


def _kinds(kinds: Sequence[str]) -> Sequence[str]:
    if not CLOSED["kind"].issuperset(kinds):
        # Its connector is wrong, and nothing can be told of such a row.
        raise ValueError("kind: is none of comments.Kind")
    return kinds


def _each(look: Callable[[Any], Any], values: Sequence[Any]) -> list[Any]:
    """Return what a look at each value returns; None for an empty one, as most are."""
    return [look(value) if value else None for value in values]


def _closed(column: str, values: Sequence[str | None]) -> list[str | None]:
    """Return values without those that are not of the closed list of their column."""
    allowed = CLOSED[column]
    return [value if value in allowed else None for value in values]


def _once(values: Iterable[str]) -> list[str] | None:
    return list(dict.fromkeys(values)) or None


def _own_hashtags(block: Source | None) -> set[str]:
    """Return the hashtags of the registry and those that the queries of a source ask for."""
    asked = {tag for query in block.queries for tag in query.hashtags} if isinstance(block, AskedSource) else set()
    return asked | {tag for service in named_services() for tag in service.hashtags}


def _post_contents(comments: list[Comment], columns: Mapping[str, Sequence[Any]]) -> Iterator[str]:
    """Yield the content of each post beside its text; empty for an answer of a survey.

    Native ids take the place of pseudonyms, which change with the key.
    """
    names = [name for name in _POST_CONTENT if not _holds_only(columns[name], None, False)]
    for row, comment in enumerate(comments):
        if not names and comment.reshare_of is None:
            yield ""
            continue
        content = {name: columns[name][row] for name in names}
        # What a post answers never changes; whether its source tells, does.
        content["reshare_of"] = comment.reshare_of
        content = {name: value for name, value in sorted(content.items()) if value is not None and value is not False}
        yield repr(content) if content else ""


def _contents(columns: Mapping[str, Sequence[Any]]) -> Iterator[str]:
    """Yield the content of each row; columns that are empty throughout are left out."""
    names = sorted(columns.keys() & set(CONTENT))
    # As `repr` writes the whole row. Of most columns few values differ.
    parts, differing = list[str](), list[Iterable[str]]()
    for values in map(columns.__getitem__, names):
        count = 1 if _holds_only(values, None) else len(set(map(id, values)))
        if count == 1:
            parts.append(repr(values[0]).replace("%", "%%"))
            continue
        parts.append("%s")
        differing.append(map(repr, values) if count > len(values) // 2 else _written_once(values))
    rows = zip(*differing, strict=True) if differing else repeat((), len(columns["kind"]))
    yield from map(f"({', '.join(parts)})".__mod__, rows)


def _holds_only(values: Sequence[Any], *those: bool | None) -> bool:
    return sum(map(values.count, those)) == len(values)


def _written_once(values: Sequence[Any]) -> list[str]:
    """Return the `repr` of each value, made once for each object: two moments may be equal and written otherwise."""
    places = list(map(id, values))
    written = {place: repr(value) for place, value in dict(zip(places, values, strict=True)).items()}
    return list(map(written.__getitem__, places))
