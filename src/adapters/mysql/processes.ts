/** The connections of the server, as far as it shows them to this user. */
import type { Row } from "../adapter.ts";

/** One connection, and its statement. */
export type Process = {
  readonly id: string;
  /** Which client it serves: an id is used again after a restart of the server. */
  readonly address: string;
  readonly isIdle: boolean;
  readonly user: string;
  /** Without its port. */
  readonly host: string;
  readonly database: string | undefined;
  readonly running: string | undefined;
  /** Its state in the server's words: `Waiting for table metadata lock`. */
  readonly state: string | undefined;
  readonly seconds: number;
};

/**
 * All connections; the asking one runs nothing. Not from `information_schema`: MySQL is to lose that table, and it makes a
 * temporary one each time. https://dev.mysql.com/doc/refman/8.4/en/show-processlist.html
 */
export async function readProcesses(
  query: (sql: string) => Promise<readonly Row[]>,
): Promise<readonly Process[]> {
  const rows = await query(show);
  return rows.map(processOf);
}

const show = "SHOW FULL PROCESSLIST";

function processOf({ Id, User, Host, db, Command, State, Info, Time }: Row): Process {
  return {
    id: String(Id),
    address: String(Host),
    isIdle: Command === "Sleep",
    user: String(User),
    host: String(Host).replace(/:\d+$/, ""),
    database: typeof db === "string" ? db : undefined,
    running: typeof Info === "string" && Info !== show ? Info : undefined,
    state: typeof State === "string" ? State : undefined,
    seconds: Number(Time),
  };
}
