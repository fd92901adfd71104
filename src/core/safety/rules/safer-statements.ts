/** `safe: "auto"` for SQL files: statements that would stop others, as the edited statements that do not. */
import { flag, part, type TreeNode, word } from "../../sql/tree.ts";
import type { Script, ScriptStatement, SqlParser } from "../effects/script.ts";
import type { SafeStatement } from "../forms/safe-form.ts";
import { answersOf, answersOfPhase, applyAnswers } from "./answers.ts";
import { judge, type Violation } from "./judge.ts";
import { FollowedTables, type TableChanges } from "./left-in-run.ts";
import type { JudgedMigration, VerdictOptions } from "./verdict.ts";
import type { AskedOfTables, SaferStatement } from "./verdict-data.ts";

/** The statements of a migration that have a safer form, and the tables that it makes. */
export type Safer = {
  readonly statements: readonly SaferStatement[];
  readonly changes: TableChanges;
};

/** The same, with the script that is left when all of it is replaced. */
type Found = Safer & {
  readonly script: Script;
  /** Whether it has forms that depend on an answer of the database. */
  readonly asks: boolean;
};

type SaferOptions = VerdictOptions &
  Pick<SqlParser, "statements"> & {
    /**
     * Whether tables that no migration made count as plain ones: the sender asks the database
     * first. Or which of them are known to be plain. Default: `false`.
     */
    readonly asksTables?: boolean | ((table: string) => boolean) | undefined;
  };

export type SaferInput = JudgedMigration & {
  /** Whether it is an SQL file and nothing else, which may be sent statement by statement. */
  readonly isFile: boolean;
};

/** A statement that takes the place of another may have such a form too. */
const rounds = 4;

/** Finds the safer statements of each migration in a whole history, oldest first. */
export function saferStatements(
  history: readonly SaferInput[],
  { parse, parseBlock, statements, major, own, asksTables = false }: SaferOptions,
): readonly Found[] {
  const edits = history.map((one) => new Edit(one, { asksTables }));
  let changes: readonly FollowedTables[] = [];
  for (let round = 0; round < rounds; round++) {
    changes = history.map(() => new FollowedTables());
    const violations = judge(
      edits.map(({ script }) => script),
      {
        ...{ parse, parseBlock, server: { major }, eachIsARun: true, own },
        made: (change, script) => changes[script]?.take(change),
      },
    );
    const changed = edits.map((edit, i) =>
      edit.replace(
        violations.filter((one) => one.script === i),
        statements,
      ),
    );
    if (!changed.some(Boolean)) break;
  }
  return edits.map((edit, i) => ({
    statements: edit.found(),
    changes: changes[i]!,
    script: edit.script,
    asks: edit.asks,
  }));
}

/** The statements of one migration, each with what takes its place so far. */
class Edit {
  readonly #migration: SaferInput;
  /**
   * The place in the file of each statement of the script; -1 for a statement that is not in the
   * file.
   */
  #places: readonly number[];
  readonly #tables = new Map<number, Set<string>>();
  readonly #asked = new Map<
    number,
    { readonly tables: Set<string>; readonly rules: Set<string> }
  >();
  readonly #isOpen: boolean;
  readonly #isPlain: (table: string) => boolean;
  script: Script;
  asks = false;

  constructor(
    migration: SaferInput,
    { asksTables }: { readonly asksTables: boolean | ((table: string) => boolean) },
  ) {
    this.#migration = migration;
    this.#isPlain = typeof asksTables === "function" ? asksTables : () => asksTables;
    this.script = migration.script;
    let place = 0;
    this.#places = migration.script.statements.map(({ ofFile }) => (ofFile ? place++ : -1));
    this.#isOpen = migration.isFile && mayBeSplit(migration.script);
  }

  /** Whether anything was replaced. */
  replace(violations: readonly Violation[], parsed: SqlParser["statements"]): boolean {
    if (!this.#isOpen) return false;
    const { safe, phase } = this.#migration;
    const { open } = applyAnswers(violations, [...answersOfPhase(phase), ...answersOf(safe)]);
    const forms = new Map(
      open
        .filter((one) => this.#places[one.statement] !== -1 && this.#isWanted(one))
        .map(byStatement),
    );
    if (forms.size === 0) return false;
    const places: number[] = [];
    const statements = this.script.statements.flatMap((statement, i) => {
      const place = this.#places[i]!;
      const form = forms.get(i);
      const instead = form === undefined ? [statement] : sqlOf(form).flatMap(parsed);
      if (form !== undefined) {
        const tables = this.#tables.get(place) ?? new Set();
        this.#tables.set(place, tables);
        for (const table of form.tables) tables.add(table);
        if (form.made === "elsewhere") this.#ask(place, form);
      }
      places.push(...instead.map(() => place));
      return instead.map((one): ScriptStatement => ({ ...one, line: statement.line }));
    });
    this.script = { ...this.script, statements, inTransaction: false };
    this.#places = places;
    return true;
  }

  #isWanted(one: Violation): boolean {
    if (isForAuto(one)) return true;
    if (one.made !== "elsewhere" || !isSameOnPlainTable(one)) return false;
    this.asks = true;
    return one.tables.every(this.#isPlain);
  }

  #ask(place: number, { tables, rule }: Violation): void {
    const asked = this.#asked.get(place) ?? { tables: new Set(), rules: new Set() };
    this.#asked.set(place, asked);
    for (const table of tables) asked.tables.add(table);
    asked.rules.add(rule);
  }

  found(): readonly SaferStatement[] {
    return [...this.#tables]
      .toSorted(([a], [b]) => a - b)
      .map(([statement, tables]) => ({
        statement,
        tables: [...tables],
        sql: this.script.statements
          .filter((_, i) => this.#places[i] === statement)
          .map(({ text }) => text),
        ...this.#asksOf(statement),
      }));
  }

  #asksOf(place: number): { readonly asks?: AskedOfTables } {
    const asked = this.#asked.get(place);
    if (asked === undefined) return {};
    const own = this.#migration.script.statements.filter(({ ofFile }) => ofFile);
    const { text = "" } = own[place] ?? {};
    return { asks: { tables: [...asked.tables], rules: [...asked.rules], text } };
  }
}

function byStatement(one: Violation): readonly [number, Violation] {
  return [one.statement, one];
}

/** The statements of a form, without the notes to the reader behind them. */
function sqlOf({ safe }: Violation): readonly string[] {
  return (safe?.sql ?? []).map((line) => line.replace(/;( {2}-- [^\n]*)?$/, ""));
}

/** Forms that leave the same catalog behind whatever the database holds beside what migrations have built. */
function isForAuto({ rule, form, safe, made }: Violation): boolean {
  if (form === undefined || safe === undefined || rule === "will-fail") return false;
  // A table that no migration made may be partitioned, NOT NULL already, or have the name of the new index.
  if (made === "elsewhere") return false;
  if (made === "made" && form.form !== "concurrently" && form.form !== "then analyze") return false;
  return form.form === "concurrently" ? isSureBeside(form) : form.form !== "partition by partition";
}

/** Forms that are the same on a plain table that no migration made: no name is derived, and no column has to be known. */
function isSameOnPlainTable({ rule, form, safe, tables }: Violation): boolean {
  if (form === undefined || safe === undefined || rule === "will-fail") return false;
  if (tables.length === 0) return false;
  switch (form.form) {
    case "concurrently":
      return isSureBeside(form);
    case "validate later":
      return word(form.part, "conname") !== undefined;
    case "index first":
      return (
        word(form.part, "conname") !== undefined && word(form.part, "contype") === "CONSTR_UNIQUE"
      );
    case "then analyze":
    case "partition by partition":
    case "prove not null":
      return false;
  }
}

/** Not what comes with a condition, and not an index of which it is not known that it is one of a plain table. */
function isSureBeside({ note, drops }: Extract<SafeStatement, { form: "concurrently" }>): boolean {
  return note === undefined && (drops === undefined || drops.table !== undefined);
}

/**
 * Whether its statements may be sent one by one. A transaction stays one where it holds more than
 * definitions, begins or ends a transaction, or takes away things that others use until the end of
 * it brings them back.
 */
function mayBeSplit({ statements, inTransaction }: Script): boolean {
  const own = statements.filter(({ ofFile }) => ofFile);
  const nodes = own.flatMap(({ node }) => node ?? []);
  if (nodes.length < own.length || nodes.some(({ kind }) => kind === "TransactionStmt"))
    return false;
  return !inTransaction || nodes.length === 1 || nodes.every(onlyAdds);
}

const adding =
  /^(IndexStmt|CreateStmt|CreateSeqStmt|CreateEnumStmt|CreateDomainStmt|CompositeTypeStmt|CreateSchemaStmt|CreateExtensionStmt|CreateFunctionStmt|CreateTrigStmt|CreateStatsStmt|ViewStmt|CommentStmt|GrantStmt|ReindexStmt|AlterTableStmt|AlterEnumStmt)$/;

function onlyAdds({ kind, tree }: TreeNode): boolean {
  if (!adding.test(kind)) return false;
  if (word(part(tree, "relation"), "relpersistence") === "t") return false;
  if (kind === "GrantStmt") return flag(tree, "is_grant");
  const commands = Array.isArray(tree.cmds) ? JSON.stringify(tree.cmds) : "";
  return !/"AT_(Drop|Detach|Disable)/.test(commands);
}
