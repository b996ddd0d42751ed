"""The demo's social sources: stand-ins on loopback that answer with synthetic posts of `sample_data/synthetic_social`.

While a block lasts, the stand-ins serve; the demo's settings (`wordround.toml` in its home) ask them and nobody else,
and the environment holds the secrets that they want. A demo asks no real source, and none at all for another trust than
the fictional one.
"""

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from wordround import credentials
from wordround.connectors import registry
from wordround.errors import AirflowFailed
from wordround.folders import SAMPLE_DATA
from wordround.governance import FICTIONAL_TRUST
from wordround.local_airflow.environment import write_private
from wordround.published.database import published_warehouse
from wordround.settings import Settings

POSTS = SAMPLE_DATA / "synthetic_social"

Standins = Mapping[str, Mapping[str, Any]]  # {source: {address, secrets}}

_STOP_WITHIN = 5.0  # seconds
_FIRST_DAY = date(2025, 9, 22)
_HASHTAGS = [
    "FernvaleNHS", "KestrelWard", "HeronWard", "FernvaleCrisis", "FernvalePerinatal", "FernvaleCMHT", "FernvaleTalking",
    "FernvaleCAMHS", "FernvaleMemory",
]  # fmt: skip
_GOVERNANCE = {
    "lawful_basis_article_6": "6(1)(e)",
    "condition_article_9": "9(2)(e)",
    "retention_days": 1826,
    "purpose": "service_evaluation",
    "purpose_decided_on": date(2026, 9, 14),
    "purpose_decided_by": "fictional: research and development office",
}

# What is published of each source's posts. A repost has no words and is counted at what it reposts.
_ACCOUNT = """
select
    source_code as source, count(*)::int as posts, count_if(is_about_care)::int as about_care,
    count_if(is_copy)::int as copies, coalesce(sum(reshare_count), 0)::int as reposts
from marts.fct_comments
where list_contains($sources, source_code)
group by source_code order by posts desc
"""


def _reason_against(settings: Settings) -> str | None:
    if settings.trust.code != FICTIONAL_TRUST:
        return (
            "The settings are another trust's than the fictional one, so the demo has files alone and no social posts."
        )
    if not POSTS.is_dir():
        return "Without sample_data/ there are no posts, so the demo has files alone and no social posts."
    return None


@contextmanager
def standins(settings: Settings, say: Callable[[str], object]) -> Iterator[Standins]:
    """Yield what answers where, for as long as the block lasts; nothing where there are none, which is said.

    They end when this process does, however it ends, because their standard input does. Raises AirflowFailed.
    """
    if reason := _reason_against(settings):
        say(reason)
        yield {}
        return
    process = subprocess.Popen(
        [sys.executable, "-m", "wordround.demo.standins", "--posts", str(POSTS)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl-C is for the demo, which still wants their answers while it stops
    )
    try:
        line = process.stdout.readline() if process.stdout else ""
        if not line:
            raise AirflowFailed("The stand-ins for social sources did not start: what they say stands above.")
        found: Standins = json.loads(line)
        yield {source: standin for source, standin in found.items() if registry.is_asked(source)}
    finally:
        _end(process)


def _end(process: "subprocess.Popen[str]") -> None:
    for stream in (process.stdin, process.stdout):
        if stream:
            stream.close()
    try:
        process.wait(_STOP_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def asking(settings: Settings, started: Standins) -> Settings:
    """Return settings that ask these stand-ins and no other source, as they are written into the demo's home."""
    written = tomllib.loads(settings.environment.config.read_text(encoding="utf-8-sig"))
    usable = dict(settings.sources)
    of_files = {
        name: block for name, block in written["sources"].items() if name in usable and not registry.is_asked(name)
    }
    asked = {source: _block(source, standin["address"]) for source, standin in started.items()}
    written["sources"] = of_files | asked
    path = settings.home / "wordround.toml"
    heading = "# The settings of the demo, written by it: synthetic files, and stand-ins for social sources.\n"
    write_private(path, heading + "\n".join(_toml(written)) + "\n")
    return Settings(**written, environment=settings.environment.model_copy(update={"config": path}))


def variables(started: Standins) -> dict[str, str]:
    """Return what the stand-ins want of who asks, as environment variables. They are no secrets: nobody else asks."""
    return {
        credentials.variable(source, name): secret
        for source, standin in started.items()
        for name, secret in standin["secrets"].items()
    }


def account(settings: Settings, started: Standins) -> list[dict[str, Any]]:
    """Return a row a source, of what is published: {source, address, posts, about_care, copies, reposts}."""
    if not started:
        return []
    with published_warehouse(settings) as connection:
        found = connection.execute(_ACCOUNT, {"sources": list(started)})
        names = [column[0] for column in found.description]
        rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    return [{**row, "address": started[row["source"]]["address"]} for row in rows]


def tell(rows: list[dict[str, Any]]) -> list[str]:
    """Return the account in words, a line each."""
    if not rows:
        return []
    return [
        "\nSocial posts (synthetic, from stand-ins on this machine; no real source was asked):",
        *(
            f"- {row['source']:<12} {row['posts']:>4} posts, {row['about_care']:>3} of them about care and "
            f"{row['copies']:>3} copies of another; {row['reposts']:>3} reposts; from {row['address']}"
            for row in rows
        ),
    ]


def _block(source: str, address: str) -> dict[str, Any]:
    """Return `[sources.<source>]` for a stand-in."""
    asks: dict[str, Any] = {"hashtags": _HASHTAGS, "phrases": ["Fernvale"]}
    own: dict[str, Any] = {"address": address}
    match source:
        case "bluesky":
            asks["accounts"] = ["crisis.fernvale.example", "talking.fernvale.example", "camhs.fernvale.example"]
        case "mastodon":
            own = {"instances": [address], "searches_at": address}
            asks["accounts"] = ["community@social.fernvale.example", "talking@social.fernvale.example"]
        case "x":
            # The sample's days are fixed, so they are soon further back than a week. The dollars are as fictional.
            own |= {"archive": True, "budget": 100.0}
            asks["accounts"] = ["FernvaleNHS"]
        case "care_opinion":
            asks = {"places": [FICTIONAL_TRUST]}
        case "feeds":
            asks = {"places": [f"{address}/comments/feed/"]}
    queries = [{"id": "fernvale", **asks}]
    return {"enabled": True, "since": _FIRST_DAY, **own, "queries": queries, "governance": _GOVERNANCE}


def _toml(table: Mapping[str, Any], name: str = "") -> Iterator[str]:
    """Yield the lines of a table and of the tables in it."""
    if name:
        yield f"\n[{name}]"
    inner = {key: value for key, value in table.items() if isinstance(value, dict)}
    yield from (f"{_key(key)} = {_value(value)}" for key, value in table.items() if key not in inner)
    for key, value in inner.items():
        yield from _toml(value, f"{name}.{_key(key)}" if name else _key(key))


def _key(key: str) -> str:
    return key if re.fullmatch(r"[\w-]+", key, re.ASCII) else json.dumps(key, ensure_ascii=False)


def _value(value: Any) -> str:
    match value:
        case date():
            return value.isoformat()
        case list():
            return f"[{', '.join(map(_value, value))}]"
        case dict():
            return "{" + ", ".join(f"{_key(key)} = {_value(one)}" for key, one in value.items()) + "}"
        case _:
            # A string, a number or a truth value is written as in JSON.
            return json.dumps(value, ensure_ascii=False)
