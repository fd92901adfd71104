/** Servers that speak PostgreSQL's protocol, and whose advisory lock keeps nobody out, or is not there. */
import { messageOf } from "../../core/model/message-of.ts";
import type { Refusal, Row } from "../adapter.ts";
import { codeOf } from "./messages.ts";

/** SQL that is true where the lock keeps nobody out, and the error that says so. */
export type LockDoubt = { readonly isFree: string; readonly error: () => Error };

/** Two connections could have the lock at once. */
export class LockNotExclusive extends Error {
  constructor() {
    super("the server gave it to two connections at once");
  }
}

/** The row of the lock is not where the connection works. */
export class LockElsewhere extends Error {
  constructor() {
    super("the connection that works does not see the row of the lock");
  }
}

/**
 * The reason why the lock itself does not work, with the name of the engine; `undefined` when it is
 * something else.
 */
export async function lockRefusal(
  query: (sql: string) => Promise<readonly Row[]>,
  error: unknown,
): Promise<Refusal | undefined> {
  if (error instanceof LockElsewhere) return { reason: messageOf(error), hint: twoServers };
  const isGiven = error instanceof LockNotExclusive;
  if (!isGiven && !isMissing(error)) return undefined;
  const [row] = await query("SELECT version() AS version").catch(() => []);
  const engine = engineOf(String(row?.version ?? ""));
  const reason = isGiven
    ? `${engine} gave it to two connections at once`
    : `${engine} has no advisory locks: ${messageOf(error)}`;
  return { reason, hint: isGiven && engine.startsWith("PostgreSQL") ? oneServer : byRow };
}

const twoServers =
  "Two connections reached two servers: give the adapter directUrl, the address of one server.";
const oneServer =
  "Two connections reached two servers, or advisory locks do nothing here: give the adapter directUrl, the address of one server.";
const byRow =
  'Give the adapter of each release that migrates this database lockBy: "row", and read docs/neighbours.md for what that promises.';

/** A function that is not there, or that the engine does not support. Other functions than those of the lock are its too. */
function isMissing(error: unknown): boolean {
  const code = codeOf(error);
  return (code === "42883" || code === "0A000") && /advisory/i.test(messageOf(error));
}

/**
 * Recognises each engine in `version()`: a name before PostgreSQL's, or within it.
 * https://www.cockroachlabs.com/docs/stable/functions-and-operators
 * https://docs.yugabyte.com/stable/reference/configuration/postgresql-compatibility/
 * https://docs.aws.amazon.com/redshift/latest/dg/r_VERSION.html
 */
export function engineOf(version: string): string {
  if (/-YB-/.test(version)) return `YugabyteDB ${/-YB-([\d.]+)/.exec(version)?.[1] ?? ""}`.trim();
  const redshift = /Redshift ([\d.]+)/.exec(version);
  if (redshift !== null) return `Redshift ${redshift[1]}`;
  const cockroach = /^CockroachDB\b.*?v([\d.]+\d)/.exec(version);
  if (cockroach !== null) return `CockroachDB ${cockroach[1]}`;
  return /^[\w-]+( v?[\d.]*\d)?/.exec(version)?.[0] ?? "this server";
}
