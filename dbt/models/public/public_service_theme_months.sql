{{ public_theme_figures(['service_id', 'trust_code', 'theme_code', 'month_code'], 'month') }}
