/**
 * Finds locks of tenants' migrations on objects that tenants share. Tenants that migrate at the
 * same time wait there for each other.
 */
import { names } from "../../sql/tree.ts";
import { foretell } from "./foretell.ts";
import { blocksWrites, type LockMode } from "./lock.ts";
import type { ForetellOptions, Script, ScriptStatement, SqlParser } from "./script.ts";

/** One thing that a statement locks in every tenant's transaction. Plain data. */
export type SharedLock = {
  /** `public.countries`, or `extension citext`. */
  readonly object: string;
  /** Default: what it is has no table lock; two transactions that change it at once fail or wait. */
  readonly mode?: LockMode;
  readonly statement: string;
  /** From 1, where the file has lines. */
  readonly line: number;
};

/** No schema of a user's can have this name by accident. */
const tenantSchema = "slipway tenant";

/** By script. Only locks that hold up the next tenant, or those who write. */
export function sharedLocks(
  scripts: readonly Script[],
  parser: SqlParser,
  server: ForetellOptions<undefined>["server"],
): readonly (readonly SharedLock[])[] {
  const enter = parser.statements(`SET search_path TO "${tenantSchema}"`);
  const inTenant = scripts.map((script) => ({
    ...script,
    statements: [...enter, ...script.statements],
  }));
  const found = scripts.map(({ statements }) => statements.flatMap(byNode));
  const { parse, parseBlock } = parser;
  const options = { parse, parseBlock, server, eachIsARun: true, judge: () => undefined };
  for (const { script, statement, effects } of foretell(inTenant, options)) {
    const { text = "", line = 1 } = scripts[script]?.statements[statement - enter.length] ?? {};
    for (const { effect } of effects) {
      if (effect.kind !== "lock" || effect.table.schema === tenantSchema) continue;
      if (!holdsUp(effect.mode)) continue;
      const object = `${effect.table.schema}.${effect.table.name}`;
      found[script]?.push({ object, mode: effect.mode, statement: text, line });
    }
  }
  return found.map(distinct);
}

/** Others of its kind wait for it, or those who write do. */
function holdsUp(mode: LockMode): boolean {
  return blocksWrites(mode) || mode === "SHARE UPDATE EXCLUSIVE";
}

/** Finds objects outside of a tenant's schema, by their kind or by the written name. */
function byNode({ node, text, line }: ScriptStatement): readonly SharedLock[] {
  const shared = (object: string) => [{ object, statement: text, line }];
  const ofSchema = (kind: string, written: readonly string[]) =>
    written.length < 2 ? [] : shared(`${kind} ${written.join(".")}`);
  switch (node?.kind) {
    case "CreateExtensionStmt":
    case "AlterExtensionStmt":
      return shared(`extension ${String(node.tree.extname)}`);
    case "CreateRoleStmt":
    case "AlterRoleStmt":
      return shared("a role");
    case "CreateFunctionStmt": {
      return ofSchema("function", names(node.tree, "funcname"));
    }
    case "AlterEnumStmt":
    case "CreateEnumStmt":
    case "AlterDomainStmt":
      return ofSchema("type", names(node.tree, "typeName"));
    case "CreateDomainStmt":
      return ofSchema("type", names(node.tree, "domainname"));
    case "CreateSchemaStmt":
      return typeof node.tree.schemaname === "string"
        ? shared(`schema ${node.tree.schemaname}`)
        : [];
    default:
      return [];
  }
}

function distinct(locks: readonly SharedLock[]): readonly SharedLock[] {
  return [...new Map(locks.map((one) => [`${one.object} ${one.mode}`, one])).values()];
}
