/** A project as a user has it, with many small migrations: a package, a release, a folder. */
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Engine } from "./engines.ts";
import { moduleText, sqlText, versionOf } from "./migrations.ts";

export type Project = {
  readonly folder: string;
  readonly migrations: string;
};

function release({ name, adapter }: Pick<Engine, "name" | "adapter">): string {
  const room = { postgres: "postgres", mariadb: "mysql", sqlite: "sqlite" }[name];
  return `import { defineRelease, env } from "slipway";
import { ${room} } from "slipway/${room}";

export const Release = defineRelease({
  app: "bench",
  repos: { main: { adapter: ${adapter} } },
});
`;
}

const onPostgres = {
  name: "postgres",
  adapter: 'postgres({ url: () => env("DATABASE_URL") })',
  text: "text",
} as const;

/** Writes a project with so many migrations, each of a table and an index, in a new folder. */
export function writeProject(
  folder: string,
  migrations: {
    readonly count: number;
    readonly kind: "sql" | "ts";
    /** The `dist/cli/bin.js` of the Slipway that it has. Default: this one. */
    readonly program?: string;
    /** Default: PostgreSQL. */
    readonly engine?: Pick<Engine, "name" | "adapter" | "text">;
  },
): Project {
  const { count, kind, program, engine = onPostgres } = migrations;
  const project = { folder, migrations: join(folder, "db/main/migrations") };
  mkdirSync(project.migrations, { recursive: true });
  mkdirSync(join(folder, "node_modules"));
  const here = program === undefined ? import.meta.dirname : join(program, "../..");
  symlinkSync(join(here, ".."), join(folder, "node_modules/slipway"));
  writeFileSync(join(folder, "package.json"), `{ "type": "module" }\n`);
  writeFileSync(join(folder, "release.ts"), release(engine));
  for (let i = 1; i <= count; i++) {
    const file = `${versionOf(i)}_create_table_${i}.${kind}`;
    const text = kind === "sql" ? sqlText(i, engine.text) : moduleText(i);
    writeFileSync(join(project.migrations, file), text);
  }
  return project;
}
