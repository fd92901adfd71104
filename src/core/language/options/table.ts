/** Every option of the methods of `t`. */
import type { AlterTableBuilder, TableBuilder } from "../table-builder.ts";
import type { MethodChecks } from "./check.ts";
import { anything, flag, number, text } from "./kinds.ts";
import {
  column,
  foreignKey,
  ifExists,
  ifNotExists,
  primaryKey,
  references,
  spec,
  timestamps,
  was,
} from "./parts.ts";

const typeOptions = {
  size: number,
  precision: number,
  scale: number,
  collation: text,
  using: text,
};
const defaultOptions = { type: text, was: anything };
/** The `t` of `m.createTable`. */
export const tableChecks: MethodChecks<TableBuilder> = {
  id: { 0: primaryKey },
  column: { 2: column },
  references: { 2: references },
  timestamps: { 0: timestamps },
  primaryKey: { 1: { name: text } },
  foreignKey: { 1: foreignKey },
};

/** The `t` of `m.alterTable`. */
export const alterTableChecks: MethodChecks<AlterTableBuilder> = {
  add: { 2: { ...column, ...ifNotExists } },
  references: { 2: { ...references, ...ifNotExists } },
  timestamps: { 0: timestamps },
  modify: { 2: { ...column, ...was, references: spec.references } },
  remove: { 1: { ...was, ...ifExists, cascade: flag } },
  setDefault: { 2: defaultOptions },
  dropDefault: { 1: defaultOptions },
  setType: { 2: { ...typeOptions, was: { options: { ...typeOptions, type: text } } } },
};
