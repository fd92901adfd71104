/** SET NOT NULL without a scan that stops others: the same names and steps as `setNotNullSafely`. */
import { type AlteredTable, alteredTable, holds } from "./altered-table.ts";
import type { NotNullProof, SafeStatement } from "./safe-form.ts";
import type { Written } from "./written.ts";
import { sqlName } from "./written-sql.ts";

export function proveNotNull(
  form: Extract<SafeStatement, { form: "prove not null" }>,
  { statement, parse, major }: Written,
): readonly string[] | undefined {
  const altered = alteredTable(statement.node, statement.text, parse);
  if (altered === undefined) return undefined;
  const { head, commands } = altered;
  const proofs = form.proofs.flatMap((proof) => proofLines(head, proof, major));
  // A primary key that takes over an index makes its columns NOT NULL by itself.
  if (form.part.contype === "CONSTR_PRIMARY")
    return commands.length === 1 ? [...proofs, `${head} ${commands[0]?.text};`] : undefined;
  const rest = restOf(altered, form);
  if (rest === undefined) return undefined;
  return [...(rest.length === 0 ? [] : [`${head} ${rest.join(", ")};`]), ...proofs];
}

/**
 * The other parts of the statement, which go first; `undefined` if one of them must wait for NOT
 * NULL.
 */
function restOf(
  { commands }: AlteredTable,
  { part }: Extract<SafeStatement, { form: "prove not null" }>,
): readonly string[] | undefined {
  const at = commands.findIndex(({ tree }) => holds(tree, part));
  const others = commands.filter((_, i) => i !== at);
  const waits = others.some(
    ({ tree }) =>
      !/^AT_(AddColumn|ColumnDefault|SetNotNull|AlterColumnType)$/.test(String(tree.subtype)),
  );
  const isSetNotNull = commands[at]?.tree.subtype === "AT_SetNotNull";
  return at < 0 || waits || !isSetNotNull ? undefined : others.map(({ text }) => text);
}

/** Since 18 the constraint itself is validated later; before, a check that is valid spares SET NOT NULL its scan. */
export function proofLines(
  head: string,
  { column, constraint }: NotNullProof,
  major: number,
): readonly string[] {
  const [name, quoted] = [sqlName(constraint), sqlName(column)];
  const validate = `${head} VALIDATE CONSTRAINT ${name};  -- in another transaction`;
  if (major >= 18)
    return [`${head} ADD CONSTRAINT ${name} NOT NULL ${quoted} NOT VALID;`, validate];
  return [
    `${head} ADD CONSTRAINT ${name} CHECK (${quoted} IS NOT NULL) NOT VALID;`,
    validate,
    `${head} ALTER COLUMN ${quoted} SET NOT NULL;`,
    `${head} DROP CONSTRAINT ${name};`,
  ];
}
