-- One judgement per post: that of the model version in force.
{{ figures_in_force('relevance', 'stg_understanding__relevance', 'judged_at') }}
