/** The driver `pg`. */
import type { Client } from "pg";
import { importDriver } from "../import-driver.ts";
import { cancelQuery } from "./cancel.ts";
import type { PostgresDriver } from "./driver.ts";
import { connectPg, identityOf } from "./pg-connection.ts";

export const pgDriver: PostgresDriver = {
  package: "pg",
  connect: async (request) => {
    const names = { driver: "pg", adapter: "postgres" };
    // Without the pool and the native client, which "pg" looks for in every folder above.
    const { default: Client } = await importDriver(() => import("pg/lib/client.js"), names);
    return connectPg({ Client, cancel }, request);
  },
};

async function cancel(client: Client): Promise<void> {
  const { processID: processId, secretKey } = identityOf(client);
  if (processId !== null && secretKey !== null) await cancelQuery({ processId, secretKey }, client);
}
