/** Plans as a column keeps them: short ones as they are, long ones as gzip; read back on every database. */
import { execFileSync } from "node:child_process";
import { gunzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { parseStoredPlan } from "../../src/core/plan/known-plan.ts";
import { loadCompression, planOfText, planText } from "../../src/engine/kept-plan.ts";
import { defineRelease } from "../../src/index.ts";
import { databaseKinds, type TestDatabase, testDatabase } from "../support/databases.ts";
import { freshMysql, mariadbOfRun } from "../support/mysql.ts";
import { recorder } from "../support/recorder.ts";

const mariadb = await mariadbOfRun();

const columns = Array.from({ length: 60 }, (_, i) => `note_${i} varchar(20)`);
const long = `-- migrate:up\ncreate table long_one (id integer, ${columns.join(", ")});\n-- migrate:down\ndrop table long_one;\n`;
const short = "-- migrate:up\ncreate table a (id integer);\n-- migrate:down\ndrop table a;\n";

describe.each([...databaseKinds, "mariadb"] as const)("on %s", (kind) => {
  let database: Pick<TestDatabase, "adapter" | "query" | "dispose"> | undefined;
  afterEach(() => database?.dispose());

  it.skipIf(kind === "mariadb" && mariadb === undefined)(
    "a long plan is gzip, a short one is not, and both roll back without their files",
    async () => {
      database = await (kind === "mariadb" ? freshMysql(mariadb?.url ?? "") : testDatabase(kind));
      const { adapter } = database;
      const release = (migrations: Record<string, string>) =>
        defineRelease({
          app: "blog",
          repos: { main: { adapter, migrations, dataMigrations: {} } },
        }).using(recorder().world);
      await release({ "1_short": short, "2_long": long }).migrate();
      const rows = await database.query("select plan from schema_migrations order by version");
      const [plain, packed] = rows.map(({ plan }) => {
        return typeof plan === "string" ? JSON.parse(plan) : plan;
      });
      expect(plain).toMatchObject({ format: 1, down: { actions: [{}] } });
      expect(Object.keys(packed).toSorted()).toEqual(["format", "gzip"]);
      expect(packed.format).toBe(2);
      const json = gunzipSync(Buffer.from(packed.gzip, "base64")).toString();
      expect(packed.gzip.length).toBeLessThan(json.length / 2);
      expect(JSON.parse(json).up.actions[0].statements[0].sql).toContain("note_59");
      // An older Slipway takes it for what it does not know, and not for a plan without a way back.
      expect(parseStoredPlan(JSON.stringify(packed))).toBeUndefined();

      await release({}).rollback("main", { all: true });
      for (const table of ["a", "long_one"])
        await expect(database.query(`select 1 from ${table}`)).rejects.toThrow(table);
    },
  );
});

it("the tools that the documentation names read it", async () => {
  const plan = planWith("x".repeat(3_000));
  await loadCompression([{ kept: { plan } }]);
  const { gzip } = JSON.parse(planText(plan));
  const read = execFileSync("sh", ["-c", "base64 -d | gunzip"], { input: gzip, encoding: "utf8" });
  expect(JSON.parse(read)).toEqual(plan);
});

it("a plan of megabytes is packed in pieces, which together are its JSON", async () => {
  const one = planWith(`é ${"a 'word' \\ ".repeat(20_000)}\ud83d`);
  const [action] = one.up.actions;
  const statements = Array.from({ length: 20 }, (_, i) => ({
    ...action!.statements[0]!,
    stdin: i === 3 ? `${i}\t\\N\n` : undefined,
    parameters: [i, null, undefined, new Date(i)],
  }));
  const plan = { ...one, up: { ...one.up, actions: [{ ...action!, statements }] } };
  await loadCompression([{ kept: { plan } }]);
  const packed = Buffer.from(JSON.parse(planText(plan)).gzip, "base64");
  expect(gunzipSync(packed).toString()).toBe(JSON.stringify(plan));
  const begins = packed.toString("latin1").split("\x1f\x8b\x08\0").length - 1;
  expect(begins).toBe(5);
  expect(await planOfText(planText(plan))).toEqual(JSON.parse(JSON.stringify(plan)));
});

const damaged: readonly (readonly [string, string])[] = [
  ["what is cut off", '{"format":2,"gzip":"H4sIAAAA"}'],
  ["what is no gzip", '{"format":2,"gzip":"aGVsbG8="}'],
  ["what is no JSON", "{"],
  ["another number", '{"format":3,"gzip":"aGVsbG8="}'],
];

it.each(damaged)("%s is of no known shape", async (_, text) => {
  expect(await planOfText(text)).toBeUndefined();
});

it("what gzip makes no shorter stays as it is", async () => {
  const noise = Array.from({ length: 400 }, (_, i) => Math.sin(i + 1).toString(36)).join("");
  const plan = planWith(noise);
  await loadCompression([{ kept: { plan } }]);
  expect(await planOfText(planText(plan))).toEqual(plan);
});

function planWith(sql: string) {
  const statements = [{ sql, policy: { kind: "plain" } as const }];
  const up = { transactional: true, actions: [{ words: "execute", statements }] };
  return { format: 1, up, down: { refused: "it has no down part" } } as const;
}
