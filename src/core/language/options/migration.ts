/** Every option of the methods of `m`. */

import type { ReplaceIndexOptions } from "../builder/safe-options.ts";
import type { TableOptions } from "../builder/tables.ts";
import type { MigrationBuilder } from "../builder.ts";
import type { ConstraintOptions } from "../constraint.ts";
import type { IndexOptions } from "../index-definition.ts";
import type {
  ExtensionOptions,
  ExtensionUpdate,
  SequenceOptions,
  ViewDefinition,
} from "../operation.ts";
import type { IndexColumn } from "../table-parts.ts";
import type { ChecksOf, MethodChecks } from "./check.ts";
import { anything, code, deferrable, flag, fragment, number, sql, text, texts } from "./kinds.ts";
import { column, foreignKey, ifExists, ifNotExists, prefix, was } from "./parts.ts";

const renaming = { prefix: text, to: anything };
const exclude = { using: text, elements: text, where: text };

const constraint = {
  check: text,
  unique: texts,
  exclude: { options: exclude },
  foreignKey: { options: foreignKey },
  primaryKey: texts,
  nullsDistinct: flag,
  usingIndex: text,
  validate: flag,
  deferrable,
  comment: text,
} as const satisfies ChecksOf<ConstraintOptions>;

const index = {
  name: text,
  prefix: text,
  unique: flag,
  concurrently: flag,
  using: text,
  where: sql,
  include: texts,
  nullsDistinct: flag,
  only: flag,
  options: text,
  comment: text,
} as const satisfies ChecksOf<IndexOptions>;
const { concurrently: _concurrently, ...indexBeside } = index;
const { name: _name, prefix: _prefix, ...wasIndex } = indexBeside;

const indexColumn = {
  column: text,
  expression: sql,
  order: { oneOf: ["asc", "desc"] },
  nulls: { oneOf: ["first", "last"] },
  operatorClass: text,
  collation: text,
} as const satisfies ChecksOf<IndexColumn>;
/** An index that a call names instead of its columns. */
const indexByName = { ...indexColumn, name: text };

const tableOptions = {
  comment: text,
  options: anything,
  modifiers: text,
  engine: text,
} as const satisfies ChecksOf<TableOptions>;

const sequence = {
  type: text,
  startValue: number,
  increment: number,
  minValue: number,
  maxValue: number,
  cache: number,
  cycle: flag,
  ownedBy: text,
} as const satisfies ChecksOf<SequenceOptions>;

const extension = { schema: text, version: text } as const satisfies ChecksOf<ExtensionOptions>;

const extensionUpdate = {
  to: text,
  was: text,
  down: { oneOf: ["keep"] },
} as const satisfies ChecksOf<ExtensionUpdate>;

const view = {
  as: text,
  columns: texts,
  withData: flag,
} as const satisfies ChecksOf<ViewDefinition>;

const oldType = {
  back: fragment,
  indexes: { options: { ...wasIndex, name: text, columns: { options: indexColumn } } },
  key: texts,
} as const;

const { primaryKey: _key, generated: _generated, ...backfilled } = column;

/** The `m` of a migration. */
export const migrationChecks: MethodChecks<MigrationBuilder> = {
  createTable: { 2: { ...prefix, ...tableOptions, ...ifNotExists } },
  dropTable: {
    1: { ...prefix, ...ifExists, cascade: flag, was: code, wasOptions: { options: tableOptions } },
  },
  alterTable: { 2: prefix },
  renameTable: { 1: renaming },
  renameColumn: { 2: renaming },
  createIndex: { 1: indexColumn, 2: { ...index, ...ifNotExists } },
  dropIndex: { 1: indexByName, 2: { ...index, ...ifExists, cascade: flag } },
  renameIndex: { 2: renaming },
  createConstraint: { 2: { ...constraint, ...prefix } },
  dropConstraint: {
    2: { ...prefix, ...ifExists, cascade: flag, was: { options: constraint } },
  },
  renameConstraint: { 2: renaming },
  validateConstraint: { 2: prefix },
  createSchema: { 1: ifNotExists },
  dropSchema: { 1: { ...ifExists, cascade: flag } },
  createExtension: { 1: { ...extension, ...ifNotExists } },
  dropExtension: { 1: { ...ifExists, cascade: flag, was: { options: extension } } },
  updateExtension: { 1: extensionUpdate },
  createEnum: { 2: prefix },
  dropEnum: { 1: { ...prefix, ...ifExists, was: texts } },
  addEnumValue: { 2: { ...prefix, before: text, after: text, ...ifNotExists } },
  renameEnumValue: { 2: renaming },
  createSequence: { 1: { ...prefix, ...sequence, ...ifNotExists } },
  dropSequence: { 1: { ...prefix, ...ifExists, was: { options: sequence } } },
  createView: {
    1: view,
    2: { ...prefix, materialized: flag, orReplace: flag, was: { options: view } },
  },
  dropView: {
    1: { ...prefix, materialized: flag, ...ifExists, cascade: flag, was: { options: view } },
  },
  commentOnTable: { 2: { ...prefix, was: anything } },
  commentOnColumn: { 2: { ...prefix, comment: anything, was: anything } },
  execute: { 1: { down: text, parameters: anything, from: text } },
  executeFile: { 1: { down: text } },
  run: { 1: { down: code, label: text } },
  createIndexConcurrently: { 1: indexColumn, 2: { ...indexBeside, ...ifNotExists } },
  dropIndexConcurrently: { 1: indexByName, 2: { ...indexBeside, ...ifExists } },
  replaceIndex: {
    1: indexColumn,
    2: {
      ...indexBeside,
      replaces: text,
      keepName: flag,
      was: { options: { ...wasIndex, columns: { options: indexColumn } } },
    } satisfies ChecksOf<ReplaceIndexOptions>,
  },
  addForeignKey: { 1: { ...foreignKey, deferrable, name: text, comment: text } },
  addCheck: { 3: { ...prefix, comment: text } },
  addUniqueConstraint: {
    2: { ...prefix, deferrable, name: text, nullsDistinct: flag, comment: text },
  },
  setNotNullSafely: { 2: prefix },
  addColumnWithBackfill: { 3: { ...backfilled, ...prefix, fill: fragment, key: texts } },
  renameColumnSafely: { 2: renaming },
  finishRenameColumn: { 2: renaming },
  renameTableSafely: { 1: renaming },
  finishRenameTable: { 1: renaming },
  dropColumnSafely: { 2: { ...prefix, ...was } },
  finishDropColumn: { 2: { ...prefix, ...was } },
  changeTypeSafely: {
    3: {
      comment: text,
      size: number,
      precision: number,
      scale: number,
      collation: text,
      null: flag,
      default: anything,
      ...prefix,
      ...was,
      using: fragment,
      ...oldType,
    },
  },
  finishChangeType: { 2: { ...prefix, ...was, ...oldType } },
};
