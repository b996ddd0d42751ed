"""Names of people: a tagger weighs each word against its neighbours, and a vocabulary spares it most of the work."""
