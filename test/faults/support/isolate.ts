/** Cuts a node of a Galera cluster off from the others, as a broken network would. */
import { setTimeout as sleep } from "node:timers/promises";
import { createConnection, type RowDataPacket } from "mysql2/promise";

/** Cuts the node off, or lets it in again, and waits until it is so. It asks without waiting for the others. */
export async function isolate(url: string, away: boolean): Promise<void> {
  const connection = await createConnection({ uri: url });
  const set = (options: string) =>
    connection.query(`set global wsrep_provider_options = '${options}'`);
  if (away) await set("evs.suspect_timeout=PT1S;evs.inactive_timeout=PT2S");
  await set(`gmcast.isolate=${away ? 1 : 0}`);
  const wanted = away ? "non-Primary" : "Primary";
  for (; ; await sleep(50)) {
    const [rows] = await connection.query<RowDataPacket[]>(
      "show status where variable_name in ('wsrep_cluster_status', 'wsrep_ready', 'wsrep_local_state_comment')",
    );
    const of = Object.fromEntries(rows.map((row) => [row.Variable_name, row.Value]));
    const is = of.wsrep_cluster_status === wanted && (of.wsrep_ready === "ON") !== away;
    if (is && (away || of.wsrep_local_state_comment === "Synced")) break;
  }
  if (!away) await set("evs.suspect_timeout=PT5S;evs.inactive_timeout=PT15S");
  await connection.end();
}
