-- One score per text: that of the model version in force.
{{ figures_in_force('sentiment', 'stg_understanding__sentiments', 'scored_at') }}
