/** Decides what a run does to one repo: reads, plans, loads and compiles. Writes nothing. */
import type { Session } from "../adapters/adapter.ts";
import { ReleaseError, refuse } from "../core/model/errors.ts";
import type { AppliedMigration, MigrationFile, Target } from "../core/model/migration.ts";
import { type PlanWarning, plan } from "../core/plan/plan.ts";
import type { Step } from "../core/plan/step.ts";
import { type HalfDone, readHalfDone } from "../engine/half-done.ts";
import { type HistoryPlace, readApplied, readHistory } from "../engine/history.ts";
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
    const read = () =>
      target.direction === "up"
        ? readApplied(session, history, files, (done) =>
            files.every((file) => done.has(file.version)),
          )
        : withHalfDone(session, history, { files, target });
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
    const made = await stepsOf({ ...input, plan: todo, fromFiles: options.fromFiles ?? false });
    const { steps } = made;
    if (context.unmet !== "tell") await refuseLacking(repo, { steps, lane, session }, options);
    if (laneName === "schema") refuse(steps.filter(isBackfillStep).map(misplaced));
    const safety = await safetyOf({
      ...{ repo: repo.name, mode: laneName === "schema" && repo.inUse ? repo.safe : "off" },
      ...{ steps, files, source, session, prepare, startAfter: repo.startAfter },
      strict: options.strict ?? false,
      policies: { repo: repo.policy, command: options.policy },
    });
    const place = { repo, session, prefix: options.prefix, root: context.root };
    const unmet = await unmetRequirements(steps, place);
    if (context.unmet !== "tell") refuse([...safety.refused, ...unmet]);
    const stuck = context.unmet === "tell" ? await overtakingLater(todo, steps, input) : [];
    const halfDone =
      context.unmet === "tell"
        ? await readHalfDone(session, history, files)
        : new Map<string, HalfDone>();
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
      ...steps.flatMap((step) => halfDoneWords(step, halfDone.get(step.file.version))),
      ...[...unmet, ...stuck, ...safety.refused].map((error) => error.message),
      ...pooler,
      ...(await lastingWords(steps, session)),
    ];
    for (const message of told) context.emit({ type: "warning", repo: repo.name, message });
    return { repo, lane, session, direction: todo.direction, steps, warnings: told };
  };
  try {
    return await reading(session, context, decide);
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** A plan shows all statements of a migration. */
function halfDoneWords({ file }: Step, halfDone: HalfDone | undefined): readonly string[] {
  if (halfDone === undefined) return [];
  const { direction, done, inDoubt } = halfDone;
  const what = `${done} of its statements ${done === 1 ? "is" : "are"} done and will not run again`;
  const doubt = inDoubt === 0 ? "" : `, ${inDoubt} ${inDoubt === 1 ? "is" : "are"} in doubt`;
  return [`${file.id} stopped in the middle of going ${direction}: ${what}${doubt}`];
}

/** What can be rolled back: what the history says, and what a run has left half done. */
async function withHalfDone(
  session: Session,
  history: HistoryPlace,
  { files, target }: { readonly files: readonly MigrationFile[]; readonly target: Target },
): Promise<readonly AppliedMigration[]> {
  const applied = await readHistory(session, history, files);
  const known = new Set(applied.map(({ version }) => version));
  const halfDone = [...(await readHalfDone(session, history, files)).keys()];
  return [
    ...applied,
    // Its way back may undo what never ran, so it goes only when it is named itself.
    ...halfDone
      .filter((version) => !known.has(version) && "to" in target && target.to === version)
      .map((version) => ({ version })),
  ];
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
