from wordround.connectors.fft.connector import TERMS, Block, Reader, native_ids, row_name

__all__ = ["TERMS", "Block", "Reader", "native_ids", "row_name"]
