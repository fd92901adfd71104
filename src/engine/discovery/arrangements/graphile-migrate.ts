import { mainPath } from "../entry-files.ts";
import { type Arrangement, folderOf, folderOfEntry } from "./arrangement.ts";

/**
 * graphile-migrate: `committed/` has the migrations that ran; `current.sql`, `current/` and `fixtures/` are beside it.
 */
export const graphileMigrate: Arrangement = (whole) => {
  const roots = whole.entries
    .map(folderOfEntry)
    .filter((folder) => /(?:^|\/)committed$/.test(folder))
    .map(folderOf);
  if (roots.length === 0) return whole;
  const isBeside = (path: string) =>
    roots.some((root) => {
      const inside = root === "" ? path : path.slice(root.length + 1);
      const below = root === "" || path.startsWith(`${root}/`);
      return below && /^(?:current(?:\.sql$|\/)|fixtures\/|(?:before|after)\w+\.sql$)/.test(inside);
    });
  return {
    entries: whole.entries.filter((one) => !isBeside(mainPath(one.files))),
    rejected: whole.rejected.filter((one) => !isBeside(one.path)),
    readAs: [...whole.readAs, { layout: "graphile-migrate" }],
  };
};
