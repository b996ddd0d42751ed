{#-
    Whether as many people are heard of a service as usual: its comments a week over the last weeks, beside those of the weeks
    before. In standard errors of the mean of so few weeks; a service that varies less than chance does is taken to vary as
    much. `wordround evaluate alerts` measures this rule (src/wordround/evaluate/alerts/voices.py).
        recent_mean    comments a week of the last `voice_weeks` weeks
        usual_mean, usual_variance, usual_week_count    of the weeks before, at most `baseline_weeks`
-#}
{% macro voice_code(recent_mean, usual_mean, usual_variance, usual_week_count) -%}
    {%- set deviation -%}
        ({{ recent_mean }} - {{ usual_mean }})
        / sqrt(greatest({{ usual_variance }}, {{ usual_mean }}, 0.25) / {{ var('voice_weeks') }})
    {%- endset -%}
    case
        when {{ usual_week_count }} >= {{ var('drift_least_weeks') }} and {{ usual_mean }} >= 0.5
            then case
                when {{ recent_mean }} = 0 and {{ deviation }} <= -2 then 'silent'
                when {{ recent_mean }} <= 0.5 * {{ usual_mean }} and {{ deviation }} <= -{{ var('voice_errors') }}
                    then 'fading'
                when {{ recent_mean }} >= 2 * {{ usual_mean }} and {{ deviation }} >= {{ var('voice_errors') }}
                    then 'much_more'
                else 'usual'
            end
        else 'unknown'
    end
{%- endmacro %}
