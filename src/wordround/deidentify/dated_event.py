"""Exact days of something that happened to somebody: a day and a month beside an admission, an operation, a death.

A day by itself says little. With what happened on it, it finds a record, a funeral notice or a rota. A month, a weekday
or a year stays.
"""

import re
from collections.abc import Iterator

from wordround.deidentify.dates import ANY_DAY
from wordround.deidentify.spans import Span

_SENTENCE_END = re.compile(r"[.!?](?=\s+[A-Z\"'(])|\n")
_EVENT = re.compile(
    r"\b(?:admi(?:tted|ssion|t)|discharg\w*|sent home|operat\w+|op|surgery|surgical|procedure|seen|saw|see|attend\w*|"
    r"appointment|appt|visit\w*|came|went|arrived|brought|taken|rushed|died|dies|passed|death|funeral|lost|born|birth|"
    r"deliver\w*|gave birth|labour|c-?section|induced|miscarr\w*|stillborn|diagnos\w*|scan\w*|x-?ray\w*|mri|ct|"
    r"biops\w*|"
    r"endoscopy|colonoscopy|test\w*|results?|blood\w*|referr\w*|transfer\w*|section\w*|detained|assess\w*|fell|"
    r"fall|fracture\w*|"
    r"broke|stroke|heart attack|seizure|overdose|accident|incident|collapsed|ambulance|999|theatre|"
    r"transplant\w*|chemo\w*|"
    r"radiotherapy|dialysis|treat\w*|injection|vaccin\w*|jab|booked|cancelled|rang|called|phoned|spoke|wrote|"
    r"complain\w*|"
    r"stayed|stay|inpatient|in-?patient|a&e|ward|clinic|married|moved|started|last shift|retired|anniversary)\b",
    re.IGNORECASE,
)


# A day with its year is written of somebody's life; one without is tied by what happened, or by a person in the
# sentence.
_WITH_A_YEAR = re.compile(r"(?:19|20)\d\d|[/.-]\d\d$|two thousand|nineteen")
_PERSON = re.compile(
    r"\b(?:i|i'm|i've|my|me|we|our|us|he|she|his|her|him|they|their|mum|mam|dad|nan|gran|husband|wife|son|"
    r"daughter|baby)\b",
    re.IGNORECASE,
)


def find(text: str) -> Iterator[Span]:
    """Yield the exact days that a text ties to what happened to somebody."""
    days = list(ANY_DAY.finditer(text))
    if not days:
        return
    ends = [0, *(match.end() for match in _SENTENCE_END.finditer(text)), len(text)]
    for day in days:
        start = max(end for end in ends if end <= day.start())
        stop = min(end for end in ends if end >= day.end())
        sentence = text[start : day.start()] + " \n " + text[day.end() : stop]
        if _WITH_A_YEAR.search(day.group()) or _EVENT.search(sentence) or _PERSON.search(sentence):
            yield Span(day.start(), day.end(), "date")
