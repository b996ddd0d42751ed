-- One coding per text: that of the codebook version in force.
{{ figures_in_force('themes', 'stg_understanding__theme_codings', 'coded_at') }}
