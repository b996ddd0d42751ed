"""Which changes of a trend people are told of, once each, and the digest that tells them."""
