"""How people write a day, as patterns that recognisers of dates share. Finds nothing by itself."""

import re

from wordround.deidentify.cues import Cues

cued = Cues.of("times")

# A full stop behind the whole name ends a sentence.
_MONTH = (
    r"(?:(?:january|february|march|april|may|june|july|august|september|october|november|december)\b"
    r"|(?:jan|feb|febuary|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?)"
)
_UNITS = "first second third fourth fifth sixth seventh eighth ninth".split()
_ORDINAL = "|".join(
    [
        *(f"twenty[ -]{unit}" for unit in _UNITS), "thirty[ -]first", "thirtieth", "twentieth", *_UNITS,
        *"tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth".split(),
    ]
)  # fmt: skip
_NUMBER = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    r"|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|oh|o)"
)
_DAY = rf"(?:\d{{1,2}}(?:\s?(?:st|nd|rd|th))?|{_ORDINAL})"
_YEAR = (
    rf"(?:(?:19|20)\d{{2}}|'?\d{{2}}(?!\d|\s?(?:am|pm|years?|hours?|mins?|weeks?|days?|%|:))|(?:nineteen|"
    rf"two thousand)(?:(?:\s|-|\sand\s){_NUMBER}){{1,3}})"
)

NUMERIC = (
    r"(?<![\d/.-])(?:(?:0?[1-9]|[12]\d|3[01])(?P<mark>\s?[/.-]\s?)(?:0?[1-9]|1[0-2])(?P=mark)(?:(?:19|20)\d\d|\d\d)"
    r"|(?:0?[1-9]|1[0-2])\s?/\s?(?:0?[1-9]|[12]\d|3[01])\s?/\s?(?:(?:19|20)\d\d|\d\d)"
    r"|(?:19|20)\d\d[/.-](?:0?[1-9]|1[0-2])[/.-](?:0?[1-9]|[12]\d|3[01]))(?![\d/]|[.-]\d)"
)
IN_WORDS = (
    rf"(?<![\d/.-])\b(?:{_DAY}\s?(?:of\s)?(?:the\s)?[-/ ]?{_MONTH}(?:[\s,/-]{{1,2}}{_YEAR})?"
    rf"|{_MONTH}\s(?:the\s)?{_DAY}(?!\d|\s?(?:am|pm|%|years?|weeks?|days?|hours?|times?))(?:[\s,]{{1,2}}{_YEAR})?)"
)
ANY_DAY = cued(rf"(?:{NUMERIC}|{IN_WORDS})", re.IGNORECASE)
