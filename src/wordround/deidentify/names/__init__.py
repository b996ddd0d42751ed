"""Names of people: a tagger that weighs each word against its neighbours, a vocabulary that spares it most of
the work.
"""
