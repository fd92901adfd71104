/** Migrations that run again when their meaning changes. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineRelease, isReleaseError, type ReleaseError, type RepoConfig } from "slipway";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { carry } from "../../src/build/carry.ts";
import { manifestText } from "../../src/build/manifest-text.ts";
import type { RunEvent } from "../../src/engine/events.ts";
import { type DatabaseKind, type TestDatabase, testDatabase } from "../support/databases.ts";

const kinds: readonly DatabaseKind[] = ["pglite", "sqlite"];

describe.each(kinds)("on %s", (kind) => {
  let database: TestDatabase;
  let root: string;
  beforeEach(async () => {
    database = await testDatabase(kind);
    root = mkdtempSync(join(tmpdir(), "slipway-repeatables-"));
    mkdirSync(join(root, "m"));
  });
  afterEach(async () => {
    await database.dispose();
    rmSync(root, { recursive: true });
  });

  function write(files: { readonly [name: string]: string }): void {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(root, "m", name), text);
  }

  function release(options: Partial<RepoConfig> = {}, events: RunEvent[] = []) {
    return defineRelease({
      app: "blog",
      root,
      repos: { main: { adapter: database.adapter, migrations: "m", ...options } },
    }).using({ emit: (event) => void events.push(event), write: () => undefined });
  }

  async function ran(options: Partial<RepoConfig> = {}): Promise<readonly string[]> {
    const [outcome] = await release(options).migrate();
    return outcome?.migrations.map(({ name }) => name) ?? [];
  }

  async function states(): Promise<readonly string[]> {
    const [status] = await release().migrationStatus();
    return status!.migrations.map(({ status, name, repeatable }) =>
      [status, name, ...(repeatable ? ["R"] : [])].join(" "),
    );
  }

  const shown = async () => (await database.query("select * from v"))[0];
  const view = (columns: string) =>
    `drop view if exists v;\ncreate view v as select ${columns} from t;\n`;
  const table = { "1_t.sql": "create table t (a int, b int);\ninsert into t values (1, 2);\n" };
  const down = "\n-- migrate:down\ndrop view v;\n";

  async function refusal(work: Promise<unknown>): Promise<ReleaseError> {
    const error = await work.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (!isReleaseError(error)) throw new Error(`it was not refused: ${String(error)}`);
    return error;
  }

  it("runs behind all others, again when it means something else, and a rollback brings the earlier text back", async () => {
    write({ ...table, "R__v.sql": view("a") });
    expect(await ran()).toEqual(["t", "v"]);
    expect(await ran()).toEqual([]);
    expect(await states()).toEqual(["up t", "up v R"]);
    write({ "R__v.sql": `-- looks alone\n${view("a").replaceAll("create", "CREATE")}` });
    expect(await ran()).toEqual([]);

    write({ "R__v.sql": view("a, b") });
    expect(await states()).toEqual(["up t", "down v R"]);
    expect(await release().verify()).toMatchObject([{ relation: "behind", pending: ["R__v"] }]);
    expect((await refusal(release().assertMigrated())).code).toBe("migrations_pending");
    expect(await ran()).toEqual(["v"]);
    expect(await shown()).toEqual({ a: 1, b: 2 });
    write({ "R__v.sql": view("b") });
    expect(await ran()).toEqual(["v"]);
    expect(await shown()).toEqual({ b: 2 });
    expect(await release().verify()).toMatchObject([{ relation: "same" }]);

    await release().rollback("main", { step: 1 });
    expect(await shown()).toEqual({ a: 1, b: 2 });
    expect(await states()).toEqual(["up t", "down v R"]);
    await release().rollback("main", "R__v" as never);
    expect(await shown()).toEqual({ a: 1 });
    expect(await ran()).toEqual(["v"]);
    expect(await shown()).toEqual({ b: 2 });
    const [{ events = [] } = {}] = await release().history({ limit: 3 });
    expect(events.map(({ result }) => result)).toEqual(["applied", "rolled_back", "rolled_back"]);
  });

  it("is in nobody's way: later numbers are in order, and a rollback goes past one that ran once", async () => {
    write({ ...table, "R__v.sql": `-- migrate:up\n${view("a")}${down}` });
    await ran();
    write({
      "2_u.sql": "-- migrate:up\ncreate table u (a int);\n-- migrate:down\ndrop table u;\n",
    });
    const events: RunEvent[] = [];
    const [outcome] = await release({ strictVersionOrder: true }, events).migrate();
    expect(outcome?.migrations.map(({ name }) => name)).toEqual(["u"]);
    expect(events.filter(({ type }) => type === "warning")).toEqual([]);
    const back = await release().rollback("main", { step: 1 });
    expect(back.migrations.map(({ name }) => name)).toEqual(["u"]);
    const named = await release().rollback("main", "R__v" as never);
    expect(named.migrations.map(({ name }) => name)).toEqual(["v"]);
    expect(await states()).toEqual(["up t", "down u", "down v R"]);
  });

  it("goes with the number that it ran behind", async () => {
    write({ ...table, "R__v.sql": view("a") });
    await ran();
    write({
      "2_u.sql": "-- migrate:up\ncreate table u (a int);\n-- migrate:down\ndrop table u;\n",
      "R__v.sql": view("b"),
    });
    expect(await ran()).toEqual(["u", "v"]);
    const back = await release().rollback("main", 2);
    expect(back.migrations.map(({ name }) => name)).toEqual(["v", "u"]);
    expect(await shown()).toEqual({ a: 1 });
  });

  it("that is brought back ran when it ran, and is as old as it was", async () => {
    const numbered = (number: number) => ({
      [`${number}_n.sql`]: `-- migrate:up\ncreate table n${number} (a int);\n-- migrate:down\ndrop table n${number};\n`,
    });
    const at = (where: string, time: string) =>
      database.query(`update schema_migrations set inserted_at = '${time}' where ${where}`);
    write({ ...table, "R__v.sql": view("a") });
    await ran();
    write({ "R__v.sql": `-- slipway: compatible-from=2.4.0\n${view("b")}` });
    await ran();
    await at("version = 1", "2026-01-01 10:00:00");
    await at("name = 'v'", "2026-01-01 11:00:00");
    write(numbered(4));
    await ran();
    await at("version = 4", "2026-01-01 12:00:00");
    write({ ...numbered(5), "R__v.sql": view("a, b") });
    await ran();
    const to = async (version: number) =>
      (await release().rollback("main", version)).migrations.map(({ name }) => name);
    expect(await to(5)).toEqual(["v", "n"]);
    const [row] = await database.query(
      "select cast(inserted_at as text) as at, compatible_from from schema_migrations where name = 'v'",
    );
    expect(row).toEqual({ at: "2026-01-01 11:00:00", compatible_from: "2.4.0" });
    expect(await to(4)).toEqual(["n"]);
    expect(await shown()).toEqual({ b: 2 });
  });

  it("may be said in the file, with an order of its own", async () => {
    write({
      ...table,
      "2_first.sql":
        "-- slipway: repeatable=true depends=R__v\ndrop view if exists w;\ncreate view w as select * from v;\n",
      "R__v.sql": `-- slipway: depends=R__z\n${view("a")}`,
      "R__z.mjs":
        "export default {\n  repeatable: true,\n  up(m) { m.execute('drop view if exists z'); m.execute('create view z as select 1 as one'); },\n};\n",
      "3_last.sql": "create table last (a int);\n",
    });
    expect(await ran()).toEqual(["t", "last", "z", "v", "first"]);
    expect(await ran()).toEqual([]);
    write({ "R__v.sql": `-- slipway: depends=R__nobody\n${view("a")}` });
    const unknown = await refusal(release().migrate());
    expect(unknown.message).toContain(
      "it depends on R__nobody, which is no migration that runs again",
    );
    write({ "R__v.sql": `-- slipway: depends=2_first\n${view("a")}` });
    const circle = await refusal(release().migrate());
    expect(circle.message).toContain("it depends on itself: 2_first → R__v → 2_first");
  });

  it("has no way back that it cannot have", async () => {
    write({ ...table, "R__v.sql": view("a") });
    await ran();
    const error = await refusal(release().rollback("main", "R__v" as never));
    expect(error.code).toBe("sql_section_missing");
  });

  const marked = (as: "applied" | "pending" | "anew") =>
    release().mark(
      "main",
      "R__v" as never,
      { as, ...(as === "anew" ? {} : { reason: "by hand" }) } as never,
    );
  const code = (error: unknown) => (isReleaseError(error) ? error.code : error);

  /** Text 2 takes away what text 1 made, and stops. */
  async function stopped(): Promise<void> {
    write({ ...table, "R__v.sql": view("a") });
    await ran();
    write({
      "R__v.sql":
        "-- slipway: transaction=false\ndrop view v;\ncreate view v as select nothing from nowhere;\ninsert into nowhere values (1);\n",
    });
    expect(await ran().catch(code)).toBe("migration_failed");
  }

  it.each([
    ["its earlier text, put back", "a"],
    ["another text", "a, b - b as none"],
  ])("that stopped half-way is pending, and begins anew with %s", async (_, columns) => {
    await stopped();
    write({ "R__v.sql": view(columns) });
    expect(await release().verify()).toMatchObject([{ relation: "behind", pending: ["R__v"] }]);
    expect(await release().readiness()).toMatchObject([{ ready: false }]);
    const [planned] = await release().plan();
    expect(planned!.steps.map(({ file }) => file.version)).toEqual(["R__v"]);
    expect(planned!.warnings.map(({ code }) => code)).toEqual(["half_done"]);
    const events: RunEvent[] = [];
    await release({}, events).migrate();
    expect(events.flatMap((event) => (event.type === "operation" ? [event.words] : []))[0]).toBe(
      "begin anew: it stopped half-way with another text",
    );
    expect(await ran()).toEqual([]);
    expect(await shown()).toMatchObject({ a: 1 });
    expect(await release().verify()).toMatchObject([{ relation: "same" }]);
  });

  it("that stopped half-way begins anew once it was rolled back to its earlier text", async () => {
    write({ ...table, "R__v.sql": view("a") });
    await ran();
    write({ "R__v.sql": view("b") });
    await ran();
    const third = (last: string) =>
      `-- slipway: transaction=false\ndrop view if exists v;\ncreate view v as select a, b from t;\n${last}`;
    write({ "R__v.sql": third("insert into nowhere values (1);\n") });
    expect(await ran().catch(code)).toBe("migration_failed");
    await release().rollback("main", "R__v" as never);
    expect(await shown()).toEqual({ a: 1 });
    write({ "R__v.sql": third("insert into t values (3, 4);\n") });
    expect(await ran()).toEqual(["v"]);
    expect(await shown()).toEqual({ a: 1, b: 2 });
  });

  it("counts as what its file says when it is marked", async () => {
    write({ ...table, "R__v.sql": view("a") });
    await ran();
    write({ "R__v.sql": view("b") });
    await database.query("drop view v");
    await database.query("create view v as select b from t");
    await marked("applied");
    expect(await ran()).toEqual([]);
    expect(await release().verify()).toMatchObject([{ relation: "same" }]);
    await release().rollback("main", "R__v" as never);
    expect(await shown()).toEqual({ a: 1 });
  });

  it("counts as what its file says when it is marked half-way", async () => {
    await stopped();
    await database.query("drop view if exists v");
    await database.query("create view v as select b from t");
    write({ "R__v.sql": view("b") });
    await marked("applied");
    expect(await ran()).toEqual([]);
    expect(await release().verify()).toMatchObject([{ relation: "same" }]);
  });

  it("is carried by a built release", async () => {
    write({ ...table, "R__v.sql": view("a") });
    const main = { name: "main", migrations: [join(root, "m")], dataMigrations: [] };
    const folders = [{ ...main, syntax: "postgres" as const }];
    const { repos } = await carry(folders, root);
    const text = manifestText(repos, { specifier: (path) => path });
    const { manifest } = await import(`data:text/javascript,${encodeURIComponent(text)}`);
    const built = () => release().using({ manifest });
    expect((await built().migrate())[0]?.migrations.map(({ name }) => name)).toEqual(["t", "v"]);
    write({ "R__v.sql": view("b") });
    const { repos: later } = await carry(folders, root);
    const next = await import(
      `data:text/javascript,${encodeURIComponent(manifestText(later, { specifier: (path) => path }))}`
    );
    const upgraded = release().using({ manifest: next.manifest });
    expect((await upgraded.migrate())[0]?.migrations.map(({ name }) => name)).toEqual(["v"]);
    await built().rollback("main", { step: 1 });
    expect(await shown()).toEqual({ a: 1 });
    expect(await built().verify()).toMatchObject([{ relation: "same" }]);
  });
});
