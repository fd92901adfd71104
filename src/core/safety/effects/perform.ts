/** One statement → what it does, kind by kind. */
import { part, type Tree, type TreeNode, word } from "../../sql/tree.ts";
import { alterTable } from "./alter-table.ts";
import { createComposite } from "./composite-type.ts";
import { createForeignTable, createTable, createTableAs } from "./create-table.ts";
import { changeRows } from "./dml.ts";
import { drop } from "./drop.ts";
import { createIndex } from "./index-statement.ts";
import {
  alterPolicy,
  cluster,
  comment,
  copyRows,
  createPolicy,
  createRule,
  createTrigger,
  lockTables,
  refresh,
  vacuum,
} from "./maintenance.ts";
import {
  alterFunction,
  callProcedure,
  createFunction,
  createSchema,
  createSequence,
  databaseCommand,
  discard,
  doBlock,
} from "./objects.ts";
import { changePublication } from "./publications.ts";
import { publish } from "./readers.ts";
import { belowOf } from "./refusals/inherited.ts";
import { refusalOf } from "./refusals/refusal.ts";
import { reindex } from "./reindex.ts";
import { rename, setSchema } from "./rename.ts";
import { findTable, type Scene } from "./scene.ts";
import { createStatistics } from "./statistics.ts";
import { truncate } from "./truncate.ts";
import {
  alterDomain,
  alterEnum,
  createDomain,
  createEnum,
  useEnumValues,
} from "./type-statements.ts";
import { createView } from "./view.ts";

/** Tells what the statement does, and leaves the catalog as the statement does. */
export function perform(node: TreeNode, scene: Scene): undefined {
  const refused = refusalOf(node, scene) ?? scene.refused;
  if (refused === undefined) return carryOut(node, scene);
  scene.emit({ kind: "fails", why: refused });
  // The catalog changes as if the statement ran, in case a better check than this one disagrees.
  return carryOut(node, { ...scene, emit: () => undefined });
}

function carryOut(node: TreeNode, scene: Scene): undefined {
  const { kind, tree } = node;
  useEnumValues(node, scene);
  if (kind === "AlterTableStmt" || kind === "RenameStmt") doubtHeirs(tree, scene);
  switch (kind) {
    case "AlterTableStmt":
      return alterTable(tree, scene);
    case "CreateStmt":
      return createTable(tree, scene);
    case "CreateForeignTableStmt":
      return createForeignTable(tree, scene);
    case "CreateTableAsStmt":
      return createTableAs(tree, scene);
    case "ViewStmt":
      return createView(tree, scene);
    case "IndexStmt":
      return createIndex(tree, scene);
    case "ReindexStmt":
      return reindex(tree, scene);
    case "DropStmt":
      return drop(tree, scene);
    case "TruncateStmt":
      return truncate(tree, scene);
    case "RenameStmt":
      return rename(tree, scene);
    case "AlterObjectSchemaStmt":
      return setSchema(tree, scene);
    case "CreateEnumStmt":
      return createEnum(tree, scene);
    case "AlterEnumStmt":
      return alterEnum(tree, scene);
    case "CreateRangeStmt":
    case "DefineStmt":
      scene.catalog.hasOtherTypes ||= kind === "CreateRangeStmt" || tree.kind === "OBJECT_TYPE";
      scene.catalog.hasOperators ||= tree.kind === "OBJECT_OPERATOR";
      return;
    case "CreateDomainStmt":
      return createDomain(tree, scene);
    case "AlterDomainStmt":
      return alterDomain(tree, scene);
    case "CompositeTypeStmt":
      return createComposite(tree, scene);
    case "SelectStmt":
      return tree.intoClause === undefined
        ? changeRows(node, scene)
        : createTableAs({ query: { SelectStmt: tree } }, scene);
    case "InsertStmt":
    case "UpdateStmt":
    case "DeleteStmt":
    case "MergeStmt":
      return changeRows(node, scene);
    default:
      return performOther(node, scene);
  }
}

/**
 * Nobody follows the columns that a table hands down to its heirs, so nothing stays certain about
 * theirs.
 */
function doubtHeirs(statement: Tree, scene: Scene): undefined {
  const table = findTable(part(statement, "relation"), scene);
  if (table === undefined || word(statement, "renameType") === "OBJECT_TABLE") return;
  for (const heir of belowOf(table, scene)) {
    if (!heir.inherits.includes(table) || !heir.known) continue;
    Object.assign(heir, { known: false });
    doubtHeirs({ relation: { relname: heir.name, schemaname: heir.schema } }, scene);
  }
}

function performOther({ kind, tree }: TreeNode, scene: Scene): undefined {
  switch (kind) {
    case "LockStmt":
      return lockTables(tree, scene);
    case "VacuumStmt":
      return vacuum(tree, scene);
    case "ClusterStmt":
      return cluster(tree, scene);
    case "RefreshMatViewStmt":
      return refresh(tree, scene);
    case "CopyStmt":
      return copyRows(tree, scene);
    case "CreateTrigStmt":
      return createTrigger(tree, scene);
    case "CreatePolicyStmt":
      return createPolicy(tree, scene);
    case "AlterPolicyStmt":
      return alterPolicy(tree, scene);
    case "RuleStmt":
      return createRule(tree, scene);
    case "CreateFunctionStmt":
      return createFunction(tree, scene);
    case "AlterFunctionStmt":
      return alterFunction(tree, scene);
    case "CreateCastStmt":
      scene.catalog.hasCasts = true;
      return;
    case "CreateSchemaStmt":
      return createSchema(tree, scene, perform);
    case "CreateSeqStmt":
      return createSequence(tree, scene);
    case "DoStmt":
      return doBlock(tree, scene, perform);
    case "CreatePublicationStmt":
    case "AlterPublicationStmt":
      changePublication(tree, scene);
      return publish(tree, scene);
    case "CommentStmt":
      return comment(tree, scene);
    case "CreateStatsStmt":
      return createStatistics(tree, scene);
    case "CreateExtensionStmt":
      scene.catalog.extensions.add(word(tree, "extname") ?? "");
      return;
    case "CallStmt":
      return callProcedure(tree, scene);
    case "DiscardStmt":
      return discard(tree, scene);
    case "DropOwnedStmt":
      return tree.behavior === "DROP_CASCADE"
        ? scene.emit({ kind: "cascade", what: "DROP OWNED", older: true, tables: [] })
        : undefined;
    case "DropdbStmt":
    case "CreatedbStmt":
    case "AlterSystemStmt":
    case "CreateTableSpaceStmt":
    case "DropTableSpaceStmt":
      return databaseCommand(kind, tree, scene);
    default:
      return undefined;
  }
}
