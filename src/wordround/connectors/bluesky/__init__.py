from wordround.connectors.bluesky.connector import TERMS, Block, Source

__all__ = ["TERMS", "Block", "Source"]
