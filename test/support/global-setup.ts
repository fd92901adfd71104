import { once } from "node:events";
import { createServer } from "node:http";
import type { TestProject } from "vitest/node";
import { removeCompileCache } from "./compile-cache.ts";
import { isFast } from "./fast.ts";
import { startSharedMariadb } from "./mysql-owner.ts";
import { preparePglite } from "./pglite.ts";
import { startPostgres } from "./postgres-server.ts";
import type { Server } from "./server.ts";
import { tellSlowest } from "./slowest.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** A real PostgreSQL, one for the whole run: the superuser's URL, with a password. */
    postgresUrl: string;
    /** Where a test file asks for the MariaDB of the whole run, which the first one that asks starts. */
    mariadbDesk: string;
  }
}

/**
 * Gives every test a real PostgreSQL: `SLIPWAY_TEST_POSTGRES_URL`, or one started for this run; and a MariaDB to those
 * that ask for it. The fast suite has no server.
 */
export default async function setup(project: TestProject) {
  const end = await startServers(project);
  return async () => {
    tellSlowest(project.vitest.state.getTestModules());
    await end();
    removeCompileCache();
  };
}

async function startServers(project: TestProject): Promise<() => Promise<unknown>> {
  await preparePglite();
  if (isFast) return async () => undefined;
  const desk = await openDesk();
  project.provide("mariadbDesk", desk.url);
  const given = process.env.SLIPWAY_TEST_POSTGRES_URL;
  const postgres = given ? undefined : await startPostgres();
  project.provide("postgresUrl", given ?? postgres?.url ?? "");
  return () => Promise.all([desk.stop(), postgres?.stop()]);
}

/** Answers with the URL of the one MariaDB, or with nothing where it is not installed. */
async function openDesk(): Promise<Server> {
  let mariadb: ReturnType<typeof startSharedMariadb> | undefined;
  const desk = createServer(async (_request, answer) => {
    mariadb ??= startSharedMariadb();
    try {
      answer.end((await mariadb)?.url ?? "");
    } catch (error) {
      answer.writeHead(500).end(String(error));
    }
  });
  desk.listen(0, "127.0.0.1");
  await once(desk, "listening");
  const address = desk.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    stop: async () => {
      desk.closeAllConnections();
      desk.close();
      await (await mariadb?.catch(() => undefined))?.stop();
    },
  };
}
