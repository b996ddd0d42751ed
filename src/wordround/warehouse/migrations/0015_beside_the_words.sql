-- Titles of pages that a post links to, as the post gives them, de-identified, each with the domain of its page. Null:
-- it gives none, or by an earlier version, which kept none.
alter table raw.comments add column link_titles struct("domain" varchar, title varchar) [];

-- How many followed the account that wrote, on the day (Europe/London) on which this was first collected with a number.
-- Only of accounts that the register calls the trust's own; null for everybody else, and where the source gives none.
alter table raw.comments add column author_followers integer;
alter table raw.comments add column followers_on date;

-- The country that its source declares of a post (ISO 3166-1, two letters); null: it declares none.
alter table raw.comments add column country varchar;
