-- One row per mart and label that shows a count of 1 to 4.
{% for mart, labels in {
    'fct_service_weeks': ['comment', 'response', 'voice', 'negative', 'neutral', 'positive'],
    'fct_service_theme_weeks': ['comment', 'negative'],
}.items() %}
    {% set outer = loop %}
    {% for label in labels %}
        select '{{ mart }}.{{ label }}_count_label' as what, count(*) as shown_rows
        from {{ ref(mart) }}
        where {{ label }}_count between 1 and 4 and {{ label }}_count_label != '*'
        having count(*) > 0
        {{ 'union all' if not (loop.last and outer.last) }}
    {% endfor %}
{% endfor %}
