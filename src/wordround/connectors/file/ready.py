"""Ready layouts: column maps of exports that many trusts have, whose columns go by several names.

Exports of one system differ from trust to trust, because each names and chooses its columns. A ready layout knows a
column by any of its usual names and does without those that a file does not have; docs/ready_layouts.md says
which names were seen in real files and which are assumed. Columns about people, subjects and grades are not part of
any, so that they are never read (unread.py counts them).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from types import MappingProxyType
from typing import Literal

from wordround.connectors.file.column_maps import AuthorRole, FileKind, FittedLayout, Layout
from wordround.connectors.files.headers import names_of
from wordround.connectors.files.settings import QuestionType, TextColumn
from wordround.errors import UnexpectedColumns
from wordround.plain_text import one_line

ReadyName = Literal["datix_complaints", "datix_pals", "healthwatch", "iwantgreatcare"]
Names = tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """A free-text column. `name` stays when the column is called otherwise in the next file: it names the comment."""

    name: str
    names: Names
    question_type: QuestionType | None = None


@dataclass(frozen=True)
class ReadyLayout:
    """A column map whose columns each go by several names, the most telling first.

    A file must have `date`, one of `answers`, and `id` where `needs_id`; the rest it may have. `telling`: names that
    stand in exports of this system alone.
    """

    kind: FileKind
    id: Names
    date: Names
    answers: tuple[Answer, ...]
    locations: tuple[Names, ...]
    telling: Names
    needs_id: bool = False
    site_code: Names = ()
    title: Names = ()
    rating: Names = ()
    rating_words: Mapping[str, int] = field(default_factory=dict)
    author_role: Names = ()
    author_roles: Mapping[str, AuthorRole] = field(default_factory=dict)

    def headers(self) -> Iterator[Names]:
        """Yield sets of columns, of which every header that fits has all of one."""
        texts = tuple(name for answer in self.answers for name in answer.names)
        needed: list[Names] = [*([self.id] if self.needs_id else []), self.date, texts]
        yield from product(*needed)

    def fitted(self, header: Sequence[str]) -> Layout:
        """Return the column map of a file with this header; a column that it must have and has not is named first."""
        there = _Header(header)
        date, row_id = there.column(self.date), there.column(self.id)
        answers = [(one, column) for one in self.answers if (column := there.column(one.names))]
        answers = answers or [(one, one.names[0]) for one in (self.answers if not header else self.answers[:1])]
        texts = tuple(TextColumn(column=column, question_type=one.question_type) for one, column in answers)
        rating, title, role = there.column(self.rating), there.column(self.title), there.column(self.author_role)
        return FittedLayout(
            kind=self.kind,
            id=row_id or (self.id[0] if self.needs_id or not header else None),
            date=date or self.date[0],
            # The only text of a row needs no name, so that a column map of the trust's own may take its place.
            text=answers[0][1] if len(self.answers) == 1 else None,
            texts=texts if len(self.answers) > 1 else (),
            answer_names={column: one.name for one, column in answers},
            locations=tuple(column for names in self.locations if (column := there.column(names))),
            site_code=there.column(self.site_code),
            title=title,
            rating=rating,
            rating_max=5 if rating else None,
            rating_words=self.rating_words if rating else {},
            author_role=role,
            author_roles=self.author_roles if role else {},
        )


class _Header:
    """The columns of a file by the names that they go by."""

    def __init__(self, header: Sequence[str]) -> None:
        self._whole = {name.casefold(): name for name in header}
        self._within: dict[str, list[str]] = {}
        for name in header:
            for known_as in names_of(name):
                self._within.setdefault(known_as, []).append(name)

    def column(self, names: Names) -> str | None:
        """Return the column that goes by the first of these names; of two that share a name within, neither."""
        for name in map(str.casefold, names):
            if name in self._whole:
                return self._whole[name]
            if len(found := self._within.get(name, [])) == 1:
                return found[0]
        return None


def has_columns(layout: Layout, header: Sequence[str]) -> bool:
    """Whether a header has all columns of a column map."""
    there = {name.casefold() for name in header}
    return all(one_line(column).casefold() in there for column in layout.columns)


def all_fitted(header: Sequence[str], names: Sequence[ReadyName]) -> dict[str, Layout]:
    """Return the column maps of ready layouts for a file with this header, or for any without one."""
    return {str(name): LAYOUTS[name].fitted(header) for name in names}


def most_telling(file_name: str, header: Sequence[str], names: Sequence[ReadyName]) -> dict[str, Layout]:
    """Return the column maps of ready layouts, that of the system which the header names first.

    Raises UnexpectedColumns where a file could come from several: numbers of one system would name rows of another.
    """
    fitted = all_fitted(header, names)
    fitting = [name for name in names if has_columns(fitted[name], header)]
    there = _Header(header)
    telling = [name for name in fitting if there.column(LAYOUTS[name].telling)] if len(fitting) > 1 else fitting
    if len(fitting) > 1 and len(telling) != 1:
        ids = " or ".join(f"'{LAYOUTS[name].id[0]}' ({name})" for name in fitting)
        raise UnexpectedColumns(
            f"{file_name}: could be an export of several systems ({', '.join(fitting)}), nothing was read. Call the "
            f"column of the id {ids}, or leave one of them in ready_layouts under [sources.file]."
        )
    return {name: fitted[name] for name in dict.fromkeys((*telling, *names))}


_SITES = ("Site", "Site of event (Main)", "Site of event", "Hospital site", "Hospital", "Unit")
_SPECIALTIES = (
    "Specialty", "Specialty (Main)", "Speciality", "Service", "Directorate", "Division", "Care group", "Clinical group",
)  # fmt: skip
_WARDS = (
    "Location (exact)", "Exact location", "Location exact", "Location (Main)", "Ward / department", "Ward/department",
    "Ward", "Location", "Team",
)  # fmt: skip
_SITE_CODES = ("Site ODS code", "ODS code", "Site code")
_RECEIVED = ("First received", "Date first received", "Date received", "Received date", "Received")
_RECORD_IDS = ("ID", "Record ID", "Reference", "Ref", "Our reference", "Our ref", "Case number")
# "Relative" and its like as Care Opinion's roles are read.
_ROLES: Mapping[str, AuthorRole] = MappingProxyType(
    {
        **dict.fromkeys(("Patient", "The patient", "Service user", "Client", "Self"), "patient"),
        **dict.fromkeys(("Carer", "Relative", "Parent", "Guardian", "Relative/carer", "Relative / carer"), "carer"),
        **dict.fromkeys(("Staff", "Staff member", "Member of staff"), "staff"),
    }
)
_DRAWN_STARS = {"\u2605" * count + "\u2606" * (5 - count): count for count in range(1, 6)}
_STARS = _DRAWN_STARS | {shown.rstrip("\u2606"): count for shown, count in _DRAWN_STARS.items()}
# The words of the form of Healthwatch's review plugin, as it shows them and alone.
_FORM = {"Terrible": 1, "Poor": 2, "Average": 3, "Good": 4, "Excellent": 5}
_HEALTHWATCH_WORDS = _FORM | {"\u2605" * count + f" {word}": count for word, count in _FORM.items()}

_COMPLAINT_IDS = ("Complaint ID", "Complaint reference", "Complaint ref", "Complaint number")
_COMPLAINT_TEXTS = (
    "Description of complaint", "Complaint description", "Details of complaint", "Complaint details",
    "Summary of complaint", "Complaint summary",
)  # fmt: skip
_PALS_IDS = ("PALS ID", "PALS reference", "PALS ref", "PALS number")
_PALS_TEXTS = (
    "Description of enquiry", "Details of enquiry", "Enquiry details", "Nature of enquiry", "Description of concern",
    "Details of concern", "Enquiry", "Concern",
)  # fmt: skip

LAYOUTS: Mapping[ReadyName, ReadyLayout] = MappingProxyType(
    {
        "datix_complaints": ReadyLayout(
            kind="story",
            id=(*_COMPLAINT_IDS, *_RECORD_IDS),
            needs_id=True,
            date=("Date complaint received", "Complaint received", *_RECEIVED),
            answers=(Answer("description", (*_COMPLAINT_TEXTS, "Description", "Details", "Synopsis")),),
            locations=(_SITES, _SPECIALTIES, _WARDS),
            site_code=_SITE_CODES,
            author_role=("Complainant type", "Type of complainant"),
            author_roles=_ROLES,
            telling=(
                *_COMPLAINT_IDS, *_COMPLAINT_TEXTS, "Date complaint received", "Complaint received",
                "Complainant type", "Type of complainant", "Complainant", "Complaint type", "Complaint grade",
            ),
        ),
        "datix_pals": ReadyLayout(
            kind="story",
            id=(*_PALS_IDS, *_RECORD_IDS, "Enquiry number"),
            needs_id=True,
            date=("Date of enquiry", "Enquiry date", *_RECEIVED, "Date of contact"),
            answers=(Answer("description", (*_PALS_TEXTS, "Description", "Details", "Synopsis")),),
            locations=(_SITES, _SPECIALTIES, _WARDS),
            site_code=_SITE_CODES,
            author_role=("Enquirer type", "Type of enquirer"),
            author_roles=_ROLES,
            telling=(
                *_PALS_IDS, *_PALS_TEXTS, "Enquiry number", "Date of enquiry", "Enquiry date", "Enquirer type",
                "Type of enquirer", "Enquirer", "PALS type",
            ),
        ),
        "healthwatch": ReadyLayout(
            kind="review",
            id=("Feedback ID", "comment_ID", "Review ID", "Case ID", "Entry ID", "ID"),
            date=(
                "Date of feedback", "Feedback date", "comment_date", "Date received", "Date submitted", "Submitted",
                "Review date", "Date of review", "Entry date", "Date",
            ),
            answers=(
                Answer(
                    "review",
                    (
                        "What happened?", "comment_content", "Your feedback", "Feedback", "Your review", "Review",
                        "Comments", "Comment", "Details",
                    ),
                ),
            ),
            locations=(("Provider", "Provider name"), ("Service name", "Name of service", "Local service", "Service")),
            site_code=("hw_services_ods_code", "Service ODS code", *_SITE_CODES),
            title=("Review title", "Title of your review", "Title of review", "Feedback title"),
            rating=(
                "feedback_rating", "How would you rate this service overall? Choose from 1 to 5 stars.",
                "How would you rate this service overall?", "Overall rating", "Star rating", "Stars", "Rating",
            ),
            rating_words=_STARS | _HEALTHWATCH_WORDS,
            telling=(
                "feedback_rating", "comment_content", "hw_services_ods_code", "What happened?", "Feedback ID",
                "Date of feedback", "Feedback date", "Your feedback", "Feedback", "Case ID", "Local service",
            ),
        ),
        "iwantgreatcare": ReadyLayout(
            kind="review",
            id=("Review ID", "Review reference", "Response ID", "ID"),
            date=(
                "Review date", "Date of review", "Submission date", "Date submitted", "Submitted", "Response date",
                "Date received", "Date",
            ),
            answers=(
                Answer("review", ("Review text", "Review comment", "Review", "Your review", "Comments", "Comment")),
                Answer(
                    "good",
                    (
                        "What was good?", "What was good", "What was good about your experience?",
                        "What was good about your care?", "What did we do well?", "What went well?",
                    ),
                    "what_good",
                ),
                Answer(
                    "improve",
                    (
                        "What could be improved?", "What could be improved", "What could we improve?",
                        "What could we do better?", "What could have been better?", "How could we improve?",
                    ),
                    "could_improve",
                ),
            ),
            locations=(
                ("Site", "Hospital site", "Hospital"),
                ("Specialty", "Department", "Division", "Directorate"),
                ("Ward", "Ward / department", "Ward/department", "Location name", "Location", "Clinic", "Service"),
            ),
            site_code=_SITE_CODES,
            rating=("Star rating", "Stars", "Overall star rating", "Overall rating", "Rating"),
            rating_words=_STARS,
            telling=(
                "Review reference", "Star rating", "Overall star rating", "Review text", "Review comment",
                "What was good?", "What was good", "What could be improved?", "What could be improved",
            ),
        ),
    }
)  # fmt: skip
