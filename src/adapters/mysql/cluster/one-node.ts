/** A session whose changes of tables reach one node of the cluster, while the history reaches all of them. */
import type { Row } from "../../adapter.ts";

/** `wsrep_OSU_method` is not TOI. */
export class OneNodeOnly extends Error {
  /** A built release may have copies of this class in several files. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === "OneNodeOnly";
  }

  override readonly name = "OneNodeOnly";
  readonly hint =
    "SET GLOBAL wsrep_OSU_method = 'TOI'. Or make the change on each node by hand, and then say: slipway mark REPO VERSION applied --reason TEXT";
}

/**
 * https://mariadb.com/docs/galera-cluster/galera-management/performing-schema-upgrades-in-galera-cluster
 *
 * @throws {OneNodeOnly}
 */
export async function refuseOneNode(
  query: (sql: string) => Promise<readonly Row[]>,
): Promise<void> {
  const [row] = await query("SELECT @@wsrep_OSU_method AS method");
  if (row?.method === "TOI") return;
  throw new OneNodeOnly(
    `wsrep_OSU_method is ${row?.method}: a change of a table would reach this node alone, and the history every node`,
  );
}
