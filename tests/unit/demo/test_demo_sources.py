"""The demo's stand-ins: started as a process of their own, asked under settings of their own, gone with the demo."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import psutil
import pytest

from wordround.demo import sources
from wordround.errors import AirflowFailed
from wordround.settings import Settings, load_settings

STARTED = {
    source: {"address": f"http://127.0.0.1:{port}", "secrets": {}}
    for port, source in enumerate(("bluesky", "mastodon", "x", "care_opinion", "feeds"), 4001)
}


@pytest.fixture(autouse=True)
def made(home: Path) -> None:
    """The data home, as the demo has it before it asks for stand-ins."""
    home.mkdir()


def processes_with(mark: str) -> list[int]:
    found = []
    for process in psutil.process_iter():
        try:
            if "wordround.demo.standins" in process.cmdline() and process.environ().get("WORDROUND_HOME") == mark:
                found.append(process.pid)
        except (psutil.AccessDenied, psutil.NoSuchProcess, psutil.ZombieProcess):
            continue
    return found


def test_stand_ins_answer_on_this_machine_alone_for_as_long_as_the_block_lasts(settings: Settings) -> None:
    said: list[str] = []
    with sources.standins(settings, said.append) as started:
        assert "bluesky" in started
        for standin in started.values():
            assert standin["address"].startswith("http://127.0.0.1:")
            assert httpx.get(f"{standin['address']}/nothing-here", trust_env=False).status_code >= 300
    assert said == []
    with pytest.raises(httpx.TransportError):
        httpx.get(started["bluesky"]["address"], trust_env=False)


def test_stand_ins_end_with_a_demo_that_is_interrupted(settings: Settings) -> None:
    with pytest.raises(KeyboardInterrupt), sources.standins(settings, print):
        assert processes_with(str(settings.home))
        raise KeyboardInterrupt
    assert processes_with(str(settings.home)) == []


def test_stand_ins_end_with_a_demo_that_is_killed(settings: Settings) -> None:
    code = """
from wordround.demo import sources
from wordround.settings import load_settings
with sources.standins(load_settings(), print) as started:
    print("ready", flush=True)
    import time; time.sleep(60)
"""
    demo = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=os.environ.copy())
    assert demo.stdout
    assert demo.stdout.readline() == "ready\n"
    assert processes_with(str(settings.home))
    demo.send_signal(signal.SIGKILL)
    demo.wait()
    deadline = time.monotonic() + 10
    while processes_with(str(settings.home)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert processes_with(str(settings.home)) == []


def test_stand_ins_that_do_not_start_are_an_error_that_says_so(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "bluesky.jsonl").write_text('{"text": "no id and no date"}\n', encoding="utf-8")
    monkeypatch.setattr(sources, "POSTS", tmp_path)
    with pytest.raises(AirflowFailed, match="did not start"), sources.standins(settings, print):
        pass


def test_without_the_stand_ins_beside_it_the_demo_says_so_and_goes_on(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    said: list[str] = []
    monkeypatch.setattr(sources, "POSTS", tmp_path / "nowhere")
    with sources.standins(settings, said.append) as started:
        assert started == {}
        asking = sources.asking(settings, started)
    assert [name for name, _ in asking.sources] == ["fft"]
    assert "files alone" in said[0]


def test_the_posts_are_no_other_trusts(settings_with: Callable[..., Settings]) -> None:
    said: list[str] = []
    theirs = settings_with(('code = "XFV"', 'code = "RZZ"'))
    with sources.standins(theirs, said.append) as started:
        assert started == {}
    assert "another trust's" in said[0]


def test_a_demo_asks_the_stand_ins_and_no_source_that_the_settings_name(
    settings_with: Callable[..., Settings],
) -> None:
    asks = "[[sources.{0}.queries]]\nid = 'real'\n{1} = ['Ridgeway']\n"
    real = "[sources.bluesky]\nenabled = true\n" + asks.format("bluesky", "phrases")
    real += "[sources.reddit]\nenabled = true\napproval_reference = 'A1'\naccount = 'trust'\n"
    real += asks.format("reddit", "places")
    theirs = settings_with(added=real)
    asking = sources.asking(theirs, STARTED)
    assert set(asking.sources.known()) == {"fft", *STARTED}
    assert asking.sources.named("bluesky").address == STARTED["bluesky"]["address"]
    written = asking.environment.config.read_text(encoding="utf-8")
    assert "Ridgeway" not in written
    assert "https://bsky" not in written


def test_the_settings_that_are_written_are_the_settings_that_tasks_read(
    settings_with: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    name = 'name = "Fernvale Mental Health NHS Trust (fictional)"'
    odd = r'name = "Fernvale \"the\" \\ fictional \u00e9 \U0001f33f\n trust"'
    theirs = settings_with((name, odd))
    asking = sources.asking(theirs, STARTED)
    monkeypatch.setenv("WORDROUND_CONFIG", str(asking.environment.config))
    assert load_settings() == asking
    assert load_settings().model_dump(exclude={"sources", "environment"}) == theirs.model_dump(
        exclude={"sources", "environment"}
    )
    assert load_settings().sources.fft == theirs.sources.fft


def test_what_the_stand_ins_want_goes_into_the_environment_and_into_no_file(settings: Settings) -> None:
    started = {
        "bluesky": {"address": "http://127.0.0.1:4001", "secrets": {"login": "a.test", "password": "word-of-pass"}}
    }
    asking = sources.asking(settings, started)
    assert sources.variables(started) == {
        "WORDROUND_BLUESKY_LOGIN": "a.test",
        "WORDROUND_BLUESKY_PASSWORD": "word-of-pass",
    }
    assert "word-of-pass" not in asking.environment.config.read_text(encoding="utf-8")
