-- migrate:up
-- slipway: safe published-add-column "the repo subscriber has the column, and migrates first"
ALTER TABLE orders ADD COLUMN note text;
-- migrate:down
ALTER TABLE orders DROP COLUMN note;
