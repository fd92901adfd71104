import { mainPath } from "../entry-files.ts";
import type { FolderEntry } from "../layout.ts";
import { type Arrangement, folderOf, folderOfEntry } from "./arrangement.ts";

/** db-migrate: a module reads `sqls/STEM-up.sql` and `sqls/STEM-down.sql`, which are the migration. */
export const dbMigrate: Arrangement = (whole) => {
  const inside = whole.entries.filter((one) => isInSqls(one) && one.files.kind !== "module");
  const halves = inside.filter(
    ({ files, id }) => files.kind === "pair" || /-(?:up|down)$/.test(id),
  );
  if (halves.length === 0) return whole;
  const pairs = halves.flatMap((one): readonly FolderEntry[] => {
    if (one.files.kind === "pair") return [one];
    if (!one.id.endsWith("-up")) return [];
    const bare = (text: string) => text.replace(/-up$/, "");
    const files = { kind: "pair", up: mainPath(one.files) } as const;
    return [{ ...one, id: bare(one.id), name: bare(one.name), files }];
  });
  const alone = halves.filter(({ files, id }) => files.kind === "sql" && id.endsWith("-down"));
  const read = new Set(pairs.map((one) => `${folderOf(folderOfEntry(one))}/${one.id}`));
  const kept = whole.entries.filter(
    (one) =>
      !halves.includes(one) &&
      !(one.files.kind === "module" && read.has(`${folderOfEntry(one)}/${one.id}`)),
  );
  return {
    entries: [...kept, ...pairs],
    rejected: [
      ...whole.rejected,
      ...alone.map(({ files }) => ({
        path: mainPath(files),
        because: "way_up_missing" as const,
        looksLike: "the way back of a file that is not there",
      })),
    ],
    readAs: [...whole.readAs, { layout: "db-migrate" }],
  };
};

function isInSqls(one: FolderEntry): boolean {
  return /(?:^|\/)sqls$/.test(folderOfEntry(one));
}
