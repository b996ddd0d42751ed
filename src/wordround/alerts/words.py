"""Which words may stand as those that rose in an alert: ordinary ones, nobody's name, that carry a subject. Pure.

dbt calls it within the build (dbt/models/intermediate/int_alert_words_kept.py). The lists are kept in no table: a
search of the warehouse for what was erased would find its words there.
"""

import runpy
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from wordround.deidentify.names.vocabulary import read_list, vocabulary

# Of the words that the list counts as empty, those that are none where a patient writes them: "nobody called back",
# "left alone", "the fire doors", "side effects".
_WITH_SUBJECT = frozenset(
    """alone bill bottom call cry describe detail empty fill fire full interest mill move name nobody noone please
    serious show side sincere system thick thin top""".split()
)
# Of verbs that the list has, forms that it lacks.
_FORMS = frozenset("did does doing having".split())


def kept(words: Sequence[str]) -> list[bool]:
    """Return of each word, in small letters, whether it may stand."""
    if not words:
        return []
    known = vocabulary()
    ordinary = (known.ordinary - known.first_names - known.surnames) | read_list("comment_words")
    return [word in ordinary and carries_subject(word) for word in words]


def carries_subject(word: str) -> bool:
    """Whether a word, in small letters, says something of what a comment is about: "are" and "wasn't" do not."""
    return not word.endswith("n't") and word.partition("'")[0] not in _without_subject()


@cache
def _without_subject() -> frozenset[str]:
    """Return scikit-learn's list of stop words, as said above; from its file: its module takes a second to import."""
    package = find_spec("sklearn")
    assert package is not None and package.submodule_search_locations  # noqa: S101 - a dependency of ours
    file = Path(package.submodule_search_locations[0]) / "feature_extraction" / "_stop_words.py"
    listed: frozenset[str] = runpy.run_path(str(file))["ENGLISH_STOP_WORDS"]
    return (listed | _FORMS) - _WITH_SUBJECT
