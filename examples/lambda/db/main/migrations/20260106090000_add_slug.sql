-- migrate:up
alter table notes add column slug text;

-- migrate:down
alter table notes drop column slug;
