/**
 * Foretells statements of MySQL and SQLite, as far as their first words and the operation behind
 * them make it certain. Nothing here foretells the rest: Slipway asks MySQL when it runs.
 */
import type { PlacedStatement } from "../../sql/statements.ts";
import { placeStatements } from "../../sql/statements.ts";
import type { SqlSyntax } from "../../sql/token.ts";
import type { Effect } from "./effect.ts";
import { mysqlEffects, mysqlSchema, mysqlTables } from "./mysql-effects.ts";
import type { ForetellOptions, Script, SqlParser, StatementEffects } from "./script.ts";
import { setsForeignKeys } from "./sqlite-pragma.ts";

export type WordDialect = Exclude<SqlSyntax, "postgres">;

/** Cuts a text into statements, and has no trees. */
export function wordParser(dialect: WordDialect): SqlParser {
  return {
    statements: (sql) =>
      placeStatements(sql, dialect).map(({ sql: text, line }) => ({ text, line })),
    parse: () => undefined,
    parseBlock: () => [],
  };
}

/** The effects of all statements. A table that the run made, or may have made, is nobody's yet. */
export function foretellByWords<Judged>(
  scripts: readonly Script[],
  {
    dialect,
    judge,
    eachIsARun,
    base,
    trial,
  }: Pick<ForetellOptions<Judged>, "judge" | "eachIsARun" | "base" | "trial"> & {
    readonly dialect: WordDialect;
  },
): readonly StatementEffects<Judged>[] {
  const made = new Set<string>();
  const isMysql = dialect === "mysql";
  const known = {
    tables: mysqlTables(isMysql ? base : []),
    schema: mysqlSchema(isMysql ? base : []),
  };
  const tried = trial?.(scripts, { base, eachIsARun }) ?? [];
  return scripts.flatMap((script, number) => {
    if (eachIsARun === true) made.clear();
    const effects = dialect === "mysql" ? mysqlEffects(script, made, known) : sqliteEffects(script);
    return effects.map((some, statement) => ({
      script: number,
      statement,
      effects: [...some, ...(tried[number]?.[statement] ?? [])].map((effect) => ({
        effect,
        judged: judge(effect),
      })),
    }));
  });
}

function sqliteEffects({
  statements,
  inTransaction,
  switchesAround,
}: Script): readonly (readonly Effect[])[] {
  let isOpen = false;
  return statements.map(({ text }): readonly Effect[] => {
    const [statement] = placeStatements(text, "sqlite");
    if (statement === undefined) return [];
    if (isBoundary(statement)) isOpen = statement.words[0] === "BEGIN";
    const isNoOp =
      ((inTransaction && switchesAround !== true) || isOpen) && setsForeignKeys(statement.sql);
    return isNoOp ? [{ kind: "pragma in transaction", pragma: "foreign_keys" }] : [];
  });
}

function isBoundary({ words: [first = "", ...rest] }: PlacedStatement): boolean {
  return /^(BEGIN|COMMIT|END)$/.test(first) || (first === "ROLLBACK" && !rest.includes("TO"));
}
