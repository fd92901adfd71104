/** Who stands between this client and the server. */
import { setTimeout as delay } from "node:timers/promises";
import type { Pooler, Row } from "../adapter.ts";

type Query = (sql: string) => Promise<readonly Row[]>;

/**
 * The parts that the question needs: this connection, its process by the server's word at the
 * start, and one more.
 */
export type PoolerQuestion = {
  readonly query: Query;
  readonly processId: number | undefined;
  readonly connect: () => Promise<{ query: Query; close(): Promise<void> }>;
};

const rounds = 6;
/** A pooler in session mode that has no connection left lets a client wait; one in transaction mode has ours to give. */
const answerMs = 5_000;

/**
 * A pooler invents process ids for its clients. One in transaction mode lends the connection of the
 * server that this client just used to whoever asks next; one in session mode never does. So
 * `transaction` is proven. `session` remains when the connection was never lent, while another
 * client and this one took turns.
 */
export async function poolerBetween(question: PoolerQuestion): Promise<Pooler | undefined> {
  const { query, processId, connect } = question;
  const own = await serverProcess(query);
  if (own === processId) return undefined;
  const other = await connect();
  const nobody = delay(answerMs, "session" as const, { ref: false });
  const asked = takeTurns(query, (sql) => other.query(sql), own);
  asked.catch(() => undefined);
  try {
    return await Promise.race([asked, nobody]);
  } finally {
    await other.close();
  }
}

async function takeTurns(mine: Query, others: Query, own: unknown): Promise<Pooler> {
  const first = await held(others, async () => await serverProcess(mine));
  if (first.holder === own || first.seen !== own) return "transaction";
  for (let round = 1; round < rounds; round += 1) {
    const one = await held(mine, () => serverProcess(others));
    const two = await held(others, () => serverProcess(mine));
    const isSame = one.holder === own && two.seen === own && one.seen === two.holder;
    if (!isSame || two.holder !== first.holder) return "transaction";
  }
  return "session";
}

/**
 * The process that one of the two has while it is in a transaction, and the process that the other
 * one has meanwhile.
 */
async function held(query: Query, look: () => Promise<unknown>) {
  await query("BEGIN");
  try {
    return { holder: await serverProcess(query), seen: await look() };
  } finally {
    await query("ROLLBACK");
  }
}

/** The process of the server that answers. */
export async function serverProcess(query: Query): Promise<unknown> {
  const [row] = await query("SELECT pg_catalog.pg_backend_pid() AS pid");
  return row?.pid;
}
