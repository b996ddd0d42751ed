"""Which conversations there are: what settings and people declare, and what is wrong with a declaration."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from wordround.conversations import declared, declaring, listing
from wordround.errors import ConversationRefused
from wordround.records import conversations
from wordround.settings import Settings

TRUST = "Fernvale Mental Health NHS Trust (fictional)"
HOUR = """
[[conversations]]
name = "maternity_hour"
label = "Maternity hour"
tags = ["#FernvaleMaternity", "fernvalematernity", "MatHour"]
hosts = ["{trust}", "fernvale_perinatal"]
begins = 2026-07-09T20:00:00
ends = 2026-07-09T21:00:00
"""
BEGINS, ENDS = datetime(2026, 11, 12, 20), datetime(2026, 11, 12, 20, 45)


def hour(**changes: object) -> str:
    """The block with one of its lines replaced."""
    lines = HOUR.format(trust=TRUST).splitlines()
    for key, value in changes.items():
        lines = [f"{key} = {value}" if line.startswith(f"{key} =") else line for line in lines]
    return "\n".join(lines) + "\n"


def declare(settings: Settings, name: str = "tweet_well", by: str = "KL", **given: object) -> None:
    plan = {"tags": ["TweetWell"], "begins": BEGINS, "ends": ENDS, **given}
    declaring.declare(settings, name, by, **plan)


def test_a_block_of_the_settings_is_a_conversation_in_utc_with_each_tag_once(settings_with: Callable) -> None:
    settings = settings_with(added=hour())
    (one,) = declared.known(settings)
    assert (one.conversation_id, one.label, one.declared_in) == ("maternity_hour", "Maternity hour", "settings")
    assert one.tags == ("fernvalematernity", "mathour")
    assert one.hosts == (TRUST, "fernvale_perinatal")
    assert one.begins_at == datetime(2026, 7, 9, 19, tzinfo=UTC), "a time without an offset is one of the UK"
    assert one.baseline_days == 14
    assert one.query_id.startswith("conversation-maternity_hour-")
    assert (str(one.first_day), str(one.last_day)) == ("2026-06-25", "2026-07-09")
    assert declared.faults(settings) == []


def test_a_day_of_the_settings_is_meant_whole(settings_with: Callable) -> None:
    (one,) = declared.known(settings_with(added=hour(begins="2026-07-09", ends="2026-07-12")))
    assert one.begins_at == datetime(2026, 7, 8, 23, tzinfo=UTC)
    assert one.ends_at == datetime(2026, 7, 12, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("name", '"Maternity hour"', "name: small letters"),
        ("name", '"declare"', "'declare' is a page of its own"),
        ("tags", "[]", "tags: name one at least"),
        ("tags", '["two words"]', "tags, number 1: a hashtag is one word"),
        ("tags", '["2026"]', "tags, number 1: a hashtag is one word"),
        ("ends", "2026-07-09T20:00:00", "`ends` is not later than `begins`"),
        ("ends", "2026-08-20T20:00:00", "longer than 31 days"),
        ("ends", "2026-10-25T01:30:00", "clocks change at that time"),
        ("ends", "0026-07-09T21:00:00", "not of this century"),
        ("ends", "20", "is a number"),
        ("ends", '"1783630800"', "is a number"),
        ("ends", '"-1783630800.5"', "is a number"),
        ("begins", '"1.7836308e9"', "is a number"),
        ("ends", '"soon"', "ends: "),
        ("label", f'"{"x" * 81}"', "label: 80 characters at most"),
        ("begins", '"2026-07-09T20:00:00"\nbaseline = 7', "baseline: there is no such key"),
        ("begins", "2026-07-09T20:00:00\nbaseline_days = 6", "baseline_days: "),
        ("begins", '2026-07-09T20:00:00\nsources = ["facebook"]', "'facebook' cannot be asked by hashtag"),
        ("begins", '2026-07-09T20:00:00\nsources = ["myspace"]', "'myspace' is no source; these can be: bluesky"),
    ],
)
def test_a_block_that_makes_no_conversation_is_named_and_costs_no_other(
    settings_with: Callable, key: str, value: str, says: str
) -> None:
    settings = settings_with(added=hour(**{key: value}) + hour(name='"night_hour"'))
    assert [one.conversation_id for one in declared.known(settings)] == ["night_hour"]
    (fault,) = declared.faults(settings)
    assert fault.startswith("[[conversations]] 1") and says in fault


def test_of_two_blocks_with_one_name_the_first_holds(settings_with: Callable) -> None:
    settings = settings_with(added=hour() + hour(label='"Another"'))
    assert [one.label for one in declared.known(settings)] == ["Maternity hour"]
    assert declared.faults(settings) == ["[[conversations]] 2: the name 'maternity_hour' stands twice; the first holds"]


def test_a_host_that_no_registry_has_is_named_and_the_conversation_goes_on(settings_with: Callable) -> None:
    settings = settings_with(added=hour(hosts='["Fernvale  Echo (fictional NEWSPAPER)", "Nobody at all"]'))
    (one,) = declared.known(settings)
    assert one.hosts == ("Fernvale Echo (fictional newspaper)",)
    (fault,) = declared.faults(settings)
    assert "hosts: number 2 is no organisation_label" in fault and "Nobody" not in fault


def test_a_label_of_the_settings_loses_what_names_somebody(settings_with: Callable) -> None:
    settings = settings_with(added=hour(label='"Ask Dr Ottoline Brackenbury"'))
    (one,) = declared.known(settings)
    assert "Brackenbury" not in one.label and "Ottoline" not in one.label
    without = settings_with(added="\n".join(line for line in hour().splitlines() if not line.startswith("label")))
    assert declared.known(without)[0].label == "Maternity hour", "its name in words"


def test_settings_win_over_records_of_the_same_name_and_the_list_says_so(settings_with: Callable) -> None:
    before = settings_with()
    declare(before, "maternity_hour", label="What people declared")
    declare(before)
    after = settings_with(added=hour())
    assert [(one.conversation_id, one.declared_in) for one in declared.known(after)] == [
        ("maternity_hour", "settings"),
        ("tweet_well", "records"),
    ]
    shown = listing.listed(after, datetime(2026, 11, 12, 20, 30, tzinfo=UTC))
    assert shown.overruled == ("maternity_hour",)
    assert [(one.conversation_id, one.state, one.by) for one in shown.conversations] == [
        ("tweet_well", "on", "KL"),
        ("maternity_hour", "over", None),
    ]
    with pytest.raises(ConversationRefused, match="the settings file declares 'maternity_hour'"):
        declare(after, "maternity_hour")
    with pytest.raises(ConversationRefused, match="take it out there"):
        declaring.withdraw(settings_with(added=hour(name='"night_hour"')), "night_hour", "KL")


def test_what_people_declare_is_there_until_they_withdraw_it(settings: Settings) -> None:
    declare(settings, hosts=[TRUST.upper()], sources=["bluesky"], baseline_days=21)
    (one,) = declared.known(settings)
    assert (one.label, one.tags, one.hosts, one.sources) == ("Tweet well", ("tweetwell",), (TRUST,), ("bluesky",))
    assert one.baseline_days == 21 and declared.named(settings, "tweet_well") == one
    with pytest.raises(ConversationRefused, match=r"was declared on .* by KL"):
        declare(settings, by="AB")
    declaring.withdraw(settings, "tweet_well", "AB")
    assert declared.known(settings) == []
    with pytest.raises(ConversationRefused, match="withdrawn already"):
        declaring.withdraw(settings, "tweet_well", "AB")
    with pytest.raises(ConversationRefused, match="`wordround conversation list`"):
        declared.named(settings, "tweet_well")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"name": "ottoline_brackenbury"}, "name: it may name somebody"),
        ({"tags": ["OttolineBrackenbury"]}, "tag: it may name somebody"),
        ({"tags": ["ottolinebrackenbury77"]}, "tag: it may name somebody"),
        ({"label": "Ask Dr Ottoline Brackenbury"}, "label: it may name somebody"),
        ({"hosts": ["Ottoline Brackenbury"]}, "no registry has number 1 of 1"),
        ({"ends": BEGINS}, "`ends` is not later"),
        ({"sources": ["facebook"]}, "cannot be asked by hashtag"),
        ({"tags": []}, "tags: name one at least"),
    ],
)
def test_what_may_name_somebody_or_makes_no_conversation_is_not_kept(
    settings: Settings, given: dict[str, object], says: str
) -> None:
    with pytest.raises(ConversationRefused, match=says) as refused:
        declare(settings, **given)
    assert "rackenbury" not in str(refused.value)
    assert conversations.in_force(settings) == {}


@pytest.mark.parametrize("tag", ["FernvaleMaternity", "#kestrelward", "MumTalk", "whywedoresearch", "MHChat"])
def test_tags_of_words_and_registered_ones_are_taken(settings: Settings, tag: str) -> None:
    declare(settings, tags=[tag])
    assert declared.own_tags(settings) == {tag.lstrip("#").lower()}


def test_a_dismissed_tag_is_listed_and_one_that_may_name_somebody_is_refused(settings: Settings) -> None:
    declaring.dismiss(settings, "#BlueMonday", "KL")
    with pytest.raises(ConversationRefused, match="it may name somebody"):
        declaring.dismiss(settings, "#OttolineBrackenbury", "KL")
    assert listing.listed(settings, datetime.now(UTC)).dismissed == ("bluemonday",)


def test_a_conversation_is_on_from_half_an_hour_before_until_two_hours_after(settings: Settings) -> None:
    declare(settings)
    (one,) = declared.known(settings)
    first, last = one.begins_at - timedelta(minutes=30), one.ends_at + timedelta(hours=2)
    second = timedelta(seconds=1)
    states = [one.state(moment) for moment in (first - second, first, last - second, last)]
    assert states == ["planned", "on", "on", "over"]


def test_a_declaration_that_this_version_cannot_read_is_named_and_costs_no_other(settings: Settings) -> None:
    declare(settings)
    conversations.declare(settings, "of_another_version", "KL", {"tags": ["words"], "begins": "then"})
    assert [one.conversation_id for one in declared.known(settings)] == ["tweet_well"]
    assert all("of_another_version" in fault for fault in declared.faults(settings))
    assert len(declared.faults(settings)) == 2
