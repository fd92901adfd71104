/** In a worker thread: runs one command of a release over a PGlite that lies in a folder, and says how it went. */
import { parentPort, workerData } from "node:worker_threads";
import { defineMigration, defineRelease, silent } from "slipway";
import { pglite } from "slipway/pglite";

const { dataDir, job } = workerData;
const users = defineMigration({ change: (m) => m.createTable("users", (t) => t.id()) });
const main = { adapter: pglite({ dataDir }), migrations: { "1_users": users } };
const release = defineRelease({ app: "app", repos: { main } }).using({
  emit: silent,
  write: () => undefined,
});
const [outcome] =
  job === "migrate" ? await release.migrate() : [await release.rollback("main", { step: 1 })];
parentPort?.postMessage(outcome?.migrations.map(({ version }) => version));
