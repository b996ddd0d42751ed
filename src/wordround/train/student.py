"""The student: the small model that is shipped, trained to say what the teacher says, in torch; kept without it."""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.linalg import block_diag
from torch import Tensor, nn

from wordround.progress import progress
from wordround.storage import DRAFT
from wordround.train.vocabulary import Linear, Places, Targets, Vocabulary
from wordround.understand.ngrams import READING

_WIDTH = 64
_EPOCHS, _BATCH = 9, 128
_RATE = 3e-3
_DROPPED_FEATURES = 0.1
# A heading is learned as fast as three words: it stands for dozens of cues.
_HEADING_SCALE = 3.0
_LINEAR_PART = 0.7


class Student(nn.Module):
    """A bag of vectors, two layers, and a linear part past these.

    The vector of a cue is its own and that of its heading: so a cue that no comment holds speaks as its like do.
    """

    def __init__(self, known: Vocabulary, outputs: int) -> None:
        super().__init__()
        rows, headings = known.rows, known.cues.headings
        self.none = rows
        self._cue = torch.tensor(np.searchsorted(known.numbers, known.cues.numbers))
        self._heading, self._weight = torch.tensor(known.cues.heading), torch.tensor(known.cues.weight)[:, None]
        self.embedding = nn.Parameter(torch.randn(rows + 1, _WIDTH) * 0.1)
        self.direct = nn.Parameter(torch.zeros(rows + 1, outputs))
        self.heading_embedding = nn.Parameter(torch.zeros(headings, _WIDTH))
        self.heading_direct = nn.Parameter(torch.zeros(headings, outputs))
        self.bag_bias = nn.Parameter(torch.zeros(_WIDTH))
        self.hidden, self.out = nn.Linear(_WIDTH, _WIDTH), nn.Linear(_WIDTH, outputs)
        self.dropout = nn.Dropout(0.3)

    def tables(self) -> tuple[Tensor, Tensor]:
        """Return the vector and the linear part of every row, those of headings added to their cues'."""
        embedding, direct = (
            own.index_add(0, self._cue, _HEADING_SCALE * self._weight * heading[self._heading])
            for own, heading in ((self.embedding, self.heading_embedding), (self.direct, self.heading_direct))
        )
        return embedding, direct

    def forward(self, places: Tensor, starts: Tensor) -> Tensor:
        """Return the logits of texts whose rows are `places`, each text from one of `starts`."""
        count = torch.diff(torch.cat([starts, torch.tensor([len(places)])])).clamp(min=1).float().sqrt()[:, None]
        if self.training:
            places = torch.where(
                torch.rand(len(places)) > _DROPPED_FEATURES, places, torch.full_like(places, self.none)
            )
        bag, direct = (
            nn.functional.embedding_bag(places, table, starts, mode="sum", padding_idx=self.none) / count
            for table in self.tables()
        )
        state = self.dropout(torch.relu(self.dropout(bag + self.bag_bias)))
        logits: Tensor = self.out(self.dropout(torch.relu(self.hidden(state)))) + direct
        return logits


def taught(
    rows: Sequence[Places],
    known: Vocabulary,
    targets: Targets,
    seed: int,
    epochs: int = _EPOCHS,
) -> Student:
    """Return a student of what is `known`. `targets` are what the teacher says of each of `rows`."""
    torch.manual_seed(seed)
    chance = np.random.default_rng(seed)
    student = Student(known, targets.choice.shape[1] + targets.marks.shape[1]).train()
    wanted, marked, weights = (torch.tensor(part) for part in targets)
    choices = wanted.shape[1]
    optimiser = torch.optim.Adam(student.parameters(), lr=_RATE, fused=True)
    steps = epochs * -(-len(rows) // _BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: max(0.02, 1 - step / steps))
    with progress("Training: the student", steps) as advance:
        for _ in range(epochs):
            order = chance.permutation(len(rows))
            for start in range(0, len(order), _BATCH):
                batch = order[start : start + _BATCH]
                logits = student(*_flat([rows[row] for row in batch]))
                each = -(torch.log_softmax(logits[:, :choices], 1) * wanted[batch]).sum(1)
                asked = ~marked[batch].isnan()
                each = each + nn.functional.binary_cross_entropy_with_logits(
                    logits[:, choices:],
                    marked[batch].nan_to_num(),
                    weight=asked.float(),
                    reduction="none",
                ).sum(1)
                optimiser.zero_grad()
                (each * weights[batch]).mean().backward()
                optimiser.step()
                schedule.step()
                advance(1)
    return student.eval()


def _flat(rows: Sequence[Places]) -> tuple[Tensor, Tensor]:
    starts = np.cumsum([0, *(len(row) for row in rows[:-1])])
    return torch.tensor(np.concatenate(rows)), torch.tensor(starts)


def arrays_of(students: Sequence[Student], linear: Linear, known: Vocabulary) -> dict[str, NDArray[Any]]:
    """Return the arrays of a model's file: students side by side, whose logits are averaged, and the linear model.

    The logits of marks are for the larger share those of the linear model: rare themes have too few examples for
    layers. Vectors are in eight bits, each with its own scale.
    """
    states = [{name: value.detach().numpy() for name, value in student.state_dict().items()} for student in students]
    embedding, direct = zip(*(student.tables() for student in students), strict=True)
    tables = {
        "embedding": np.concatenate([table.detach().numpy() for table in embedding], 1),
        "direct": np.mean([table.detach().numpy() for table in direct], 0),
    }
    arrays: dict[str, NDArray[Any]] = {"numbers": known.numbers, "crossed": known.crossed}
    marks = slice(tables["direct"].shape[1] - linear.weights.shape[1], None)
    share = np.ones(tables["direct"].shape[1], np.float32)
    share[marks] = 1 - _LINEAR_PART
    tables["direct"] *= share
    tables["direct"][: known.rows, marks] += _LINEAR_PART * linear.weights
    bias = share * np.mean([state["out.bias"] for state in states], 0)
    bias[marks] += _LINEAR_PART * linear.bias
    for name, table in tables.items():
        rows = table[: known.rows]
        scale = (np.abs(rows).max(1) / 127).astype(np.float16)
        arrays[f"{name}_scale"] = scale
        divisor = np.where(scale > 0, scale, 1).astype(np.float32)[:, None]
        arrays[name] = np.rint(rows / divisor).clip(-127, 127).astype(np.int8)
    return arrays | {
        "bag_bias": np.concatenate([state["bag_bias"] for state in states]),
        "hidden": block_diag(*(state["hidden.weight"].T for state in states)).astype(np.float32),
        "hidden_bias": np.concatenate([state["hidden.bias"] for state in states]),
        "out": np.concatenate([state["out.weight"].T for state in states]) * share / np.float32(len(states)),
        "out_bias": bias.astype(np.float32),
    }


def write(path: Path, arrays: Mapping[str, NDArray[Any]], about: Mapping[str, Any]) -> None:
    """Write a model's file: arrays and one text of JSON, the same bytes for the same contents."""
    contents = {**arrays, "about": np.array(json.dumps({**about, "reading": READING}, sort_keys=True))}
    draft = path.with_name(f"{DRAFT}{path.name}")
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        for name in sorted(contents):
            buffer = io.BytesIO()
            np.lib.format.write_array(buffer, np.asarray(contents[name], order="C"), allow_pickle=False)
            file.writestr(
                zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0)), buffer.getvalue(), zipfile.ZIP_DEFLATED
            )
    draft.replace(path)
