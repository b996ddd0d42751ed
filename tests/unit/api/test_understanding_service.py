"""`POST /understand`, through the application that `wordround serve` starts."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient

from wordround.api.understanding import MOST_BYTES, MOST_COMMENTS, application
from wordround.registers.frames import frames
from wordround.understand.annotating import Annotating


class Counted(Annotating):
    """Annotates, and notes how many texts it was asked about at once."""

    def __init__(self) -> None:
        super().__init__(frames())
        self.at_once: list[int] = []

    def annotate(self, texts, questions):
        self.at_once.append(len(texts))
        return super().annotate(texts, questions)


@pytest.fixture(scope="module")
def annotating() -> Counted:
    return Counted()


@pytest.fixture
def client(annotating: Counted) -> Iterator[TestClient]:
    annotating.at_once.clear()
    with TestClient(application(annotating), raise_server_exceptions=False) as client:
        yield client


def test_comments_are_annotated_in_order(client: TestClient) -> None:
    comments = [
        {"id": 1, "text": "The staff were lovely and kind"},
        {"id": "b", "text": "Nothing", "question_type": "could_improve"},
        {"id": 3, "text": "waited three hours and nobody came", "question_type": "unknown"},
    ]
    answer = client.post("/understand", json={"comments": comments})
    found = answer.json()["comments"]
    assert [(one["id"], one["sentiment_class"]) for one in found] == [
        (1, "positive"),
        ("b", "positive"),
        (3, "negative"),
    ]
    assert client.post("/understand", json={"comments": []}).json() == {"comments": []}


def test_requests_that_come_together_are_read_together(client: TestClient, annotating: Counted) -> None:
    def ask(number: int) -> list[int]:
        comments = [{"id": number * 10 + place, "text": f"Answer {number} {place} was kind"} for place in range(3)]
        return [one["id"] for one in client.post("/understand", json={"comments": comments}).json()["comments"]]

    with ThreadPoolExecutor(16) as threads:
        asked = list(threads.map(ask, range(32)))
    assert asked == [[number * 10 + place for place in range(3)] for number in range(32)]
    assert sum(annotating.at_once) == 96 and len(annotating.at_once) < 32


def test_what_is_refused_says_where_and_never_what_was_sent(client: TestClient) -> None:
    sent = {"comments": [{"id": 1, "text": "a secret", "question_type": "secret"}, {"text": "secret", "secret": 1}]}
    answer = client.post("/understand", json=sent)
    assert answer.status_code == 422 and "secret" not in answer.text
    assert [one["where"] for one in answer.json()["refused"]] == [
        ["body", "comments", 0, "question_type"], ["body", "comments", 1, "id"], ["body", "comments", 1, "?"]
    ]  # fmt: skip
    many = {"comments": [{"id": 1, "text": "x"}] * (MOST_COMMENTS + 1)}
    assert client.post("/understand", json=many).status_code == 422


def test_a_request_that_is_too_large_is_refused_before_it_is_read(client: TestClient) -> None:
    taken = []

    def pieces() -> Iterator[bytes]:
        yield b'{"comments": [{"id": 1, "text": "'
        for number in range(200):
            taken.append(number)
            yield b"a" * 1_000_000

    refused = [{"where": ["body"], "problem": "too_large"}]
    for body in (b"x" * (MOST_BYTES + 1), pieces()):
        answer = client.post("/understand", content=body, headers={"Content-Type": "application/json"})
        assert (answer.status_code, answer.json()) == (413, {"refused": refused})
    assert client.post("/understand", json={"comments": [{"id": 1, "text": "kind"}]}).status_code == 200


def test_a_request_that_cannot_be_read_costs_itself_alone(
    client: TestClient, annotating: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Counted.annotate

    def odd(self: Counted, texts: list[str], questions: list[str | None]) -> list[object]:
        if "odd" in texts:
            raise ValueError("odd words of somebody")
        return whole(self, texts, questions)

    monkeypatch.setattr(Counted, "annotate", odd)

    def ask(text: str) -> tuple[int, str]:
        answer = client.post("/understand", json={"comments": [{"id": 1, "text": text}]})
        return answer.status_code, answer.text

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(ask, ["kind", "odd", "rude", "kind"] * 4))
    assert [code for code, _ in answers] == [200, 500, 200, 200] * 4
    assert not any("somebody" in text for _, text in answers)
