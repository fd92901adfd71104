/** VALIDATE CONSTRAINT and DROP CONSTRAINT. */
import { flag, part, type Tree, word } from "../../sql/tree.ts";
import { type CatalogConstraint, shown, type Table, treeOf } from "./catalog.ts";
import { makeNotNull } from "./not-null.ts";
import { mayHaveConstraint } from "./refusals/relation.ts";
import { exists, type Scene } from "./scene.ts";
import type { Subcommand } from "./subcommand.ts";

export function validateConstraint(table: Table, name: string, scene: Scene): undefined {
  const constraint = table.constraints.get(name);
  if (constraint === undefined && table.known && !mayHaveConstraint(table, name, scene))
    scene.emit({ kind: "fails", why: `${shown(table)} has no constraint ${name}` });
  if (constraint?.valid) return;
  if (constraint?.enforced === false)
    return scene.emit({ kind: "fails", why: `${name} of ${shown(table)} is NOT ENFORCED` });
  const sameTransaction = constraint?.transaction === scene.transaction.number;
  scene.emit({ kind: "constraint validated", table, constraint, name, sameTransaction });
  scene.emit({
    kind: "work",
    table,
    words: `checks every row against ${name}`,
    validates: constraint,
  });
  if (constraint === undefined) return;
  constraint.valid = true;
  if (constraint.kind === "not null")
    for (const column of constraint.columns) makeNotNull(table, column);
}

export function dropConstraint(
  table: Table,
  command: Tree,
  commands: readonly Subcommand[],
  scene: Scene,
): undefined {
  const name = word(command, "name") ?? "";
  const constraint = table.constraints.get(name);
  const needed = neededNotNull(table, name, scene);
  if (needed !== undefined) return scene.emit({ kind: "fails", why: needed });
  if (constraint === undefined && table.known) {
    if (
      !flag(command, "missing_ok") &&
      scene.catalog.complete &&
      !mayHaveConstraint(table, name, scene)
    )
      scene.emit({ kind: "fails", why: `${shown(table)} has no constraint ${name}` });
    return;
  }
  const cascades = word(command, "behavior") === "DROP_CASCADE";
  const dependent = constraint === undefined ? undefined : dependentKey(table, constraint, scene);
  if (dependent !== undefined && !cascades) {
    scene.emit({ kind: "fails", why: `the foreign key ${dependent} refers to ${name}` });
    return;
  }
  if (dependent !== undefined)
    for (const { from } of scene.catalog.referencesTo(table))
      if (from !== table) scene.emit({ kind: "lock", table: from, mode: "ACCESS EXCLUSIVE" });
  const other = constraint?.references?.table;
  if (other !== undefined && other !== table)
    scene.emit({ kind: "lock", table: other, mode: "ACCESS EXCLUSIVE", pair: constraint });
  const primaryKey =
    constraint === undefined ? name === `${table.name}_pkey` : constraint.kind === "primary key";
  scene.emit({
    kind: "constraint dropped",
    table,
    name,
    primaryKey,
    replaced: commands.some(addsPrimaryKey),
  });
  if (cascades)
    scene.emit({
      kind: "cascade",
      what: `DROP CONSTRAINT ${name}`,
      older: exists(constraint ?? table),
      tables: [shown(table)],
    });
  forget(table, name, constraint, scene);
}

function forget(
  table: Table,
  name: string,
  constraint: CatalogConstraint | undefined,
  { catalog }: Scene,
): undefined {
  for (const below of treeOf(table)) below.constraints.delete(name);
  catalog.indexes.delete(`${table.schema}.${name}`);
  if (constraint?.kind === "not null") {
    const column = table.columns.get(constraint.columns[0] ?? "");
    if (column !== undefined) column.notNull = false;
  }
}

function addsPrimaryKey({ subtype, tree }: Subcommand): boolean {
  return (
    subtype === "AT_AddConstraint" &&
    part(part(tree, "def"), "Constraint")?.contype === "CONSTR_PRIMARY"
  );
}

/** Why a NOT NULL must stay. */
function neededNotNull(table: Table, name: string, { server }: Scene): string | undefined {
  const constraint = table.constraints.get(name);
  const column =
    constraint?.kind === "not null"
      ? table.columns.get(constraint.columns[0] ?? "")
      : [...table.columns.values()].find(
          (one) => constraint === undefined && name === `${table.name}_${one.name}_not_null`,
        );
  if (column === undefined || server.major < 18) return undefined;
  if (column.isIdentity === true) return `${column.name} of ${shown(table)} is an identity column`;
  const isKey = [...table.constraints.values()].some(
    (one) => one.kind === "primary key" && one.columns.includes(column.name),
  );
  return isKey ? `${column.name} is in the primary key of ${shown(table)}` : undefined;
}

/** A foreign key that needs this key. */
function dependentKey(
  table: Table,
  constraint: CatalogConstraint,
  { catalog }: Scene,
): string | undefined {
  if (constraint.kind !== "primary key" && constraint.kind !== "unique") return undefined;
  const keyOf = (columns: readonly string[]) => [...columns].sort().join();
  const wanted = keyOf(constraint.columns);
  const others = catalog
    .indexesOf(table)
    .filter(
      ({ unique, keys, constraint: owner }) =>
        unique && owner !== constraint.name && keyOf(keys) === wanted,
    );
  // Which of several it goes by, the server has chosen.
  if (others.length > 0) return undefined;
  return catalog
    .referencesTo(table)
    .find(({ constraint: key }) => [...(key.references?.columns ?? [])].sort().join() === wanted)
    ?.constraint.name;
}
