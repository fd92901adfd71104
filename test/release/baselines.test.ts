/** Flyway's baselines, `B2__x.sql`: each stands for all up to its version, on a database where nothing has run. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineRelease, isReleaseError, type RepoConfig } from "slipway";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { carry } from "../../src/build/carry.ts";
import { listText } from "../../src/build/entry-text.ts";
import { manifestText } from "../../src/build/manifest-text.ts";
import { lazyManifest } from "../../src/built/lazy-manifest.ts";
import { type TestDatabase, testDatabase } from "../support/databases.ts";

let database: TestDatabase;
let root: string;
beforeEach(async () => {
  database = await testDatabase("sqlite");
  root = mkdtempSync(join(tmpdir(), "slipway-baselines-"));
  mkdirSync(join(root, "m"));
});
afterEach(async () => {
  await database.dispose();
  rmSync(root, { recursive: true });
});

const one = (name: string) => `create table ${name} (a int);\n`;
const older = { "V1__a.sql": one("a"), "V2__b.sql": one("b") };
const newer = { "B2__base.sql": one("a") + one("b"), "V3__c.sql": one("c") };

function write(files: { readonly [name: string]: string }): void {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, "m", name), text);
}

function remove(...names: readonly string[]): void {
  for (const name of names) rmSync(join(root, "m", name));
}

function release(options: Partial<RepoConfig> = {}) {
  const main = { adapter: database.adapter, migrations: "m", ...options };
  const quiet = { emit: () => undefined, write: () => undefined };
  return defineRelease({ app: "blog", root, repos: { main } }).using(quiet);
}

type Release = ReturnType<typeof release>;

async function planned(of: Release = release()): Promise<readonly string[]> {
  return (await of.plan())[0]!.steps.map(({ file }) => file.version);
}

async function ran(of: Release = release()): Promise<readonly string[]> {
  return (await of.migrate())[0]?.migrations.map(({ version }) => version) ?? [];
}

/** What carries the migrations where there is no folder: a manifest, and a built release's list beside it. */
const carriers = {
  async "a manifest"() {
    const { manifest } = await carriedManifest();
    return release().using({ manifest });
  },
  async "a built release"() {
    const { manifest, list } = await carriedManifest();
    return release().using({ manifest: lazyManifest(JSON.parse(list), () => manifest) });
  },
};

async function carriedManifest() {
  const folders = { name: "main", migrations: [join(root, "m")], dataMigrations: [] };
  const { repos } = await carry([{ ...folders, syntax: "sqlite" }], root);
  const text = manifestText(repos, { specifier: (path) => path });
  const { manifest } = await import(`data:text/javascript,${encodeURIComponent(text)}`);
  return { manifest, list: listText(repos) };
}

describe.each(Object.entries(carriers))("in %s", (_, carried) => {
  it("stands for the older ones on a new database", async () => {
    write({ ...older, ...newer });
    expect(await ran(await carried())).toEqual(["B2__base", "3"]);
    expect(await planned(await carried())).toEqual([]);
    expect(await (await carried()).verify()).toMatchObject([{ relation: "same" }]);
  });

  it("does not run where the older ones have", async () => {
    write(older);
    await ran();
    write(newer);
    expect(await ran(await carried())).toEqual(["3"]);
  });
});

it("never runs on a used database, also where what it stands for has no file any more", async () => {
  write(older);
  await ran();
  remove("V1__a.sql", "V2__b.sql");
  write({ ...newer, "B2__base.sql": "drop table a;\ncreate table a (a int);\n" });
  expect(await planned()).toEqual(["3"]);
  await database.query("insert into a values (1)");
  expect(await ran()).toEqual(["3"]);
  expect(await database.query("select a from a")).toEqual([{ a: 1 }]);
});

describe("counted as applied", () => {
  const reason = { reason: "it is there" };
  const baseline = async (at: number) =>
    (await release().baseline("main", { at, ...reason })).map(({ version }) => version);

  it("is recorded in place of what it stands for", async () => {
    write({ ...older, ...newer });
    expect(await baseline(2)).toEqual(["B2__base"]);
    expect(await planned()).toEqual(["3"]);
    expect(await release().verify()).toMatchObject([{ relation: "behind", unknown: [] }]);
  });

  it("is left out of a baseline before it, and the others run", async () => {
    write({ ...older, ...newer });
    expect(await baseline(1)).toEqual(["1"]);
    expect(await planned()).toEqual(["2", "3"]);
    expect(await baseline(3)).toEqual(["2", "3"]);
    expect(await release().verify()).toMatchObject([{ relation: "same" }]);
  });

  it("alone is marked, or alone what it stands for", async () => {
    write({ ...older, ...newer });
    const mark = (version: never) => release().mark("main", version, { as: "applied", ...reason });
    await mark("B2__base" as never);
    expect(await planned()).toEqual(["3"]);
    const code = (error: unknown) => (isReleaseError(error) ? error.code : error);
    expect(await mark(1 as never).catch(code)).toBe("version_unknown");
    await release().mark("main", "B2__base" as never, { as: "pending", ...reason });
    await mark(1 as never);
    expect(await planned()).toEqual(["2", "3"]);
    expect(await mark("B2__base" as never).catch(code)).toBe("version_unknown");
  });
});

describe("where Flyway has run what has no file any more", () => {
  const accept = ["row-without-file"] as const;
  beforeEach(async () => {
    await database.query(
      "create table flyway_schema_history (installed_rank int primary key, version varchar(50), description varchar(200), type varchar(20), script varchar(1000), checksum int, installed_by varchar(100), installed_on timestamp, execution_time int, success boolean)",
    );
    await database.query(
      "insert into flyway_schema_history (installed_rank, version, type, script, success) values (1, '1', 'SQL', 'V1__a.sql', true), (2, '2', 'SQL', 'V2__b.sql', true)",
    );
  });

  it("counts as applied in place of that", async () => {
    write(newer);
    const adopted = await release().adopt("main", { accept });
    expect(adopted).toMatchObject({ pending: [{ version: "3" }] });
    expect(adopted.recorded.map(({ name }) => name)).toEqual(["base"]);
    expect(await ran()).toEqual(["3"]);
  });

  it("is refused where it stands for more, for it would run", async () => {
    write({ "B3__base.sql": one("a") + one("b") + one("c"), "V4__d.sql": one("d") });
    await expect(release().adopt("main", { accept })).rejects.toMatchObject({
      code: "migration_invalid",
      message: expect.stringContaining(
        "m/B3__base.sql: this baseline stands for more than has run",
      ),
    });
  });

  it("is adopted as nothing where nothing of Flyway's is left but undone rows", async () => {
    await database.query("update flyway_schema_history set type = 'UNDO_SQL'");
    write({ ...older, ...newer });
    const adopted = await release().adopt("main", { accept });
    expect(adopted).toMatchObject({ recorded: [], pending: [{ name: "base" }, { name: "c" }] });
  });
});

it("counts in an object map too, whatever is behind the name", async () => {
  const map = { B2__base: one("a") + one("b"), V3__c: one("c"), V1__a: one("a"), V2__b: one("b") };
  expect(await planned(release({ migrations: map }))).toEqual(["B2__base", "3"]);
  expect(await ran(release({ migrations: map }))).toEqual(["B2__base", "3"]);
});
