/** ALTER TABLE: its subcommands in the order in which the server carries them out, under one lock. */
import { children, flag, part, type Tree, word } from "../../sql/tree.ts";
import type { AddedConstraint } from "./added-constraint.ts";
import { addColumn, alterColumn, dropColumn } from "./alter-column.ts";
import { alterEnforcement } from "./alter-constraint.ts";
import { alterPartition } from "./alter-partition.ts";
import { changeColumnTypes } from "./alter-type.ts";
import { shown, type Table } from "./catalog.ts";
import { alterComposite } from "./composite-type.ts";
import { addConstraint } from "./constraints.ts";
import { dropConstraint, validateConstraint } from "./drop-constraint.ts";
import { type LockMode, stronger } from "./lock.ts";
import { addInherit } from "./parent.ts";
import { persistenceRefusal } from "./persistence.ts";
import { setIdentity } from "./publications.ts";
import { relationNamed } from "./refusals/relation.ts";
import { exists, findTable, type Scene, tableOf } from "./scene.ts";
import { rewritten, type Subcommand } from "./subcommand.ts";

export function alterTable(statement: Tree, given: Scene): undefined {
  const relation = part(statement, "relation");
  const objtype = word(statement, "objtype");
  if (objtype === "OBJECT_INDEX" || isIndex(relation, given)) return alterIndex(statement, given);
  if (objtype === "OBJECT_TYPE") return alterComposite(statement, given);
  if (objtype === "OBJECT_SEQUENCE") return;
  if (flag(statement, "missing_ok") && given.catalog.complete && !findTable(relation, given))
    return;
  const table = tableOf(relation, given);
  const scene = table.kind === "foreign table" ? withoutRows(given) : given;
  const isOnly = relation?.inh !== true;
  const commands = children(statement, "cmds").map(({ tree }) => ({
    subtype: word(tree, "subtype") ?? "",
    tree,
  }));
  lock(table, commands, scene);
  const ordered = commands
    .map((command, i) => ({ command, pass: passOf(command), i }))
    .sort((a, b) => a.pass - b.pass || a.i - b.i)
    .map(({ command }) => command);
  const types = ordered.filter(({ subtype }) => subtype === "AT_AlterColumnType");
  let typesDone = types.length === 0;
  const later: AddedConstraint[] = [];
  for (const command of ordered) {
    if (!typesDone && passOf(command) >= passes.type) {
      changeColumnTypes(
        table,
        types.map(({ tree }) => tree),
        scene,
      );
      typesDone = true;
    }
    carryOut(table, command, { commands, later, scene, isOnly });
  }
  for (const added of later) addConstraint(added, scene);
}

function carryOut(
  table: Table,
  { subtype, tree }: Subcommand,
  {
    commands,
    later,
    scene,
    isOnly,
  }: {
    readonly commands: readonly Subcommand[];
    readonly later: AddedConstraint[];
    readonly scene: Scene;
    readonly isOnly: boolean;
  },
): undefined {
  const definition = part(tree, "def");
  switch (subtype) {
    case "AT_AddColumn":
      return addColumn(table, tree, { commands, later, scene });
    case "AT_DropColumn":
      return dropColumn(table, tree, scene);
    case "AT_AddConstraint":
      return addConstraint(
        { table, definition: inner(definition), isNewTable: false, isOnly },
        scene,
      );
    case "AT_ValidateConstraint":
      return validateConstraint(table, word(tree, "name") ?? "", scene);
    case "AT_AlterConstraint":
      return alterEnforcement(table, inner(definition), tree, scene);
    case "AT_AddInherit":
      return addInherit(table, inner(definition), scene);
    case "AT_DropConstraint":
      return dropConstraint(table, tree, commands, scene);
    case "AT_AttachPartition":
    case "AT_DetachPartition":
      return alterPartition(table, subtype, inner(definition), scene);
    case "AT_SetLogged":
    case "AT_SetUnLogged":
      return changePersistence(table, subtype === "AT_SetLogged" ? "p" : "u", scene);
    case "AT_SetAccessMethod":
      return move(table, "accessMethod", word(tree, "name") ?? "heap", scene);
    case "AT_SetTableSpace":
      return move(table, "tablespace", word(tree, "name") ?? "", scene);
    case "AT_ReplicaIdentity":
      return setIdentity(table, tree, scene);
    case "AT_DisableTrigAll":
      scene.emit({ kind: "triggers disabled", table });
      return scene.emit({ kind: "trigger changed", table, words: "DISABLE TRIGGER ALL" });
    case "AT_DisableTrig":
    case "AT_DisableTrigUser":
    case "AT_EnableTrig":
    case "AT_EnableTrigAll":
    case "AT_EnableTrigUser":
    case "AT_EnableAlwaysTrig":
    case "AT_EnableReplicaTrig":
      return scene.emit({
        kind: "trigger changed",
        table,
        words: `${subtype.replace(/^AT_(Enable|Disable).*/, "$1").toUpperCase()} TRIGGER`,
      });
    default:
      return alterColumn(table, subtype, tree, scene);
  }
}

/** The inside of `{ Constraint: { … } }`. */
function inner(definition: Tree | undefined): Tree {
  return (Object.values(definition ?? {})[0] ?? {}) as Tree;
}

/** Drops come first, then types, new columns, column attributes, indexes, constraints. `ATController` in tablecmds.c. */
const passes = {
  drop: 0,
  type: 1,
  addColumn: 2,
  expression: 3,
  attribute: 4,
  index: 5,
  constraint: 6,
  other: 7,
} as const;

function passOf({ subtype, tree }: Subcommand): number {
  switch (subtype) {
    case "AT_DropColumn":
    case "AT_DropConstraint":
    case "AT_DropNotNull":
    case "AT_DropExpression":
    case "AT_DropIdentity":
      return passes.drop;
    case "AT_AlterColumnType":
      return passes.type;
    case "AT_AddColumn":
      return passes.addColumn;
    case "AT_SetExpression":
      return passes.expression;
    case "AT_SetNotNull":
    case "AT_AddIdentity":
      return passes.attribute;
    case "AT_ColumnDefault":
      return part(tree, "def") === undefined ? passes.drop : passes.constraint;
    case "AT_AddConstraint":
      return /PRIMARY|UNIQUE|EXCLUSION/.test(String(inner(part(tree, "def")).contype))
        ? passes.index
        : passes.constraint;
    default:
      return passes.other;
  }
}

/** The strongest lock that a subcommand needs is taken for all of them. */
function lock(table: Table, commands: readonly Subcommand[], scene: Scene): undefined {
  const modes = commands
    .map((command) => lockOf(command, scene))
    .filter((mode) => mode !== undefined);
  const [first, ...rest] = modes;
  if (first !== undefined) scene.emit({ kind: "lock", table, mode: rest.reduce(stronger, first) });
}

/** `undefined` for a foreign key, which tells its two locks itself. https://www.postgresql.org/docs/current/sql-altertable.html */
function lockOf({ subtype, tree }: Subcommand, { server }: Scene): LockMode | undefined {
  const definition = inner(part(tree, "def"));
  switch (subtype) {
    case "AT_ValidateConstraint":
    case "AT_SetStatistics":
    case "AT_ClusterOn":
    case "AT_DropCluster":
    case "AT_SetRelOptions":
    case "AT_ResetRelOptions":
    case "AT_ReplaceRelOptions":
      return /"(user_catalog_table|security_barrier|security_invoker|check_option)"/.test(
        JSON.stringify(tree.def),
      )
        ? "ACCESS EXCLUSIVE"
        : "SHARE UPDATE EXCLUSIVE";
    case "AT_SetOptions":
    case "AT_ResetOptions":
    case "AT_DetachPartitionFinalize":
      return "SHARE UPDATE EXCLUSIVE";
    case "AT_AttachPartition":
      return server.major >= 12 ? "SHARE UPDATE EXCLUSIVE" : "ACCESS EXCLUSIVE";
    case "AT_DetachPartition":
      return definition.concurrent === true ? "SHARE UPDATE EXCLUSIVE" : "ACCESS EXCLUSIVE";
    case "AT_AddConstraint":
      return definition.contype === "CONSTR_FOREIGN" ? undefined : "ACCESS EXCLUSIVE";
    default:
      return /^AT_(Enable|Disable).*Trig/.test(subtype)
        ? "SHARE ROW EXCLUSIVE"
        : "ACCESS EXCLUSIVE";
  }
}

function changePersistence(table: Table, to: "p" | "u", scene: Scene): undefined {
  if (table.known && table.persistence === to) return;
  const refused = persistenceRefusal(table, to, scene);
  if (refused !== undefined) return scene.emit({ kind: "fails", why: refused });
  table.persistence = to;
  if (table.partitionBy !== undefined) return;
  rewritten(table, to === "p" ? "SET LOGGED" : "SET UNLOGGED", scene);
}

/**
 * Nothing moves if the table is there already. A partitioned table holds no rows that could move.
 */
function move(
  table: Table,
  what: "accessMethod" | "tablespace",
  to: string,
  scene: Scene,
): undefined {
  const same = table[what] === to || (to === "pg_default" && table.tablespace === "");
  if (
    table.partitionBy !== undefined ||
    (same && (table.known || to === "heap" || to === "pg_default"))
  )
    return;
  table[what] = to;
  rewritten(table, what === "accessMethod" ? "SET ACCESS METHOD" : "SET TABLESPACE", scene);
}

/** The rows of a foreign table are elsewhere: nothing of them is read or written. */
function withoutRows(scene: Scene): Scene {
  return {
    ...scene,
    emit: (effect) => {
      switch (effect.kind) {
        case "work":
        case "not null enforced":
        case "statistics lost":
        case "table rewritten":
          return undefined;
        case "constraint added":
          return scene.emit({ ...effect, scans: false });
        case "column added":
          return scene.emit({ ...effect, rewrite: undefined });
        case "column type changed":
          return scene.emit({ ...effect, cost: { kind: "nothing" } });
        default:
          return scene.emit(effect);
      }
    },
  };
}

/** ALTER TABLE takes an index too. */
function isIndex(relation: Tree | undefined, scene: Scene): boolean {
  const found = relationNamed(relation, scene);
  return found !== undefined && found !== "missing" && found.index !== undefined;
}

/** ALTER INDEX: of what it can do, ATTACH PARTITION and SET TABLESPACE matter. */
function alterIndex(statement: Tree, scene: Scene): undefined {
  const relation = part(statement, "relation");
  const index = scene.catalog.find(
    scene.catalog.indexes,
    word(relation, "relname") ?? "",
    word(relation, "schemaname"),
  );
  for (const { tree } of children(statement, "cmds")) {
    if (word(tree, "subtype") !== "AT_SetTableSpace") continue;
    if (index !== undefined && !exists(index.table)) continue;
    scene.emit({
      kind: "table rewritten",
      table: index?.table,
      command: `ALTER INDEX ${index === undefined ? word(relation, "relname") : shown(index)} SET TABLESPACE`,
    });
  }
}
