{{ public_theme_figures(['trust_code', 'theme_code', 'month_code'], 'trust_month', has_negative=true) }}
