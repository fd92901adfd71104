/** The migration lock of a Galera cluster: a lease that the whole cluster agrees on, and its heartbeat. */
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { LockHolder } from "../../../core/model/errors.ts";
import type { Fence, FenceRequest, Row } from "../../adapter.ts";
import type { MysqlConnection } from "../driver.ts";
import { endEarlier } from "../earlier-holder.ts";
import { ensureLockTable, leaving, takeNumber } from "../fence.ts";
import type { InUse } from "../in-use.ts";
import { literal } from "../literal.ts";
import { lockName } from "../lock.ts";
import { errorNumber } from "../messages.ts";
import { quoteNamed } from "../sql-text.ts";
import { Beating } from "./beating.ts";
import { isCaughtUp } from "./caught-up.ts";
import {
  freeRow,
  holderOf,
  type LeasePlace,
  type LeaseRow,
  makeRows,
  proveNumber,
  readLease,
  takeRow,
  writtenProof,
} from "./lease-row.ts";
import { refuseOneNode } from "./one-node.ts";

/** The session that works, as far as the lock needs it. */
export type ClusterSession = {
  query(sql: string): Promise<readonly Row[]>;
  change(sql: string): Promise<number>;
  readonly connection: MysqlConnection;
  readonly inUse: InUse;
  /** A second connection, perhaps to another node. */
  connect(): Promise<MysqlConnection>;
  readonly application: string;
  readonly leaseMs: number;
};

/** Seconds that a statement waits for a row of ours. Longer waits are for the caller to poll. */
const patienceSeconds = 1;

/** The lock of one session that works. */
export class ClusterLock {
  /** Who was in the way of the last try. */
  holder: LockHolder | undefined;
  readonly #session: ClusterSession;
  /** The lease of another holder, and since when it has looked like this. */
  #watched: { readonly state: string; readonly since: number } | undefined;
  /** Whether all nodes waited for a change of a table at the last try. */
  #wasBlocked = false;
  #beating: Beating | undefined;

  constructor(session: ClusterSession) {
    this.#session = session;
  }

  /**
   * Tries once. The lease of a holder that is silent is taken when this process has watched it for that long: no two
   * nodes have the same clock.
   */
  async take(request: FenceRequest): Promise<Fence | undefined> {
    const { query } = this.#session;
    const table = quoteNamed({ ...request.history, name: "slipway_lock" });
    const place = { table, name: request.name };
    await refuseOneNode(query);
    await ensureLockTable(query, table);
    const seen = await this.#read(place);
    if (seen === undefined) return undefined;
    const holder = holderOf(seen);
    this.holder = holder;
    if (holder !== undefined && !(await this.#isOver(request, seen))) return undefined;
    const connection = await this.#session.connect();
    let taken = false;
    try {
      if (!(await isCaughtUp(connection))) {
        connection.hangUp();
        this.#wasBlocked = holder !== undefined;
        this.holder ??= { application: "a change of a table that every node waits for" };
        return undefined;
      }
      if (this.#wasBlocked) {
        // No beat could come meanwhile, and the holder's node may be slower than this one: the watch begins anew.
        this.#wasBlocked = false;
        this.#watched = undefined;
        return undefined;
      }
      const fence = await this.#takeOn(connection, place, { request, seen });
      taken = fence !== undefined;
      return fence;
    } finally {
      if (!taken) await connection.close();
    }
  }

  /** The connection has forgotten all settings. */
  async renewed(): Promise<void> {
    if (this.#beating !== undefined) await this.#limitSilence();
  }

  /** The session ends: no more beats. */
  end(): void {
    this.#beating?.end();
    this.#beating = undefined;
  }

  /** The lease, after making its rows where they are missing. */
  async #read(place: LeasePlace): Promise<LeaseRow | undefined> {
    const { query } = this.#session;
    const found = await readLease(query, place);
    if (found !== undefined) return found;
    const made = await unlessInTheWay(() => query(makeRows(place)));
    return made === undefined ? undefined : readLease(query, place);
  }

  /**
   * Slipway asks its node about a holder on the same node. One on another node is over after a
   * silence of its lease, or of the time for which its node lets it be idle.
   */
  async #isOver(request: FenceRequest, { beat, owner, claimant }: LeaseRow): Promise<boolean> {
    const { query } = this.#session;
    const state = `${owner} ${beat}`;
    if (this.#watched?.state !== state) this.#watched = { state, since: performance.now() };
    const patienceMs = Math.max(claimant?.leaseMs ?? 0, shortestMs);
    if (performance.now() - this.#watched.since > patienceMs) return true;
    const [node] = await query("SHOW STATUS LIKE 'wsrep_gcomm_uuid'");
    if (node?.Value !== claimant?.node) return false;
    const [used] = await query(
      `SELECT IS_USED_LOCK(${literal(await this.#claimName(request))}) AS id`,
    );
    return used?.id === null;
  }

  async #claimName({ name }: FenceRequest): Promise<string> {
    const [setting] = await this.#session.query("SELECT DATABASE() AS repo");
    return lockName(String(setting?.repo), `${name} (lease)`);
  }

  async #takeOn(
    connection: MysqlConnection,
    place: LeasePlace,
    { request, seen }: { readonly request: FenceRequest; readonly seen: LeaseRow },
  ): Promise<Fence | undefined> {
    const { query, application, leaseMs } = this.#session;
    const { connectionId } = this.#session.connection;
    const name = literal(await this.#claimName(request));
    const ask = async (sql: string) => (await connection.query(sql)).rows;
    await ask(`SET SESSION wait_timeout = ${Math.ceil(leaseMs / 1_000)}`);
    const [local] = await ask(`SELECT GET_LOCK(${name}, 0) AS taken`);
    if (local?.taken !== 1) return undefined;
    const [node] = await ask("SHOW STATUS LIKE 'wsrep_gcomm_uuid'");
    const [called] = await ask("SHOW GLOBAL VARIABLES LIKE 'wsrep_node_name'");
    const claimant = {
      node: String(node?.Value),
      nodeName: String(called?.Value),
      host: hostname(),
      pid: process.pid,
      leaseMs,
    };
    const owner = randomUUID();
    const timeouts = ["innodb_lock_wait_timeout", "lock_wait_timeout"];
    const set = (value: string) =>
      query(`SET SESSION ${timeouts.map((one) => `${one} = ${value}`).join(", ")}`);
    await set(String(patienceSeconds));
    const number = await this.#inTransaction(async () => {
      const mine = { owner, claimant, application };
      if ((await this.#session.change(takeRow(place, seen, mine))) !== 1) return undefined;
      const holder = { ...request, application, connectionId };
      const taken = await takeNumber(query, place.table, holder);
      await query(proveNumber(place, { number: taken.number, owner }));
      return taken;
    });
    await set("DEFAULT");
    if (number === undefined) return undefined;
    await this.#limitSilence();
    const beating = new Beating(connection, { place, owner, session: this.#session });
    this.#beating = beating;
    return this.#fence(beating, { place, owner, ...number });
  }

  /** So a process that froze just before a change of a table never makes it: no other node could end its connection. */
  async #limitSilence(): Promise<void> {
    const seconds = Math.max(1, Math.floor((this.#session.leaseMs * 2) / 3_000));
    await this.#session.query(`SET SESSION wait_timeout = ${seconds}`);
  }

  #fence(
    beating: Beating,
    of: {
      readonly place: LeasePlace;
      readonly owner: string;
      readonly number: string;
      readonly earlier: string | undefined;
    },
  ): Fence {
    const { query } = this.#session;
    const { place, owner, number, earlier } = of;
    return {
      number,
      proof: [writtenProof(place, { number, owner })],
      lost: beating.lost,
      leave: async () => {
        this.#beating = undefined;
        try {
          await beating.finish(freeRow);
        } finally {
          await query(leaving(place.table, { name: place.name, number }));
          await query("SET SESSION wait_timeout = DEFAULT");
        }
      },
      ...(earlier === undefined ? {} : { endEarlier: () => endEarlier(query, earlier) }),
    };
  }

  /** Nothing, and nothing done, when others were first: here, or by certification. */
  async #inTransaction<Result>(work: () => Promise<Result | undefined>) {
    const { query } = this.#session;
    await query("START TRANSACTION");
    let done = false;
    try {
      return await unlessInTheWay(async () => {
        const result = await work();
        await query(result === undefined ? "ROLLBACK" : "COMMIT");
        done = true;
        return result;
      });
    } finally {
      if (!done) await query("ROLLBACK").catch(() => undefined);
    }
  }
}

/** Shorter than the server takes to end a connection that is idle: that is counted in whole seconds. */
const shortestMs = 2_500;

/** `undefined` after a lock timeout, or a conflict with what another node has committed. */
async function unlessInTheWay<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!inTheWay.has(errorNumber(error) ?? 0)) throw error;
    return undefined;
  }
}

/** ER_LOCK_WAIT_TIMEOUT, ER_LOCK_DEADLOCK. */
const inTheWay: ReadonlySet<number> = new Set([1205, 1213]);
