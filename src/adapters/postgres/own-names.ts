/**
 * Names in statements of ours. PostgreSQL looks for an operator, a function and a type in every schema of the search
 * path and takes the one that fits best, so whoever may create in one of them could have his own run with our rights.
 * https://wiki.postgresql.org/wiki/A_Guide_to_CVE-2018-1058:_Protect_Your_Search_Path
 */

/** An operator of PostgreSQL's own. It binds like `||`: tighter than comparisons and AND, looser than `*` and `+`. */
export function operator(sign: string): string {
  return `OPERATOR(pg_catalog.${sign})`;
}

/** A function, a type or a table of PostgreSQL's own. */
export function builtin(name: string): string {
  return `pg_catalog.${name}`;
}

/**
 * Begins a text that names nothing of the user's without its schema, outside of a transaction of the user's: several
 * statements that are sent at once are a transaction.
 * https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-MULTI-STATEMENT
 */
export const catalogOnly = "SET LOCAL search_path = pg_catalog, pg_temp;\n";

/**
 * The same for a whole text of ours over the catalog, which has blanks around its operators. Needed where a name of the
 * user's is looked up in it, which `catalogOnly` would not find.
 */
export function ofCatalog(sql: string): string {
  return sql
    .replace(/ (=|<>|<=|>=|<|>) /g, (_, sign: string) => ` ${operator(sign)} `)
    .replace(/::(text|oid|int2|regclass)\b/g, (_, type: string) => `::${builtin(type)}`)
    .replace(/(?<![.\w])(count|string_agg|unnest)\(/g, (_, name: string) => `${builtin(name)}(`);
}
