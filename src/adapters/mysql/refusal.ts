/** Explains why this user cannot use Slipway's own tables, with the statement that lets it in. */
import { messageOf } from "../../core/model/message-of.ts";
import type { Refusal, Row } from "../adapter.ts";
import { OneNodeOnly } from "./cluster/one-node.ts";
import { cutOff, errorNumber } from "./messages.ts";

/** https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html */
export async function refusal(
  query: (sql: string) => Promise<readonly Row[]>,
  error: unknown,
): Promise<Refusal> {
  const reason = messageOf(error);
  if (error instanceof OneNodeOnly) return { reason, hint: error.hint };
  const [me] = await query("SELECT CURRENT_USER() AS who, DATABASE() AS db").catch(() => []);
  const who = `'${String(me?.who ?? "USER@HOST").replace("@", "'@'")}'`;
  const db = `\`${me?.db ?? "DATABASE"}\``;
  return { reason, hint: hintFor(errorNumber(error), reason, { who, db }) };
}

function hintFor(
  number: number | undefined,
  reason: string,
  { who, db }: { readonly who: string; readonly db: string },
): string {
  switch (number) {
    case 1143:
    case 1142: {
      const right = /^([A-Z][A-Z ,]*?) command denied/.exec(reason)?.[1] ?? "CREATE, ALTER";
      return `GRANT ${right} ON ${db}.* TO ${who}; or let a DBA run what slipway tables --sql prints.`;
    }
    case 1044:
      return `GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES ON ${db}.* TO ${who};`;
    case 1227: {
      const right =
        /at least one of\) the ([A-Z_ ]+?)(?:,| privilege)/.exec(reason)?.[1] ?? "SUPER";
      return `GRANT ${right} ON *.* TO ${who};`;
    }
    case 1290:
    case 1836:
      return "The server only reads (read_only), as a replica does: give the address of the primary, or SET GLOBAL read_only = 0;";
    case 1792:
      return "Transactions of this user only read: SET GLOBAL transaction_read_only = 0; (MariaDB before 11.1: tx_read_only)";
    case 1226:
      return `${who} has its own limit: ALTER USER ${who} WITH MAX_QUERIES_PER_HOUR 0 MAX_UPDATES_PER_HOUR 0 MAX_USER_CONNECTIONS 0;`;
    case 1021:
    case 1114:
    case 1041:
      return "The disk or the memory of the server is full: make room.";
    case 1969:
    case 3024:
      return `The time for a statement is too short: ALTER USER ${who} WITH MAX_STATEMENT_TIME 0; or SET GLOBAL max_statement_time = 0;`;
    case cutOff:
      return "This node is cut off from most of its cluster: give the address of another node.";
    case 1205:
      return "Another session holds the table: wait for it, or look for it with SHOW PROCESSLIST.";
  }
  return "Look at what the server says. slipway tables --sql prints each table of Slipway's own, and the rights that it needs.";
}
