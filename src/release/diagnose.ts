/**
 * Finds out before a run why something will not work: faults of a database and of the way to it.
 */
import type { Pooler, Session } from "../adapters/adapter.ts";
import type { BackfillReport } from "../backfill/report.ts";
import { backfillState, liftCommand, restsLong } from "../core/backfill/state-words.ts";
import { longOpenMs } from "../core/model/activity.ts";
import { type Blocker, describeBlockers, describeMs } from "../core/model/blocker.ts";
import { type Diagnosis, type RepoDiagnosis, shownSome } from "../core/model/diagnosis.ts";
import { isReleaseError, type ReleaseError } from "../core/model/errors.ts";
import type { StatusRow } from "../core/plan/status.ts";
import { ownTables } from "../engine/own-tables.ts";
import { ownFleetTables } from "../fleet/tables.ts";
import type { Repo } from "./config.ts";
import { laneOf } from "./lane.ts";
import { openSession } from "./open.ts";
import type { RunWorld } from "./run-world.ts";
import { type RepoStatus, readStatuses } from "./status.ts";
import { reading } from "./stoppable.ts";

type Seen = Omit<Diagnosis, "check">;

/** Finds everything that is wrong, without throwing it. @throws {ReleaseError} `interrupted` */
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
        advice: "The first migrate makes it. To make it empty, run: slipway create",
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
  // A migration waits for one that only reads too, and so does the app behind it.
  const activity = await session.activity?.();
  const open = activity?.open ?? (await session.openTransactions?.(longOpenMs)) ?? [];
  const { endSql } = session.dialect;
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
      : [{ check: "transactions" as const, ...transactions(open, endSql) }]),
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

function transactions(open: readonly Blocker[], endSql: Session["dialect"]["endSql"]): Seen {
  const [oldest] = open;
  if (oldest === undefined)
    return { state: "good", found: `none open for over ${describeMs(longOpenMs)}` };
  return {
    state: "warning",
    found: `a migration may have to wait for ${describeBlockers(open)}`,
    ...endAdvice(endSql?.(oldest)),
  };
}

function endAdvice(end: string | undefined): Pick<Diagnosis, "advice"> {
  return { advice: end === undefined ? "Let it end." : `Let it end, or end it: ${end}` };
}

/** Says who is at work, behind whom, and whether that one still shows signs of life. */
function lockOf({ holder, wait, lastTry }: NonNullable<RepoStatus["run"]>): Seen {
  const { application, silentMs, end } = holder;
  const who = `a run is at work${application === undefined ? "" : `: ${application}`}`;
  if (silentMs !== undefined)
    return {
      state: "warning",
      found: `${who}, not heard of for ${describeMs(silentMs)}: it is frozen, or cut off`,
      advice: `The server frees the lock after the lease.${end === undefined ? "" : ` To free it now: ${end}`}`,
    };
  // Between two tries it waits for nobody, and the next one will wait again.
  const { blockers = [] } = wait ?? lastTry ?? {};
  if (blockers.length === 0) return { state: "good", found: who };
  return {
    state: "warning",
    found: `${who}, and waits for ${describeBlockers(blockers)}`,
    ...endAdvice(blockers[0]?.end),
  };
}

/** Finds which migrations ran, which did not, which failed, and who is at work. */
async function histories(
  repo: Repo,
  options: { readonly prefix?: string | undefined },
  world: RunWorld,
): Promise<readonly Diagnosis[]> {
  const { results, errors } = await readStatuses([repo], { ...options, data: true }, world);
  const [status] = results;
  if (status === undefined) return errors.map((error) => ({ check: "history", ...wrong(error) }));
  const { run, migrations, dataMigrations = [], backfills = [] } = status;
  const held = backfills.filter(
    (one) =>
      (one.state !== "running" && one.state !== "finished") || restsLong(one) || one.abandoned,
  );
  return [
    run === undefined
      ? { check: "lock", state: "good", found: "nobody holds it" }
      : { check: "lock", ...lockOf(run) },
    { check: "history", ...historyOf(migrations, "") },
    ...(dataMigrations.length === 0
      ? []
      : [{ check: "history" as const, ...historyOf(dataMigrations, "data ") }]),
    ...held.map(
      (one): Diagnosis => ({
        check: "history",
        state: "warning",
        found: `the backfill ${one.version}_${one.name} is ${backfillState(one)}`,
        advice: backfillAdvice(one, repo.name),
      }),
    ),
  ];
}

function backfillAdvice(one: BackfillReport, repo: string): string {
  const why = one.held?.reason ?? "Its batch waits; the log of its worker says for what";
  if (restsLong(one)) return `${why}. To lift its limits: ${liftCommand(one.version)} -r ${repo}`;
  if (one.abandoned) return `slipway migrate-data -r ${repo}`;
  return `slipway backfill show ${one.version} -r ${repo}`;
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
      advice: "To see why, run: slipway history --failed. Mend it and migrate again.",
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
