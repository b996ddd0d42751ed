-- Titles of pages that a post links to, as the post gives them, de-identified, each with the domain of its page. Null:
-- it gives none, or by an earlier version, which kept none.
alter table raw.comments add column link_titles struct("domain" varchar, title varchar) [];
