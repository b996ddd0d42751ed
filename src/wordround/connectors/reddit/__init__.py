from wordround.connectors.reddit.connector import TERMS, Block, Source

__all__ = ["TERMS", "Block", "Source"]
