"""What is new at each source: files of a drop folder, answers within coverage and budget."""
