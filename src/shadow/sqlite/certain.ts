/** Whether a statement that failed on the trial fails on every database that the history has built. */
import { resultCode } from "../../adapters/sqlite/connection.ts";
import { messageOf } from "../../core/model/message-of.ts";
import { wordOf } from "../../core/sql/token.ts";
import { type DdlTarget, namesIn, targetOf } from "./names.ts";

/** The trial's knowledge of the database that it stands for. */
export class Knowledge {
  /** Everything that was there at some time, in lower case. */
  readonly made = new Set<string>();
  /** Objects that may differ between the trial and the database: Slipway does not judge them. */
  readonly doubted = new Set<string>();
  /** Whether the trial has seen everything on the database. */
  isWhole: boolean;
  /** Whether IF NOT EXISTS makes the object that the database has. */
  isFromNothing: boolean;
  /** Whether code ran whose effects only the database knows. */
  isOpen = false;

  constructor(begin: { readonly isWhole: boolean; readonly isFromNothing: boolean }) {
    this.isWhole = begin.isWhole;
    this.isFromNothing = begin.isFromNothing;
  }

  /**
   * A change that the trial has not made: the database may have it, or later statements were
   * written for it.
   */
  doubt(sql: string, { isCertain }: { readonly isCertain: boolean }): void {
    const target = targetOf(sql);
    if (target === undefined || (isCertain && takesAway(target))) return;
    for (const name of [target.name, target.on, target.to])
      if (name !== undefined) this.doubted.add(name);
    if (isCertain) return;
    this.isWhole = false;
    this.isFromNothing = false;
  }

  isDoubted(sql: string): boolean {
    if (this.isOpen) return true;
    if (this.doubted.size === 0) return false;
    return [...namesIn(sql)].some((name) => this.doubted.has(name));
  }
}

/** An object whose DROP failed is still there. */
function takesAway({ verb, rest }: DdlTarget): boolean {
  return verb === "DROP" || (verb === "ALTER" && wordOf(rest[0]) === "DROP");
}

/**
 * The engine's words, where they hold everywhere; `undefined` where rows or unknown facts could
 * change them.
 */
export function certainFailure(
  error: unknown,
  { sql, known, version, isSent }: TrialFailure,
): string | undefined {
  const said = messageOf(error).split("\n")[0] ?? "";
  const why = `SQLite ${version} says: ${said}`;
  if (isSyntax.test(said)) {
    return isReadElsewhere(sql, version) ? undefined : why;
  }
  if (known.isDoubted(`${sql} ${namedIn(said)}`) || dependsOnConnection.test(said))
    return undefined;
  const code = resultCode(error) ?? 1;
  if (code === 19 || code === 20) return isOfValues(sql) && isOfRow.test(said) ? why : undefined;
  if (code !== 1 || needsRows.test(said)) return undefined;
  const missing = missingIn(said);
  if (missing !== undefined) return known.isWhole || known.made.has(missing) ? why : undefined;
  const [, called] = /(?:no such|unknown) function: (\w+)/.exec(said) ?? [];
  if (called !== undefined) return isNobodys(called, isSent) ? why : undefined;
  return /no such (module|collation)|not authorized/.test(said) ? undefined : why;
}

export type TrialFailure = {
  readonly sql: string;
  readonly known: Knowledge;
  readonly version: string;
  /** Whether Slipway sends it, over a connection without extensions. */
  readonly isSent: boolean;
};

const isSyntax = /^(near ".*": syntax error|incomplete input|unrecognized token)/s;

/** Errors about a table with a row, which say nothing about an empty one. */
export const needsRows =
  /^Cannot add a (NOT NULL|REFERENCES) column with|^Cannot add a column with|^cannot add a STORED column|^(CHECK|NOT NULL) constraint failed$|^type mismatch on DEFAULT/;

/** The connection decides whether foreign keys are enforced and a transaction is open. */
const dependsOnConnection =
  /^foreign key (constraint|mismatch)|^cannot (commit|rollback|start a transaction)|^no such savepoint/i;

const isOfRow = /^(NOT NULL|CHECK) constraint failed|^cannot store |^datatype mismatch/;

/** Whether the statement itself holds the inserted values. */
function isOfValues(sql: string): boolean {
  return /^\s*INSERT\b/i.test(sql) && !/\bSELECT\b/i.test(sql);
}

/** The table, view, index or trigger that an error says is not there. */
export function missingIn(said: string): string | undefined {
  const [, name] =
    /no such (?:table|view|index|trigger): (?:(?:main|temp)\.)?(.+?)\s*$/.exec(said) ?? [];
  return name?.toLowerCase();
}

/** `error in trigger t: no such column: NEW.a` is about `t` too. */
function namedIn(said: string): string {
  const [, name = ""] = /^error in (?:\w+) (\S+?)(?: after \w+(?: \w+)?)?:/.exec(said) ?? [];
  return name;
}

/** By the command line, by libSQL (`ALTER COLUMN c TO …`), or by a newer SQLite, which has more of ALTER TABLE. */
function isReadElsewhere(sql: string, version: string): boolean {
  if (/^\s*\./.test(sql)) return true;
  return (
    /^\s*ALTER\b/i.test(sql) && (isOlder(version) || /\bALTER\s+COLUMN\b[\s\S]*?\bTO\b/i.test(sql))
  );
}

function isOlder(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major < 3 || (major === 3 && minor < 53);
}

/**
 * A connection of Slipway has no extension; another tool's connection may bring further functions.
 */
function isNobodys(name: string, isSent: boolean): boolean {
  if (/^(vector|libsql|vec_|st_|fts|rtree|geopoly)/i.test(name)) return false;
  return isSent || ofOthers.test(name);
}

/** Functions of other databases, for which people take SQLite. */
const ofOthers =
  /^(now|curdate|curtime|getdate|sysdate|current_timestamp|nextval|currval|to_char|to_date|date_trunc|date_format|date_add|date_sub|from_unixtime|unix_timestamp|array_agg|string_to_array|jsonb_build_object|json_build_object|pg_\w+)$/i;
