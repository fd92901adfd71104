/**
 * What the server of the sweep refuses, and another one may take: roles, tablespaces, collations, access methods,
 * operator classes, functions and extensions are not of the schema alone. `check` must not call it certain to fail.
 */
import type { Swept } from "./swept.ts";

export const elsewhere: readonly Swept[] = [
  ["ALTER TABLE t SET ACCESS METHOD nope", 15],
  "ALTER TABLE t ADD COLUMN x text COLLATE nope",
  "ALTER TABLE t ADD COLUMN x int DEFAULT nope()",
  "ALTER TABLE t ADD CHECK (nope(a))",
  "ALTER TABLE t ADD UNIQUE (a) USING INDEX TABLESPACE nope",
  "ALTER TABLE t ADD EXCLUDE USING nope (p WITH =)",
  "ALTER TABLE t SET TABLESPACE nope",
  "ALTER INDEX t_b_idx SET TABLESPACE nope",
  "ALTER INDEX t_b_idx DEPENDS ON EXTENSION nope",
  "ALTER TABLE t OWNER TO nobody_at_all",
  "ALTER TABLE e DETACH PARTITION e1 FINALIZE",
  "ALTER TYPE mood OWNER TO nobody_at_all",
  "ALTER DOMAIN amount SET DEFAULT nope()",
  "ALTER DOMAIN amount OWNER TO nobody_at_all",
  "CREATE INDEX x ON t USING nope (a)",
  "CREATE INDEX x ON t (b COLLATE nope)",
  "CREATE INDEX x ON t (b nope_ops)",
  "CREATE INDEX x ON t (nope(a))",
  "CREATE INDEX x ON t (a) TABLESPACE nope",
  "ALTER TABLE t ALTER a SET DEFAULT nope()",
];
