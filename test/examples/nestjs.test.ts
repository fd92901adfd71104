/** A NestJS app as it is deployed: the job of the release migrates, and the app starts on what that left. */
import { spawn } from "node:child_process";
import { cpSync, existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, it } from "vitest";
import { freePort } from "../support/server.ts";
import { copyExample, type Example, runNode } from "./example.ts";

let example: Example;
let database: { readonly DATABASE_PATH: string };
beforeAll(() => {
  example = copyExample("nestjs");
  database = { DATABASE_PATH: join(example.folder, "notes.db") };
});
afterAll(() => example.remove());

const main = "dist/src/main.js";

it("does not start before the job ran, serves what it made, and is ready", async () => {
  expect(await example.script("build")).toMatchObject({ code: 0 });
  expect(await example.slipway(["gen", "manifest", "--check"])).toMatchObject({ code: 0 });
  const early = await runNode(example.folder, [main], database);
  expect(early.code).not.toBe(0);
  expect(early.stderr).toMatch(/pending migrations: main \(20260105090000, 20260106090000\)/);
  expect(existsSync(database.DATABASE_PATH)).toBe(false);

  const job = join(example.folder, "../job");
  cpSync(join(example.folder, "_release"), job, { recursive: true });
  const start = join(job, "lib/start.cjs");
  expect(await runNode(job, [start, "migrate"], database)).toMatchObject({ code: 0 });
  const notes = new DatabaseSync(database.DATABASE_PATH);
  notes.exec("INSERT INTO notes (body) VALUES ('Read the docs')");
  notes.close();

  await withApp(async (address) => {
    const seen = await (await fetch(`${address}/notes`)).json();
    expect(seen).toEqual([{ id: 1, body: "Read the docs", pinned: 0 }]);
    const ready = await fetch(`${address}/health/ready`);
    expect([ready.status, await ready.json()]).toMatchObject([200, { status: "ready" }]);
    const back = await runNode(
      job,
      [start, "rollback", "main", "20260106090000", "--yes"],
      database,
    );
    expect(back).toMatchObject({ code: 0 });
  });
}, 120_000);

/** Starts the app, waits until it answers, and ends it as an orchestrator does. */
async function withApp(work: (address: string) => Promise<void>): Promise<void> {
  const port = await freePort();
  const app = spawn(process.execPath, [main], {
    cwd: example.folder,
    env: { ...database, PORT: String(port) },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const ended = new Promise<unknown>((done) =>
    app.on("close", (code, signal) => done(signal ?? code)),
  );
  const address = `http://localhost:${port}`;
  try {
    for (;;) {
      const answer = await fetch(`${address}/health/live`).catch(() => undefined);
      if (answer?.ok) break;
      if (app.exitCode !== null) throw new Error(`the app ended with ${app.exitCode}`);
      await new Promise((done) => setTimeout(done, 50));
    }
    await work(address);
  } finally {
    app.kill("SIGTERM");
  }
  expect(await ended).toBe("SIGTERM");
}
