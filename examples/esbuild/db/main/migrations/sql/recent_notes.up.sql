create view recent_notes as
  select id, title from notes where inserted_at > now() - interval '7 days';
