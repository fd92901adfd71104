/** A project that another tool has made, in a folder of its own. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { type Adapter, defineRelease, type Release, type RepoConfig } from "slipway";
import { sqlite } from "slipway/sqlite";
import { expect, onTestFinished } from "vitest";

const root = resolve(import.meta.dirname, "../..");

/** An empty folder, which finds the packages of this repository. */
export function emptyProject(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "slipway-compat-")));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function writeFile(folder: string, name: string, text: string): void {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** A release of one repo, which says nothing. */
export function quietRelease(folder: string, repo: RepoConfig): Release<"main"> {
  const release = defineRelease({ app: "shop", root: folder, repos: { main: repo } });
  return release.using({ emit: () => undefined, write: () => undefined });
}

/** The names of the migrations, each with how it stands. */
export async function standing(release: Release<"main">): Promise<readonly string[]> {
  const [status] = await release.migrationStatus();
  return (status?.migrations ?? []).map(({ status, name }) => `${status} ${name}`);
}

/** What a database answers. */
export async function rowsOf(adapter: Adapter, sql: string) {
  const session = await adapter.open({ role: "work", application: "test" });
  return session.query(sql).finally(() => session.close());
}

/** Runs a project of two migrations. */
export async function upDownUp(release: Release<"main">): Promise<void> {
  await release.migrate();
  await release.rollback("main", { step: 1 });
  expect((await standing(release)).map((line) => line.split(" ")[0])).toEqual(["up", "down"]);
  await release.migrate();
}

/** One file on an empty SQLite. */
export function moduleAlone(name: string, body: string, how: Pick<RepoConfig, "modules">) {
  const folder = emptyProject();
  writeFile(folder, name, body);
  const adapter = sqlite({ path: join(folder, "test.db") });
  return { adapter, release: quietRelease(folder, { adapter, migrations: ".", ...how }) };
}
