from wordround.connectors.care_opinion.connector import TERMS, Block, Source

__all__ = ["TERMS", "Block", "Source"]
