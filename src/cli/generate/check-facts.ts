/** The facts for the files that check a change. */
import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import type { CheckedDatabase, CheckFacts } from "../../deploy/checks.ts";
import type { GeneratedFile } from "../../deploy/generated-file.ts";
import type { Release } from "../../release/release.ts";
import { type Command, type CommandContext, defineCommand } from "../command.ts";
import { type FlagValues, value } from "../flags.ts";
import { packageManagerOf, projectRoot, repositoryOf } from "./project-facts.ts";
import { branchName, majorFrom } from "./values.ts";
import { generatedFlags, writeGenerated } from "./write-generated.ts";

const checkFlags = {
  postgres: value(
    "--postgres <major>",
    "the PostgreSQL that it migrates; default 18",
    majorFrom(12),
  ),
  node: value("--node <major>", "the Node that it runs on; default 24", majorFrom(22)),
  branch: value(
    "--branch <name>",
    "the branch that changes are merged into; default main",
    branchName,
  ),
};

const manifests = ["ts", "mts", "mjs", "js"].map((ending) => `db/manifest.${ending}`);

/** As the docs call it. */
const facts = "production.json";

/** A command that writes the files that `files` makes for the project. */
export function checkCommand(files: (facts: CheckFacts) => readonly GeneratedFile[]): Command {
  return defineCommand({
    flags: { ...checkFlags, ...generatedFlags },
    async run({ flags, context }) {
      const root = projectRoot(context);
      // Servers read their files at the root of the repository, which in a monorepo is above.
      const folder = relative(root, repositoryOf(root)) || ".";
      return writeGenerated(files(await factsOf(context, flags)), { flags, context, folder });
    },
  }) as Command;
}

async function factsOf(
  context: CommandContext,
  { postgres = "18", node = "24", branch = "main" }: FlagValues<typeof checkFlags>,
): Promise<CheckFacts> {
  const root = projectRoot(context);
  const folder = relative(repositoryOf(root), root).replaceAll("\\", "/");
  return {
    ...(folder === "" ? {} : { folder }),
    ...{ node, postgres, branch, packageManager: packageManagerOf(root) },
    databases: databasesOf(await context.release()),
    manifest: manifests.find((file) => existsSync(join(root, file))),
    production: existsSync(join(root, facts)) ? facts : undefined,
  };
}

/** The repos that need a server, each with the variable that it takes its URL from. */
function databasesOf(release: Release): readonly CheckedDatabase[] {
  return release.repos().flatMap((repo, i): readonly CheckedDatabase[] => {
    let address = "";
    const asked = askedVariables(() => {
      address = release.address(repo);
    });
    const [, kind] = /^(postgres|mysql)\b/.exec(address) ?? [];
    if (kind === undefined) return [];
    // If the module read a URL while it loaded, nobody can see which variable that was.
    const other =
      i === 0 ? "DATABASE_URL" : `${repo.toUpperCase().replaceAll(/\W/g, "_")}_DATABASE_URL`;
    const [variable = other] = asked;
    return [{ repo, variable, kind: kind as CheckedDatabase["kind"] }];
  });
}

/** The environment variables that `work` looks at, but for those of PostgreSQL's own tools. */
function askedVariables(work: () => void): readonly string[] {
  const { env } = process;
  const asked = new Set<string>();
  process.env = new Proxy(env, {
    get(target, name: string) {
      if (!/^PG[A-Z]+$|^USER$/.test(name)) asked.add(name);
      return target[name];
    },
  });
  try {
    work();
  } finally {
    process.env = env;
  }
  return [...asked];
}
