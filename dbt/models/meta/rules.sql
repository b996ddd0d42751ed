{% set rules = {
    'baseline_weeks': ('weeks', 'The mean and limits of a control chart are fixed on so many weeks.'),
    'minimum_mean_comments': ('comments a week', 'A service with fewer, on average over the baseline, is not monitored.'),
    'minimum_week_comments': ('comments', 'A week with fewer is shown and not judged.'),
    'screen_outliers': ('yes or no', 'Moving ranges of 3.267 times their mean or more are left out of the limits, once.'),
    'rule_profile': (
        'name', 'Whose rules: nhs_r, or mdc_2023, where points outside the limits also count in two of three.'
    ),
    'run_length': ('weeks', 'So many weeks in a row make a trend (rising or falling) or a shift (one side of the mean).'),
    'false_alerts_per_year': (
        'alerts a year', 'So many false alerts are accepted of the whole board: alerts ask for evidence accordingly.'
    ),
    'propose_rebase_weeks': ('weeks', 'An episode that is open for so long asks a person whether it is the new usual.'),
    'explaining_share': (
        'share of the change', 'A mix of sources, questions or services that makes so much of a change explains it.'
    ),
    'part_weeks': ('weeks', 'A change is a part of another one only where both opened within so many weeks.'),
    'risen_words': ('words', 'So many words that rose are named of an alert, at most.'),
    'risen_word_errors': ('standard errors', 'A word rose where its odds did by so many.'),
    'voice_weeks': ('weeks', 'The comments of so many weeks are compared with those of the weeks before.'),
    'voice_errors': ('standard errors', 'A voice fades, or swells, by so many.'),
    'largest_hidden_count': ('comments or forms', 'Counts from 1 to this are hidden.'),
    'awaited_days': (
        'days',
        'A week is not complete while a source that brings files time and again has not brought its own, for so long.'
    ),
    'awaited_public_days': (
        'days', 'A month is not closed for the public while a source that brought something lately is silent, for so long.'
    ),
    'silent_comments': (
        'comments', 'From so many on a source is taken to have brought a week, or a month.'
    ),
    'silent_weeks': (
        'weeks', 'A source is missed in a week without comments where it brought five in eight of so many weeks before, or after.'
    ),
    'silent_months': (
        'months',
        'A source is missed in a month without comments where it brought one so many months before or fewer and one after, or two before.',
    ),
    'least_restated_count': (
        'comments', 'A month that was published is restated only where no figure of it changes by fewer.'
    ),
    'sentiment_cut_off': (
        'compound score', 'Comments scored this far below nought or further are negative, this far above positive.'
    ),
    'conversation_reply_hours': ('hours', 'Replies belong to a conversation until so long after its end.'),
    'surge_days': ('days', 'What is usual of a tag is its mean over so many days before.'),
    'surge_voices': ('authors', 'A tag is proposed as a conversation where so many wrote with it on a day.'),
    'surge_times': ('times the usual', 'A tag is proposed as a conversation from so many on.'),
    'least_own_posts': (
        'posts', 'Of fewer own posts on a subject, of a form or at a time of day it is not said how many replies they draw.'
    ),
    'relevance_cut_off': ('probability', 'Posts from this probability on count as an experience of care.'),
    'comparison_months': ('months', 'Services of one kind are compared over so many closed months, at most.'),
    'least_compared_units': (
        'services, sites or areas', 'With fewer of one kind a funnel finds next to nothing, and nothing is compared.'
    ),
    'least_compared_comments': ('comments', 'A service, site or area with fewer is compared with none.'),
    'least_paired_comments': (
        'comments or scores', 'What people of a service wrote in a month is set beside how they scored where there are as many of both.'
    ),
    'least_paired_months': (
        'months of services', 'With fewer it is not said how far what people write goes with how they score.'
    ),
    'drift_weeks': ('weeks', 'What a model reads in a week is compared with so many weeks before.'),
    'drift_least_weeks': ('weeks', 'With fewer of them, a week is not judged for drift.'),
    'drift_week_comments': ('comments', 'A week with fewer is not judged for drift.'),
    'drift_limit': ('robust standard deviations', 'A change beyond so many, from the median of the weeks before, is a jump.'),
    'drift_least_change': ('share', 'A smaller change is no jump, however sure it is.'),
} %}

{% for code, (unit, description) in rules.items() %}
    select
        '{{ code }}' as rule_code,
        '{{ var(code) | string | lower }}' as rule_value,
        '{{ unit }}' as unit_label,
        '{{ description }}' as description
    {{ 'union all' if not loop.last }}
{% endfor %}
