-- migrate:up
ALTER PUBLICATION shop ADD TABLE parts;
-- migrate:down
ALTER PUBLICATION shop DROP TABLE parts;
