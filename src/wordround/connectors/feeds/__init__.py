from wordround.connectors.feeds.connector import TERMS, Block, Source

__all__ = ["TERMS", "Block", "Source"]
