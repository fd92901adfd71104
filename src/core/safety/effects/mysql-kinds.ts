/** Kinds of types, as far as keys ask for them. */
import type { MysqlColumn } from "./mysql-column.ts";

export function isTextual(type: string): boolean {
  return /^(char|varchar|tinytext|text|mediumtext|longtext)$/.test(type) || !known.test(type);
}

export function isWide(type: string | undefined): boolean {
  return /^(tiny|medium|long)?(text|blob)$|^json$/.test(type ?? "");
}

/** Whether a foreign key may join them; unknown types may. Lengths of texts are free. */
export function sameKind(one: MysqlColumn, other: MysqlColumn): boolean {
  if (!known.test(one.type) || !known.test(other.type)) return true;
  const [a, b] = [kindOf(one), kindOf(other)];
  if (a !== b) return false;
  if (!/^(string|binary)$/.test(a)) return one.isUnsigned === other.isUnsigned;
  return one.charset === undefined || other.charset === undefined || one.charset === other.charset;
}

function kindOf({ type }: MysqlColumn): string {
  if (/^(char|varchar)$/.test(type)) return "string";
  return /^(binary|varbinary)$/.test(type) ? "binary" : type;
}

const known =
  /^(tinyint|smallint|mediumint|int|bigint|decimal|float|double|bit|date|datetime|timestamp|time|year|char|varchar|binary|varbinary|(tiny|medium|long)?(text|blob)|enum|set|json|geometry|point)$/;
