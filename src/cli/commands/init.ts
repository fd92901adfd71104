import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { writeAllWhole } from "../../build/whole-file.ts";
import { DevelopmentError } from "../../core/model/development-error.ts";
import { ReleaseError } from "../../core/model/errors.ts";
import { appName } from "../app-name.ts";
import { defineCommand } from "../command.ts";
import { confirmed } from "../confirmed.ts";
import { loadEnvFile } from "../env-file.ts";
import { findProject } from "../find-release.ts";
import { flag, value } from "../flags.ts";
import { packageManagerOf, repositoryOf } from "../generate/project-facts.ts";
import { appliedOn } from "../init/applied.ts";
import { ciFiles, releaseText, withScripts } from "../init/files.ts";
import { type Looked, look } from "../init/look.ts";
import { foundText, nextText } from "../init/text.ts";
import { hasHistory, projectTools } from "../init/tools.ts";
import { moduleEnding } from "../module-ending.ts";
import { oneOf, path } from "../parse.ts";
import { adapterNames } from "../templates/release.ts";

const tools = projectTools.map(({ tool }) => tool);

/**
 * `init`: looks at a project, shows its findings, and writes the needed files after asking once.
 * Overwrites nothing.
 */
export const init = defineCommand({
  flags: {
    from: value("--from <tool>", "the tool, if more than one has migrations", oneOf(tools)),
    migrations: value("--migrations <folder>", "the folder with the migrations", path),
    adapter: value("--adapter <name>", `one of ${adapterNames.join(", ")}`, oneOf(adapterNames)),
    offline: flag("--offline", "do not ask the database"),
    dryRun: flag("--dry-run", "show what it found, and write nothing"),
    yes: flag("--yes", "do not ask"),
  },
  async run({ flags, context }) {
    const { world, releasePath } = context;
    const { root, releaseFile } = findProject({ cwd: world.cwd, path: releasePath });
    const shown = (file: string) => relative(world.cwd, join(root, file));
    if (releaseFile !== undefined)
      throw new DevelopmentError("file_exists", { path: relative(world.cwd, releaseFile) });
    refuseWithoutPackage(root, shown("package.json"));
    loadEnvFile(root);
    const { from, migrations: folder, adapter } = flags;
    const looked = await look(root, { from, folder, adapter });
    const hasTool = looked.tool !== undefined && hasHistory(looked.tool.tool);
    const asks = flags.offline !== true && hasTool && isReachable(looked);
    const app = appName(root);
    const asked = { from: looked.tool?.tool ?? "", files: looked.files };
    const applied = asks ? await appliedOn(root, releaseText(looked, app), asked) : undefined;
    const ranUpTo = applied?.kind === "count" ? applied.upTo : undefined;
    const release = releaseText(looked, app, ranUpTo);
    const found = foundText(looked, applied);
    if (!context.json) world.tell(found);

    const plan = planned(looked, release);
    const data = {
      tool: looked.tool?.tool,
      folder: looked.folder,
      count: looked.files.length,
      adapter: looked.adapter,
      applied,
    };
    if (flags.dryRun === true) return { data, text: plan.words("would write") };
    if (flags.yes !== true) {
      const question = `${plan.words("will write")}Write these?`;
      await confirmed(question, { command: "init", world });
    }
    writeAllWhole(
      plan.files.map(({ path: file, text, isNew }) => {
        return { path: join(root, file), contents: text, isNew };
      }),
    );
    const done = plan.files.map(({ path: file, isNew }) => {
      return `* ${isNew ? "creating" : "adding scripts to"} ${shown(file)}\n`;
    });
    const kept = plan.kept.map((file) => `* ${shown(file)} is there, and stays as it is\n`);
    const text = [...done, ...kept, installText(looked), nextText(looked, applied)].join("");
    return { data: { ...data, created: plan.files.map((one) => one.path) }, text };
  },
});

function refuseWithoutPackage(root: string, shown: string): void {
  if (existsSync(join(root, "package.json"))) return;
  throw new ReleaseError("usage_invalid", {
    reason: `there is no ${shown} here or above`,
    hint: "Go to the project, or make one with: npm init -y",
  });
}

/**
 * Whether a question to the database can get an answer: its variable is set, or its file exists.
 */
function isReachable({ root, address, missingDriver }: Looked): boolean {
  if (missingDriver !== undefined) return false;
  return "variable" in address
    ? Boolean(process.env[address.variable])
    : existsSync(join(root, address.path));
}

type PlannedFile = { readonly path: string; readonly text: string; readonly isNew: boolean };

function planned(looked: Looked, release: string) {
  const { root } = looked;
  const scripts = withScripts(readFileSync(join(root, "package.json"), "utf8"));
  // Servers read their files at the root of the repository, which in a monorepo is above.
  const top = repositoryOf(root);
  const made = ciFiles(looked, {
    packageManager: packageManagerOf(root),
    isOnGitlab: existsSync(join(top, ".gitlab-ci.yml")),
    folder: top === root ? undefined : relative(top, root).replaceAll("\\", "/"),
  }).map((one) => ({ ...one, path: relative(root, join(top, one.path)).replaceAll("\\", "/") }));
  const isThere = (file: { readonly path: string }) => existsSync(join(root, file.path));
  const files: readonly PlannedFile[] = [
    { path: `release.${moduleEnding(root)}`, text: release, isNew: true },
    ...(scripts.added.length === 0
      ? []
      : [{ path: "package.json", text: scripts.text, isNew: false }]),
    ...made.filter((one) => !isThere(one)).map((one) => ({ ...one, isNew: true })),
  ];
  const added = scripts.added.join(", ");
  const words = (verb: string) =>
    `${verb}:\n${files.map((one) => `  ${one.path}${one.isNew ? "" : `, the scripts ${added}`}\n`).join("")}`;
  return { files, kept: made.filter(isThere).map((one) => one.path), words };
}

function installText({ missingDriver, missingTools, knexSettings }: Looked): string {
  const knex =
    knexSettings === undefined
      ? ""
      : `* ${knexSettings.file} has ${knexSettings.names.join(", ")}: give it to knexMigrations({ config: { … } }) in the release file too\n`;
  const driver = `${knex}${missingDriver === undefined ? "" : `* its driver is missing: npm install ${missingDriver}\n`}`;
  if (missingTools.length === 0) return driver;
  const what = missingTools.map((name) => uses[name]).join(", ");
  return `${driver}* for ${what}: npm install --save-dev ${missingTools.join(" ")}\n`;
}

const uses: { readonly [name: string]: string } = {
  esbuild: "migrations in TypeScript",
  "libpg-query": "slipway check",
};
