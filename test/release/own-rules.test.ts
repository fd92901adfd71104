/** Rules of a release's own: `migrate`, `check` and the build run them, and answers count. */

import { defineRelease, defineRule, isReleaseError, type Rule } from "slipway";
import { afterAll, expect, it } from "vitest";
import { pglite } from "../../src/adapters/pglite/index.ts";
import { checkHistory } from "../../src/check/check-history.ts";
import { neededParser } from "../../src/check/parser.ts";
import { verdictsOf } from "../../src/check/verdicts-of.ts";
import { findingsSarif } from "../../src/cli/findings/sarif.ts";
import { openPglite } from "../support/pglite.ts";
import { recorder } from "../support/recorder.ts";

const parser = await neededParser("the test");
const client = await openPglite();
afterAll(() => client.close());

const noJson = defineRule({
  name: "no-json",
  why: "Our reports cannot read JSON.",
  on: "column added",
  judge: ({ table, column }) =>
    column.type.name === "jsonb"
      ? {
          message: `${column.name} of ${table.name} is JSON, which our reports cannot read`,
          safe: { sql: ["-- columns of plain types"] },
          tables: [table.name],
        }
      : undefined,
});

const first = { "1_first": "CREATE TABLE orders (id bigint); INSERT INTO orders VALUES (1);" };
const json = "ALTER TABLE orders ADD COLUMN extra jsonb;";

function release(migrations: { readonly [name: string]: string | object }, rules = [noJson]) {
  const repos = { main: { adapter: pglite({ client }), migrations } };
  return defineRelease({ app: "app", repos, rules }).using(recorder().world);
}

it("migrate refuses what a rule of the release finds, and runs what is answered", async () => {
  await release(first).migrate();
  const refused: unknown = await release({ ...first, "2_json": json })
    .migrate({ strict: true })
    .catch((error: unknown) => error);
  if (!isReleaseError(refused)) throw refused;
  expect(refused).toMatchObject({ code: "unsafe", exitCode: 4 });
  expect(refused.message).toContain("no-json: extra of orders is JSON");
  const answered = `-- slipway: safe no-json "nobody reports on it"\n${json}`;
  const [outcome] = await release({ ...first, "2_json": answered }).migrate({ strict: true });
  expect(outcome?.migrations.map(({ version }) => version)).toEqual(["2"]);
});

it("check and the build say the same", async () => {
  const written = { "1_first": first["1_first"], "2_json": json };
  const inventory = await release(written).inventory();
  const [repo] = inventory;
  const { findings } = checkHistory(repo?.migrations ?? [], {
    ...{
      parser,
      wanted: new Set(["2"]),
      isOneRun: false,
      policy: false,
      own: repo?.ownRules ?? [],
    },
  });
  expect(findings).toMatchObject([
    {
      ...{ rule: "no-json", tier: "core", safe: { sql: ["-- columns of plain types"] } },
      source: "Our reports cannot read JSON.",
    },
  ]);
  const nothing = { answered: [], judged: [], notes: [] };
  const { runs } = JSON.parse(findingsSarif({ ...nothing, findings }));
  expect(runs[0].tool.driver.rules).toEqual([
    { id: "no-json", help: { text: "Our reports cannot read JSON." } },
  ]);
  const verdict = verdictsOf(inventory, () => parser)("main", "2_json");
  expect(verdict?.findings).toMatchObject([{ rule: "no-json", tables: ["orders"] }]);
});

it("an opt-in rule is asked for, and one for another database is not", async () => {
  for (const rule of [
    { ...noJson, tier: "policy" },
    { ...noJson, dialects: ["mysql"] },
  ] as readonly Rule[]) {
    const inventory = await release({ ...first, "2_json": json }, [rule]).inventory();
    expect(verdictsOf(inventory, () => parser)("main", "2_json")?.findings).toEqual([]);
  }
});

it("what is no rule is refused by name", () => {
  const define = () => release(first, [{ name: "x" } as never]);
  expect(define).toThrow(/rules is .*not a list of rules made with defineRule/);
});
