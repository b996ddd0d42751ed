"""What the learned model makes of comments, by the kinds that a list of words gets wrong."""

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wordround.registers.frames import frames
from wordround.train.phrases import phrases
from wordround.understand.annotating import Annotating
from wordround.understand.annotations import Annotator
from wordround.understand.learned import COMMENTS, QUESTIONS, Learned, given_themes
from wordround.understand.model_files import ModelUnreadable

GOOD, IMPROVE, NOBODY = "what_good", "could_improve", None

# By kind: texts under a question, and what people would call them.
CASES: dict[str, list[tuple[str, str | None, str]]] = {
    "one to three words": [
        ("Everything", GOOD, "positive"),
        ("Nothing", GOOD, "negative"),
        ("Nothing", IMPROVE, "positive"),
        ("Everything", IMPROVE, "negative"),
        ("The staff", GOOD, "positive"),
        ("Communication", IMPROVE, "negative"),
        ("Waiting times", IMPROVE, "negative"),
        ("Very good", NOBODY, "positive"),
        ("Absolutely no use at all", NOBODY, "negative"),
        ("Shorter waits", IMPROVE, "negative"),
    ],
    "negation": [
        ("I honestly can't fault the care I had", NOBODY, "positive"),
        ("Reception not very helpful at all", NOBODY, "negative"),
        ("They never rang me back", NOBODY, "negative"),
        ("Nobody listened when my mum was in pain", NOBODY, "negative"),
        ("The paramedics could not have done any more", NOBODY, "positive"),
        ("Whatever we asked for, nothing was too much trouble", NOBODY, "positive"),
        ("I have no complaints, all good here", IMPROVE, "positive"),
        ("The nurse did not listen and was not kind", NOBODY, "negative"),
    ],
    "medical words are no feelings": [
        ("The pain clinic staff were lovely", NOBODY, "positive"),
        ("Cancer care team were excellent", NOBODY, "positive"),
        ("Emergency department staff looked after me well", NOBODY, "positive"),
        ("Intensive care kept us waiting four hours for news", NOBODY, "negative"),
        ("I was in a lot of pain and they helped me straight away", NOBODY, "positive"),
        ("The crisis team were fantastic", NOBODY, "positive"),
    ],
    "complaints without a word of blame": [
        ("I waited three hours to be seen", NOBODY, "negative"),
        ("Still waiting for my appointment after six months", NOBODY, "negative"),
        ("Needs many more spaces to park", IMPROVE, "negative"),
        ("Answer the phone", IMPROVE, "negative"),
        ("The ambulance arrived two hours late", NOBODY, "negative"),
        ("Better food", IMPROVE, "negative"),
    ],
    "plain dissatisfaction": [
        ("I'm really not happy with any of this", NOBODY, "negative"),
        ("Don't like it on this ward at all", NOBODY, "negative"),
        ("We are not impressed", NOBODY, "negative"),
        ("Could've been a lot better", NOBODY, "negative"),
        ("Fed up of it", NOBODY, "negative"),
        ("Can't grumble about any of it", NOBODY, "positive"),
    ],
    "everyday and regional speech": [
        ("The staff were proper mint", NOBODY, "positive"),
        ("Lush nurses they are", NOBODY, "positive"),
        ("dead helpful they were", NOBODY, "positive"),
        ("well rude on the desk", NOBODY, "negative"),
        ("Bit naff to be honest", NOBODY, "negative"),
        ("pure shambles in there", NOBODY, "negative"),
    ],
    "help without end": [
        ("Nothing was too much bother for any of the nurses", GOOD, "positive"),
        ("Nothing is ever too much trouble for the girls", GOOD, "positive"),
        ("They can't do enough for you in there", NOBODY, "positive"),
        ("couldn't do enough for my mum", NOBODY, "positive"),
        ("it was all too much trouble for them", NOBODY, "negative"),
        ("They don't do enough for people like me", NOBODY, "negative"),
    ],
    "longer stories": [
        (
            "My mother was taken to the ward late in the evening. The nurses introduced themselves, explained what"
            " would happen, and made sure she was comfortable. In the morning the doctor sat down with us and answered"
            " every question. We could not have asked for better care and we are very grateful to everybody.",
            NOBODY,
            "positive",
        ),
        (
            "I rang the surgery eleven times before anybody answered. When I was finally given an appointment it was"
            " cancelled on the day and nobody told me. I travelled for an hour for nothing, was spoken to rudely at the"
            " desk, and I still do not know what is wrong with me or when I will be seen.",
            NOBODY,
            "negative",
        ),
    ],
}


@pytest.fixture(scope="module")
def model() -> Learned:
    return Learned.read(COMMENTS)


@pytest.mark.parametrize("kind", CASES)
def test_most_comments_of_each_kind_are_read_as_people_read_them(model: Learned, kind: str) -> None:
    texts, questions, wanted = (list(column) for column in zip(*CASES[kind], strict=True))
    shown = [each.sentiment_class for each in model.shown(model.figures(texts, questions).sentiment)]
    wrong = [text for text, one, other in zip(texts, shown, wanted, strict=True) if one != other]
    assert len(wrong) <= len(texts) // 4, wrong


def test_no_case_is_a_phrase_that_the_model_was_taught() -> None:
    taught = {phrase.text.lower() for phrase in phrases()}
    assert not taught & {text.lower() for cases in CASES.values() for text, _, _ in cases}


def test_what_is_praised_and_what_is_criticised_in_one_comment_are_parted(model: Learned) -> None:
    annotations = Annotator(model).annotate(
        ["The staff were lovely and kind, but I waited three hours to be seen"], [NOBODY]
    )
    polarity = {coding.label: coding.polarity for coding in annotations.themes[0]}
    assert polarity["Staff manner & personal attributes"] == "positive"
    assert polarity["Timeliness of care"] == "negative"


def test_what_is_said_once_beside_other_things_is_coded(model: Learned) -> None:
    food = "Food & drink provision & facilities"
    text = (
        "Everybody on the ward was kind and came when I rang. My consultant explained the operation to me and to my"
        " wife before and afterwards, and I was seen on the day that I was told. The meals were cold. Thank you to all"
        " of you for looking after me so well."
    )
    (found,) = Annotator(model).annotate([text], [NOBODY]).themes
    by_label = {coding.label: coding for coding in found}
    assert by_label[food].polarity == "negative"
    whole, place = model.figures([text], [NOBODY]).themes[0], model.labels.index(food)
    assert by_label[food].probability > whole[place] + 0.1
    # Of what no clause speaks it is not surer than the whole text was.
    assert not {"Parking", "Mental Health Act"} & by_label.keys()


@pytest.mark.parametrize(
    ("text", "themes"),
    [
        ("Nowhere to park at all this morning", {"Parking"}),
        ("Car park was chock full again", {"Parking"}),
        ("The bus never came and it took two hours to get to you", {"Transport to/ from services"}),
    ],
)
def test_parking_is_coded_as_parking_and_transport_as_transport(text: str, themes: set[str]) -> None:
    (found,) = Annotating(frames()).annotate([text], [NOBODY])
    travel = {"Parking", "Transport to/ from services", "Service location"}
    assert {theme.label for theme in found.themes} & travel == themes


def test_the_likeliest_theme_of_a_text_that_would_have_none_needs_less() -> None:
    likely = np.array([[0.7, 0.5, 0.1], [0.3, 0.5, 0.45], [0.3, 0.2, 0.1]], np.float32)
    each = given_themes(likely, np.full(3, 0.6, np.float32), 0.4)
    assert each.tolist() == [[True, False, False], [False, True, False], [False, False, False]]
    assert not given_themes(likely, np.full(3, 0.6, np.float32), 0.6)[1:].any()


def test_a_text_is_given_the_themes_that_the_model_in_its_file_gives(model: Learned) -> None:
    texts = [text for cases in CASES.values() for text, _, _ in cases]
    annotated = Annotator(model).annotate(texts, [NOBODY] * len(texts)).themes
    least = [min(coding.probability for coding in found) for found in annotated if found]
    assert min(least) >= round(model.likeliest_threshold, 4)
    lonely = [found for found in annotated if found and found[0].probability < model.thresholds.min()]
    assert lonely and all(len(found) == 1 for found in lonely)


@pytest.mark.parametrize("text", ["Xqzvity wlorpen", "???", "plokk!"])
def test_a_text_of_which_no_word_is_known_is_given_no_likeliest_theme(model: Learned, text: str) -> None:
    assert Annotator(model).annotate([text], [GOOD]).themes == [[]]


def test_the_words_behind_a_theme_stand_in_the_text(model: Learned) -> None:
    texts = ["We waited for hours and the nurses Lisa and Xqzvity were rude", "fine"]
    annotator = Annotator(model)
    annotations = annotator.annotate(texts, [NOBODY, NOBODY], with_words=True)
    by_label = {coding.label: coding.words for coding in annotations.themes[0]}
    assert {"waited", "hours"} & set(by_label["Timeliness of care"])
    shown = {word for coding in annotations.themes[0] for word in coding.words}
    assert shown <= set(texts[0].lower().split()) - {"lisa", "xqzvity"}


@given(st.lists(st.tuples(st.text(max_size=200), st.sampled_from([GOOD, IMPROVE, "nonspecific", None])), max_size=6))
def test_a_text_is_read_alike_alone_and_among_others(model: Learned, asked: list[tuple[str, str | None]]) -> None:
    together = model.figures([text for text, _ in asked], [question for _, question in asked])
    for place, (text, question) in enumerate(asked):
        alone = model.figures([text], [question])
        np.testing.assert_allclose(together.sentiment[place], alone.sentiment[0], atol=1e-5)
        np.testing.assert_allclose(together.themes[place], alone.themes[0], atol=1e-5)
        np.testing.assert_array_equal(together.unknown_words[place], alone.unknown_words[0])
        assert alone.sentiment[0].sum() == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("The nurses were lovely, thank you!", 0),
        ("The nurses were zqvorlish!", 1 / 4),
        ("Zqvorlish grommetane. Brindlewock!!", 1),
        ("10 / 10 \N{THUMBS UP SIGN}!", None),
        ("", None),
    ],
)
def test_the_share_of_words_that_a_model_was_not_trained_on_is_of_words_alone(
    model: Learned, text: str, share: float | None
) -> None:
    (found,) = model.figures([text], [NOBODY]).unknown_words.tolist()
    assert found == pytest.approx(np.nan if share is None else share, nan_ok=True)


def test_the_shown_class_and_grade_belong_together(model: Learned) -> None:
    texts = [text for cases in CASES.values() for text, _, _ in cases]
    for each in model.shown(model.figures(texts, [None] * len(texts)).sentiment):
        assert each.sentiment.removeprefix("very_") == each.sentiment_class
        assert 0 < each.probability <= 1


def test_the_file_of_the_model_holds_numbers_and_its_own_labels_alone() -> None:
    with np.load(COMMENTS, allow_pickle=False) as file:
        assert {name for name in file.files if file[name].dtype.kind not in "iuf"} == {"about"}
        about = json.loads(str(file["about"]))
        words = {word for word in json.dumps(about).split() if word.isalpha()}
        assert file["numbers"].dtype == np.uint32
        assert file["crossed"].shape == (len(file["numbers"]), len(QUESTIONS))
    assert set(about) == {
        "labels", "seed", "comments", "texts", "labelled_file", "phase_one_file", "torch", "reading", "judged"
    }  # fmt: skip
    labels = {word for label in about["labels"] for word in label.split()}
    assert {word for word in words if word.islower()} - labels <= {"to"}
    assert COMMENTS.stat().st_size < 10_000_000
    with zipfile.ZipFile(COMMENTS) as file:
        assert not [name for name in file.namelist() if not name.endswith(".npy")]


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    damaged = tmp_path / "comments.npz"
    damaged.write_bytes(COMMENTS.read_bytes()[:1000])
    with pytest.raises(ModelUnreadable, match=r"comments\.npz"):
        Learned.read(damaged)
    with np.load(COMMENTS, allow_pickle=False) as file:
        np.savez(damaged, **{name: file[name] for name in file.files if name != "likeliest_threshold"})
    with pytest.raises(ModelUnreadable, match=r"comments\.npz: .*another version.* Train it again"):
        Learned.read(damaged)
    np.savez(damaged, numbers=np.zeros(3), about=np.array([{"a": 1}], object))
    with pytest.raises(ModelUnreadable, match=r"comments\.npz"):
        Learned.read(damaged)


def changed(path: Path, **arrays: object) -> Path:
    with np.load(COMMENTS, allow_pickle=False) as file:
        whole = {name: file[name] for name in file.files}
    np.savez(path, **(whole | arrays))
    return path


@pytest.mark.parametrize(
    ("arrays", "says"),
    [
        ({"crossed": np.zeros((30_754, 4), np.float32)}, "crossed is of another type"),
        ({"out_bias": np.zeros(3, np.float32)}, "out_bias is of another shape"),
        ({"temperature": np.float32("nan")}, "temperature holds what is no number"),
        ({"temperature": np.float32(0)}, "do not belong together"),
        ({"crossed": np.full((30_754, 4), 2**31 - 1, np.int32)}, "do not belong together"),
        ({"about": np.array("[" * 100_000)}, "RecursionError"),
        ({"about": np.array("[]")}, "another version"),
        ({"about": np.array('{"reading": 1}')}, "do not belong together"),
    ],
)
def test_a_model_whose_parts_are_others_is_refused_before_it_reads_a_text(
    tmp_path: Path, arrays: dict[str, object], says: str
) -> None:
    with pytest.raises(ModelUnreadable, match=r"comments\.npz: ") as refused:
        Learned.read(changed(tmp_path / "comments.npz", **arrays))
    assert says in str(refused.value)


def test_a_few_bytes_that_say_they_are_a_terabyte_take_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "comments.npz"
    head = {"descr": "<f4", "fortran_order": False, "shape": (250_000_000_000,)}
    with zipfile.ZipFile(path, "w") as file, file.open("numbers.npy", "w") as part:
        np.lib.format.write_array_header_1_0(part, head)
    with pytest.raises(ModelUnreadable, match=r"comments\.npz"):
        Learned.read(path)
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("numbers.npy", b"no array")
    with pytest.raises(ModelUnreadable, match=r"comments\.npz"):
        Learned.read(path)
