"""Which changes of a trend people are told of, once each, by which way, and what they do about them."""
