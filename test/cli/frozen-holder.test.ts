/** At night: the process that holds the lock is frozen. status says so, and the server frees the lock after the lease. */
import { afterAll, expect, it } from "vitest";
import { freshDatabase } from "../support/postgres.ts";
import { makeProject } from "./project.ts";

const database = await freshDatabase();
afterAll(() => database.drop());

const release = `import { defineRelease, env } from "slipway";
import { postgres } from "slipway/postgres";
export const Release = defineRelease({
  app: "mail",
  repos: { main: { adapter: postgres({ url: () => env("MAIL_URL"), lockLeaseMs: 6_000 }) } },
});
`;
const send = `import { existsSync } from "node:fs";
import { defineMigration } from "slipway";
export default defineMigration({
  up(m) {
    m.run(async (db) => {
      await db.query("create table sent (id integer)");
      while (process.env.SLOW && !existsSync("go")) await new Promise((done) => setTimeout(done, 50));
    });
  },
  down: (m) => m.execute("drop table sent"),
});
`;

it("names the migration whose code is at work, says when its process is silent, and goes on without it", async () => {
  const project = makeProject({ "release.ts": release, "db/main/migrations/1_send.ts": send });
  const env = { MAIL_URL: database.url };
  const status = async (isSeen: (text: string) => boolean) => {
    for (;;) {
      const { stdout } = await project.run(["status"], { env });
      if (isSeen(stdout)) return stdout;
    }
  };
  const slow = project.start(["migrate"], { env: { ...env, SLOW: "1" } });
  try {
    await slow.said("run code");
    const atWork = await status((text) => text.includes("running: 1 send"));
    expect(atWork).toMatch(/^ {2}running {3}1 {15}send$/m);
    expect(atWork).not.toMatch(/not heard of|statement:/);
    slow.kill("SIGSTOP");
    const silent = await status((text) => text.includes("not heard of"));
    expect(silent).toMatch(
      /running: 1 send, since \S+Z, by slipway mail, pid \d+, on \S+, not heard of for \d\.?\d* s$/m,
    );
    const held = await project.run(["migrate", "--lock-wait", "0"], { env });
    expect(held.code).toBe(5);
    expect(held.stderr).toMatch(/held by slipway mail, .*, not heard of for \d/);
    await status((text) => !text.includes("running"));
    expect(await project.run(["migrate"], { env })).toMatchObject({ code: 0 });
    project.write("go", "");
    slow.kill("SIGCONT");
    const ended = await slow.ended;
    expect([ended.code, ended.stderr]).toEqual([1, expect.stringMatching(/lock was lost/)]);
    expect((await project.run(["status"], { env })).stdout).toMatch(/^ {2}up {8}1 /m);
  } finally {
    slow.kill("SIGKILL");
    project.remove();
  }
}, 90_000);
