/** PGlite in worker threads of one process, as a desktop app has it: a folder that two threads open at once. */
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { expect, it } from "vitest";

const script = new URL("../support/pglite-in-worker.mjs", import.meta.url);

async function versions(dataDir: string, job: "migrate" | "rollback"): Promise<unknown> {
  const worker = new Worker(script, { workerData: { dataDir, job } });
  const [ran] = await once(worker, "message");
  await once(worker, "exit");
  return ran;
}

it("a folder is migrated once by two threads, and rolled back by a third", {
  timeout: 60_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), "slipway-worker-"));
  const dataDir = join(folder, "data");
  const both = await Promise.all([versions(dataDir, "migrate"), versions(dataDir, "migrate")]);
  expect(both.flat()).toEqual(["1"]);
  expect(await versions(dataDir, "rollback")).toEqual(["1"]);
  rmSync(folder, { recursive: true });
});
