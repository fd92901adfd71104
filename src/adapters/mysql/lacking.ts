/** Looks for the rights on Slipway's own tables that the user lacks, before anything is tried. */
import type { Named } from "../../core/model/named.ts";
import type { Refusal, Row } from "../adapter.ts";
import { literal } from "./literal.ts";
import { quote } from "./sql-text.ts";

type Query = (sql: string) => Promise<readonly Row[]>;

const needed = ["SELECT", "INSERT", "UPDATE", "DELETE"];

/**
 * The missing right, with the statement that gives it. `undefined` when there is none, and for a user with roles: what
 * those may do, only the server knows.
 */
export async function lacking(
  query: Query,
  tables: readonly Named[],
): Promise<Refusal | undefined> {
  const prefix = tables[0]?.prefix;
  const schema = prefix === undefined ? "DATABASE()" : literal(prefix);
  const rows = await query(rightsSql(schema)).catch(() => []);
  const me = rows.find(({ level }) => level === "me");
  if (me === undefined || rows.some(({ level }) => level === "role")) return undefined;
  const who = String(me.who);
  const db = quote(String(me.name));
  const present = new Set(rows.flatMap(({ level, name }) => (level === "present" ? [name] : [])));
  const may = (table: string, right: string) =>
    rows.some(
      (row) =>
        row.who === right && (row.level === "all" || (row.level === "table" && row.name === table)),
    );
  const names = tables.map(({ name }) => name);
  const missing = names.filter((name) => !present.has(name) && !may(name, "CREATE"));
  if (missing.length > 0) {
    const list = missing.join(", ");
    return {
      reason: `${list} ${missing.length === 1 ? "is" : "are"} missing or hidden, and ${who} may not make tables in the database ${db}`,
      hint: `Let a DBA run what slipway tables --sql prints, which makes ${list}. Or: GRANT CREATE, ${needed.join(", ")} ON ${db}.* TO ${who};`,
    };
  }
  const denied = names.filter((name) => needed.some((right) => !may(name, right)));
  if (denied.length === 0) return undefined;
  const given = denied.map(
    (name) => `GRANT ${needed.join(", ")} ON ${db}.${quote(name)} TO ${who};`,
  );
  return {
    reason: `${who} may not read and write ${denied.join(", ")}`,
    hint: given.join(" "),
  };
}

/**
 * A user sees its own rights, and tables on which it has one. Names of databases in grants are patterns, in which `\`
 * escapes also where sql_mode says NO_BACKSLASH_ESCAPES. No empty text: EMPTY_STRING_IS_NULL makes NULL of it.
 * https://mariadb.com/kb/en/information-schema-schema_privileges-table/
 */
function rightsSql(schema: string): string {
  const own =
    "CONCAT(QUOTE(LEFT(CURRENT_USER(), CHAR_LENGTH(CURRENT_USER()) - LOCATE('@', REVERSE(CURRENT_USER())))), '@', QUOTE(SUBSTRING_INDEX(CURRENT_USER(), '@', -1)))";
  const from = (table: string, where: string) =>
    `FROM information_schema.${table} WHERE grantee = ${own}${where}`;
  return `SELECT 'me' AS level, ${schema} AS name, ${own} AS who
UNION ALL SELECT 'role', role_name, grantee FROM information_schema.applicable_roles
UNION ALL SELECT 'all', '', privilege_type ${from("user_privileges", "")}
UNION ALL SELECT 'all', '', privilege_type ${from("schema_privileges", ` AND ${schema} LIKE table_schema ESCAPE CHAR(92)`)}
UNION ALL SELECT 'table', table_name, privilege_type ${from("table_privileges", ` AND table_schema = ${schema}`)}
UNION ALL SELECT 'present', table_name, '' FROM information_schema.tables WHERE table_schema = ${schema}`;
}
