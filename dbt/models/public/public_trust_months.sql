{{ public_comment_figures(['trust_code', 'month_code'], 'trust_month') }}
