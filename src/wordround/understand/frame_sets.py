"""Several code frames looked up in many texts at once, by one automaton for all their cues: one look at each word."""

from collections.abc import Mapping, Sequence

from wordround.understand.frames import Frame, FrameMention
from wordround.understand.themes import Codebook


class FrameSet:
    """Compiled frames, by code. What is found of each is what the frame alone finds."""

    def __init__(self, frames: Mapping[str, Frame]) -> None:
        self._frames = dict(frames)
        codes = list(self._frames)
        # Cues of one frame stay together, in their own order, because mentions are sorted by what stands first.
        rows = [
            {**row, "theme_code": f"{number:03} {row['theme_code']}"}
            for number, code in enumerate(codes)
            for row in self._frames[code].codebook_rows
        ]
        self._codebook = Codebook(rows) if rows else None
        self._first = next(iter(self._frames.values()), None)
        self._mentions = [(code, mention) for code in codes for mention in self._frames[code].every_mention]

    def mentions(self, texts: Sequence[str]) -> list[dict[str, list[FrameMention]]]:
        """Return the cues of each text by the code of their frame, each list as `Frame.mentions` has it, none empty."""
        each: list[dict[str, list[FrameMention]]] = [{} for _ in texts]
        if self._codebook is None or self._first is None:
            return each
        read = [self._first.as_read(text) for text in texts]
        for found, places in zip(each, self._codebook.places_in(read), strict=True):
            for place in places:
                code, mention = self._mentions[place]
                found.setdefault(code, []).append(mention)
        for number, text in enumerate(texts):
            if "#" in text:  # which words a hashtag is made of depends on the frame
                by_frame = {code: frame.mentions(text) for code, frame in self._frames.items()}
                each[number] = {code: mentions for code, mentions in by_frame.items() if mentions}
        return each
