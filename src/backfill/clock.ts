/** The time of the server, so that no two clocks are ever compared. */
import type { Dialect } from "../core/dialect.ts";

/** SQL of the present time of the server in whole milliseconds. */
export const nowMs: { readonly [Name in Dialect["name"]]: string } = {
  postgres: "(extract(epoch FROM clock_timestamp()) * 1000)::bigint",
  mysql: "CAST(UNIX_TIMESTAMP(SYSDATE(3)) * 1000 AS SIGNED)",
  sqlite: "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)",
};
