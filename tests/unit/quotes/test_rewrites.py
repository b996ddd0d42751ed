"""Social media posts: the report shows a rewrite that a second person approved, or a number, and never the post."""

import html
import json
import logging
import re
import unicodedata
from collections.abc import Callable
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from tests.fixtures.published import publish
from tests.fixtures.published_comments import comment_id, posts
from wordround import reports
from wordround.cli import app
from wordround.errors import RewriteTooClose, RewriteUnusable
from wordround.quotes import rewriting as rewrites
from wordround.records.rewrites import forget, history, standing
from wordround.settings import Settings

pytestmark = pytest.mark.usefixtures("undrawn")

POSTS = [
    "Three hours on hold to the young people's service today, then the quincunxial line went dead #FernvaleFail",
    "Why does nobody at that clinic ever tell parents what is going on with their own children",
    "The waiting room is freezing again and they have taken all of the chairs away",
    "Cannot believe they cancelled our appointment for the second time with no reason given",
    "Another letter sent to our old address, how hard can it be to update a record",
    "Nobody from the team has phoned us back since we left hospital",
]
ID = comment_id("camhs", "chirp", 0)
GOOD = "A parent waited very long for an answer by telephone and was cut off."
OTHERS = "delete from marts.dim_services where service_id <> 'camhs';"

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def wordround(settings: Settings) -> Call:
    publish(settings.home, OTHERS + posts("camhs", POSTS))

    def call(*arguments: str, typed: str | None = None) -> tuple[int, str, str]:
        result = CliRunner().invoke(app, ["quotes", *arguments], input=typed)
        return result.exit_code, result.stdout, result.stderr

    return call


def shown(settings: Settings) -> dict[str, Any]:
    folder = reports.render(settings).folder
    written = [path for path in folder.iterdir() if path.suffix != ".pdf"]  # that of the page
    files = {path.suffix: path.read_text(encoding="utf-8") for path in written}
    assert not any(post in html.unescape(content) for post in POSTS for content in files.values())
    quotes = [html.unescape(text) for text in re.findall(r"<blockquote>(.*?)</blockquote>", files[".html"])]
    return {"quotes": quotes, "html": html.unescape(files[".html"]), "json": json.loads(files[".json"])} | {
        "text": " ".join(files[".txt"].split())
    }


def in_records(settings: Settings, text: str) -> bool:
    """Whether any byte that the store leaves on the disk, deleted or not, is of a text."""
    return any(text.encode() in path.read_bytes() for path in settings.records.iterdir())


def written_and_approved(wordround: Call) -> None:
    assert wordround("rewrite", ID, "--by", "AB", typed=GOOD)[0] == 0
    assert wordround("approve", ID, "--by", "quality lead")[0] == 0


def test_the_report_shows_an_approved_rewrite_and_never_the_post(wordround: Call, settings: Settings) -> None:
    written_and_approved(wordround)
    found = shown(settings)
    assert GOOD in found["quotes"] and GOOD in found["text"]
    assert "Social media post, in other words" in found["html"]
    assert ID in found["json"]["quoted_comment_ids"]
    assert "one person has put it into other words and a second one has approved that" in found["text"]


def test_without_a_rewrite_the_report_shows_how_many_posts_there_are_and_says_why(
    wordround: Call, settings: Settings
) -> None:
    found = shown(settings)
    assert "6 of this week's comments are posts, reviews, stories or complaints, not survey answers." in found["html"]
    assert "never quoted word for word" in found["text"] and "put into other words and approved" in found["text"]
    assert ID not in found["json"]["quoted_comment_ids"]


def test_few_posts_are_not_counted_out(settings: Settings) -> None:
    publish(settings.home, OTHERS + posts("camhs", POSTS[:3]))
    found = shown(settings)
    assert "how many is hidden" in found["html"] and "3 of this week's comments" not in found["html"]


@pytest.mark.parametrize("kind", ["post", "survey_answer"])
def test_the_trusts_setting_does_not_let_a_post_through(wordround: Call, settings: Settings, kind: str) -> None:
    """With the setting on, as the demo trust has it, and a post that would be quoted were it an answer of a survey."""
    assert settings.quotes.survey_comments
    post = "Staff never told me what would happen next."
    change = f"update marts.fct_comments set kind = '{kind}' where source_code = 'chirp'"
    only = "delete from marts.fct_comments where sentiment_label = 'negative' and source_code = 'fft';"
    publish(settings.home, OTHERS + posts("camhs", [post]) + only + change)
    assert post not in shown(settings)["html"]


def test_a_rewrite_waits_until_a_second_person_has_approved_it(wordround: Call, settings: Settings) -> None:
    wordround("rewrite", ID, "--by", "A.B.", typed=GOOD)
    assert GOOD not in shown(settings)["quotes"]
    for same in ("A.B.", "ab", " a b "):
        code, _, stderr = wordround("approve", ID, "--by", same)
        assert code == 1 and "ApprovalRefused" in stderr
    assert GOOD not in shown(settings)["quotes"]
    assert wordround("approve", ID, "--by", "CD")[0] == 0
    assert GOOD in shown(settings)["quotes"]


def test_a_rewrite_that_is_written_anew_waits_again(wordround: Call, settings: Settings) -> None:
    written_and_approved(wordround)
    wordround("rewrite", ID, "--by", "AB", typed="Somebody could not get through by telephone.")
    assert not {GOOD, "Somebody could not get through by telephone."}.intersection(shown(settings)["quotes"])


def test_the_words_of_a_withdrawn_rewrite_are_gone_everywhere_and_that_there_was_one_is_known(
    wordround: Call, settings: Settings
) -> None:
    written_and_approved(wordround)
    assert json.loads(wordround("withdraw", ID, "--json")[1]) == {"comment_id": ID, "withdrawn": 1}
    assert json.loads(wordround("withdraw", ID, "--json")[1])["withdrawn"] == 0
    assert [(one.event, one.by) for one in history(settings)] == [
        ("written", "AB"),
        ("approved", "quality lead"),
        ("withdrawn", None),
    ]
    assert GOOD not in shown(settings)["quotes"] and not in_records(settings, GOOD)
    assert "ApprovalRefused" in wordround("approve", ID, "--by", "CD")[2]


@pytest.mark.parametrize(
    "change",
    [
        f"delete from marts.fct_comments where comment_id = '{ID}'",
        f"update marts.fct_comments set comment_text = null where comment_id = '{ID}'",
    ],
    ids=["erased", "expired"],
)
def test_the_rewrite_of_a_post_that_is_gone_is_neither_shown_nor_kept(
    wordround: Call, settings: Settings, change: str
) -> None:
    written_and_approved(wordround)
    publish(settings.home, OTHERS + posts("camhs", POSTS) + change)
    assert GOOD not in shown(settings)["quotes"]
    assert not in_records(settings, GOOD) and not in_records(settings, ID)


@pytest.mark.parametrize(
    "change",
    [
        "comment_text = 'Something else was said', updated_at = '2026-11-17 05:40:00+00:00'",
        "comment_text = 'They say: a parent waited very long for an answer'",
        "is_withheld = true",
        "comment_text = comment_text || ' I want to die'",
    ],
)
def test_the_rewrite_of_a_post_that_has_changed_is_not_shown(wordround: Call, settings: Settings, change: str) -> None:
    written_and_approved(wordround)
    publish(
        settings.home,
        OTHERS + posts("camhs", POSTS) + f"update marts.fct_comments set {change} where comment_id = '{ID}'",
    )
    assert GOOD not in shown(settings)["quotes"]


def test_the_records_hold_who_wrote_and_approved_it_and_no_original(wordround: Call, settings: Settings) -> None:
    written_and_approved(wordround)
    wordround("rewrite", comment_id("camhs", "chirp", 1), "--by", "AB", typed="Parents are not kept informed.")
    assert in_records(settings, GOOD)
    assert not any(in_records(settings, " ".join(post.split()[i : i + 3])) for post in POSTS for i in range(5))
    first = standing(settings)[ID]
    assert (first.written_by, first.approved_by, first.text) == ("AB", "quality lead", GOOD)
    assert first.approved_at and first.approved_at >= first.written_at


def test_damaged_records_are_named_and_nothing_of_them_is_lost_or_shown(wordround: Call, settings: Settings) -> None:
    written_and_approved(wordround)
    path = settings.records / "records.sqlite"
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    code, stdout, stderr = wordround("withdraw", ID)
    assert code == 1 and "RecordsDamaged" in stderr and "records.sqlite" in stderr
    assert path.read_bytes() == content[: len(content) // 2]
    assert GOOD not in stdout + stderr


def test_the_list_gives_ids_states_and_where_to_look_and_no_words(wordround: Call, settings: Settings) -> None:
    written_and_approved(wordround)
    listed = json.loads(wordround("list", "--json")[1])
    assert len(listed["candidates"]) == 6
    assert {c["comment_id"]: c["state"] for c in listed["candidates"]}[ID] == "approved"
    assert {c["source_code"] for c in listed["candidates"]} == {"chirp"}
    _, stdout, _ = wordround("list")
    assert ID in stdout and "select comment_text from marts.fct_comments" in stdout
    assert not any(word in stdout + json.dumps(listed) for word in ("freezing", "quincunxial", "parent"))


def test_posts_are_shown_on_a_terminal_and_refused_to_a_pipe_or_json(
    wordround: Call, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], settings: Settings
) -> None:
    for arguments in (("list", "--text"), ("list", "--text", "--json")):
        code, stdout, stderr = wordround(*arguments)
        assert code == 1 and "terminal" in stdout + stderr and "freezing" not in stdout + stderr
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    app(["quotes", "list", "--text"], standalone_mode=False)
    assert POSTS[2] in capsys.readouterr().out


def test_a_post_about_danger_a_survey_answer_and_a_made_up_id_are_refused_alike(
    wordround: Call, settings: Settings
) -> None:
    publish(settings.home, OTHERS + posts("camhs", ["I want to die and they do not answer the telephone", *POSTS[1:]]))
    with duckdb.connect(str(settings.published / "wordround.duckdb"), read_only=True) as published:
        answer = published.execute("select comment_id from marts.fct_comments where source_code = 'fft'").fetchone()
    said = set()
    for refused in (ID, answer[0] if answer else "", "0" * 32):
        code, stdout, stderr = wordround("rewrite", refused, "--by", "AB", typed=GOOD)
        assert code == 1 and stdout == ""
        said.add(stderr.replace(refused, "ID"))
    assert len(said) == 1
    assert ID not in wordround("list", "--json")[1]


@pytest.mark.parametrize(
    ("typed", "error", "says"),
    [
        ("", "RewriteUnusable", "is empty"),
        (" … !\n", "RewriteUnusable", "is empty"),
        ("word " * 61, "RewriteUnusable", "has 61 words"),
        ("Ring me on 07700 900461 about it", "RewriteUnusable", "phone number"),
        ("Someone was cut off #badline", "RewriteTooClose", "Word 5 of the rewrite"),
        ("Someone spoke of a quincunxial connection", "RewriteTooClose", "Word 5 of the rewrite"),
        ("It was a fernvalefail", "RewriteTooClose", "Word 4 of the rewrite"),
        (
            "It says: then the QUINCUNXIAL line went dead",
            "RewriteTooClose",
            "survive in the rewrite: 2, beginning at word 3",
        ),
    ],
)
def test_what_is_wrong_with_a_rewrite_is_said_without_a_word_of_it(
    wordround: Call, caplog: pytest.LogCaptureFixture, settings: Settings, typed: str, error: str, says: str
) -> None:
    with caplog.at_level(logging.DEBUG):
        code, stdout, stderr = wordround("rewrite", ID, "--by", "AB", typed=typed)
    assert code == 1 and error in stderr and says in " ".join(stderr.split())
    told = (stdout + stderr + caplog.text).lower()
    assert not any(word in told for word in ("quincunxial", "fernvalefail", "07700", "badline", "connection"))
    assert history(settings) == []


@pytest.mark.parametrize("role", ["", " . ", "a.b@trust.example", "x" * 41])
def test_who_wrote_is_a_role_or_initials(wordround: Call, role: str) -> None:
    assert wordround("rewrite", ID, "--by", role, typed=GOOD)[0] == 1


def test_erasing_forgets_rewrites_by_id(wordround: Call, settings: Settings) -> None:
    assert forget(settings, [ID]) == 0
    written_and_approved(wordround)
    assert forget(settings, ["0" * 32, ID]) == 1
    assert standing(settings) == {} and history(settings) == []


# ---- whether anything survives

ORIGINAL = "<staff name> told us it's a two-week wait & nobody at <place> would ring me back before Friday"


@pytest.mark.parametrize(
    "rewrite",
    [
        "TOLD US ITS A TWO WEEK",
        "… told, us: it’s — a “2-week” …",
        "told us it is … that [staff name] told us its a",
        "nobodyatplacewouldring",
        "and nobody at [place] would ring",
        "ｎｏｂｏｄｙ at <place> would ring",
        "nóbody\u200b at place wou\u00adld ring",
        "would ring me right back before Friday",
        "would ring you back before Friday",
        "would ring back me before Friday",
        "nobody at would ring me",
        "told them its a two week",
    ],
)
def test_a_run_of_five_words_is_found_in_any_disguise(rewrite: str) -> None:
    with pytest.raises(RewriteTooClose):
        rewrites.check(ORIGINAL, rewrite)


@pytest.mark.parametrize(
    "rewrite",
    [
        "Somebody was given a date in a fortnight and heard nothing more from the team.",
        "No one called again, although that had been promised.",
        "A person was told to wait and nobody rang them.",
    ],
)
def test_a_rewrite_in_other_words_passes(rewrite: str) -> None:
    rewrites.check(ORIGINAL, rewrite)


@pytest.mark.parametrize("original", ["Awful", "Never again!", "No one ever came"])
def test_of_a_short_original_all_its_words_are_the_run(original: str) -> None:
    with pytest.raises(RewriteTooClose):
        rewrites.check(original, f"Somebody wrote {original.upper()} about us")
    rewrites.check(original, "Somebody was not content")


def test_a_rewrite_cannot_be_checked_against_a_text_that_is_not_there() -> None:
    with pytest.raises(RewriteUnusable, match="not there"):
        rewrites.check(None, GOOD)


LETTERS = "abcdefghijklmnopqrstuvwxyzéàüöñç"
WORDS = st.text(LETTERS, min_size=1, max_size=9)
BETWEEN = st.sampled_from(
    [" ", "  ", "", "\n", "\t", " - ", "-", ", ", "...", "/", "\u00a0", "\u2003", " * ", "_", "’", " \u200b"]
)


def full_width(word: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in word)


DISGUISES = st.sampled_from(
    [
        str.upper,
        str.title,
        str.swapcase,
        full_width,
        lambda word: unicodedata.normalize("NFD", word),
        lambda word: "\u00ad".join(word),
        lambda word: "'".join(word),
        lambda word: f"“{word}”",
        lambda word: f"*{word}*",
        lambda word: word,
    ]
)


@given(st.data())
def test_whatever_holds_five_words_of_the_original_in_order_is_refused(data: st.DataObject) -> None:
    original = data.draw(st.lists(WORDS, min_size=5, max_size=20), label="original")
    begin = data.draw(st.integers(0, len(original) - 5), label="begin")
    run = [data.draw(DISGUISES)(word) + data.draw(BETWEEN) for word in original[begin : begin + 5]]
    before, after = (data.draw(st.lists(WORDS, max_size=8)) for _ in range(2))
    rewrite = " ".join([*before, "".join(run), *after])
    with pytest.raises(RewriteTooClose) as caught:
        rewrites.check(" ".join(original), rewrite)
    said = set(re.findall(r"\w+", str(caught.value).lower()))
    assert not {word for word in original if len(word) > 6} & said


@given(st.lists(WORDS, min_size=7, max_size=15, unique=True), st.data())
def test_nor_with_one_word_put_in_or_swapped(original: list[str], data: st.DataObject) -> None:
    begin, place = data.draw(st.integers(0, len(original) - 5)), data.draw(st.integers(1, 3))
    run = original[begin : begin + 5]
    other = data.draw(WORDS)
    changed = [*run[:place], other, *run[place + data.draw(st.integers(0, 1)) :]]
    with pytest.raises(RewriteTooClose):
        rewrites.check(" ".join(original), " ".join(changed))


@hypothesis_settings(deadline=None)  # the first text waits for the recognisers
@given(st.text(max_size=200), st.text(max_size=200))
def test_any_two_texts_are_judged_without_a_fault(original: str, rewrite: str) -> None:
    try:
        rewrites.check(original, rewrite)
    except (RewriteTooClose, RewriteUnusable) as refused:
        assert len(str(refused)) < 400
