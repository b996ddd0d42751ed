"""What happened when stands beside a chart: dated, in words and as a line with a letter; a missing week is a gap."""

import re
from pathlib import Path

import pytest

from tests.fixtures.published import publish, settings_for
from wordround import reports

# The forms have come since the first weeks.
ONE_SERVICE = """delete from marts.dim_services where service_id <> 'kestrel';
    insert into marts.fct_comments by name select * replace ('early' as comment_id, date '2025-10-06' as week_date)
    from marts.fct_comments where service_id = 'kestrel' limit 1;"""
REBASE = """insert into marts.fct_rebases values
    ('kestrel', 'negative_share', date '2026-03-02', 'the ward moved'),
    ('kestrel', 'negative_share', date '2020-01-06', 'before the chart'),
    ('heron', 'negative_share', date '2026-03-02', 'x');"""
SWITCH = """insert into marts.fct_model_switches by name
    select timestamptz '2026-10-14 06:00:00+00' as switched_at, 'annotations' as task_code, 'a new version' as cause;"""
CHIRP = """insert into marts.dim_sources by name select * replace ('chirp' as source_code, 'Chirp' as source_label)
        from marts.dim_sources where source_code = 'fft';
    insert into marts.fct_comments by name
    select comments.* replace (md5('chirp' || posts.number) as comment_id, 'chirp' as source_code,
        date '2026-05-04' + 7 * (posts.number::integer % 4) as week_date)
    from (select * from marts.fct_comments where service_id = 'kestrel' limit 1) as comments,
        range({number}) as posts (number);"""


def section(home: Path, change: str = "") -> str:
    publish(home, ONE_SERVICE + change)
    html = (reports.render(settings_for(home)).folder / "report.html").read_text(encoding="utf-8")
    return html[html.index('aria-labelledby="service-kestrel"') :].partition("</section>")[0]


def noted(content: str) -> list[str]:
    return re.findall(r"<li><strong>[A-Z]</strong> ([^<]+)</li>", content)


def test_notes_stand_in_the_order_of_their_days_with_their_letters_in_the_chart(tmp_path: Path) -> None:
    content = section(tmp_path, REBASE + SWITCH + CHIRP.format(number=24))
    assert noted(content) == [
        "2 March 2026: New limits begin: the ward moved.",
        "4 May 2026: Chirp begins.",
        "1 June 2026: No more from Chirp.",
        "12 October 2026: All comments were read anew: a new version.",
    ]
    chart = re.search(r'<svg class="chart chart--wide"[^>]*control-1-wide.*?</svg>', content, re.DOTALL)
    assert chart is not None
    letters = re.findall(r'<text[^>]*font-weight="bold"[^>]*>([A-Z])</text>', chart.group())
    assert letters == ["A", "B", "C", "D"]
    assert "A, 2 March 2026: New limits begin: the ward moved." in chart.group().partition("</desc>")[0]


def test_late_comments_that_change_an_alert_are_noted_where_it_began(tmp_path: Path) -> None:
    content = section(tmp_path, "update marts.fct_alerts set restated_comment_count = comment_count + 12")
    assert noted(content) == [
        "28 September 2026: Late comments have changed the weeks of an alert; it keeps its own figures."
    ]


def test_a_few_comments_are_no_source_that_came_or_went(tmp_path: Path) -> None:
    assert noted(section(tmp_path, CHIRP.format(number=6))) == []


@pytest.mark.parametrize(("run", "words"), [("7", "seven in a row"), ("6", "six in a row")])
def test_the_rule_stands_in_words_beside_the_chart(tmp_path: Path, run: str, words: str) -> None:
    content = section(tmp_path, f"update meta.rules set rule_value = '{run}' where rule_code = 'run_length'")
    assert words in content


def test_a_week_without_comments_is_a_gap(tmp_path: Path) -> None:
    silent = """update marts.fct_service_weeks set comment_count = 0, negative_share = null, comment_count_label = '0',
        negative_share_label = null where week_date = '2026-05-18';
        update marts.fct_control_chart_points set value = null where week_date = '2026-05-18'"""
    whole, broken = (
        re.search(r'<svg class="chart chart--wide".*?</svg>', section(tmp_path, change), re.DOTALL)
        for change in ("", silent)
    )
    assert whole is not None and broken is not None
    joined = r'<path[^>]*stroke="#aeb7bd"[^>]*>|<path d="[^"]*"[^>]*#aeb7bd'
    assert len(re.findall(joined, broken.group())) == len(re.findall(joined, whole.group())) + 1


def test_what_was_done_stands_in_the_chart_and_below_it_with_what_became_of_it(tmp_path: Path) -> None:
    done = """insert into marts.fct_actions by name
        select 'a-1' as action_id, 'a' as alert_id, 1 as action_version, 'closed' as action_code,
            'made' as outcome_code,
            '24 % before, 15 % after' as answer_label, 'kestrel' as service_id, 'A second phone line' as action_text,
            date '2026-06-10' as acted_date, true as is_in_force"""
    content = section(tmp_path, done)
    assert noted(content) == ["8 June 2026: Something was changed: A second phone line."]
    assert "<li>10 June 2026: A second phone line. 24 % before, 15 % after.</li>" in content
