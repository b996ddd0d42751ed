"""The rules that the published figures were made by (`meta.rules`), for whatever is said about them in words.

dbt publishes its variables there (dbt/models/meta/rules.sql). A report says "seven weeks in a row" because `run_length`
was 7 when its figures were made, and hides what it adds up itself by the same small-number rule as the marts.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from wordround.published.disclosure import SmallNumbers

NEEDED = ("run_length", "largest_hidden_count", "least_restated_count", "false_alerts_per_year")


@dataclass(frozen=True)
class Rules:
    """Values as published, by rule code. Those in NEEDED are there and are whole numbers."""

    values: Mapping[str, str]

    @property
    def run_length(self) -> int:
        """How many weeks in a row make a trend or a shift."""
        return int(self.values["run_length"])

    @property
    def least_restated(self) -> int:
        """By how many comments a figure that was told must differ before it is told again."""
        return int(self.values["least_restated_count"])

    @property
    def false_alerts_per_year(self) -> int:
        """How many false alerts of the whole board are accepted in a year."""
        return int(self.values["false_alerts_per_year"])

    @property
    def small_numbers(self) -> SmallNumbers:
        """The rule on small numbers."""
        return SmallNumbers(int(self.values["largest_hidden_count"]))
