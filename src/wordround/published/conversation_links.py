"""Where a conversation points: domains by group, and below each the titles of its pages that enough posts give."""

from collections.abc import Iterable, Sequence

from wordround.published.conversations import LinkCount, LinkTitle
from wordround.published.shown_counts import Line, Shown

GROUPS = {
    "nhs": "NHS", "charity": "Charities", "patient_group": "Patient groups", "government": "Government, regulators",
    "research": "Research", "news": "News", "blog": "Blogs", "campaign": "Campaigns", "video": "Video",
    "other": "Other",
}  # fmt: skip
# Here a domain may be the page of one person: a name below blogspot.com is.
_OF_ANYBODY = ("blog", "campaign", "video", "other")
# Contributions that point to a domain under other titles, or under none.
_REST = ""


def by_group(links: Sequence[LinkCount], titles: Sequence[LinkTitle], shown: Shown) -> Iterable[tuple[str, list[Line]]]:
    """Yield each group and its lines: each domain, and as its parts the titles of its pages.

    A domain that few posts point to, or few writers, could be somebody's own page: it is counted with the others. So
    could a title tell of somebody.
    """
    for code, label in GROUPS.items():
        of_group = [each for each in links if each.link_group == code]
        # A domain that may be somebody's own came as a placeholder.
        domains = [
            each
            for each in of_group
            if not each.link_domain.startswith("<")
            and (code not in _OF_ANYBODY or shown.is_many(each.contribution_count, each.writer_count))
        ]
        lines = [line for each in domains for line in _lines(each, titles, shown)]
        if rest := len(of_group) - len(domains):
            lines.append(Line(f"{rest} further {'domain' if rest == 1 else 'domains'}", ""))
        if lines:
            yield label, lines


def _lines(link: LinkCount, titles: Iterable[LinkTitle], shown: Shown) -> Iterable[Line]:
    count = shown.total(f"links to {link.link_domain}", link.contribution_count, link.writer_count)
    yield Line(link.link_domain, count)
    counts = {
        each.link_title: each.contribution_count
        for each in titles
        if each.link_domain == link.link_domain and shown.is_many(each.contribution_count, each.writer_count)
    }
    # A post may point to several pages of a domain: then there is no rest to speak of.
    rest = max(0, link.contribution_count - sum(counts.values()))
    hidden = shown.hidden(counts | {_REST: rest}, f"titles of {link.link_domain}")
    yield from (Line(title, shown.of(title, count, hidden), is_part=True) for title, count in counts.items())
