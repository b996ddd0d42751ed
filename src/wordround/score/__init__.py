"""Sentiment, themes, relevance and copies of each distinct text, once a model version, and the switch to a new one."""
