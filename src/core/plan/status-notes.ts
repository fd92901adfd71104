/**
 * Notes on a repo whose migrations are not simply up or down: under its block, for the person whom
 * it wakes up.
 */
import { backfillShare, backfillState, liftCommand, restsLong } from "../backfill/state-words.ts";
import { type Blocker, describeBlocker, describeLock, describeMs } from "../model/blocker.ts";
import { describeHolder, type LockHolder } from "../model/errors.ts";
import type { Version } from "../model/migration.ts";
import { mapTexts, visible } from "../model/visible.ts";
import type { StatusRow, StatusUnit } from "./status.ts";

/** The parts of a repo's `status` that the notes need. */
export type NotedStatus = {
  readonly repo: string;
  readonly migrations: readonly StatusRow[];
  readonly dataMigrations?: readonly StatusRow[] | undefined;
  readonly run?: NotedRun | undefined;
  readonly backfills?: readonly NotedBackfill[] | undefined;
};

type NotedRun = {
  readonly holder: LockHolder;
  readonly version?: Version | undefined;
  readonly name?: string | undefined;
  readonly wait?: NotedWait | undefined;
  readonly lastTry?: (NotedWait & { readonly attempt: number; readonly agoMs: number }) | undefined;
};

type NotedWait = {
  readonly wanted?: { readonly mode: string; readonly on: string } | undefined;
  readonly blockers: readonly Blocker[];
};

type NotedBackfill = Parameters<typeof backfillState>[0] & {
  readonly version: Version;
  readonly name: string;
  readonly reason?: string | undefined;
  readonly rowsDead: number;
};

/** Paragraphs, each with an empty line before it. */
export function statusNotes(given: NotedStatus): string {
  const { repo, migrations, dataMigrations = [], run, backfills = [] } = mapTexts(given, visible);
  const schema = migrations.flatMap((row) => rowNotes(row, { repo, flag: "" }));
  const data = dataMigrations.flatMap((row) => rowNotes(row, { repo, flag: " --data" }));
  const notes = [
    ...(run === undefined ? [] : [runNote(run)]),
    ...schema,
    ...data,
    ...(backfills.length === 0 ? [] : [backfills.map(backfillLine)]),
  ];
  return notes.map((lines) => `\n${lines.map((line) => `  ${line}\n`).join("")}`).join("");
}

function runNote({ holder, version, name, wait, lastTry }: NotedRun): readonly string[] {
  const { running, migration, since, end, ...who } = holder;
  const what = version === undefined ? "a run" : `${version} ${name ?? ""}`.trim();
  const statement = running === undefined ? [] : [`  statement: ${running}`];
  return [
    `running: ${what}${since === undefined ? "" : `, since ${since}`}, by ${describeHolder(who)}`,
    ...statement,
    ...(end === undefined
      ? []
      : [
          "  its process is frozen, or cut off; the server frees the lock after the lease",
          `  free it now: ${end}`,
        ]),
    ...(wait?.wanted === undefined ? [] : waitLines("waits for", wait)),
    ...(lastTry === undefined
      ? []
      : waitLines(
          `try ${lastTry.attempt} ended ${describeMs(lastTry.agoMs)} ago and it will try again; it waited for`,
          lastTry,
        )),
  ];
}

function waitLines(words: string, { wanted, blockers }: NotedWait): readonly string[] {
  return [
    `  ${words} ${wanted === undefined ? "a lock" : describeLock(wanted)}`,
    ...(blockers.length === 0
      ? ["  in the way: nobody that the database names"]
      : blockers.flatMap((blocker) => [
          `  in the way: ${describeBlocker(blocker)}`,
          ...(blocker.end === undefined ? [] : [`    let it end, or end it: ${blocker.end}`]),
        ])),
  ];
}

/** The repo, and ` --data` for data migrations. */
type At = { readonly repo: string; readonly flag: string };

function rowNotes(row: StatusRow, at: At): readonly (readonly string[])[] {
  const { part, failed, edited, running } = row;
  if (running) return [];
  return [
    ...(part === undefined ? [] : [partNote(row, at)]),
    ...(failed === undefined ? [] : [failedNote(row, at)]),
    ...(edited ? [editedNote(row, at)] : []),
  ];
}

function failedNote(row: StatusRow, at: At): readonly string[] {
  const { version, name, failed, part } = row;
  const { at: failedAt, direction = "up", result, reason = "" } = failed ?? {};
  const when = failedAt === undefined ? "" : `, at ${failedAt.toISOString().slice(0, 19)}Z`;
  const [first = "", ...more] = reason.split("\n");
  const what = result === "interrupted" ? "stopped" : "failed";
  return [
    `${what} going ${direction}: ${version} ${name ?? ""}${when}${first && `: ${first}`}${more.length > 0 ? " …" : ""}`,
    // The note on half a migration already says how to settle it.
    ...(part === undefined ? [`  mend it, and run: ${againCommand(row, at)}`] : []),
  ];
}

function editedNote({ version, name }: StatusRow, { repo, flag }: At): readonly string[] {
  return [
    `edited: ${version} ${name ?? ""} ran, and its file means something else now; see: slipway verify --repo ${repo}${flag}`,
  ];
}

const unitWords: { readonly [State in StatusUnit["state"]]: string } = {
  done: "done",
  in_doubt: "in doubt",
  to_come: "to come",
};

/** The command that takes a migration on from where it stopped. */
export function againCommand({ version, part, failed }: StatusRow, { repo, flag }: At): string {
  if ((part ?? failed)?.direction === "down") return `slipway rollback ${repo} ${version}${flag}`;
  return `slipway ${flag === "" ? "migrate" : "migrate-data"} --repo ${repo}`;
}

function partNote(row: StatusRow, at: At): readonly string[] {
  const { repo, flag } = at;
  const { version, name, part } = row;
  const { direction = "up", units = [], inDoubt = 0, refusedUndo } = part ?? {};
  const isUp = direction === "up";
  const mark = `slipway mark ${repo} ${version}`;
  return [
    `${isUp ? "half applied" : "half rolled back"}: ${version} ${name ?? ""}`.trimEnd(),
    ...units.map(({ state, words }) => `  ${unitWords[state].padEnd(8)}  ${words}`),
    ...(inDoubt > 0
      ? [`  when a run cannot tell, look, and say: ${mark} done${flag}, or: ${mark} again${flag}`]
      : []),
    ...(isUp ? [`  finish it: ${againCommand(row, at)}`] : []),
    refusedUndo === undefined
      ? `  ${isUp ? "undo it:  " : "finish the rollback:"} slipway rollback ${repo} ${version}${flag}`
      : `  no rollback undoes it: ${refusedUndo}`,
    isUp
      ? `  settle it: ${mark} anew${flag}, when you undid it by hand; or applied --reason TEXT, when you did the rest`
      : `  settle it: ${mark} pending${flag} --reason TEXT, when you undid the rest by hand`,
  ];
}

function backfillLine(backfill: NotedBackfill): string {
  const { version, name, reason, held, rowsDead } = backfill;
  const words = [
    backfillShare(backfill),
    backfillState(backfill),
    rowsDead > 0 && `${rowsDead} rows failed`,
    held?.reason ?? reason,
  ].filter(Boolean);
  return `backfill ${version} ${name}: ${words.join(", ")}; see: slipway backfill show ${version}${restsLong(backfill) ? `; lift its limits: ${liftCommand(version)}` : ""}`;
}
