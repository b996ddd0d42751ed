"""One way to break each expectation: suite -> expectation -> SQL that makes it, and nothing else need be, untrue."""

C = "update raw.comments set "
ONE = " where rating = 1"
SAY = C + "text = 'Please {} thanks', text_id = md5('Please {} thanks')" + ONE
R = "update ops.query_runs set "
W = "update marts.fct_service_weeks set "
BUSY = " where comment_count > 0"


def said(words: str) -> str:
    return SAY.format(words, words)


BREAKAGES: dict[str, dict[str, str]] = {
    "loaded_comments": {
        "match_regex comment_id": C + "comment_id = 'native-7'" + ONE,
        "be_in_set is_the_only_one": "insert into raw.comments from raw.comments where rating = 1",
        "not_be_null source": C + "source = null" + ONE,
        "be_in_set source": C + "source = 'elsewhere'" + ONE,
        "be_in_set kind": C + "kind = 'poem'" + ONE,
        "be_in_set question_type": C + "question_type = 'what_bad'" + ONE,
        "not_be_null question_type": C + "question_type = null" + ONE,
        "not_be_null posted_at": C + "posted_at = null" + ONE,
        "be_in_set is_in_the_future": C + "posted_date = current_date + 2" + ONE,
        "be_in_set is_before_fft_began": C + "posted_date = date '1970-01-01'" + ONE,
        # 23:30 UTC in June is the next day in London
        "be_in_set has_the_london_day": C
        + "posted_at = timestamptz '2025-06-30 23:30:00+00', posted_date = date '2025-06-30'"
        + ONE,
        "be_between rating": C + "rating = 7" + ONE,
        "be_in_set has_rating_beyond_its_scale": C + "rating = 5, rating_max = 4, source = 'file'" + ONE,
        "be_in_set author_role": C + "author_role = 'politician'" + ONE,
        "be_in_set collection_mode": C + "collection_mode = 'pigeon'" + ONE,
        "be_in_set has_author_of_x": C + "source = 'x', author_key = md5('somebody')" + ONE,
        "be_in_set has_words_of_a_repost": C + "reshare_of = md5('comment2'), text_id = null" + ONE,
        "be_in_set has_negative_figure": C + "likes = 3, replies = -1" + ONE,
        "be_in_set has_unregistered_account": C + "mentioned_accounts = ['@jobloggs']" + ONE,
        "be_in_set has_more_than_a_domain": C + "link_domains = ['example.org/people/jobloggs']" + ONE,
        "not_be_null trust_code": C + "trust_code = null" + ONE,
        "be_in_set has_a_recorded_batch": C + "batch_id = 'b99'" + ONE,
        "be_in_set is_blank_only_as_null": C + "text = '  ', text_id = md5('  ')" + ONE,
        "be_in_set has_its_own_text_id": C + "text_id = md5('other words')" + ONE,
        "be_in_set has_control_characters": C + "text = 'a' || chr(7), text_id = md5('a' || chr(7))" + ONE,
        "be_in_set has_email": said("write to jo.bloggs@mail.example about it"),
        "be_in_set has_phone": said("ring 07700 900123 after six"),
        "be_in_set has_nhs_number": said("look up 943 476 5919 for me"),
        "be_in_set has_handle": said("ask @jobloggs on the ward"),
        "be_in_set has_link": said("see https://example.org/me for it"),
        "be_in_set has_postcode": said("come to LS1 4AP and see"),
        "be_in_set has_national_insurance_number": said("use QC 12 34 56 C for it".replace("QC", "JT")),
        "be_in_set has_ten_digits": said("look up 1234567890 for me"),
        "be_in_set is_an_answer_with_words": C + "text = null, text_id = null where rating < 6",
        "be_in_set says_where": C + "location_1 = null" + ONE,
        "be_null rating_note": C + "rating_note = 'undocumented_code'" + ONE,
    },
    "loaded_sentiments": {
        "be_between compound": "update understanding.sentiments set compound = 1.2",
        "be_between negative": "update understanding.sentiments set negative = -0.1",
        "be_between neutral": "update understanding.sentiments set neutral = 1.1",
        "be_between positive": "update understanding.sentiments set positive = 1.1",
        "be_between share_total": "update understanding.sentiments set positive = 0.1",
    },
    "loaded_annotations": {
        "be_in_set sentiment": "update understanding.annotations set sentiment = 'glad'",
        "be_in_set sentiment_class": "update understanding.annotations set sentiment_class = 'mixed'",
        "be_between sentiment_probability": "update understanding.annotations set sentiment_probability = 1.1",
        "be_between probability_total": "update understanding.annotations set grade_probabilities = [0.3, 0.3]",
    },
    "loaded_understanding": {
        "be_between missing_share": "insert into understanding.models values ('annotations', 'learned-1', now())",
        "be_in_set repeated_count": "insert into understanding.sentiments from understanding.sentiments limit 1",
    },
    "loaded_unscored": {
        "be_in_set is_understood": "delete from understanding.sentiments"
        " where text_id = md5('The staff of bay 2 were kind')",
    },
    "loaded_batches": {
        "be_in_set unaccounted_count": "update ops.batches set rows_in = 12 where batch_id = 'b2'",
        "be_between smallest_count": "update ops.batches set rows_updated = -1, rows_unchanged = 3"
        " where batch_id = 'b2'",
        "not_be_null unaccounted_count": "update ops.batches set rows_unchanged = null where batch_id = 'b2'",
        "be_in_set quarantined_without_reason_count": "delete from ops.quarantine",
        "be_between quarantined_share": "update ops.batches set rows_in = 2, rows_loaded = 1, rows_updated = 0,"
        " rows_unchanged = 0, rows_no_answer = 0 where batch_id = 'b1'",
    },
    "loaded_query_runs": {
        "be_in_set cut_reason": R + "cut_reason = 'bored'",
        "be_in_set has_asked_forwards": R + "asked_from = asked_until + interval 1 hour",
        "be_in_set has_answer_within_what_was_asked": R + "answered_from = asked_from - interval 1 hour",
        "be_in_set says_why_nothing_came": R + "answered_from = null",
        "be_in_set says_why_it_is_not_whole": R + "answered_from = asked_from + interval 1 hour",
        "be_between smallest_figure": "update ops.refusals set row_count = -1",
        "be_in_set repeated_days": "insert into ops.query_days from ops.query_days where run_id = 'run7'",
        "be_in_set has_rows_for_every_comment": R + "row_count = 38",
        "be_in_set is_not_cut": R + "cut_reason = 'wall'",
        "be_in_set has_no_error": R + "error_code = 'SourceRefused'",
    },
    "loaded_query_volume": {
        "be_between day_share_of_usual": "update ops.query_days set comment_count = 2 where posted_date = '2025-12-12'",
        "be_between week_share_of_usual": "update ops.query_days set comment_count = 6"
        " where posted_date > '2025-12-05'",
    },
    "loaded_volume": {
        "be_between share_of_usual": "update ops.batches set rows_in = 1 where batch_id = 'b10'",
    },
    "publishable_marts": {
        "be_in_set is_built": "drop table marts.dim_weeks",
    },
    "publishable_columns": {
        "not_match_regex column_name": "alter table marts.fct_comments add column author_key varchar",
        "be_in_set is_described": "comment on column marts.dim_weeks.week_date is null",
    },
    "publishable_public_columns": {
        "not_match_regex column_name": "alter table public.public_services add column author_role integer",
        "be_in_set data_type": "alter table public.public_services add column last_loaded_at timestamptz",
        "be_in_set is_a_word_of_the_reference": "alter table public.public_services add column remark varchar",
        "be_in_set is_described": "comment on column public.public_services.service_label is null",
    },
    "publishable_public_figures": {
        "be_in_set has_small_number": "update public.public_trust_months set comment_count = 4",
        "be_in_set is_marked_where_hidden": "update public.public_service_weeks set is_suppressed = false",
        "be_in_set has_share_of_a_hidden_count": "update public.public_trust_weeks set negative_share = 0.5",
        "be_in_set leaves_one_figure_open": "update public.public_service_weeks set comment_count = 12"
        " where week_date = date '2026-01-05'",
    },
    "publishable_register": {
        "be_in_set is_listed_once": "insert into reference.services from reference.services limit 1",
        "be_in_set has_aliases_of_its_own": "update reference.services set aliases ="
        " case when rowid % 2 = 0 then 'Oak dale' else 'OAKDALE.' end",
        "be_in_set has_rebase_dates_that_are_weeks": "update marts.fct_control_chart_points"
        " set not_monitored_reason = 'not monitored: the rebase date 2026-01-01 is no week of this service'",
    },
    "publishable_service_weeks": {
        "be_between negative_share": W + "negative_share = 40" + BUSY,
        "be_between positive_share": W + "positive_share = 60" + BUSY,
        "be_between fft_recommend_share": W + "fft_recommend_share = -0.1" + BUSY,
        "a_to_be_greater_than_b negative_share and negative_share_low": W + "negative_share_low = 0.5" + BUSY,
        "a_to_be_greater_than_b negative_share_high and negative_share": W + "negative_share_high = 0.3" + BUSY,
        "a_to_be_greater_than_b positive_share and positive_share_low": W + "positive_share_low = 0.7" + BUSY,
        "a_to_be_greater_than_b positive_share_high and positive_share": W + "positive_share_high = 0.5" + BUSY,
        "be_in_set has_small_comment_label": W + "comment_count = 4, comment_count_label = '4'" + BUSY,
        "be_in_set has_small_response_label": W + "response_count = 3, response_count_label = '3'" + BUSY,
        "be_in_set has_small_voice_label": W + "voice_count = 1, voice_count_label = '1'" + BUSY,
        "be_in_set has_small_negative_label": W + "negative_count_label = '2'" + BUSY,
        "be_in_set has_small_neutral_label": W + "neutral_count = 1, neutral_count_label = '1'" + BUSY,
        "be_in_set has_small_positive_label": W + "positive_count_label = '3'" + BUSY,
        "match_regex negative_share_label": W + "negative_share_label = '40.02 %'" + BUSY,
        "be_in_set has_labels_that_match_counts": W + "response_count_label = '7'" + BUSY,
        "be_in_set has_no_share_of_a_hidden_count": W + "negative_share_label = '40 %'" + BUSY,
        "be_in_set has_no_figure_to_work_out": W + "positive_count = 6, positive_count_label = '6'" + BUSY,
        "be_in_set has_no_service_to_work_out": W + "comment_count_label = '*'" + BUSY + ";"
        " insert into marts.fct_service_weeks by name select * replace ('kestrel' as service_id, 8 as comment_count,"
        " '8' as comment_count_label) from marts.fct_service_weeks where comment_count > 0",
        "be_in_set is_marked_where_hidden": W + "is_suppressed = false" + BUSY,
    },
    "publishable_service_theme_weeks": {
        "be_between comment_share": "update marts.fct_service_theme_weeks set comment_share = 1.5",
        "be_in_set has_small_comment_label": "update marts.fct_service_theme_weeks set comment_count_label = '4'",
        "be_in_set has_small_negative_label": "update marts.fct_service_theme_weeks set negative_count_label = '2'",
        "be_in_set has_labels_that_match_counts": "update marts.fct_service_theme_weeks set comment_count_label = '7'",
        "be_in_set is_marked_where_hidden": "update marts.fct_service_theme_weeks set is_suppressed = false",
    },
    "publishable_comments": {
        "be_in_set is_withheld_but_shown": "update marts.fct_comments set is_withheld = true",
        "be_in_set is_expired_but_shown": "update marts.fct_comments set is_text_expired = true",
        "be_in_set is_shown_against_terms": "update marts.dim_sources set allows_text = false",
        "be_in_set is_shown_unless_withheld": "update marts.fct_comments set comment_text = null",
    },
    "publishable_control_chart_points": {
        "be_between value": "update marts.fct_control_chart_points set value = 90 where is_monitored",
        "be_in_set has_limits_around_the_mean": "update marts.fct_control_chart_points set lower_limit = 0.5",
        "be_in_set has_limits_where_monitored": "update marts.fct_control_chart_points set upper_limit = null",
        "be_in_set signals_only_where_monitored": "update marts.fct_control_chart_points set is_monitored = false",
    },
    "publishable_alerts": {
        "be_in_set status": "update marts.fct_alerts set status = 'watching'",
        "be_between negative_share": "update marts.fct_alerts set negative_share = 90",
        "be_in_set has_opened_already": "update marts.fct_alerts set opened_week_date = current_date + 7",
        "be_in_set has_a_closing_week_if_closed": "update marts.fct_alerts set status = 'closed'",
        "be_in_set opens_where_its_series_does": "update marts.fct_decision_weeks set is_concern_open = false",
    },
    "publishable_model_weeks": {
        f"be_in_set {jumps}": f"update marts.fct_model_weeks set {jumps} = true"
        " where series_id = 'fft/all' and week_date = date '2025-12-15'"
        for jumps in ("unknown_word_jumps", "probability_jumps", "unlabelled_jumps")
    },
    "publishable_totals": {
        "pair_values_to_be_equal expected_count and actual_count": "delete from marts.fct_source_coverage"
        " where logical_date = date '2026-01-06'",
    },
    "publishable_kept_sources": {
        "be_between kept_share": "delete from marts.fct_comments"
        " where comment_id = (select min(comment_id) from marts.fct_comments)",
    },
    "publishable_kept_rows": {
        "be_between kept_comment_share": "delete from marts.fct_comments"
        " where comment_id = (select min(comment_id) from marts.fct_comments)",
        "be_between kept_share": "delete from marts.fct_service_weeks where comment_count = 0",
    },
}
