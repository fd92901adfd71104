import { checkFiles } from "../../check/check-files.ts";
import type { Findings } from "../../check/finding.ts";
import { neededParser, needsTrees } from "../../check/parser.ts";
import { readSqlFile, readSqlFiles } from "../../check/read-sql-files.ts";
import { ReleaseError } from "../../core/model/errors.ts";
import { checkOnShadow, shadowFlags } from "../check-on-shadow.ts";
import { checkRelease } from "../check-release.ts";
import { defineCommand, type Ending } from "../command.ts";
import { findingsGithub } from "../findings/github.ts";
import { findingsSarif } from "../findings/sarif.ts";
import { findingsText } from "../findings/text.ts";
import { type FlagValues, flag, value } from "../flags.ts";
import { oneOf, path, serverVersion } from "../parse.ts";

const flags = {
  schema: value("--schema <file>", "the SQL that earlier migrations have built", path),
  serverVersion: value(
    "--server-version <version>",
    "the version of PostgreSQL, such as 14",
    serverVersion,
  ),
  dialect: value(
    "--dialect <dialect>",
    "whose SQL the files are: postgres, mysql, sqlite",
    oneOf(["postgres", "mysql", "sqlite"]),
  ),
  inTransaction: flag("--in-transaction", "each file runs in one transaction"),
  policy: flag("--policy", "also the opt-in tier of rules"),
  format: value(
    "--format <format>",
    "how findings are printed: text, github, sarif",
    oneOf(["text", "github", "sarif"]),
  ),
  ...shadowFlags,
};

/** `check`: says what would stop readers or writers, before it runs. */
export const check = defineCommand({
  arguments: "[file-or-version...]",
  flags,
  async run({ args, flags: given, context }) {
    if (given.trace || given.roundtrip) return checkOnShadow({ args, flags: given, context });
    const { cwd } = context.world;
    const policy = given.policy === true;
    const format = given.format ?? "text";
    if (args.every((word) => /^\d+$/.test(word))) {
      refuseFileFlags(given);
      const options = { major: given.serverVersion, policy };
      const { files, ...found } = await checkRelease({ args, flags: given, context }, options);
      return ending(found, { files, format });
    }
    const { dialect = "postgres" } = given;
    refusePostgresFlags(given);
    const parser = await neededParser("check", dialect);
    const files = readSqlFiles(args, cwd);
    const found = checkFiles(files, {
      ...{ parser, dialect },
      schema: given.schema === undefined ? undefined : readSqlFile(given.schema, cwd),
      major: given.serverVersion,
      inTransaction: given.inTransaction === true,
      policy,
    });
    return ending(found, { files: files.length, format });
  },
});

/** What is said of files has no meaning for the migrations of a release, which say it themselves. */
function refuseFileFlags(given: FlagValues<typeof flags>): void {
  const words =
    given.schema !== undefined
      ? "--schema base.sql"
      : given.dialect !== undefined
        ? `--dialect ${given.dialect}`
        : given.inTransaction
          ? "--in-transaction"
          : undefined;
  if (words === undefined) return;
  throw new ReleaseError("usage_invalid", {
    reason: `${words.split(" ")[0]} is for SQL files that are named`,
    hint: `Name them: slipway check a.sql ${words}`,
  });
}

/** The rules of other dialects know neither what is there nor how old the server is. */
function refusePostgresFlags({
  dialect = "postgres",
  schema,
  serverVersion,
}: FlagValues<typeof flags>): void {
  const flag = schema !== undefined ? "--schema" : serverVersion ? "--server-version" : undefined;
  if (needsTrees(dialect) || flag === undefined) return;
  throw new ReleaseError("usage_invalid", {
    reason: `${flag} is for PostgreSQL, and --dialect is ${dialect}`,
    hint: `Leave ${flag} out.`,
  });
}

function ending(
  { findings, answered }: Findings,
  { files, format }: { readonly files: number; readonly format: "text" | "github" | "sarif" },
): Ending {
  const data = { findings, answered, files };
  const texts = { text: findingsText, github: findingsGithub, sarif: findingsSarif };
  const text = texts[format]({ findings, answered }, files);
  if (findings.length === 0) return { data, text };
  const rules = [...new Set(findings.map(({ rule }) => rule))];
  return { data, text, told: new ReleaseError("check_found", { count: findings.length, rules }) };
}
