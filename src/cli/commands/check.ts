import { appendFileSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { checkFiles, newestMajor, runOfFiles } from "../../check/check-files.ts";
import type { Findings } from "../../check/finding.ts";
import { isUnjudged, type Scope } from "../../check/judged.ts";
import { neededParser, needsTrees } from "../../check/parser.ts";
import { readSqlFile, readSqlFiles } from "../../check/read-sql-files.ts";
import type { SqlFile } from "../../check/sql-script.ts";
import { DevelopmentError } from "../../core/model/development-error.ts";
import { cannotWork } from "../../core/model/errors/safety.ts";
import { ReleaseError } from "../../core/model/errors.ts";
import { messageOf } from "../../core/model/message-of.ts";
import { sqliteTrial } from "../../shadow/sqlite/trial.ts";
import { addSummary } from "../as-markdown.ts";
import { checkOnShadow, shadowFlags } from "../check-on-shadow.ts";
import { checkRelease } from "../check-release.ts";
import { isPath } from "../checking/named.ts";
import { refusedOfFiles, type ShadowOf } from "../checking/refused.ts";
import { type CommandContext, defineCommand, type Ending } from "../command.ts";
import { factsIn } from "../facts-in.ts";
import { findProject } from "../find-release.ts";
import { noteText } from "../findings/scope-lines.ts";
import { type Format, formats, written } from "../findings/written.ts";
import { type FlagValues, flag, value } from "../flags.ts";
import { count, oneOf, path, serverVersion, name as someName } from "../parse.ts";
import { shadowSqlOf } from "../shadow-flags.ts";

const flags = {
  base: value(
    "--base <ref>",
    "only what is new on this branch since REF, such as origin/main",
    someName,
  ),
  allowEdited: flag("--allow-edited", "with --base: only note edits of older migrations"),
  allowUnjudged: flag(
    "--allow-unjudged",
    "only note what cannot be judged: code that fails, a base that cannot be read",
  ),
  facts: value("--facts <file>", "a file from slipway facts: judge by its real sizes", path),
  tenants: value("--tenants <n>", "how many tenants there are, if no database tells", count),
  schema: value("--schema <file>", "the schema before these files, as SQL", path),
  serverVersion: value(
    "--server-version <version>",
    "the version of PostgreSQL, such as 14",
    serverVersion,
  ),
  dialect: value(
    "--dialect <dialect>",
    "the database of the SQL files: postgres, mysql, sqlite",
    oneOf(["postgres", "mysql", "sqlite"]),
  ),
  inTransaction: flag("--in-transaction", "each file runs in one transaction"),
  policy: flag("--policy", "apply the opt-in rules too"),
  untried: flag("--untried", "do not try PostgreSQL's statements on a scratch database (faster)"),
  format: value(
    "--format <format>",
    `the format of the findings: ${formats.join(", ")}`,
    oneOf(formats),
  ),
  output: value("--output <file>", "write that format to a file, and text to the terminal", path),
  summary: value(
    "--summary <file>",
    "add it as Markdown to a file, such as $GITHUB_STEP_SUMMARY",
    path,
  ),
  ...shadowFlags,
};

type Given = FlagValues<typeof flags>;
type Result = Findings & Scope;

/** `check`: finds the statements that would stop readers or writers, before they run. */
export const check = defineCommand({
  arguments: "[file-or-version...]",
  flags,
  async run({ args, flags: given, context }) {
    refuseConflicts(given);
    if (given.trace || given.roundtrip) return checkOnShadow({ args, flags: given, context });
    const { cwd } = context.world;
    if (isOfFiles(args, given, context))
      return ending(await judgeFiles(readSqlFiles(args, cwd), { given, context }), {
        given,
        context,
      });
    refuseFileFlags(given);
    const { root } = findProject({ cwd, path: context.releasePath });
    const { sqlFiles, ...ofRelease } = await checkRelease(
      { args, flags: given, context },
      {
        ...{ major: given.serverVersion, policy: given.policy === true, root },
        tenants: given.tenants,
        ...{ base: given.base, allowEdited: given.allowEdited === true },
        facts: given.facts === undefined ? undefined : factsIn(given.facts, cwd),
        shadow: await shadowOf(given, context),
      },
    );
    const found = inReport(ofRelease, { given, context, folder: root });
    const parts: readonly Result[] =
      sqlFiles.length === 0 ? [found] : [found, await judgeFiles(sqlFiles, { given, context })];
    return ending(
      {
        findings: parts.flatMap((one) => one.findings),
        answered: parts.flatMap((one) => one.answered),
        judged: parts.flatMap((one) => one.judged),
        notes: parts.flatMap((one) => one.notes),
        forecasts: parts.flatMap((one) => one.forecasts ?? []),
      },
      { given, context },
    );
  },
});

/** A server shows a report beside the files of its checkout, which may be above the project's folder. */
function inReport(
  found: Result,
  {
    given,
    context,
    folder,
  }: { readonly given: Given; readonly context: CommandContext; readonly folder: string },
): Result {
  const { GITHUB_WORKSPACE, CI_PROJECT_DIR } = context.world.env;
  const top = GITHUB_WORKSPACE ?? CI_PROJECT_DIR;
  const below = top === undefined ? "" : relative(top, folder);
  if (below === "" || below.startsWith("..") || /^(text|markdown)$/.test(given.format ?? "text"))
    return found;
  const place = <One extends { readonly file?: string | undefined }>(one: One): One =>
    one.file === undefined ? one : { ...one, file: join(below, one.file).replaceAll("\\", "/") };
  return {
    ...found,
    findings: found.findings.map(place),
    answered: found.answered.map(place),
    notes: found.notes.map(place),
    forecasts: (found.forecasts ?? []).map(place),
  };
}

/**
 * Whether the paths are files outside a release: there is no release, or a flag says how to read
 * them.
 */
function isOfFiles(args: readonly string[], given: Given, context: CommandContext): boolean {
  const { cwd } = context.world;
  if (args.length === 0 || !args.every((word) => isPath(word, cwd))) return false;
  if (fileFlag(given) !== undefined) return true;
  const project = findProject({ cwd, path: context.releasePath });
  return context.releasePath === undefined && project.releaseFile === undefined;
}

async function judgeFiles(
  files: readonly SqlFile[],
  { given, context }: { readonly given: Given; readonly context: CommandContext },
): Promise<Result> {
  const { dialect = "postgres", schema } = given;
  refusePostgresFlags(given);
  const options = {
    ...{ parser: await neededParser("check", dialect, { sqlite: await sqliteTrial() }), dialect },
    schema: schema === undefined ? undefined : readSqlFile(schema, context.world.cwd),
    major: given.serverVersion,
    inTransaction: given.inTransaction === true,
    policy: given.policy === true,
  };
  const shadow = needsTrees(dialect) ? await shadowOf(given, context) : undefined;
  const refused =
    shadow &&
    (await refusedOfFiles(runOfFiles(files, options), {
      ...{ ...shadow, major: options.major ?? newestMajor },
    }));
  const found = checkFiles(files, { ...options, refused });
  const judged = { how: "files", migrations: files.length, earlier: 0, against: schema } as const;
  return { ...found, judged: [judged], notes: [] };
}

/** Where statements are tried. */
async function shadowOf(
  { untried, shadow: url, shadowSql }: Given,
  context: CommandContext,
): Promise<Omit<ShadowOf, "major"> | undefined> {
  if (untried) return undefined;
  return { url, sql: await shadowSqlOf(shadowSql, context) };
}

/**
 * The migrations of a release bring their own settings, so flags about SQL files have no meaning
 * for them.
 */
function fileFlag(given: Given): string | undefined {
  if (given.schema !== undefined) return "--schema base.sql";
  if (given.dialect !== undefined) return `--dialect ${given.dialect}`;
  return given.inTransaction ? "--in-transaction" : undefined;
}

function refuseFileFlags(given: Given): void {
  const words = fileFlag(given);
  if (words === undefined) return;
  throw new ReleaseError("usage_invalid", {
    reason: `${words.split(" ")[0]} is for SQL files that are named`,
    hint: `Name them: slipway check a.sql ${words}`,
  });
}

function refuseConflicts(given: Given): void {
  const shadow = given.trace ? "--trace" : given.roundtrip ? "--roundtrip" : undefined;
  const notFacts = shadow ?? fileFlag(given)?.split(" ")[0];
  if (given.facts !== undefined && notFacts !== undefined)
    throw new ReleaseError("usage_invalid", {
      reason: `--facts and ${notFacts} exclude each other`,
      hint: `Leave one of them out: slipway check --facts ${given.facts}`,
    });
  const other =
    given.base === undefined
      ? given.allowEdited && "--allow-edited"
      : given.all
        ? "--all"
        : (shadow ?? fileFlag(given)?.split(" ")[0]);
  if (!other) return;
  throw new ReleaseError(
    "usage_invalid",
    given.base === undefined
      ? { reason: "--allow-edited is for --base", hint: "slipway check --base origin/main" }
      : {
          reason: `--base and ${other} exclude each other`,
          hint: `Leave one of them out: slipway check --base ${given.base}`,
        },
  );
}

/** Only PostgreSQL's rules ask how old the server is. */
function refusePostgresFlags({ dialect = "postgres", serverVersion }: Given): void {
  if (needsTrees(dialect) || !serverVersion) return;
  throw new ReleaseError("usage_invalid", {
    reason: `--server-version is for PostgreSQL, and --dialect is ${dialect}`,
    hint: "Leave --server-version out.",
  });
}

function ending(
  found: Result,
  { given, context }: { readonly given: Given; readonly context: CommandContext },
): Ending {
  const { findings, answered, judged, notes, forecasts = [] } = found;
  const files = judged.reduce((sum, { migrations }) => sum + migrations, 0);
  const format: Format = given.format ?? "text";
  const text = written(found, format);
  const data = { findings, answered, files, judged, notes, forecasts };
  if (given.output !== undefined) writeOutput("--output", { file: given.output, text }, context);
  if (given.summary !== undefined)
    writeOutput("--summary", { file: given.summary, text: written(found, "markdown") }, context);
  else addSummary(context, () => written(found, "markdown"));
  const isText = given.output !== undefined || format === "text";
  const shown = { text: isText ? written(found, "text") : text, ...(isText ? { painted } : {}) };
  if (findings.length === 0) {
    const unjudged = given.allowUnjudged ? [] : notes.filter(isUnjudged).map(noteText);
    if (unjudged.length === 0) return { data, ...shown };
    return { data, ...shown, told: new DevelopmentError("check_incomplete", { unjudged }) };
  }
  const rules = [...new Set(findings.map(({ rule }) => rule))];
  const file = findings.find(({ rule }) => !cannotWork.has(rule))?.file;
  const told = new DevelopmentError("check_found", { count: findings.length, rules, file });
  return { data, ...shown, told };
}

async function painted(text: string, look: { readonly links: boolean }): Promise<string> {
  const { paintedFindings } = await import("../painted/findings.ts");
  return paintedFindings(text, look);
}

/** A report is written whole; a summary may have those of earlier steps in it. */
function writeOutput(
  option: "--output" | "--summary",
  { file, text }: { readonly file: string; readonly text: string },
  { world }: CommandContext,
): void {
  const write = option === "--summary" ? appendFileSync : writeFileSync;
  try {
    write(resolve(world.cwd, file), text);
  } catch (error) {
    const expected = `a file that can be written: ${messageOf(error)}`;
    throw new ReleaseError("option_invalid", { option, value: file, expected });
  }
}
