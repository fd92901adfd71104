/**
 * Finds how an operation affects the code around it: where old code breaks, and which new things
 * the next code needs.
 */

import type { Named } from "../model/named.ts";
import { splitStatements } from "../sql/statements.ts";
import type { SqlSyntax } from "../sql/token.ts";
import { dotted } from "./describe.ts";
import type { Operation } from "./operation.ts";
import type { SafeForm, Stage } from "./safe/safe-form.ts";
import type { Column, ColumnChange, Constraint } from "./table-parts.ts";

/** Words for people. Nothing in it: no code depends on the operation, as on an index or a comment. */
export type Effects = {
  /** Changes that may break the code that runs now: `drops column posts.title`. */
  readonly breaks?: readonly string[];
  /** Additions that the next code may need: `column posts.summary`. */
  readonly gives?: readonly string[];
  /** Parts that nobody can judge from the operation: code, and the user's own SQL. */
  readonly unknown?: readonly string[];
};

/** The effect of one action of a migration on the code around it. */
export type ActionEffects = {
  readonly effects: Effects;
  /** The table that it is about: old code does not know one that the same plan makes. */
  readonly table?: string | undefined;
  /** Whether it makes that table. */
  readonly makes?: true | undefined;
};

/** Judges one operation by itself. */
export function effects(op: Operation, syntax: SqlSyntax): Effects {
  switch (op.kind) {
    case "create_table":
      return { gives: [`table ${dotted(op.table)}`] };
    case "drop_table":
      return { breaks: [`drops table ${dotted(op.table)}`] };
    case "alter_table":
      return joined(op.changes.map((change) => ofChange(op.table, change)));
    case "rename_table":
      return renamed(`table ${dotted(op.table)}`, `table ${op.to}`);
    case "rename_column":
      return renamed(column(op.table, op.column), column(op.table, op.to));
    case "create_index":
      return op.index.unique ? refusesRows(op.index.table, op.index.name) : {};
    case "drop_index":
      return op.index.unique ? { breaks: [`drops the unique index ${op.index.name}`] } : {};
    case "create_constraint":
      return refusesRows(op.table, op.constraint.name, op.constraint.kind);
    case "drop_constraint":
      return { gives: [`rows that ${op.name} refuses`] };
    case "create_schema":
      return { gives: [`schema ${op.name}`] };
    case "drop_schema":
      return { breaks: [`drops schema ${op.name}`] };
    case "create_extension":
      return { gives: [`extension ${op.name}`] };
    case "drop_extension":
      return { breaks: [`drops extension ${op.name}`] };
    case "update_extension":
      return { gives: [`version ${op.to} of extension ${op.name}`] };
    case "create_enum":
      return { gives: [`type ${dotted(op.enum)}`] };
    case "drop_enum":
      return { breaks: [`drops type ${dotted(op.enum)}`] };
    case "add_enum_value":
      return { gives: [`the value ${op.value} of ${dotted(op.enum)}`] };
    case "rename_enum_value":
      return renamed(`the value ${op.value} of ${dotted(op.enum)}`, `the value ${op.to}`);
    case "create_sequence":
      return { gives: [`sequence ${dotted(op.sequence)}`] };
    case "drop_sequence":
      return { breaks: [`drops sequence ${dotted(op.sequence)}`] };
    case "create_view": {
      const view = dotted(op.view);
      return op.orReplace
        ? { breaks: [`replaces view ${view}`], gives: [`the new view ${view}`] }
        : { gives: [`view ${view}`] };
    }
    case "drop_view":
      return { breaks: [`drops view ${dotted(op.view)}`] };
    case "rename_index":
    case "rename_constraint":
    case "validate_constraint":
    case "comment":
      return {};
    case "execute":
      return joined(splitStatements(op.sql, syntax).map(({ sql, words }) => ofSql(sql, words)));
    case "execute_file":
      return { unknown: ["its own SQL"] };
    case "run":
      return { unknown: ["code"] };
    case "safely":
      return ofForm(op.form);
  }
}

/** All effects of several operations, each said once. */
export function joined(all: readonly Effects[]): Effects {
  const of = (key: keyof Effects) => [...new Set(all.flatMap((one) => one[key] ?? []))];
  const [breaks, gives, unknown] = [of("breaks"), of("gives"), of("unknown")];
  return {
    ...(breaks.length > 0 ? { breaks } : {}),
    ...(gives.length > 0 ? { gives } : {}),
    ...(unknown.length > 0 ? { unknown } : {}),
  };
}

function ofChange(table: Named, change: ColumnChange): Effects {
  switch (change.kind) {
    case "add_column":
      return added(table, change.column);
    case "modify_column":
      return {
        breaks: [`changes ${column(table, change.column.name)}`],
        gives: [`the new type of ${column(table, change.column.name)}`],
      };
    case "remove_column":
      return { breaks: [`drops ${column(table, change.name)}`] };
    case "set_default":
      return { gives: [`the default of ${column(table, change.name)}`] };
    case "drop_default":
      return { breaks: [`drops the default of ${column(table, change.name)}`] };
    case "set_not_null":
      return { breaks: [`refuses rows without ${at(table, change.name)}`] };
    case "drop_not_null":
      return { gives: [`rows without ${at(table, change.name)}`] };
    case "set_type":
      return {
        breaks: [`changes the type of ${column(table, change.to.name)}`],
        gives: [`the new type of ${column(table, change.to.name)}`],
      };
  }
}

/** Old code inserts rows without the column. */
function added(table: Named, added: Column): Effects {
  const { name, null: nullable, default: value, generated, type, primaryKey } = added;
  const fillsItself =
    value !== undefined || generated !== undefined || /serial|identity/.test(type);
  const isRequired = (nullable === false || primaryKey === true) && !fillsItself;
  return {
    ...(isRequired ? { breaks: [`refuses rows without ${at(table, name)}`] } : {}),
    gives: [column(table, name)],
  };
}

/** A safe form is made so that the old code lives with its first step. */
function ofForm(form: SafeForm): Effects {
  switch (form.form) {
    case "create_index":
      return form.index.unique ? refusesRows(form.index.table, form.index.name) : {};
    case "drop_index":
    case "replace_index":
      return {};
    case "add_constraint":
      return refusesRows(form.table, form.constraint.name, form.constraint.kind);
    case "set_not_null":
      return { breaks: [`refuses rows without ${at(form.table, form.column)}`] };
    case "add_column":
      return added(form.table, form.column);
    case "change_columns":
      return joined(form.changes.map((change) => ofChange(form.table, change)));
    case "rename_table":
      return staged(form, `table ${dotted(form.table)}`, `table ${form.to}`);
    case "rename_column":
      return staged(form, column(form.table, form.column), column(form.table, form.to));
    case "drop_column":
      // Its last step drops the column that the first one has hidden.
      return form.stage === "begin" ? { breaks: [`drops ${column(form.table, form.column)}`] } : {};
    case "change_type":
    case "finish_change_type":
      return {};
  }
}

/** Both names work until the last step. */
function staged({ stage }: { readonly stage: Stage }, from: string, to: string): Effects {
  if (stage === "begin") return { gives: [to] };
  return stage === "finish" ? { breaks: [`drops the old name of ${from}`] } : {};
}

function renamed(from: string, to: string): Effects {
  return { breaks: [`renames ${from}`], gives: [to] };
}

/**
 * New rules for rows: old code may write rows that they refuse. New code can rely on a unique one,
 * as ON CONFLICT does.
 */
function refusesRows(table: Named, name: string, kind: Constraint["kind"] = "unique"): Effects {
  const isKey = kind === "unique" || kind === "primary_key" || kind === "exclude";
  return {
    breaks: [`refuses rows of ${dotted(table)} by ${name}`],
    ...(isKey ? { gives: [`the uniqueness that ${name} keeps`] } : {}),
  };
}

/** The first words of a statement show its effect; people read the whole statement. */
const known: readonly (readonly [RegExp, keyof Effects | undefined])[] = [
  [/^(COMMENT ON|ANALYZE|VACUUM|REINDEX|SET|CREATE INDEX|DROP INDEX)\b/, undefined],
  [
    /^ALTER TABLE(?!.*\b(DROP|RENAME|ALTER|SET|TYPE|MODIFY|CHANGE|NOT)\b).*\bADD (COLUMN\b|[A-Z])/,
    "gives",
  ],
  [/^ALTER TABLE(?!.*\bADD\b).*\b(DROP|RENAME|NOT NULL|TYPE|MODIFY|CHANGE)\b/, "breaks"],
  [/^ALTER TABLE(?!.*\b(ADD|DROP|RENAME)\b).*\bVALIDATE CONSTRAINT\b/, undefined],
  [
    /^CREATE (UNLOGGED )?(TABLE|SEQUENCE|VIEW|MATERIALIZED VIEW|TYPE|SCHEMA|EXTENSION|FUNCTION)\b/,
    "gives",
  ],
  [/^DROP (TABLE|SEQUENCE|VIEW|MATERIALIZED VIEW|TYPE|SCHEMA|EXTENSION|FUNCTION)\b/, "breaks"],
];

function ofSql(sql: string, words: readonly string[]): Effects {
  const found = known.find(([pattern]) => pattern.test(words.join(" ")));
  if (found === undefined) return { unknown: [shortened(sql)] };
  return found[1] === undefined ? {} : { [found[1]]: [shortened(sql)] };
}

function shortened(sql: string): string {
  const line = sql.replace(/\s+/g, " ").trim();
  return line.length > 60 ? `"${line.slice(0, 60)}…"` : `"${line}"`;
}

function at(table: Named, name: string): string {
  return `${dotted(table)}.${name}`;
}

function column(table: Named, name: string): string {
  return `column ${at(table, name)}`;
}
