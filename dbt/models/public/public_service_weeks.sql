{{ public_comment_figures(['service_id', 'trust_code', 'week_date', 'month_code'], 'week') }}
