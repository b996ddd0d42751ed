"""Candidates: the words of a text that could be a name at all, so that the tagger weighs few of them.

Pure: tokens in, the places of candidates out. Training and use share it.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from wordround.deidentify.names.features import SENTENCE_ENDS, TITLES
from wordround.deidentify.names.vocabulary import WORD, Vocabulary

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
# Somebody has taken the name out before.
_LEFT_OUT = re.compile(r"[xX]{2,}|\*+")
_PARTS, _SHORTEST_PART = re.compile(r"[A-Z]?[a-z]+"), 3
_MOST_WORDS = 100_000
_NEVER = frozenset(
    """a an the and or but if so as at by for from in into of off on onto out over to up with without about after before
    i me my mine we us our you your he him his she her hers it its they them their this that these those who whom whose
    which what when where why how is am are was were be been being has have had do does did will would can could should
    may might must shall not no yes very too all any some each every none both either one two three more most much many
    other another same such own than then there here now again also just only still always never ever even well back
    said says asked told came went rang called phoned gave got took saw seen made did done""".split()
)


class _Word(NamedTuple):
    """What a token says by itself: whether it is a word, and clear (in mid-sentence, and where it opens one)."""

    is_word: bool
    is_clear: bool
    is_clear_opening: bool
    is_acronym: bool
    is_first_name: bool
    names: bool
    ends: bool


class _Words(dict[str, _Word]):
    """What is known of each token, looked up once."""

    def __init__(self, known: Vocabulary) -> None:
        super().__init__()
        self._known = known

    def __missing__(self, token: str) -> _Word:
        small = token.lower()
        word = _Word(
            is_word=token[0].isalpha(),
            is_clear=_is_clear(token, self._known, False),
            is_clear_opening=_is_clear(token, self._known, True),
            is_acronym=_is_acronym(token),
            is_first_name=small in self._known.first_names,
            names=small in _NAMING,
            ends=token in SENTENCE_ENDS,
        )
        if len(self) >= _MOST_WORDS:
            self.clear()
        self[token] = word
        return word


@lru_cache(2)
def _words(known: Vocabulary) -> _Words:
    return _Words(known)


def candidates(
    tokens: Sequence[str], known: Vocabulary, is_forgotten: Callable[[str], bool] | None = None
) -> list[int]:
    """Return the places of the tokens that may be names.

    is_forgotten: says of a word in small letters that the vocabulary must not know it (training).
    """
    words = _words(known)
    opens = True
    shouts = not any(token[0].islower() for token in tokens)
    clear = [True] * len(tokens)
    unclear: list[int] = []
    # Most words stand beside nothing that could make a name of them.
    beside: set[int] = set()
    for place, token in enumerate(tokens):
        word = words[token]
        if not word.is_word:
            opens = opens or word.ends
            continue
        is_clear = word.is_clear or (opens and word.is_clear_opening) or (not shouts and word.is_acronym)
        if place and tokens[place - 1] == "#" and not word.is_first_name:
            is_clear = True
        if is_clear and is_forgotten and is_forgotten(token.lower()):
            is_clear = False
        opens = False
        if not is_clear:
            clear[place] = False
            unclear.append(place)
            beside.update((place - 1, place + 1))
        if word.names:
            beside.update((place + 1, place + 2))
    named = [
        place
        for place in beside.difference(unclear)
        if 0 <= place < len(tokens) and words[tokens[place]].is_word and _may_be_named(tokens, clear, place, known)
    ]
    return sorted(unclear + named)


def _is_clear(word: str, known: Vocabulary, opens: bool) -> bool:
    safe = known.safe
    if word in safe or _LEFT_OUT.fullmatch(word) or known.is_of_medicine(word.lower()) or _is_run_together(word, known):
        return True
    if "-" in word:
        parts = word.split("-")
        if all(part.lower() in known.listed for part in parts) or "".join(parts).lower() in safe:
            return True
        return word[0].islower() and all(len(part) > 1 and part in safe for part in parts)
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
    if "I" in word[1:] and word[0].lower() + word[1:].replace("I", "i") in known.safe:
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


def _may_be_named(tokens: Sequence[str], clear: Sequence[bool], place: int, known: Vocabulary) -> bool:
    """Say whether an ordinary word stands where a name would: behind a title, or with a capital beside a name."""
    word = tokens[place]
    small = word.lower()
    if small in _NEVER or small in known.never_names or _is_acronym(word):
        return False
    before = tokens[place - 1] if place else ""
    if before in (".", ",", ":", "(", "-") and place > 1:
        before = tokens[place - 2]
    # What somebody or something was, an unusual word in small letters says as well.
    if before.lower() in ("is", "was") and word.islower() and known.is_built(small):
        return False
    is_next = place > 0 and not clear[place - 1]
    word_known = known.look_up(small)
    is_listed = word_known.is_first_name or word_known.is_surname
    rank = known.ranks.get(small, _RARE)
    if before.lower() in _NAMING and rank >= (_TOO_COMMON if not is_listed else _TOO_COMMON_IF_LISTED):
        return True
    if is_next and is_listed and word[0].isupper() and word[1:].islower():
        return True
    if is_next and rank >= _RARE_ENOUGH:
        return True
    beside = (other for other in (place - 1, place + 1) if 0 <= other < len(tokens))
    return word[0].isupper() and any(not clear[other] and tokens[other][0].isupper() for other in beside)
