/** What is not safe beside a running application is refused before anything runs. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RunEvent } from "../../src/engine/events.ts";
import {
  defineMigration,
  defineRelease,
  isReleaseError,
  type MigrationsOption,
} from "../../src/index.ts";
import type { SafeMode } from "../../src/release/config.ts";
import { type TestDatabase, testDatabase } from "../support/databases.ts";
import { recorder } from "../support/recorder.ts";

let database: TestDatabase;
beforeEach(async () => {
  database = await testDatabase("pglite");
});
afterEach(() => database.dispose());

const first = {
  "1_posts": defineMigration({
    change: (m) =>
      m.createTable("posts", (t) => {
        t.id();
        t.column("title", "string");
      }),
  }),
};
const index = { "2_index": "CREATE INDEX posts_title ON posts (title);" };

function release(migrations: MigrationsOption, safe?: SafeMode) {
  const heard = recorder();
  const main = { adapter: database.adapter, migrations, ...(safe === undefined ? {} : { safe }) };
  return { heard, app: defineRelease({ app: "app", repos: { main } }).using(heard.world) };
}

function warningsOf(events: readonly RunEvent[]): readonly string[] {
  return events.flatMap((event) => (event.type === "warning" ? [event.message] : []));
}

async function refusal(run: Promise<unknown>) {
  const error = await run.catch((thrown: unknown) => thrown);
  return isReleaseError(error) ? { code: error.code, message: error.message } : error;
}

describe("migrate", () => {
  it("refuses an unsafe statement on a table that is there, with everything that is wrong", async () => {
    await release(first).app.migrate();
    const column = { "3_column": "ALTER TABLE posts DROP COLUMN title;" };
    const { app } = release({ ...first, ...index, ...column });
    expect(await refusal(app.migrate())).toEqual({
      code: "unsafe",
      message: [
        "repo main: nothing was run, because it is not safe beside a running application:",
        "  2_index:1 index-not-concurrent: writes to posts wait until the index posts_title is built",
        "  3_column:1 drop-column: posts.title is lost, and application versions that still run ask for it",
      ].join("\n"),
    });
    const history = await database.query("SELECT version::text AS version FROM schema_migrations");
    expect(history).toEqual([{ version: "1" }]);
  });

  it("tells how many rows there are, and refuses it however few they are", async () => {
    await release(first).app.migrate();
    await database.query(
      "INSERT INTO posts (title) SELECT 'post ' || n FROM generate_series(1, 20000) n",
    );
    await database.query("ANALYZE posts");
    const error: unknown = await release({ ...first, ...index })
      .app.migrate()
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "unsafe",
      details: {
        findings: [
          {
            ...{ rule: "index-not-concurrent", severity: "medium", rows: 20_000 },
            message:
              "writes to posts wait until the index posts_title is built (about 20,000 rows)",
          },
        ],
      },
    });
  });

  it("lets what the same run makes be", async () => {
    const { app } = release({ ...first, ...index });
    const [outcome] = await app.migrate();
    expect(outcome?.migrations.map(({ version }) => version)).toEqual(["1", "2"]);
  });

  it("takes an answer, and refuses one that answers nothing", async () => {
    await release(first).app.migrate();
    const answered = {
      "2_index": `-- slipway: safe index-not-concurrent "small"\n${index["2_index"]}`,
    };
    await release({ ...first, ...answered }).app.migrate();
    const idle = defineMigration({
      safe: { "drop-table": "nobody reads it" },
      change: (m) => m.createTable("tags", (t) => t.id()),
    });
    const { app } = release({ ...first, ...answered, "3_idle": idle });
    expect((await refusal(app.migrate())) as object).toMatchObject({
      message: expect.stringContaining(
        "3_idle unused-answer: the answer to drop-table answers nothing here",
      ),
    });
  });

  it("only tells with warn, and says nothing with off", async () => {
    await release(first).app.migrate();
    const warned = release({ ...first, ...index }, "warn");
    await warned.app.migrate();
    expect(warningsOf(warned.heard.events)).toEqual([
      "2_index:1 index-not-concurrent: writes to posts wait until the index posts_title is built",
    ]);
    const drop = { "3_drop": "DROP TABLE posts;" };
    const off = release({ ...first, ...index, ...drop }, "off");
    await off.app.migrate();
    expect(warningsOf(off.heard.events)).toEqual([]);
  });

  it("knows what earlier migrations have built: a change that is free is free", async () => {
    await release(first).app.migrate();
    const free = { "2_type": "ALTER TABLE posts ALTER COLUMN title TYPE text;" };
    const [outcome] = await release({ ...first, ...free }).app.migrate();
    expect(outcome?.migrations).toHaveLength(1);
  });
});
