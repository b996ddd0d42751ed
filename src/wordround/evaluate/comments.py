"""How well the learned model does: figures that were measured when it was trained, kept in its file.

Labelled texts were judged by models that their fold took no part in, so the figures need no labelled file to be shown.
"""

from pathlib import Path
from typing import Literal

from rich.table import Table

from wordround.errors import WordroundError
from wordround.evaluate.agreement import Agreement, Average, Estimate, Figures, Share, interval, shown
from wordround.evaluate.evaluation import Evaluation
from wordround.understand.learned import Learned

_OVER = {
    "texts": "distinct texts",
    "comments": "comments",
    "coded_comments": "comments that people gave a theme",
}


class NotMeasured(WordroundError):
    """The model was trained without figures. Train it with `--folds 5`."""


class SentimentFigures(Figures):
    """Figures of some texts. `calibration_error`: of the probability of the class that is shown."""

    texts: int
    accuracy: Share
    five_classes: Share
    negative_recall: Share
    negative_labelled: Share
    negative_shown: Share
    macro_f1: float | None
    calibration_error: float


class ThemesFigures(Figures):
    """Themes as they are shown, with those that a cue settles, over so many texts or comments (`number`).

    Intervals are of drawing texts again.
    """

    number: int
    micro_f1: Estimate
    macro_f1: Estimate
    precision: float | None
    recall: float | None


class Judged(Figures):
    """All that a model's page says. `groups`: figures by question, trust and number of words.

    `themes`, their averages: of the model alone. `themes_over`: with cues, over `texts`, each once, over `comments`,
    each row of the file, and over `coded_comments`, those that people gave a theme.
    """

    texts: int
    sentiment: SentimentFigures
    classes: list[Agreement]
    groups: dict[str, dict[str, SentimentFigures]]
    themes: list[Agreement]
    themes_micro: Average
    themes_macro: Average
    themes_over: dict[str, ThemesFigures]


class CommentsEvaluation(Evaluation):
    """The learned model of comments."""

    page = "comments.md.j2"
    share_form = ".3f"

    task: Literal["comments"] = "comments"
    model_version: str
    comments: int
    texts: int
    bytes: int
    thresholds: list[float]
    likeliest_threshold: float
    judged: Judged

    def as_table(self) -> Table:
        """The figures for people."""
        figures = self.judged.sentiment
        table = Table(title=f"comments, {self.model_version}: {self.judged.texts:,} texts, each by a model without it")
        for column in ("", "texts", "accuracy", "95 %", "macro F1", "negative recall", "calibration error"):
            table.add_column(column, justify="right" if column else "left")
        for name, one in (("all", figures), *((f"{by}: {name}", one) for by, name, one in self.parts())):
            table.add_row(
                name,
                f"{one.texts:,}",
                shown(one.accuracy.share),
                interval(one.accuracy.low, one.accuracy.high),
                shown(one.macro_f1),
                shown(one.negative_recall.share),
                shown(one.calibration_error),
            )
        table.caption = "Themes: " + "; ".join(
            f"micro F1 {shown(one.micro_f1.value)}, macro F1 {shown(one.macro_f1.value)} over {one.number:,} {of}"
            for of, one in self.themes_over()
        )
        return table

    def themes_over(self) -> list[tuple[str, ThemesFigures]]:
        """Return what themes are counted over, in words, and the figures."""
        return [(words, self.judged.themes_over[of]) for of, words in _OVER.items()]

    def parts(self) -> list[tuple[str, str, SentimentFigures]]:
        """Return what the texts are divided by, each part's name, and its figures."""
        return [(by, name, one) for by, group in self.judged.groups.items() for name, one in group.items()]


def evaluate(model_file: Path) -> CommentsEvaluation:
    """Return the figures of a model. Raises NotMeasured or ModelUnreadable."""
    model = Learned.read(model_file)
    if "judged" not in model.about:
        raise NotMeasured(f"{model_file.name}: was trained without figures. Train it again with `--folds 5`.")
    return CommentsEvaluation(
        model_version=model.version,
        comments=model.about["comments"],
        texts=model.about["texts"],
        bytes=model_file.stat().st_size,
        thresholds=sorted({round(float(cut), 3) for cut in model.thresholds}),
        likeliest_threshold=model.likeliest_threshold,
        judged=Judged.model_validate(model.about["judged"]),
    )
