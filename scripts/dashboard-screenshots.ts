/** docs/dashboard: the pictures of docs/dashboard.md, of a shop that is made up, on a PostgreSQL of its own. */
import { mkdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { postgres } from "../src/adapters/postgres/index.ts";
import { dashboard } from "../src/dashboard/index.ts";
import { launch, serve } from "../test/dashboard/support/browser.ts";
import { fillShop, queueAt, shop } from "../test/dashboard/support/demo.ts";
import { startPostgres } from "../test/support/postgres-server.ts";

const folder = resolve(import.meta.dirname, "../docs/dashboard");
mkdirSync(folder, { recursive: true });

const shots = [
  { name: "overview", path: "", width: 1100 },
  { name: "overview-dark", path: "", width: 1100, colorScheme: "dark" },
  { name: "phone", path: "", width: 390 },
  { name: "migrations", path: "migrations/main", width: 1100 },
  { name: "migration", path: "migrations/main/20260301090000", width: 1100 },
  { name: "backfill", path: "backfills/main/20260215090000", width: 1100, waitMs: 12_000 },
  { name: "now", path: "now", width: 1100, colorScheme: "dark" },
  { name: "plan", path: "plan", width: 1100 },
] as const;

/** No picture may be larger. */
const mostBytes = 100_000;

const server = await startPostgres();
const adapter = postgres({ url: server.url });
await fillShop(adapter, server.url);
const release = shop(adapter);
const pages = await serve(dashboard(release, { authorize: () => ({ user: "ana" }) }));
const browser = await launch();
// Slow enough that it is still at work when its picture is taken.
await release.backfills.set(20260215090000, { pauseMs: 600 });
await release.backfills.resume(20260215090000);
const stop = new AbortController();
const working = release
  .using({ signal: stop.signal })
  .migrateData()
  .catch(() => undefined);
const queue = await queueAt(server.url, "invoices");
for (const shot of shots) {
  const { name, path, width } = shot;
  const colorScheme = "colorScheme" in shot ? shot.colorScheme : "light";
  const page = await browser.newPage({ viewport: { width, height: 680 }, colorScheme });
  await page.goto(`${pages.origin}/slipway/${path}`);
  await page.waitForTimeout("waitMs" in shot ? shot.waitMs : 1_500);
  const file = join(folder, `${name}.png`);
  await page.screenshot({ path: file, fullPage: process.argv.includes("--whole") });
  const { size } = statSync(file);
  console.log(`${name}.png ${Math.round(size / 1_000)} kB`);
  if (size > mostBytes) process.exitCode = 1;
  await page.close();
}
stop.abort("SIGINT");
await queue.end();
await working;
await browser.close();
await pages.close();
await server.stop();
process.exit();
