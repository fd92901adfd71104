/** Options that several operations share. Each list is tied to the type of the options that it checks. */
import type { ColumnOptions, ColumnSpec, ReferenceOptions } from "../column.ts";
import type { ForeignKeyConstraintOptions } from "../constraint.ts";
import type { PrimaryKeyDefaults, TimestampsDefaults } from "../defaults.ts";
import type { ChecksOf } from "./check.ts";
import {
  action,
  anything,
  deferrable,
  flag,
  match,
  nameOrNone,
  number,
  object,
  text,
  texts,
} from "./kinds.ts";

export const prefix = { prefix: text };
export const ifExists = { ifExists: flag };
export const ifNotExists = { ifNotExists: flag };

export const column = {
  null: flag,
  default: anything,
  primaryKey: flag,
  size: number,
  precision: number,
  scale: number,
  comment: text,
  collation: text,
  generated: anything,
  startValue: number,
  increment: number,
  fields: text,
  after: text,
} as const satisfies ChecksOf<ColumnOptions>;

export const reference = {
  name: text,
  column: text,
  type: anything,
  prefix: text,
  with: object,
  onDelete: action,
  onUpdate: action,
  match,
  validate: flag,
  deferrable,
} as const satisfies ChecksOf<ReferenceOptions>;

const { generated: _, startValue: _start, increment: _increment, ...plainColumn } = column;
export const references = { ...reference, ...plainColumn };

export const spec = {
  ...column,
  type: anything,
  references: { options: { ...reference, table: text } },
} as const satisfies ChecksOf<ColumnSpec>;
export const was = { was: { options: spec } };

export const foreignKey = {
  columns: texts,
  table: text,
  references: texts,
  prefix: text,
  onDelete: action,
  onUpdate: action,
  match,
} as const satisfies ChecksOf<ForeignKeyConstraintOptions>;

export const primaryKey = {
  name: text,
  type: anything,
  default: anything,
  startValue: number,
  increment: number,
} as const satisfies ChecksOf<PrimaryKeyDefaults>;

export const timestamps = {
  insertedAt: nameOrNone,
  updatedAt: nameOrNone,
  type: anything,
  null: flag,
  default: anything,
} as const satisfies ChecksOf<TimestampsDefaults>;
