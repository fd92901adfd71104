import { afterAll, beforeAll, expect, it } from "vitest";
import { postgres } from "../../src/adapters/postgres/index.ts";
import { defineMigration, defineRelease, isReleaseError } from "../../src/index.ts";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { recorder } from "../support/recorder.ts";

/** The same database, where the server refuses every write of every transaction. */
let database: FreshDatabase;
let readOnlyUrl: string;

beforeAll(async () => {
  database = await freshDatabase();
  const url = new URL(database.url);
  url.searchParams.set("options", "-c default_transaction_read_only=on");
  readOnlyUrl = url.href;
});
afterAll(() => database.drop());

const migrations = {
  "1_users": defineMigration({ change: (m) => m.createTable("users", (t) => t.id()) }),
  "2_posts": defineMigration({ change: (m) => m.createTable("posts", (t) => t.id()) }),
};

function release(url: string) {
  const defined = defineRelease({
    app: "app",
    repos: { main: { adapter: postgres({ url }), migrations } },
  });
  return defined.using(recorder().world);
}

async function looks(): Promise<readonly string[]> {
  const reader = release(readOnlyUrl);
  await reader.migrationStatus({ data: true });
  await reader.verify();
  await reader.readiness();
  await reader.wait({ timeoutMs: 0 }).catch(() => undefined);
  const [plan] = await reader.plan();
  await reader.planRollback("main", { all: true });
  await reader
    .assertMigrated()
    .catch((error: unknown) =>
      expect(isReleaseError(error) && error.code).toBe("migrations_pending"),
    );
  return plan?.steps.map((step) => step.file.id) ?? [];
}

it("status, verify, plan, wait and assertMigrated write nothing, on an empty database", async () => {
  expect(await looks()).toEqual(["1_users", "2_posts"]);
});

it("nor on one that is half way", async () => {
  await release(database.url).migrate({ step: 1 });
  expect(await looks()).toEqual(["2_posts"]);
});

it("and the server does refuse what writes", async () => {
  await expect(release(readOnlyUrl).migrate()).rejects.toThrow(/read-only/);
});
