{{ public_theme_figures(['trust_code', 'theme_code', 'week_date', 'month_code'], 'trust_week') }}
