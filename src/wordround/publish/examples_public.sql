-- Views that a reader of the public file can open, read and change. What is null is hidden, and is not nought.
create schema examples;

create view examples.services_by_month as
select
    public_services.trust_label,
    public_services.service_label,
    public_service_months.month_code,
    public_service_months.comment_count as comments,
    round(100 * public_service_months.negative_share) as negative_percent,
    public_service_months.is_suppressed
from public.public_service_months
inner join public.public_services using (service_id)
order by public_services.trust_label, public_services.service_label, public_service_months.month_code;
comment on view examples.services_by_month is 'How many comments each service had in each month, and how many in a hundred were negative.';

create view examples.themes_by_month as
select
    public_trust_theme_months.trust_code,
    public_themes.theme_label,
    public_trust_theme_months.month_code,
    public_trust_theme_months.comment_count as comments,
    round(100 * public_trust_theme_months.negative_share) as negative_percent
from public.public_trust_theme_months
inner join public.public_themes using (theme_code)
order by public_trust_theme_months.trust_code, public_themes.theme_label, public_trust_theme_months.month_code;
comment on view examples.themes_by_month is 'What the comments of each trust were about, month by month, and how many in a hundred of those criticise it.';
