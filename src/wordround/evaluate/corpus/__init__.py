"""Generated comments with known identifiers: what the name tagger is trained on, and what de-identification is
measured with.

Templates and names for measuring were written apart from those for training, and no name is in both.
"""
