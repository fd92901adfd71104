/** A disk that is full: a small one in memory, where this process may make one. */
import { spawnSync } from "node:child_process";
import { rmdirSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { startPostgres } from "../support/postgres-server.ts";
import { serverFolder, serverUser } from "../support/server.ts";
import { figuresOf } from "./support/figures.ts";
import { ask, truth } from "./support/server.ts";
import { type ChildSettings, run } from "./support/start.ts";

const figures = figuresOf("disk full");
const user = serverUser("postgres");
const disk = smallDisk();
if (disk === undefined) figures.tell("disk full", "not done: no right to mount a small disk");
afterAll(() => {
  if (disk === undefined) return;
  spawnSync("umount", [disk]);
  rmdirSync(disk);
});

describe.skipIf(disk === undefined)("a disk that is full", { timeout: 60_000 }, () => {
  it.each([
    ["fill", "in a transaction", "tables big; invalid 0; history ; journal none"],
    ["fillIndex", "in a concurrent build", "tables big; invalid 0; history ; journal "],
  ] as const)(
    "%s, %s: the run fails, and goes on when there is space",
    async (scenario, what, left) => {
      const server = await startPostgres();
      await ask(server.url, `create tablespace small location '${disk}'`);
      await ask(server.url, "create table ballast (t text) tablespace small");
      await ask(
        server.url,
        "insert into ballast select md5(i::text) || md5((i + 1)::text) from generate_series(1, 80000) i",
      );
      await ask(
        server.url,
        "create table big as select i as id, md5(i::text) || md5((i + 1)::text) as title from generate_series(1, 60000) i",
      );
      const settings: ChildSettings = { kind: "postgres", address: server.url, scenario };
      const failed = await run(settings, ["migrate"]);
      figures.must(`${what}: exit code`, failed.code ?? -1, 1);
      expect(failed.stderr).toMatch(/No space left on device/);
      figures.must(`${what}: truth`, (await truth(server.url)).replace("ballast,", ""), left);
      await ask(server.url, "drop table ballast");
      await ask(server.url, "checkpoint");
      expect(await run(settings, ["migrate"])).toMatchObject({ code: 0 });
      figures.must(
        `${what}, with space, run again: truth`,
        await truth(server.url),
        scenario === "fill"
          ? "tables big,copy; invalid 0; history 1; journal none"
          : "tables big; invalid 0; history 1; journal ",
      );
      await ask(server.url, "drop table if exists copy; drop index if exists big_title_small");
      await ask(server.url, "drop tablespace small");
      await server.stop();
    },
  );
});

/** 12 MB. `undefined` without the right to mount. */
function smallDisk(): string | undefined {
  const folder = serverFolder("small-disk", user);
  const owner = user.uid === undefined ? "" : `,uid=${user.uid},gid=${user.gid}`;
  const options = ["-t", "tmpfs", "-o", `size=12m,mode=0700${owner}`, "tmpfs", folder];
  if (process.getuid?.() === 0 && spawnSync("mount", options).status === 0) return folder;
  rmdirSync(folder);
  return undefined;
}
