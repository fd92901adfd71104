/** Everything that a migration can do, in the order of docs/migrations.md. */
import { changes } from "./changes.ts";
import { code } from "./code.ts";
import { columns } from "./columns.ts";
import { constraints } from "./constraints.ts";
import { indexes } from "./indexes.ts";
import { keys } from "./keys.ts";
import { objects } from "./objects.ts";
import type { Chapter } from "./operation-case.ts";
import { references } from "./references.ts";
import { safeForms } from "./safe-forms.ts";
import { tables } from "./tables.ts";

export const chapters: readonly Chapter[] = [
  tables,
  keys,
  columns,
  changes,
  references,
  indexes,
  constraints,
  safeForms,
  objects,
  code,
];
