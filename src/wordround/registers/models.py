"""The learned model in force: the trust's own, where retraining on its own codes has made one, else the one brought."""

import os
from pathlib import Path

from wordround.folders import data_home
from wordround.understand.learned import COMMENTS

# Of the texts that people coded, one in so many is kept from training, so that models can be compared on it.
_HELD_OUT = 3


def own_comments_model() -> Path:
    """Return where the trust's own model of comments is, or would be: below the data home."""
    return Path(os.environ.get("WORDROUND_HOME") or data_home()).expanduser() / "models" / COMMENTS.name


def comments_model() -> Path:
    """Return the file of the model of comments in force."""
    own = own_comments_model()
    return own if own.is_file() else COMMENTS


def is_held_out(text_id: str) -> bool:
    """Return whether a coded text is kept from training, by its hash: the same text always is, or never."""
    return int(text_id[:8], 16) % _HELD_OUT == 0
