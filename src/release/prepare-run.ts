/** Decides what a run does to one repo: reads, plans, loads and compiles. Writes nothing. */
import type { Session } from "../adapters/adapter.ts";
import { ReleaseError, refuse } from "../core/model/errors.ts";
import type { AppliedMigration, MigrationFile, Target, Version } from "../core/model/migration.ts";
import { type PlanWarning, plan } from "../core/plan/plan.ts";
import type { Step } from "../core/plan/step.ts";
import { readHalfDone } from "../engine/half-done.ts";
import { type HistoryPlace, readApplied, readHistory } from "../engine/history.ts";
import { type Begun, readBegun } from "../engine/journal.ts";
import { tablesFor } from "../engine/own-tables.ts";
import { settingUp } from "../engine/set-up.ts";
import { isBackfillStep } from "./backfill-step.ts";
import type { Repo } from "./config.ts";
import { type EditedInput, findEdited } from "./edited.ts";
import { type LaneName, laneOf } from "./lane.ts";
import { lastingWords } from "./lasting-tables.ts";
import { openSession } from "./open.ts";
import type { RunOptions } from "./options.ts";
import { ownRows } from "./own-rows.ts";
import { overtakingIn, overtakingLater, phasesOf } from "./phases.ts";
import { poolerWords } from "./pooler.ts";
import type { PreparedRun } from "./prepared-run.ts";
import type { MigrateRequest } from "./requests.ts";
import { unmetRequirements } from "./requirements.ts";
import type { PrepareContext } from "./run-world.ts";
import { safetyOf } from "./safety.ts";
import { settleAll } from "./settle.ts";
import { sourceOf } from "./source.ts";
import { stepsOf } from "./steps.ts";
import { reading } from "./stoppable.ts";

/**
 * Prepares every repo of the request before any of them runs, and names all that is wrong at once.
 * The caller closes the sessions.
 *
 * @throws {ReleaseError} every refusal that there is
 */
export function prepareRuns(
  request: MigrateRequest,
  lane: LaneName,
  context: PrepareContext,
): Promise<readonly PreparedRun[]> {
  return settleAll(
    request.repos,
    (repo) => prepareRun(repo, request, lane, context),
    (run) => run.session.close(),
  );
}

async function prepareRun(
  repo: Repo,
  request: MigrateRequest,
  laneName: LaneName,
  context: PrepareContext,
): Promise<PreparedRun> {
  const { target, options, phase } = request;
  const lane = laneOf(repo, laneName, options);
  const source = sourceOf(lane.migrations, {
    repo: repo.name,
    root: context.root,
    mayBeMissing: lane.mayBeMissing,
  });
  const { files, warnings } = await source.list();
  const session = await openSession(repo, { role: "work", ...context });
  const decide = async (): Promise<PreparedRun> => {
    const history = { table: lane.historyTable, repo: repo.name };
    let begun: ReadonlyMap<Version, Partial<Begun>> | undefined;
    const readDown = async () => {
      const found = await withHalfDone(session, history, { files, target });
      begun = found.begun;
      return found.applied;
    };
    const read = () =>
      target.direction === "up"
        ? readApplied(session, history, files, (done) =>
            files.every((file) => done.has(file.version)),
          )
        : readDown();
    const applied =
      laneName === "schema" ? await ownRows({ repo, session, history }, read) : await read();
    const strictVersionOrder = options.strictVersionOrder ?? repo.strictVersionOrder;
    const prepare = {
      direction: target.direction,
      dialect: session.dialect,
      defaults: repo.defaults,
      hooks: repo.hooks,
      prefix: options.prefix,
      replaceUnsafe: repo.safe === "auto",
      history: lane.historyTable,
    };
    const input = { applied, source, session, history, prepare };
    const phases = target.direction === "up" ? await phasesOf(files, { phase }, input) : undefined;
    const order = { target, strictVersionOrder, phase, phases };
    const todo = plan({ repo: repo.name, files, applied, ...order });
    refuse(await overtakingIn(todo, input));
    const edited =
      todo.direction === "up" && todo.files.length > 0
        ? await editedWords({ ...input, files }, options)
        : [];
    const fromFiles = options.fromFiles ?? false;
    const made = await stepsOf({ ...input, plan: todo, fromFiles, begun });
    const isLooking = context.unmet === "tell";
    const inPart =
      made.steps.length > 0 && (begun !== undefined || isLooking)
        ? await inTheMiddle(made.steps, { ...input, fromFiles, begun, files })
        : { steps: made.steps, warnings: [] };
    const { steps } = inPart;
    const unfinished =
      todo.direction === "up" ? await unfinishedRollbacks({ ...input, files }) : [];
    if (!isLooking) refuse(unfinished);
    if (!isLooking) await refuseLacking(repo, { steps, lane, session }, options);
    if (laneName === "schema") refuse(steps.filter(isBackfillStep).map(misplaced));
    const safety = await safetyOf({
      ...{ repo: repo.name, mode: laneName === "schema" && repo.inUse ? repo.safe : "off" },
      ...{ steps, files, source, session, prepare, startAfter: repo.startAfter },
      ownRules: repo.ownRules,
      strict: options.strict ?? false,
      policies: { repo: repo.policy, command: options.policy },
    });
    const place = { repo, session, prefix: options.prefix, root: context.root };
    const unmet = await unmetRequirements(steps, place);
    if (!isLooking) refuse([...safety.refused, ...unmet]);
    const stuck = isLooking ? await overtakingLater(todo, steps, input) : [];
    const pooler = await poolerWords(repo.name, steps, session);
    const told = [
      ...warnings,
      ...todo.warnings.map(words),
      ...edited,
      ...made.warnings,
      ...steps.flatMap(({ file, replaced = [] }) =>
        replaced.map((what) => `${file.origin}: ${what}`),
      ),
      ...safety.words,
      ...inPart.warnings,
      ...[...unfinished, ...unmet, ...stuck, ...safety.refused].map((error) => error.message),
      ...pooler,
      ...(await lastingWords(steps, session)),
    ];
    for (const message of told) context.emit({ type: "warning", repo: repo.name, message });
    return { repo, lane, session, direction: todo.direction, steps, warnings: told };
  };
  try {
    return await reading(session, context, decide, source);
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** What can be rolled back: what the history says, and what a run has left half done. */
async function withHalfDone(
  session: Session,
  history: HistoryPlace,
  { files, target }: { readonly files: readonly MigrationFile[]; readonly target: Target },
): Promise<{
  readonly applied: readonly AppliedMigration[];
  /** What is known of those that the history has no row of. Left out: there are none. */
  readonly begun?: ReadonlyMap<Version, Partial<Begun>>;
}> {
  const applied = await readHistory(session, history, files);
  const known = new Set(applied.map(({ version }) => version));
  const numbers = new Map(files.map(({ version, number }) => [version, number]));
  // Nobody undoes by the way what is in the middle of something, so it goes only when it is named itself.
  const isNamed = (version: Version) =>
    !known.has(version) &&
    "to" in target &&
    (target.to === version || target.to === numbers.get(version));
  const halfDone = [...(await readHalfDone(session, history, files)).keys()].filter(isNamed);
  if (halfDone.length === 0) return { applied };
  const kept = await readBegun(session, history, files);
  const begun = halfDone.map((version): readonly [Version, Partial<Begun>] => [
    version,
    kept.get(version) ?? {},
  ]);
  const rows = begun.map(
    ([version, { meaning, plan }]): AppliedMigration => ({
      version,
      meaning,
      hasPlan: plan !== undefined,
    }),
  );
  return { applied: [...applied, ...rows], begun: new Map(begun) };
}

/** An applied migration that was rolled back in part is not what the next ones stand on. */
async function unfinishedRollbacks({
  applied,
  files,
  session,
  history,
}: EditedInput): Promise<readonly ReleaseError[]> {
  const halfDone = await readHalfDone(session, history, files);
  if (halfDone.size === 0) return [];
  return applied
    .filter(({ version }) => halfDone.get(version)?.direction === "down")
    .map(({ version, name = "" }) => {
      const details = { repo: history.repo, version, name };
      return new ReleaseError("rollback_unfinished", details);
    });
}

async function inTheMiddle(...input: Parameters<typeof import("./in-the-middle.ts").inTheMiddle>) {
  const module = await import("./in-the-middle.ts");
  return module.inTheMiddle(...input);
}

/**
 * What is to be told about applied migrations whose files were edited. Looked at only when something is to run.
 *
 * @throws {ReleaseError} `migration_edited` when the meaning of one changed, unless that is allowed
 */
async function editedWords(input: EditedInput, options: RunOptions): Promise<readonly string[]> {
  const { meaning, text } = await findEdited(input);
  if (options.allowEdited !== true) refuse(meaning);
  return [
    ...meaning.map((error) => error.message),
    ...text.map((file) => `${file.origin} was edited after it ran, in its looks only`),
  ];
}

/**
 * Looks whether the tables of ours that the steps write are there, or may be made.
 *
 * @throws {ReleaseError} `setup_refused`
 */
async function refuseLacking(
  repo: Repo,
  { steps, lane, session }: Pick<PreparedRun, "steps" | "lane" | "session">,
  options: RunOptions,
): Promise<void> {
  if (steps.length === 0 || session.lacking === undefined) return;
  const lock = options.lock ?? repo.lock;
  const tables = tablesFor(steps, lane.historyTable, { lock });
  const doing = "use the tables of Slipway";
  const look = async () => session.lacking?.(tables);
  const lacking = await settingUp(session, { repo: repo.name, tables, doing }, look);
  if (lacking === undefined) return;
  refuse([new ReleaseError("setup_refused", { repo: repo.name, doing, ...lacking })]);
}

/** A deploy must not wait for a backfill, and no lock may be held for as long as one takes. */
function misplaced({ file }: Step): ReleaseError {
  return new ReleaseError("migration_invalid", {
    origin: file.origin,
    reason: "a backfill is not a schema migration",
    hint: "Move it to the folder of data migrations; migrate-data runs it.",
  });
}

function words(warning: PlanWarning): string {
  switch (warning.kind) {
    case "out_of_order":
      return (
        `You are running migration ${warning.file.version} but a newer migration with version ${warning.newest} has already run. ` +
        `A rollback would revert ${warning.newest} before ${warning.file.version}; give it a later version if that matters.`
      );
    case "version_unknown": {
      const meant = warning.nearest === undefined ? "" : `; did you mean ${warning.nearest}?`;
      return `no migration has version ${warning.version}${meant}`;
    }
  }
}
