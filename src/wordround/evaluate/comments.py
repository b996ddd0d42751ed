"""How well the learned model does: figures that were measured when it was trained, kept in its file.

Labelled texts were judged by models that their fold took no part in, so the figures need no labelled file to be shown.
"""

from pathlib import Path
from typing import Literal

from rich.table import Table

from wordround.errors import WordroundError
from wordround.evaluate.agreement import Agreement, Average, Figures, Share, interval, shown
from wordround.evaluate.evaluation import Evaluation
from wordround.understand.learned import Learned


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


class Judged(Figures):
    """All that a model's page says. `groups`: figures by question, trust and number of words.

    `settled_micro`, `settled_macro`: of themes with those that a cue settles; None of a model trained before.
    """

    texts: int
    sentiment: SentimentFigures
    classes: list[Agreement]
    groups: dict[str, dict[str, SentimentFigures]]
    themes: list[Agreement]
    themes_micro: Average
    themes_macro: Average
    settled_micro: Average | None = None
    settled_macro: Average | None = None


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
        table.caption = (
            f"Themes: micro F1 {shown(self.judged.themes_micro.f1)}, macro F1 {shown(self.judged.themes_macro.f1)}"
        )
        return table

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
        judged=Judged.model_validate(model.about["judged"]),
    )
