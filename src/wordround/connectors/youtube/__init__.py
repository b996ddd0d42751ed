from wordround.connectors.youtube.connector import TERMS, Block, Source

__all__ = ["TERMS", "Block", "Source"]
