{{ public_comment_figures(['trust_code', 'week_date', 'month_code'], 'trust_week') }}
