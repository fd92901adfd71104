/** A release with Node in it, where there is nothing else. */
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { buildBlog, folderOf, ran, shellOnly } from "./support.ts";

const folder = folderOf("node");
const hasChroot = process.platform === "linux" && process.getuid?.() === 0;
let database: FreshDatabase;

beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(async () => {
  folder.remove();
  await database.drop();
});

if (!hasChroot) console.log("not run: a chroot that holds only the release needs root on Linux");

describe.skipIf(!hasChroot)(
  "a chroot of the release, a shell and the libraries that Node links",
  () => {
    const root = join(folder.path, "root");

    beforeAll(async () => {
      const blog = await buildBlog(folder.path, "--include-node");
      cpSync(blog, join(root, "blog"), { recursive: true });
      for (const program of ["/bin/sh", process.execPath]) copyLibraries(program, root);
      mkdirSync(join(root, "bin"), { recursive: true });
      copyFileSync("/bin/sh", join(root, "bin/sh"));
    });

    const inside = (...args: readonly string[]) =>
      ran("/usr/sbin/chroot", [root, "/blog/bin/blog", ...args], {
        env: { DATABASE_URL: database.url, PATH: "/bin" },
      });

    it("runs every command", async () => {
      expect((await inside("status")).stdout).toContain("down      20210702012346  create_users");
      for (const words of [
        ["migrate", "--step", "1"],
        ["eval", "Release.migrationStatus()"],
        ["migrate"],
        ["migrate-data"],
        ["verify"],
        ["rollback", "main", "20210718153341"],
      ]) {
        const { code, stderr } = await inside(...words);
        expect({ words, code, stderr: code === 0 ? "" : stderr }).toEqual({
          words,
          code: 0,
          stderr: "",
        });
      }
      const { stdout, stderr } = await inside("status");
      expect(stderr).toBe("");
      expect(stdout).toContain("up        20210718153339  add_published_at_to_posts\n");
      expect(stdout).toContain("down      20210718153341  index_posts_by_author\n");
    });
  },
);

it("a Node of another machine is told before the system stumbles over it", async () => {
  // The head of a program for 64-bit Arm, as Linux has it.
  const program = Buffer.from(readFileSync(process.execPath).subarray(0, 4096));
  const loader = "/lib/ld-linux-aarch64.so.1\0";
  program.writeUInt16LE(183, 18);
  program.writeBigUInt64LE(64n, 32);
  program.writeUInt16LE(56, 54);
  program.writeUInt16LE(1, 56);
  program.writeUInt32LE(3, 64);
  program.writeBigUInt64LE(512n, 72);
  program.writeBigUInt64LE(BigInt(loader.length), 96);
  program.write(loader, 512);
  const arm = join(folder.path, "arm-node");
  writeFileSync(arm, program);
  const blog = await buildBlog(join(folder.path, "arm"), "--include-node", arm);
  const env = { DATABASE_URL: database.url, PATH: shellOnly(folder.path) };
  expect(await ran(join(blog, "bin/blog"), ["status"], { env })).toEqual({
    code: 2,
    stdout: "",
    stderr:
      "error: the Node of this release is for linux-arm64, and this system cannot start it\n" +
      "hint: Build the release for this system, or name another Node 22.18 or newer with SLIPWAY_NODE.\n",
  });
  const own = { ...env, SLIPWAY_NODE: process.execPath };
  expect(await ran(join(blog, "bin/blog"), ["status"], { env: own })).toMatchObject({ code: 0 });
});

/** What the machine's own linker names, links followed. */
function copyLibraries(program: string, root: string): void {
  const listed = spawnSync("ldd", [program], { encoding: "utf8" }).stdout;
  const paths = [...listed.matchAll(/(\/[^\s()]+)/g)].map(([path]) => path);
  for (const path of paths) {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    execFileSync("cp", ["-L", path, join(root, path)]);
  }
}
