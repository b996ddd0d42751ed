"""Annotations for other pipelines: JSON lines in, JSON lines out, in the same order.

In: `{"id": .., "text": .., "question_type": ..}`, the last of which may be missing or `unknown` (nobody asked). Out: as
`understand.annotating.Annotation` says.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TextIO

import msgspec

from wordround.cli.json_lines import Unusable, comment_of, numbered
from wordround.understand.annotating import Annotating
from wordround.understand.learned import QUESTIONS

_AT_ONCE = 2_000


def annotate_lines(
    lines: Iterable[bytes], out: TextIO, annotating: Annotating, with_words: bool = False
) -> dict[str, Any]:
    """Write the annotation of each line to `out`.

    Returns {rows: {in, written, refused}, refused: [what is wrong with which line]}.
    """
    refused: list[str] = []
    written = 0
    usable = _comments(lines, refused)
    while comments := list(islice(usable, _AT_ONCE)):
        texts = [comment["text"] for comment in comments]
        questions = [comment.get("question_type") for comment in comments]
        for comment, annotation in zip(comments, annotating.annotate(texts, questions, with_words), strict=True):
            out.write(_line(comment["id"], annotation.as_json(with_words)))
        written += len(comments)
    return {"rows": {"in": written + len(refused), "written": written, "refused": len(refused)}, "refused": refused}


def _line(comment_id: str | int, annotation: dict[str, Any]) -> str:
    try:
        return _written({"id": comment_id, **annotation}).decode() + "\n"
    except OverflowError:  # JSON's numbers have no end, and those of the encoder have
        return f'{{"id":{comment_id},{_written(annotation).decode()[1:]}\n'


# A tenth of the whole time went into the standard library's encoder.
_written = msgspec.json.Encoder().encode


def _comments(lines: Iterable[bytes], refused: list[str]) -> Iterator[dict[str, Any]]:
    for number, line in numbered(lines):
        try:
            comment = comment_of(line)
            if comment.get("question_type") not in (None, *QUESTIONS):
                raise Unusable(f"has a `question_type` that is none of {', '.join(QUESTIONS)}.")
        except Unusable as problem:
            refused.append(f"line {number}: {problem}")
        else:
            yield comment
