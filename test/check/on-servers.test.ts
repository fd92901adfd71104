/** What the rules say of their own examples is what real servers do: locks, scans, rewrites, failures. */
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadParser, type Parser } from "../../src/check/parser.ts";
import { rules } from "../../src/core/safety/rules/index.ts";
import { judge } from "../../src/core/safety/rules/judge.ts";
import type { RuleExample } from "../../src/core/safety/rules/rule.ts";
import { startPostgres15 } from "../corpora/postgres-15.ts";
import { startPostgres } from "../support/postgres-server.ts";
import type { Server } from "../support/server.ts";
import { locksOf, type Observed, watch } from "./support/observed.ts";

const loaded = await loadParser();
if (loaded === undefined) throw new Error("libpg-query is a development dependency: npm install");

const parser: Parser = loaded;

/** What the bad form of a rule makes the server do. Rules that are not here are about locks and contracts alone. */
const harm: { readonly [rule: string]: "error" | "rewritten" | "scanned" | "built" } = {
  "add-check-scan": "scanned",
  "add-column-required": "error",
  "add-column-rewrite": "rewritten",
  "add-exclusion-constraint": "built",
  "add-fk-scan": "scanned",
  "add-primary-key-without-index": "built",
  "add-unique-without-index": "built",
  "attach-partition-scan": "scanned",
  "change-column-type": "rewritten",
  "concurrently-in-transaction": "error",
  "enum-value-used-in-transaction": "error",
  "index-not-concurrent": "built",
  "set-not-null-scan": "scanned",
  "syntax-error": "error",
  "validate-in-same-transaction": "scanned",
  "will-fail": "error",
  "work-after-exclusive-lock": "built",
};

const core = rules.filter(
  ({ tier, name, dialects }) =>
    tier === "core" && dialects.includes("postgres") && name !== "drop-database",
);
const nothing: Observed = { error: undefined, rewritten: [], scanned: [], built: [] };

const servers: readonly { readonly major: number; readonly server: Server | undefined }[] = [
  { major: 18, server: await startPostgres() },
  { major: 15, server: await startPostgres15() },
];
afterAll(async () => {
  for (const { server } of servers) await server?.stop();
});

for (const { major, server } of servers)
  describe.skipIf(server === undefined)(`PostgreSQL ${major}`, () => onServer(major, server!));

function onServer(major: number, server: Server): void {
  const admin = new pg.Client({ connectionString: server?.url });
  beforeAll(() => admin.connect());
  afterAll(() => admin.end());

  async function prepare({ schema = "" }: RuleExample): Promise<void> {
    await admin.query(
      "DROP PUBLICATION IF EXISTS feed; DROP SCHEMA IF EXISTS public, archive, scratch, history CASCADE; CREATE SCHEMA public;",
    );
    await admin.query(schema);
  }

  async function run(example: RuleExample): Promise<Observed> {
    await prepare(example);
    const files = [parser.statements(example.sql)];
    return watch(server.url, { files, inTransaction: example.inTransaction === true });
  }

  const known = core.filter(({ bad }) => (bad.since ?? 0) <= major);

  it.each(known.map((rule) => [rule.name, rule] as const))(
    "%s: the bad form does harm",
    async (name, { bad }) => {
      const seen = await run(bad);
      const expected = harm[name];
      if (expected === "error") expect(seen.error).toBeDefined();
      else expect(seen.error).toBeUndefined();
      if (expected !== undefined && expected !== "error") expect(seen[expected]).not.toEqual([]);
    },
    60_000,
  );

  it.for(core.map((rule) => [rule.name, rule] as const))(
    "%s: the good form does none",
    async ([, { good }], { skip }) => {
      if ((good.since ?? 0) > major) skip(`needs PostgreSQL ${good.since}`);
      const seen = await run(good);
      // What VALIDATE reads and a concurrent build builds stops nobody.
      const isOnline = /VALIDATE|CONCURRENTLY/.test(good.sql);
      const told = isOnline ? { ...seen, scanned: [], built: [] } : { ...seen, built: [] };
      expect(told).toEqual(nothing);
    },
  );

  const locking = known.flatMap((rule) => {
    const [said] = judge(
      [
        {
          name: rule.name,
          statements: parser.statements(rule.bad.sql),
          inTransaction: rule.bad.inTransaction === true,
        },
      ],
      { ...parser, base: parser.statements(rule.bad.schema ?? ""), server: { major } },
    ).filter(({ rule: found }) => found === rule.name);
    const table = said?.tables.at(-1);
    return said?.lock === undefined || table === undefined || /VACUUM/.test(rule.bad.sql)
      ? []
      : [[rule.name, { bad: rule.bad, table, mode: said.lock.mode }] as const];
  });

  it.each(locking)(
    "%s: the lock is the one that it tells",
    async (_name, { bad, table, mode }) => {
      await prepare(bad);
      const held = await locksOf(admin, parser.statements(bad.sql));
      const words = mode.toLowerCase().replace(/(^| )\w/g, (letter) => letter.trim().toUpperCase());
      expect(held).toContain(`${table} ${words}Lock`);
    },
    60_000,
  );
}
