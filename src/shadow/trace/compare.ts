/** Two looks and the messages in between → what a statement did. Pure. */
import { lockModes } from "../../core/safety/effects/lock.ts";
import { type CatalogLook, nameless, type Seen, withNames } from "./look.ts";
import { workOf } from "./messages.ts";
import { type DurationClass, type TracedLock, type TracedStatement, waitingFor } from "./traced.ts";

export type SeenEffects = Pick<
  TracedStatement,
  "takes" | "locks" | "held" | "rewritten" | "scanned" | "built" | "notes"
>;

export type Compared = {
  readonly before: CatalogLook;
  readonly after: CatalogLook;
  readonly messages: readonly string[];
  /** The tables whose foreign keys were looked up row by row, by oid. */
  readonly validated: readonly string[];
  /** Whether it empties tables: they have other files then, and nothing was written. Default: it does not. */
  readonly empties?: boolean | undefined;
  /** The objects that the run has made so far, by oid, and those that belong to Slipway. */
  readonly made: ReadonlySet<string>;
  readonly ours: ReadonlySet<string>;
};

export function compare(compared: Compared): SeenEffects {
  const { before, after, messages, validated, made, ours } = compared;
  const now = withNames(after, before).filter(({ oid }) => !ours.has(oid));
  const known = now.filter(({ oid }) => before.has(oid) && !made.has(oid));
  const work = workOf(messages);
  const named = (names: readonly string[]) =>
    known.filter((one) => names.includes(bare(one)) && one.kind === "table");
  const empties = compared.empties === true;
  const rewritten = unique([
    ...known.filter((one) => one.kind === "table" && !empties && changedFile(one, before)),
    ...named(work.rewrites),
  ]);
  // A change of type that keeps the values rebuilds the index over its old file.
  const files = new Set([...before.values()].flatMap(({ file }) => file ?? []));
  const built = now.filter(
    (one) =>
      one.kind === "index" &&
      !empties &&
      one.table !== undefined &&
      isOld(one.table, before, made) &&
      one.file !== undefined &&
      !files.has(one.file),
  );
  const read = known.filter(
    (one) => one.kind === "table" && one.read > (before.get(one.oid)?.read ?? 0),
  );
  const looked = known.filter(({ oid }) => validated.includes(oid));
  const scanned = unique([...named(work.verifies), ...read, ...looked]).filter(
    (one) => !rewritten.includes(one),
  );
  const builtTables = new Set(built.map(({ table }) => table));
  const lists = {
    rewritten: rewritten.map(({ name }) => name),
    scanned: scanned.filter(({ oid }) => !builtTables.has(oid)).map(({ name }) => name),
    built: built
      .filter(({ table }) => !rewritten.some(({ oid }) => oid === table))
      .map(({ name }) => name),
  };
  return {
    ...lists,
    takes: takes(lists),
    locks: newLocks(before, now, made),
    held: heldLocks(before, { made, ours }),
    notes: [
      ...work.validates.map((name) => `looked up every row for the foreign key ${name}`),
      ...work.proved.map(
        (name) => `NOT NULL of ${name} was proved by a constraint, without a scan`,
      ),
    ],
  };
}

function takes(found: {
  readonly rewritten: readonly unknown[];
  readonly built: readonly unknown[];
  readonly scanned: readonly unknown[];
}): DurationClass {
  if (found.rewritten.length > 0) return "rewrites the table";
  if (found.built.length > 0) return "builds an index";
  return found.scanned.length > 0 ? "reads every row" : "a moment";
}

/** The locks that already make others wait. */
function heldLocks(
  before: CatalogLook,
  { made, ours }: Pick<Compared, "made" | "ours">,
): readonly TracedLock[] {
  return [...before.values()].flatMap(({ oid, name, kind, lock }): readonly TracedLock[] => {
    if (
      lock === undefined ||
      made.has(oid) ||
      ours.has(oid) ||
      kind !== "table" ||
      name === nameless
    )
      return [];
    const waiting = waitingFor(lock);
    return waiting === "nobody" ? [] : [{ on: name, kind, mode: lock, waiting, isNew: false }];
  });
}

/** The strongest lock on each thing, where this statement took a stronger one than was held before. */
function newLocks(
  before: CatalogLook,
  now: readonly Seen[],
  made: ReadonlySet<string>,
): readonly TracedLock[] {
  return now
    .flatMap((one): readonly TracedLock[] => {
      const { oid, kind, lock } = one;
      const old = before.get(oid);
      if (lock === undefined || rank(lock) <= rank(old?.lock)) return [];
      const isNew = made.has(oid) || old === undefined;
      // Waiting statements know the object by its old name.
      const { name } = old ?? one;
      const above = namesAbove(old ?? one, before);
      return [
        {
          ...{ on: name, kind, mode: lock, waiting: waitingFor(lock), isNew },
          ...(above.length === 0 ? {} : { above }),
        },
      ];
    })
    .toSorted((a, b) => rank(b.mode) - rank(a.mode) || (a.on < b.on ? -1 : 1));
}

/** The names of its parents, up to the root. */
function namesAbove({ above }: Seen, before: CatalogLook): readonly string[] {
  return above.flatMap((oid) => {
    const parent = before.get(oid);
    return parent === undefined ? [] : [parent.name, ...namesAbove(parent, before)];
  });
}

function rank(mode: Seen["lock"]): number {
  return mode === undefined ? -1 : lockModes.indexOf(mode);
}

function changedFile({ oid, file }: Seen, before: CatalogLook): boolean {
  const old = before.get(oid);
  return old?.file !== undefined && file !== undefined && old.file !== file;
}

function isOld(oid: string, before: CatalogLook, made: ReadonlySet<string>): boolean {
  return before.has(oid) && !made.has(oid);
}

function bare({ name }: Seen): string {
  return name.slice(name.indexOf(".") + 1);
}

function unique<Item>(items: readonly Item[]): readonly Item[] {
  return [...new Set(items)];
}
