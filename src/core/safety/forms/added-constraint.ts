/** ADD CONSTRAINT without a scan or a build that stops others. */

import { wordOf } from "../../sql/token.ts";
import { children, part, type Tree, word } from "../../sql/tree.ts";
import type { SqlParser } from "../effects/script.ts";
import { type AlteredTable, alteredTable, holds, says, takesName } from "./altered-table.ts";
import { apart } from "./column-constraint.ts";
import { proofLines } from "./prove-not-null.ts";
import type { SafeStatement } from "./safe-form.ts";
import { sameTree } from "./same-tree.ts";
import type { Written } from "./written.ts";
import { closing, endOf, findWord, sqlName, writtenSql } from "./written-sql.ts";

type Form = Extract<SafeStatement, { form: "validate later" | "index first" }>;

/** A statement with the constraint alone, and what stood with it before. */
type Split = { readonly before: readonly string[]; readonly text: string; readonly tree: Tree };

export function addedConstraint(form: Form, written: Written): readonly string[] | undefined {
  const { statement, parse } = written;
  const altered = alteredTable(statement.node, statement.text, parse);
  if (altered === undefined) return undefined;
  const split = splitOff(altered, form, parse);
  if (split === undefined) return undefined;
  const { head } = altered;
  const name = sqlName(form.constraint);
  if (form.form === "index first") return indexFirst(form, { altered, split }, written);
  const named: Tree = { ...split.tree, conname: form.constraint };
  const { initially_valid: _, ...unchecked } = named;
  const added = `${head} ${withName(split.text, split.tree, form.constraint)} NOT VALID`;
  if (!adds(added, { ...unchecked, skip_validation: true }, { altered, parse })) return undefined;
  return [
    ...split.before,
    `${added};`,
    `${head} VALIDATE CONSTRAINT ${name};  -- in another transaction`,
  ];
}

/** The other subcommands go first, where the server would have carried them out first or where the order tells nothing. */
function splitOff(
  altered: AlteredTable,
  { part: wanted }: Form,
  parse: SqlParser["parse"],
): Split | undefined {
  const { head, commands, tree } = altered;
  const at = commands.findIndex((command) => holds(command.tree, wanted));
  const own = commands[at];
  if (own === undefined) return undefined;
  const isAlone = part(part(own.tree, "def"), "Constraint") !== undefined;
  const inColumn = isAlone
    ? undefined
    : apart({ head, text: own.text, command: own.tree, wanted }, tree, parse);
  if (!isAlone && inColumn === undefined) return undefined;
  const rest = commands.flatMap((command, i) =>
    i !== at ? [command.text] : inColumn === undefined ? [] : [inColumn.column],
  );
  const others = commands.filter((_, i) => i !== at);
  if (!others.every(({ tree: other }) => mayGoFirst(other))) return undefined;
  const alone = inColumn === undefined ? wanted : constraintOf(`${head} ${inColumn.added}`, parse);
  if (alone === undefined) return undefined;
  return {
    before: rest.length === 0 ? [] : [`${head} ${rest.join(", ")};`],
    text: inColumn?.added ?? own.text,
    tree: alone,
  };
}

function constraintOf(sql: string, parse: SqlParser["parse"]): Tree | undefined {
  const [command] = children(parse(sql)?.[0]?.tree, "cmds");
  return part(part(command?.tree, "def"), "Constraint");
}

/** Whether a subcommand needs nothing of a constraint that stands beside it, and leaves nothing open until it is there. */
function mayGoFirst({ subtype, def }: Tree): boolean {
  const definition = part(def as Tree | undefined, "ColumnDef");
  if (children(definition, "constraints").some(({ tree }) => takesName(tree))) return false;
  return /^AT_(AddColumn|ColumnDefault|SetNotNull|DropNotNull|AlterColumnType|SetStatistics|SetStorage|SetCompression|SetRelOptions)$/.test(
    String(subtype),
  );
}

/** `ADD CHECK …` as `ADD CONSTRAINT name CHECK …`. */
function withName(text: string, constraint: Tree, name: string): string {
  return word(constraint, "conname") === undefined
    ? text.replace(/^ADD\s+/i, () => `ADD CONSTRAINT ${sqlName(name)} `)
    : text;
}

function adds(
  sql: string,
  constraint: Tree,
  { altered, parse }: { readonly altered: AlteredTable; readonly parse: SqlParser["parse"] },
): boolean {
  const command = {
    subtype: "AT_AddConstraint",
    def: { Constraint: constraint },
    behavior: "DROP_RESTRICT",
  };
  return says(sql, { ...altered.tree, cmds: [{ AlterTableCmd: command }] }, parse);
}

function indexFirst(
  form: Extract<SafeStatement, { form: "index first" }>,
  { altered, split }: { readonly altered: AlteredTable; readonly split: Split },
  { parse, major }: Written,
): readonly string[] | undefined {
  const { head, tree } = altered;
  const { constraint, notNull } = form;
  const name = sqlName(constraint);
  const relation = /^ALTER TABLE (?:IF EXISTS )?(?:ONLY )?(.*?)(?: ?\*)?$/is.exec(head)?.[1];
  const isUnique = split.tree.contype === "CONSTR_UNIQUE";
  // An index cannot be built IF its table EXISTS.
  if (relation === undefined || split.tree.without_overlaps === true || tree.missing_ok === true)
    return undefined;
  const { columns, settings, timing } = cut(split.text);
  const index = `CREATE UNIQUE INDEX CONCURRENTLY ${name} ON ${relation} ${columns}${settings}`;
  if (!buildsItsIndex(index, split.tree, { constraint, relation: part(tree, "relation"), parse }))
    return undefined;
  const what = isUnique ? "UNIQUE" : "PRIMARY KEY";
  const added = `${head} ADD CONSTRAINT ${name} ${what} USING INDEX ${name}${timing}`;
  const {
    keys: _k,
    including: _i,
    options: _o,
    indexspace: _s,
    nulls_not_distinct: _n,
    ...taken
  } = split.tree;
  const takes = { ...taken, conname: constraint, indexname: constraint };
  if (!adds(added, takes, { altered, parse })) return undefined;
  return [
    ...split.before,
    ...notNull.flatMap((proof) => proofLines(head, proof, major)),
    `${index};  -- outside a transaction`,
    `${added};`,
  ];
}

/** `UNIQUE NULLS NOT DISTINCT (a) INCLUDE (b) WITH (…) USING INDEX TABLESPACE s DEFERRABLE` in the places of an index. */
function cut(text: string): { columns: string; settings: string; timing: string } {
  const sql = writtenSql(text);
  const { tokens } = sql;
  const open = tokens.findIndex((token) => token.text === "(");
  const close = closing(sql, open);
  const from = (first: number, last: number) =>
    sql.text.slice(tokens[first]?.start ?? 0, endOf(tokens[last]));
  let i = close + 1;
  let include = "";
  let options = "";
  let space = "";
  if (wordOf(tokens[i]) === "INCLUDE") {
    const end = closing(sql, i + 1);
    include = ` ${from(i, end)}`;
    i = end + 1;
  }
  if (wordOf(tokens[i]) === "WITH") {
    const end = closing(sql, i + 1);
    options = ` ${from(i, end)}`;
    i = end + 1;
  }
  if (wordOf(tokens[i]) === "USING") {
    space = ` ${from(i + 2, i + 3)}`;
    i += 4;
  }
  const nulls = findWord({ tokens: tokens.slice(0, open) }, /^NULLS$/);
  const distinct = nulls < 0 ? "" : ` ${from(nulls, open - 1)}`;
  return {
    columns: from(open, close),
    settings: `${include}${distinct}${options}${space}`,
    timing: i < tokens.length ? ` ${from(i, tokens.length - 1)}` : "",
  };
}

function buildsItsIndex(
  sql: string,
  constraint: Tree,
  given: {
    readonly constraint: string;
    readonly relation: Tree | undefined;
    readonly parse: SqlParser["parse"];
  },
): boolean {
  const [found, more] = given.parse(sql) ?? [];
  if (found?.kind !== "IndexStmt" || more !== undefined) return false;
  const element = (key: unknown) => ({
    IndexElem: {
      name: word(part(key as Tree, "String"), "sval"),
      ordering: "SORTBY_DEFAULT",
      nulls_ordering: "SORTBY_NULLS_DEFAULT",
    },
  });
  const list = (value: unknown) => (Array.isArray(value) ? value.map(element) : undefined);
  const including = list(constraint.including);
  return sameTree(found.tree, {
    idxname: given.constraint,
    relation: { ...given.relation, inh: true },
    accessMethod: "btree",
    tableSpace: constraint.indexspace,
    indexParams: list(constraint.keys),
    ...(including === undefined ? {} : { indexIncludingParams: including }),
    options: constraint.options,
    unique: true,
    nulls_not_distinct: constraint.nulls_not_distinct,
    concurrent: true,
  });
}
