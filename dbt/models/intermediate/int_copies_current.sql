-- The group of each text that is long enough to be a copy, as it is grouped now.
{{ figures_in_force('copies', 'stg_understanding__copies', 'grouped_at') }}
