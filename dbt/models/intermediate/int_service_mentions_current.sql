-- The services that a text names, by the register in force.
{{ figures_in_force('service_mentions', 'stg_understanding__service_mentions', 'matched_at') }}
