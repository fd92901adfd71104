/** The two ways to keep the migration lock on PostgreSQL, and on what speaks its protocol. */
import type { Named } from "../../core/model/named.ts";
import { ConnectionFailed } from "../adapter.ts";
import type { HeldLock, LockConnection } from "../held-lock.ts";
import { findRun, isFreeSql, tryAdvisoryLock } from "./lock.ts";
import type { SeenRun } from "./lock-holder.ts";
import { type LockDoubt, LockElsewhere, LockNotExclusive } from "./lock-unfit.ts";

/** `advisory`: a lock of the server's. `row`: a row of `slipway_lock` with a time when it is over. */
export type LockBy = "advisory" | "row";

/** Who takes the lock, and in which way. */
export type Locking = {
  readonly application: string;
  readonly leaseMs: number;
  /** Default: `advisory`. */
  readonly lockBy?: LockBy | undefined;
};

export type PostgresLock = {
  take(connection: LockConnection, name: string, history?: Named): Promise<HeldLock | undefined>;
  find(
    connection: Pick<LockConnection, "query">,
    name: string,
    history?: Named,
  ): Promise<SeenRun | undefined>;
  /** How the connection that works finds out that the lock which another one holds keeps nobody out. */
  doubt(name: string, history: Named): Promise<LockDoubt>;
};

/** @throws {ConnectionFailed} for a way that there is not: to take it for the default would let two in at once */
export function refuseOtherWay(way: unknown): void {
  if (way === undefined || way === "advisory" || way === "row") return;
  throw new ConnectionFailed(`the option lockBy is ${JSON.stringify(way)}`, {
    hint: 'Give lockBy "advisory" or "row". Nothing has run.',
    lasting: true,
  });
}

/** The lock as this way has it; without a history the row is beside the one of the default name. */
export function lockBy({ lockBy: way, ...by }: Locking): PostgresLock {
  const first = { name: "schema_migrations" };
  if (way !== "row") {
    return {
      take: (connection, name) => tryAdvisoryLock(connection, { ...by, name }),
      find: (connection, name) => findRun(connection, { ...by, name }),
      doubt: async (name) => ({ isFree: isFreeSql(name), error: () => new LockNotExclusive() }),
    };
  }
  // Read only here, because few servers need it.
  return {
    take: async (connection, name, history = first) => {
      const { tryRowLock } = await import("./row-lock.ts");
      return tryRowLock(connection, { ...by, name, history });
    },
    find: async (connection, name, history = first) => {
      const { findRowHolder } = await import("./row-lock.ts");
      const holder = await findRowHolder(connection, { name, history });
      return holder && { holder };
    },
    doubt: async (name, history) => {
      const { isFreeRow } = await import("./row-lock.ts");
      return { isFree: isFreeRow({ name, history }), error: () => new LockElsewhere() };
    },
  };
}
