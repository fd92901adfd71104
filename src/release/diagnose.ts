/** Why something will not work, before it is tried: what of a database and of the way to it is not as it should be. */
import type { Pooler, Session } from "../adapters/adapter.ts";
import { describeBlocker, describeBlockers, describeMs } from "../core/model/blocker.ts";
import { type Diagnosis, type RepoDiagnosis, shownSome } from "../core/model/diagnosis.ts";
import { isReleaseError, type ReleaseError } from "../core/model/errors.ts";
import type { StatusRow } from "../core/plan/status.ts";
import { ownTables } from "../engine/own-tables.ts";
import { ownFleetTables } from "../fleet/tables.ts";
import type { Repo } from "./config.ts";
import { laneOf } from "./lane.ts";
import { openSession } from "./open.ts";
import type { RunWorld } from "./run-world.ts";
import { readStatuses } from "./status.ts";
import { reading } from "./stoppable.ts";

type Seen = Omit<Diagnosis, "check">;

/** A migration that waits for one which is open for longer makes the app wait behind it. */
const openMs = 60_000;

/** What is wrong is found and not thrown. @throws {ReleaseError} `interrupted` */
export async function diagnose(
  repo: Repo,
  options: { readonly prefix?: string | undefined },
  world: RunWorld,
): Promise<RepoDiagnosis> {
  const heard = { ...world, emit: () => undefined };
  const target = repo.adapter.describe();
  const ended = (found: readonly Diagnosis[]) => ({ repo: repo.name, target, found });
  const began = performance.now();
  let session: Session;
  try {
    session = await openSession(repo, { role: "work", reads: "quietly", ...heard });
  } catch (error) {
    return ended([{ check: "connection", ...wrong(error) }]);
  }
  const connected = describeMs(performance.now() - began);
  try {
    const found = await reading(session, heard, () => lookAt(repo, { session, options }));
    return ended([
      { check: "connection", state: "good", found: `open in ${connected}` },
      ...found,
      ...(await histories(repo, options, heard)),
    ]);
  } catch (error) {
    return ended([{ check: "connection", ...wrong(error) }]);
  } finally {
    await session.close();
  }
}

async function lookAt(
  repo: Repo,
  { session, options }: { session: Session; options: { prefix?: string | undefined } },
): Promise<readonly Diagnosis[]> {
  if (session.absent?.() === true)
    return [
      {
        check: "server",
        state: "good",
        found: "there is no database yet",
        advice: "The first migrate makes it; slipway create makes it empty.",
      },
    ];
  const { historyTable } = laneOf(repo, "schema", options);
  const ofTenants = repo.tenants === undefined ? [] : ownFleetTables(historyTable);
  const tables = [
    ...[...ownTables(historyTable), ...ofTenants].map(({ table }) => table),
    { ...historyTable, name: "slipway_lock" },
  ];
  const checkup = (await session.checkup?.()) ?? [];
  const lacking = await session.lacking?.(tables);
  const pooler = await session.pooler?.();
  const open = (await session.openTransactions?.(openMs)) ?? [];
  return [
    ...checkup,
    ...(session.pooler === undefined ? [] : [{ check: "pooler" as const, ...between(pooler) }]),
    ...(session.lacking === undefined
      ? []
      : [
          {
            check: "rights" as const,
            ...(lacking === undefined
              ? ({ state: "good", found: "Slipway's own tables can be made and written" } as const)
              : ({ state: "bad", found: lacking.reason, advice: lacking.hint } as const)),
          },
        ]),
    ...(session.openTransactions === undefined
      ? []
      : [{ check: "transactions" as const, ...transactions(open) }]),
  ];
}

function between(pooler: Pooler | undefined): Seen {
  if (pooler === undefined) return { state: "good", found: "none stands between" };
  if (pooler === "session") return { state: "good", found: "one in session mode" };
  return {
    state: "good",
    found:
      "one in transaction mode: a migration in a transaction works, and one that changes settings of the connection outside of it needs directUrl",
  };
}

function transactions(open: Awaited<ReturnType<NonNullable<Session["openTransactions"]>>>): Seen {
  const [oldest] = open;
  if (oldest === undefined)
    return { state: "good", found: `none open for over ${describeMs(openMs)}` };
  return {
    state: "warning",
    found: `a migration may have to wait for ${describeBlockers(open)}`,
    advice: `Let it end, or end it: SELECT pg_terminate_backend(${oldest.pid});`,
  };
}

/** What has run and what has not, what failed, and who is at work. */
async function histories(
  repo: Repo,
  options: { readonly prefix?: string | undefined },
  world: RunWorld,
): Promise<readonly Diagnosis[]> {
  const { results, errors } = await readStatuses([repo], { ...options, data: true }, world);
  const [status] = results;
  if (status === undefined) return errors.map((error) => ({ check: "history", ...wrong(error) }));
  const { run, migrations, dataMigrations = [], backfills = [] } = status;
  const held = backfills.filter(({ state }) => state !== "running" && state !== "finished");
  return [
    run === undefined
      ? { check: "lock", state: "good", found: "nobody holds it" }
      : {
          check: "lock",
          state: run.wait === undefined ? "good" : "warning",
          found: `a run is at work${run.holder.application === undefined ? "" : `: ${run.holder.application}`}${run.wait?.blockers.length ? `, and waits for ${run.wait.blockers.map(describeBlocker).join("; ")}` : ""}`,
        },
    { check: "history", ...historyOf(migrations, "") },
    ...(dataMigrations.length === 0
      ? []
      : [{ check: "history" as const, ...historyOf(dataMigrations, "data ") }]),
    ...held.map(
      ({ version, name, state }): Diagnosis => ({
        check: "history",
        state: "warning",
        found: `the backfill ${version}_${name} is ${state}`,
        advice: `slipway backfill show ${version} -r ${repo.name}`,
      }),
    ),
  ];
}

function historyOf(rows: readonly StatusRow[], kind: string): Seen {
  const ids = (of: readonly StatusRow[]) =>
    shownSome(of.map(({ version, name }) => [version, name].filter(Boolean).join("_")));
  const half = rows.filter(({ part }) => part !== undefined);
  const failed = rows.filter(({ failed: tried }) => tried !== undefined);
  const edited = rows.filter((row) => row.edited === true);
  const unknown = rows.filter(({ inRelease }) => inRelease === false);
  const pending = rows.filter(({ status }) => status === "down");
  const ran = rows.length - pending.length;
  if (half.length > 0)
    return {
      state: "bad",
      found: `half done: ${ids(half)}`,
      advice: "slipway status says what it is waiting for, and which command settles it.",
    };
  if (failed.length > 0)
    return {
      state: "warning",
      found: `the last try failed: ${ids(failed)}`,
      advice: "slipway history --failed shows why; mend it and migrate again.",
    };
  if (edited.length > 0)
    return {
      state: "warning",
      found: `changed since it ran: ${ids(edited)}`,
      advice: "slipway verify shows the difference.",
    };
  if (unknown.length > 0)
    return {
      state: "warning",
      found: `has run, and is not in this release: ${ids(unknown)}`,
      advice: "A newer release has migrated this database: deploy that one.",
    };
  return {
    state: "good",
    found: `${ran} ${kind}${ran === 1 ? "migration has" : "migrations have"} run${pending.length === 0 ? "" : `, ${pending.length} pending`}`,
  };
}

function wrong(error: unknown): Seen {
  if (!isReleaseError(error) || (error as ReleaseError).code === "interrupted") throw error;
  return { state: "bad", found: error.message, advice: error.hint };
}
