"""Cues: whatever a pattern matches, the look at all patterns has found before it is tried."""

import subprocess
import sys

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from wordround.deidentify import cues, recognisers
from wordround.deidentify.cues import Cued, Cues, any_of
from wordround.deidentify.wider import Wider, compiled
from wordround.evaluate.corpus import evaluation

MODULES = sorted({find.__module__ for group in recognisers.GROUPS.values() for find in group})
PATTERNS = {
    f"{module.removeprefix('wordround.deidentify.')}.{name}": value
    for module in MODULES
    for name, value in vars(sys.modules[module]).items()
    if isinstance(value, Cued)
}


@pytest.mark.parametrize("name", PATTERNS)
@given(data=st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_a_pattern_matches_was_found_before(name: str, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(PATTERNS[name].pattern))
    assume(PATTERNS[name].pattern.search(text))
    assert PATTERNS[name].may_match(text)


def test_what_a_pattern_matches_in_the_corpus_was_found_before() -> None:
    texts = [sample.text for sample in (*evaluation.clean(), *evaluation.carriers(1))]
    missed = [
        (name, text)
        for text in texts
        for name, pattern in PATTERNS.items()
        if not pattern.may_match(text) and pattern.pattern.search(text)
    ]
    assert missed == []


def test_most_patterns_are_tried_on_few_texts() -> None:
    texts = [sample.text for sample in evaluation.clean()]
    tried = sum(pattern.may_match(text) for text in texts for pattern in PATTERNS.values())
    assert tried < 0.05 * len(PATTERNS) * len(texts)


def test_of_several_patterns_one_is_enough() -> None:
    titled, called = PATTERNS["names.introduced._NAMED_BY_TITLE"], PATTERNS["names.introduced._CALLED"]
    may_match = any_of(titled, called)
    assert may_match("seen by Dr Zqorl")
    assert may_match("a nurse called Zqorl")
    assert not may_match("in the unit")


def test_patterns_that_are_not_looked_for_at_once_are_not_asked_at_once() -> None:
    with pytest.raises(ValueError, match="not looked for at once"):
        any_of(PATTERNS["names.introduced._NAMED_BY_TITLE"], PATTERNS["hospital_number._PATTERN"])


def test_recognisers_of_a_group_are_looked_for_at_once() -> None:
    number, phone = PATTERNS["hospital_number._PATTERN"], PATTERNS["phone._REGION"]
    assert number.cues is phone.cues
    assert number.bit != phone.bit


def test_a_pattern_that_was_made_after_all_others_were_compiled_is_tried_on_every_text() -> None:
    assert not PATTERNS["hospital_number._PATTERN"].may_match("on the ward")
    late = PATTERNS["hospital_number._PATTERN"].cues(r"\bward\b")
    assert late.search("on the ward")
    assert late.may_match("in the unit")
    assert not late.search("in the unit")


def test_patterns_that_nothing_looks_for_are_tried_on_every_text() -> None:
    assert Cues()(r"\bward\b").may_match("in the unit")


def test_patterns_compiled_on_a_machine_of_another_kind_are_compiled_again(monkeypatch: pytest.MonkeyPatch) -> None:
    pattern = PATTERNS["passport._SAID_TO_BE_ONE"]
    monkeypatch.setattr(cues, "_every", [pattern.cues])
    monkeypatch.setattr(cues, "made_once", lambda name, make, made_of: [one[::-1] for one in make()])
    wider = cues._looks.__wrapped__()[pattern.cues]
    assert wider.which("passport 123456789") & pattern.bit
    assert not wider.which("on the ward") & pattern.bit


def test_two_processes_compile_the_patterns_once() -> None:
    program = (
        "from unittest.mock import patch\n"
        "from wordround.deidentify import deidentify\n"
        "with patch('wordround.deidentify.cues._compiled', side_effect=AssertionError):\n"
        "    print(deidentify('seen by Dr Zqorl').text)"
    )
    assert PATTERNS["names.introduced._NAMED_BY_TITLE"].may_match("seen by Dr Zqorl")
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert shown == "seen by Dr <staff name>\n"


def test_what_cannot_be_looked_for_may_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    wider = Wider(compiled(["ward", "unit"]), [1, 2])
    assert [bool(wider.which("on the ward") & bit) for bit in (1, 2, 4)] == [True, False, True]
    # As Hyperscan answers where another thread holds what it works with.
    wider._of_thread.scratch = None
    monkeypatch.setattr(wider, "_scratch", None)
    monkeypatch.setattr(wider, "_database", type("Busy", (), {"scan": _busy})())
    assert [bool(wider.which("on the ward") & bit) for bit in (1, 2, 4)] == [True, True, True]


def _busy(*_: object, **__: object) -> None:
    import hyperscan

    raise hyperscan.ScratchInUseError
