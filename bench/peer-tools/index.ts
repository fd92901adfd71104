/**
 * Other tools of npm that migrate, at the versions below, in a folder of the bench's own, each with a program of a few
 * lines as its documentation shows it: `npm run bench -- --peers`.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { arch, platform } from "node:os";
import { join } from "node:path";
import type { Engine, EngineName } from "../engines.ts";
import type { Contestant } from "../measure.ts";
import { type Layout, layouts } from "./layouts.ts";

/** What is installed. The drivers are those of this project. */
const packages = {
  "postgres-migrations": "5.3.0",
  "drizzle-orm": "0.45.4",
  "node-pg-migrate": "9.0.0",
  knex: "3.3.0",
  kysely: "0.29.9",
  umzug: "3.8.3",
  typeorm: "1.1.1",
  "reflect-metadata": "0.2.2",
  dbmate: "2.36.0",
};

type Peer = {
  readonly engines: readonly EngineName[];
  readonly layout: Layout;
  /** Default: the program of that name, by Node. */
  command?(engine: Engine, folder: string, url: string): Pick<Contestant, "command" | "argv">;
};

const peers: Readonly<Record<string, Peer>> = {
  "postgres-migrations": { engines: ["postgres"], layout: "numbered" },
  "drizzle-orm": { engines: ["postgres", "mariadb", "sqlite"], layout: "drizzle" },
  "node-pg-migrate": { engines: ["postgres"], layout: "plain" },
  knex: { engines: ["postgres", "mariadb"], layout: "plain" },
  kysely: { engines: ["postgres", "mariadb", "sqlite"], layout: "plain" },
  umzug: { engines: ["postgres", "mariadb", "sqlite"], layout: "plain" },
  typeorm: { engines: ["postgres", "mariadb"], layout: "plain" },
  "dbmate, by npm": {
    engines: ["postgres", "mariadb", "sqlite"],
    layout: "marked",
    command: (engine, migrations, url) => ({
      argv: [join(folder, "node_modules/dbmate/dist/cli.js"), ...dbmate(engine, migrations, url)],
    }),
  },
  "dbmate, its Go program": {
    engines: ["postgres", "mariadb", "sqlite"],
    layout: "marked",
    command: (engine, migrations, url) => ({
      command: join(folder, `node_modules/@dbmate/${platform()}-${arch()}/bin/dbmate`),
      argv: dbmate(engine, migrations, url),
    }),
  },
};

const folder = join(import.meta.dirname, "../.peers");

/** Installs what is not there yet, without scripts of packages. */
export function installPeers(): void {
  const root = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8"));
  const drivers = { pg: root.devDependencies.pg, mysql2: root.devDependencies.mysql2 };
  const wanted = JSON.stringify({ private: true, dependencies: { ...packages, ...drivers } });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), wanted);
  const flags = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"];
  const { status, stderr } = spawnSync("npm", flags, { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(`npm cannot install the peers: ${stderr}`);
  cpSync(join(import.meta.dirname, "programs"), join(folder, "programs"), { recursive: true });
}

/** The peers of a database, with so many migrations in a folder for each layout. */
export function peersOf(
  engine: Engine,
  { count, parent }: { readonly count: number; readonly parent: string },
): readonly (Contestant & { readonly kind: "peer" })[] {
  const made = new Map<Layout, string>();
  const filesOf = (layout: Layout): string => {
    const known = made.get(layout);
    if (known !== undefined) return known;
    const files = join(parent, layout);
    mkdirSync(files, { recursive: true });
    layouts[layout](files, count, engine.text);
    made.set(layout, files);
    return files;
  };
  return Object.entries(peers)
    .filter(([, { engines }]) => engines.includes(engine.name))
    .map(([name, { layout, command }]) => {
      const files = filesOf(layout);
      const program = { argv: [join(folder, "programs", `${name}.mjs`), engine.name, files] };
      const at = (url: string) => command?.(engine, files, url) ?? program;
      return { name, kind: "peer" as const, argv: [], at };
    });
}

/** It wants its URLs in a form of its own. */
function dbmate({ name }: Engine, migrations: string, url: string): readonly string[] {
  const own = {
    postgres: `${url}?sslmode=disable`,
    mariadb: url,
    sqlite: `sqlite:${url}`,
  };
  return ["--url", own[name], "--migrations-dir", migrations, "--no-dump-schema", "migrate"];
}
