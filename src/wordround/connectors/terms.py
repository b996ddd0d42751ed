"""Terms: what a source's terms and nature allow, one record a source. Landing and the reports hold to it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SourceTerms:
    """What may be kept of a source, and what must be.

    `keeps_author_key`: whether distinct voices may be counted, by a keyed hash that holds within one week.
    `needs_locator`: whether there is somebody to ask what was deleted; then native ids go to the vault, for
    `locator_days`. `may_quote_verbatim`: whether a report may show its words. `is_social`: written in public.
    """

    keeps_author_key: bool
    needs_locator: bool
    locator_days: int
    may_quote_verbatim: bool
    is_social: bool


TERMS: dict[str, SourceTerms] = {
    # A trust's own survey: no author is named, and a file is nobody who could be asked. The trust says who withdrew.
    "fft": SourceTerms(
        keeps_author_key=False, needs_locator=False, locator_days=0, may_quote_verbatim=True, is_social=False
    ),
    # Whatever a trust exports: complaints and enquiries are in it, and what others publish. None of it is quoted.
    "file": SourceTerms(
        keeps_author_key=False, needs_locator=False, locator_days=0, may_quote_verbatim=False, is_social=False
    ),
}
