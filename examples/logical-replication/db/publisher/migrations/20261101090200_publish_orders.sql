-- migrate:up
CREATE PUBLICATION shop FOR TABLE orders;
-- migrate:down
DROP PUBLICATION shop;
