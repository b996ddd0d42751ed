"""`wordround train comments --own`: a model that knows the trust's own comments too, in force where it is better."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from wordround.errors import NothingToReview
from wordround.outcomes import Outcome
from wordround.registers.models import comments_model, own_comments_model
from wordround.settings import Settings
from wordround.train import own_codes, replacing
from wordround.train.corpus import key_of, read_labelled, read_phase_one
from wordround.train.own_codes import OwnCodes
from wordround.train.replacing import Comparison
from wordround.understand.learned import Learned

# Trains on these files and comments, and writes a model: `train.comments.train`, which needs packages of its own.
Train = Callable[[Path, Path, Path, OwnCodes, int], object]


class Retrained(Outcome):
    """On how many own comments the model was trained, how it compares with the one in force, and which is now."""

    own_comments: int
    comparison: Comparison
    is_in_force: bool
    model: str


def retrain(settings: Settings, labelled_file: Path, phase_one_file: Path, train: Train) -> Retrained:
    """Train with the trust's own codes, and put the model in force where it is better on those kept apart.

    Raises NothingToReview where no comment is settled, CorpusUnreadable, StorageFailed.
    """
    own, held_out = own_codes.read(settings)
    if not own.texts:
        raise NothingToReview("No comment to train on is settled in sentiment and themes. See `wordround review`.")
    known = {*read_labelled(labelled_file).keys, *read_phase_one(phase_one_file).keys, *map(key_of, own.texts)}
    kept = own_codes.unmet(held_out, known)
    place = own_comments_model()
    with TemporaryDirectory() as folder:
        new = Path(folder) / place.name
        train(labelled_file, phase_one_file, new, own, len(kept.texts))
        comparison = replacing.compared(Learned.read(comments_model()), Learned.read(new), kept)
        if comparison.is_better:
            replacing.put_in_force(new, place)
    return Retrained(
        own_comments=len(own.texts),
        comparison=comparison,
        is_in_force=comparison.is_better,
        model=str(comments_model()),
    )
