import { column } from "./column.ts";
import type { RecordContext, TimestampsDefaults } from "./defaults.ts";
import type { Column } from "./table-parts.ts";

/** The columns of `t.timestamps()`. */
export function timestampColumns(
  options: TimestampsDefaults,
  context: RecordContext,
): readonly Column[] {
  const {
    insertedAt = "inserted_at",
    updatedAt = "updated_at",
    type = "naive_datetime",
    null: nullable = false,
    ...rest
  } = {
    ...context.defaults.timestamps,
    ...options,
  };
  return [insertedAt, updatedAt]
    .filter((name) => name !== false)
    .map((name) => column(name, type, { null: nullable, ...rest }, context));
}
