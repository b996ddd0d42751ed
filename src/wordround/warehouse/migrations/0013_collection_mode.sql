-- How a form of the Friends and Family Test reached the trust; null: the file does not say, or nothing that is known.
alter table raw.comments add column collection_mode varchar;
