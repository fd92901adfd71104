/** SQL files → a migration, which records them as one operation for each direction. */
import { ReleaseError } from "../model/errors.ts";
import type { Direction, MigrationSettings } from "../model/migration.ts";
import { InvalidSql } from "../sql/invalid-sql.ts";
import { withoutOwnTables } from "../sql/own-tables.ts";
import { bringsOwnTransaction, withoutOwnTransaction } from "../sql/own-transaction.ts";
import { type Placeholders, withPlaceholders } from "../sql/placeholders.ts";
import { readSections, readSettings } from "../sql/sections.ts";
import { joinSettings } from "../sql/settings.ts";
import { splitStatements } from "../sql/statements.ts";
import type { SqlSyntax } from "../sql/token.ts";
import type { MigrationBuilder } from "./builder.ts";
import type { MigrationDefinition } from "./migration-definition.ts";

/** The text of a file, and where it comes from, for people. */
export type SqlText = { readonly text: string; readonly origin: string };

/** One file with both directions, or a file for each. */
export type SqlParts =
  | { readonly whole: SqlText; readonly up?: never; readonly down?: never }
  | {
      readonly whole?: never;
      readonly up?: SqlText | undefined;
      readonly down?: SqlText | undefined;
    };

export type SqlMigrationOptions = {
  /** Where the migration comes from, for people. */
  readonly origin: string;
  readonly syntax: SqlSyntax;
  /**
   * Whether it runs in a transaction, as a file beside it says (diesel's metadata.toml). Default:
   * the text decides.
   */
  readonly transaction?: boolean | undefined;
  /** The values of `${name}`. Default: Slipway replaces nothing. */
  readonly placeholders?: Placeholders | undefined;
};

/**
 * Makes a migration of SQL text. `transaction=false` in either file is for both directions. A part
 * without statements records nothing. A missing part, or one that ends the transaction, refuses
 * only when it is recorded: a bad down stops nobody from going up.
 *
 * @throws {ReleaseError} `migration_invalid`
 */
export function definitionFromSql(
  parts: SqlParts,
  options: SqlMigrationOptions,
): MigrationDefinition {
  const { origin, syntax, placeholders } = options;
  const filled = (part: SqlText | undefined) =>
    part && {
      ...part,
      text: refusing(part.origin, () => withPlaceholders(part.text, placeholders, syntax)),
    };
  const given =
    parts.whole === undefined
      ? { up: filled(parts.up), down: filled(parts.down) }
      : { whole: { ...parts.whole, ...filled(parts.whole) } };
  const { up, down, settings: said } = read(given, syntax);
  const outside = options.transaction === undefined ? {} : { transaction: options.transaction };
  const settings = joinSettings([outside, ...said]);
  const body = (section: Direction, part: SqlText | undefined) => (m: MigrationBuilder) => {
    if (part === undefined) throw new ReleaseError("sql_section_missing", { origin, section });
    const sql = refusing(part.origin, () => {
      const text = withoutOwnTables(part.text, syntax);
      return settings.transaction === false ? text : withoutOwnTransaction(text, syntax);
    });
    if (splitStatements(sql, syntax).length > 0) m.execute(sql, { from: part.origin });
  };
  const saysTransaction = up !== undefined && bringsOwnTransaction(up.text, syntax);
  return {
    up: body("up", up),
    down: body("down", down),
    ...settings,
    ...(saysTransaction ? { saysTransaction } : {}),
  };
}

type Read = {
  readonly up: SqlText | undefined;
  readonly down: SqlText | undefined;
  readonly settings: readonly MigrationSettings[];
};

function read(parts: SqlParts, syntax: SqlSyntax): Read {
  if (parts.whole === undefined) {
    const { up, down } = parts;
    const settingsOf = (file: SqlText | undefined, part: Direction) =>
      file === undefined
        ? []
        : [refusing(file.origin, () => readSettings(file.text, { syntax, part }))];
    const settings = [...settingsOf(up, "up"), ...settingsOf(down, "down")];
    return { up, down, settings };
  }
  const { text, origin } = parts.whole;
  if (text.trim() === "") {
    throw new ReleaseError("migration_invalid", {
      origin,
      reason: "it is empty",
      hint: "Write its SQL, or delete it.",
    });
  }
  const { up, down, settings } = refusing(origin, () => readSections(text, syntax));
  const part = (section: string | undefined) =>
    section === undefined ? undefined : { text: section, origin };
  return { up: part(up), down: part(down), settings: [settings] };
}

/** Runs a reader of SQL; its mistakes are the migration's. @throws {ReleaseError} `migration_invalid` */
export function refusing<Result>(origin: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof InvalidSql)) throw error;
    const { message, hint } = error;
    throw new ReleaseError(
      "migration_invalid",
      { origin, reason: message, hint },
      { cause: error },
    );
  }
}
