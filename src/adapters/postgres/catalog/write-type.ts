/** Types as statements. */
import type { TypeObject } from "../../../core/catalog/catalog.ts";
import { commentOn, quote, quoteNamed, text } from "./words.ts";

export function writeType(type: TypeObject): readonly string[] {
  const name = quoteNamed(type.named);
  switch (type.kind) {
    case "enum":
      return [`CREATE TYPE ${name} AS ENUM (${listed(type.values.map(text))})`];
    case "range":
      return [`CREATE TYPE ${name} AS RANGE (${listed(type.options)})`];
    case "composite":
      return [
        `CREATE TYPE ${name} AS (${listed(type.attributes.map((one) => typed(one)))})`,
        ...type.attributes.flatMap((one) =>
          commentOn(`COLUMN ${name}.${quote(one.name)}`, one.comment),
        ),
      ];
    case "domain":
      return domain(type, name);
  }
}

function domain(type: Extract<TypeObject, { readonly kind: "domain" }>, name: string) {
  const { checks, notNull } = type;
  const named = notNull?.name === undefined ? "" : ` CONSTRAINT ${quote(notNull.name)}`;
  const parts = [
    `CREATE DOMAIN ${name} AS ${type.type}`,
    ...(type.collation === undefined ? [] : [`COLLATE ${type.collation}`]),
    ...(type.default === undefined ? [] : [`DEFAULT ${type.default}`]),
    ...(notNull === undefined ? [] : [`${named} NOT NULL`.trim()]),
    ...checks
      .filter(({ validated }) => validated)
      .map((check) => `CONSTRAINT ${quote(check.name)} ${check.definition}`),
  ];
  return [
    parts.join(" "),
    ...checks
      .filter(({ validated }) => !validated)
      .map(
        (check) => `ALTER DOMAIN ${name} ADD CONSTRAINT ${quote(check.name)} ${check.definition}`,
      ),
    ...checks.flatMap((check) =>
      commentOn(`CONSTRAINT ${quote(check.name)} ON DOMAIN ${name}`, check.comment),
    ),
  ];
}

function listed(items: readonly string[]): string {
  return items.length === 0 ? "" : `\n  ${items.join(",\n  ")}\n`;
}

/** A column or an attribute up to its type. */
export function typed(one: {
  readonly name: string;
  readonly type: string;
  readonly collation?: string | undefined;
}): string {
  const collation = one.collation === undefined ? "" : ` COLLATE ${one.collation}`;
  return `${quote(one.name)} ${one.type}${collation}`;
}
