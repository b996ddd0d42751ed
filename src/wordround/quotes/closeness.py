"""Whether a rewrite still holds so much of the original that a search would find it.

Pure. The answers are places: which words of the rewrite (counted from 1) stand in a run that survived, and which are
rare words or hashtags that were copied. Neither text is repeated in an answer.

A run is five words of the original in their order (all of them where it has fewer). It survives whatever was done to
case, punctuation, apostrophes, hyphens, accents, the width of letters, small numbers (2 or two) and the spaces, also
where they were moved into the words; and where one word was put in, left out, swapped for another or changed places
with its neighbour. A placeholder is one word, as `<staff name>` or `[staff name]`.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import resources

from wordround.deidentify.placeholders import SHOWN

RUN = 5

# The most frequent words of the list of English words that spelling correction uses: the 30,000th is one such as
# "ukulele". A rarer word is one that a search, or a colleague, would find the writer by.
COMMON_RANKS = 30_000

_TOKEN = re.compile(rf"{SHOWN.pattern}|#?[^\W_]+|&")
_SPACE = re.compile(r"\s")
_APOSTROPHE = re.compile("['\u2018\u2019\u02bc\u2032`\u00b4\uff07]")
_NUMBERS = dict(
    enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen twenty".split()
    )
)
_DIGITS = re.compile(r"\d+")
_CONTRACTED = re.compile(
    r"(?:do|does|did|is|are|was|were|has|have|had|would|could|should|ca|wo|must|need)nt"
    r"|(?:i|you|we|they|he|she|it|that|there|what|who)(?:m|re|ve|ll|d|s)"
)
_ENDINGS = ("s", "es", "d", "ed", "ing", "ly", "ally")


def words(text: str) -> list[str]:
    """The words of a text as they are compared. Hyphens and slashes part words, apostrophes do not."""
    return [_squashed(token) for token in _tokens(text)]


def surviving_runs(original: str, rewrite: str) -> list[int]:
    """At which words of the rewrite (from 1) a run of the original begins that survived."""
    before, after = words(original), words(rewrite)
    if not before or not after:
        return []
    return sorted({*_found_whole(before, after), *_found_nearly(before, after)})


def copied_words(original: str, rewrite: str, allowed: Iterable[str] = ()) -> list[int]:
    """Which words of the rewrite (from 1) are hashtags, or rare words or hashtags of the original.

    allowed: words that are never rare, such as the names of the trust's services.
    """
    known = {word for text in allowed for word in words(text)}
    rare = {_squashed(token) for token in _tokens(original) if token[0] not in "<["}
    rare = {word for word in rare if is_rare(word)} - known
    return [
        number
        for number, token in enumerate(_tokens(rewrite), start=1)
        if token.startswith("#") or (token[0] not in "<[" and _squashed(token) in rare)
    ]


def is_rare(word: str) -> bool:
    """Whether a word (as `words` gives it) is one that few people write. Numbers are not words."""
    if word.isdigit() or word in _common() or _CONTRACTED.fullmatch(word):
        return False
    stems = [word.removesuffix(ending) for ending in _ENDINGS if word.endswith(ending) and len(word) > len(ending) + 2]
    return not any(stem in _common() or f"{stem}e" in _common() for stem in stems)


@cache
def _common() -> frozenset[str]:
    listed = resources.files("symspellpy") / "frequency_dictionary_en_82_765.txt"
    ranked = listed.read_text(encoding="utf-8-sig").splitlines()[:COMMON_RANKS]
    return frozenset(line.split(" ")[0].replace("'", "") for line in ranked)


def _tokens(text: str) -> list[str]:
    """Placeholders, hashtags and words, in order, folded."""
    return [match.group() for match in _TOKEN.finditer(_folded(_SPACE.sub(" ", text)))]


def _squashed(token: str) -> str:
    """Letters and digits alone; a small number as a word, an ampersand as 'and'."""
    spelt = _DIGITS.sub(lambda match: _NUMBERS.get(int(match.group()), match.group()), token.replace("&", "and"))
    return "".join(character for character in spelt if character.isalnum())


def _folded(text: str) -> str:
    """Case folded, without apostrophes, accents and characters that are not seen."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", _APOSTROPHE.sub("", text)).casefold())
    seen = "".join(c for c in apart if not unicodedata.category(c).startswith(("M", "C")))
    return unicodedata.normalize("NFKC", seen)


def _found_whole(before: list[str], after: list[str]) -> Iterator[int]:
    """Runs that stand in the rewrite letter for letter, wherever its spaces are."""
    starts: list[int] = []
    for number, word in enumerate(after, start=1):
        starts += [number] * len(word)
    letters = "".join(after)
    length = min(RUN, len(before))
    for begin in range(len(before) - length + 1):
        run = "".join(before[begin : begin + length])
        place = letters.find(run)
        while place >= 0:
            if length == RUN or _is_whole(starts, place, len(run)):
                yield starts[place]
            place = letters.find(run, place + 1)


def _is_whole(starts: list[int], place: int, length: int) -> bool:
    """Whether what was found begins and ends with a word: a short original would else be found inside others."""
    end = place + length
    return (place == 0 or starts[place - 1] != starts[place]) and (end == len(starts) or starts[end - 1] != starts[end])


def _found_nearly(before: list[str], after: list[str]) -> Iterator[int]:
    """Runs with one word put in, left out, swapped or moved by one place, both ends standing."""
    exact = {tuple(before[i : i + RUN]) for i in range(len(before) - RUN + 1)}
    shorter = {
        (*run[:gap], *run[gap + 1 :])
        for i in range(len(before) - RUN)
        for run in [before[i : i + RUN + 1]]
        for gap in range(1, RUN)
    }
    swapped = {(*run[:gap], "", *run[gap + 1 :]) for run in exact for gap in range(1, RUN - 1)}
    for begin in range(len(after) - RUN + 1):
        run = tuple(after[begin : begin + RUN])
        longer = tuple(after[begin : begin + RUN + 1])
        moved = ((*run[:i], run[i + 1], run[i], *run[i + 2 :]) for i in range(RUN - 1))
        if (
            run in shorter
            or any(each in exact for each in moved)
            or any((*run[:gap], "", *run[gap + 1 :]) in swapped for gap in range(1, RUN - 1))
            or (len(longer) > RUN and any((*longer[:gap], *longer[gap + 1 :]) in exact for gap in range(1, RUN)))
        ):
            yield begin + 1
