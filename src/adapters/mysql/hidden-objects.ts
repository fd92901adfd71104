/**
 * Finds the kinds of objects that may be hidden from a user: the server's lists leave out their
 * rows.
 */
import type { CatalogQuery } from "../../core/catalog/catalog-access.ts";

/**
 * One of these rights on all of the database, and every object of the kind is listed.
 * https://mariadb.com/kb/en/information-schema-tables-table/,
 * https://dev.mysql.com/doc/refman/8.4/en/information-schema-triggers-table.html
 */
const shownWith: readonly (readonly [objects: string, rights: readonly string[]])[] = [
  [
    "tables",
    [
      ...["SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "REFERENCES", "INDEX", "ALTER"],
      ...["CREATE VIEW", "SHOW VIEW", "TRIGGER"],
    ],
  ],
  ["triggers", ["TRIGGER"]],
  ["routines", ["EXECUTE", "CREATE ROUTINE", "ALTER ROUTINE", "SHOW_ROUTINE"]],
  ["events", ["EVENT"]],
];

/** `tables`, `events`: the kinds of which some may be there that the lists do not show. */
export async function hiddenKinds(query: CatalogQuery): Promise<readonly string[]> {
  const [now] = await query("SELECT DATABASE() AS name");
  // Before 8.0 there are none.
  const [role] = await query("SELECT CURRENT_ROLE() AS names").catch(() => []);
  // MySQL lists the rights of a role only for a query that names the role:
  // https://dev.mysql.com/doc/refman/8.4/en/show-grants.html
  const roles = String(role?.names ?? "");
  const using = roles.includes("@") ? ` FOR CURRENT_USER() USING ${roles}` : "";
  const grants = await query(`SHOW GRANTS${using}`);
  const texts = grants.flatMap((row) => Object.values(row).map(String));
  return kindsHiddenBy(texts, String(now?.name));
}

/** By the lines of `SHOW GRANTS`. */
export function kindsHiddenBy(grants: readonly string[], database: string): readonly string[] {
  const rights = new Set(grants.flatMap((grant) => rightsIn(grant, database)));
  if (rights.has("ALL PRIVILEGES")) return [];
  return shownWith.flatMap(([objects, any]) => (any.some((one) => rights.has(one)) ? [] : objects));
}

/** Rights on one table, on one routine, or on some columns say nothing of the others. */
function rightsIn(grant: string, database: string): readonly string[] {
  const [, rights = "", every, mark = "", name = ""] =
    /^GRANT (.+?) ON (?:(\*)|([`"])((?:(?!\3).|\3\3)+)\3)\.\* TO /s.exec(grant) ?? [];
  if (every === undefined && !isNamedBy(database, name.replaceAll(mark + mark, mark))) return [];
  return rights.split(/, ?(?![^(]*\))/).map((right) => right.trim());
}

/** The name of a database in a grant is a pattern. https://dev.mysql.com/doc/refman/8.4/en/grant.html */
function isNamedBy(database: string, pattern: string): boolean {
  const source = pattern.replace(/\\?[\s\S]/g, (one) => {
    if (one === "%") return "[\\s\\S]*";
    if (one === "_") return "[\\s\\S]";
    return one.replace(/^\\(?=.)/s, "").replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
  });
  return new RegExp(`^${source}$`, "u").test(database);
}
