"""The synthetic files: made by their script, dirty as announced, safe to show, with two stories and no third."""

import csv
import importlib.util
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random
from types import ModuleType

import pytest

from wordround.registers.frames import frames
from wordround.settings import PROJECT
from wordround.understand.annotating import Annotating
from wordround.understand.sentiment import Vader

SAMPLE = PROJECT / "sample_data"
FOLDER = SAMPLE / "synthetic_fft"
SCRIPT = SAMPLE / "make_sample_data.py"
REFERENCE = PROJECT / "dbt" / "seeds" / "reference"
GOOD, IMPROVE = "What was good about your visit?", "What could we do better?"


@pytest.fixture(scope="module")
def maker() -> Iterator[ModuleType]:
    """The script as a module; its neighbours are importable only while these tests run."""
    sys.path.insert(0, str(SAMPLE))
    spec = importlib.util.spec_from_file_location("make_sample_data", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["make_sample_data"] = module
    spec.loader.exec_module(module)
    yield module
    sys.path.remove(str(SAMPLE))
    for name in ("make_sample_data", "trust_files", "phrases", "voices"):
        sys.modules.pop(name, None)


@pytest.fixture(scope="module")
def forms(maker: ModuleType) -> list:
    return list(maker.demo_forms(Random(maker.SEED)))


def answers(forms: list, no_answers: list[str]) -> list[str]:
    return [text for one in forms for text in (one.good, one.improve) if text not in no_answers]


def header(file: Path, encoding: str) -> list[str]:
    with file.open(encoding=encoding, newline="") as stream:
        return next(csv.reader(stream))


def test_the_committed_files_are_what_the_script_writes() -> None:
    done = subprocess.run([sys.executable, SCRIPT, "--check"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_changed_file_is_noticed(maker: ModuleType, tmp_path: Path) -> None:
    for name in ("fernvale_synthetic_5_latest.csv", "fernvale_synthetic_3_to_august_2026.xlsx"):
        changed = tmp_path / name
        changed.write_bytes((FOLDER / name).read_bytes())
        assert maker.trust_files.same_content(FOLDER / name, changed)
    latest = tmp_path / "fernvale_synthetic_5_latest.csv"
    latest.write_bytes(latest.read_bytes().replace(b"FV-9", b"FV-8", 1))
    assert not maker.trust_files.same_content(FOLDER / latest.name, latest)
    assert not maker.trust_files.same_content(FOLDER / latest.name, tmp_path / "nowhere.csv")


def test_every_file_says_that_it_is_synthetic_and_all_of_them_are_small() -> None:
    files = list(FOLDER.iterdir())
    assert {file.suffix for file in files} == {".csv", ".xlsx", ".parquet"}
    assert all("synthetic" in file.name for file in files)
    assert sum(file.stat().st_size for file in files) < 4_000_000


def test_the_files_follow_the_layout_of_the_settings_and_bring_columns_that_it_does_not_map() -> None:
    import tomllib

    settings = tomllib.loads((PROJECT / "wordround.toml").read_text(encoding="utf-8"))
    layout = settings["sources"]["fft"]["layouts"]["fernvale"]
    mapped = {layout["id"], layout["date"], layout["score"], *layout["locations"]}
    mapped |= {answer["column"] for answer in layout["answers"]}
    found = set(header(FOLDER / "fernvale_synthetic_5_latest.csv", "utf-8"))
    assert found - mapped == {"Age group", "Completed by"}
    assert mapped <= found


def test_each_file_has_the_dirt_that_the_readme_announces() -> None:
    first = (FOLDER / "fernvale_synthetic_1_to_february_2026.csv").read_bytes()
    assert first.startswith(b"\xef\xbb\xbf")
    for announced in (b"31/02/2026", b"03/07/1970", b"Extremely likely", "Kestrel\u00a0Ward".encode(), b"=HYPERLINK("):
        assert announced in first
    second = (FOLDER / "fernvale_synthetic_2_to_may_2026.csv").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        second.decode("utf-8")
    for announced in ("\u00a3", "\u2019", "03/17/2026,Lantern House,Crisis Team,7,", ",a field too many,and another"):
        assert announced in second.decode("cp1252")
    latest = (FOLDER / "fernvale_synthetic_5_latest.csv").read_text(encoding="utf-8")
    for announced in ("2090-01-05", ",banana,", ",a field too many"):
        assert announced in latest


@pytest.mark.parametrize(
    ("name", "encoding", "day_place"),
    [
        ("fernvale_synthetic_1_to_february_2026.csv", "utf-8-sig", 0),
        ("fernvale_synthetic_2_to_may_2026.csv", "cp1252", 1),
    ],
)
def test_the_order_of_dates_follows_from_each_file_alone(name: str, encoding: str, day_place: int) -> None:
    with (FOLDER / name).open(encoding=encoding, newline="") as stream:
        dates = [row["Date received"] for row in csv.DictReader(stream)]
    parts = [tuple(map(int, written.split("/"))) for written in dates if re.fullmatch(r"\d\d/\d\d/\d{4}", written)]
    assert any(one[day_place] > 12 for one in parts)
    assert all(one[1 - day_place] <= 12 for one in parts)


def test_the_weeks_are_sixty_whole_iso_weeks_to_15_november_2026(forms: list) -> None:
    weeks = {one.received.isocalendar()[:2] for one in forms}
    assert len(weeks) == 60
    assert min(one.received for one in forms) >= date(2025, 9, 22)
    assert max(one.received for one in forms) == date(2026, 11, 15)
    assert len({one.response_id for one in forms}) == len(forms)


def test_the_comments_are_as_short_as_repetitive_and_as_absent_as_real_ones(maker: ModuleType, forms: list) -> None:
    said = answers(forms, maker.phrases.NO_ANSWERS)
    lengths = sorted(len(text.split()) for text in said)
    assert 12_000 <= len(forms) <= 18_000
    assert 0.15 < 1 - len(said) / (2 * len(forms)) < 0.20
    assert 0.11 < 1 - len(set(said)) / len(said) < 0.15
    assert 6 <= lengths[len(lengths) // 2] <= 8
    assert lengths[-len(lengths) // 100] >= 80


def test_every_spelling_of_a_service_is_in_the_registry(forms: list) -> None:
    with (REFERENCE / "services.csv").open(encoding="utf-8", newline="") as stream:
        registry = list(csv.DictReader(stream))
    aliases = {alias for row in registry for alias in row["aliases"].split("|")}
    assert {" ".join(one.service.split()).lower() for one in forms} <= aliases
    assert len({row["service_id"] for row in registry}) == len(registry) == 8
    sites = {row["site_label"] for row in registry}
    assert {one.site for one in forms} == sites


def test_identifiers_belong_to_nobody(maker: ModuleType, forms: list) -> None:
    text = "\n".join(answers(forms, maker.phrases.NO_ANSWERS))
    addresses = re.findall(r"[\w.]+@[\w.]*\w", text)
    assert addresses
    assert all(re.search(r"@(example\.(org|com)|mail\.example)$", address, re.IGNORECASE) for address in addresses)
    assert all(re.match(r"https?://(www\.)?example\.", link) for link in re.findall(r"https?://\S+", text.lower()))
    numbers = [re.sub(r"\D", "", found) for found in re.findall(r"\+?\d[\d ]{8,}\d", text)]
    assert len(numbers) > 50
    for number in numbers:
        assert re.match(r"(07700900|447700900|02079460|999)", number), "a number outside the fictional ranges"
    nhs_numbers = {number for number in numbers if number.startswith("999")}
    assert nhs_numbers
    for number in nhs_numbers:
        weighted = sum(int(digit) * weight for digit, weight in zip(number, range(10, 1, -1), strict=False))
        assert (11 - weighted % 11) % 11 == int(number[9])


def negative_shares(maker: ModuleType, forms: list, service: object, start: int, end: int) -> tuple[float, float]:
    """Share of negative comments (VADER) of a service in weeks start to end, and how many a week."""
    vader = Vader()
    texts = [
        text
        for one in forms
        if one.service in service.spellings and start <= (one.received - maker.FIRST_MONDAY).days // 7 < end
        for text in (one.good, one.improve)
        if text not in maker.phrases.NO_ANSWERS and text not in maker.phrases.STOCK_NOTHING
    ]
    return sum(vader.score(text).compound <= -0.05 for text in texts) / len(texts), len(texts) / (end - start)


def test_one_service_gets_worse_and_one_gets_better_and_the_others_stay(maker: ModuleType, forms: list) -> None:
    for service in maker.SERVICES:
        turn = maker.IMPROVES_FROM if service is maker.KESTREL else maker.WORSENS_FROM
        before, weekly = negative_shares(maker, forms, service, 0, turn)
        after, _ = negative_shares(maker, forms, service, turn, 60)
        if service is maker.CRISIS:
            assert before < 0.30 < 0.42 < after
        elif service is maker.KESTREL:
            assert after < 0.24 < 0.36 < before
        elif weekly > 15:
            assert abs(after - before) < 0.05


def test_the_model_hears_what_the_stories_are_about(maker: ModuleType, forms: list) -> None:
    answers = [(one, *answer) for one in forms for answer in ((one.good, "what_good"), (one.improve, "could_improve"))]
    _, texts, questions = zip(*answers, strict=True)
    readings = Annotating(frames()).read(texts, questions)

    def share(service: object, themes: set[str], start: int, end: int) -> float:
        criticised = [
            any(theme.code in themes and theme.polarity == "negative" for theme in reading.themes)
            for (one, *_), reading in zip(answers, readings, strict=True)
            if one.service in service.spellings and start <= (one.received - maker.FIRST_MONDAY).days // 7 < end
        ]
        return sum(criticised) / len(criticised)

    access = {"timeliness", "contacting_services", "appointment_arrangements", "appointment_method"}
    # A clear step, whichever model is in force: how large it is, depends on what else the model calls access.
    assert share(maker.CRISIS, access, 41, 60) > 1.5 * share(maker.CRISIS, access, 0, 41)
    # Food and surroundings, of which most of what gets better is heard as praise.
    hotel = {"food_and_drink", "environment_and_equipment", "cleanliness", "sensory_experience"}
    assert share(maker.KESTREL, hotel, 38, 60) < 0.95 * share(maker.KESTREL, hotel, 0, 38)


def test_half_of_the_negative_comments_stand_under_the_best_two_scores(maker: ModuleType, forms: list) -> None:
    vader = Vader()
    scores = Counter(
        one.score <= 2
        for one in forms[:4_000]
        if one.score
        for text in (one.good, one.improve)
        if vader.score(text).compound <= -0.05
    )
    assert 0.45 < scores[True] / scores.total() < 0.60


@pytest.mark.parametrize("count", [1, 2, 5_000, 5_001])
def test_a_large_file_has_exactly_the_answers_asked_for(maker: ModuleType, tmp_path: Path, count: int) -> None:
    out = tmp_path / "large.csv"
    assert maker.main(["--rows", str(count), "--out", str(out)]) == 0
    with out.open(encoding="utf-8", newline="") as stream:
        texts = [text for row in csv.DictReader(stream) for text in (row[GOOD], row[IMPROVE]) if text]
    assert len(texts) == count
    if count >= 5_000:
        assert 0.10 < 1 - len(set(texts)) / len(texts) < 0.16


def test_a_template_without_words_for_its_slot_is_refused(maker: ModuleType) -> None:
    for said in (maker.phrases.POSITIVE, maker.phrases.NEGATIVE, maker.phrases.SUGGESTION):
        assert set(said) == set(maker.phrases.THEMES)
        slots = set(re.findall(r"\{(\w+)\}", " ".join(template for group in said.values() for template in group)))
        assert slots <= set(maker.phrases.SLOTS)
