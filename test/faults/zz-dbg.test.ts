import { it } from "vitest";
import { freshDatabase } from "../support/postgres.ts";
import { startProxy } from "./support/proxy.ts";
import { activeSql, until } from "./support/server.ts";
import { start } from "./support/start.ts";
it("x", { timeout: 60000 }, async () => {
  const database = await freshDatabase();
  const proxy = await startProxy(database.url);
  const child = await start({ kind: "postgres", address: proxy.url, scenario: "sleep", leaseMs: 1500 }, ["migrate"]);
  await until(database.url, `${activeSql} and query like '%pg_sleep%'`);
  proxy.cut();
  const t = performance.now();
  child.said("== Failed").then(() => console.log("failed", performance.now() - t));
  child.said("error: repo main").then(() => console.log("error", performance.now() - t));
  const e = await child.ended;
  console.log("ended", performance.now() - t, e.stderr);
  await proxy.stop();
  await database.drop();
});
