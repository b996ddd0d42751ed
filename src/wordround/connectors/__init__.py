"""One module a source: window and settings in, comment records out; nothing else. Connectors never know each other."""
