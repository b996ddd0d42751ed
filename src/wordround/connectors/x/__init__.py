from wordround.connectors.x.connector import TERMS, Block, Source

__all__ = ["TERMS", "Block", "Source"]
