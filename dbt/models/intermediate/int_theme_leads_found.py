"""Which themes rose on social media before or after the surveys, and by how much (src/wordround/spc/leading.py)."""


def model(dbt, session):
    dbt.config(materialized="table")
    from wordround.spc import leading

    comments, mentions = dbt.ref("int_theme_channels_counted"), dbt.ref("int_theme_channels_criticised")
    themes = dbt.ref("int_themes_watched").project("theme_code").order("theme_code").fetchall()
    return leading.leads(
        comments.order("trust_code, channel_code, week_date").to_arrow_table(),
        mentions.order("trust_code, theme_code, channel_code, week_date").to_arrow_table(),
        [code for (code,) in themes],
    )
