import { spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterAll, describe, expect, it } from "vitest";
import { describeAdapter } from "../../src/adapter-testing.ts";
import { pglite } from "../../src/adapters/pglite/index.ts";
import { openPglite } from "../support/pglite.ts";

const client = await openPglite();
const root = mkdtempSync(join(tmpdir(), "slipway-pglite-"));
afterAll(async () => {
  await client.close();
  rmSync(root, { recursive: true });
});

describeAdapter(
  "pglite",
  {
    make: async () => {
      await client.exec("DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public");
      return { adapter: pglite({ client }), dispose: async () => undefined };
    },
    notice: {
      sql: "DO $$ BEGIN RAISE WARNING 'mind the gap'; END $$",
      expected: { level: "warning", message: "mind the gap" },
    },
  },
  { describe, it, expect },
);

describe("a data folder", () => {
  const dataDir = join(root, "db");
  const options = { role: "work", application: "test" } as const;

  it("is made, shared by all sessions of the process, and removed", async () => {
    const one = pglite({ dataDir });
    const link = join(root, "link");
    expect(await one.storage?.create()).toBe("created");
    expect(await one.storage?.create()).toBe("already_there");
    symlinkSync(dataDir, link);
    const two = pglite({ dataDir: () => link });

    const sessions = await Promise.all([one.open(options), two.open(options)]);
    await sessions[0].query("CREATE TABLE posts (id int)");
    expect(await sessions[1].query("SELECT * FROM posts")).toEqual([]);
    await expect(one.storage?.drop()).rejects.toThrow("in use by this process");
    await Promise.all(sessions.map((session) => session.close()));
    expect(existsSync(`${dataDir}.lock`)).toBe(false);

    const again = await one.open(options);
    expect(await again.query("SELECT * FROM posts")).toEqual([]);
    await again.close();
    expect(await one.storage?.drop()).toBe("dropped");
    expect(await one.storage?.drop()).toBe("already_gone");
    expect(existsSync(dataDir)).toBe(false);
  });

  it("of another process is refused, of a dead one is taken over", async () => {
    const { pid: dead } = spawnSync(process.execPath, ["--version"]);
    const adapter = pglite({ dataDir });
    writeFileSync(`${dataDir}.lock`, String(process.ppid));
    await expect(adapter.open(options)).rejects.toMatchObject({
      name: "ConnectionFailed",
      message: expect.stringMatching(`db is in use by process ${process.ppid}$`),
    });
    writeFileSync(`${dataDir}.lock`, String(dead));
    const session = await adapter.open(options);
    await session.close();
  });

  it("of this process's own id is another thread's, or an earlier process's", async () => {
    const adapter = pglite({ dataDir });
    const lock = `${dataDir}.lock`;
    writeFileSync(lock, String(process.pid));
    await expect(adapter.open(options)).rejects.toMatchObject({
      name: "ConnectionFailed",
      message: expect.stringMatching("db is in use by another thread of this process$"),
      hint: expect.stringContaining(lock),
    });
    expect(existsSync(lock)).toBe(true);
    const before = new Date(Date.now() - process.uptime() * 1000 - 1000);
    utimesSync(lock, before, before);
    const session = await adapter.open(options);
    await session.close();
    expect(existsSync(lock)).toBe(false);
  });

  it("of two threads that open it at once, one gets it", async () => {
    const code = `
      const { parentPort, workerData } = require("node:worker_threads");
      import(workerData.adapter).then(async ({ pglite }) => {
        const session = await pglite({ dataDir: workerData.dataDir }).open(workerData.options).catch(({ message }) => ({ message }));
        parentPort.once("message", async () => { await session.close?.(); parentPort.close(); });
        parentPort.postMessage(session.message ?? "open");
      });`;
    const adapterUrl = new URL("../../src/adapters/pglite/index.ts", import.meta.url).href;
    const workers = [1, 2].map(
      () => new Worker(code, { eval: true, workerData: { adapter: adapterUrl, dataDir, options } }),
    );
    const said = await Promise.all(
      workers.map(async (worker) => {
        const [words] = await once(worker, "message");
        return String(words);
      }),
    );
    for (const worker of workers) {
      const ended = once(worker, "exit");
      worker.postMessage("close");
      await ended;
    }
    expect(said.filter((words) => words === "open")).toHaveLength(1);
    expect(
      said.filter((words) => /in use by another thread of this process$/.test(words)),
    ).toHaveLength(1);
    expect(existsSync(`${dataDir}.lock`)).toBe(false);
  });

  it("is removed only when it is a database", async () => {
    const folder = join(root, "photos");
    mkdirSync(folder);
    await expect(pglite({ dataDir: folder }).storage?.drop()).rejects.toThrow("not a database");
    expect(existsSync(folder)).toBe(true);
  });

  it("is described by its path, and a function that throws does not matter", () => {
    const unset = () => {
      throw new Error("not set");
    };
    expect(pglite({ dataDir }).describe()).toBe(`pglite:${dataDir}`);
    expect(pglite({ client }).describe()).toBe("pglite:memory");
    expect(pglite({ dataDir: unset }).describe()).toBe("pglite (its folder is not set)");
  });

  it("is not memory, which would be gone with each session", async () => {
    await expect(pglite({ dataDir: "memory://" }).open(options)).rejects.toMatchObject({
      name: "ConnectionFailed",
      message: '"memory://" is not a folder',
    });
  });
});
