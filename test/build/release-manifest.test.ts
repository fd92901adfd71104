import { expect, it } from "vitest";
import {
  type CompiledMigration,
  type ManifestMigration,
  manifestRepos,
  type ReleaseManifest,
  releaseManifestText,
} from "../../src/build/release-manifest.ts";
import type { StoredPlan } from "../../src/core/plan/stored-plan-data.ts";

const head = { version: "1", name: "users", origin: "m/1_users.ts", meaning: "a" };
const one: ManifestMigration = {
  ...head,
  up: ['CREATE TABLE "users" ("id" bigint)'],
  down: { refused: "no" },
};
const manifest: ReleaseManifest = {
  ...{ format: 2, name: "app", version: "1.0.0", slipway: "0.1.0" },
  node: { version: "v24.0.0", platform: "linux", arch: "x64", included: false },
  repos: [
    {
      ...{ name: "main", adapter: "postgres" },
      migrations: [one, { ...one, version: "2", name: 'it\'s $& of "app"' }],
      dataMigrations: [],
    },
  ],
};

it("is the manifest as JSON, with a line for each migration", () => {
  const text = releaseManifestText(manifest);
  expect(JSON.parse(text)).toEqual(manifest);
  expect(text.split("\n").filter((line) => line.includes('"version":"'))).toHaveLength(2);
  expect(text.length).toBeLessThan(JSON.stringify(manifest, undefined, 2).length);
});

const policy = { kind: "plain" } as const;
const probe = { kind: "table", name: { name: "users" }, expect: "present" } as const;
const down = (transactional: boolean): StoredPlan["down"] => ({
  transactional,
  actions: [
    { words: "drop table users", statements: [{ sql: "DROP TABLE users", policy }], of: 0 },
  ],
});
const cases: readonly (readonly [string, StoredPlan, Partial<ManifestMigration>])[] = [
  [
    "the SQL alone, and of code its words",
    {
      format: 1,
      up: {
        transactional: true,
        actions: [
          {
            words: "create table users",
            statements: [{ sql: "CREATE TABLE users ()", policy, probe }],
          },
          { words: "run code", code: true },
        ],
      },
      down: down(true),
    },
    { up: ["CREATE TABLE users ()", { words: "run code" }], down: ["DROP TABLE users"] },
  ],
  [
    "values and rows beside their statement, and what runs without a transaction",
    {
      format: 1,
      up: {
        transactional: false,
        actions: [
          {
            words: "execute file",
            statements: [
              { sql: "INSERT INTO users VALUES ($1)", parameters: [1], policy },
              { sql: "COPY users FROM stdin", stdin: "2\n", policy },
            ],
          },
        ],
      },
      down: down(false),
    },
    {
      up: [
        { sql: "INSERT INTO users VALUES ($1)", parameters: [1] },
        { sql: "COPY users FROM stdin", stdin: "2\n" },
      ],
      down: ["DROP TABLE users"],
      withoutTransaction: ["up", "down"],
    },
  ],
  [
    "why nothing rolls it back",
    { format: 1, up: { transactional: true, actions: [] }, down: { refused: "it drops a table" } },
    { up: [], down: { refused: "it drops a table" } },
  ],
];

it.each(cases)("keeps of a plan %s", (_, plan, kept) => {
  const { version, name, origin, meaning } = head;
  const file = { id: "1_users", version, name, origin } as CompiledMigration["file"];
  const migrations = [{ file, checksum: undefined, meaning, plan }];
  const repo = { repo: "main", adapter: "postgres", migrations, dataMigrations: [] };
  const [made] = manifestRepos([repo], () => undefined);
  expect(made?.migrations).toEqual([{ ...head, ...kept }]);
});
