import type { FilesVerified } from "../../built/damage.ts";
import { ReleaseError } from "../../core/model/errors.ts";
import { mapTexts, visible } from "../../core/model/visible.ts";
import type { Verification } from "../../release/verify.ts";
import { type CommandContext, defineCommand, type Ending } from "../command.ts";
import { flag, value } from "../flags.ts";
import { given } from "../given.ts";
import { name, oneOf, path } from "../parse.ts";
import { placeFlags, placeOptions, repoFlag } from "../run-flags.ts";
import type { VerifySchemaFlags } from "../verify-drift.ts";

/**
 * `verify`: compares the files of a built release with those of its build, and its migrations with
 * the databases. Takes no lock and writes nothing.
 */
export const verify = defineCommand({
  flags: {
    repo: repoFlag,
    ...placeFlags,
    data: flag("--data", "compare data migrations"),
    files: flag("--files", "compare only the files of a built release, without a database"),
    schema: flag("--schema", "show what somebody changed in the schema by hand since the last run"),
    rebuild: flag(
      "--rebuild",
      "with --schema: compare with what the migrations build on a scratch database",
    ),
    accept: flag("--accept", "with --schema: accept the present schema"),
    format: value(
      "--format <format>",
      "with --schema: the format: text, markdown",
      oneOf(["text", "markdown"]),
    ),
    shadow: value(
      "--shadow <url>",
      "with --rebuild: a server for the scratch database; default PGlite",
      name,
    ),
    shadowSql: value("--shadow-sql <file>", "with --rebuild: SQL to run first on it", path),
  },
  async run({ flags, context }) {
    const { repo, data, prefix, ...rest } = flags;
    if (flags.schema === true) {
      const { verifySchema } = await import("../verify-drift.ts");
      return verifySchema({ ...rest, repo, prefix }, context);
    }
    refuseWithoutSchema(rest);
    const files = await asBuilt(context);
    if (flags.files === true) return filesAlone(files);
    const release = await context.release();
    const repos = await release.verify({
      ...placeOptions(flags, context.world.cwd),
      ...given({ repo, data }),
    });
    const edited = repos.flatMap(({ repo, edited }) =>
      edited.map((one) => new ReleaseError("migration_edited", { repo, ...one })),
    );
    const told = severalOf(edited) ?? pendingAmong(repos);
    return {
      data: { ...given({ files }), repos },
      text: [filesText(files), ...repos.map(textOf)].join(""),
      ...given({ told }),
    };
  },
});

/** @throws {ReleaseError} `usage_invalid` */
function refuseWithoutSchema(flags: VerifySchemaFlags): void {
  const { rebuild, accept, shadow, shadowSql, format } = flags;
  const [given] = Object.entries({ rebuild, accept, shadow, shadowSql, format }).find(
    ([, value]) => value !== undefined,
  ) ?? [undefined];
  if (given === undefined) return;
  throw new ReleaseError("usage_invalid", {
    reason: `--${given === "shadowSql" ? "shadow-sql" : given} is of verify --schema`,
    hint: "Add --schema.",
  });
}

function severalOf(edited: readonly ReleaseError[]): ReleaseError | undefined {
  const [first, second] = edited;
  return second === undefined ? first : new ReleaseError("several", { errors: edited });
}

function pendingAmong(repos: readonly Verification[]): ReleaseError | undefined {
  const behind = repos.filter(({ pending }) => pending.length > 0);
  return behind.length === 0
    ? undefined
    : new ReleaseError("migrations_pending", {
        repos: behind.map(({ repo, pending }) => ({ repo, pending })),
      });
}

/** Nothing where sources are. @throws {ReleaseError} `release_damaged` */
async function asBuilt({ root }: CommandContext): Promise<FilesVerified | undefined> {
  if (root === undefined) return undefined;
  const { verifyFiles } = await import("../../built/damage.ts");
  const files = verifyFiles(root);
  if (files.damaged.length > 0) throw new ReleaseError("release_damaged", { files: files.damaged });
  return files;
}

/** @throws {ReleaseError} `usage_invalid` where sources are */
function filesAlone(files: FilesVerified | undefined): Ending {
  if (files !== undefined) return { data: { files }, text: filesText(files) };
  throw new ReleaseError("usage_invalid", {
    reason: "only a built release has a list of its files",
    hint: "Run it as bin/my_app verify --files.",
  });
}

function filesText(files: FilesVerified | undefined): string {
  return files === undefined ? "" : `files: all ${files.checked} as they were built\n`;
}

function textOf(given: Verification): string {
  const { repo, relation, pending, unknown, edited, reformatted } = mapTexts(given, visible);
  const lines = [
    `${repo}: ${relation}`,
    ...pending.map((version) => `  pending       ${version}`),
    ...unknown.map((version) => `  not in this release  ${version}`),
    ...edited.flatMap(({ version, origin, diff }) => [
      `  edited        ${version} ${origin}`,
      ...diff.map((line) => `    ${line}`),
    ]),
    ...reformatted.map((origin) => `  reformatted   ${origin}`),
  ];
  return `${lines.join("\n")}\n`;
}
