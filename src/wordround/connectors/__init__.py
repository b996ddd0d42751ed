"""One folder a source: requests out and answers in, or a file in; comment records out. None knows another."""

MEGABYTE = 1 << 20
