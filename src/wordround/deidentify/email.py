"""E-mail addresses: local part, at sign, domain with a dot (RFC 5321 as people write it)."""

import re
from collections.abc import Iterator

from wordround.deidentify.names.vocabulary import vocabulary
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
    rf"(?<!\w)[\w.+-]{{1,64}}(?:\sat\s{_DOMAIN}|\s?[\[(]at[\])]\s?(?:{_DOMAIN}|"
    rf"\w[\w-]{{0,62}}(?:\.\w[\w-]{{0,62}}){{1,4}}))",
    re.IGNORECASE,
)
# Any at sign and any full stop that people write: "(at)", "[dot]", a comma, blanks around them.
_AT = r"(?:\s?@\s?|\s?[\[({<]\s?at\s?[\])}>]\s?|\sat\s)"
_DOT = r"(?:\s?[.,]\s?|\s?[\[({<]\s?dot\s?[\])}>]\s?|\sdot\s)"
_ENDING = r"(?:com|org|net|uk|eu|info|io|scot|wales|cymru|london)"
_ANYHOW = re.compile(
    rf"(?<![\w.+-])(?P<local>[\w+-]{{1,64}}(?:(?:\.|\sdot\s)[\w+-]{{1,64}}){{0,4}})(?P<at>{_AT})"
    rf"(?P<host>[A-Za-z][\w-]{{1,62}}(?:{_DOT}[\w-]{{1,62}}){{0,2}}?{_DOT}{_ENDING})(?![\w-])",
    re.IGNORECASE,
)
_WITHOUT_ENDING = re.compile(r"(?<![\w.+-])[\w.+-]{2,64}@[A-Za-z][\w-]{2,62}")
# "ogglesby62 at gmail", "my hotmail is d.ogglesby": those that give out addresses stand for their ending.
_PROVIDER = (
    r"(?:g ?mail|googlemail|hotmail|outlook|yahoo|icloud|btinternet|aol|msn|ymail|talktalk|virginmedia|proton ?mail|"
    r"live|sky|ntlworld|tiscali|blueyonder)"
)
_AT_A_PROVIDER = re.compile(
    rf"(?<![\w.+-])(?P<local>[\w+-]{{2,64}}(?:(?:\.|\sdot\s)[\w+-]{{1,64}}){{0,4}}){_AT}{_PROVIDER}"
    r"(?:\s?(?:\.|\bdot\b)?\s?(?:com|net|co\s?(?:\.|\bdot\b)?\s?uk)\b)?",
    re.IGNORECASE,
)
_AS_AN_ACCOUNT = re.compile(
    rf"\b(?:my|our|his|her|their|the)\s(?:{_PROVIDER}|e-?mail)(?:\s(?:address|account|name|one))?"
    r"(?:\s(?:is|was)\b|\s?[:=])?\s(?P<local>(?=[\w.+-]*[\d._])[A-Za-z][\w+-]*(?:\.[\w+-]+)*)(?![\w@])",
    re.IGNORECASE,
)
_WORD_AT = re.compile(r"\sat\s", re.IGNORECASE)
_SPELT_OUT_DOT = re.compile(r"\bdot\b|\bat[\])}>]", re.IGNORECASE)


def find(text: str) -> Iterator[Span]:
    """Yield the e-mail addresses in a text."""
    if "@" in text:
        for match in _PATTERN.finditer(text):
            yield Span(match.start(), match.end(), "email address")
        for pattern in (_SPACED, _WITHOUT_ENDING):
            for match in pattern.finditer(text):
                yield Span(match.start(), match.end(), "email address")
    for match in _ANYHOW.finditer(text):
        if not _WORD_AT.fullmatch(match["at"]) or _is_local(match["local"], match["host"]):
            yield Span(match.start(), match.end(), "email address")
    for match in _AT_A_PROVIDER.finditer(text):
        if not match["local"].isalpha() or match["local"].lower() not in vocabulary().ordinary:
            yield Span(match.start(), match.end(), "email address")
    for match in _AS_AN_ACCOUNT.finditer(text):
        yield Span(match.start("local"), match.end("local"), "email address")
    if not _SPELT_OUT_DOT.search(text):
        return
    for match in _SPELT_OUT.finditer(text):
        yield Span(match.start(), match.end(), "email address")


def _is_local(local: str, host: str) -> bool:
    """Say whether "x at y.org" is an address: "look at example.org" is none, nor is "at home, net result"."""
    if "dot" in host.lower().split():
        return True
    is_joined = " " not in host and "," not in host
    return is_joined and (not local.isalpha() or local.lower() not in vocabulary().ordinary)
