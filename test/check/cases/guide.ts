/** The recipes of the safe migrations guide: each unsafe form once, each safe sequence clean. */
import type { Case } from "./case.ts";

// biome-ignore format: one case a line
export const guide: readonly Case[] = [
  ["adding an index", "CREATE INDEX orders_user_id_index ON orders (user_id)", ["index-not-concurrent"], { inTransaction: true }],
  ["adding an index, safely", "CREATE INDEX CONCURRENTLY orders_user_id_index ON orders (user_id)", []],
  ["dropping an index", "DROP INDEX users_age_idx", ["drop-index-not-concurrent"], { inTransaction: true }],
  ["dropping an index, safely", "DROP INDEX CONCURRENTLY users_age_idx", []],
  ["adding a reference", "ALTER TABLE orders ADD CONSTRAINT k FOREIGN KEY (user_id) REFERENCES users (id)", ["add-fk-scan"], { inTransaction: true }],
  ["adding a reference, safely", ["ALTER TABLE orders ADD CONSTRAINT k FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID", "ALTER TABLE orders VALIDATE CONSTRAINT k"], [], { inTransaction: true }],
  ["adding a column with a default", "ALTER TABLE orders ADD COLUMN approved boolean DEFAULT false", [], { inTransaction: true }],
  ["adding a column with a volatile default", "ALTER TABLE orders ADD COLUMN token uuid DEFAULT gen_random_uuid()", ["add-column-rewrite"], { inTransaction: true }],
  ["adding a column with a volatile default, safely", ["ALTER TABLE orders ADD COLUMN token uuid", "ALTER TABLE orders ALTER COLUMN token SET DEFAULT gen_random_uuid()"], [], { inTransaction: true }],
  ["changing a default", "ALTER TABLE orders ALTER COLUMN total SET DEFAULT 1", [], { inTransaction: true }],
  ["changing a default by restating the type", "ALTER TABLE orders ALTER COLUMN total TYPE integer, ALTER COLUMN total SET DEFAULT 1", ["statistics-lost"], { inTransaction: true }],
  ["changing a type", "ALTER TABLE orders ALTER COLUMN total TYPE bigint", ["change-column-type"], { inTransaction: true }],
  ["changing a type that is free", "ALTER TABLE users ALTER COLUMN email TYPE varchar(255)", ["statistics-lost"], { inTransaction: true }],
  ["removing a column", "ALTER TABLE orders DROP COLUMN note", ["drop-column"], { inTransaction: true }],
  ["renaming a column", "ALTER TABLE orders RENAME note TO remark", ["rename-column"], { inTransaction: true }],
  ["renaming a table", "ALTER TABLE bills RENAME TO invoices", ["rename-table"], { inTransaction: true }],
  ["adding a check", "ALTER TABLE orders ADD CONSTRAINT price_positive CHECK (total > 0)", ["add-check-scan"], { inTransaction: true }],
  ["adding a check, safely", ["ALTER TABLE orders ADD CONSTRAINT price_positive CHECK (total > 0) NOT VALID", "ALTER TABLE orders VALIDATE CONSTRAINT price_positive"], [], { inTransaction: true }],
  ["setting NOT NULL", "ALTER TABLE orders ALTER COLUMN state SET NOT NULL", ["set-not-null-scan"], { inTransaction: true }],
  ["setting NOT NULL, safely", ["ALTER TABLE orders ADD CONSTRAINT k CHECK (state IS NOT NULL) NOT VALID", "ALTER TABLE orders VALIDATE CONSTRAINT k; ALTER TABLE orders ALTER COLUMN state SET NOT NULL; ALTER TABLE orders DROP CONSTRAINT k;"], [], { inTransaction: true }],
  ["restating the type defeats the proof", ["ALTER TABLE orders ADD CONSTRAINT k CHECK (note IS NOT NULL) NOT VALID", "ALTER TABLE orders VALIDATE CONSTRAINT k", "ALTER TABLE orders ALTER COLUMN note TYPE varchar, ALTER COLUMN note SET NOT NULL"], ["change-column-type"], { inTransaction: true }],
  ["adding JSON", "ALTER TABLE orders ADD COLUMN extra json", [], { inTransaction: true }],
  ["adding an extension", "CREATE EXTENSION IF NOT EXISTS pg_trgm", [], { inTransaction: true }],
  ["renaming an enum value", "ALTER TYPE mood RENAME VALUE 'ok' TO 'fine'", ["rename-enum-value"], { inTransaction: true }],
  ["a table with its indexes", "CREATE TABLE posts (id bigserial PRIMARY KEY, title text NOT NULL, user_id bigint REFERENCES users (id), inserted_at timestamp(0) NOT NULL); CREATE INDEX posts_user_id_index ON posts (user_id);", [], { inTransaction: true }],
  ["a backfill in a migration", "UPDATE orders SET state = 'open' WHERE state IS NULL", ["unbatched-dml"], { inTransaction: true }],
];
