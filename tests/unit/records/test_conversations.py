"""What is kept of conversations that people declare, on both databases."""

import threading

import pytest

from wordround.records import conversations
from wordround.records.conversations import AlreadyDeclared
from wordround.settings import Settings

PLAN = {"tags": ["maternityhour"], "begins": "2026-11-12T20:00:00Z", "ends": "2026-11-12T21:00:00Z"}


def test_a_conversation_is_in_force_until_it_is_withdrawn_and_may_be_declared_anew(trust: Settings) -> None:
    assert conversations.in_force(trust) == {}
    conversations.declare(trust, "maternity_hour", "KL", PLAN)
    with pytest.raises(AlreadyDeclared) as before:
        conversations.declare(trust, "maternity_hour", "AB", PLAN)
    assert before.value.first.by == "KL"
    held = conversations.in_force(trust)["maternity_hour"]
    assert (held.by, held.what, held.event) == ("KL", PLAN, "declared")
    assert conversations.withdraw(trust, "maternity_hour", "AB") is True
    assert conversations.withdraw(trust, "maternity_hour", "AB") is False
    assert conversations.in_force(trust) == {}
    other = PLAN | {"tags": ["nighthour"]}
    conversations.declare(trust, "maternity_hour", "AB", other)
    assert conversations.in_force(trust)["maternity_hour"].what == other


def test_a_tag_that_is_dismissed_is_no_conversation_and_withdraws_none(trust: Settings) -> None:
    conversations.declare(trust, "blue_monday", "KL", PLAN)
    conversations.dismiss(trust, "bluemonday", "KL")
    last = conversations.dismiss(trust, "bluemonday", "AB")
    assert {tag: one.by for tag, one in conversations.dismissed(trust).items()} == {"bluemonday": "AB"}
    assert conversations.dismissed(trust)["bluemonday"].at == last.at
    assert list(conversations.in_force(trust)) == ["blue_monday"]


def test_of_many_who_declare_at_once_one_does(trust: Settings) -> None:
    done: list[str] = []

    def declare(by: str) -> None:
        try:
            conversations.declare(trust, "maternity_hour", by, PLAN)
            done.append(by)
        except AlreadyDeclared as before:
            assert before.first.by != by

    threads = [threading.Thread(target=declare, args=(by,)) for by in ("AA", "BB", "CC", "DD")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 1
    assert conversations.in_force(trust)["maternity_hour"].by == done[0]
