"""How long a large conversation takes from loaded posts to its summary, and how much memory.

`python bench/conversing.py [posts]`, from the root of the clone. The posts lie over two days, as a hashtag that
spreads, and are of the shape of such: two in five are reshares, one in four answers an earlier one, one text in ten
says what another said. They are put into the warehouse as they lie there after loading; each step runs as
`wordround run` runs it.
"""

import os
import random
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from unittest import mock

import corpus
import duckdb
import pyarrow as pa
import results
from measuring import PROJECT, child, out
from rich.table import Table

RESHARED, REPLYING, ORGANISED = 0.4, 0.25, 0.01
BEGINS = datetime(2026, 5, 12, 8, tzinfo=UTC)
SETTINGS = """
[[conversations]]
name = "spread"
label = "A hashtag that spread"
tags = ["FernvaleVoices"]
hosts = ["Fernvale Mental Health NHS Trust (fictional)"]
begins = 2026-05-12T08:00:00Z
ends = 2026-05-14T08:00:00Z
sources = ["bluesky", "mastodon"]
"""

STEPS = """
import json, time
from wordround import pipeline, reports
from wordround.reports import conversation
from wordround.settings import load_settings
settings, steps = load_settings(), {{}}
def timed(name, work):
    begin = time.perf_counter()
    work()
    steps[name] = time.perf_counter() - begin
{steps}
print(json.dumps({{"steps": steps, "seconds": sum(steps.values()), "processor": time.process_time()}}))
"""
UNDERSTOOD = 'timed("understand", lambda: pipeline.understand(settings))'
SUMMARISED = """
timed("gate loaded", lambda: pipeline.gate(settings, "loaded"))
timed("build", lambda: pipeline.build(settings))
timed("gate publishable", lambda: pipeline.gate(settings, "publishable"))
timed("publish", lambda: pipeline.publish(settings))
timed("summary", lambda: conversation.write(settings, "spread"))
"""

# Of each post: which one it answers or repeats (an earlier one), and the text of one that is no reshare.
POSTS = """
insert into raw.comments by name
select
    md5('post ' || number) as comment_id,
    case when not is_reshare then md5(text) end as text_id,
    if(number % 3 = 0, 'mastodon', 'bluesky') as source,
    case when is_reply then 'reply' else 'post' end as kind,
    $begins + to_milliseconds(floor(172800000.0 * number / $posts)::bigint) as posted_at,
    (posted_at at time zone 'Europe/London')::date as posted_date,
    $begins + interval 3 day as collected_at,
    case when not is_reshare then text end as text,
    case when not is_reshare then 'en' end as language,
    case when not is_reshare then 'en' end as detected_language,
    'XFV' as trust_code,
    case when not is_reply or number % 4 = 0 then ['FernvaleVoices'] else []::varchar[] end as hashtags,
    case when number % 20 = 0 then ['site' || number % 5000 || '.example'] else []::varchar[] end as link_domains,
    case when is_reply then md5('post ' || target) end as in_reply_to,
    case when is_reshare then md5('post ' || target) end as reshare_of,
    (number % 7)::integer as likes,
    (number % 3)::integer as shares,
    (number % 2)::integer as replies,
    md5('author ' || (number * 7919 % ($posts // 3 + 1))) as author_key,
    case when organised then 'organisation' end as author_role,
    case when organised then 'Fernvale Mental Health NHS Trust (fictional)' end as author_organisation,
    'conversation-spread' as query_id,
    0 as identifiers_removed,
    false as is_withheld,
    source as batch_id,
    $begins::date + 3 as logical_date,
    md5('content ' || number) as content_hash,
    collected_at as loaded_at,
    collected_at as updated_at
from posts
"""
BATCHES = """
insert into ops.batches by name
select
    source as batch_id, source, logical_date, source as input_sha256, count(*) as rows_in, count(*) as rows_loaded,
    0 as rows_updated, 0 as rows_unchanged, 0 as rows_no_answer, 0 as rows_quarantined,
    min(posted_date) as first_posted_date, max(posted_date) as last_posted_date,
    max(loaded_at) as landed_at, max(loaded_at) as loaded_at
from raw.comments group by source, logical_date
"""


def lay_out(home: Path, posts: int) -> None:
    """Make a home whose warehouse holds so many posts, loaded and not yet understood."""
    home.mkdir(parents=True)
    from wordround.settings import load_settings
    from wordround.warehouse.engine import connect

    draw = random.Random(1)
    words = corpus.answers(posts, identified=0)
    columns: dict[str, list] = {
        name: [] for name in ("number", "text", "is_reshare", "is_reply", "target", "organised")
    }
    for number in range(posts):
        kind = draw.random() if number else 1
        columns["number"].append(number)
        columns["text"].append(next(words))
        columns["is_reshare"].append(kind < RESHARED)
        columns["is_reply"].append(RESHARED <= kind < RESHARED + REPLYING)
        # Few are answered and repeated by many.
        columns["target"].append(int(number * draw.random() ** 3))
        columns["organised"].append(draw.random() < ORGANISED)
    with connect(load_settings()) as connection:
        connection.register("posts", pa.table(columns))
        connection.execute(POSTS, {"begins": BEGINS, "posts": posts})
        connection.unregister("posts")
        connection.execute(BATCHES)


def main(posts: int) -> results.Figures:
    """Lay the posts out, take each step, print what it took and return what is to be compared."""
    with tempfile.TemporaryDirectory() as folder, mock.patch.dict(os.environ):
        home, own = Path(folder) / "home", Path(folder) / "wordround.toml"
        own.write_text((PROJECT / own.name).read_text(encoding="utf-8") + SETTINGS, encoding="utf-8")
        os.environ |= {"WORDROUND_HOME": str(home), "WORDROUND_CONFIG": str(own)}
        lay_out(home, posts)
        understood = child(STEPS.format(steps=UNDERSTOOD), home=home)
        summarised = child(STEPS.format(steps=SUMMARISED), home=home)
        table = Table(title=f"A conversation of {posts:,} posts", title_justify="left")
        for heading in ("step", "seconds"):
            table.add_column(heading, justify="left" if heading == "step" else "right")
        for name, seconds in (understood["steps"] | summarised["steps"]).items():
            table.add_row(name, f"{seconds:.1f}")
        out.print(table)
        with duckdb.connect(str(home / "published" / "wordround.duckdb"), read_only=True) as published:
            found = published.execute(
                "select post_count, contribution_count, reshare_count, copy_count from marts.fct_conversations"
                " where conversation_id = 'spread'"
            ).fetchone()
        out.print(
            f"from understood posts to the summary: {summarised['seconds']:.1f} s "
            f"({summarised['processor']:.1f} s of processor), "
            f"{summarised['peak_mb']:,.0f} MB at most; "
            "posts, contributions, reshares, copies: " + ", ".join(f"{count:,}" for count in found or ()),
            highlight=False,
        )
        return {
            f"conversation of {posts:,} posts: summarised, s": summarised["seconds"],
            f"conversation of {posts:,} posts: summarised, MB": summarised["peak_mb"],
        }


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
