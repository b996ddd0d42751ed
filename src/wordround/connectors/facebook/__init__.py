from wordround.connectors.facebook.connector import TERMS, Block, Source

__all__ = ["TERMS", "Block", "Source"]
