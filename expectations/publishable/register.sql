-- What the trust's own registers say of each service, where two rows contradict each other. Aliases are compared as
-- places are (dbt/macros/place_key.sql): "Ward 4" and "Ward4" are one.
with aliases as (
    select
        service_id,
        coalesce(valid_from, date '0001-01-01') as valid_from,
        coalesce(valid_to, date '9999-12-31') as valid_to,
        trust_code,
        array_to_string(
            list_transform(
                string_split(unnest(string_split(aliases, '|')), '>'),
                lambda part: regexp_replace(
                    regexp_replace(
                        trim(
                            regexp_replace(
                                lower(nfc_normalize(replace(part, '&', ' and '))), '[^\p{L}\p{M}\p{N}]+', ' ', 'g'
                            )
                        ),
                        '([^0-9 ]) ', '\1', 'g'
                    ),
                    ' ([^0-9 ])', '\1', 'g'
                )
            ),
            ' > '
        ) as alias
    from reference.services
    where aliases is not null
)
select
    service_id,
    count(*) = 1 as is_listed_once,
    not exists (
        from aliases as own
        inner join aliases as others
            on
                own.alias = others.alias and own.trust_code = others.trust_code and own.service_id <> others.service_id
                and own.valid_from <= others.valid_to and own.valid_to >= others.valid_from
        where own.service_id = services.service_id
    ) as has_aliases_of_its_own,
    not exists (
        from marts.fct_control_chart_points as p
        where p.service_id = services.service_id and p.not_monitored_reason like 'not monitored: the rebase date%'
    ) as has_rebase_dates_that_are_weeks
from reference.services as services
group by service_id
