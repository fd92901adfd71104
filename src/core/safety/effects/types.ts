/** Types as PostgreSQL knows them: names, domains and enums, and which of them become each other without work. */
import { children, constantOf, names, type Tree } from "../../sql/tree.ts";
import { isBuiltIn } from "./built-in-types.ts";
import type { Catalog, Domain, EnumType, TypeName } from "./catalog.ts";

/** Names that the grammar leaves as they are written, by the name that the catalog has. */
const aliases: { readonly [name: string]: string } = {
  serial: "int4",
  serial4: "int4",
  bigserial: "int8",
  serial8: "int8",
  smallserial: "int2",
  serial2: "int2",
};

/** Whether it is a `serial`: an integer with a sequence as its default. */
export function isSerial(type: TypeName): boolean {
  return type.schema === undefined && type.name in aliases;
}

/** A `TypeName` of the parse tree. */
export function typeNameOf(tree: Tree | undefined): TypeName {
  const parts = names(tree, "names").filter((name) => name !== "pg_catalog");
  return {
    schema: parts.length > 1 ? parts.at(-2) : undefined,
    name: parts.at(-1) ?? "",
    modifiers: children(tree, "typmods").flatMap((node) => {
      const value = Number(constantOf(node));
      return Number.isNaN(value) ? [] : [value];
    }),
    isArray: children(tree, "arrayBounds").length > 0,
  };
}

/** A serial as the integer that it is. */
export function plainType(type: TypeName): TypeName {
  return isSerial(type) ? { ...type, name: aliases[type.name] ?? type.name } : type;
}

/** Whether the name is that of PostgreSQL's own type: pg_catalog comes first in any search path that does not say otherwise. */
function isOfCatalog({ schema, name }: TypeName): boolean {
  return schema === undefined && isBuiltIn(name);
}

export function domainOf(type: TypeName, catalog: Catalog): Domain | undefined {
  return isOfCatalog(type) ? undefined : catalog.find(catalog.domains, type.name, type.schema);
}

export function enumOf(type: TypeName, catalog: Catalog): EnumType | undefined {
  return isOfCatalog(type) ? undefined : catalog.find(catalog.enums, type.name, type.schema);
}

/** Whether a value of the type is checked when it is made: a domain with a constraint, at any depth. */
export function isConstrained(type: TypeName, catalog: Catalog): boolean {
  const domain = domainOf(type, catalog);
  if (domain === undefined) return false;
  return domain.notNull || domain.checks.size > 0 || isConstrained(domain.base, catalog);
}

/** Whether the domain, or one that it is made of, refuses NULL. */
export function refusesNull(type: TypeName, catalog: Catalog): boolean {
  const domain = domainOf(type, catalog);
  if (domain === undefined || type.isArray) return false;
  return domain.notNull || refusesNull(domain.base, catalog);
}

/** The type below all domains. */
export function baseType(type: TypeName, catalog: Catalog): TypeName {
  const domain = type.isArray ? undefined : domainOf(type, catalog);
  return domain === undefined ? plainType(type) : baseType(domain.base, catalog);
}

export function sameType(a: TypeName, b: TypeName): boolean {
  return typeKey(a) === typeKey(b) && modifiersOf(a).join() === modifiersOf(b).join();
}

/** The name alone, to compare. */
export function typeKey(type: TypeName): string {
  return `${plainType(type).name}${type.isArray ? "[]" : ""}`;
}

/** Modifiers with those that go without saying: `char` is `char(1)`, `numeric(10)` is `numeric(10,0)`. */
export function modifiersOf(type: TypeName): readonly number[] {
  const { name, modifiers } = type;
  if (name === "numeric" && modifiers.length === 1) return [modifiers[0]!, 0];
  if (name === "bit" && modifiers.length === 0) return [1];
  return modifiers;
}

/** A type in the words of SQL. */
export function typeWords(type: TypeName): string {
  const shown = sqlNames[type.name] ?? type.name;
  const given = type.name === "interval" ? type.modifiers.slice(1) : type.modifiers;
  const modifiers = given.length > 0 ? `(${given.join(",")})` : "";
  const schema = type.schema === undefined ? "" : `${type.schema}.`;
  return `${schema}${shown}${modifiers}${type.isArray ? "[]" : ""}`;
}

const sqlNames: { readonly [name: string]: string } = {
  int2: "smallint",
  int4: "integer",
  int8: "bigint",
  float4: "real",
  float8: "double precision",
  bool: "boolean",
  bpchar: "char",
  varbit: "bit varying",
};
