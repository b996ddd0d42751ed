"""Countries: the two-letter code (ISO 3166-1) of what a source declares, and what a code is called in English.

Names, three-letter codes and numbers are those of the Unicode CLDR, as Babel brings it. Nothing is guessed: what is
neither a code nor a name is no country.
"""

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from wordround.plain_text import one_line

# ISO 3166-2, in capitals as it is written: "de-AT" is a language.
_PART = re.compile(r"([A-Z]{2})-[A-Z0-9]{1,3}")
_LONGEST = 60
# In the CLDR, and reserved or left to users by ISO 3166-1: islands of a country that has a code, unions, no country.
_NOT_ASSIGNED = frozenset("AC CP CQ DG EA EU EZ IC QO TA UN XA XB XK ZZ".split())
# As people write them beside the CLDR's own names.
_FURTHER: Mapping[str, str] = {
    "uk": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "cymru": "GB", "northern ireland": "GB",
    "great britain": "GB",
    "united kingdom of great britain and northern ireland": "GB", "republic of ireland": "IE",
    "united states of america": "US", "the netherlands": "NL", "holland": "NL", "turkey": "TR",
    "czech republic": "CZ", "russian federation": "RU", "republic of korea": "KR", "viet nam": "VN",
}  # fmt: skip


@lru_cache(10_000)
def code_of(written: str | None) -> str | None:
    """Return the code of a country by its code of two or three letters, its number, a part of it or its name."""
    given = one_line(written)
    if not given or len(given) > _LONGEST:
        return None
    if part := _PART.fullmatch(given):
        given = part[1]
    return _codes().get(given.casefold())


def label_of(code: str) -> str:
    """Return what a country is called; the code itself where it is none."""
    return _labels().get(code, code)


@cache
def _labels() -> Mapping[str, str]:
    from babel import Locale  # only where something declares a country

    names = Locale("en").territories
    return {code: name for code, name in names.items() if re.fullmatch("[A-Z]{2}", code) and code not in _NOT_ASSIGNED}


@cache
def _codes() -> Mapping[str, str]:
    from babel.core import get_global

    labels = _labels()
    named = {one_line(label).casefold(): code for code, label in labels.items()}
    # What fell apart has several successors, and is none of them; codes of two letters that were withdrawn are none.
    aliases = {
        alias.casefold(): codes[0]
        for alias, codes in get_global("territory_aliases").items()
        if len(codes) == 1 and codes[0] in labels and len(alias) > len(codes[0])
    }
    return {**aliases, **_FURTHER, **named, **{code.casefold(): code for code in labels}}
