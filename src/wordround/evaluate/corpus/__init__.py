"""Generated comments with known identifiers, to train the name tagger on and to measure de-identification with.

Templates and names for measuring were written apart from those for training, and no name is in both.
"""
