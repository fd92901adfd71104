import { mainPath } from "../entry-files.ts";
import type { FolderEntry } from "../layout.ts";
import { type Arrangement, folderOf, folderOfEntry } from "./arrangement.ts";

const down = /(?:^|\/)(?:down|undo|revert|rollbacks?)$/;
const up = /(?:^|\/)(?:up|do|deploy)$/;

/** @slonik/migrator and others: `down/X.sql` is the way back of `X.sql` beside the folder, or in `up/`. */
export const downFolders: Arrangement = (whole) => {
  const sql = whole.entries.filter(({ files }) => files.kind === "sql");
  const downs = sql.filter((one) => down.test(folderOfEntry(one)));
  if (downs.length === 0) return whole;
  const ups = new Map(sql.filter((one) => !downs.includes(one)).map((one) => [upKey(one), one]));
  const twins = new Map(downs.map((one) => [ups.get(upKey(one)), one]));
  const orphans = downs.filter((one) => ups.get(upKey(one)) === undefined);
  return {
    entries: whole.entries
      .filter((one) => !downs.includes(one))
      .map((one): FolderEntry => {
        const twin = twins.get(one);
        if (twin === undefined) return one;
        const files = { up: mainPath(one.files), down: mainPath(twin.files) };
        return { ...one, files: { kind: "pair", ...files } };
      }),
    rejected: [
      ...whole.rejected,
      ...orphans.map((one) => ({
        path: mainPath(one.files),
        because: "way_up_missing" as const,
        looksLike: "the way back of a file that is not there",
      })),
    ],
    readAs: [
      ...whole.readAs,
      { layout: "down-folders", folders: [...new Set(downs.map(folderOfEntry))] },
    ],
  };
};

/** The same for both: the folder that holds the two, and the id. */
function upKey(one: FolderEntry): string {
  const folder = folderOfEntry(one);
  const isInside = down.test(folder) || up.test(folder);
  return `${isInside ? folderOf(folder) : folder}/${one.id}`;
}
