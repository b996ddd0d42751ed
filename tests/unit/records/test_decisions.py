"""What is kept of decisions on reports and of changes that the public may read, on both databases."""

import threading

import pytest

from wordround.records import public_changes, report_decisions
from wordround.records.public_changes import AlreadyOpen, WordsRefused
from wordround.records.report_decisions import AlreadyDecided, Decision, Way, in_force
from wordround.settings import Settings

PAGES = {"2026-W46": "a" * 64, "2026-W46-wards": "b" * 64}
WORDS = "The garden is open in the evenings."


def decide(trust: Settings, is_approved: bool, way: Way = "page", seen: int | None = None, why: str = "") -> None:
    report_decisions.log(trust, PAGES, is_approved=is_approved, by="m.farrow", way=way, why=why, seen=seen)


def holds(trust: Settings, page: str = "a" * 64) -> Decision | None:
    return in_force(report_decisions.of_reports(trust, PAGES), "2026-W46", page)


def test_a_decision_is_of_one_page_and_the_last_is_in_force(trust: Settings) -> None:
    assert holds(trust) is None
    decide(trust, False, why="A ward is missing.")
    found = holds(trust)
    assert found and (found.is_approved, found.by, found.why) == (False, "m.farrow", "A ward is missing.")
    assert holds(trust, "c" * 64) is None, "another page of the same report"
    decide(trust, True)
    assert (found := holds(trust)) and found.is_approved and found.why is None


@pytest.mark.parametrize(
    ("decided", "is_approved"),
    [
        ([("page", False), ("airflow", True)], False),
        ([("airflow", False), ("airflow", True)], True),
        ([("page", True), ("airflow", False)], False),
        ([("page", False), ("page", True), ("airflow", True)], True),
        ([("airflow", True), ("page", False)], False),
    ],
)
def test_an_approval_in_airflow_does_not_undo_a_rejection_on_the_page(
    trust: Settings, decided: list[tuple[Way, bool]], is_approved: bool
) -> None:
    for way, approves in decided:
        decide(trust, approves, way)
    assert (found := holds(trust)) and found.is_approved is is_approved


def test_an_answer_of_airflow_is_logged_once_however_often_its_task_is_tried(trust: Settings) -> None:
    decide(trust, False)
    for _ in range(3):
        decide(trust, True, "airflow")
    assert [each.way for each in report_decisions.of_reports(trust, ["2026-W46"])] == ["page", "airflow"]


def test_what_airflow_says_again_after_the_page_has_said_otherwise_is_said_anew(trust: Settings) -> None:
    decide(trust, False, "airflow")
    decide(trust, True, "page", why="It was corrected.")
    decide(trust, False, "airflow")
    assert (found := holds(trust)) and not found.is_approved


def test_of_many_at_once_one_decides_and_the_others_are_told(trust: Settings) -> None:
    decide(trust, False)
    told: list[Decision] = []
    taken: list[bool] = []

    def approve() -> None:
        try:
            decide(trust, True, seen=2)
            taken.append(True)
        except AlreadyDecided as before:
            told.append(before.last)

    threads = [threading.Thread(target=approve) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert taken == [True] and [each.is_approved for each in told] == [True] * 3
    assert len(report_decisions.of_reports(trust, PAGES)) == 4


def test_reasons_can_be_taken_away_and_nothing_else(trust: Settings) -> None:
    decide(trust, False, why="A ward is missing.")
    assert report_decisions.forget_words(trust, "2026-W46") == 1
    assert [each.why for each in report_decisions.of_reports(trust, PAGES)] == [None, "A ward is missing."]


def test_a_change_is_open_until_it_is_withdrawn_and_may_be_opened_anew(trust: Settings) -> None:
    assert public_changes.withdraw(trust, "a1", 2, "m.farrow") is False
    public_changes.open_to_all(trust, "a1", 2, "m.farrow", f"  {WORDS}\n")
    with pytest.raises(AlreadyOpen) as before:
        public_changes.open_to_all(trust, "a1", 2, "j.okafor", "Another sentence.")
    assert (before.value.first.by, before.value.first.words) == ("m.farrow", WORDS)
    assert list(public_changes.all_open(trust)) == [("a1", 2)]
    assert public_changes.withdraw(trust, "a1", 2, "j.okafor") is True
    assert public_changes.all_open(trust) == {}
    public_changes.open_to_all(trust, "a1", 2, "j.okafor", WORDS)
    assert public_changes.all_open(trust)["a1", 2].by == "j.okafor"


@pytest.mark.parametrize("typed", ["", "Dr Doreen Ackroyd is there.", "word " * 80])
def test_words_that_are_refused_are_not_kept(trust: Settings, typed: str) -> None:
    with pytest.raises(WordsRefused):
        public_changes.open_to_all(trust, "a1", 2, "m.farrow", typed)
    assert public_changes.all_open(trust) == {}
