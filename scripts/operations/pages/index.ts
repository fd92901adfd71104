/** Every page of docs/operations, in the order of docs/migrations.md. */
import type { PageGroup } from "../operation-page.ts";
import { changes } from "./changes.ts";
import { code } from "./code.ts";
import { columns } from "./columns.ts";
import { constraints } from "./constraints.ts";
import { indexes } from "./indexes.ts";
import { objects } from "./objects.ts";
import { tables } from "./tables.ts";

export const groups: readonly PageGroup[] = [
  tables,
  columns,
  changes,
  indexes,
  constraints,
  objects,
  code,
];
