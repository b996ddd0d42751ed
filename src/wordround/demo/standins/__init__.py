"""Stand-ins for the sources: real HTTP servers on loopback that answer in each source's own dialect, and are hard to
please.

Each is validated by the source's own SDK where there is one (tests/unit/test_<source>.py). The demo asks them too.
"""
