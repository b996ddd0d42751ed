"""A notebook over the published file: what the trust's services say, with charts. Open it with `marimo edit`."""

import marimo

app = marimo.App(width="medium", app_title="Wordround")


@app.cell
def _():
    import os
    from pathlib import Path

    import altair as alt
    import duckdb
    import marimo as mo

    home = Path(os.environ.get("WORDROUND_HOME", "data/demo"))
    connection = duckdb.connect(str(home / "published" / "wordround.duckdb"), read_only=True)
    published_at = connection.sql("select published_at from meta.publication").fetchone()[0]
    mo.md(f"# What patients say\n\nFigures of the publication of {published_at:%d %B %Y at %H:%M}.")
    return alt, connection, mo


@app.cell
def _(connection, mo):
    services = dict(
        connection.sql("""
            select service_label, service_id from marts.dim_services where comment_count > 0 order by service_label
        """).fetchall()
    )
    service = mo.ui.dropdown(services, value=next(iter(services)), label="Service")
    service  # noqa: B018  what stands last in a cell is shown
    return (service,)


@app.cell
def _(alt, connection, service):
    points = connection.execute(
        """
        select week_date, value, mean_value, lower_limit, upper_limit, point_type
        from marts.fct_control_chart_points
        where measure_code = 'negative_share' and service_id = ?
        order by week_date
        """,
        [service.value],
    ).df()
    base = alt.Chart(points).encode(x=alt.X("week_date:T", title=None))
    share = alt.Y("value:Q", title="Share of negative comments", axis=alt.Axis(format="%"))
    joined = base.mark_line(color="#aeb7bd").encode(y=share)
    marks = base.mark_point(filled=True).encode(y=share, color=alt.Color("point_type:N", title="The chart says"))
    mean = base.mark_line(color="#212b32").encode(y="mean_value:Q")
    dashed = base.mark_line(strokeDash=[6, 4], color="#4c6272")
    limits = [dashed.encode(y="lower_limit:Q"), dashed.encode(y="upper_limit:Q")]
    alt.layer(joined, marks, mean, *limits).properties(width=700, height=260)
    return


@app.cell
def _(connection, mo, service):
    themes = connection.execute(
        """
        select
            dim_themes.theme_label as theme,
            count(*) filter (where polarity = 'negative') as criticise_it,
            count(*) filter (where polarity = 'positive') as praise_it
        from marts.fct_comment_themes
        inner join marts.dim_themes using (theme_code)
        where
            fct_comment_themes.is_counted
            and dim_themes.frame_code = 'patient_experience'
            and dim_themes.level = 'major'
            and fct_comment_themes.service_id = ?
            and week_date > (select max(week_date) from marts.dim_weeks) - interval 12 week
        group by dim_themes.theme_label
        order by criticise_it desc
        """,
        [service.value],
    ).df()
    heading = mo.md("## Themes of the last quarter\n\nExact counts, for the desk.")
    mo.vstack([heading, mo.ui.table(themes, selection=None)])
    return


@app.cell
def _(connection, mo):
    alerts = connection.sql("select * from examples.trends_that_changed where status = 'open'").df()
    mo.vstack([mo.md("## What has changed"), mo.ui.table(alerts, selection=None)])
    return


if __name__ == "__main__":
    app.run()
