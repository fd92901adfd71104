/** The way back to another tool: its history says what ours says, as long as it knows all that has run. */
import type { Session } from "../adapters/adapter.ts";
import { DevelopmentError } from "../core/model/development-error.ts";
import type { ReleaseError } from "../core/model/errors.ts";
import type { FileFacts } from "../core/model/file-facts.ts";
import type { AppliedMigration, MigrationFile, Version } from "../core/model/migration.ts";
import { plain, type Statement } from "../core/model/statement.ts";
import { orderOf, repeatedAmong } from "../core/plan/order.ts";
import { readMovedIn } from "../engine/event-table.ts";
import { readHistory } from "../engine/history.ts";
import { type Back, type BackRow, backOf } from "../histories/back.ts";
import type { FoundHistory } from "../histories/find-histories.ts";
import type { ForeignHistory, ForeignRow } from "../histories/foreign-history.ts";
import { type Matched, match } from "../histories/match.ts";
import { hashes } from "./foreign-hashes.ts";
import { deletesOf, insertInto, nextOf } from "./foreign-row-sql.ts";
import {
  type ForeignRequest,
  findForeign,
  inSchema,
  openForeign,
  readForeign,
} from "./foreign-rows.ts";
import { laneOf } from "./lane.ts";
import { ownRows } from "./own-rows.ts";
import type { RunWorld } from "./run-world.ts";
import { sourceOf } from "./source.ts";
import { underLock } from "./under-lock.ts";

/** The result of going back. Both lists empty: the other tool's history already agrees. */
export type AdoptionBack = {
  readonly repo: string;
  readonly tool: string;
  readonly table: string;
  /** Migrations whose rows its history has now, or would have. */
  readonly written: readonly BackMigration[];
  /** Migrations whose rows its history no longer has: rolled back with Slipway. */
  readonly removed: readonly BackMigration[];
};

export type BackMigration = { readonly version: Version; readonly name: string };

type File = FileFacts & { readonly file: MigrationFile };

/** @throws {ReleaseError} `foreign_missing`, `foreign_ambiguous`, `foreign_locked`, `back_refused`, `lock_held` */
export async function adoptBack(request: ForeignRequest, world: RunWorld): Promise<AdoptionBack> {
  const { repo } = request;
  const session = await openForeign(request, world);
  try {
    if (request.dryRun) return (await look(request, session, world)).back;
    const lane = laneOf(repo, "schema", {});
    return await underLock({ repo, lane, session }, { options: {}, world }, ({ held }) =>
      write(request, session, { world, proof: held?.fence.proof ?? [] }),
    );
  } finally {
    await session.close();
  }
}

/** One transaction, in which nobody else writes the other tool's table. */
async function write(
  request: ForeignRequest,
  session: Session,
  { world, proof }: { readonly world: RunWorld; readonly proof: readonly Statement[] },
): Promise<AdoptionBack> {
  const { begin, commit, rollback } = session.dialect;
  await session.execute([plain(begin)]);
  try {
    const { back, statements } = await look(request, session, world);
    await session.execute([...proof, ...statements, plain(commit)]);
    return back;
  } catch (error) {
    await session.execute([plain(rollback)]).catch(() => undefined);
    throw error;
  }
}

async function look(request: ForeignRequest, session: Session, world: RunWorld) {
  const { repo } = request;
  const found = await findForeign(request, session);
  const back = backOf(found.history);
  const refuse = (reason: string) =>
    new DevelopmentError("back_refused", { repo: repo.name, tool: found.history.label, reason });
  if (back.kind === "no") throw refuse(back.because);
  const rows = await readForeign(found, session, request);
  const lane = laneOf(repo, "schema", {});
  const { root } = world;
  const source = sourceOf(lane.migrations, { repo: repo.name, root, mayBeMissing: false });
  const { files } = await source.list();
  const facts = await Promise.all(
    files.map(async (file): Promise<File> => ({ ...(await source.facts(file)), file })),
  );
  const matched = match(found.history, { rows, files: facts, hashes });
  const history = { table: lane.historyTable, repo: repo.name };
  const own = { repo, session, history, answeredFor: true };
  const applied = await ownRows(own, () => readHistory(session, history, files));
  const newest =
    (await readMovedIn(session, lane.historyTable, files)) ??
    matched.adopted.findLast(({ file }) => !file.file.repeatable)?.file.file.version;
  const theirs = new Set(matched.adopted.map(({ file }) => file.file.version));
  const unknown = strangers({ files, applied, newest, theirs });
  const [first] = unknown;
  if (first !== undefined) {
    const more = unknown.length === 1 ? "" : `, and so were ${unknown.length - 1} more`;
    throw refuse(`${first} has run, and was made after the history moved in${more}`);
  }
  const done = new Map(applied.map((row) => [row.version, row]));
  const isDone = ({ file }: File) => done.has(file.version);
  const change = {
    written: facts.filter((one) => isDone(one) && !theirs.has(one.file.version)),
    removed: facts.filter((one) => !isDone(one) && theirs.has(one.file.version)),
  };
  const isChain = back.kind === "row" && back.inOrder === true;
  const gap = back.kind === "newest" || isChain ? gapIn(facts, isDone) : undefined;
  if (gap !== undefined)
    throw refuse(
      `${gap.file.version} has not run and a newer one has, and ${isChain ? "each of its rows stands on the one before it" : "its one row says that all up to it have"}`,
    );
  const named = ({ file: { version, name } }: File) => ({ version, name });
  const { schema, name } = found.table;
  return {
    back: {
      repo: repo.name,
      tool: found.history.tool,
      table: [schema, name].filter(Boolean).join("."),
      written: change.written.map(named),
      removed: change.removed.map(named),
    },
    statements: await statementsOf(found, back, {
      ...{ ...change, facts, done, rows, matched, session, refuse },
    }),
  };
}

/** The first migration that did not run although a later one did. */
function gapIn(facts: readonly File[], isDone: (one: File) => boolean): File | undefined {
  const newest = facts.findLastIndex(isDone);
  return facts.slice(0, Math.max(newest, 0)).find((one) => !isDone(one));
}

/** Applied, and not known to the other tool: their files are newer than its last, or are not here. */
function strangers({
  files,
  applied,
  newest,
  theirs,
}: {
  readonly files: readonly MigrationFile[];
  readonly applied: readonly AppliedMigration[];
  readonly newest: Version | undefined;
  /** Repeatable migrations come behind all others, so only their rows tell whether the tool knows them. */
  readonly theirs: ReadonlySet<Version>;
}): readonly Version[] {
  const order = orderOf(files);
  const isRepeated = repeatedAmong(files);
  const known = new Set(files.map(({ version }) => version));
  return applied
    .map(({ version }) => version)
    .filter((version) => !known.has(version) || newest === undefined || order(version, newest) > 0)
    .filter((version) => !isRepeated(version) || !theirs.has(version))
    .toSorted(order);
}

type Change = {
  readonly written: readonly File[];
  readonly removed: readonly File[];
  readonly facts: readonly File[];
  readonly done: ReadonlyMap<Version, AppliedMigration>;
  readonly rows: readonly ForeignRow[];
  readonly matched: Matched<File>;
  readonly session: Session;
  readonly refuse: (reason: string) => ReleaseError;
};

async function statementsOf(
  { history, table }: FoundHistory,
  back: Exclude<Back, { readonly kind: "no" }>,
  { written, removed, facts, done, rows, matched, session, refuse }: Change,
): Promise<readonly Statement[]> {
  const { dialect } = session;
  if (written.length + removed.length === 0) return [];
  const into = dialect.quoteNamed(inSchema(table.name, table.schema));
  const insert = (row: BackRow) => insertInto(into, row, { dialect, history });
  if (back.kind === "newest") {
    const last = facts.findLast(({ file }) => done.has(file.version));
    const clear = plain(`DELETE FROM ${into}`);
    return last === undefined ? [clear] : [clear, insert(back.row(keyOf(history, last)))];
  }
  const next = back.counts === undefined ? 0 : await nextOf(session, into, back.counts);
  const rowOf = (file: File, i: number) => {
    const at = done.get(file.file.version)?.appliedAt ?? new Date(0);
    const about = {
      key: keyOf(history, file),
      at,
      next: history.tool === "knex" ? next : next + i,
      files: facts,
      rows: rows.map(({ text = {} }) => text),
    };
    const row = onlyThere(back.row(file, about, hashes), table.columns);
    if (!isKnownAgain(history, row, file))
      throw refuse(`in the columns of its table, a row of ${file.base} would not be known again`);
    return row;
  };
  const covered = matched.adopted.find(
    ({ file, row }) => row.standsFor !== undefined && removed.includes(file),
  );
  if (covered !== undefined)
    throw refuse(
      `${covered.file.base} was rolled back, and its row (${covered.row.key}) stands for others too`,
    );
  const theirs = new Map(matched.adopted.map(({ file, row }) => [file, row.key]));
  const gone = new Set(removed.map((file) => theirs.get(file)));
  const removedRows = rows.filter(({ key }) => gone.has(key));
  return [
    // The newest first: it may stand on the one before it.
    ...deletesOf(removedRows.toReversed(), { dialect, into, ...back }),
    ...written.map((file) => asRowsHaveIt(file, matched)).map((file, i) => insert(rowOf(file, i))),
  ];
}

/** The tool's key for the file: the present name, if the tool knows it, else the first key. */
function keyOf(history: ForeignHistory, file: File): string {
  const keys = history.keys(file, hashes);
  return keys.includes(file.base) ? file.base : (keys[0] ?? file.base);
}

/** A module with the ending that the newest row of a module has: the tool may run a compiler's output. */
function asRowsHaveIt(file: File, { adopted }: Matched<File>): File {
  const ending = adopted
    .filter(({ file }) => moduleEnding.test(file.base))
    .map(({ row }) => moduleEnding.exec(row.key)?.[0])
    .findLast((found) => found !== undefined);
  if (ending === undefined || !moduleEnding.test(file.base)) return file;
  return { ...file, base: file.base.replace(moduleEnding, ending) };
}

const moduleEnding = /\.[cm]?[jt]s$/;

/** Whether the next look finds the row to be that of the file: otherwise each run would write it once more. */
function isKnownAgain(history: ForeignHistory, row: BackRow, file: File): boolean {
  const text = Object.entries(row).map(([name, value]) => [
    name,
    value === null ? undefined : value instanceof Date ? value.toISOString() : String(value),
  ]);
  const said = history.says(Object.fromEntries(text));
  return said?.state === "applied" && history.keys(file, hashes).includes(said.key);
}

/** Columns that newer releases of the tool have may be missing. */
function onlyThere(row: BackRow, columns: readonly string[]): BackRow {
  return Object.fromEntries(Object.entries(row).filter(([name]) => columns.includes(name)));
}
