"""The files of the learned models: the newest ones, and those of the versions in force, kept in the data home.

The newest model of comments is the trust's own, where retraining on its own codes has made one, else the one brought;
the newest frames are those of its folder. The version whose figures are shown may be an earlier one, while a newer one
reads history again (score/rescoring.py). Its files may have been replaced by then, so a copy of them is kept below
`<home>/models/kept/`, a folder a version, for texts that arrive meanwhile.
"""

import os
import shutil
from collections.abc import Callable, Collection
from pathlib import Path
from tempfile import mkdtemp
from typing import NamedTuple

from wordround.folders import OWN_CODE_FRAMES, data_home, reference
from wordround.storage import DRAFT, forget_drafts, storage, sync
from wordround.understand.learned import COMMENTS
from wordround.understand.learned_relevance import RELEVANCE

# Of the texts that people coded, one in so many is kept from training, so that models can be compared on it.
_HELD_OUT = 3


class ModelFiles(NamedTuple):
    """What a version is made of. `frames`: the folder of its code frames; None for those of the trust's own folder."""

    comments: Path
    relevance: Path
    frames: Path | None = None


def own_comments_model() -> Path:
    """Return where the trust's own model of comments is, or would be: below the data home."""
    return Path(os.environ.get("WORDROUND_HOME") or data_home()).expanduser() / "models" / COMMENTS.name


def comments_model() -> Path:
    """Return the file of the newest model of comments."""
    own = own_comments_model()
    return own if own.is_file() else COMMENTS


def comments_model_of(version: str | None) -> Path:
    """Return the file of the model of comments behind a version of annotations; the newest where none was kept."""
    found = _kept(own_comments_model().parents[1]) / (version or "") / COMMENTS.name
    return found if found.is_file() else comments_model()


def newest_files() -> ModelFiles:
    """Return the files that a version made today would be of."""
    return ModelFiles(comments_model(), RELEVANCE)


def kept_files(home: Path, version: str) -> ModelFiles | None:
    """Return the files that were kept of a version, of annotations or of relevance; None where none were."""
    folder = _kept(home) / version
    return ModelFiles(folder / COMMENTS.name, folder / RELEVANCE.name, folder) if folder.is_dir() else None


def kept_newest(home: Path, task: str, version_of: Callable[[ModelFiles], str]) -> ModelFiles:
    """Return copies of the newest files that a task (annotations, relevance) reads, kept under the version they make.

    Whatever is scored is read from the copies: a file that is replaced meanwhile is another version, in another run.
    Raises StorageFailed, and what `version_of` raises for files that cannot be used.
    """
    newest = newest_files()
    if found := kept_files(home, version_of(newest)):
        return found
    place = _kept(home)
    with storage(place):
        place.mkdir(parents=True, exist_ok=True)
        forget_drafts(place)
        draft = Path(mkdtemp(prefix=DRAFT, dir=place))
        for path in files_of(newest, task):
            sync(Path(shutil.copyfile(path, draft / path.name)))
    # Of the copies: a file may have been replaced since the newest were read.
    version = version_of(ModelFiles(draft / COMMENTS.name, draft / RELEVANCE.name, draft))
    with storage(place):
        if not (place / version).is_dir():
            draft.rename(place / version)
    return ModelFiles(place / version / COMMENTS.name, place / version / RELEVANCE.name, place / version)


def files_of(files: ModelFiles, task: str) -> list[Path]:
    """Return the paths that a task (annotations, relevance) reads."""
    if task == "relevance":
        return [files.relevance]
    frames = [files.frames / name if files.frames else reference(name) for name in OWN_CODE_FRAMES]
    return [files.comments, *frames]


def forget_files(home: Path, kept: Collection[str]) -> None:
    """Remove what was kept of other versions than these."""
    if (place := _kept(home)).is_dir():
        with storage(place):
            for folder in place.iterdir():
                if folder.name not in kept:
                    shutil.rmtree(folder)


def is_held_out(text_id: str) -> bool:
    """Return whether a coded text is kept from training, by its hash: the same text always is, or never."""
    return int(text_id[:8], 16) % _HELD_OUT == 0


def _kept(home: Path) -> Path:
    return home / "models" / "kept"
