/** One SQL file → its up part, its down part and its settings. All of them stand in comments. */
import type { MigrationSettings } from "../migration.ts";
import { InvalidSql, lineAt } from "./invalid-sql.ts";
import { lex } from "./lexer.ts";
import { joinSettings, settingsIn, settingWords } from "./settings.ts";
import { placeStatements } from "./statements.ts";
import type { SqlSyntax, Token } from "./token.ts";

/** What a file is made of. A part is padded with empty lines, so that its lines have the numbers of the file. */
export type SqlSections = {
  readonly up?: string;
  readonly down?: string;
  readonly settings: MigrationSettings;
};

/**
 * Reads `-- migrate:up` and `-- migrate:down` lines; without any, the whole file is the up part.
 * `transaction:false` behind either of them is for both directions.
 *
 * @throws {InvalidSql} for a part that stands twice, for statements before the first, for markers of other tools,
 * and what `readSettings` throws
 */
export function readSections(text: string, syntax: SqlSyntax): SqlSections {
  const found = comments(text, syntax);
  const settings = settingsIn(text, found, syntax);
  refuseForeign(text, found);
  const markers = found.flatMap((comment) => marker(text, comment));
  const [first] = markers;
  if (first === undefined) return { up: text, settings };
  refuseTextBefore(text, first, syntax);
  refuseTwice(text, markers);

  const parts = markers.map(({ section, comment }, i) => {
    const start = comment.start + comment.text.length;
    const padding = "\n".repeat(lineAt(text, start) - 1);
    return [section, padding + text.slice(start, markers[i + 1]?.comment.start)] as const;
  });
  const said = markers.map((one) => settingWords(text, one.comment, one.options));
  return { ...Object.fromEntries(parts), settings: joinSettings([settings, ...said]) };
}

/**
 * Reads the settings of a file that is one part.
 *
 * @throws {InvalidSql} for a setting that is unknown, or that stands where it would not be read
 */
export function readSettings(text: string, syntax: SqlSyntax): MigrationSettings {
  return settingsIn(text, comments(text, syntax), syntax);
}

type Marker = {
  readonly comment: Token;
  readonly section: "up" | "down";
  /** What stands behind `-- migrate:up`: settings. */
  readonly options: string;
};

function comments(text: string, syntax: SqlSyntax): readonly Token[] {
  return [...lex(text, syntax)].filter((token) => token.kind === "comment");
}

function marker(text: string, comment: Token): readonly Marker[] {
  const atLineStart = comment.start === 0 || /[\n\uFEFF]/.test(text[comment.start - 1]!);
  const [, section, options = ""] = /^--\s*migrate:(up|down)(?:\s+(.*))?$/.exec(comment.text) ?? [];
  if (!atLineStart || (section !== "up" && section !== "down")) return [];
  return [{ comment, section, options }];
}

/** Lines of goose and sql-migrate: without them the whole file would run, its down part too. */
function refuseForeign(text: string, found: readonly Token[]): void {
  const foreign = found.find((comment) => /^--\s*\+(goose|migrate)\s/i.test(comment.text));
  if (foreign === undefined) return;
  const reason = `${foreign.text.trim()} is a line of another tool`;
  throw invalid(text, foreign, reason, "Write -- migrate:up and -- migrate:down.");
}

function refuseTextBefore(text: string, first: Marker, syntax: SqlSyntax): void {
  const [early] = placeStatements(text, syntax);
  if (early === undefined || early.start > first.comment.start) return;
  throw new InvalidSql(`a statement stands before ${first.comment.text.trim()}`, {
    line: early.line,
    hint: "Move it into the up part.",
  });
}

function refuseTwice(text: string, markers: readonly Marker[]): void {
  const sections = markers.map((one) => one.section);
  const twice = markers.find((one, i) => sections.indexOf(one.section) < i);
  if (twice === undefined) return;
  const reason = `the ${twice.section} part stands twice`;
  throw invalid(text, twice.comment, reason, "Make one part of the two.");
}

function invalid(text: string, comment: Token, reason: string, hint: string): InvalidSql {
  return new InvalidSql(reason, { line: lineAt(text, comment.start), hint });
}
