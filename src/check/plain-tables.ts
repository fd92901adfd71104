/** Tables that no migration made: whether `safe: "auto"` replaces statements on them. Pure. */
import type { ScriptStatement } from "../core/safety/effects/script.ts";
import { children, nodesIn, part, type Tree, word } from "../core/sql/tree.ts";
import type { CheckNote } from "./judged.ts";

/**
 * Whether a table has no partitions and no heirs, by the SQL for tables that migrations do not
 * make.
 */
export function plainBySql(statements: readonly ScriptStatement[]): (table: string) => boolean {
  const nodes = statements.flatMap(({ node }) => node ?? []);
  const made = nodes.filter(({ kind }) => kind === "CreateStmt").map(({ tree }) => tree);
  const parents = new Set([
    ...made.filter((tree) => part(tree, "partspec") !== undefined).map(relationOf),
    ...made.flatMap((tree) => children(tree, "inhRelations").map((one) => nameOf(one.tree))),
    ...[...nodesIn(nodes.map(({ tree }) => tree))]
      .filter(({ tree }) => word(tree, "subtype") === "AT_AddInherit")
      .flatMap(({ tree }) => [...nodesIn(tree.def)].map((one) => nameOf(one.tree))),
  ]);
  const names = made.map(relationOf);
  return (table) => {
    const meant = names.filter((name) => name === table || name.endsWith(`.${table}`));
    return meant.length > 0 && meant.every((name) => !parents.has(name));
  };
}

function relationOf(tree: Tree): string {
  return nameOf(part(tree, "relation") ?? {});
}

/** As findings show it. */
function nameOf(relation: Tree): string {
  const schema = word(relation, "schemaname") ?? "public";
  const name = word(relation, "relname") ?? "";
  return schema === "public" ? name : `${schema}.${name}`;
}

/** `migrate` has a database, so it can decide where `check` cannot. */
export function askedNote(file: string): CheckNote {
  const message =
    'is judged without what safe: "auto" replaces on tables that no migration made: migrate asks the database whether they are plain, and check only --facts or --shadow-sql';
  return { code: "auto_unknown", file, message };
}
