import { mainPath } from "../entry-files.ts";
import { type Arrangement, folderOfEntry, placed } from "./arrangement.ts";

/** A folder for each release, `0.27/00__x.sql`: the folder is the first part of the version. */
export const releaseFolders: Arrangement = (whole) => {
  const isRelease = (folder: string) => /(?:^|\/)v?\d+(?:\.\d+)+$/.test(folder);
  if (whole.entries.length === 0) return whole;
  if (!whole.entries.every((one) => isRelease(folderOfEntry(one)))) return whole;
  const releaseOf = (folder: string) => folder.replace(/^.*\//, "");
  const entries = placed(whole.entries, (one) => [
    ...partsOf(releaseOf(folderOfEntry(one))),
    one.number ?? one.version,
  ]).map((one) => {
    const id = `${releaseOf(folderOfEntry(one))}/${one.id}`;
    return { ...one, id, version: id, number: one.number ?? one.version };
  });
  const [first] = entries;
  return {
    ...whole,
    entries,
    readAs: [...whole.readAs, { layout: "release-folders", first: mainPath(first!.files) }],
  };

  /** Each has four parts, so that a part behind them is compared with its like. */
  function partsOf(release: string): readonly string[] {
    const parts = release.match(/\d+/g) ?? [];
    return [...parts, "0", "0", "0", "0"].slice(0, Math.max(4, parts.length));
  }
};
