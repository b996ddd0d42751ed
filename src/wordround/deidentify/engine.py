"""The engine: recognisers as Presidio runs them, and its anonymiser, which puts placeholders for identifiers.

Presidio's recognisers are called without its analyser, and no language model is used. They stand in groups, by what
a text must hold to need them. Imported when the first text needs it: Presidio takes a second and a half.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from functools import cache

from presidio_analyzer import EntityRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts
from presidio_anonymizer import AnonymizerEngine

from wordround.deidentify import recognisers
from wordround.deidentify.spans import Span

for _name in ("presidio-analyzer", "presidio-anonymizer"):
    # At their usual level they write a line for every text.
    logging.getLogger(_name).setLevel(logging.ERROR)

Found = list[tuple[Span, float]]


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
        results = []
        for find in self._finders:
            for found in find(text):
                span, score = (found, 1.0) if isinstance(found, Span) else found
                results.append(RecognizerResult(span.kind, span.start, span.end, score))
        return results


class Engine:
    """Presidio's two engines with the project's recognisers."""

    def __init__(self) -> None:
        self._groups = {name: _Group(name, finders) for name, finders in recognisers.GROUPS.items()}
        self._anonymiser = AnonymizerEngine()

    def find(self, text: str, groups: list[str]) -> Found:
        """Return what the recognisers of these groups find, with how sure they are (0 to 1)."""
        results = (result for group in groups for result in self._groups[group].analyze(text, [group]))
        return [(Span(result.start, result.end, result.entity_type), result.score) for result in results]

    def replace(self, text: str, spans: Iterable[Span]) -> str:
        """Return the text with `<kind>` for each span. Spans must not overlap."""
        results = [RecognizerResult(span.kind, span.start, span.end, 1.0) for span in spans]
        return str(self._anonymiser.anonymize(text, results).text)


@cache
def engine() -> Engine:
    """Return the engine of this process."""
    return Engine()
