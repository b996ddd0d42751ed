"""Stand-ins for the sources: real HTTP servers on loopback that answer in each source's own dialect.

They are hard to please. Each is validated by the source's own SDK where there is one, in
tests/unit/connectors/test_<source>.py. The demo asks them too.
"""
