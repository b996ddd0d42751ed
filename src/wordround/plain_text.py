"""Text as it is kept: what a reader sees, in composed characters (NFC), without what only machines write or see.

Every source's text goes through `plain` before anything else reads it. Markup, entities, mojibake, characters that
look like Latin letters, apostrophes in all their disguises and the escapes of other programs become what they stand
for. What is no markup ("<36", "a < b", "<Ward 4>") stays. `plain(plain(text)) == plain(text)`.
"""

import re
import unicodedata
from html import unescape
from urllib.parse import unquote

# Of those that `_is_plain` does not know most are plain as well ("kind & caring"): without any of these nothing below
# changes a text.
_MAY_CHANGE = re.compile(r"[^\t\n -~]|[`\\<]|&[#A-Za-z]|%[0-9A-Fa-f]|_x|''")
_MAY_LACK_AN_APOSTROPHE = re.compile(r"[ ?\"\ufffd](?:[tsmTSM]|[vVrR][eE]|[lL][lL])(?![\w'-])")
_MOST_PASSES = 64

# What was escaped again and again, at once: each pass takes one layer off, and is as long as the text.
_NESTED = re.compile(r"&(?:amp;)+|(?<!\d)%(?:25)+(?=[0-9A-Fa-f]{2})|_(?:x005[Ff]_)+")

_INVISIBLE = re.compile(
    "[\u200b\u200e\u200f\u061c\u034f\u2060-\u2064\ufeff\u00ad\u180e\ufff9-\ufffb]"
    # Joiners stay where scripts and emoji need them; between Latin letters or digits they only hide words.
    "|(?<=[!-~])[\u200c\u200d](?=[!-~])"
    # Digits drawn as keys are digits.
    "|(?<=[0-9])(?:\ufe0f\u20e3?|\u20e3)"
)
# Controls but tab and newline, surrogates that are half a character, and bidirectional overrides, which can turn
# what a reader sees around.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_LINE_ENDS = re.compile("\r\n?|\u2028|\u2029|\x0b|\x0c|\x85")

# How Excel writes a character that XML cannot hold (ECMA-376, ST_Xstring).
_EXCEL = re.compile(r"_x([0-9A-Fa-f]{4})_")
# UTF-8 that was read as Windows-1252 or Latin-1, and characters of Windows-1252 that were not translated at all.
_MOJIBAKE = re.compile(
    "[\u00c2-\u00f4][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
    "|[\x80-\x84\x86-\x9f]"
)
# Without its semicolon "&not" may be the beginning of "&notes": only those that nobody writes otherwise.
_ENTITY = re.compile(
    r"&(?:#[0-9]{1,7}(?:;|(?![0-9A-Za-z]))|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,30};"
    r"|(?:nbsp|amp|lt|gt|quot)(?![A-Za-z0-9;]))"
)
# Letters are never written in percent; what is left is punctuation, blanks and UTF-8.
_ESCAPED = re.compile(
    r"(?P<address>(?:[a-z][a-z0-9+.-]{0,30}://|www\.)\S+)"
    r"|(?P<escape>(?:(?<!\d)|(?=%..[0-9A-Za-z]))"
    r"%(?:0[9AD]|2[0-9A-F]|3[A-F]|40|5[B-F]|60|7[B-E]|[CD][0-9A-F]%[89AB][0-9A-F]|E[0-9A-F](?:%[89AB][0-9A-F]){2}"
    r"|F[0-4](?:%[89AB][0-9A-F]){3}))",
    re.IGNORECASE,
)

# What browsers read and do not show: how it begins, and how it ends.
_UNSEEN = re.compile(r"<!--|<(?P<name>script|style)\b[^<>]{0,400}>", re.IGNORECASE)
_UNSEEN_ENDS = {
    name: re.compile(end, re.IGNORECASE)
    for name, end in ((None, "-->"), ("script", r"</script\s*>"), ("style", r"</style\s*>"))
}
_ATTRIBUTE = r"\s+[\w:.-]+\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s\"'<>=]+)"
_TAG = re.compile(
    r"<(?P<closes>/?)(?P<name>a|abbr|address|article|aside|b|big|blockquote|body|br|button|center|cite|code|dd|del|details|"
    r"div|dl|dt|em|figcaption|figure|font|footer|form|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|kbd|label|li|link|"
    r"main|mark|meta|nav|nobr|ol|option|p|pre|q|s|samp|script|section|select|small|source|span|strike|strong|style|sub|"
    r"summary|sup|table|tbody|td|textarea|tfoot|th|thead|time|title|tr|tt|u|ul|var|video|wbr|(?:o|w|v|st1):\w{1,30})"
    rf"(?P<attributes>(?:{_ATTRIBUTE}){{0,40}})\s*/?>",
    re.IGNORECASE,
)
_BREAKS = frozenset(
    "article aside blockquote body br dd div dl dt figure footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol "
    "p pre section table tr ul".split()
)
_CELLS = frozenset(("td", "th", "option"))
# What people put in angle brackets themselves: markup only with its attributes or its end.
_WORDS_TOO = frozenset(
    "a address article aside big button center code details figure footer form header i label link main mark menu nav "
    "option section select small source strike style summary table time title u video".split()
)
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# From the first of its blanks alone: a long run without an end of line would be looked at from each.
_LINES = re.compile(r"(?<![ \t])[ \t]*\n\s*")

# Drawn letters and digits: full width, mathematical, in circles, ligatures.
_DRAWN = re.compile("[\uff01-\uff5e\u24b6-\u24e9\ufb00-\ufb06\U0001d400-\U0001d7ff]")
# Letters that look alike (Unicode Technical Standard 39, confusables.txt), inside words that hold Latin letters too.
_WORD = re.compile("[\\w\u0300-\u036f]{2,}")
_LATIN_OR_DIGIT = re.compile("[A-Za-z0-9\u00c0-\u02af\u1e00-\u1eff\u2c60-\u2c7f\ua722-\ua787\ua790-\ua7ca]")
_LOOKS_LATIN = re.compile("[\u0370-\u052f]")
_BOTH_CASES = ("АВЕЅІЈКМНОРСТУХҮԚԜΑΙΟΡΧ", "ABESIJKMHOPCTYXYQWAIOPX")
# One case of them looks alike. The other is another letter in texts (5μg is no 5mg), and the same one in tags.
_CAPITALS = ("ΒΕΖΗΚΜΝΤΥ", "BEZHKMNTY")
_SMALL_LETTERS = ("гпԁһ", "rndh")
_LATIN = str.maketrans(
    f"{_BOTH_CASES[0]}{_BOTH_CASES[0].lower()}{_CAPITALS[0]}{_SMALL_LETTERS[0]}",
    f"{_BOTH_CASES[1]}{_BOTH_CASES[1].lower()}{_CAPITALS[1]}{_SMALL_LETTERS[1]}",
)
_LATIN_IN_SMALL = str.maketrans(
    f"{_BOTH_CASES[0]}{_CAPITALS[0]}".lower() + _SMALL_LETTERS[0],
    f"{_BOTH_CASES[1]}{_CAPITALS[1]}".lower() + _SMALL_LETTERS[1],
)

# The one letter whose small form is two signs (Unicode, SpecialCasing.txt).
_SMALL = {"\u0130": "i"}

_APOSTROPHE = re.compile(
    "(?<=[^\\W\\d_])[\u2018\u2019\u201b\u02bc\u02b9\u02c8\u2032\u00b4`\u055a\ua78b\ua78c](?=[^\\W\\d_])"
)
_QUOTED_TWICE = re.compile(r"(?<!\\)\\+(?=['\"])")
_DOUBLED = re.compile(
    r"(?<=[^\W\d_])(?:''|\ufffd)(?=(?:t|s|m|d|re|ve|ll)\b)|(?<=[^\W\d_])''(?=[^\W\d_])", re.IGNORECASE
)
# What stands where an apostrophe was lost.
_LOST = r"(?:[ ?\"]|\"\"|\ufffd)"
_CONTRACTION = re.compile(
    rf"\b(?:(?P<verb>don|didn|doesn|isn|wasn|weren|aren|couldn|wouldn|shouldn|hasn|haven|hadn|ain|needn|mustn|can|won)"
    rf"{_LOST}(?P<t>t)"
    rf"|(?P<who>i|you|we|they|he|she|it){_LOST}(?P<ll>ll)|(?P<has>i|you|we|they){_LOST}(?P<ve>ve)"
    rf"|(?P<are>you|we|they){_LOST}(?P<re>re)|(?P<i>i){_LOST}(?P<m>m)"
    rf"|(?P<it>it|that|there|he|she|what|who|let){_LOST}(?P<s>s))(?![\w'-])",
    re.IGNORECASE,
)


def plain(text: str) -> str:
    """Return the text as it is kept, without white space at its ends."""
    if not _is_plain(text) and _MAY_CHANGE.search(text):
        for _ in range(_MOST_PASSES):
            before, text = text, _once(text)
            if text == before:
                break
    if _MAY_LACK_AN_APOSTROPHE.search(text):
        text = _CONTRACTION.sub(_contracted, text)
    return text.strip()


def _is_plain(text: str) -> bool:
    """Say whether nothing is to be done, of nine texts in ten. One look for each sign takes half the time of a pattern
    of them all.
    """
    return (
        text.isascii()
        and text.isprintable()
        and not ("&" in text or "<" in text or "%" in text or "`" in text or "\\" in text)
        and not ("''" in text or "_x" in text)
    )


def one_line(text: str | None) -> str:
    """Return a name (of a column, a service, a site) on one line with single spaces; for None, nothing."""
    return " ".join(plain(text or "").split())


def label(text: str | None) -> str:
    """Return a published name on one line: it is plain already, and what looks like markup in it is part of it."""
    return " ".join(_CONTROL.sub("", _LINE_ENDS.sub("\n", text or "")).split())


def tag_name(written: str) -> str:
    """Return a hashtag without its sign, in small letters, each by itself: of a whole word Python makes another sigma.

    Where tags are compared, `tag_key` is; dbt's macro `hashtag_name` gives the same.
    """
    bare = plain(written).strip().lstrip("#")
    return "".join(_SMALL.get(letter) or letter.lower() for letter in bare)


def tag_key(written: str) -> str:
    """Return what two spellings of a hashtag have in common: the same word in small letters is the same tag.

    Where Latin letters or digits stand in it, letters of which one case looks like a Latin one count as that in both.
    """
    name = tag_name(written).replace("\u03c2", "\u03c3")
    return name.translate(_LATIN_IN_SMALL) if _LATIN_OR_DIGIT.search(name) else name


def inert(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_STARTS_A_FORMULA) else cell


def _once(text: str) -> str:
    """Take one layer off: what was escaped twice needs another."""
    text = _NESTED.sub(lambda found: found[0][0], text)
    if "_x" in text:
        text = _EXCEL.sub(lambda found: chr(int(found[1], 16)), text)
    if "&" in text:
        text = _ENTITY.sub(lambda found: unescape(found[0] if found[0][-1] == ";" else f"{found[0]};"), text)
    if "%" in text:
        text = _ESCAPED.sub(lambda found: found["address"] or _unquoted(found["escape"]), text)
    if not text.isascii():
        text = _in_latin_letters(text)
    text = _CONTROL.sub("", _LINE_ENDS.sub("\n", text))
    if "<" in text and ">" in text:
        text = _without_tags(text)
    return _DOUBLED.sub("'", _APOSTROPHE.sub("'", _QUOTED_TWICE.sub("", text)))


def _unquoted(escaped: str) -> str:
    try:
        return unquote(escaped, errors="strict")
    except UnicodeDecodeError:
        return escaped


def _in_latin_letters(text: str) -> str:
    if _MOJIBAKE.search(text):
        # What reads a workbook for another process (connectors/files/child.py) needs none of it.
        from ftfy import fix_encoding

        text = fix_encoding(text)
    text = _SPACES.sub(" ", _INVISIBLE.sub("", _LINE_ENDS.sub("\n", text)))
    text = _DRAWN.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    if _LOOKS_LATIN.search(text):
        # Composed: what an accent is on is no look-alike, however it is written.
        text = _WORD.sub(_without_look_alikes, unicodedata.normalize("NFC", text))
    return unicodedata.normalize("NFC", _CONTROL.sub("", text))


def _without_look_alikes(word: re.Match[str]) -> str:
    mixed = _LATIN_OR_DIGIT.search(word[0]) and _LOOKS_LATIN.search(word[0])
    return word[0].translate(_LATIN) if mixed else word[0]


def _without_unseen(text: str) -> str:
    """Take out what is never shown. What is not closed stays: it may be a reader's own arrow."""
    shown, place = [], 0
    ends = dict(_UNSEEN_ENDS)
    for begins in _UNSEEN.finditer(text):
        name = begins["name"] and begins["name"].lower()
        if begins.start() < place or name not in ends:
            continue
        end = ends[name].search(text, begins.end())
        if end is None:
            # Looked for once: where no end follows here, none follows later.
            del ends[name]
            continue
        shown.append(text[place : begins.start()])
        place = end.end()
    return "".join([*shown, text[place:]])


def _without_tags(text: str) -> str:
    small = text.lower()
    # Looked for once a name: a text may be a hundred thousand tags.
    has_end: dict[str, bool] = {}

    def reader_sees(tag: re.Match[str]) -> str:
        name = tag["name"].lower()
        if name in _WORDS_TOO and not tag["closes"] and not tag["attributes"]:
            if name not in has_end:
                has_end[name] = f"</{name}" in small
            if not has_end[name]:
                return tag[0]
        return "\n" if name in _BREAKS else " " if name in _CELLS else ""

    bare = _TAG.sub(reader_sees, _without_unseen(text))
    return text if bare == text else _LINES.sub("\n", bare)


def _contracted(found: re.Match[str]) -> str:
    first, last = (part for part in found.groups() if part)
    return f"{first}'{last}"
