"""Sentiment, themes, relevance and copies of each distinct text, once a model version."""
