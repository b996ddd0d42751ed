"""Coding by people: what a coder may choose, when a code is settled, how far coders agree; for sheets and page."""

# How many comments a sample has: fewer say nothing, more are work of months.
SMALLEST_SAMPLE, LARGEST_SAMPLE = 10, 5_000
