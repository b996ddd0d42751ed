"""How well each model does on labelled comments, with intervals, and the pages that say so."""
