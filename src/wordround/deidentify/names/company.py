"""Names that stand beside a name: the surname behind a first name, the others of a list, whatever somebody is called.

Of weighed words, some of which are names by themselves, these are names too. Lists of names decide here where the
tagger, which weighs a word by its neighbours, is led astray by an ordinary one ("John Wright", "Sue, Pat and Bill").
"""

import re
from collections.abc import Sequence

from wordround.deidentify.names.tagger import Weighed
from wordround.deidentify.names.vocabulary import Vocabulary

# A full stop ends a sentence, unless it stands behind an initial.
_BLANK = re.compile(r" |-|(?<=\b[A-Za-z])\. ?")
_LISTED = re.compile(r"\s?(?:,|&|\+|/|,? and|,? n|,? or)\s", re.IGNORECASE)
_MIDDLE = re.compile(r" [A-Z]\.? ")
_TITLE_BEFORE = re.compile(r"\b(?:dr|mr|mrs|ms|miss|mx|prof|professor|doctor|nurse|sister)s?\.? $", re.IGNORECASE)
_CALLED_BEFORE = re.compile(
    r"\b(?:called|named|name (?:is|was)|name's|known as|(?:my|our|his|her|their) (?:late |dear |eldest |"
    r"youngest |little )?"
    r"(?:husband|wife|partner|son|daughter|mum|mam|mom|mother|dad|father|brother|sister|nan|gran|grandad|grandson|"
    r"granddaughter|uncle|aunt|auntie|niece|nephew|friend|neighbour|boyfriend|girlfriend|key ?worker|cpn|nurse|midwife|"
    r"physio|carer|consultant|social worker|support worker|care ?coordinator)(?: is| was|,)?) $",
    re.IGNORECASE,
)
_ONLY_A_TITLE = re.compile(r"\b(?:dr|mr|mrs|ms|mx|prof|professor)\.? $", re.IGNORECASE)
_ROLE_BEFORE = re.compile(
    r"\b(?:worker|cpn|nurse|midwife|physio|carer|consultant|coordinator)(?: is| was|,)? $", re.IGNORECASE
)
# "My daughter was sad": in small letters an ordinary word says what somebody is.
_IS_OR_WAS = re.compile(r"\b(?<!name )(?:is|was) $", re.IGNORECASE)
# So common that a list of names says nothing by itself, and so common that even a title does not.
_COMMON, _TOO_COMMON = 1_000, 60
_NEAR = 44


class Company:
    """Spreads names to those beside them."""

    def __init__(self, known: Vocabulary) -> None:
        self._known = known

    def spread(self, text: str, weighed: Sequence[Weighed], taken: list[bool]) -> None:
        """Mark in `taken` what is a name because of what stands beside it."""
        for place in range(len(weighed)):
            taken[place] = taken[place] or self._is_introduced(text, weighed[place])
        for place in range(len(weighed) - 1):
            if self._is_first_and_last(text, weighed[place], weighed[place + 1]):
                taken[place] = taken[place + 1] = True
        if not any(taken):
            return
        for _ in range(2):
            for place in range(1, len(weighed)):
                taken[place] = taken[place] or (taken[place - 1] and self._goes_with(text, weighed, place - 1, place))
            for place in reversed(range(len(weighed) - 1)):
                taken[place] = taken[place] or (taken[place + 1] and self._is_listed(text, weighed, place, place + 1))

    def _rank(self, one: Weighed) -> int:
        rank = self._known.ranks.get(one.token.text.lower())
        return 99_999 if rank is None else rank

    def _is_introduced(self, text: str, one: Weighed) -> bool:
        """Say whether a listed name stands where somebody is introduced: "mr day", "my wife sue", "called hope"."""
        word = self._known.look_up(one.token.text.lower())
        if not (word.is_first_name or word.is_surname):
            return False
        before = text[max(0, one.token.start - _NEAR) : one.token.start]
        if one.token.text.lower() in self._known.never_names or self._rank(one) < _TOO_COMMON:
            return False
        if _TITLE_BEFORE.search(before):
            # "sister hospital", "nurse best placed": in small letters only a title that is nothing else tells.
            is_sure = not (word.is_ordinary and one.token.text.islower()) or bool(_ONLY_A_TITLE.search(before))
            return is_sure
        if word.is_ordinary and one.token.text.islower() and _ROLE_BEFORE.search(before):
            return False
        if word.is_ordinary and one.token.text.islower() and _IS_OR_WAS.search(before):
            return False
        return word.is_first_name and self._rank(one) >= _TOO_COMMON and bool(_CALLED_BEFORE.search(before))

    def _is_first_and_last(self, text: str, one: Weighed, two: Weighed) -> bool:
        if not _touch(text, one, two) or two.token.text.lower() in self._known.never_names:
            return False
        first, last = self._known.look_up(one.token.text.lower()), self._known.look_up(two.token.text.lower())
        if not (first.is_first_name and last.is_surname):
            return False
        if one.token.text.islower() or two.token.text.islower():
            return not first.is_ordinary and self._rank(two) >= _COMMON
        is_written_so = one.token.text[1:].islower() and two.token.text[1:].islower()
        return is_written_so or (not first.is_ordinary and self._rank(two) >= _COMMON)

    def _goes_with(self, text: str, weighed: Sequence[Weighed], one: int, two: int) -> bool:
        """Say whether the next word belongs to a name: as its next part, or as the next of a list."""
        if self._is_listed(text, weighed, one, two):
            return True
        token = weighed[two].token
        if not _touch(text, weighed[one], weighed[two]) or token.text.lower() in self._known.never_names:
            return False
        word = self._known.look_up(token.text.lower())
        if token.text.islower():
            return word.is_surname and self._rank(weighed[two]) >= _COMMON and not weighed[one].token.text[0].isupper()
        return token.text[1:].islower() and (word.is_surname or word.is_first_name or not word.is_ordinary)

    def _is_listed(self, text: str, weighed: Sequence[Weighed], one: int, two: int) -> bool:
        """Say whether two words of which one is a name stand in a list, and the other is a listed first name."""
        if not _LISTED.fullmatch(text, weighed[one].token.end, weighed[two].token.start):
            return False
        return all(
            self._known.look_up(weighed[place].token.text.lower()).is_first_name and self._rank(weighed[place]) >= 300
            for place in (one, two)
            if weighed[place].kind[0] in "od"
        )


def _touch(text: str, one: Weighed, two: Weighed) -> bool:
    """Say whether two words stand side by side, or with one initial between them."""
    start, end = one.token.end, two.token.start
    return bool(_BLANK.fullmatch(text, start, end) or _MIDDLE.fullmatch(text, start, end))
