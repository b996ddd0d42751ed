{#- An account as `source:handle`, so that the register and a post may write it with or without the @ and capitals. -#}
{% macro account_name(account) -%}
    replace(lower(trim({{ account }})), ':@', ':')
{%- endmacro %}

{#- A hashtag without its # and capitals, as plain_text.tag_key has it: the one form in which tags are compared. -#}
{% macro hashtag_name(hashtag) -%}
    list_transform(
        [replace(lower(nfc_normalize(ltrim(trim({{ hashtag }}), '#'))), 'ς', 'σ')],
        lambda name: case
            when
                regexp_matches(
                    name,
                    '[a-z0-9\x{df}-\x{2af}\x{1e00}-\x{1eff}\x{2c60}-\x{2c7f}\x{a722}-\x{a787}\x{a790}-\x{a7ca}]'
                )
                then translate(name, 'авеѕіјкмнорстухүԛԝαιορχβεζηκμντυгпԁһ', 'abesijkmhopctyxyqwaiopxbezhkmntyrndh')
            else name
        end
    )[1]
{%- endmacro %}
