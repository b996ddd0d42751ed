"""Candidates: the words of a text that could be a name at all, so that the tagger weighs few of them.

Pure: tokens in, the places of candidates out. Training and use share it.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache, partial

from wordround.deidentify.names.features import SENTENCE_ENDS, TITLES, cut, tokens_of
from wordround.deidentify.names.vocabulary import WORD, Vocabulary
from wordround.deidentify.parts import Remembered, parts_of

# Behind one of these even an ordinary word may be a name: "dr constable", "a lady called memory".
_NAMING = TITLES | frozenset(
    """called named regards sincerely signed name names by is was husband wife partner son daughter mum mam mom
    mother dad
    father brother sister nan gran grandad grandson granddaughter uncle aunt auntie niece nephew friend worker cpn nurse
    midwife physio carer consultant""".split()
)
# So common a word that nobody takes it for a name behind "called" or "by".
_TOO_COMMON, _TOO_COMMON_IF_LISTED, _RARE = 250, 60, 99_999
# So rare a word that it may be the surname of the name before it.
_RARE_ENOUGH = 1_000
# Somebody has taken the name out before; letters of what followed may stick to the mark.
_LEFT_OUT = re.compile(r"[xX]{2,}|[xX]{3,}[a-z]{1,2}|\*+")
_PARTS, _SHORTEST_PART = re.compile(r"[A-Z]?[a-z]+"), 3
_NEVER = frozenset(
    """a an the and or but if so as at by for from in into of off on onto out over to up with without about after before
    i me my mine we us our you your he him his she her hers it its they them their this that these those who whom whose
    which what when where why how is am are was were be been being has have had do does did will would can could should
    may might must shall not no yes very too all any some each every none both either one two three more most much many
    other another same such own than then there here now again also just only still always never ever even well back
    said says asked told came went rang called phoned gave got took saw seen made did done""".split()
)


# What a token says by itself, one bit each.
_WORD, _CLEAR, _CLEAR_OPENING, _ACRONYM, _FIRST_NAME, _NAMES, _ENDS, _JOINS, _SMALL, _CAPITAL = (
    1 << n for n in range(10)
)
# That it is never named; how rare it is to be one behind what introduces somebody, or beside a name; that it is a
# listed name as names are written; that it is built of ordinary words; that it tells what somebody or something was.
_NEVER_NAMED, _RARE_BEHIND, _RARE_BESIDE, _LISTED_NAME, _BUILT, _TELLS = (1 << place for place in range(10, 16))
# That it is no candidate by itself and makes none of a neighbour; that it is a listed name however it is written.
_NOTHING_BY_ITSELF, _LISTED = 1 << 16, 1 << 17


@lru_cache(2)
def _words(known: Vocabulary) -> Remembered[int]:
    """Return what is known of each token, looked up once."""
    return Remembered(partial(_look, known))


@lru_cache(2)
def _tokens(known: Vocabulary) -> Remembered[tuple[Sequence[str], Sequence[int]]]:
    """Return the tokens of each part of a text and what is known of them."""
    words = _words(known)
    # What is known of most is the same: one object of it stays in a processor's caches, where thousands do not.
    same: dict[tuple[int, ...], tuple[int, ...]] = {}

    def look(part: str) -> tuple[Sequence[str], Sequence[int]]:
        tokens = cut(part)
        of_tokens = tuple([words[token] for token in tokens])
        return tokens, same.setdefault(of_tokens, of_tokens) if len(tokens) == 1 else of_tokens

    return Remembered(look)


def tokens_and_candidates(text: str, known: Vocabulary) -> tuple[list[str], list[int]]:
    """Return the tokens of a text and the places of those that may be names."""
    if "\n" in text:
        tokens = tokens_of(text)
        return tokens, candidates(tokens, known)
    tokens, words = list[str](), list[int]()
    for of_part, known_words in map(_tokens(known).__getitem__, parts_of(text)):
        tokens += of_part
        words += known_words
    return tokens, _candidates(tokens, words, None)


def _look(known: Vocabulary, token: str) -> int:
    small = token.lower()
    is_first_name = small in known.first_names
    is_listed = is_first_name or small in known.surnames
    rank = known.ranks.get(small, _RARE)
    is_word, is_clear, is_acronym = token[0].isalpha(), _is_clear(token, known, False), _is_acronym(token)
    return (
        _WORD * is_word
        | _CLEAR * is_clear
        | _NOTHING_BY_ITSELF * (not is_word or (is_clear and small not in _NAMING))
        | _LISTED * is_listed
        | _CLEAR_OPENING * (is_clear or (not token.islower() and _is_clear(token, known, True)))
        | _ACRONYM * is_acronym
        | _FIRST_NAME * is_first_name
        | _NAMES * (small in _NAMING)
        | _ENDS * (token in SENTENCE_ENDS)
        | _JOINS * (token in (".", ",", ":", "(", "-"))
        | _SMALL * token[0].islower()
        | _CAPITAL * token[0].isupper()
        | _NEVER_NAMED * (small in _NEVER or small in known.never_names or is_acronym)
        | _RARE_BEHIND * (rank >= (_TOO_COMMON_IF_LISTED if is_listed else _TOO_COMMON))
        | _RARE_BESIDE * (rank >= _RARE_ENOUGH)
        | _BUILT * (token.islower() and known.is_built(small))
        | _TELLS * (small in ("is", "was"))
        | _LISTED_NAME * (is_listed and token[0].isupper() and token[1:].islower())
    )


def candidates(
    tokens: Sequence[str], known: Vocabulary, is_forgotten: Callable[[str], bool] | None = None
) -> list[int]:
    """Return the places of the tokens that may be names.

    is_forgotten: says of a word in small letters that the vocabulary must not know it (training).
    """
    return _candidates(tokens, list(map(_words(known).__getitem__, tokens)), is_forgotten)


def _candidates(tokens: Sequence[str], words: Sequence[int], is_forgotten: Callable[[str], bool] | None) -> list[int]:
    unclear: set[int] = set()
    # Most words are clear, and stand beside nothing that could make a name of them.
    beside: set[int] = set()
    for place in [
        place for place, word in enumerate(words) if not word & _NOTHING_BY_ITSELF or (is_forgotten and word & _WORD)
    ]:
        word = words[place]
        is_clear = (
            word & _CLEAR
            or (word & _CLEAR_OPENING and _opens(words, place))
            or (word & _ACRONYM and any(other & _SMALL for other in words))
            or (place and tokens[place - 1] == "#" and not word & _FIRST_NAME)
        )
        if not is_clear or (is_forgotten and is_forgotten(tokens[place].lower())):
            unclear.add(place)
            beside.update((place - 1, place + 1))
        if word & _NAMES:
            beside.update((place + 1, place + 2))
    if not beside:
        return sorted(unclear)
    named = [
        place
        for place in beside.difference(unclear)
        if 0 <= place < len(words) and words[place] & _WORD and _may_be_named(words, unclear, place)
    ]
    return sorted([*unclear, *named])


def any_listed(tokens: Sequence[str], places: Sequence[int], known: Vocabulary) -> bool:
    """Say whether a token at one of these places is a first name or a surname of the lists, however it is written."""
    words = _words(known)
    return any(words[tokens[place]] & _LISTED for place in places)


def _opens(words: Sequence[int], place: int) -> bool:
    """Say whether the word at a place opens a sentence."""
    while place:
        place -= 1
        if words[place] & (_ENDS | _WORD):
            return bool(words[place] & _ENDS)
    return True


def _is_clear(word: str, known: Vocabulary, opens: bool) -> bool:
    safe = known.safe
    if word in safe or _LEFT_OUT.fullmatch(word) or known.is_of_medicine(word.lower()) or _is_run_together(word, known):
        return True
    if "-" in word:
        parts = word.split("-")
        if all(part.lower() in known.listed for part in parts) or "".join(parts).lower() in safe:
            return True
        return (opens or word[0].islower()) and all(
            (len(part) > 1 and (part in safe or known.is_built(part))) or _LEFT_OUT.fullmatch(part) for part in parts
        )
    if not word.isalpha() and safe.issuperset(WORD.findall(word)):
        return True
    if (word.islower() or (opens and word[1:].islower())) and known.is_built(word.lower()):
        return True
    bare = word.replace(".", "")
    if bare != word:
        return bare.lower() in safe and len(bare) > 1
    # A capital at the beginning of a sentence says nothing.
    return opens and word[1:].islower() and word.lower() in safe


def _is_run_together(word: str, known: Vocabulary) -> bool:
    """Say whether a word is two that lost the line end between them ("bloodsChecked"), or has its i written large."""
    if word.islower() or word.isupper() or not word.isalpha():
        return False
    if "I" in word[1:]:
        written = word[0].lower() + word[1:].replace("I", "i")
        if written in known.safe or known.is_built(written):
            return True
    parts = _PARTS.findall(word)
    return (
        len(parts) > 1
        and "".join(parts) == word
        and all(len(part) >= _SHORTEST_PART and part.lower() in known.safe for part in parts)
    )


def _is_acronym(word: str) -> bool:
    """Say whether capitals in a text with small letters too stand for an institution and not for a person."""
    return 3 <= len(word) <= 5 and (word.isupper() or (word[:-1].isupper() and word[-1] == "s"))


def _may_be_named(words: Sequence[int], unclear: set[int], place: int) -> bool:
    """Say whether an ordinary word stands where a name would: behind a title, or with a capital beside a name."""
    word = words[place]
    if word & _NEVER_NAMED:
        return False
    before = words[place - 1] if place else 0
    if before & _JOINS and place > 1:
        before = words[place - 2]
    # What somebody or something was, an unusual word in small letters says as well.
    if before & _TELLS and word & _BUILT:
        return False
    if before & _NAMES and word & _RARE_BEHIND:
        return True
    if place - 1 in unclear and word & (_LISTED_NAME | _RARE_BESIDE):
        return True
    return bool(word & _CAPITAL) and any(
        other in unclear and words[other] & _CAPITAL for other in (place - 1, place + 1)
    )
