"""Files of learned models: arrays, and what is said of them, looked at before anything is computed by them.

No file of a model is unpickled. One whose arrays are of other shapes or types than the model's, or that hold what is no
number, would fail at the first text, or give every text the same figures.
"""

import json
import tokenize
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wordround.errors import WordroundError
from wordround.understand.ngrams import READING

# Half as much again as the largest that was ever trained takes; a file of a few kilobytes can say that it has more.
_MOST_BYTES = 200_000_000
# What is raised for parts that are cut, packed otherwise or locked, and for heads of arrays that cannot be read.
_UNREADABLE = (
    OSError, EOFError, ValueError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, SyntaxError,
    tokenize.TokenError, TypeError, MemoryError,
)  # fmt: skip


class ModelUnreadable(WordroundError):
    """A file of a model is damaged, or made for another version of Wordround. The message names the file."""


class Form(NamedTuple):
    """What an array must be: its kind of numbers (numpy's letter), and its shape.

    A name in the shape stands for any length above nought, the same wherever it stands.
    """

    kind: str
    shape: tuple[int | str, ...] = ()


def read(path: Path, forms: Mapping[str, Form]) -> tuple[dict[str, NDArray[Any]], dict[str, Any], bytes]:
    """Return (arrays by name, what the file says of itself, its bytes). Raises ModelUnreadable."""
    other = ModelUnreadable(f"{path.name}: was made for another version of Wordround. Train it again.")
    try:
        written = path.read_bytes()
        with zipfile.ZipFile(BytesIO(written)) as parts:
            if sum(part.file_size for part in parts.infolist()) > _MOST_BYTES:
                raise ValueError("too large")
        with np.load(BytesIO(written), allow_pickle=False) as file:
            arrays = {name: file[name] for name in forms}
            about = json.loads(str(file["about"]))
    except KeyError:
        raise other from None
    except _UNREADABLE as error:
        raise ModelUnreadable(f"{path.name}: is no model, or a damaged one ({type(error).__name__}).") from error
    if not isinstance(about, dict) or about.get("reading") != READING:
        raise other
    lengths: dict[str, int] = {}
    for name, form in forms.items():
        if problem := _problem(arrays[name], form, lengths):
            raise ModelUnreadable(f"{path.name}: is no model, or a damaged one ({name} {problem}).")
    return arrays, about, written


def _problem(array: object, form: Form, lengths: dict[str, int]) -> str:
    """Return what is wrong with an array; nothing where it is as it must be."""
    # A part that is no array comes as its bytes.
    if not isinstance(array, np.ndarray) or array.dtype.kind != form.kind:
        return "is of another type"
    if array.ndim != len(form.shape):
        return "is of another shape"
    for length, wanted in zip(array.shape, form.shape, strict=True):
        if length != (lengths.setdefault(wanted, length) if isinstance(wanted, str) else wanted) or not length:
            return "is of another shape"
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        return "holds what is no number"
    return ""
