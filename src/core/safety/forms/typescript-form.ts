/** Safe forms as a migration in TypeScript writes them: only where the language can say all that was written. */
import { children, part, type Tree, word } from "../../sql/tree.ts";
import { alteredTable } from "./altered-table.ts";
import { inDsl, type TableInTypescript } from "./in-dsl.ts";
import type { SafeStatement } from "./safe-form.ts";
import { foreignKeyInTypescript, uniqueInTypescript } from "./typescript-constraint.ts";
import { indexInTypescript } from "./typescript-index.ts";
import type { Written } from "./written.ts";
import { closing, endOf, findWord, writtenSql } from "./written-sql.ts";

export function typescriptForm(
  form: SafeStatement,
  written: Written,
): readonly string[] | undefined {
  const { node, text } = written.statement;
  const isOne = children(node?.tree, "cmds").length < 2;
  const table = isOne ? plainTable(node?.tree) : undefined;
  switch (form.form) {
    case "concurrently":
      if (node?.kind === "IndexStmt" && table !== undefined)
        return indexInTypescript(table, node.tree, text);
      return dropped(form, node?.tree);
    case "partition by partition":
    case "then analyze":
      return undefined;
    case "prove not null":
      // A primary key is more than its proofs, and the language has no USING INDEX for it.
      return table === undefined || form.part?.contype === "CONSTR_PRIMARY"
        ? undefined
        : form.proofs.map(({ column }) => inDsl("setNotNullSafely", table, { args: [column] }));
    case "validate later":
    case "index first":
      return table === undefined ? undefined : constraint(form, table, written);
  }
}

/** The table of a statement; nothing where ONLY or IF EXISTS say more than the language does. */
function plainTable(tree: Tree | undefined): TableInTypescript | undefined {
  const relation = part(tree, "relation");
  if (relation?.inh !== true || tree?.missing_ok === true || relation.catalogname !== undefined)
    return undefined;
  return {
    schema: word(relation, "schemaname") ?? "public",
    name: word(relation, "relname") ?? "",
  };
}

function dropped(
  { drops }: Extract<SafeStatement, { form: "concurrently" }>,
  tree: Tree | undefined,
): readonly string[] | undefined {
  const objects = Array.isArray(tree?.objects) ? tree.objects.length : 0;
  if (drops?.table === undefined || objects !== 1) return undefined;
  const options = tree?.missing_ok === true ? { ifExists: true } : {};
  return [inDsl("dropIndexConcurrently", drops.table, { args: [{ name: drops.index }], options })];
}

/** Of a constraint that stands alone: one inside a column is for the column's own words. */
function constraint(
  form: Extract<SafeStatement, { form: "validate later" | "index first" }>,
  table: TableInTypescript,
  { statement, parse }: Written,
): readonly string[] | undefined {
  const { part: tree, constraint: name } = form;
  const command = alteredTable(statement.node, statement.text, parse)?.commands.find(
    (one) => part(part(one.tree, "def"), "Constraint") === tree,
  );
  if (command === undefined || tree.is_no_inherit === true) return undefined;
  switch (tree.contype) {
    case "CONSTR_CHECK": {
      const sql = writtenSql(command.text);
      const open = findWord(sql, /^CHECK$/) + 1;
      const expression = sql.text
        .slice(endOf(sql.tokens[open]), sql.tokens[closing(sql, open)]?.start)
        .trim();
      return [inDsl("addCheck", table, { args: [name, expression] })];
    }
    case "CONSTR_UNIQUE":
      return uniqueInTypescript(table, name, tree);
    case "CONSTR_FOREIGN":
      return foreignKeyInTypescript(table, name, tree);
    default:
      return undefined;
  }
}
