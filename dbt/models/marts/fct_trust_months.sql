{{ comment_months(['trust_code'], 'trust_month') }}
