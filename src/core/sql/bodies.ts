/** Where a semicolon is part of a statement: in the bodies of routines and triggers. */

import type { Body } from "./body.ts";
import { mysqlBody } from "./mysql-body.ts";
import { statementHead } from "./statement-head.ts";
import { type SqlSyntax, type Token, wordOf } from "./token.ts";

/** Are there in a built release only, when no repo has such a database. */
declare const slipwayWithoutMysql: true | undefined;
declare const slipwayWithoutSqlite: true | undefined;

/** A reader for one statement of each syntax. */
export const bodies: { readonly [Syntax in SqlSyntax]: () => Body } = {
  postgres: postgresBody,
  mysql: typeof slipwayWithoutMysql === "undefined" ? mysqlBody : postgresBody,
  sqlite: typeof slipwayWithoutSqlite === "undefined" ? sqliteBody : postgresBody,
};

/**
 * As psql does: brackets (`CREATE RULE … DO (…; …)`) and `BEGIN ATOMIC … END`; bodies in quotes are one string.
 * https://www.postgresql.org/docs/current/sql-createfunction.html
 */
function postgresBody(): Body {
  const head = statementHead(/^CREATE (OR REPLACE )?(FUNCTION|PROCEDURE)$/);
  let brackets = 0;
  let blocks = 0;
  let before: Token | undefined;
  return {
    isOpen: () => brackets > 0 || blocks > 0,
    read(token) {
      head.read(token);
      const word = before?.text === "." ? "" : wordOf(token);
      if (token.text === "(") brackets++;
      if (token.text === ")") brackets = Math.max(0, brackets - 1);
      if (head.matched()) {
        if (word === "ATOMIC" && wordOf(before) === "BEGIN") blocks++;
        else if (word === "CASE" && blocks > 0) blocks++;
        else if (word === "END" && blocks > 0) blocks--;
      }
      before = token;
    },
  };
}

/** As `sqlite3_complete` does: a trigger ends with `; END`. https://www.sqlite.org/c3ref/complete.html */
function sqliteBody(): Body {
  const head = statementHead(/^CREATE (TEMP |TEMPORARY )?TRIGGER$/);
  let before: Token | undefined;
  let ended = false;
  return {
    isOpen: () => head.matched() && !ended,
    read(token) {
      head.read(token);
      ended = before?.text === ";" && wordOf(token) === "END";
      before = token;
    },
  };
}
