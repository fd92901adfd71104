/** Turns the facts about a project into the files that it gets. Pure: nothing is written. */

import type { CheckFacts } from "../../deploy/checks.ts";
import type { PackageManager } from "../../deploy/docker.ts";
import type { GeneratedFile } from "../../deploy/generated-file.ts";
import { githubFiles } from "../../deploy/github.ts";
import { gitlabFiles } from "../../deploy/gitlab.ts";
import { versionText } from "../start-after.ts";
import { releaseTemplate } from "../templates/release.ts";
import type { Looked } from "./look.ts";
import { labelOf } from "./tools.ts";

/**
 * The text of the release file. Its check skips migrations that the other tool has run, but not
 * those that are or may be pending.
 *
 * @param ranUpTo - the newest migration that the database knows to have run, with all before it.
 * Default: none is known
 */
export function releaseText(looked: Looked, app: string, ranUpTo?: string | undefined): string {
  const { tool, folder, files, hasModules, adapter, address } = looked;
  const compat = hasModules ? tool?.compat : undefined;
  const lines = [
    ...(folder === undefined || folder === "db/main/migrations"
      ? []
      : [`migrations: ${JSON.stringify(folder)},`]),
    ...(tool?.layout === undefined ? [] : [`layout: ${JSON.stringify(tool.layout)},`]),
    ...(compat === undefined ? [] : [`modules: ${compat[1]}(),`]),
    ...(ranUpTo === undefined || tool === undefined
      ? []
      : [
          `// Up to here ${labelOf(tool.tool)} ran them: the safety rules judge what comes later.`,
          `startAfter: ${versionText(ranUpTo)},`,
        ]),
  ];
  return releaseTemplate({
    app,
    adapter,
    defaults: files.length === 0 ? "typescript" : "ecto",
    ...(compat === undefined
      ? {}
      : { imports: [`import { ${compat[1]} } from "slipway/compat/${compat[0]}";`] }),
    lines,
    ...("variable" in address ? { variable: address.variable } : { path: address.path }),
  });
}

/** `package.json` with the scripts that it does not have yet, in the same indentation; and their names. */
export function withScripts(text: string): {
  readonly text: string;
  readonly added: readonly string[];
} {
  const given = JSON.parse(text) as { readonly scripts?: { readonly [name: string]: string } };
  const { scripts = {} } = given;
  const isThere = Object.values(scripts).some((one) => /\bslipway (?:migrate|status)\b/.test(one));
  const wanted = Object.entries(commands).map(([name, command]) => [
    Object.hasOwn(scripts, `db:${name}`) ? `slipway:${name}` : `db:${name}`,
    command,
  ]);
  const added = isThere ? [] : wanted.filter(([name]) => !Object.hasOwn(scripts, name!));
  if (added.length === 0) return { text, added: [] };
  const [, indent = "  "] = /^([ \t]+)"/m.exec(text) ?? [];
  const made = { ...given, scripts: { ...scripts, ...Object.fromEntries(added) } };
  const end = text.endsWith("\n") ? "\n" : "";
  return { text: JSON.stringify(made, null, indent) + end, added: added.map(([name]) => name!) };
}

const commands = {
  status: "slipway status",
  migrate: "slipway migrate",
  check: "slipway check",
};

/** The job that checks a change: GitLab's if the project is on GitLab, else GitHub's. */
export function ciFiles(
  { adapter, address }: Looked,
  project: {
    readonly packageManager: PackageManager;
    readonly isOnGitlab: boolean;
    /** Where the project is in its repository. Default: they are one. */
    readonly folder?: string | undefined;
  },
): readonly GeneratedFile[] {
  const kind = /^(?:postgres|postgres-js|neon)$/.test(adapter)
    ? "postgres"
    : /^(?:mysql|mariadb)$/.test(adapter)
      ? "mysql"
      : undefined;
  const facts: CheckFacts = {
    packageManager: project.packageManager,
    folder: project.folder,
    ...{ node: "24", postgres: "18", branch: "main" },
    databases:
      kind === undefined || !("variable" in address)
        ? []
        : [{ repo: "main", variable: address.variable, kind }],
  };
  return project.isOnGitlab ? gitlabFiles(facts) : githubFiles(facts);
}
