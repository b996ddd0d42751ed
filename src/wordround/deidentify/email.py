"""E-mail addresses: local part, at sign, domain with a dot (RFC 5321 as people write it)."""

import re
from collections.abc import Iterator

from wordround.deidentify.spans import Span

_PATTERN = re.compile(r"(?<![\w.+-])[\w.!#$%&'*+/=?^`{|}~-]{1,256}@\w[\w-]{0,62}(?:\.\w[\w-]{0,62}){1,8}")
# "name @ hospital.org"; "meet @ 3.30" is none.
_SPACED = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}[ ]{0,2}@[ ]{0,2}[A-Z][\w-]{0,62}(?:\.\w[\w-]{0,62}){0,5}"
    r"[ ]?\.(?:com|org|net|uk|eu|scot|wales)\b",
    re.IGNORECASE,
)
# "name at hospital dot org" and "name [at] hospital.org"
_DOMAIN = r"\w[\w-]{0,62}(?:\s?(?:[\[(]dot[\])]|\sdot\s)\s?[\w-]{1,62}){1,4}"
_SPELT_OUT = re.compile(
    rf"(?<!\w)[\w.+-]{{1,64}}(?:\sat\s{_DOMAIN}|\s?[\[(]at[\])]\s?(?:{_DOMAIN}|\w[\w-]{{0,62}}(?:\.\w[\w-]{{0,62}}){{1,4}}))",
    re.IGNORECASE,
)
_SPELT_OUT_DOT = re.compile(r"\bdot\b|\bat[\])]", re.IGNORECASE)


def find(text: str) -> Iterator[Span]:
    """Yield the e-mail addresses in a text."""
    if "@" in text:
        for match in _PATTERN.finditer(text):
            yield Span(match.start(), match.end(), "email address")
        for match in _SPACED.finditer(text):
            yield Span(match.start(), match.end(), "email address")
    if not _SPELT_OUT_DOT.search(text):
        return
    for match in _SPELT_OUT.finditer(text):
        yield Span(match.start(), match.end(), "email address")
