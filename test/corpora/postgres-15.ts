import { debianProgram } from "../support/debian.ts";
import { type PostgresPrograms, startPostgres } from "../support/postgres-server.ts";
import type { Server } from "../support/server.ts";

/** A PostgreSQL of the version that the hashes were made with, and the `pg_dump` that belongs to it. */
export type Postgres15 = Server & { readonly pgDump: string };

/** Gives nothing when it is not installed, after saying how to install it. */
export async function startPostgres15(): Promise<Postgres15 | undefined> {
  const pgDump = program("pg_dump");
  const programs = pgDump === undefined ? undefined : serverPrograms();
  if (pgDump === undefined || programs === undefined) return undefined;
  return { ...(await startPostgres({ programs })), pgDump };
}

function serverPrograms(): PostgresPrograms | undefined {
  const initdb = program("initdb");
  const postgres = initdb === undefined ? undefined : program("postgres");
  return initdb === undefined || postgres === undefined ? undefined : { initdb, postgres };
}

function program(name: string): string | undefined {
  return debianProgram(name, "postgresql-15", "/usr/lib/postgresql/15/bin");
}
