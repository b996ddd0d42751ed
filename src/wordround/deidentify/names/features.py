"""What the tagger sees of a word: what the vocabulary knows of it, how it is written, and its neighbours.

Pure: a text in, tokens and their features out. Training and use share every line of it.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import chain
from typing import Generic, NamedTuple, TypeVar

from wordround.deidentify.names.vocabulary import LISTS, Vocabulary, Word
from wordround.deidentify.parts import Remembered, parts_of

_TOKEN = re.compile(r"[^\W\d_](?:\.[^\W\d_])+(?![^\W\d_])|[^\W\d_]+(?:['’-](?=[^\W\d_])[^\W\d_]+)*|\d+|\n|[^\w\s]")
_RUN_OF_LETTERS = re.compile(r"[^\W\d_]+")
_POSSESSIVE = re.compile(r"['’]s$|['’]$", re.IGNORECASE)
SENTENCE_ENDS = frozenset('.!?\n:;-–—•*("“')
_BUCKETS = (30, 300, 3_000, 15_000)
# Words whose presence matters by itself; all others are seen by their class.
_OWN_RANK = 1_500

TITLES = frozenset(
    "dr doctor doc mr mrs ms mx miss prof professor sister nurse matron sir dame rev reverend father staff-nurse "
    "consultant surgeon midwife gp hca".split()
)
_THANKS = frozenset(
    "thank thanks thankyou ta cheers credit kudos shout shoutout appreciation grateful special mention thanx thx kind "
    "regards sincerely faithfully love wishes dear hi hello signed hats bless named called name names".split()
)


class Token(NamedTuple):
    """A word, number or mark and where it stands."""

    text: str
    start: int
    end: int


Told = TypeVar("Told")


class Seen(NamedTuple):
    """A token as its neighbours see it: itself where it is telling, else its class; its class; how it is written."""

    small: str
    kind: str
    shape: str


class _Known(NamedTuple):
    """How a token is seen, itself in small letters, what the vocabulary knows of it if it is a word, the lists that
    have it, and whether it is telling itself.
    """

    seen: Seen
    small: str
    word: Word | None = None
    lists: tuple[str, ...] = ()
    is_telling: bool = False


class Beside(NamedTuple, Generic[Told]):
    """What a token that is seen so tells of the one behind it, of the one before it, and of those one further on."""

    small: str
    kind: str
    of_next: Told
    of_former: Told
    of_next_but_one: Told
    of_last_but_one: Told


def tokens_of(text: str) -> list[str]:
    """Cut a text into words (with what is joined by apostrophe, hyphen or full stop), numbers and marks.

    A possessive ending is a token of its own.
    """
    if "\n" in text:
        return list(cut(text))
    # No other token holds a blank.
    return list(chain.from_iterable(map(_tokens_of.__getitem__, parts_of(text))))


def tokenise(text: str) -> list[Token]:
    """Return the tokens of a text with their places."""
    tokens = tokens_of(text)
    return placed(text, tokens, range(len(tokens)))


def placed(text: str, tokens: Sequence[str], wanted: Iterable[int]) -> list[Token]:
    """Return the wanted ones, in order, of the tokens of a text with where they stand: between two tokens of a text
    there is nothing but blanks and strokes.
    """
    found, end, first = [], 0, 0
    for place in wanted:
        for token in tokens[first:place]:
            end = text.index(token, end) + len(token)
        start = text.index(tokens[place], end)
        end, first = start + len(tokens[place]), place + 1
        found.append(Token(tokens[place], start, end))
    return found


def cut(text: str) -> tuple[str, ...]:
    """Cut what stands between two blanks, or a text, into tokens."""
    if text.isalpha():
        return (text,)
    return tuple(part for token in _TOKEN.findall(text) for part in _without_possessive(token))


_tokens_of = Remembered(cut)


@lru_cache(100_000)
def _without_possessive(token: str) -> tuple[str, ...]:
    ending = _POSSESSIVE.search(token) if len(token) > 2 and not token.isalpha() else None
    return (token[: ending.start()], token[ending.start() :]) if ending else (token,)


def _shape(text: str) -> str:
    if len(text) > 1 and text.isalpha():
        return _shape_of_letters(text)
    if not text[0].isalpha():
        return "1" if text[0].isdigit() else text
    if len(text) == 1:
        return "X" if text.isupper() else "x"
    return _RUN_OF_LETTERS.sub(lambda found: _shape_of_letters(found[0]), text)[:8]


def _shape_of_letters(letters: str) -> str:
    if letters.islower():
        return "x"
    if len(letters) == 1:
        return "X"
    return "XX" if letters.isupper() else "Xx" if letters[1:].islower() else "xX"


class Describer(Generic[Told]):
    """Turns tokens into features, and these into what they tell a model."""

    def __init__(
        self,
        known: Vocabulary,
        tell: Callable[[tuple[str, ...]], Told],
        tell_one: Callable[[str], Told],
        forget: Callable[[str], bool] | None = None,
    ) -> None:
        """`tell`, `tell_one`: what features that are always seen together, and one alone, tell.

        `forget` hides names and words of the vocabulary, so that training meets unknown ones.
        """
        self._known = known
        self._tell, self._tell_one = tell, tell_one
        self._forget = forget
        # Asked twice in a row of a new word that may be a name.
        self._look: Callable[[str], _Known] = lru_cache(8)(self._look_up)
        # Returns a token as its neighbours see it. Most are seen as thousands of others are.
        self.see: Callable[[str], Beside[Told]] = Remembered(self._see).__getitem__
        self._beside: dict[Seen, Beside[Told]] = {}
        # Returns what a token tells of itself.
        self._own: Callable[[str], Told] = Remembered(self._of_itself).__getitem__
        self._follows, self._opens, self._start, self._last = map(tell_one, ("follows", "opens", "start", "last"))

    def _see(self, text: str) -> Beside[Told]:
        seen = self._look(text).seen
        if seen not in self._beside:
            small, kind, shape = seen
            self._beside[seen] = Beside(
                small,
                kind,
                self._tell((f"-1={small}", f"-1k={kind}", f"-1s={shape}")),
                self._tell((f"+1={small}", f"+1k={kind}", f"+1s={shape}")),
                self._tell_one(f"-2k={kind}"),
                self._tell_one(f"+2k={kind}"),
            )
        return self._beside[seen]

    def _look_up(self, text: str) -> _Known:
        small, shape = text.lower().replace("’", "'"), _shape(text)
        if not text[0].isalpha() or small in ("'s", "'"):
            return _Known(Seen(_mark(small), "mark", shape), small)
        # "c.p.n." is what "cpn" is.
        small = small.replace(".", "")
        word = self._word(small)
        kind, lists = _kind(word), self._lists(small)
        if kind == "u":
            kind = "slip" if self._known.is_slip(small) else f"u{self._known.near_miss(small)}"
        is_telling = (word.rank is not None and word.rank < _OWN_RANK) or small in TITLES or small in _THANKS
        if lists and (lists[0] == "calendar" or not is_telling):
            kind = lists[0]
        return _Known(Seen(small if is_telling else kind, kind, shape), small, word, lists, is_telling)

    def _word(self, small: str) -> Word:
        word = self._known.look_up(small)
        if "-" in small and not word.is_ordinary:
            parts = [self._known.look_up(part) for part in small.split("-") if part]
            ranks = [part.rank for part in parts if part.rank is not None]
            is_ordinary = all(part.is_ordinary for part in parts)
            word = Word(
                rank=max(ranks, default=None) if is_ordinary else None,
                is_first_name=any(part.is_first_name for part in parts),
                is_surname=any(part.is_surname for part in parts),
                is_proper=all(part.is_proper for part in parts),
                is_ordinary=is_ordinary,
            )
        if self._forget and self._forget(small):
            # As an unknown name is seen: not at all, or as a word that English writes with a capital.
            word = Word(None if word.is_ordinary else word.rank, False, False, False, False)
        return word

    def _of_itself(self, text: str) -> Told:
        seen, small, word, lists, is_telling = self._look(text)
        if word is None:
            return self._tell((f"w={seen.small}",))
        kind, known = _kind(word), self._known
        own = [f"k={kind}", f"s={seen.shape}", f"n={min(len(small), 9)}"]
        own += [
            flag for flag, holds in (("F", word.is_first_name), ("L", word.is_surname), ("P", word.is_proper)) if holds
        ]
        own += [f"in={name}" for name in lists]
        if kind == "u":
            near = known.near_miss(small)
            own += [f"miss={near}", f"like={known.likeness(small)}", f"like={known.likeness(small)}|{near}"]
            own += [f"e={small[-2:]}", f"e={small[-3:]}", f"b={small[:2]}", f"b={small[:3]}"]
            own += [f"g={small[i : i + 3]}" for i in range(len(small) - 2)]
            if known.is_slip(small):
                own.append("slip")
        elif kind in ("f", "l", "fl", "c") or kind.startswith("o4"):
            own += [f"e={small[-2:]}", f"like={known.likeness(small)}"]
        if is_telling or "doubt" in lists:
            own.append(f"w={small}")
        return self._tell(tuple(own))

    def _lists(self, small: str) -> tuple[str, ...]:
        found = [name for name in LISTS if small in self._known.lists[name]]
        if small in TITLES:
            found.append("title")
        if small in _THANKS:
            found.append("thanks")
        if small in self._known.doubtful:
            found.append("doubt")
        return tuple(found)

    def describe(self, tokens: Sequence[str], places: Sequence[int]) -> list[list[Told]]:
        """Return what is told of the tokens at these places of a whole text."""
        see, own, of_pair = self.see, self._own, self._tell_one
        described = []
        last, previous = len(tokens) - 1, -2
        for place in places:
            here = see(tokens[place])
            told = [own(tokens[place])]
            if place == previous + 1:
                told.append(self._follows)
            previous = place
            if place:
                before = see(tokens[place - 1])
                told += (before.of_next, of_pair(f"-1+{before.small}|{here.kind}"))
                if before.small in SENTENCE_ENDS:
                    told.append(self._opens)
                if place > 1:
                    further = see(tokens[place - 2])
                    told += (further.of_next_but_one, of_pair(f"-2+{further.small}|{before.small}"))
            else:
                told.append(self._start)
            if place < last:
                after = see(tokens[place + 1])
                told += (after.of_former, of_pair(f"+1+{here.kind}|{after.small}"))
                if place + 2 <= last:
                    further = see(tokens[place + 2])
                    told += (further.of_last_but_one, of_pair(f"+2+{after.small}|{further.small}"))
            else:
                told.append(self._last)
            described.append(told)
        return described


def _mark(text: str) -> str:
    """Return what stands for a mark or a number among features."""
    return "¶" if text == "\n" else text if len(text) < 3 else "#"


def _kind(word: Word) -> str:
    """Return the class of a word: how common it is, or what kind of name, or unknown."""
    if word.is_ordinary:
        rank = word.rank if word.rank is not None else 20_000
        bucket = next((place for place, most in enumerate(_BUCKETS) if rank < most), len(_BUCKETS))
        return f"o{bucket}" + ("f" if word.is_first_name else "") + ("l" if word.is_surname else "")
    if word.is_first_name or word.is_surname:
        return ("f" if word.is_first_name else "") + ("l" if word.is_surname else "")
    if word.is_proper:
        return "p"
    return "c" if word.rank is not None else "u"
