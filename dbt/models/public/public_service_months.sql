{{ public_comment_figures(['service_id', 'trust_code', 'month_code'], 'month') }}
