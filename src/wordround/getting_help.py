"""Where to get help now: one wording for every report, mail and page that the project writes.

Numbers of NHS 111, Samaritans and Shout, and 999. Everything that a person may read carries `SENTENCE`, or
`NOT_WATCHED` with the `LINES`; a test looks for them in every page and mail that was written.
"""

HEADING = "If you, or someone you have read about, needs help now"
NOT_WATCHED = "Nobody watches this for emergencies. In an emergency call 999."
LINES = (
    "NHS 111: call 111 and choose the mental health option, day or night",
    "Samaritans: call 116 123, free, at any time",
    "Shout: text SHOUT to 85258, free, at any time",
)
SENTENCE = (
    "If someone needs help now: NHS 111 (choose the mental health option), Samaritans 116 123, Shout: text SHOUT to "
    "85258. In an emergency call 999."
)
