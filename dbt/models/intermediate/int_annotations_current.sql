-- Language, sentiment and themes by the version in force, one row per text and question.
{{ figures_in_force('annotations', 'stg_understanding__annotations', 'annotated_at', 'question_type') }}
