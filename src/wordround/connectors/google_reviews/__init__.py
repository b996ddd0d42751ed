from wordround.connectors.google_reviews.connector import TERMS, Block, Source

__all__ = ["TERMS", "Block", "Source"]
