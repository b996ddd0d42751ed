"""The engine: recognisers as Presidio runs them, and placeholders for what they find.

They are called without Presidio's analyser and anonymiser, which took longer than many of them, and no language model
is used. They stand in groups, by what a text must hold to need them. Imported when the first text needs it: Presidio
takes a second and a half.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache

from presidio_analyzer import EntityRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts

from wordround.deidentify import recognisers
from wordround.deidentify.spans import Span

# At its usual level it writes a line for every text.
logging.getLogger("presidio-analyzer").setLevel(logging.ERROR)


class _Group(EntityRecognizer):  # type: ignore[misc]
    """The recognisers that need the same of a text, as one recogniser of Presidio."""

    def __init__(self, name: str, finders: Sequence[Callable[[str], Iterable[Span | tuple[Span, float]]]]) -> None:
        super().__init__(supported_entities=[name], name=name, supported_language="en")
        self._finders = finders

    def load(self) -> None:
        """Nothing to load: recognisers are functions."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        """Return what the recognisers of this group find."""
        return [RecognizerResult(span.kind, span.start, span.end, 1.0) for span in self.spans(text)]

    def spans(self, text: str) -> Iterator[Span]:
        """Yield what the recognisers of this group find, each asked by itself: Presidio's results take longer."""
        for find in self._finders:
            for found in find(text):
                yield found if isinstance(found, Span) else found[0]


class Engine:
    """The project's recognisers by their groups, and placeholders for what they find."""

    def __init__(self) -> None:
        self._groups = {name: _Group(name, finders) for name, finders in recognisers.GROUPS.items()}

    def find(self, text: str, groups: list[str]) -> list[Span]:
        """Return what the recognisers of these groups find."""
        return [span for group in groups for span in self._groups[group].spans(text)]

    def replace(self, text: str, spans: Iterable[Span]) -> str:
        """Return the text with `<kind>` for each span. Spans must not overlap."""
        parts, end = [], 0
        for span in sorted(spans):
            parts += [text[end : span.start], f"<{span.kind}>"]
            end = span.end
        return "".join([*parts, text[end:]])


@cache
def engine() -> Engine:
    """Return the engine of this process."""
    return Engine()
