"""Control charts of any series, and the rule that decides what is a change: counts in, limits and episodes out."""
