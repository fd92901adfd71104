-- migrate:up
alter table notes add column pinned integer not null default 0;

-- migrate:down
alter table notes drop column pinned;
