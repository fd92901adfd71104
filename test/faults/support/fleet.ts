/** A fleet in a folder of its own, and command lines that work on it and are killed. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { writeProject } from "../../built/support.ts";
import { ask, type Row } from "./server.ts";

const cli = resolve(import.meta.dirname, "../../../dist/cli/bin.js");

/** A process, and what it came to. */
export type Migrating = {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly stderr: string }>;
};

/** `tenants`: the option, as it stands in `release.ts`. */
export function fleetProject(
  folder: string,
  tenants: string,
  migrations: { readonly [name: string]: string },
  {
    adapter = "postgres",
    at = `url: () => env("DATABASE_URL")`,
    data = {} as { readonly [name: string]: string },
  } = {},
): string {
  const inFolder = (folder: string, of: { readonly [name: string]: string }) =>
    Object.entries(of).map(([name, text]) => [`db/main/${folder}/${name}`, text] as const);
  const files = [
    ...inFolder("tenant_migrations", migrations),
    ...inFolder("tenant_data_migrations", data),
  ];
  return writeProject(folder, {
    "release.ts": `import { defineRelease, env } from "slipway";
import { ${adapter} } from "slipway/${adapter}";

export const Release = defineRelease({
  app: "my_app",
  repos: { main: { adapter: ${adapter}({ ${at} }), tenants: ${tenants} } },
});
`,
    ...Object.fromEntries(files),
  });
}

export function migrate(project: string, env: NodeJS.ProcessEnv, ...flags: string[]): Migrating {
  return start("migrate", project, env, flags);
}

export function migrateData(
  project: string,
  env: NodeJS.ProcessEnv,
  ...flags: string[]
): Migrating {
  return start("migrate-data", project, env, flags);
}

function start(
  command: string,
  project: string,
  env: NodeJS.ProcessEnv,
  flags: readonly string[],
): Migrating {
  const child = spawn(process.execPath, [cli, command, "--quiet", ...flags], {
    cwd: project,
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return { child, ended: once(child, "close").then(([code]) => ({ code, stderr })) };
}

/**
 * Starts so many at once, again and again, and kills each at a random moment. When all is done it begins anew, so that a
 * kill hits somebody at work; where it is one process, a first run is left alone, so that all begin anew at least once.
 * Gives how many were killed.
 */
export async function killAtRandom(
  begin: () => Migrating,
  at: {
    readonly kills: number;
    readonly processes: number;
    /** Sees what is left each time. Gives whether all is done. */
    readonly look: () => Promise<boolean>;
    readonly beginAnew: () => Promise<void>;
  },
): Promise<{ readonly killed: number; readonly atWork: number }> {
  let killed = 0;
  let atWork = 0;
  if (at.processes === 1) {
    const { stderr } = await begin().ended;
    if (!(await at.look())) throw new Error(`a run that is left alone does not do all: ${stderr}`);
    await at.beginAnew();
  }
  for (let round = 0; round < Math.ceil(at.kills / at.processes); round++) {
    const running = Array.from({ length: at.processes }, begin);
    for (const { child } of running) {
      await sleep(Math.random() * (longestMs / at.processes));
      child.kill("SIGKILL");
    }
    const ends = await Promise.all(running.map(({ ended }) => ended));
    const now = ends.filter(({ code }) => code === null).length;
    killed += now;
    if (await at.look()) await at.beginAnew();
    else atWork += now;
  }
  return { killed, atWork };
}

/**
 * Begins anew in a database: nothing is left, of the user's or of ours. A history that is dropped beside events that
 * stay is one that was lost, and `migrate` refuses it.
 */
export async function emptied(url: string): Promise<void> {
  await ask(url, "DROP SCHEMA public CASCADE; CREATE SCHEMA public");
}

/** Some runs come to their end before. */
const longestMs = 1_500;

/** Each tenant's schema: its tables with their columns, its rows, and what its history and its row say. */
export async function tenantsIn(url: string): Promise<readonly Row[]> {
  return ask(
    url,
    `SELECT s.nspname::text AS tenant,
  (SELECT string_agg(c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ', ' ORDER BY c.relname, a.attnum) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND attnum > 0 AND NOT attisdropped WHERE c.relnamespace = s.oid AND relkind = 'r') AS catalog,
  (SELECT string_agg(version::text, ',' ORDER BY version) FROM slipway_tenant_migrations h WHERE h.tenant = s.nspname) AS history,
  (SELECT state FROM slipway_tenants t WHERE t.tenant = s.nspname) AS state
FROM pg_namespace s WHERE s.nspname ~ '^t[0-9]+$' ORDER BY length(s.nspname), s.nspname`,
  );
}
