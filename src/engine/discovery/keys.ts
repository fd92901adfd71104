/** Which of a folder's migrations are known by their number, and which by their whole id. */
import type { FoundMigration } from "./read-tree.ts";

/**
 * Files of SQL may share a number, as Prisma's and many tools' do: each of those is known by its id, and they run in the
 * order of their ids. Two modules of one number are left to the planner, which refuses them.
 */
export function keyed(found: readonly FoundMigration[]): readonly FoundMigration[] {
  const numbers = Map.groupBy(found, ({ file }) => file.version);
  return found.map((one) => {
    const { file } = one;
    const same = numbers.get(file.version) ?? [];
    const ids = new Set(same.map((other) => other.file.id));
    if (ids.size < 2 || same.some(({ files }) => files.kind === "module")) return one;
    return { ...one, file: { ...file, version: file.id, number: file.version } };
  });
}
