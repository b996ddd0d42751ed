"""Governance: no source is read before it is said on what authority, and what was said travels with the data."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.fixtures.fft_files import row, write_csv
from wordround import pipeline
from wordround.collect import permission
from wordround.connectors import fft
from wordround.errors import GovernanceIncomplete, SettingsInvalid
from wordround.governance import (
    CONDITIONS,
    LAWFUL_BASES,
    Governance,
    SourceGovernance,
    TrustGovernance,
    is_fictional,
)
from wordround.settings import Settings, Source, Sources, load_settings
from wordround.warehouse import engine

TODAY = date(2026, 11, 21)
OURS = (
    ('name = "Fernvale Mental Health NHS Trust (fictional)"', 'name = "Harbour NHS Trust"'),
    ('code = "XFV"', 'code = "RZ9"'),
    ('"fictional: Fernvale Mental Health NHS Trust"', '"Harbour NHS Trust"'),
    (
        '"fictional: data protection officer, dpo@fernvale.example"',
        '"data protection officer, dpo@harbour.nhs.uk"',
    ),
    ('"fictional: DPIA-2026-014"', '"IG/DPIA/31"'),
    ("https://www.fernvale.example/fictional-privacy-notice", "https://www.harbour.nhs.uk/feedback-privacy"),
    ('"fictional: research and development office"', '"research and development office"'),
)
SettingsWith = Callable[..., Settings]


def versions(settings: Settings, columns: str) -> list[tuple[Any, ...]]:
    with engine.connect(settings) as connection:
        return connection.execute(f"select {columns} from ops.governance order by source, valid_from").fetchall()


def keys_of(settings: Settings) -> list[str]:
    return [problem.key for problem in permission.problems(settings, "fft", TODAY)]


def changed(settings: Settings, **answers: Any) -> Settings:
    """The settings with other answers for `fft`."""
    source = settings.sources.fft
    block = SourceGovernance(**source.governance.model_dump() | answers)
    fft = source.model_copy(update={"governance": block})
    return settings.model_copy(update={"sources": settings.sources.model_copy(update={"fft": fft})})


def test_the_demo_trust_is_complete_and_says_of_itself_that_it_is_fictional(settings: Settings) -> None:
    assert permission.problems(settings, "fft") == []
    held = settings.governance_of("fft")
    assert held.is_fictional
    for said in (held.controller, held.contact, held.dpia_reference, held.privacy_notice_url, held.purpose_decided_by):
        assert is_fictional(said)


def test_a_source_without_governance_names_everything_that_is_missing_at_once_and_nothing_is_landed(
    settings_with: SettingsWith, tmp_path: Path
) -> None:
    settings = settings_with()
    bare = changed(settings, **dict.fromkeys(SourceGovernance.model_fields))
    bare = bare.model_copy(update={"governance": TrustGovernance()})
    write_csv(settings.home / "inbox" / "fft" / "f.csv", [row()])
    for attempt in (
        lambda: pipeline.collect(bare, "fft", TODAY),
        lambda: pipeline.ingest(bare, "fft", TODAY),
        lambda: pipeline.ingest(bare, "fft", TODAY, write_csv(tmp_path / "f.csv", [row()])),
        lambda: pipeline.run(bare),
    ):
        with pytest.raises(GovernanceIncomplete) as caught:
            attempt()
        told = str(caught.value)
        assert told.startswith("fft: nothing of this source was read")
        for key in ("controller", "contact", "dpia_reference", "privacy_notice_url"):
            assert f"[governance.{key}] is missing" in told
        for key in (
            "lawful_basis_article_6", "condition_article_9", "retention_days", "purpose", "purpose_decided_on",
            "purpose_decided_by",
        ):  # fmt: skip
            assert f"[sources.fft.governance.{key}] is missing" in told
        assert "wordround.toml" in told and "docs/privacy.md" in told
    assert not settings.landing.exists() and not settings.quarantine.exists()


def test_governance_is_asked_for_before_a_file_is_opened(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(GovernanceIncomplete):
        pipeline.ingest(changed(settings, purpose=None), "fft", TODAY, tmp_path / "there is no such file.csv")
    assert not (settings.home / "inbox").exists(), "not even the drop folder is made"


def test_a_trust_that_changes_only_its_name_and_code_is_stopped_and_told(
    settings_with: SettingsWith, tmp_path: Path
) -> None:
    settings = settings_with(*OURS[:2])
    with pytest.raises(GovernanceIncomplete) as caught:
        pipeline.ingest(settings, "fft", TODAY, write_csv(tmp_path / "f.csv", [row()]))
    named = re.findall(r"\[([\w.]+)\] is the fictional trust's", str(caught.value))
    assert named == [
        "governance.controller", "governance.contact", "governance.dpia_reference", "governance.privacy_notice_url",
        "sources.fft.governance.purpose_decided_by",
    ]  # fmt: skip


@pytest.mark.parametrize(("which", "key"), [(0, "trust.code"), (1, "trust.name")])
def test_neither_the_name_nor_the_code_of_the_fictional_trust_fits_another_one(
    settings_with: SettingsWith, which: int, key: str
) -> None:
    assert key in keys_of(settings_with(OURS[which]))


def test_a_trust_that_has_answered_everything_runs(settings_with: SettingsWith, tmp_path: Path) -> None:
    settings = settings_with(*OURS)
    assert permission.problems(settings, "fft") == []
    assert pipeline.ingest(settings, "fft", TODAY, write_csv(tmp_path / "f.csv", [row()]))["rows"]["loaded"] == 2


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"6(1)(e)"', '"6.1.e"', "lawful_basis_article_6"),
        ('"9(2)(h)"', '"9(2)(k)"', "condition_article_9"),
        ("retention_days = 2557", "retention_days = 0", "retention_days"),
        ("retention_days = 2557", "retention_days = 3654", "retention_days"),
        ("https://www.fernvale", "http://www.fernvale", "begins with https://"),
        ("https://www.fernvale.example/fictional-privacy-notice", "https://notice", "begins with https://"),
        ('"service_evaluation"', '"marketing"', "sources.fft.governance.purpose"),
        ("[governance]\n", '[governance]\ndpia_refrence = "x"\n', "there is no such setting"),
    ],
)
def test_a_value_that_cannot_be_is_an_error_of_the_settings(
    settings_with: SettingsWith, old: str, new: str, says: str
) -> None:
    with pytest.raises(SettingsInvalid, match=re.escape(says)):
        settings_with((old, new))


@pytest.mark.parametrize(
    ("answers", "key", "says"),
    [
        ({"lawful_basis_article_6": "6(1)(f)"}, "lawful_basis_article_6", "a public authority may not"),
        ({"lawful_basis_article_6": "6(1)(b)"}, "lawful_basis_article_6", "nobody has a contract"),
        ({"lawful_basis_article_6": "6(1)(d)"}, "lawful_basis_article_6", "no life depends"),
        ({"condition_article_9": "9(2)(c)"}, "condition_article_9", "no life depends"),
        ({"condition_article_9": "9(2)(d)"}, "condition_article_9", "trade-union"),
        ({"condition_article_9": "9(2)(e)"}, "condition_article_9", "given to the trust alone"),
        ({"condition_article_9": "9(2)(j)"}, "condition_article_9", "`purpose` says service_evaluation"),
        (
            {"purpose": "research", "research_approval_reference": "26/LO/0001"},
            "condition_article_9",
            "9(2)(h) (health or social care) does not cover research",
        ),
        (
            {"purpose": "research", "condition_article_9": "9(2)(j)"},
            "research_approval_reference",
            "ethics committee",
        ),
        ({"purpose_decided_by": "Dr A. Person"}, "purpose_decided_by", "names a person"),
        ({"purpose_decided_by": "a.person@trust.nhs.uk"}, "purpose_decided_by", "names a person"),
        ({"purpose_decided_by": "Avis Person"}, "purpose_decided_by", "names a person"),
        ({"purpose_decided_on": TODAY + timedelta(1)}, "purpose_decided_on", "lies in the future"),
        ({"dpia_reviewed_on": TODAY + timedelta(1)}, "dpia_reviewed_on", "lies in the future"),
    ],
)
def test_answers_that_make_no_sense_are_refused_with_what_to_do(
    settings: Settings, answers: dict[str, Any], key: str, says: str
) -> None:
    (problem,) = permission.problems(changed(settings, **answers), "fft", TODAY)
    assert problem.key == f"sources.fft.governance.{key}"
    assert says in problem.says


@given(
    st.sampled_from([None, *LAWFUL_BASES]), st.sampled_from([None, *CONDITIONS]),
    st.sampled_from([None, "research", "audit", "usual_practice", "service_evaluation"]), st.booleans(),
)  # fmt: skip
def test_what_may_run_is_always_whole_and_never_contradicts_itself(
    basis: str | None, condition: str | None, purpose: str | None, approved: bool
) -> None:
    settings = changed(
        load_settings(), lawful_basis_article_6=basis, condition_article_9=condition, purpose=purpose,
        research_approval_reference="26/LO/0001" if approved else None,
    )  # fmt: skip
    if permission.problems(settings, "fft", TODAY):
        return
    assert basis in {"6(1)(a)", "6(1)(c)", "6(1)(e)"}
    assert condition in (
        {"9(2)(a)", "9(2)(j)"} if purpose == "research" else {"9(2)(a)", "9(2)(g)", "9(2)(h)", "9(2)(i)"}
    )
    assert purpose and (approved or purpose != "research")


def test_research_with_its_approval_runs(settings: Settings) -> None:
    research = {"purpose": "research", "research_approval_reference": "26/LO/0001", "condition_article_9": "9(2)(j)"}
    assert permission.problems(changed(settings, **research), "fft", TODAY) == []


def test_a_source_may_have_an_assessment_and_a_notice_of_its_own(settings: Settings) -> None:
    own = changed(settings, dpia_reference="IG/DPIA/77", privacy_notice_url="https://www.harbour.nhs.uk/social")
    held = own.governance_of("fft")
    assert (held.dpia_reference, held.privacy_notice_url) == ("IG/DPIA/77", "https://www.harbour.nhs.uk/social")
    assert held.controller == settings.governance.controller


class Forum(Source):
    """A source that comes later: it has only what every source has, and people wrote for everybody to read."""

    is_public: ClassVar[bool] = True


class SourcesLater(Sources):
    forum: Forum = Forum()


def test_a_new_source_is_not_read_before_its_own_governance_is_complete(settings: Settings) -> None:
    later = settings.model_copy(update={"sources": SourcesLater(fft=settings.sources.fft)})
    assert later.sources.enabled() == ("fft", "forum")
    named = {problem.key for problem in permission.problems(later, "forum", TODAY)}
    assert "sources.forum.governance.retention_days" in named
    assert not any(key.startswith("governance.") for key in named), "what holds for the trust holds for it too"
    answers = settings.sources.fft.governance.model_dump() | {"condition_article_9": "9(2)(e)"}
    public = Forum(governance=SourceGovernance(**answers))
    later = settings.model_copy(update={"sources": SourcesLater(fft=settings.sources.fft, forum=public)})
    assert permission.problems(later, "forum", TODAY) == [], (
        "what was written for everybody may rest on Article 9(2)(e)"
    )


def test_a_source_that_may_not_be_read_does_not_stop_the_others(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = settings.model_copy(update={"sources": SourcesLater(fft=settings.sources.fft)})
    write_csv(settings.home / "inbox" / "fft" / "f.csv", [row()])
    monkeypatch.setattr(pipeline, "_build_and_publish", lambda *_: {})
    outcome = pipeline.run(later)
    assert outcome["fft"]["rows"]["loaded"] == 2
    (refusal,) = outcome["refused"]
    assert refusal.startswith("GovernanceIncomplete: forum: nothing of this source was read")
    assert "forum" not in outcome


def test_every_version_of_the_governance_is_kept_with_the_time_in_which_it_held(settings: Settings) -> None:
    pipeline.load(settings)
    pipeline.load(settings)
    assert versions(settings, "source, retention_days, valid_until") == [("fft", 2557, None)]
    shorter = changed(settings, retention_days=365)
    pipeline.load(shorter)
    before, now = versions(settings, "retention_days, valid_from, valid_until")
    assert (before[0], now[0]) == (2557, 365)
    assert before[1] < before[2] == now[1] and now[2] is None
    pipeline.load(settings)
    assert [days for (days,) in versions(settings, "retention_days")] == [2557, 365, 2557]


def test_a_warehouse_that_is_made_again_knows_from_when_on_each_version_held(settings: Settings) -> None:
    pipeline.load(settings)
    pipeline.load(changed(settings, retention_days=365))
    columns = ", ".join((*Governance.__dataclass_fields__, "valid_from", "valid_until"))
    before = versions(settings, columns)
    settings.warehouse_file.unlink()
    pipeline.load(changed(settings, retention_days=365))
    assert versions(settings, columns) == before
    pipeline.load(settings)
    assert len(versions(settings, "source")) == 3


def test_versions_of_before_there_was_a_record_of_them_are_taken_into_it(settings: Settings) -> None:
    pipeline.load(settings)
    held = versions(settings, "valid_from")
    (settings.records / "records.sqlite").unlink()
    pipeline.load(settings)
    settings.warehouse_file.unlink()
    pipeline.load(settings)
    assert versions(settings, "valid_from") == held


def test_records_that_cannot_be_read_keep_no_load_waiting(settings: Settings) -> None:
    settings.records.mkdir(parents=True)
    (settings.records / "records.sqlite").write_bytes(b"")
    pipeline.load(settings)
    assert len(versions(settings, "source")) == 1


def test_every_field_of_the_governance_is_recorded_under_its_own_name(settings: Settings) -> None:
    pipeline.load(settings)
    fields = tuple(Governance.__dataclass_fields__)
    assert versions(settings, ", ".join(fields)) == [tuple(settings.governance_of("fft").values().values())]


def test_what_is_not_complete_is_not_recorded_and_the_last_version_stands(settings: Settings) -> None:
    pipeline.load(settings)
    pipeline.load(changed(settings, purpose=None))
    assert versions(settings, "purpose, valid_until") == [("service_evaluation", None)]


def test_a_change_of_the_governance_does_not_read_known_files_again(settings: Settings) -> None:
    write_csv(settings.home / "inbox" / "fft" / "f.csv", [row()])
    pipeline.collect(settings, "fft", TODAY)
    outcome = pipeline.collect(changed(settings, retention_days=365), "fft", TODAY)
    assert (outcome["batches"], outcome["files_already_landed"]) == ([], 1)


def test_governance_is_frozen() -> None:
    assert issubclass(fft.Block, Source)
    with pytest.raises(ValidationError):
        SourceGovernance().purpose = "audit"  # type: ignore[misc]
