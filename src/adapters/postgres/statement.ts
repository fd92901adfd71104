/** Statements by how they are to be treated when they run. */
import type { Statement } from "../../core/model/statement.ts";
import type { Clause } from "../clauses.ts";
import { clauses } from "./sql-text.ts";

/** Takes no lock that others would wait for. */
export function plain(...parts: readonly Clause[]): Statement {
  return { sql: clauses(...parts), policy: { kind: "plain" } };
}

/** Takes a lock that readers or writers wait for. https://www.postgresql.org/docs/current/explicit-locking.html */
export function locking(...parts: readonly Clause[]): Statement {
  return { sql: clauses(...parts), policy: { kind: "locking" } };
}

/** Runs long beside readers and writers. */
export function online(...parts: readonly Clause[]): Statement {
  return { sql: clauses(...parts), policy: { kind: "online" } };
}

/** Runs long beside readers and writers, and refuses a transaction. */
export function alone(...parts: readonly Clause[]): Statement {
  return { ...online(...parts), alone: true };
}
