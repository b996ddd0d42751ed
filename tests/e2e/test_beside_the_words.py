"""What posts carry beside their words, and what ours drew, from stand-in servers to the pages."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.fixtures import conversation
from tests.fixtures.chains import build_all, copied, rows
from tests.fixtures.fft_files import write_csv
from tests.fixtures.legible import places_of
from tests.fixtures.social import GOVERNANCE
from tests.fixtures.web import site
from wordround import pipeline
from wordround.connectors.asking.texts import LONDON
from wordround.demo.standins.bluesky import LOGIN, PASSWORD, Bluesky
from wordround.demo.standins.mastodon import Mastodon
from wordround.demo.standins.world import Post
from wordround.erasing import retention
from wordround.reports.conversation import write
from wordround.settings import PROJECT, Settings, load_settings
from wordround.warehouse import engine

pytestmark = pytest.mark.slow

TAG = "FernvaleMaternity"
HELP, DIARY = "https://www.tommys.org/sleep", "https://www.tommys.org/diary-of-one"
# The trust's own account by the sample register, and one of a charity.
OURS, CHARITY = "trust@social.fernvale.example", "healthwatch@social.valeandmoor.example"
FOLLOWERS, CANARY = 4_711, 918_273_645
BEGINS = conversation.begins_on()


def at(minute: int) -> datetime:
    return BEGINS + timedelta(minutes=minute)


def words(number: int) -> str:
    return conversation.texts()[number][0].replace(conversation.TAG, TAG)


def linking(number: int, link: str, title: str) -> Post:
    return Post(
        str(7_000 + number),
        f"{words(number)} {link}",
        at(number),
        f"w{chr(97 + number)}",
        links=(link,),
        link_title=title,
    )


def at_bluesky() -> list[Post]:
    return [linking(n, HELP, "Sleep in pregnancy") for n in range(8)] + [
        linking(n, DIARY, "Diary of one birth") for n in range(20, 23)
    ]


MEALS = "soup porridge salad toast curry stew pudding fruit tea breakfast lunch supper".split()
DEEDS = "listened smiled waited explained visited stayed helped called cared answered welcomed laughed".split()


def at_mastodon() -> list[Post]:
    said = [f"The food on our wards: {meal} is cooked fresh in the kitchen now #{TAG}" for meal in MEALS]
    asked = [f"A kind nurse {deed} with you? Which nurse was it, and what did staff do? #{TAG}" for deed in DEEDS]
    ours = [
        Post(str(8_000 + n), text, at(30 + n), OURS, replies=0 if n < len(MEALS) else 2 + n % 3,
             extra={"followers": FOLLOWERS + n})
        for n, text in enumerate(said + asked)
    ]  # fmt: skip
    others = [
        Post(str(8_100 + n), words(n), at(60 + n), author,
             extra={"followers": CANARY})
        for n, author in enumerate(["anna", "berta", CHARITY, "carla"], start=40)
    ]  # fmt: skip
    return ours + others


def at_pixelfed() -> list[Post]:
    return [
        Post(str(8_300 + n), words(n), at(90 + n), f"p{chr(97 + n % 26)}",
             extra={"country": country})
        for n, country in enumerate(["Ireland"] * 6 + ["Tuvalu"] * 2 + ["Atlantis"], start=60)
    ]  # fmt: skip


def table_of_posts(path: Path) -> Path:
    said = [(words(n), "GB" if n < 107 else "") for n in range(100, 109)]
    rows = [[str(number), f"{BEGINS:%Y-%m-%d}", text, country] for number, (text, country) in enumerate(said)]
    return write_csv(path, rows, ["No", "Day", "Post", "Country"])


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory, replayed_builds: None) -> Iterator[Settings]:
    """A conversation that was collected twice, built and published. Nobody may change it."""
    folder = tmp_path_factory.mktemp("beside")
    with (
        Bluesky(at_bluesky()) as bluesky,
        Mastodon(at_mastodon()) as mastodon,
        Mastodon(at_pixelfed(), prefix="77") as pixelfed,
        pytest.MonkeyPatch.context() as environment,
    ):
        written = (PROJECT / "wordround.toml").read_text(encoding="utf-8")
        (folder / "wordround.toml").write_text(written + "\n" + asking(bluesky, mastodon, pixelfed), encoding="utf-8")
        for name, value in (
            ("HOME", str(folder / "home")), ("CONFIG", str(folder / "wordround.toml")),
            ("BLUESKY_LOGIN", LOGIN), ("BLUESKY_PASSWORD", PASSWORD),
        ):  # fmt: skip
            environment.setenv(f"WORDROUND_{name}", value)
        pixelfed.software = "pixelfed"
        settings = load_settings()
        table = table_of_posts(folder / "posts.csv")
        assert pipeline.ingest(settings, "file", datetime.now(UTC).date(), table)["rows"]["loaded"] == 9
        for _ in range(2):
            collected = pipeline.collect_conversation(settings, "hour", BEGINS.date(), BEGINS.date())
            assert list(collected["refused"]) == []
        build_all(settings)
        yield settings


def asking(bluesky: Bluesky, *servers: Mastodon) -> str:
    blocks = [
        f'[sources.{name}]\nenabled = true\n{where}\n[[sources.{name}.queries]]\nid = "own"\n'
        f'hashtags = ["FernvaleNHS"]\n{GOVERNANCE.format(source=name)}'
        for name, where in (
            ("bluesky", f'address = "{bluesky.address}"'),
            ("mastodon", f"instances = {[each.address for each in servers]}"),
        )
    ]  # fmt: skip
    blocks.append(
        '[sources.file]\nenabled = true\n[sources.file.layouts.export]\nid = "No"\ndate = "Day"\ntext = "Post"\n'
        f'kind = "post"\ncountry = "Country"\n{GOVERNANCE.format(source="file").replace("9(2)(e)", "9(2)(h)")}'
    )
    declared = (
        f'[[conversations]]\nname = "hour"\nlabel = "Maternity hour"\ntags = ["{TAG}"]\n'
        f"begins = {BEGINS.replace(hour=0).isoformat()}\nends = {BEGINS.replace(hour=23).isoformat()}\n"
    )
    return "\n".join([*blocks, declared])


def test_titles_that_enough_posts_share_stand_below_their_domain(chain: Settings) -> None:
    counted = rows(
        chain, "select link_title, contribution_count, writer_count from marts.fct_conversation_link_titles order by 1"
    )
    assert counted == [("Diary of one birth", 3, 3), ("Sleep in pregnancy", 8, 8)]
    page = " ".join(write(chain, "hour").page.read_text(encoding="utf-8").split())
    assert page.index("Samaritans") < page.index("tommys.org") < page.index("Sleep in pregnancy")
    assert "Diary of one birth" not in page


def test_followers_are_kept_of_the_trust_s_own_account_and_of_nobody_else(chain: Settings) -> None:
    own = rows(
        chain, "select follower_count, followers_on, organisation_label from marts.fct_own_posts order by posted_at"
    )
    today = datetime.now(LONDON).date()
    assert own == [(FOLLOWERS + n, today, "Fernvale Mental Health NHS Trust (fictional)") for n in range(24)]
    assert rows(chain, "select follower_count, change_count from marts.fct_own_follower_weeks") == [
        (FOLLOWERS + 23, None)
    ]
    assert places_of(chain.home, str(FOLLOWERS + 1)), "the search finds numbers"
    assert places_of(chain.home, str(CANARY)) == set()


def test_countries_are_those_that_sources_declare_and_few_are_not_named(chain: Settings) -> None:
    counted = rows(chain, "select country_code, contribution_count from marts.fct_conversation_countries order by 1")
    assert counted[:3] == [("GB", 7), ("IE", 6), ("TV", 2)] and counted[3][0] == "not_declared"
    ((contributions,),) = rows(
        chain, "select contribution_count from marts.fct_conversations where conversation_id = 'hour'"
    )
    assert sum(count for _, count in counted) == contributions
    page = " ".join(write(chain, "hour").page.read_text(encoding="utf-8").split())
    assert '>United Kingdom</th><td class="number" data-label="Posts">7<' in page
    assert '>Other countries</th><td class="number" data-label="Posts">*<' in page
    assert "Tuvalu" not in page and "Ireland" not in page


def test_a_subject_that_draws_few_replies_is_named_on_the_page(chain: Settings) -> None:
    drew = rows(
        chain,
        """select subject_label.theme_label, post_count, answered_count, response_code
           from marts.fct_own_post_subjects as drew
           inner join marts.dim_themes as subject_label on drew.subject_code = subject_label.theme_code
           where split_code = 'all' and post_count >= 10 order by replies_per_post""",
    )
    found = {label: rest for label, *rest in drew}
    assert found["Environment, equipment & catering"] == [12, 0, "few"]
    assert found["Staff"] == [12, 12, None], "more than the others, of which none was answered: no ratio"
    forms = rows(
        chain,
        """select value_code, post_count, answered_count, response_code from marts.fct_own_post_subjects
           where subject_code = 'all' and split_code = 'form' order by 1""",
    )
    assert forms == [("asks", 12, 12, None), ("tells", 12, 0, "few")]
    with site(chain.home) as page:
        said = page.visitor("r", "readers").words("/conversations/own-posts")
    assert "Environment, equipment & catering: this subject gets few replies, 0.0 (0.0 to 0.3) a post." in said
    assert said.count("this subject gets few replies") == sum(response == "few" for *_, response in drew)
    assert "Staff: this subject" not in said
    assert f"Fernvale Mental Health NHS Trust (fictional) Mastodon {FOLLOWERS + 23:,}" in said


def test_another_key_and_a_new_file_keep_what_stands_beside_the_words(chain: Settings, tmp_path: Path) -> None:
    def beside(settings: Settings) -> list[tuple]:
        with engine.connect(settings) as connection:
            return connection.execute(
                "select text, link_titles, author_followers, followers_on, country from raw.comments order by text"
            ).fetchall()

    home = copied(chain, tmp_path / "home")
    pipeline.rotate_keys(home)
    assert beside(home) == beside(chain)
    home.warehouse_file.unlink()
    pipeline.load(home)
    assert beside(home) == beside(chain), "from landing"


def test_titles_go_with_the_words_when_these_expire(chain: Settings, tmp_path: Path) -> None:
    home = copied(chain, tmp_path / "home")
    assert places_of(home.home, "Diary of one birth"), "analysts may read it until then"
    retention.expire(home, datetime.now(UTC).date() + timedelta(days=735))
    pipeline.rebuild(home)
    assert places_of(home.home, "Diary of one birth") == set()
    assert places_of(home.home, "Sleep in pregnancy") <= {"reports/conversation-hour/report.html"}, "as eight shared it"
    assert rows(home, "select count(*), max(follower_count) from marts.fct_own_posts") == [(24, FOLLOWERS + 23)]
