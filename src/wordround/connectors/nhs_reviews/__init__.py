from wordround.connectors.nhs_reviews.connector import TERMS, Block, Source

__all__ = ["TERMS", "Block", "Source"]
