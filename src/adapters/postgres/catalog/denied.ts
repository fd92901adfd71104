/** Explains why a schema cannot be read: this user lacks a right. */
import type { CatalogQuery } from "../../../core/catalog/catalog-access.ts";
import { ReleaseError } from "../../../core/model/errors.ts";
import { messageOf } from "../../../core/model/message-of.ts";

/**
 * Names the object that may not be read, and the grant. Only the server's message says it, in the
 * server's language: the object stands at its end.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 *
 * @throws {ReleaseError} `schema_denied`, and what reading throws
 */
export async function namingDenied<Result>(
  query: CatalogQuery,
  read: () => Promise<Result>,
): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "42501")) throw error;
    const [, kind = "table", name = "it"] =
      /(?:\b(table|view|function|schema|sequence) )?"?([^\s"]+?)"?\.?$/.exec(messageOf(error)) ??
      [];
    const [row] = await query("SELECT pg_catalog.quote_ident(current_user) AS who");
    const user = String(row?.who);
    const full = name.startsWith("pg_") && kind !== "schema" ? `pg_catalog.${name}` : name;
    const right = { function: "EXECUTE ON FUNCTION", schema: "USAGE ON SCHEMA" }[kind];
    throw new ReleaseError(
      "schema_denied",
      { user, what: `${kind} ${full}`, grant: `GRANT ${right ?? "SELECT ON"} ${full} TO ${user}` },
      { cause: error },
    );
  }
}
