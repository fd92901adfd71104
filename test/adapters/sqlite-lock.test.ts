import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { type Session, StatementFailed } from "../../src/adapters/adapter.ts";
import { sqlite } from "../../src/adapters/sqlite/index.ts";

const root = mkdtempSync(join(tmpdir(), "slipway-sqlite-lock-"));
const newPath = () => join(mkdtempSync(join(root, "db-")), "test.db");
const children: ChildProcess[] = [];
afterEach(() => children.splice(0).forEach((child) => void child.kill("SIGKILL")));
afterAll(() => rmSync(root, { recursive: true }));

/** Long enough for a busy machine to send its heartbeats. */
const leaseMs = 1_500;
const open = (path: string, role: "lock" | "work") =>
  sqlite({ path, leaseMs, busyTimeoutMs: 200 }).open({ role, application: "slipway test" });

/** Another process that has taken the lock and goes on living. */
async function holderOf(path: string): Promise<ChildProcess> {
  const adapter = new URL("../../src/adapters/sqlite/index.ts", import.meta.url).href;
  const script = `
    const { sqlite } = await import(${JSON.stringify(adapter)});
    const session = await sqlite({ path: ${JSON.stringify(path)}, leaseMs: ${leaseMs} }).open({ role: "lock", application: "slipway other" });
    const { lease } = await session.tryLock("main");
    lease.lost.addEventListener("abort", () => { process.stdout.write("lost\\n"); process.exit(); });
    process.stdout.write("held\\n");
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  await once(child.stdout!, "data");
  return child;
}

/** Tries again and again: a heartbeat of the holder can make the file busy for a moment. */
async function taken(session: Session, withinMs: number, name = "main"): Promise<boolean> {
  for (const end = performance.now() + withinMs; performance.now() < end; await sleep(20)) {
    if ((await session.tryLock(name)).lease !== undefined) return true;
  }
  return false;
}

describe("a lock of another process", () => {
  test("cannot be taken for as long as it lives, however short the lease", async () => {
    const path = newPath();
    const child = await holderOf(path);
    const session = await open(path, "lock");
    expect(await session.tryLock("main")).toEqual({
      holder: {
        pid: String(child.pid),
        host: hostname(),
        application: "slipway other",
        since: expect.stringMatching(/^\d{4}-.*Z$/),
      },
    });
    expect(await taken(session, leaseMs * 2)).toBe(false);
    expect(await taken(session, leaseMs, "another")).toBe(true);
    await session.close();
  });

  test("is free at once when the process is dead", async () => {
    const path = newPath();
    const child = await holderOf(path);
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
    const session = await open(path, "lock");
    expect((await session.tryLock("main")).lease).toBeDefined();
    await session.close();
  });

  test("is taken from a frozen process after its lease; awake, it learns that it lost", async () => {
    const path = newPath();
    const child = await holderOf(path);
    child.kill("SIGSTOP");
    const session = await open(path, "lock");
    expect((await session.tryLock("main")).lease).toBeUndefined();
    expect(await taken(session, leaseMs * 10)).toBe(true);
    const said = once(child.stdout!, "data");
    child.kill("SIGCONT");
    expect(String((await said)[0])).toBe("lost\n");
    await session.close();
  });
});

describe("the fence", () => {
  const plain = (sql: string) => ({ sql, policy: { kind: "plain" } }) as const;

  async function fenced() {
    const path = newPath();
    const [lock, work] = [await open(path, "lock"), await open(path, "work")];
    const { lease } = await lock.tryLock("main");
    const run = () =>
      work.execute([plain("BEGIN IMMEDIATE"), ...(lease?.fence?.proof ?? []), plain("COMMIT")]);
    return { path, lock, work, lease, run, close: () => Promise.all([lock.close(), work.close()]) };
  }

  test("lets the holder pass and lengthens its lease", async () => {
    const { path, run, close } = await fenced();
    const db = new DatabaseSync(path);
    db.exec("UPDATE slipway_lock SET expires_at = 0");
    await run();
    expect({
      ...db.prepare("SELECT expires_at > 0 AS renewed, fence FROM slipway_lock").get(),
    }).toEqual({ renewed: 1, fence: 1 });
    db.close();
    await close();
  });

  test("writes nothing where the lease is long enough", async () => {
    const { path, run, close } = await fenced();
    const db = new DatabaseSync(path);
    const version = () => db.prepare("PRAGMA data_version").get();
    const before = version();
    await run();
    expect(version()).toEqual(before);
    db.exec("UPDATE slipway_lock SET expires_at = 0");
    await run();
    expect(version()).not.toEqual(before);
    db.close();
    await close();
  });

  test.each([
    ["has another owner", "UPDATE slipway_lock SET owner = 'x', fence = 2"],
    ["is gone", "DELETE FROM slipway_lock"],
  ])("stops a holder whose row %s", async (_, sql) => {
    const { path, lease, work, run, close } = await fenced();
    const db = new DatabaseSync(path);
    db.exec(sql);
    const error: unknown = await run().catch((error) => error);
    expect(error).toBeInstanceOf(StatementFailed);
    expect(error).toMatchObject({
      index: 1,
      message: "CHECK constraint failed: the migration lock was lost",
    });
    await work.execute([plain("ROLLBACK")]);
    if (!lease?.lost.aborted) await once(lease!.lost, "abort");
    db.close();
    await close();
  });

  test("its number grows with every taking", async () => {
    const { path, lock, lease, close } = await fenced();
    const db = new DatabaseSync(path);
    const number = () => Number(db.prepare("SELECT fence FROM slipway_lock").get()?.fence);
    await lease?.release();
    const again = await lock.tryLock("main");
    expect(number()).toBe(2);
    await again.lease?.release();
    await lock.tryLock("main");
    expect(number()).toBe(3);
    db.close();
    await close();
  });
});

test("a busy file is not waited for, and its holder is named", async () => {
  const path = newPath();
  const [one, two, work] = [
    await open(path, "lock"),
    await open(path, "lock"),
    await open(path, "work"),
  ];
  await one.tryLock("main");
  await work.execute([{ sql: "BEGIN IMMEDIATE", policy: { kind: "plain" } }]);
  const started = performance.now();
  expect(await two.tryLock("main")).toMatchObject({
    holder: { pid: String(process.pid) },
  });
  expect(performance.now() - started).toBeLessThan(100);
  await Promise.all([one.close(), two.close(), work.close()]);
});

test("a holder whose own transaction outlasts its lease keeps the lock", async () => {
  const path = newPath();
  const [one, two, work] = [
    await open(path, "lock"),
    await open(path, "lock"),
    await open(path, "work"),
  ];
  const { lease } = await one.tryLock("main");
  await work.execute([{ sql: "BEGIN IMMEDIATE", policy: { kind: "plain" } }]);
  expect(await taken(two, leaseMs * 2)).toBe(false);
  await work.execute([{ sql: "COMMIT", policy: { kind: "plain" } }]);
  expect(await taken(two, leaseMs)).toBe(false);
  expect(lease?.lost.aborted).toBe(false);
  await Promise.all([one.close(), two.close(), work.close()]);
});

test("the row of a process that ended without closing is free", async () => {
  const path = newPath();
  const { pid } = spawnSync(process.execPath, ["--version"]);
  const session = await open(path, "lock");
  await (await session.tryLock("main")).lease?.release();
  const db = new DatabaseSync(path);
  db.prepare("UPDATE slipway_lock SET owner = 'x', host = ?, pid = ?, expires_at = 9e15").run(
    hostname(),
    pid,
  );
  db.close();
  expect((await session.tryLock("main")).lease).toBeDefined();
  await session.close();
});
