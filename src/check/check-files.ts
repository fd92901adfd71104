/** Judges SQL files alone: no release, no database. */

import { refusing } from "../core/language/sql-migration.ts";
import { ReleaseError } from "../core/model/errors.ts";
import type { Refused, Script, ScriptStatement } from "../core/safety/effects/script.ts";
import { judge } from "../core/safety/rules/judge.ts";
import type { RuleDialect } from "../core/safety/rules/rule.ts";
import { type Findings, findingsOf } from "./finding.ts";
import { needsTrees, type Parser } from "./parser.ts";
import { type AnsweredScript, type SqlFile, sqlScript } from "./sql-script.ts";

export type CheckFilesOptions = {
  readonly parser: Parser;
  /** Whose SQL it is. Default: `postgres`. */
  readonly dialect?: RuleDialect | undefined;
  /** The SQL of earlier migrations. Default: unknown, so every name is taken to exist. */
  readonly schema?: SqlFile | undefined;
  /** The server's major version. Default: the newest that the parser knows. */
  readonly major?: number | undefined;
  readonly inTransaction: boolean;
  readonly policy: boolean;
  /** The statements that a shadow refused. Default: nobody tried them. */
  readonly refused?: Refused | undefined;
};

/** The files as they run, and the schema before them. */
export type FilesRun = {
  readonly base: readonly ScriptStatement[] | undefined;
  readonly scripts: readonly Script[];
};

/** The version that is assumed when none is given: the one of the grammar. */
export const newestMajor = 18;

/**
 * All findings of the files, which are one run in the order given.
 *
 * @throws {ReleaseError} `migration_invalid`, for a schema that cannot be read too
 */
export function checkFiles(files: readonly SqlFile[], options: CheckFilesOptions): Findings {
  const { parser, major = newestMajor, policy, dialect, refused } = options;
  const { base, read } = readRun(files, options);
  const violations = judge(
    read.map(({ script }) => script),
    { ...parser, base, server: { major }, policy, dialect, refused },
  );
  const found = read.map(({ script, answers }, i) =>
    findingsOf(
      script,
      violations.filter((one) => one.script === i),
      answers,
    ),
  );
  return {
    findings: found.flatMap((one) => one.findings),
    answered: found.flatMap((one) => one.answered),
  };
}

/**
 * The scripts that a shadow would run.
 *
 * @throws {ReleaseError} `migration_invalid`
 */
export function runOfFiles(files: readonly SqlFile[], options: CheckFilesOptions): FilesRun {
  const { base, read } = readRun(files, options);
  return { base, scripts: read.map(({ script }) => script) };
}

function readRun(
  files: readonly SqlFile[],
  { parser, schema, inTransaction, dialect }: CheckFilesOptions,
): Pick<FilesRun, "base"> & { readonly read: readonly AnsweredScript[] } {
  const read = files.map((file) =>
    refusing(file.name, () => sqlScript(file, { parser, inTransaction, dialect })),
  );
  const base = schema === undefined ? undefined : schemaStatements(schema, parser, dialect);
  return { base, read };
}

/** The schema, without the lines that pg_dump writes for psql. */
function schemaStatements(
  { name, text }: SqlFile,
  parser: Parser,
  dialect: RuleDialect = "postgres",
): readonly ScriptStatement[] {
  if (!needsTrees(dialect)) return parser.statements(text);
  const sql = text
    .replace(/^COPY [^;]*FROM stdin;\n[\s\S]*?^\\\.$/gm, (rows) =>
      "\n".repeat(rows.split("\n").length - 1),
    )
    .replace(/^\\.*$/gm, "");
  const statements = parser.statements(sql);
  const wrong = statements.find(({ node }) => node === undefined);
  if (wrong === undefined) return statements;
  throw new ReleaseError("migration_invalid", {
    origin: `${name}:${wrong.line}`,
    reason: wrong.error ?? "it cannot be parsed",
    hint: "Give --schema the SQL that builds what earlier migrations have built, as pg_dump --schema-only writes it.",
  });
}
