"""An attacker who knows every published label, every total and how the counts hang together recovers no hidden figure.

The attack is interval propagation: each hidden cell starts as "at least 1" (zeros are shown) or "1 to 4", and every sum
and every inequality narrows it. A cell that narrows to a single number has been disclosed.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pytest
from small_warehouse import SmallWarehouse

from wordround.build import dbt as marts
from wordround.registers.frames import frames, themes
from wordround.settings import PROJECT, load_settings
from wordround.warehouse.texts import store_themes

# 7 services x 40 weeks of a first trust with few comments, and a second trust with one service more than small.
SYNTHETIC = """
    create temp table counts as
    select
        trust_code, service, week,
        case
            when week % 8 = 0 and trust_code = 'T1' then (hash(service, week) % 2)::integer
            when week % 8 = 1 and trust_code = 'T1' then case when service < 2 then 1 else 12 end
            when week % 8 = 2 and trust_code = 'T1' then case when service < 2 then 8 else 18 end
            when hash(service, week, 1) % 3 = 0 then (hash(service, week, 2) % 5)::integer
            else (hash(service, week, 3) % 40)::integer
        end as answers
    from (values ('T1', 7), ('T2', 2)) as trusts (trust_code, services),
        range(7) as s (service), range(40) as w (week)
    where service < services;
    insert into raw.comments by name
    select
        md5(concat_ws('|', trust_code, service, week, n)) as comment_id,
        md5(concat_ws('|', 'form', trust_code, service, week, n // 2)) as response_id,
        case
            when hash(trust_code, service, week, n) % 5 > 0 then 'text ' || hash(trust_code, service, week, n) % 997
        end as text,
        md5(text) as text_id, 'fft' as source, 'survey_answer' as kind, 'what_good' as question_type,
        date '2025-01-06' + 7 * week::integer as posted_date, posted_date::timestamptz as posted_at,
        posted_date::timestamptz as collected_at,
        (1 + hash(trust_code, service, week, n // 2, 'score') % 6)::integer as rating,
        trust_code, 'Place ' || service as location_1, md5('voice' || n // 2) as author_key, false as is_withheld,
        'b1' as batch_id, date '2026-01-01' as logical_date, 'h' as content_hash, 0 as identifiers_removed,
        timestamptz '2026-01-01 05:00:00+00' as loaded_at, timestamptz '2026-01-01 05:00:00+00' as updated_at
    from counts, range(answers) as a (n);
    insert into understanding.sentiments
    select distinct text_id, 'vader-3.3.2', 0.1, 0.8, 0.1, (hash(text_id) % 3)::double / 2 - 0.5,
        timestamptz '2026-01-01 05:00:00+00'
    from raw.comments where text is not null;
    insert into understanding.annotations
    select text_id, 'what_good', 'learned-00000001', told,
        if(told = 'en', ['negative', 'neutral', 'positive'][1 + (hash(text_id) % 3)::integer], null) as sentiment,
        sentiment, if(told = 'en', 0.8, null), if(told = 'en', [0.2, 0.2, 0.2, 0.2, 0.2], null),
        list_transform(
            list_filter(
                ['staff_manner', 'competence', 'feeling_safe', 'parking', 'transport', 'lived_experience.thanks'],
                lambda code: told = 'en' and hash(text_id, code) % 3 = 0
            ),
            lambda code: {
                'theme_code': code, 'probability': 0.8,
                'polarity': ['negative', 'positive'][1 + (hash(text_id, code, 'polarity') % 2)::integer],
                'words': ['nurse']
            }
        ),
        timestamptz '2026-01-01 05:00:00+00', null
    from (
        select distinct text_id, if(hash(text_id, 'l') % 12 = 0, 'pl', 'en') as told
        from raw.comments where text is not null
    );
    insert into understanding.models values
        ('sentiment', 'vader-3.3.2', '2026-01-01 00:00:00+00'),
        ('annotations', 'learned-00000001', '2026-01-01 00:00:00+00');
"""

CLASSES = ("negative", "neutral", "positive")


@dataclass
class Attack:
    """Cells with what is known of them, and the relations between them."""

    low: dict[Any, int] = field(default_factory=dict)
    high: dict[Any, int] = field(default_factory=dict)
    hidden: set[Any] = field(default_factory=set)
    sums: list[tuple[Any, list[Any]]] = field(default_factory=list)
    at_most: list[tuple[Any, Any]] = field(default_factory=list)

    def learn(self, cell: Any, label: str, least: int = 1, most: int = 10_000) -> None:
        if label == "*":
            self.hidden.add(cell)
            self.low[cell], self.high[cell] = least, most
        else:
            self.low[cell] = self.high[cell] = int(label)

    def run(self) -> list[Any]:
        """Cells that are disclosed."""
        changed = True
        while changed:
            before = sum(self.low.values()) - sum(self.high.values())
            for whole, parts in self.sums:
                self._narrow(whole, sum(self.low[p] for p in parts), sum(self.high[p] for p in parts))
                for part in parts:
                    others = [p for p in parts if p != part]
                    least = self.low[whole] - sum(self.high[p] for p in others)
                    self._narrow(part, least, self.high[whole] - sum(self.low[p] for p in others))
            for less, more in self.at_most:
                self._narrow(less, self.low[less], self.high[more])
                self._narrow(more, self.low[less], self.high[more])
            changed = sum(self.low.values()) - sum(self.high.values()) != before
        return [cell for cell in self.hidden if self.low[cell] == self.high[cell]]

    def _narrow(self, cell: Any, low: int, high: int) -> None:
        self.low[cell] = max(self.low[cell], low)
        self.high[cell] = min(self.high[cell], high)
        assert self.low[cell] <= self.high[cell], f"the attacker's assumptions contradict each other at {cell}"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORDROUND_HOME", str(tmp_path_factory.mktemp("disclosure")))
        patch.setenv("WORDROUND_CONFIG", str(PROJECT / "wordround.toml"))
        warehouse = SmallWarehouse(load_settings())
    with warehouse.connect() as connection:
        connection.execute(SYNTHETIC)
        store_themes(connection, themes(frames()))
    marts.build(warehouse.settings)
    return {name: warehouse.table(f"marts.{name}") for name in ("fct_service_weeks", "fct_service_theme_weeks")}


def families(rows: Iterable[dict[str, Any]]) -> dict[Any, list[dict[str, Any]]]:
    found = defaultdict(list)
    for row in rows:
        found[row["trust_code"], row["week_date"]].append(row)
    return found


def attack_on(rows: list[dict[str, Any]], themes: list[dict[str, Any]]) -> Attack:
    """Everything that one trust publishes of one week, and its totals (which obey the rule: none of 1 to 4)."""
    attack = Attack()
    for measure in ("comment", "response", "voice"):
        known = [row for row in rows if row[f"{measure}_count"] is not None]
        labels = [row[f"{measure}_count_label"] for row in known]
        # A zero is hidden only as a last resort, where nothing else could be.
        least = 1 if any(label not in ("*", "0") for label in labels) else 0
        for row, label in zip(known, labels, strict=True):
            attack.learn((row["service_id"], measure), label, least)
        total = sum(row[f"{measure}_count"] for row in known)
        if known:
            # What publishes a total has to hide it where it is 1 to 4, or where every one of its parts is hidden.
            may_be_shown = total == 0 or (total > 4 and set(labels) != {"*"})
            attack.learn(("total", measure), str(total) if may_be_shown else "*", 1)
            attack.sums.append((("total", measure), [(row["service_id"], measure) for row in known]))
    for row in rows:
        service = row["service_id"]
        whole_is_hidden = row["comment_count_label"] == "*"
        for name in CLASSES:
            attack.learn((service, name), row[f"{name}_count_label"], 0 if whole_is_hidden else 1)
        # Nobody is told how many have no class.
        attack.learn((service, "other"), "*", 0)
        attack.hidden.discard((service, "other"))
        if row["without_sentiment_count"] in range(1, 5):
            attack.hidden.add((service, "other"))
        attack.sums.append(((service, "comment"), [(service, name) for name in (*CLASSES, "other")]))
        if row["voice_count"] is not None:
            attack.at_most.append(((service, "voice"), (service, "comment")))
    for row in themes:
        service, theme = row["service_id"], row["theme_code"]
        attack.learn((service, theme), row["comment_count_label"])
        attack.learn((service, theme, "negative"), row["negative_count_label"], 0)
        attack.at_most += [
            ((service, theme), (service, "comment")),
            ((service, theme, "negative"), (service, theme)),
        ]
    return attack


def disclosed(published: dict[str, list[dict[str, Any]]]) -> list[Any]:
    themes = defaultdict(list)
    for row in published["fct_service_theme_weeks"]:
        themes[row["service_id"], row["week_date"]].append(row)
    found = []
    for (trust, week), rows in families(published["fct_service_weeks"]).items():
        mine = [theme for row in rows for theme in themes[row["service_id"], week]]
        found += [(trust, week, cell) for cell in attack_on(rows, mine).run()]
    return found


def test_the_attack_finds_what_a_plain_rule_gives_away() -> None:
    counts = {"s1": 3, "s2": 12, "s3": 9}
    attack = Attack()
    for name, count in counts.items():
        attack.learn(name, "*" if count < 5 else str(count))
    attack.learn("total", "24")
    attack.sums.append(("total", list(counts)))
    assert attack.run() == ["s1"]


def test_no_hidden_count_can_be_worked_out(published: dict[str, list[dict[str, Any]]]) -> None:
    hidden = [row for row in published["fct_service_weeks"] if row["comment_count_label"] == "*"]
    assert len(hidden) > 50
    assert disclosed(published) == []


def test_hidden_counts_that_add_up_to_their_most_have_company(published: dict[str, list[dict[str, Any]]]) -> None:
    for rows in families(published["fct_service_weeks"]).values():
        for measure in ("comment", "response", "voice"):
            hidden = [row[f"{measure}_count"] for row in rows if row[f"{measure}_count_label"] == "*"]
            # Where every part is hidden, its total is too.
            if 1 < len(hidden) < len(rows):
                assert sum(hidden) != 4 * len(hidden) or max(hidden) > 4


def test_small_numbers_are_hidden_and_most_others_are_shown(published: dict[str, list[dict[str, Any]]]) -> None:
    for row in published["fct_service_weeks"]:
        for measure in ("comment", "response", "voice", *CLASSES):
            count, label = row[f"{measure}_count"], row[f"{measure}_count_label"]
            assert label == "*" if count in (1, 2, 3, 4) else label in ("*", None if count is None else str(count))
    large = [row for row in published["fct_service_weeks"] if row["comment_count"] > 4]
    assert sum(row["comment_count_label"] != "*" for row in large) > len(large) / 2


def test_a_share_is_hidden_with_its_numerator_denominator_or_complement(
    published: dict[str, list[dict[str, Any]]],
) -> None:
    shown = 0
    for row in published["fct_service_weeks"]:
        scored = row["comment_count"] - row["without_sentiment_count"]
        share, rest = row["negative_share_label"], scored - row["negative_count"]
        if scored == 0:
            assert share is None
        elif "*" in (row["negative_count_label"], row["comment_count_label"]) or any(
            0 < count < 5 for count in (rest, scored, row["without_sentiment_count"])
        ):
            assert share == "*"
        else:
            assert share == f"{round(100 * row['negative_count'] / scored + 1e-9)} %"
            shown += 1
    assert shown > 20
