"""What code frames are called on pages."""

from wordround.published.theme_trends import PATIENT_EXPERIENCE

_NAMES = {PATIENT_EXPERIENCE: "Patient experience", "lived_experience": "Lived experience"}


def frame_name(code: str) -> str:
    """The name of a frame; of a trust's own, its code in words."""
    return _NAMES.get(code, code.replace("_", " ").capitalize())
