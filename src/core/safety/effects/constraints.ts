/** Constraints as they are added, to a new table or to one that is in use. */
import {
  child,
  columnOf,
  columnsIn,
  flag,
  names,
  nodesIn,
  part,
  type Tree,
  word,
} from "../../sql/tree.ts";
import type { NotNullProof } from "../forms/safe-form.ts";
import type { CatalogConstraint, CatalogIndex, Table } from "./catalog.ts";
import { shown, treeOf } from "./catalog.ts";
import { foreignKeyMismatch } from "./foreign-key.ts";
import { refuseOverlaps, refusePeriod, refuseTakenIndex, refuseVirtual } from "./key-refusals.ts";
import { chooseName, isTaken } from "./names.ts";
import { provesNotNull } from "./proof.ts";
import { type Scene, tableOf } from "./scene.ts";

export type AddedConstraint = {
  readonly table: Table;
  readonly definition: Tree;
  /** The column that it stands with. */
  readonly onColumn?: string | undefined;
  readonly isNewTable: boolean;
  /** A column that comes without a value has nothing that could be wrong. */
  readonly skipsForeignKeyScan?: boolean | undefined;
  /** What stands behind it says NOT ENFORCED. */
  readonly notEnforced?: boolean | undefined;
};

/** Adds what a `Constraint` node says; those that belong to the column itself are not here. */
export function addConstraint(added: AddedConstraint, scene: Scene): undefined {
  switch (added.definition.contype) {
    case "CONSTR_CHECK":
      return addCheck(added, scene);
    case "CONSTR_FOREIGN":
      return addForeignKey(added, scene);
    case "CONSTR_UNIQUE":
    case "CONSTR_PRIMARY":
    case "CONSTR_EXCLUSION":
      return addIndexed(added, scene);
    case "CONSTR_NOTNULL":
      return added.onColumn === undefined ? addNotNull(added, scene) : undefined;
    default:
      return undefined;
  }
}

function addCheck(added: AddedConstraint, scene: Scene): undefined {
  const { table, definition, onColumn, isNewTable } = added;
  const isEnforced = flag(definition, "is_enforced") && added.notEnforced !== true;
  const isValid = isEnforced && (isNewTable || !flag(definition, "skip_validation"));
  const mentioned = [...columnsIn(definition.raw_expr)];
  const spoken = namedIn(table, definition.raw_expr);
  const label = spoken.length === 1 ? spoken : [];
  const constraint: CatalogConstraint = {
    ...named(added, scene, { columns: label, label: "check" }),
    kind: "check",
    columns: mentioned,
    valid: isValid,
    enforced: isEnforced,
    expression: child(definition, "raw_expr"),
  };
  refuseUnknownColumns(table, mentioned, scene);
  keep(table, constraint, scene);
  if (isNewTable) return;
  scene.emit({
    kind: "constraint added",
    table,
    constraint,
    scans: isValid,
    builds: false,
    onColumn: onColumn !== undefined,
    written: definition,
  });
  if (isValid) scene.emit({ kind: "work", table, words: "checks every row" });
}

/** The columns that an expression reads, also as `(t).a`; none where it reads a whole row. */
function namedIn(table: Table, expression: unknown): readonly string[] {
  const fields = [...nodesIn(expression)].flatMap(({ kind, tree }) => {
    const whole = kind === "A_Indirection" ? columnOf(child(tree, "arg")) : undefined;
    return whole === table.name ? names(tree, "indirection").slice(0, 1) : [];
  });
  const read = [...columnsIn(expression)];
  const columns = read.filter((name) => name !== table.name || table.columns.has(name));
  if (columns.length < read.length && fields.length === 0) return [];
  return [...new Set([...columns, ...fields])];
}

function addForeignKey(added: AddedConstraint, scene: Scene): undefined {
  const { table, definition, onColumn, isNewTable, skipsForeignKeyScan } = added;
  const referenced = tableOf(part(definition, "pktable"), scene);
  const written = names(definition, "fk_attrs");
  const columns = written.length === 0 && onColumn !== undefined ? [onColumn] : written;
  const isEnforced = flag(definition, "is_enforced") && added.notEnforced !== true;
  const skips = flag(definition, "skip_validation") && !isNewTable;
  const pk = [...referenced.constraints.values()].find((one) => one.kind === "primary key");
  const given = names(definition, "pk_attrs");
  const constraint: CatalogConstraint = {
    ...named(added, scene, { columns, label: "fkey" }),
    kind: "foreign key",
    columns,
    valid: isEnforced && !skips,
    enforced: isEnforced,
    references: { table: referenced, columns: given.length > 0 ? given : (pk?.columns ?? []) },
  };
  const scans = isEnforced && !skips && !isNewTable && skipsForeignKeyScan !== true;
  refuseUnknownColumns(table, columns, scene);
  refuseForeignKey({ table, constraint, skips }, scene);
  refuseVirtual(table, columns, "a foreign key", scene);
  refusePeriod(definition, scene);
  keep(table, constraint, scene);
  if (!isNewTable) scene.emit({ kind: "lock", table, mode: "SHARE ROW EXCLUSIVE" });
  if (referenced !== table) {
    const pair = isNewTable ? undefined : constraint;
    scene.emit({ kind: "lock", table: referenced, mode: "SHARE ROW EXCLUSIVE", pair });
  }
  if (!isNewTable)
    scene.emit({
      kind: "constraint added",
      table,
      constraint,
      scans,
      builds: false,
      onColumn: onColumn !== undefined,
      written: definition,
    });
  if (scans) scene.emit({ kind: "work", table, words: "looks up the parent of every row" });
  const mismatch = foreignKeyMismatch(table, constraint, scene);
  scene.emit({ kind: "foreign key made", table, constraint, mismatch });
}

function refuseForeignKey(
  made: { readonly table: Table; readonly constraint: CatalogConstraint; readonly skips: boolean },
  scene: Scene,
): undefined {
  const { table, constraint, skips } = made;
  const { catalog, server } = scene;
  if (table.partitionBy !== undefined && skips && server.major < 18) {
    scene.emit({
      kind: "fails",
      why: `before PostgreSQL 18 a foreign key on the partitioned table ${shown(table)} cannot be NOT VALID`,
    });
  }
  const { table: parent, columns = [] } = constraint.references ?? {};
  if (parent === undefined || !parent.known || columns.length === 0) {
    if (parent?.known && parent.kind === "table" && columns.length === 0)
      scene.emit({ kind: "fails", why: `${shown(parent)} has no primary key` });
    return;
  }
  const wanted = [...columns].sort().join();
  const keys = catalog
    .indexesOf(parent)
    .filter((index) => index.unique && !index.isPartial && !index.hasExpressions);
  if (keys.some((index) => [...index.keys].sort().join() === wanted)) return;
  scene.emit({ kind: "fails", why: `${shown(parent)} has no unique key on ${columns.join(", ")}` });
}

const kinds = {
  CONSTR_UNIQUE: { kind: "unique", label: "key" },
  CONSTR_PRIMARY: { kind: "primary key", label: "pkey" },
  CONSTR_EXCLUSION: { kind: "exclude", label: "excl" },
} as const;

function addIndexed(added: AddedConstraint, scene: Scene): undefined {
  const { table, definition, onColumn, isNewTable } = added;
  const { kind, label } = kinds[definition.contype as keyof typeof kinds];
  const usingIndex = word(definition, "indexname");
  const taken =
    usingIndex === undefined
      ? undefined
      : scene.catalog.find(scene.catalog.indexes, usingIndex, table.schema);
  const written = names(definition, "keys");
  const columns =
    taken?.keys ?? (written.length === 0 && onColumn !== undefined ? [onColumn] : written);
  const called = kind === "primary key" ? [] : [...columns, ...names(definition, "including")];
  const base = named(added, scene, { columns: called, label });
  const name =
    usingIndex !== undefined && word(definition, "conname") === undefined ? usingIndex : base.name;
  const constraint: CatalogConstraint = { ...base, name, kind, columns, valid: true };
  refuseIndexed({ table, constraint, usingIndex, index: taken }, scene);
  refuseVirtual(table, columns, "an index", scene);
  refuseOverlaps(table, definition, scene);
  const nullable = columns.filter((column) => isNullable(table, column));
  if (!isNewTable) {
    if (usingIndex !== undefined && kind === "primary key")
      enforceNotNull(table, nullable, { by: "primary key", written: definition }, scene);
    const builds = usingIndex === undefined;
    scene.emit({
      kind: "constraint added",
      table,
      constraint,
      scans: false,
      builds,
      onColumn: onColumn !== undefined,
      written: definition,
      ...(kind === "primary key" ? { proofs: proofsOf(table, nullable, scene) } : {}),
    });
    if (builds) scene.emit({ kind: "work", table, words: "builds an index" });
  }
  if (kind === "primary key") for (const column of columns) makeNotNull(table, column);
  keep(table, constraint, scene);
  keepIndex({ table, constraint, taken, definition }, scene);
}

function refuseIndexed(
  made: {
    readonly table: Table;
    readonly constraint: CatalogConstraint;
    readonly usingIndex: string | undefined;
    readonly index: CatalogIndex | undefined;
  },
  scene: Scene,
): undefined {
  const { table, constraint, usingIndex, index } = made;
  const fails = (why: string) => scene.emit({ kind: "fails", why });
  const { kind, columns } = constraint;
  const existing = [...table.constraints.values()].some((one) => one.kind === "primary key");
  if (kind === "primary key" && existing) fails(`${shown(table)} has a primary key already`);
  refuseUnknownColumns(
    table,
    columns.filter((column) => column !== ""),
    scene,
  );
  if (usingIndex === undefined) {
    const keys = table.partitionBy?.columns ?? [];
    if (kind !== "exclude" && keys.some((key) => !columns.includes(key)))
      fails(`a ${kind} of the partitioned table ${shown(table)} must include its partition key`);
    return;
  }
  if (table.partitionBy !== undefined)
    fails(`the partitioned table ${shown(table)} cannot take over an index`);
  if (index === undefined) {
    if (table.known && scene.catalog.complete) fails(`there is no index ${usingIndex}`);
    return;
  }
  refuseTakenIndex(index, scene);
}

function keepIndex(
  made: {
    readonly table: Table;
    readonly constraint: CatalogConstraint;
    readonly taken: CatalogIndex | undefined;
    readonly definition: Tree;
  },
  { catalog, origin }: Scene,
): undefined {
  const { table, constraint, taken, definition } = made;
  if (taken !== undefined) {
    catalog.indexes.delete(`${taken.schema}.${taken.name}`);
    catalog.indexes.set(`${taken.schema}.${constraint.name}`, {
      ...taken,
      name: constraint.name,
      constraint: constraint.name,
    });
    return;
  }
  const mentioned = columnsIn([definition.exclusions, definition.where_clause]);
  catalog.indexes.set(`${table.schema}.${constraint.name}`, {
    schema: table.schema,
    name: constraint.name,
    table,
    origin,
    keys: constraint.columns,
    columns: new Set([...constraint.columns, ...names(definition, "including"), ...mentioned]),
    unique: constraint.kind !== "exclude",
    isPartial: definition.where_clause !== undefined,
    hasExpressions: false,
    method: word(definition, "access_method") ?? "btree",
    only: false,
    constraint: constraint.name,
  });
}

/** NOT NULL as a constraint with a name, since 18. */
function addNotNull(added: AddedConstraint, scene: Scene): undefined {
  const { table, definition, isNewTable } = added;
  const column = names(definition, "keys")[0] ?? columnOf(child(definition, "raw_expr")) ?? "";
  const skips = flag(definition, "skip_validation") && !isNewTable;
  if (scene.server.major < 18) {
    scene.emit({
      kind: "fails",
      why: "a NOT NULL constraint is added with ALTER COLUMN … SET NOT NULL before PostgreSQL 18",
    });
    return;
  }
  refuseUnknownColumns(table, [column], scene);
  const name = word(definition, "conname");
  const there = notNullName(table, column);
  if (name !== undefined && there !== undefined && there !== name)
    return scene.emit({
      kind: "fails",
      why: `${column} of ${shown(table)} has a NOT NULL constraint ${there} already`,
    });
  const constraint: CatalogConstraint = {
    ...named(added, scene, { columns: [column], label: "not_null" }),
    kind: "not null",
    columns: [column],
    valid: !skips,
    noInherit: flag(definition, "is_no_inherit"),
  };
  if (isNewTable) makeNotNull(table, column);
  else if (!skips && isNullable(table, column, { unknown: true }))
    enforceNotNull(
      table,
      [column],
      { by: "not null constraint", written: definition, named: constraint.name },
      scene,
    );
  scene.emit({
    kind: "constraint added",
    table,
    constraint,
    scans: false,
    builds: false,
    onColumn: false,
    written: definition,
  });
  keep(table, constraint, scene);
}

/** The name of a column's NOT NULL, which it has though nobody has written one. */
function notNullName(table: Table, column: string): string | undefined {
  const named = [...table.constraints.values()].find(
    (one) => one.kind === "not null" && one.columns[0] === column,
  );
  if (named !== undefined) return named.name;
  return table.columns.get(column)?.notNull === true
    ? chooseName({ table: table.name, columns: [column], label: "not_null" }, () => false)
    : undefined;
}

/** Makes columns NOT NULL, which the server checks row by row unless a constraint proves it. */
export function enforceNotNull(
  table: Table,
  columns: readonly string[],
  said: {
    readonly by: "set not null" | "not null constraint" | "primary key";
    readonly written: Tree;
    /** The name that the constraint itself has. Default: the server chooses one. */
    readonly named?: string;
  },
  scene: Scene,
): undefined {
  const leaves = treeOf(table).filter((one) => one.partitionBy === undefined);
  const isProven = (column: string) =>
    provesNotNull(table, column, scene.server) ||
    (table.partitionBy !== undefined &&
      leaves.every(
        (leaf) =>
          leaf.columns.get(column)?.notNull === true ||
          isBelieved(leaf, column) ||
          provesNotNull(leaf, column, scene.server),
      ));
  const open = columns.filter((column) => !isProven(column));
  if (open.length > 0) {
    const { by, written, named } = said;
    const proofs =
      named === undefined
        ? proofsOf(table, open, scene)
        : open.map((column) => ({ column, constraint: named }));
    scene.emit({ kind: "not null enforced", table, columns: open, by, written, proofs });
    scene.emit({ kind: "work", table, words: "checks every row for NULL" });
  }
  for (const column of columns) makeNotNull(table, column);
}

/** Whether a NOT NULL of its own stands, validated or not: the server does not look further. */
function isBelieved({ constraints }: Table, column: string): boolean {
  return [...constraints.values()].some(
    ({ kind, columns }) => kind === "not null" && columns[0] === column,
  );
}

/** The constraints that could prove it, called as the server calls the NOT NULL of a column. */
function proofsOf(
  table: Table,
  columns: readonly string[],
  { catalog }: Scene,
): readonly NotNullProof[] {
  return columns.map((column) => ({
    column,
    constraint: chooseName({ table: table.name, columns: [column], label: "not_null" }, (taken) =>
      isTaken(taken, table, catalog),
    ),
  }));
}

/** Whether a column may hold NULL. Of a column that is not known: `unknown`, which is `false` by default. */
export function isNullable(
  table: Table,
  column: string,
  options: { readonly unknown?: boolean } = {},
): boolean {
  const known = table.columns.get(column);
  return known === undefined ? (options.unknown ?? false) : !known.notNull;
}

export function makeNotNull(table: Table, column: string): undefined {
  const known = table.columns.get(column);
  if (known !== undefined) known.notNull = true;
}

function named(
  { table, definition }: AddedConstraint,
  { catalog, origin, transaction }: Scene,
  choice: { readonly columns: readonly string[]; readonly label: string },
): Pick<CatalogConstraint, "name" | "origin" | "transaction"> {
  const given = word(definition, "conname");
  const name =
    given ??
    chooseName({ table: table.name, ...choice }, (taken) => isTaken(taken, table, catalog));
  return { name, origin, transaction: transaction.number };
}

function keep(table: Table, constraint: CatalogConstraint, scene: Scene): undefined {
  if (table.constraints.has(constraint.name)) {
    scene.emit({
      kind: "fails",
      why: `${shown(table)} has a constraint ${constraint.name} already`,
    });
  }
  for (const below of treeOf(table)) below.constraints.set(constraint.name, constraint);
}

/** A column that is not there is a certain failure, when the table is known. */
export function refuseUnknownColumns(
  table: Table,
  columns: readonly string[],
  scene: Scene,
): undefined {
  if (!table.known) return;
  for (const column of columns) {
    if (
      !table.columns.has(column) &&
      !systemColumns.has(column) &&
      column !== "*" &&
      column !== table.name
    )
      scene.emit({ kind: "fails", why: `${shown(table)} has no column ${column}` });
  }
}

const systemColumns = new Set(["ctid", "xmin", "xmax", "cmin", "cmax", "tableoid", "oid"]);
