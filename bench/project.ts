/** A project as a user has it, with many small migrations: a package, a release, a folder. */
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export type Project = {
  readonly folder: string;
  readonly migrations: string;
};

const release = `import { defineRelease, env } from "slipway";
import { postgres } from "slipway/postgres";

export const Release = defineRelease({
  app: "bench",
  repos: { main: { adapter: postgres({ url: () => env("DATABASE_URL") }) } },
});
`;

/** Writes a project with so many migrations, each of a table and an index, in a new folder. */
export function writeProject(
  folder: string,
  migrations: {
    readonly count: number;
    readonly kind: "sql" | "ts";
    /** The `dist/cli/bin.js` of the Slipway that it has. Default: this one. */
    readonly program?: string;
  },
): Project {
  const { count, kind, program } = migrations;
  const project = { folder, migrations: join(folder, "db/main/migrations") };
  mkdirSync(project.migrations, { recursive: true });
  mkdirSync(join(folder, "node_modules"));
  const here = program === undefined ? import.meta.dirname : join(program, "../..");
  symlinkSync(join(here, ".."), join(folder, "node_modules/slipway"));
  writeFileSync(join(folder, "package.json"), `{ "type": "module" }\n`);
  writeFileSync(join(folder, "release.ts"), release);
  for (let i = 1; i <= count; i++) {
    const file = `${20_250_101_000_000 + i}_create_table_${i}.${kind}`;
    writeFileSync(join(project.migrations, file), kind === "sql" ? sqlText(i) : moduleText(i));
  }
  return project;
}

/** The same SQL as the module's. */
function sqlText(i: number): string {
  return `CREATE TABLE "table_${i}" ("id" bigint, "title" text NOT NULL, PRIMARY KEY ("id"));
CREATE INDEX "table_${i}_title_index" ON "table_${i}" ("title");
`;
}

function moduleText(i: number): string {
  return `import { defineMigration } from "slipway";

export default defineMigration({
  change(m) {
    m.createTable("table_${i}", (t) => {
      t.column("id", "bigint", { primaryKey: true });
      t.column("title", "text", { null: false });
    });
    m.createIndex("table_${i}", ["title"]);
  },
});
`;
}
