"""How well each model does on labelled comments, what alerts keep of their promises, and the pages that say so."""
