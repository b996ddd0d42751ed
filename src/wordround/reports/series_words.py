"""What a chart of `wordround chart` says below its title: the rule in words, and what each mark and line is."""

from wordround.published.wording import in_words
from wordround.spc.baseline import Rule
from wordround.spc.options import AttributeOptions, DecisionOptions, FunnelOptions, Options, XmrOptions
from wordround.spc.thresholds import once_in_years

_SPREAD = {
    "p": "the number in each point",
    "pp": "the number in each point, and how much points next to each other differ (Laney)",
    "u": "the number in each point",
    "up": "the number in each point, and how much points next to each other differ (Laney)",
    "c": "chance alone, as in counts",
    "g": "chance alone; the lower limit is nought, so that it shows no increase of a rare event",
    "t": "how much times next to each other differ",
    "i": "how much points next to each other differ",
}

# With fewer the estimate of overdispersion is very uncertain.
_MANY_SERVICES = 13


def rule_in_words(options: Options, count: int) -> str:
    """Return two or three sentences; `count`: how many points or services there are."""
    match options:
        case XmrOptions():
            run = in_words(options.run_length)
            beyond = " or beyond it" if options.rule_profile == "mdc_2023" else ""
            return (
                "Lines: mean and limits of the usual variation. Marked: points outside the limits; "
                f"{run} in a row that rise or fall; two of three near a limit{beyond}; {run} in a row on one side of "
                "the mean."
            )
        case AttributeOptions():
            first = f", from the first {options.freeze} points" if options.freeze else ""
            return (
                f"Lines: centre and limits three standard deviations away{first}, by {_SPREAD[options.chart]}. "
                "Marked: points outside the limits."
            )
        case FunnelOptions():
            few = f" {count} services say little of how much services usually differ." if count < _MANY_SERVICES else ""
            centre = "the share of all together" if options.target is None else "the target"
            return (
                f"Lines: {centre}, and limits for 95 % and 99.8 % of services that differ by chance "
                "and by what services usually differ. Named: services outside the wider limits." + few
            )
        case DecisionOptions():
            return _decision(options)


def _decision(options: DecisionOptions) -> str:
    rule = Rule()
    threshold = min(
        {"concern": options.h_concern, "improvement": options.h_improvement}[side] for side in options.sides
    )
    return (
        f"Line: the share expected from up to {options.keep_weeks} earlier weeks. Below: the evidence of a change; an "
        f"episode opens where it reaches its threshold, which chance alone reaches about once in "
        f"{once_in_years(threshold)} years on one side of one chart. It closes when the evidence of a return reaches "
        f"{options.close_evidence:g}; after {rule.propose_rebase_after_weeks} weeks it is for a person to say whether "
        "this is the new usual."
    )
