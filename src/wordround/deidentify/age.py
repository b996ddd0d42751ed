"""Ages over 89: few people are as old, so that the age alone may find one.

Rule: HIPAA Safe Harbor, 45 CFR 164.514(b)(2)(i)(C).
"""

import re
from collections.abc import Iterator

from wordround.deidentify.cues import Cues
from wordround.deidentify.spans import Span

cued = Cues.of("times")

_UNITS = "one|two|three|four|five|six|seven|eight|nine"
_OLD = rf"(?:9\d|1[01]\d|ninety(?:[ -]?(?:{_UNITS}))?|(?:a\s|one\s)?hundred(?:\sand\s(?:{_UNITS}|ten|eleven|twelve))?)"
_WHO = (
    r"(?:mum|mother|mam|mom|dad|father|nan|nana|nanna|nanny|gran|granny|grandma|grandmother|grandad|granddad|grandpa|"
    r"grandfather|aunt|aunty|auntie|uncle|husband|wife|partner|sister|brother|friend|neighbour|lady|gentleman|"
    r"man|woman|"
    r"patient|resident|relative|in-law|he|she)"
)
# What shows that a number counts something else.
_COUNTED = (
    r"\s?(?:%|per|min|mins|minutes|hours?|hrs?|days?|weeks?|months?|miles?|pounds?|quid|p\b|people|patients|times?|"
    r"out\b|/|[:.]\d|over\s\d|and\s\d)"
)
_PATTERN = cued(
    rf"""\b(?:
          (?P<a>{_OLD})(?=[ -]?(?:years?|yrs?|yr|y)(?:[ -]?(?:old|of\sage|o)\b|[ ,.]*\byoung\b|\b(?=\W*{_WHO}\b)))
        | (?P<b>{_OLD})(?=\s?(?:yo|y/o|yr\sold|yrs\sold|y\.o)\b)
        | (?:aged?|age\sof|age:|aged:|turned|turning|is\snow|nearly|almost|approaching)\s(?:is\s|just\s|of\s|over\s
        |nearly\s)?(?P<c>{_OLD})\b
          (?!{_COUNTED})
        | {_WHO}(?:\s\w+)?,?\s(?:is|was|who\sis|who's|who\swas|at|now|,|\()\s?(?:nearly\s|almost\s|now\s
        |over\s)?(?P<d>{_OLD})\b
          (?!{_COUNTED})
        | (?:i'm|i\sam|im|he's|she's|hes|shes)\s(?:nearly\s|almost\s|now\s|over\s)?(?P<e>{_OLD})\b
          (?!{_COUNTED})
        | (?:my|our|his|her|the|a)\s(?P<f>{_OLD})(?=,?\s(?:year|yr))
        | (?:lady|gentleman|gent|man|woman|person|patient|age|chap|resident)\s(?:of|aged)\s(?P<h>{_OLD})\b
        | \b(?:at|am|be|was|is)\s(?P<i>{_OLD})(?=\s(?:i|you|she|he|next|this|last|in|years|and\s(?:still|live|a|i
        |have)|on\s(?:mon|tues|wednes|thurs|fri|satur|sun|the|my|her|his))\b|\s?[,.!]\s?(?:i|she|he|lives|and|fell
        |still|my|the)\b)
          (?!\s(?:i|in)\s(?:the|a)\s(?:queue|line))
        | {_WHO}['’]s\s(?P<k>{_OLD})\b(?!\s?(?:%|per|th|year\sold|appointments?))
        | (?:his|her|their|my|your)\sage,?\s?[(,]?\s?(?P<l>{_OLD})\b
        | ^(?P<m>{_OLD})\s(?:and|years|yrs|not\sout)\b
        | {_WHO}\b[^.!?\n\d]{{0,24}}\b(?P<n>9\d|1[01]\d)(?=[\s,]*(?:years?|yrs?|and|with|who|living|lives|fell|was|is
        |has|had|waited|sat|,|\.|!|\)|$))
          (?!{_COUNTED})
        | \bpatient,?\s(?:is\s)?(?P<j>{_OLD})(?=\s?,)
        | {_WHO}\s?[(,]\s?(?P<g>{_OLD})(?=\s?[),])
        | \b(?:turns|both|just\sgone|gone)\s(?P<o>{_OLD})\b(?!{_COUNTED})
        | \b(?P<p>(?:9\d|1[01]\d)(?:st|nd|rd|th))\s(?:birthday|b'?day)\b
        | \b(?:are|were)\s(?:both\s)?(?P<q>{_OLD}\sand\s{_OLD})\b(?!{_COUNTED})
        | \b(?P<r>{_OLD})\s(?:next|last|on\s(?:his|her|my))\s(?:birthday|b'?day)\b
        | \b(?:patient|pt|lady|gentleman)\s(?P<s>9\d|1[01]\d)(?=\s?[FM]\b)
        )""",
    re.IGNORECASE | re.VERBOSE,
)

# Most numbers are no such age, and the pattern above is a long one.
_MAY_BE_OLD = cued(r"9\d|1[01]\d|ninety|hundred", re.IGNORECASE)


def find(text: str) -> Iterator[Span]:
    """Yield the ages over 89 in a text: the number, or the words for it."""
    if not _MAY_BE_OLD.search(text):
        return
    for match in _PATTERN.finditer(text):
        (name,) = [name for name, value in match.groupdict().items() if value]
        yield Span(match.start(name), match.end(name), "age over 89")
