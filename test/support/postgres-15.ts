import { existsSync } from "node:fs";
import { join } from "node:path";
import { debianProgram } from "./debian.ts";
import {
  type PostgresServer,
  type PostgresServerOptions,
  startPostgres,
} from "./postgres-server.ts";

const folder = "/usr/lib/postgresql/15/bin";
const extensions = "/usr/share/postgresql/15/extension";

/**
 * Starts Debian's PostgreSQL 15 with these extensions at hand; gives nothing where one of them is not installed, after
 * saying how to install it. CI does without.
 */
export async function startPostgres15With(
  packages: Readonly<Record<string, string>>,
  options: Omit<PostgresServerOptions, "programs"> = {},
): Promise<PostgresServer | undefined> {
  const where = { folder, optional: true };
  const [initdb, postgres] = ["initdb", "postgres"].map((name) =>
    debianProgram(name, "postgresql-15", where),
  );
  if (initdb === undefined || postgres === undefined) return undefined;
  for (const [extension, debianPackage] of Object.entries(packages)) {
    if (existsSync(join(extensions, `${extension}.control`))) continue;
    console.warn(`skipped, ${extension} is missing: apt-get install -y ${debianPackage}`);
    return undefined;
  }
  return startPostgres({ ...options, programs: { initdb, postgres } });
}

/** A program of that version, such as `pg_repack`. */
export function program15(name: string): string {
  return join(folder, name);
}
