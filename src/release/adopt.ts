/** Takes over the history of another tool: finds it, matches it with the files, shows it, records it. */
import type { Session } from "../adapters/adapter.ts";
import { DevelopmentError } from "../core/model/development-error.ts";
import { ReleaseError, refuse } from "../core/model/errors.ts";
import type { FileFacts } from "../core/model/file-facts.ts";
import type { MigrationFile, Version } from "../core/model/migration.ts";
import { squashedInto, withBaseline } from "../core/plan/baselines.ts";
import { migrationName } from "../engine/discovery/migration-name.ts";
import { ensureHistory, readHistory } from "../engine/history.ts";
import type { FoundHistory } from "../histories/find-histories.ts";
import type { ForeignRow } from "../histories/foreign-history.ts";
import { type Doubt, type DoubtKind, type Matched, match } from "../histories/match.ts";
import type { Repo } from "./config.ts";
import { hashes } from "./foreign-hashes.ts";
import { type ForeignRequest, findForeign, openForeign, readForeign } from "./foreign-rows.ts";
import { laneOf } from "./lane.ts";
import { movedInStatements } from "./moved-in.ts";
import { ownRows } from "./own-rows.ts";
import { keptStep, recordApplied } from "./record-applied.ts";
import type { RunWorld } from "./run-world.ts";
import { sourceOf } from "./source.ts";
import { underLock } from "./under-lock.ts";

export type AdoptRequest = ForeignRequest & {
  /** Doubts that are answered for. */
  readonly accept: readonly DoubtKind[];
  /** Whether the histories in the schemas of tenants are meant. */
  readonly tenants: boolean;
};

/** The result of adopting a history. Versions are in the order of the files. */
export type Adoption = {
  readonly repo: string;
  readonly tool: string;
  readonly table: string;
  /** Migrations that Slipway recorded, or would record. Empty: it knew all of them already. */
  readonly recorded: readonly AdoptedMigration[];
  /** The number of rows in Slipway's history before. */
  readonly known: number;
  readonly pending: readonly { readonly version: Version; readonly name: string }[];
  /** Doubts that were answered for. */
  readonly accepted: readonly Doubt[];
  /**
   * The value for the repo's `startAfter`, so that `check` does not judge migrations that have run:
   * the newest file that has run with all before it. `undefined` where the repo sets it already,
   * and where there is none.
   */
  readonly startAfter?: Version | undefined;
  /** The adopted histories of tenants; then the result says nothing of the migrations of all. */
  readonly tenants?: TenantsAdopted;
};

/** The adopted histories of tenants: how many had one, and which migrations. */
export type TenantsAdopted = {
  /** How many tenants there are. */
  readonly tenants: number;
  /** The number of tenants for which Slipway recorded migrations, or would. */
  readonly adopted: number;
  /** Which migrations: how many of those tenants have each. */
  readonly recorded: Readonly<Record<Version, number>>;
  /** The number of tenants that the central history knew before. They stay as they are. */
  readonly known: number;
  /** How many have no such table, or no row in it that a file is: nothing is recorded of them. */
  readonly without: number;
};

export type AdoptedMigration = {
  readonly version: Version;
  readonly name: string;
  readonly appliedAt: Date | undefined;
};

type File = FileFacts & { readonly file: MigrationFile };

/**
 * Records in our history the migrations that another tool's has as applied. Never runs a migration and leaves the other table as it is.
 *
 * @throws {ReleaseError} `migration_invalid`, `foreign_missing`, `foreign_ambiguous`, `foreign_locked`, `foreign_doubtful`, `history_foreign`, `lock_held`
 */
export async function adopt(request: AdoptRequest, world: RunWorld): Promise<Adoption> {
  const { repo } = request;
  const session = await openForeign(request, world);
  try {
    const lane = laneOf(repo, "schema", {});
    const history = placeOf(repo);
    // The user adopts the history, so an empty one needs no answer: only another tool's table in
    // the place of ours refuses.
    await ownRows({ repo, session, history, answeredFor: true }, () =>
      readHistory(session, history, []),
    );
    if (request.dryRun) return (await look(request, session, world)).adoption;
    return await underLock({ repo, lane, session }, { options: {}, world }, ({ held }) =>
      record(request, session, { ...world, held }),
    );
  } finally {
    await session.close();
  }
}

type Held = Parameters<Parameters<typeof underLock>[2]>[0]["held"];

/**
 * Records in one transaction: the other tool cannot write its table meanwhile, so the rows stay
 * those that matched.
 */
async function record(
  request: AdoptRequest,
  session: Session,
  { held, ...world }: RunWorld & { readonly held: Held },
): Promise<Adoption> {
  const { dialect } = session;
  const place = placeOf(request.repo);
  // Look before making a table, so that a refusal leaves no table of ours behind.
  await look({ ...request, dryRun: true }, session, world);
  await ensureHistory(session, place);
  const run = (sql: string) => session.execute([{ sql, policy: { kind: "plain" } }]);
  await run(dialect.begin);
  try {
    const { adoption, applied, found, files } = await look(request, session, world);
    const facts = { ...world.facts, fence: held?.fence.number };
    const statements = recordApplied(session, place.table, {
      applied,
      facts,
      result: "adopted",
      reason: `from ${found.history.label}, ${found.table.name}`,
    });
    const came =
      adoption.known === 0 ? movedInStatements(session, place.table, { files, facts }) : [];
    await session.execute([...(held?.fence.proof ?? []), ...statements, ...came]);
    await run(dialect.commit);
    return adoption;
  } catch (error) {
    await run(dialect.rollback).catch(() => undefined);
    throw error;
  }
}

function placeOf(repo: Repo) {
  return { table: laneOf(repo, "schema", {}).historyTable, repo: repo.name };
}

/** Reads and matches. Refuses doubts that nobody answered for. */
async function look(request: AdoptRequest, session: Session, world: RunWorld) {
  const { repo } = request;
  const found = await findForeign(request, session);
  const rows = await readForeign(found, session, request);
  const lane = laneOf(repo, "schema", {});
  const source = sourceOf(lane.migrations, {
    repo: repo.name,
    root: world.root,
    mayBeMissing: false,
  });
  const { files: all } = await source.list();
  const every = await Promise.all(
    all.map(async (file): Promise<File> => ({ ...(await source.facts(file)), file })),
  );
  const first = match(found.history, { rows, files: every, hashes });
  // A baseline that ran stands for older files, and one that did not is no file of this database.
  const files = withBaseline(all, [
    ...first.adopted.map(({ file }) => file.file),
    ...rows.filter(({ state }) => state === "applied").map(({ key }) => ({ version: key })),
  ]);
  const facts = every.filter(({ file }) => files.includes(file));
  const matched = withSquashed(
    files.length === all.length ? first : match(found.history, { rows, files: facts, hashes }),
    { rows, every },
  );
  const open = matched.doubts.filter(({ kind }) => !request.accept.includes(kind));
  if (open.length > 0) {
    const { label: tool } = found.history;
    throw new DevelopmentError("foreign_doubtful", { repo: repo.name, tool, doubts: open });
  }
  const known = await readHistory(session, placeOf(repo), files);
  if (known.length + matched.adopted.length === 0 && !files.some(({ baseline }) => baseline))
    refuse(all.filter(({ baseline }) => baseline).map(tooNew));
  const done = new Set(known.map(({ version }) => version));
  const left = matched.adopted.filter(({ file }) => !done.has(file.file.version));
  const applied = await Promise.all(
    left.map(async ({ file: { file }, row }) => ({
      step: await keptStep(file, { repo, source, session }),
      appliedAt: row.appliedAt,
    })),
  );
  return {
    adoption: {
      ...adoptionOf(found, matched, { repo, known: done, left }),
      ...startAfterOf(files, { repo, matched, known: done }),
    },
    applied,
    found,
    files,
  };
}

/**
 * Migrations behind the first pending one may have run too; the rules judge them where they did
 * not.
 */
function startAfterOf(
  files: readonly MigrationFile[],
  {
    repo,
    matched,
    known,
  }: {
    readonly repo: Repo;
    readonly matched: Matched<File>;
    readonly known: ReadonlySet<Version>;
  },
): Pick<Adoption, "startAfter"> {
  const pending = new Set(
    matched.pending.map(({ file }) => file.version).filter((version) => !known.has(version)),
  );
  const once = files.filter(({ repeatable }) => !repeatable);
  const first = once.findIndex(({ version }) => pending.has(version));
  const last = (first === -1 ? once : once.slice(0, first)).at(-1);
  return last === undefined || repo.startAfter !== undefined ? {} : { startAfter: last.version };
}

/** Where the files of applied migrations are gone, a baseline stands for them: without its row, it would run. */
function withSquashed(
  matched: Matched<File>,
  { rows, every }: { readonly rows: readonly ForeignRow[]; readonly every: readonly File[] },
): Matched<File> {
  if (matched.adopted.length > 0) return matched;
  const ran = rows.flatMap((row) => {
    const name = migrationName(row.key.replace(/\.sql$/, ""));
    if (row.state !== "applied" || name === undefined || name.problem !== undefined) return [];
    return [{ row, version: name.version }];
  });
  const baseline = squashedInto(
    every.map(({ file }) => file),
    ran.map(({ version }) => version),
  );
  const file = every.find((one) => one.file === baseline);
  const row = ran.at(-1)?.row;
  return file === undefined || row === undefined
    ? matched
    : { ...matched, adopted: [{ file, row }] };
}

/** Nothing is recorded of a used database, so the baseline would run on it. */
function tooNew({ origin }: MigrationFile): ReleaseError {
  return new ReleaseError("migration_invalid", {
    origin,
    reason: "this baseline stands for more than has run, and of what has run there is no file",
    hint: "Put back the files of what has run, or a baseline that stands for no more than that.",
  });
}

function adoptionOf(
  { history, table }: FoundHistory,
  matched: Matched<File>,
  ours: {
    readonly repo: Repo;
    readonly known: ReadonlySet<Version>;
    readonly left: Matched<File>["adopted"];
  },
): Adoption {
  const named = ({ file: { version, name } }: File) => ({ version, name });
  return {
    repo: ours.repo.name,
    tool: history.tool,
    table: [table.schema, table.name].filter(Boolean).join("."),
    recorded: ours.left.map(({ file, row }) => ({ ...named(file), appliedAt: row.appliedAt })),
    known: ours.known.size,
    pending: matched.pending.filter(({ file }) => !ours.known.has(file.version)).map(named),
    accepted: matched.doubts,
  };
}
