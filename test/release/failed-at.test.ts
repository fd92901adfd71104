/** An error in a long SQL file says which file, line and statement, and shows the text around it. */
import { defineMigration, defineRelease, type MigrationsOption, ReleaseError } from "slipway";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Adapter } from "../../src/adapters/adapter.ts";
import type { MigrationFile } from "../../src/core/model/migration.ts";
import { databaseKinds, testDatabase } from "../support/databases.ts";
import { freshMysql, mariadbOfFile } from "../support/mysql.ts";
import { recorder } from "../support/recorder.ts";

let version = 1;
const server = await mariadbOfFile();
/** Statements, each on a line of its own, behind two lines. */
const file = (long: number, broken: string, at: number) => {
  const lines = Array.from(
    { length: long },
    (_, i) => `insert into a values (${version * 100_000 + i});`,
  );
  lines[at - 1] = broken;
  return `-- a long file\n-- migrate:up\n${lines.join("\n")}`;
};

describe.each([...databaseKinds, "mysql"] as const)("on %s", (kind) => {
  // MySQL runs each as a transaction of its own, with its line in the journal.
  const long = kind === "mysql" ? 60 : kind === "sqlite" ? 4_000 : 1_000;
  const missing = kind === "mysql" && server === undefined;
  let database: { readonly adapter: Adapter; dispose(): Promise<void> };
  beforeAll(async () => {
    if (missing) return;
    database = await (kind === "mysql" ? freshMysql(server?.url ?? "") : testDatabase(kind));
    await migrate({ "1_a": "create table a (id int primary key); insert into a values (7);" });
  });
  afterAll(() => database?.dispose());

  const migrate = (migrations: MigrationsOption) =>
    defineRelease({
      app: "blog",
      repos: { main: { adapter: database.adapter, migrations, safe: "off" } },
    })
      .using(recorder().world)
      .migrate();
  const failureOf = async (load: string | ReturnType<typeof defineMigration>) => {
    // As a built release carries it: the names first, and the text when it is needed.
    version += 1;
    const origin = "db/main/migrations/2_b.sql";
    const file = { id: `${version}_b`, version: `${version}`, name: "b", origin } as MigrationFile;
    const entries = async () => [{ ...file, load }];
    return failure(migrate({ files: [file], entries }));
  };

  it.skipIf(missing)("a statement that fails among many is named with its line", async () => {
    const at = long - 20;
    const failed = await failureOf(file(long, "insert into a\nvalues (7);", at));
    expect(failed).toMatchObject({
      operation: "execute file db/main/migrations/2_b.sql",
      place: { line: at + 2, statement: at, statements: long, near: "insert into a values (7)" },
    });
    expect(failed.message).toContain(
      `at "execute file db/main/migrations/2_b.sql" line ${at + 2}, statement ${at} of ${long}, near insert into a values (7): `,
    );
  });

  it.skipIf(missing)("text that cannot be parsed is named, although none of it ran", async () => {
    const failed = await failureOf(file(long, "create table b (\n  id int,\n  );", 50));
    // PostgreSQL tells the position in the statement, the others only which statement it is.
    const line = kind === "sqlite" || kind === "mysql" ? 52 : 54;
    expect(failed).toMatchObject({ place: { line, statement: 50, statements: long } });
  });

  it.skipIf(missing)("of two that are the same, it is the one that failed", async () => {
    const twice = "insert into a values (-1);\nselect 1;\ninsert into a values (-1);";
    expect(await failureOf(twice)).toMatchObject({ place: { line: 3, statement: 3 } });
  });

  it.skipIf(missing)("SQL inside of a TypeScript migration is in no file", async () => {
    const up = "delete from a; delete from nowhere_at_all; delete from a;";
    const failed = await failureOf(defineMigration({ up: (m) => m.execute(up) }));
    expect(failed.place).toEqual({
      statement: 2,
      statements: 3,
      near: "delete from nowhere_at_all",
    });
    expect(failed.message).toContain(", statement 2 of 3, near delete from nowhere_at_all: ");
  });
});

async function failure(run: Promise<unknown>) {
  const error = await run.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(error instanceof ReleaseError)) throw new Error("it did not fail", { cause: error });
  return { ...error.details, message: error.message } as Readonly<Record<string, unknown>> & {
    readonly message: string;
  };
}
