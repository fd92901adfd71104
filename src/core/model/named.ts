/** A table, view, type or sequence. `prefix` is a schema in PostgreSQL, a database in MySQL. */
export type Named = { readonly name: string; readonly prefix?: string | undefined };
