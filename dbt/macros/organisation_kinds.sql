{#- Kinds of organisations that organisation_accounts.csv may declare; any other word is an organisation of another kind. -#}
{% macro organisation_kinds() %}
    {{ return(['nhs', 'charity', 'patient_group', 'professional_body', 'university', 'government', 'media', 'union']) }}
{% endmacro %}
