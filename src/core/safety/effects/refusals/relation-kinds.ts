/**
 * The kinds of relation that each part of ALTER accepts: `ATSimplePermissions` in tablecmds.c.
 * https://www.postgresql.org/docs/18/sql-altertable.html
 */
import type { RelationKind } from "./relation.ts";

const plain = ["table", "partitioned table"] as const;
const tables = [...plain, "foreign table"] as const;
const stored = [...plain, "materialized view"] as const;
const indexes = ["index", "partitioned index"] as const;

/** By subcommand; all kinds allow a subcommand that is not here. */
const allowed: { readonly [subtype: string]: readonly RelationKind[] } = {
  AT_AddColumn: [...tables, "composite type"],
  AT_DropColumn: [...tables, "composite type"],
  AT_AlterColumnType: [...tables, "composite type"],
  AT_ColumnDefault: [...tables, "view"],
  AT_AddIdentity: [...tables, "view"],
  AT_SetIdentity: [...tables, "view"],
  AT_DropIdentity: [...tables, "view"],
  AT_SetNotNull: tables,
  AT_DropNotNull: tables,
  AT_SetExpression: tables,
  AT_DropExpression: tables,
  AT_SetStatistics: [...stored, "foreign table", ...indexes],
  AT_SetOptions: [...stored, "foreign table"],
  AT_ResetOptions: [...stored, "foreign table"],
  AT_SetStorage: [...stored, "foreign table"],
  AT_SetCompression: stored,
  AT_AddConstraint: tables,
  AT_AlterConstraint: plain,
  AT_ValidateConstraint: tables,
  AT_DropConstraint: tables,
  AT_AlterColumnGenericOptions: ["foreign table"],
  AT_GenericOptions: ["foreign table"],
  AT_ClusterOn: stored,
  AT_DropCluster: stored,
  AT_SetLogged: [...plain, "sequence"],
  AT_SetUnLogged: [...plain, "sequence"],
  AT_SetAccessMethod: stored,
  AT_SetTableSpace: [...stored, ...indexes],
  AT_SetRelOptions: [...stored, "view", ...indexes],
  AT_ResetRelOptions: [...stored, "view", ...indexes],
  AT_AddInherit: tables,
  AT_DropInherit: tables,
  AT_AddOf: plain,
  AT_DropOf: plain,
  AT_ReplicaIdentity: stored,
  AT_EnableRowSecurity: plain,
  AT_DisableRowSecurity: plain,
  AT_ForceRowSecurity: plain,
  AT_NoForceRowSecurity: plain,
  AT_AttachPartition: ["partitioned table", "partitioned index"],
  AT_DetachPartition: ["partitioned table"],
  AT_DetachPartitionFinalize: ["partitioned table"],
};

/** Whether the server carries out the subcommand on a relation of this kind. */
export function allows(kind: RelationKind, subtype: string): boolean {
  if (/^AT_(Enable|Disable)\w*(Trig|Rule)/.test(subtype)) return isOf(tables, kind);
  const kinds = allowed[subtype];
  return kinds === undefined || isOf(kinds, kind);
}

function isOf(kinds: readonly RelationKind[], kind: RelationKind): boolean {
  return kinds.includes(kind);
}

/** The kinds of relation that the words before the name demand: `ALTER VIEW` takes a view. */
const wanted: { readonly [objtype: string]: readonly RelationKind[] } = {
  OBJECT_VIEW: ["view"],
  OBJECT_MATVIEW: ["materialized view"],
  OBJECT_FOREIGN_TABLE: ["foreign table"],
  OBJECT_INDEX: indexes,
  OBJECT_SEQUENCE: ["sequence"],
  OBJECT_TYPE: ["composite type"],
};

/** Why the words do not fit the relation; `undefined` where they do. */
export function wrongKind(objtype: string, kind: RelationKind, name: string): string | undefined {
  const kinds = wanted[objtype];
  if (kinds === undefined)
    return kind === "composite type" ? `${name} is a composite type` : undefined;
  return kinds.includes(kind) ? undefined : `${name} is ${article(kind)}, and no ${kinds[0]}`;
}

/** `a view`, `an index` */
export function article(kind: RelationKind): string {
  return `${kind === "index" ? "an" : "a"} ${kind}`;
}
