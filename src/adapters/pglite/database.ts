/** One PGlite for all sessions of a data folder. */

import { existsSync } from "node:fs";
import { mkdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import type { PGlite } from "@electric-sql/pglite";
import { messageOf } from "../../core/model/message-of.ts";
import { ConnectionFailed } from "../adapter.ts";
import { importDriver } from "../import-driver.ts";
import { lockFolder } from "./folder-lock.ts";
import { startParams } from "./start-params.ts";

/** A PGlite in use, and who holds which lock on it. */
export type Database = {
  readonly client: PGlite;
  readonly claims: NamedClaims;
  /** Whether its one connection is the user's too. */
  readonly given: boolean;
  /** Says that a session needs it no longer. */
  leave(): Promise<void>;
};

/** The locks of a database by name. All sessions of it are in this process, so memory is enough. */
export type NamedClaims = Map<string, { readonly application: string; readonly since: Date }>;

type Opened = {
  users: number;
  readonly starting: Promise<{ readonly client: PGlite; readonly unlock: () => Promise<void> }>;
  readonly claims: NamedClaims;
  closing?: Promise<void>;
};

// Of the process and not of an adapter: two PGlites on one folder destroy it.
const opened = new Map<string, Opened>();
const claimsOfClients = new WeakMap<PGlite, NamedClaims>();

/**
 * The database of a folder, which is made when it is not there.
 *
 * @throws {ConnectionFailed}
 * @throws {ReleaseError} `driver_missing`
 */
export async function openFolder(folder: string): Promise<Database> {
  const path = await realFolder(folder);
  for (let last = opened.get(path); last?.closing !== undefined; last = opened.get(path)) {
    await last.closing;
  }
  const entry = opened.get(path) ?? { users: 0, starting: start(path), claims: new Map() };
  opened.set(path, entry);
  entry.users += 1;
  try {
    const { client } = await entry.starting;
    return { client, claims: entry.claims, given: false, leave: () => leave(path, entry) };
  } catch (error) {
    if (opened.get(path) === entry) opened.delete(path);
    throw error;
  }
}

/** A database that the user opened and will close. */
export function givenDatabase(client: PGlite): Database {
  const claims = claimsOfClients.get(client) ?? new Map();
  claimsOfClients.set(client, claims);
  return { client, claims, given: true, leave: () => Promise.resolve() };
}

/** Whether this process has the folder open, given without links in it. */
export function isOpen(realFolder: string): boolean {
  return opened.has(realFolder);
}

/** Whether the folder holds a database. */
export function isDatabase(folder: string): boolean {
  return existsSync(join(folder, "PG_VERSION"));
}

/**
 * An empty database in memory, to read from where a folder holds none: what only looks makes nothing. It is one for all
 * who look at the same time.
 */
export async function openEmpty(): Promise<Database> {
  empty ??= { users: 0, starting: startEmpty() };
  const entry = empty;
  entry.users += 1;
  const leave = async () => {
    entry.users -= 1;
    if (entry.users > 0) return;
    if (empty === entry) empty = undefined;
    await (await entry.starting).close();
  };
  try {
    return { client: await entry.starting, claims: new Map(), given: false, leave };
  } catch (error) {
    if (empty === entry) empty = undefined;
    throw error;
  }
}

let empty: { users: number; readonly starting: Promise<PGlite> } | undefined;

async function startEmpty(): Promise<PGlite> {
  const PGlite = await driver();
  const client = await PGlite.create({ startParams: startParams(PGlite) });
  await client.exec("SET default_transaction_read_only = on");
  return client;
}

async function driver(): Promise<typeof PGlite> {
  const names = { driver: "@electric-sql/pglite", adapter: "pglite" };
  return (await importDriver(() => import("@electric-sql/pglite"), names)).PGlite;
}

async function start(path: string): Promise<Awaited<Opened["starting"]>> {
  const PGlite = await driver();
  const unlock = await lockFolder(path);
  try {
    return { client: await PGlite.create(path, { startParams: startParams(PGlite) }), unlock };
  } catch (cause) {
    await unlock();
    const reason = messageOf(cause);
    throw new ConnectionFailed(`PGlite cannot open the folder ${path}: ${reason}`, {
      hint: "Check that it was made by this version of PGlite and that this user may write to it.",
      cause,
    });
  }
}

async function leave(path: string, entry: Opened): Promise<void> {
  entry.users -= 1;
  if (entry.users > 0) return;
  entry.closing ??= close(path, entry);
  await entry.closing;
}

async function close(path: string, entry: Opened): Promise<void> {
  const { client, unlock } = await entry.starting;
  try {
    await client.close();
  } finally {
    await unlock();
    opened.delete(path);
  }
}

/** Links resolved, so that a folder has one name only. */
async function realFolder(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  return await realpath(folder);
}
