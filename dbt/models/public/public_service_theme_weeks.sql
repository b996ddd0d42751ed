{{ public_theme_figures(['service_id', 'trust_code', 'theme_code', 'week_date', 'month_code'], 'week') }}
