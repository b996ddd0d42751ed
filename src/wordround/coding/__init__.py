"""Coding by people: what a coder may choose, when a code is settled, how far coders agree; for sheets and page."""
