/** Who stands in the way of a migration, as far as the database tells. */

/** A lock on something, as the database calls it: `AccessExclusiveLock` on `posts`. */
export type NamedLock = { readonly mode: string; readonly on: string };

/** A connection that holds, or waits for, a lock that the migration waits for. */
export type Blocker = {
  readonly pid: string;
  readonly user?: string | undefined;
  readonly application?: string | undefined;
  readonly host?: string | undefined;
  /** `active`, `idle in transaction`, … */
  readonly state?: string | undefined;
  /** For how long its transaction has been open, in milliseconds. */
  readonly transactionMs?: number | undefined;
  /** For how long it has been in its state, in milliseconds. */
  readonly stateMs?: number | undefined;
  /** Since when, in the database's words: by this you see whether it is still the same one. */
  readonly since?: string | undefined;
  /** It is a prepared transaction of this name, which no process holds: `ROLLBACK PREPARED` or `COMMIT PREPARED` ends it. */
  readonly prepared?: string | undefined;
  /** The beginning of what it runs, or ran last: 200 characters. */
  readonly query?: string | undefined;
  /** The database cannot tell who is in the way; this one may be. */
  readonly perhaps?: true | undefined;
  /** The statement that ends it. Left out where nobody asked for it, or nothing can. */
  readonly end?: string | undefined;
};

/** The lock that a connection waits for, the locks that it holds meanwhile, and its blockers. */
export type LockWait = {
  readonly wanted?: NamedLock | undefined;
  readonly held: readonly NamedLock[];
  readonly blockers: readonly Blocker[];
};

/** Words for one that is in the way, as far as known. */
export function describeBlocker(blocker: Blocker): string {
  const { pid, user, application, host, state, transactionMs, stateMs, query, perhaps } = blocker;
  const { prepared } = blocker;
  const words = [
    prepared === undefined ? `pid ${pid}` : `the prepared transaction ${prepared}`,
    application,
    user && `user ${user}`,
    host && `on ${host}`,
    state && (stateMs === undefined ? state : `${state} for ${describeMs(stateMs)}`),
    transactionMs !== undefined && `transaction open for ${describeMs(transactionMs)}`,
  ].filter(Boolean);
  const known = `${perhaps ? "perhaps " : ""}${words.join(", ")}`;
  return query ? `${known}: ${query}` : known;
}

/** Words for all of them. */
export function describeBlockers(blockers: readonly Blocker[]): string {
  return blockers.length === 0
    ? "nobody that the database names"
    : blockers.map(describeBlocker).join("; ");
}

/** `AccessExclusiveLock on posts`. */
export function describeLock({ mode, on }: NamedLock): string {
  return `${mode} on ${on}`;
}

/** Words for a time, as short as it is exact enough: `340 ms`, `2.4 s`, `3 min`, `1 h 12 min`. */
export function describeMs(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${Number((ms / 1_000).toFixed(1))} s`;
  const minutes = Math.round(ms / 60_000);
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return `${Math.floor(minutes / 60)} h${rest === 0 ? "" : ` ${rest} min`}`;
}

/** The same without parts of a second. */
export function describeSeconds(ms: number): string {
  return ms < 1_000 ? "0 s" : describeMs(Math.round(ms / 1_000) * 1_000);
}

/** A query as it may be shown: on one line, cut, and without what stands behind PASSWORD. */
export function shownQuery(query: string): string {
  const line = query.replace(/\s+/g, " ").trim();
  return line
    .replace(/\b(PASSWORD\s+)(?:'(?:[^']|'')*('|$)|\$(\w*)\$.*)/gi, "$1'***'")
    .slice(0, 200);
}
