drop view recent_notes;
