import type { TestProject } from "vitest/node";
import { startPostgres } from "./postgres-server.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** A real PostgreSQL, one for the whole run: the superuser's URL, with a password. */
    postgresUrl: string;
  }
}

/** Gives every test a real PostgreSQL: `SLIPWAY_TEST_POSTGRES_URL`, or one started for this run. */
export default async function setup(project: TestProject) {
  const given = process.env.SLIPWAY_TEST_POSTGRES_URL;
  if (given) {
    project.provide("postgresUrl", given);
    return undefined;
  }
  const { url, stop } = await startPostgres();
  project.provide("postgresUrl", url);
  return stop;
}
