/** Words that several messages are made of. */
import { describeMs } from "../blocker.ts";
import type { Version } from "../migration.ts";

/** Who holds the migration lock, as far as the database tells. */
export type LockHolder = {
  readonly pid?: string | undefined;
  readonly host?: string | undefined;
  /** The name of its connection, or what else it is. */
  readonly application?: string | undefined;
  readonly since?: string | undefined;
  /** The migration at work: its version and its name. */
  readonly migration?: string | undefined;
  /** The statement that runs, or the beginning of it, on one line. */
  readonly running?: string | undefined;
  /** For how long its process has not been heard of, in milliseconds, where it should have been: it is frozen, or cut off. */
  readonly silentMs?: number | undefined;
  /** Of one that is silent: the statement that ends its connection, and frees the lock at once. */
  readonly end?: string | undefined;
};

/** A migration that ended well before another one failed. */
export type DoneMigration = {
  readonly repo: string;
  readonly version: Version;
  readonly name: string;
};

/** Where in an SQL text a statement failed. */
export type FailedAt = {
  /** Of the file, from 1. Left out when the text is in no file. */
  readonly line?: number | undefined;
  /** Its number, from 1. */
  readonly statement: number;
  /** How many there are. Left out where the file was not read to its end. */
  readonly statements?: number | undefined;
  /** The text around the error. */
  readonly near: string;
};

/** A migration that did not end well, and what did before it. */
export type FailedMigration = {
  readonly repo: string;
  readonly version: Version;
  readonly name: string;
  readonly direction: "up" | "down";
  readonly operation?: string | undefined;
  readonly place?: FailedAt | undefined;
  readonly transactional: boolean;
  readonly done: readonly DoneMigration[];
};

/** ` at "execute file 1_posts.sql" line 3, statement 2 of 7, near INSERT …`: what failed and where. */
export function failedWhere(failed: {
  readonly operation?: string | undefined;
  readonly place?: FailedAt | undefined;
}): string {
  const { operation, place } = failed;
  if (operation === undefined) return "";
  if (place === undefined) return ` at "${operation}"`;
  const { line, statement, statements, near } = place;
  const lineWords = line === undefined ? "" : ` line ${line}`;
  const all = statements === undefined ? "" : ` of ${statements}`;
  const number = statements === 1 ? "" : `, statement ${statement}${all}`;
  // The operation of a lone statement shows it already.
  const text = line === undefined && statements === 1 ? "" : `, near ${near}`;
  return ` at "${operation}"${lineWords}${number}${text}`;
}

/** Words with commas between them. */
export const list = (words: readonly string[]): string => words.join(", ");
/** A migration as people know it. A version that is the whole id has its name already. */
export const named = (version: Version, name: string | undefined): string =>
  name && !version.endsWith(`_${name}`) ? `${version}_${name}` : version;
/** Lists the migrations done before a failure: all of a few, or how many and the last. */
export function afterDone(done: readonly DoneMigration[]): string {
  const words = done.map((m) => `${m.version} (${m.repo})`);
  if (words.length === 0) return "";
  return words.length <= 3
    ? `; done before it: ${list(words)}`
    : `; ${words.length} done before it, the last ${words.at(-1)}`;
}

/** Describes the holder of the lock, as far as known. */
export function describeHolder(holder: LockHolder | undefined): string {
  if (holder === undefined) return "another process";
  const words = [
    holder.application,
    holder.pid && `pid ${holder.pid}`,
    holder.host && `on ${holder.host}`,
    holder.since && `since ${holder.since}`,
    holder.silentMs !== undefined && `not heard of for ${describeMs(holder.silentMs)}`,
    (holder.migration || holder.running) &&
      `running: ${[holder.migration, holder.running].filter(Boolean).join(": ")}`,
  ].filter(Boolean);
  return words.length === 0 ? "another process" : words.join(", ");
}

/** Says what a run waits for: migrations and who runs them, or the server itself. */
export function describeWaiting(waiting: {
  readonly pending: readonly { readonly version: Version; readonly name: string }[];
  readonly tenants?: number | undefined;
  readonly holder?: LockHolder | undefined;
  readonly reason?: string | undefined;
}): string {
  const { pending, tenants = 0, holder, reason } = waiting;
  if (reason !== undefined) return `the server: ${reason}`;
  const words = pending.slice(0, 3).map(({ version, name }) => named(version, name));
  const more = pending.length > 3 ? ` and ${pending.length - 3} more` : "";
  const who = holder === undefined ? "which nobody runs" : `run by ${describeHolder(holder)}`;
  const behind = tenants === 0 ? "" : `, with ${tenants} tenant${tenants === 1 ? "" : "s"} behind`;
  return `${list(words)}${more}${behind}, ${who}`;
}

/** Several lines of a text as one, for a message. */
export function onOneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, " ");
}
