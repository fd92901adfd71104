import { existsSync, readFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { writeWhole } from "../../build/whole-file.ts";
import { DevelopmentError } from "../../core/model/development-error.ts";
import { ReleaseError } from "../../core/model/errors.ts";
import { isNumber } from "../../core/model/version-key.ts";
import type { RepoInventory } from "../../release/inventory.ts";
import type { Release } from "../../release/release.ts";
import { hasShadow } from "../../shadow/schema-by-migrations.ts";
import { differsFrom, squashed } from "../../shadow/squash.ts";
import { chosen } from "../check-on-shadow.ts";
import { defineCommand } from "../command.ts";
import { value } from "../flags.ts";
import { asUnproven, whileUnproven } from "../generate/unproven.ts";
import { given } from "../given.ts";
import { name, version } from "../parse.ts";
import { shadowPlaceFlags, shadowSqlOf } from "../shadow-flags.ts";
import { snakeCase } from "../snake-case.ts";

/**
 * `squash [REPO] --to VERSION`: writes one migration that makes the schema of all up to a version,
 * for databases in which nothing has run. The others stay, for databases that have run a part. The
 * file is proved on a shadow before it stays.
 */
export const squash = defineCommand({
  arguments: "[repo]",
  flags: {
    to: value("--to <version>", "the newest migration to include", version),
    name: value("--name <name>", "its name; default baseline", name),
    ...shadowPlaceFlags,
  },
  async run({ args, flags, context }) {
    const release = await context.release();
    const known = release.repos();
    const [repo = known.length === 1 ? known[0] : undefined] = args;
    if (repo === undefined) throw new ReleaseError("repo_missing", { known, command: "squash" });
    if (!known.includes(repo)) throw new ReleaseError("repo_unknown", { repo, known });
    if (flags.to === undefined)
      throw new ReleaseError("version_missing", { repo, command: "squash --to" });
    const to = String(flags.to);
    const [inventory] = await chosen(release, [repo], {
      isAble: (one) => hasShadow(one, flags.shadow),
      refusal: (repos) => new DevelopmentError("shadow_unsupported", { repos, flag: "--shadow" }),
    });
    const newest = inventory?.migrations.findIndex(({ file }) => file.version === to) ?? -1;
    if (inventory === undefined || newest === -1)
      throw new ReleaseError("version_unknown", { repo, version: to });
    const squashable = inventory.migrations.slice(0, newest + 1);
    const standsFor = squashable.filter(({ file }) => file.baseline !== true).length;
    const place = given({
      url: flags.shadow,
      sql: await shadowSqlOf(flags.shadowSql, context),
    });
    const file = fileFor(release, inventory, {
      to,
      called: snakeCase(flags.name ?? "baseline") || "baseline",
    });
    const shown = relative(context.world.cwd, file);
    const { sql, whole, rights, ...made } = await squashed(release, inventory, { to, ...place });
    const filled = [...new Set([...made.filled, ...leftOutBefore(release, inventory, squashable)])];
    writeWhole({
      path: file,
      contents: asUnproven(file, `${header(to, filled)}\n${sql}`),
      isNew: true,
    });
    await whileUnproven([file], async () => {
      await refuseUnseen(release, repo, shown);
      const lines = await differsFrom(release, inventory, { whole, rights, ...place });
      if (lines.length > 0) throw new DevelopmentError("squash_differs", { repo, to, lines });
    });
    for (const role of made.roles)
      context.world.tell(
        `warning: repo ${repo}: ${shown} makes role ${role} where it is missing, without a password\n`,
      );
    for (const table of filled)
      context.world.tell(
        `warning: repo ${repo}: migrations up to ${to} leave rows in ${table}, which ${shown} does not make\n`,
      );
    return {
      data: { created: [shown], standsFor, filled },
      text: `* creating ${shown}\nA new database runs it instead of ${standsFor} ${standsFor === 1 ? "migration" : "migrations"}, and then has the same schema.\nKeep the old files until every database has all of them: a database that has some runs the others.\n`,
    };
  },
});

const withoutRows = "-- Without the rows of: ";

function header(to: string, filled: readonly string[]): string {
  const rows = filled.length === 0 ? "" : `${withoutRows}${filled.join(", ")}\n`;
  return `-- All migrations up to ${to} as one, for new databases. Written by slipway squash.\n${rows}`;
}

/**
 * The gaps that earlier baselines name: the shadow runs those baselines, and no longer the
 * migrations that they replace.
 */
function leftOutBefore(
  release: Release,
  { repo }: RepoInventory,
  squashable: RepoInventory["migrations"],
): readonly string[] {
  const baselines = squashable.filter(({ file }) => file.baseline === true);
  return baselines.flatMap(({ file: { origin } }) =>
    release.folders(repo).flatMap((folder) => {
      const path = join(folder, basename(origin));
      const text = existsSync(path) ? readFileSync(path, "utf8") : "";
      const line = text.split("\n").find((one) => one.startsWith(withoutRows));
      return line?.slice(withoutRows.length).split(", ") ?? [];
    }),
  );
}

/** In the folder of the migration that it replaces. @throws {ReleaseError} `usage_invalid` */
function fileFor(
  release: Release,
  { repo, migrations }: RepoInventory,
  { to, called }: { readonly to: string; readonly called: string },
): string {
  const origin = migrations.find(({ file }) => file.version === to)?.file.origin ?? "";
  const folders = release.folders(repo);
  const folder = folders.find((one) => existsSync(join(one, basename(origin)))) ?? folders[0];
  if (folder === undefined)
    throw new ReleaseError("usage_invalid", {
      reason: `repo ${repo} has no folder of migrations that a file could be written to`,
      hint: "Give it one, or write the baseline from slipway dump by yourself.",
    });
  if (!isNumber(to))
    throw new ReleaseError("usage_invalid", {
      reason: `${to} is no number, and a baseline is named by one`,
      hint: "Name a migration whose version is a number.",
    });
  // Flyway's are spelled with dots.
  const [, spelled = to] = /^V(\d[\d._]*)__/.exec(basename(origin)) ?? [];
  const file = join(folder, `B${spelled}__${called}.sql`);
  const taken = migrations.find(
    (one) => one.file.baseline === true && (one.file.number ?? one.file.version) === to,
  )?.file.origin;
  if (taken !== undefined || existsSync(file))
    throw new ReleaseError("usage_invalid", {
      reason: `${taken ?? file} is there already`,
      hint: "Remove it first: two baselines of one version would stand for the same migrations.",
    });
  return file;
}

/**
 * @throws {ReleaseError} `usage_invalid` where the folder keeps another order, which has no such
 * name
 */
async function refuseUnseen(release: Release, repo: string, shown: string): Promise<void> {
  const now = (await release.inventory()).find((one) => one.repo === repo);
  const isSeen = now?.migrations.some(
    ({ file }) => file.baseline === true && basename(file.origin) === basename(shown),
  );
  if (isSeen === true) return;
  throw new ReleaseError("usage_invalid", {
    reason: `the folder of ${shown} has its own order, and no baselines`,
    hint: "Squash it with the tool that keeps that order.",
  });
}
