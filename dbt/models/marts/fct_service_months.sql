{{ comment_months(['service_id', 'trust_code'], 'month') }}
