/** Connections of earlier holders of the lock, by their id and the client that they serve. */
import { setTimeout as sleep } from "node:timers/promises";
import { errorNumber } from "./messages.ts";
import type { Query } from "./procedures/catalog.ts";
import { type Process, readProcesses } from "./processes.ts";

/** How long the server may take to end an idle connection. */
const patienceMs = 5_000;
const pauseMs = 20;

/** The connection of this id and those of the list that are still there; only the former when the list is empty. */
export type Workers = {
  readonly own: string | undefined;
  readonly earlier: string | undefined;
};

export async function readWorkers(
  query: Query,
  { id, list }: { readonly id: string; readonly list: readonly string[] },
): Promise<Workers> {
  const processes = await readProcesses(query);
  const own = processes.find((process) => process.id === id);
  const earlier = processes.filter((one) => one !== own && list.includes(identityOf(one)));
  return {
    own: own && identityOf(own),
    earlier: earlier.length === 0 ? undefined : earlier.map(identityOf).join(","),
  };
}

/**
 * Ends them; resolves when they are gone. One that works is left alone; then this gives the statement that it runs.
 */
export async function endEarlier(query: Query, list: string): Promise<string | undefined> {
  const wanted = list.split(",");
  for (const deadline = performance.now() + patienceMs; ; await sleep(pauseMs)) {
    const there = (await readProcesses(query)).filter((one) => wanted.includes(identityOf(one)));
    const idle = there.filter((process) => process.isIdle);
    if (idle.length === 0) return there[0] && (there[0].running ?? "a statement");
    if (performance.now() > deadline)
      throw new Error(
        `the server does not end the connection of an earlier run (id ${idle[0]?.id})`,
      );
    for (const { id } of idle) await end(query, id);
  }
}

/** It may have ended by itself meanwhile. https://dev.mysql.com/doc/refman/8.4/en/kill.html */
async function end(query: Query, id: string): Promise<void> {
  try {
    await query(`KILL CONNECTION ${id}`);
  } catch (error) {
    if (errorNumber(error) !== noSuchThread) throw error;
  }
}

function identityOf({ id, address }: Process): string {
  return `${id}@${address}`;
}

/** ER_NO_SUCH_THREAD. */
const noSuchThread = 1094;
