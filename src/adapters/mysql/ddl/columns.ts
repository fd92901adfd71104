/** A column as it stands in CREATE TABLE and ADD COLUMN. */
import type { Column, Constraint, DefaultValue } from "../../../core/language/table-parts.ts";
import { type Fragment, isFragment } from "../../../core/model/fragment.ts";
import type { Clause } from "../../clauses.ts";
import { literal, quotedText } from "../literal.ts";
import { refuse, refuseOptions, refuseUnlessKnown } from "../refuse.ts";
import { type MysqlServer, since } from "../server.ts";
import { clauses, quote } from "../sql-text.ts";
import { columnType, isLarge, isSerial } from "./column-type.ts";

/** Name, type and options. Neither keys nor foreign keys are among them: MySQL ignores REFERENCES inside a column. */
export function columnDefinition(column: Column, server: MysqlServer): string {
  if (!isSerial(column)) refuseCounting(column);
  return clauses(
    quote(column.name),
    columnType(column, server),
    column.collation !== undefined && `COLLATE ${quote(column.collation)}`,
    generatedClause(column, server),
    isSerial(column) ? serialClause(column) : nullClause(column),
    defaultClause(column, server),
    column.comment !== undefined && `COMMENT ${quotedText(column.comment, server)}`,
  );
}

/** Refuses what only a column that counts by itself can have. */
export function refuseCounting(column: Column): void {
  const hint = 'Leave it out, or use the type "identity" in a new column.';
  refuseOptions(column, `column ${column.name}`, { startValue: hint, increment: hint });
}

/** A column that is not null cannot have null as its default here, and has none without saying so. */
function defaultClause(column: Column, server: MysqlServer): Clause {
  const { default: value } = column;
  const notNull = column.null === false || column.primaryKey;
  if (value === undefined || (value === null && notNull)) return undefined;
  return `DEFAULT ${defaultValue(column, value, server)}`;
}

/**
 * A default as a literal that fits the column.
 *
 * @throws {UnsupportedOperation} for a default of a text, blob or JSON column on an old server
 */
export function defaultValue(
  column: Pick<Column, "name" | "type">,
  value: DefaultValue,
  server: MysqlServer,
): string {
  if (isFragment(value)) return expressionDefault(value);
  const spelled = defaultLiteral(value, server);
  if (!isLarge(column.type) || value === null) return spelled;
  refuseUnlessKnown(server, since.textDefaults, {
    operation: `give the ${column.type} column ${column.name} a default`,
    hint: 'Leave the default out, or use "string".',
  });
  return `(${spelled})`;
}

/** A value as a default where the type is not known: lists and objects are JSON. */
export function defaultLiteral(
  value: Exclude<DefaultValue, Fragment>,
  server: MysqlServer,
): string {
  if (typeof value === "string") return quotedText(value, server);
  const plain = value === null || typeof value !== "object" || isBytesOrTime(value);
  return plain ? literal(value) : quotedText(JSON.stringify(value), server);
}

/** An expression stands in parentheses; the present time and literals do without, and ON UPDATE needs that. */
function expressionDefault({ sql }: Fragment): string {
  const bare = /^\s*(\(|(current_timestamp|localtime(stamp)?|now|null|true|false)\b|[bx]?'|[-\d])/i;
  return bare.test(sql) ? sql : `(${sql})`;
}

function isBytesOrTime(value: object): boolean {
  return value instanceof Uint8Array || value instanceof Date;
}

/**
 * Refuses a column that counts but leads no key, which the server would refuse later.
 * https://dev.mysql.com/doc/refman/8.4/en/example-auto-increment.html
 *
 * @throws {UnsupportedOperation}
 */
export function refuseKeylessSerial(
  column: Column,
  keys: readonly string[],
  constraints: readonly Constraint[],
): void {
  if (!isSerial(column) || keys[0] === column.name) return;
  const leads = constraints.some(
    (constraint) =>
      (constraint.kind === "unique" || constraint.kind === "primary_key") &&
      constraint.columns[0] === column.name,
  );
  if (leads) return;
  refuse(
    `count in the column ${column.name}, which no key begins with`,
    `Make ${column.name} the primary key, or give it a plain type such as "bigint".`,
  );
}

/** `AUTO_INCREMENT = 100`, for the column that counts from there. */
export function startClause(columns: readonly Column[]): Clause {
  const start = columns.find((column) => isSerial(column) && column.startValue !== undefined);
  return start && `AUTO_INCREMENT = ${start.startValue}`;
}

function serialClause({ name, increment }: Column): Clause {
  if (increment === undefined || increment === 1) return "NOT NULL AUTO_INCREMENT";
  return refuse(
    `count by ${increment} in the column ${name}`,
    "Leave increment out: the server has one for all tables, auto_increment_increment.",
  );
}

function nullClause(column: Column): Clause {
  return column.null !== undefined && (column.null ? "NULL" : "NOT NULL");
}

function generatedClause({ name, generated, ...column }: Column, server: MysqlServer): Clause {
  if (generated === undefined) return undefined;
  if (/\bAS\s+IDENTITY\b/i.test(generated)) {
    refuse(`generate the column ${name} as an identity`, 'Use the type "identity" instead.');
  }
  if (column.null === false) {
    refuseUnlessKnown(server, since.notNullGenerated, {
      operation: `make the generated column ${name} not null`,
      hint: "Leave null out, or add a check constraint.",
    });
  }
  return `GENERATED ${generated}`;
}
