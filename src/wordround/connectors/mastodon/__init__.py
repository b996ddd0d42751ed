from wordround.connectors.mastodon.connector import TERMS, Block, Source

__all__ = ["TERMS", "Block", "Source"]
