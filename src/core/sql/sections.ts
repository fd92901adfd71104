/** One SQL file → its up part, its down part and its settings. All of them stand in comments. */
import type { Direction, MigrationSettings } from "../model/migration.ts";
import { InvalidSql, lineAt } from "./invalid-sql.ts";
import { lex } from "./lexer.ts";
import {
  directionOf,
  isProse,
  looksLikeMarker,
  type MarkerStyle,
  markerStyles,
} from "./marker-styles.ts";
import { joinSettings, settingsIn, settingWords } from "./settings.ts";
import { placeStatements } from "./statements.ts";
import type { SqlSyntax, Token } from "./token.ts";

/**
 * The parts of a file. Empty lines pad each part, so that its lines have the numbers of the file.
 */
export type SqlSections = {
  readonly up?: string;
  readonly down?: string;
  /** Whether a marker says where a part starts. */
  readonly isMarked: boolean;
  readonly settings: MigrationSettings;
};

/**
 * Cuts a file at the lines that mark its parts, `-- migrate:up` or those of another tool; without any, the whole file
 * is the up part. `transaction:false` behind either of them is for both directions.
 *
 * @throws {InvalidSql} for a part that stands twice, for statements before the first, for markers of two tools,
 * for a line that looks like a marker and is none, and what `readSettings` throws
 */
export function readSections(text: string, syntax: SqlSyntax): SqlSections {
  const found = comments(text, syntax);
  const settings = settingsIn(text, found, syntax);
  const markers = markersIn(text, found, syntax);
  refuseLookAlikes(text, found, { markers, syntax });
  const said = [settings, ...toolSettings(text, found, markers)];
  const parts = partsOf(text, markers, syntax);
  return { ...parts, isMarked: markers.length > 0, settings: joinSettings(said) };
}

/**
 * Reads the settings of a file that is one part.
 *
 * @throws {InvalidSql} for a setting that is unknown, or that stands where it would not be read, and for a marker that
 * starts the other part
 */
export function readSettings(
  text: string,
  { syntax, part }: { readonly syntax: SqlSyntax; readonly part: Direction },
): MigrationSettings {
  const found = comments(text, syntax);
  const other = markersIn(text, found, syntax).find(
    ({ section, comment }) => section !== part && isFollowed(text, comment, syntax),
  );
  if (other !== undefined) {
    const reason = `${other.text} starts a ${other.section} part, and the file is the ${part} part`;
    throw invalid(text, other.comment, reason, "Move what follows into a separate file.");
  }
  return settingsIn(text, found, syntax);
}

/**
 * Refuses a text that runs whole and holds two parts, such as a file of `m.executeFile`.
 *
 * @throws {InvalidSql}
 */
export function refuseTwoParts(text: string, syntax: SqlSyntax): void {
  const [first] = placeStatements(text, syntax);
  const between = markersIn(text, comments(text, syntax), syntax).find(
    ({ comment }) =>
      first !== undefined && first.start < comment.start && isFollowed(text, comment, syntax),
  );
  if (between === undefined) return;
  const reason = `${between.text} starts another part, and the file runs whole`;
  throw invalid(text, between.comment, reason, "Make a file of each part.");
}

type Marker = {
  readonly comment: Token;
  readonly style: MarkerStyle;
  readonly section: Direction;
  readonly text: string;
};

/** @throws {InvalidSql} for a comment in which MySQL and SQLite would hide what follows a lone carriage return */
function comments(text: string, syntax: SqlSyntax): readonly Token[] {
  const found = [...lex(text, syntax)].filter((token) => token.kind === "comment");
  const hiding = found.find((one) => !one.text.startsWith("/*") && /\r+[^\r]/.test(one.text));
  if (hiding !== undefined) {
    const reason = "a comment continues after a carriage return that no line feed follows";
    throw invalid(text, hiding, reason, "Save the file with LF or CRLF at the ends of its lines.");
  }
  return found;
}

function markersIn(text: string, found: readonly Token[], syntax: SqlSyntax): readonly Marker[] {
  const markers = found.flatMap((comment) => markerOf(text, comment) ?? []);
  const exact = markers.filter((one) => !isProse(one.style, one.text));
  const isNodePgMigrate = exact.every(({ style }) => style.tool === "node-pg-migrate");
  return isNodePgMigrate
    ? markers.filter((one) => exact.includes(one) || isFollowed(text, one.comment, syntax))
    : exact;
}

function markerOf(text: string, comment: Token): Marker | undefined {
  const words = comment.text.trim();
  for (const style of markerStyles) {
    const section = directionOf(style, words);
    const starts = style.indented ? startsItsLine(text, comment) : startsLine(text, comment);
    if (section !== undefined && starts) return { comment, style, section, text: words };
  }
  return undefined;
}

/** A part that would be run although its author meant to mark it: the down part going up, mostly. */
function refuseLookAlikes(
  text: string,
  found: readonly Token[],
  { markers, syntax }: { readonly markers: readonly Marker[]; readonly syntax: SqlSyntax },
): void {
  const [first] = markers;
  const mixed = markers.find(({ style }) => style !== first?.style);
  if (first !== undefined && mixed !== undefined) {
    const reason = `${mixed.text} is of ${mixed.style.tool}, and ${first.text} above is of ${first.style.tool}`;
    throw invalid(text, mixed.comment, reason, markersHint);
  }
  for (const comment of found) {
    const words = comment.text.trim();
    if (markers.some((one) => one.comment === comment) || !startsItsLine(text, comment)) continue;
    const tool = markerStyles.find((style) => style.all?.test(words));
    if (tool !== undefined && !tool.ignored?.test(words) && !tool.noTransaction?.test(words)) {
      throw invalid(
        text,
        comment,
        `${words} is a line of ${tool.tool} that Slipway does not read`,
        markersHint,
      );
    }
    if (looksLikeMarker(words) && isFollowed(text, comment, syntax)) {
      throw invalid(
        text,
        comment,
        `${words} looks like the start of a part and is none`,
        markersHint,
      );
    }
  }
}

const markersHint =
  "Write -- migrate:up and -- migrate:down, at the start of a line; or reword it.";

function toolSettings(
  text: string,
  found: readonly Token[],
  markers: readonly Marker[],
): readonly MigrationSettings[] {
  const behind = markers
    .filter(({ style }) => style.takesSettings)
    .map(({ comment }) =>
      settingWords(text, comment, comment.text.replace(/^--\s*migrate:\w+/, "")),
    );
  const isAlone = found.some(({ text: words }) =>
    markerStyles.some((style) => style.noTransaction?.test(words.trim())),
  );
  return isAlone ? [...behind, { transaction: false }] : behind;
}

function partsOf(
  text: string,
  markers: readonly Marker[],
  syntax: SqlSyntax,
): Pick<SqlSections, Direction> {
  const [first] = markers;
  if (first === undefined) return { up: text };
  refuseTwice(text, markers);
  const above = first.style.up === undefined ? { up: text.slice(0, first.comment.start) } : {};
  if (first.style.up !== undefined) refuseTextBefore(text, first, syntax);
  const parts = markers.map(({ section, comment }, i) => {
    const start = comment.start + comment.text.length;
    const padding = "\n".repeat(lineAt(text, start) - 1);
    return [section, padding + text.slice(start, markers[i + 1]?.comment.start)] as const;
  });
  return { ...above, ...Object.fromEntries(parts) };
}

/** Whether a comment stands in the first column. */
function startsLine(text: string, { start }: Token): boolean {
  return start === 0 || /[\r\n\uFEFF]/.test(text[start - 1]!);
}

/** Whether nothing but white space stands before a comment on its line. */
function startsItsLine(text: string, { start }: Token): boolean {
  return /(^|[\r\n\uFEFF])\s*$/.test(text.slice(Math.max(0, start - 200), start));
}

function isFollowed(text: string, comment: Token, syntax: SqlSyntax): boolean {
  return (placeStatements(text, syntax).at(-1)?.start ?? 0) > comment.start;
}

function refuseTextBefore(text: string, first: Marker, syntax: SqlSyntax): void {
  const [early] = placeStatements(text, syntax);
  if (early === undefined || early.start > first.comment.start) return;
  throw new InvalidSql(`a statement stands before ${first.text}`, {
    line: early.line,
    hint: /down/i.test(first.text)
      ? `Write ${upOf(first.text)} above it.`
      : "Move it into the up part.",
  });
}

/** The marker of the up part in the same tool's words. */
function upOf(marker: string): string {
  return marker.replace(/down/i, (word) => (word === "Down" ? "Up" : "up"));
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
