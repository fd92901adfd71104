/** What somebody else could have put in the way of a release: its cache, its socket, its files. */
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { call } from "../../src/rpc/call.ts";
import { listen } from "../../src/rpc/listen.ts";
import { freshDatabase } from "../support/postgres.ts";
import { buildProject, environment, folderOf, ran, writeProject } from "./support.ts";

const folder = folderOf("trust");
const isRoot = process.getuid?.() === 0;
const tmp = join(folder.path, "tmp");
const kept = join(tmp, "cache");
let root = "";

beforeAll(async () => {
  root = await buildProject(writeProject(folder.path, {}));
});
beforeEach(() => rmSync(tmp, { recursive: true, force: true }));
afterAll(() => folder.remove());

const bin = (...args: readonly string[]) =>
  ran(join(root, "bin/my_app"), args, {
    env: { SLIPWAY_NODE: process.execPath, RELEASE_TMP: tmp },
  });
const modeOf = (path: string) => statSync(path).mode & 0o777;

describe("what V8 compiled", () => {
  let cache = "";
  // Without the one of the build, the release looks for one that it kept itself.
  beforeAll(() => {
    const built = readdirSync(join(root, "lib")).find((name) => /^main-.*\.cache$/.test(name))!;
    renameSync(join(root, "lib", built), join(folder.path, "built.cache"));
    cache = join(kept, built);
  });
  afterAll(() =>
    renameSync(join(folder.path, "built.cache"), cache.replace(kept, join(root, "lib"))),
  );

  const told = async (reason: string) => {
    const { code, stderr } = await bin("version");
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: `warning: what V8 compiled is not kept: ${reason}\n`,
    });
  };

  it("is kept for this user alone, and used without a word", async () => {
    expect(await bin("version")).toMatchObject({ code: 0, stderr: "" });
    expect([modeOf(kept), modeOf(cache)]).toEqual([0o700, 0o600]);
    expect(await bin("version")).toMatchObject({ code: 0, stderr: "" });
  });

  it("is kept of all scripts where V8 has other flags, without a word", async () => {
    const { url, drop } = await freshDatabase();
    onTestFinished(drop);
    const { code, stderr } = await ran(join(root, "bin/my_app"), ["migrate", "--quiet"], {
      env: {
        ...environment(url, folder.path),
        NODE_OPTIONS: "--stack-trace-limit=11",
        RELEASE_TMP: tmp,
      },
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const scripts = readdirSync(join(root, "lib")).filter((name) => name.endsWith(".cjs"));
    expect(readdirSync(kept).length).toBeGreaterThan(2);
    expect(readdirSync(kept).length).toBeLessThanOrEqual(scripts.length);
  });

  it("is neither read nor written in a folder that others may write to", async () => {
    mkdirSync(kept, { recursive: true });
    chmodSync(kept, 0o777);
    await told(`users other than its owner may write to ${kept}`);
    writeFileSync(cache, "of somebody");
    await told(`users other than its owner may write to ${kept}`);
    expect(readFileSync(cache, "utf8")).toBe("of somebody");
  });

  it("is not read from a file that others may write to, or through a link", async () => {
    mkdirSync(kept, { recursive: true, mode: 0o700 });
    writeFileSync(cache, "of somebody");
    chmodSync(cache, 0o666);
    await told(`users other than its owner may write to ${cache}`);
    rmSync(cache);
    const elsewhere = join(tmp, "elsewhere");
    writeFileSync(elsewhere, "of somebody");
    symlinkSync(elsewhere, cache);
    await told(`${cache} is a link`);
    // What was kept took the place of the link, and was not written through it.
    expect(lstatSync(cache).isFile()).toBe(true);
    expect(readFileSync(elsewhere, "utf8")).toBe("of somebody");
  });

  it.skipIf(!isRoot)("is not read from a folder of another user", async () => {
    mkdirSync(kept, { recursive: true, mode: 0o700 });
    chownSync(kept, 65_534, 65_534);
    await told(`${kept} belongs to user 65534, and this is user 0`);
  });
});

describe("the socket of an app", () => {
  const path = join(tmp, "app.sock");
  const opened = () => listen({ path, scope: () => ({}) });
  const asked = () =>
    call(
      path,
      { do: "pid" },
      {
        hear: { stdout: () => undefined, stderr: () => undefined },
        signal: new AbortController().signal,
      },
    );
  const refusal = (reason: string) => ({
    code: "run_folder_unusable",
    exitCode: 2,
    details: { reason },
  });

  it("is made for this user alone, in a folder of this user's", async () => {
    const listener = await opened();
    onTestFinished(() => listener.close());
    expect([modeOf(tmp), modeOf(path)]).toEqual([0o700, 0o600]);
    expect(await asked()).toEqual({ kind: "done", value: process.pid });
    chmodSync(path, 0o666);
    const words = `users other than its owner may write to ${path}`;
    await expect(asked()).rejects.toMatchObject(refusal(words));
  });

  it("is not made where others may write", async () => {
    mkdirSync(tmp);
    chmodSync(tmp, 0o777);
    const words = `users other than its owner may write to ${tmp}`;
    await expect(opened()).rejects.toMatchObject(refusal(words));
  });

  it("takes no place of a file or a link, and nobody is called there", async () => {
    mkdirSync(tmp, { mode: 0o700 });
    writeFileSync(path, "notes");
    for (const attempt of [opened, asked])
      await expect(attempt()).rejects.toMatchObject(refusal(`${path} is no socket`));
    expect(readFileSync(path, "utf8")).toBe("notes");
    rmSync(path);
    const server = createServer().listen(join(tmp, "other.sock"));
    onTestFinished(() => void server.close());
    await new Promise((done) => server.once("listening", done));
    symlinkSync(join(tmp, "other.sock"), path);
    await expect(asked()).rejects.toMatchObject(refusal(`${path} is no socket`));
  });

  it.skipIf(!isRoot)("of another user is not called", async () => {
    const listener = await opened();
    onTestFinished(() => listener.close());
    chownSync(path, 65_534, 65_534);
    const words = `${path} belongs to user 65534, and this is user 0`;
    await expect(asked()).rejects.toMatchObject(refusal(words));
  });
});

it("verify --files names files that were added, but for what the app keeps beside", async () => {
  const added = ["lib/node_modules/pg/index.js", "bin/extra"];
  for (const path of [...added, "data/app.db"]) {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), "");
  }
  symlinkSync("my_app", join(root, "bin/link"));
  onTestFinished(() => {
    for (const path of ["lib/node_modules", "bin/extra", "bin/link", "data"])
      rmSync(join(root, path), { recursive: true });
  });
  const { code, stdout } = await bin("verify", "--files", "--json");
  const { error } = JSON.parse(stdout) as { error: { code: string; details: { files: unknown } } };
  expect([code, error.code, error.details.files]).toEqual([
    4,
    "release_damaged",
    expect.arrayContaining([...added, "bin/link"].map((path) => ({ path, is: "added" }))),
  ]);
  expect(stdout).not.toContain("app.db");
});
