/** Statements as they stand in migrations, written without a look at other cases, on a schema of their own. */
import type { Swept } from "./swept.ts";

export const shop = `
CREATE SCHEMA billing;
CREATE TYPE order_state AS ENUM ('new', 'paid', 'sent');
CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%');
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.updated_at = now(); RETURN NEW; END';
CREATE FUNCTION slug(title text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT lower(title)';
CREATE TABLE customers (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email email NOT NULL,
  name varchar(80) NOT NULL,
  country char(2),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz
);
CREATE UNIQUE INDEX customers_email ON customers (lower(email));
CREATE TABLE products (
  id serial PRIMARY KEY,
  sku text NOT NULL CONSTRAINT products_sku_key UNIQUE,
  title text NOT NULL,
  price numeric(10, 2) NOT NULL CONSTRAINT price_positive CHECK (price > 0),
  stock int DEFAULT 0,
  tags text[] NOT NULL DEFAULT '{}',
  attributes jsonb
);
CREATE INDEX products_title ON products (title);
CREATE TABLE orders (
  id bigserial PRIMARY KEY,
  customer_id bigint NOT NULL CONSTRAINT orders_customer REFERENCES customers ON DELETE CASCADE,
  state order_state NOT NULL DEFAULT 'new',
  total numeric(12, 2),
  placed_at timestamp NOT NULL DEFAULT now(),
  note text
);
CREATE INDEX orders_customer_id ON orders (customer_id);
CREATE TABLE order_lines (
  order_id bigint REFERENCES orders,
  line int,
  product_id int CONSTRAINT lines_product REFERENCES products,
  quantity int NOT NULL DEFAULT 1,
  PRIMARY KEY (order_id, line)
);
CREATE TABLE billing.invoices (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), order_id bigint REFERENCES orders, amount numeric(12, 2));
CREATE TABLE events (id bigint NOT NULL, kind text NOT NULL, happened date NOT NULL, payload jsonb, PRIMARY KEY (id, happened)) PARTITION BY RANGE (happened);
CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE events_rest PARTITION OF events DEFAULT;
CREATE TABLE audit (at timestamptz, who text);
CREATE TABLE audit_old () INHERITS (audit);
CREATE VIEW open_orders AS SELECT id, customer_id, total FROM orders WHERE state <> 'sent';
CREATE MATERIALIZED VIEW sales AS SELECT product_id, sum(quantity) AS sold FROM order_lines GROUP BY product_id;
CREATE UNIQUE INDEX sales_product ON sales (product_id);
CREATE TRIGGER products_touch BEFORE UPDATE ON customers FOR EACH ROW EXECUTE FUNCTION touch();
CREATE SEQUENCE billing.numbers;
`;

export const shopRows = `
INSERT INTO customers (email, name, country) VALUES ('a@x', 'Ann', 'at'), ('b@x', 'Bob', 'be');
INSERT INTO products (sku, title, price) VALUES ('s1', 'One', 1), ('s2', 'Two', 2);
INSERT INTO orders (customer_id, total) VALUES (1, 10), (2, 20);
INSERT INTO order_lines VALUES (1, 1, 1, 2), (1, 2, 2, 1);
INSERT INTO billing.invoices (order_id, amount) VALUES (1, 10);
INSERT INTO events VALUES (1, 'a', '2025-05-05'), (2, 'b', '2030-01-01');
INSERT INTO audit VALUES (now(), 'me');
REFRESH MATERIALIZED VIEW sales;
`;

export const afresh: readonly Swept[] = [
  "ALTER TABLE customers ADD COLUMN phone text",
  "ALTER TABLE customers ADD COLUMN active boolean NOT NULL DEFAULT true",
  "ALTER TABLE customers ADD COLUMN token uuid DEFAULT gen_random_uuid()",
  "ALTER TABLE customers ADD COLUMN birthday date CHECK (birthday > '1900-01-01')",
  "ALTER TABLE customers ADD COLUMN referrer bigint REFERENCES customers",
  "ALTER TABLE customers ALTER COLUMN name TYPE varchar(120)",
  "ALTER TABLE customers ALTER COLUMN name TYPE varchar(40)",
  "ALTER TABLE customers ALTER COLUMN country TYPE varchar(2)",
  "ALTER TABLE customers ALTER COLUMN country SET NOT NULL",
  "ALTER TABLE customers ALTER COLUMN id TYPE int",
  "ALTER TABLE customers ALTER COLUMN id SET DEFAULT 5",
  "ALTER TABLE customers ALTER COLUMN updated_at SET DEFAULT now()",
  "ALTER TABLE customers DROP COLUMN country",
  "ALTER TABLE customers DROP COLUMN email",
  "ALTER TABLE customers DROP COLUMN fax",
  "ALTER TABLE customers RENAME COLUMN name TO full_name",
  "ALTER TABLE customers RENAME COLUMN nombre TO name",
  "ALTER TABLE customers ADD CONSTRAINT country_known CHECK (country IN ('at', 'be'))",
  "ALTER TABLE customers ADD CONSTRAINT named CHECK (length(name) > 0) NOT VALID",
  "ALTER TABLE customers ADD CONSTRAINT customers_name UNIQUE (name)",
  "ALTER TABLE customers DROP CONSTRAINT customers_pkey",
  "ALTER TABLE customers DROP CONSTRAINT customers_pkey CASCADE",
  "ALTER TABLE customers DISABLE TRIGGER products_touch",
  "ALTER TABLE customers DISABLE TRIGGER touch_customers",
  "ALTER TABLE products ALTER COLUMN stock SET NOT NULL",
  "ALTER TABLE products ALTER COLUMN stock TYPE bigint",
  "ALTER TABLE products ALTER COLUMN price TYPE numeric(14, 2)",
  "ALTER TABLE products ALTER COLUMN price TYPE numeric(10, 4)",
  "ALTER TABLE products ALTER COLUMN sku TYPE varchar(60)",
  "ALTER TABLE products ALTER COLUMN attributes TYPE text USING attributes::text",
  "ALTER TABLE products ALTER COLUMN tags TYPE varchar[]",
  "ALTER TABLE products ADD COLUMN search tsvector GENERATED ALWAYS AS (to_tsvector('simple', title)) STORED",
  "ALTER TABLE products ADD COLUMN search tsvector GENERATED ALWAYS AS (to_tsvector(title)) STORED",
  "ALTER TABLE products ADD COLUMN slug text GENERATED ALWAYS AS (slug(title)) STORED",
  "ALTER TABLE products RENAME CONSTRAINT price_positive TO price_is_positive",
  "ALTER TABLE products DROP CONSTRAINT price_positive, ADD CONSTRAINT price_positive CHECK (price >= 0)",
  "ALTER TABLE products VALIDATE CONSTRAINT price_positive",
  "ALTER TABLE products ADD PRIMARY KEY (sku)",
  "ALTER TABLE products SET (fillfactor = 80)",
  "ALTER TABLE products SET SCHEMA billing",
  "ALTER TABLE products REPLICA IDENTITY USING INDEX products_sku_key",
  "ALTER TABLE orders ALTER COLUMN state DROP DEFAULT",
  "ALTER TABLE orders ALTER COLUMN state TYPE text",
  'ALTER TABLE orders ALTER COLUMN note TYPE text COLLATE "C"',
  "ALTER TABLE orders ALTER COLUMN placed_at TYPE timestamptz",
  "ALTER TABLE orders ALTER COLUMN placed_at TYPE timestamp(0)",
  "ALTER TABLE orders ALTER COLUMN total SET NOT NULL",
  "ALTER TABLE orders ALTER COLUMN total TYPE numeric(14, 2)",
  "ALTER TABLE orders ALTER COLUMN state SET DEFAULT 'lost'",
  "ALTER TABLE orders ADD COLUMN currency char(3) NOT NULL DEFAULT 'EUR'",
  "ALTER TABLE orders ADD COLUMN shipped_at timestamptz, ADD COLUMN carrier text",
  "ALTER TABLE orders ADD COLUMN number int GENERATED BY DEFAULT AS IDENTITY",
  "ALTER TABLE orders DROP COLUMN note",
  "ALTER TABLE orders DROP COLUMN total CASCADE",
  "ALTER TABLE orders DROP CONSTRAINT orders_customer",
  "ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers ON DELETE RESTRICT NOT VALID",
  "ALTER TABLE orders ALTER CONSTRAINT orders_customer DEFERRABLE INITIALLY IMMEDIATE",
  "ALTER TABLE orders ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
  "ALTER TABLE orders SET UNLOGGED",
  "ALTER TABLE orders RENAME TO purchases",
  "ALTER TABLE order_lines ADD CONSTRAINT some_quantity CHECK (quantity > 0)",
  "ALTER TABLE order_lines DROP CONSTRAINT order_lines_pkey",
  "ALTER TABLE order_lines ALTER COLUMN product_id TYPE bigint",
  "ALTER TABLE order_lines ALTER COLUMN quantity SET STATISTICS 1000",
  "ALTER TABLE order_lines ADD UNIQUE (product_id, order_id)",
  "ALTER TABLE order_lines ADD FOREIGN KEY (order_id, line) REFERENCES orders (id)",
  "ALTER TABLE billing.invoices ADD COLUMN paid boolean",
  "ALTER TABLE invoices ADD COLUMN paid boolean",
  "ALTER TABLE billing.invoices ALTER COLUMN id SET DEFAULT 'x'",
  "ALTER TABLE billing.invoices SET SCHEMA public",
  "ALTER TABLE events ADD COLUMN source text",
  "ALTER TABLE events_2025 ADD COLUMN source text",
  "ALTER TABLE events ALTER COLUMN kind TYPE varchar(20)",
  "ALTER TABLE events ADD CONSTRAINT kinds CHECK (kind <> '') NOT VALID",
  "ALTER TABLE events DROP CONSTRAINT events_pkey",
  "ALTER TABLE events DETACH PARTITION events_2025",
  "ALTER TABLE events ADD UNIQUE (kind)",
  "ALTER TABLE audit ADD COLUMN what text",
  "ALTER TABLE audit_old NO INHERIT audit",
  "ALTER TABLE open_orders ADD COLUMN x int",
  "ALTER VIEW open_orders RENAME TO orders_that_are_open",
  "ALTER VIEW open_orders RENAME COLUMN total TO amount",
  "ALTER MATERIALIZED VIEW sales RENAME TO sold",
  "ALTER SEQUENCE billing.numbers RESTART WITH 1000",
  "ALTER SEQUENCE billing.counters RESTART WITH 1000",
  "ALTER SEQUENCE customers_id_seq AS int",
  "ALTER TYPE order_state ADD VALUE 'returned' AFTER 'sent'",
  "ALTER TYPE order_state RENAME VALUE 'new' TO 'open'",
  "ALTER TYPE order_state RENAME TO state_of_order",
  "ALTER DOMAIN email ADD CONSTRAINT no_spaces CHECK (VALUE NOT LIKE '% %')",
  "ALTER DOMAIN email DROP CONSTRAINT email_check",
  "ALTER INDEX products_title RENAME TO products_by_title",
  "ALTER INDEX products_titel RENAME TO products_by_title",
  "CREATE INDEX ON orders (placed_at DESC)",
  "CREATE INDEX orders_by_day ON orders ((placed_at::date))",
  "CREATE INDEX customers_by_day ON customers ((created_at::date))",
  "CREATE INDEX ON products USING gin (tags)",
  "CREATE INDEX ON products USING gin (title)",
  "CREATE INDEX ON products (price) INCLUDE (title) WHERE stock > 0",
  "CREATE UNIQUE INDEX ON order_lines (product_id) WHERE quantity > 100",
  "CREATE INDEX CONCURRENTLY ON customers (name)",
  "CREATE INDEX ON sales (sold)",
  "CREATE INDEX ON open_orders (total)",
  "CREATE INDEX ON events (kind)",
  "CREATE INDEX CONCURRENTLY ON events (kind)",
  "DROP INDEX products_title",
  "DROP INDEX products_sku_key",
  "DROP INDEX IF EXISTS products_nothing",
  "DROP TABLE audit",
  "DROP TABLE audit CASCADE",
  "DROP TABLE products",
  "DROP TYPE order_state",
  "DROP FUNCTION touch()",
  "DROP VIEW open_orders",
  "DROP SEQUENCE billing.numbers",
  "TRUNCATE orders",
  "TRUNCATE audit",
  "CREATE TABLE refunds (id bigserial PRIMARY KEY, order_id bigint NOT NULL REFERENCES orders)",
  "CREATE TABLE orders (id int)",
  "CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
];
