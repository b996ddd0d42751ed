"""Which comments may be shown at all, and which may be quoted word for word. Pure.

A comment is kept back where it is withheld or expired, where its service's figures of that week are hidden (a quote of
one of four comments points to its writer), where it suggests that somebody is in danger, and where it is one of few
with a theme. To be quoted word for word it must also be a survey answer and hold nothing that its writer could be found
by (no word, number or name that few people write, no day, age or occupation, no two circumstances beside each other)
and blame nobody that colleagues would know.

Nobody learns why a comment was kept back: one reason is about danger, and that belongs to nobody's list.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from wordround.deidentify import deidentify
from wordround.deidentify.placeholders import PLACEHOLDER
from wordround.published.disclosure import SmallNumbers, is_hidden
from wordround.published.tables import PublishedComment, ServiceWeek, ThemeCount
from wordround.quotes import closeness
from wordround.understand.danger import suggests_danger
from wordround.understand.themes import words_of

FEWEST_WORDS = 4
MOST_PLACEHOLDERS = 2
SURVEY = "survey_answer"

# What stands for a person's name tells nothing of the person; everything else is a circumstance, also kinds to come.
_NAMES = frozenset({"name", "staff name", "patient name", "relative name"})
_TRACE = re.compile(r"[\d#@]|https?:|www\.", re.IGNORECASE)
_SENTENCE_ENDS = re.compile(r"[.!?:;\n\"“”()\-–—•*]\s*$")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_CAPITALS_OF_ALL = frozenset(
    "I NHS GP A E OK TV UK CBT OT ECT CPN CMHT PICU CAMHS MDT DBT ADHD BP HCA English Covid COVID Zoom Teams".split()
)
# A day, a date in words, an age, an occupation: what a colleague puts together with a rota, a list or a diary.
_CIRCUMSTANCE = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|january|february|april|june|july|august|september|october|november"
    r"|december|yesterday|today|tonight|christmas|easter|birthday|anniversary|wedding|funeral"
    r"|eleven|twelve|\w+teen|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)\w*|hundred|years? old|aged"
    r"|twins?|triplets|i work|i teach|i serve|my (?:job|work|school|college|employer|boss|church|mosque|temple|wedding)"
    r"|(?:i am|i ?m|as) an? (?!patient|carer|person|result|whole|family|team|service|human|mother|mum|parent)\w+)\b"
)
# One person at work, whom colleagues would know without a name. A quote may thank such a person and not blame one.
_ONE_OF_STAFF = re.compile(
    r"\b(?:my|the|a|an|our|her|his|their|this|that|one|named|key) (?:\w+ ){0,2}?"
    r"(?:psychologist|psychiatrist|consultant|doctor|gp|therapist|nurse|worker|co ?ordinator|counsellor|practitioner"
    r"|pharmacist|physio\w*|dietitian|midwife|receptionist|secretary|administrator|manager|matron|sister|porter|cleaner"
    r"|driver|cook|chef|chaplain|assistant|student|trainee|social worker|member of staff|person (?:i|who|on|at)"
    r"|man|woman|lady|gentleman|girl|guy|bloke|he|she|reception)\b|\b(?:he|she|him)\b"
)


@dataclass(frozen=True)
class Comment:
    """One published comment of the report's week, as far as quotes need it."""

    comment_id: str
    service_id: str
    text: str
    sentiment: str
    themes: tuple[str, ...]
    is_survey: bool


def may_be_shown(
    comments: Iterable[PublishedComment],
    weeks: Mapping[str, ServiceWeek],
    themes: Mapping[str, Sequence[ThemeCount]],
    small: SmallNumbers,
) -> list[Comment]:
    """The comments that may be shown in some form, in the order given.

    comments: those of the report's week; weeks: that week of each service; themes: each service's themes over the
    report's recent weeks; small: which counts of a theme are too few.
    """
    frequent = {
        service_id: {theme.theme_code for theme in found if not small.is_small(theme.comment_count)}
        for service_id, found in themes.items()
    }
    found = (_shown(one, weeks.get(one.service_id), frequent.get(one.service_id, set())) for one in comments)
    return [comment for comment in found if comment]


def quotable(longest_words: int, names: Collection[str]) -> Callable[[Comment], bool]:
    """A test whether a comment may be quoted word for word.

    names: labels of the trust's own services and sites, whose words tell nothing about a writer.
    """
    own = {word for name in names for word in closeness.words(name)}
    return lambda comment: (
        comment.is_survey
        and not _blames_one_person(comment)
        and _says_nothing_of_its_writer(comment.text, longest_words, own)
    )


def may_be_an_example(text: str) -> bool:
    """Whether who may read comments may be shown this one as an example: of danger nobody makes an example.

    Texts may have been stored before the recognisers learned what they know now.
    """
    if suggests_danger(text):
        return False
    again = deidentify(text)
    return not again.withheld and not again.found


def readable(text: str) -> str:
    """A comment as it is quoted: on one line, with its placeholders in square brackets."""
    return " ".join(PLACEHOLDER.sub(lambda match: f"[{match.group()[1:-1]}]", text).split())


def is_survey(comment: PublishedComment) -> bool:
    """Whether a comment answers a survey. Of whatever does not, a search or a colleague could know the words."""
    return comment.kind == SURVEY and comment.is_social is False


def _shown(one: PublishedComment, week: ServiceWeek | None, frequent: set[str]) -> Comment | None:
    """The comment where it may be shown; `frequent`: the themes that its service has often enough."""
    text = one.comment_text
    if one.is_withheld or one.is_nothing_to_improve or not text or not text.strip():
        return None
    if week is None or is_hidden(week.comment_count_label) or _is_hidden(week, one.sentiment_label):
        return None
    if not frequent.issuperset(one.major_codes) or suggests_danger(text):
        return None
    return Comment(one.comment_id, one.service_id, text, one.sentiment_label, one.major_codes, is_survey(one))


def _is_hidden(week: ServiceWeek, sentiment: str) -> bool:
    """Whether the week's number of comments with this sentiment is hidden, or is not given."""
    labels = {
        "negative": week.negative_count_label,
        "neutral": week.neutral_count_label,
        "positive": week.positive_count_label,
    }
    label = labels.get(sentiment)
    return label is None or is_hidden(label)


def _blames_one_person(comment: Comment) -> bool:
    if comment.sentiment != "negative":
        return False
    return "<staff name" in comment.text or bool(_ONE_OF_STAFF.search(words_of(comment.text)))


def _says_nothing_of_its_writer(text: str, longest_words: int, own: set[str]) -> bool:
    placeholders = PLACEHOLDER.findall(text)
    circumstances = {kind.casefold() for kind in placeholders} - _NAMES
    if len(placeholders) > MOST_PLACEHOLDERS or len(circumstances) > 1:
        return False
    bare = PLACEHOLDER.sub(" ", text)
    length = len(closeness.words(bare)) + len(placeholders)
    if not FEWEST_WORDS <= length <= longest_words or _TRACE.search(bare) or _CIRCUMSTANCE.search(words_of(bare)):
        return False
    if _has_a_name(text, own) or any(closeness.is_rare(word) for word in closeness.words(bare) if word not in own):
        return False
    # Texts may have been stored before the recognisers learned what they know now.
    again = deidentify(text)
    return not again.withheld and not again.found


def _has_a_name(text: str, own: set[str]) -> bool:
    """Whether a word within a sentence begins with a capital letter and is not one that everybody writes so."""
    marked = PLACEHOLDER.sub(lambda match: "x" * len(match.group()), text)
    for match in _WORD.finditer(marked):
        word = match.group()
        if not word[0].isupper() or word in _CAPITALS_OF_ALL or word.split("'")[0].split("’")[0] == "I":
            continue
        before = marked[: match.start()]
        if before.strip() and not _SENTENCE_ENDS.search(before) and not own.issuperset(closeness.words(word)):
            return True
    return False
