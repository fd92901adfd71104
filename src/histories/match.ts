/**
 * Compares the rows of another tool with the files in the folder: which ran, which are left, and
 * which are doubtful.
 */
import type { FileFacts, ForeignHistory, ForeignRow, Hashes } from "./foreign-history.ts";

/** A file and the row that says that it ran. */
export type Adopted<File> = { readonly file: File; readonly row: ForeignRow };

/** A question that needs an answer before anything is recorded. */
export type Doubt = {
  readonly kind: DoubtKind;
  /** The file or the row, as its own tool calls it. */
  readonly of: string;
  readonly words: string;
};

/** As `--accept` takes them. */
export const doubtKinds = [
  "row-without-file",
  "file-without-row",
  "checksum",
  "order",
  "failed",
  "ambiguous",
] as const;
export type DoubtKind = (typeof doubtKinds)[number];

export type Matched<File> = {
  readonly adopted: readonly Adopted<File>[];
  /** In the order of the files: what migrate will run. */
  readonly pending: readonly File[];
  readonly doubts: readonly Doubt[];
};

/** `files` in the order in which they run. */
export function match<File extends FileFacts>(
  history: ForeignHistory,
  {
    rows,
    files,
    hashes,
  }: {
    readonly rows: readonly ForeignRow[];
    readonly files: readonly File[];
    readonly hashes: Hashes;
  },
): Matched<File> {
  const latest = new Map(rows.map((row) => [row.key, row]));
  const keys = new Map(files.map((file) => [file, history.keys(file, hashes)]));
  const claims = Map.groupBy(
    files.flatMap((file) => (keys.get(file) ?? []).map((key) => ({ key, file }))),
    ({ key }) => key,
  );
  const covering = [...latest.values()].filter(({ standsFor }) => standsFor !== undefined);
  const rowOf = history.upTo
    ? coveredBy(latest, files, keys)
    : (file: File) =>
        (keys.get(file) ?? []).map((key) => latest.get(key)).find(Boolean) ??
        covering.find((row) => history.covers?.(row, file));

  const found = files.map((file) => ({ file, row: rowOf(file) }));
  const adopted = found.flatMap(({ file, row }) =>
    row?.state === "applied" ? [{ file, row }] : [],
  );
  const pending = found.filter(({ row }) => row?.state !== "applied").map(({ file }) => file);
  const used = new Set(found.flatMap(({ row }) => (row === undefined ? [] : [row.key])));
  return {
    adopted,
    pending,
    doubts: [
      ...ambiguous(claims, latest, history),
      ...failed(latest),
      ...withoutFile(latest, used),
      ...(history.upTo ? [] : withoutRow(found)),
      ...edited(history, adopted, hashes),
      ...(history.upTo || history.keepsNoOrder ? [] : disordered(rows, adopted)),
    ],
  };
}

/** One row covers all files up to the one that it names. */
function coveredBy<File extends FileFacts>(
  rows: ReadonlyMap<string, ForeignRow>,
  files: readonly File[],
  keys: ReadonlyMap<File, readonly string[]>,
): (file: File) => ForeignRow | undefined {
  const named = (file: File) => (keys.get(file) ?? []).find((key) => rows.has(key));
  const last = files.findLastIndex((file) => named(file) !== undefined);
  const key = last === -1 ? undefined : named(files[last]!);
  const row = key === undefined ? undefined : rows.get(key);
  return (file) => {
    const at = files.indexOf(file);
    if (row === undefined || at > last) return undefined;
    // The newest alone may have failed: the ones before it had their turn.
    return at === last ? row : { ...row, state: "applied" };
  };
}

function ambiguous<File extends FileFacts>(
  claims: ReadonlyMap<string, readonly { readonly file: File }[]>,
  rows: ReadonlyMap<string, ForeignRow>,
  { label }: ForeignHistory,
): readonly Doubt[] {
  return [...claims]
    .filter(([key, files]) => rows.has(key) && files.length > 1)
    .map(([key, files]) => ({
      kind: "ambiguous",
      of: key,
      words: `${label} calls ${files.map(({ file }) => file.base).join(" and ")} the same: ${key}`,
    }));
}

function failed(rows: ReadonlyMap<string, ForeignRow>): readonly Doubt[] {
  return [...rows.values()]
    .filter((row) => row.state === "failed")
    .map(({ key, reason = "it failed" }) => ({
      kind: "failed",
      of: key,
      words: `${key}: ${reason}`,
    }));
}

function withoutFile(
  rows: ReadonlyMap<string, ForeignRow>,
  used: ReadonlySet<string>,
): readonly Doubt[] {
  return [...rows.values()]
    .filter(({ state, standsFor }) => state === "applied" && standsFor === undefined)
    .filter(({ key }) => !used.has(key))
    .map(({ key }) => ({
      kind: "row-without-file",
      of: key,
      words: `${key} ran, and no file here is it`,
    }));
}

/** A file that is older than one that ran: the tool may never run it, or it came late. */
function withoutRow<File extends FileFacts>(
  found: readonly { readonly file: File; readonly row: ForeignRow | undefined }[],
): readonly Doubt[] {
  const newest = found.findLastIndex(({ row }) => row?.state === "applied");
  return found
    .slice(0, newest + 1)
    .filter(({ row, file }) => row === undefined && !runsAgain(file))
    .map(({ file: { base } }) => ({
      kind: "file-without-row",
      of: base,
      words: `${base} did not run, although newer ones did; migrate would run it`,
    }));
}

/** Flyway's repeatable migrations, which run when they change: their place among the others says nothing. */
function runsAgain({ base }: FileFacts): boolean {
  return base.startsWith("R__");
}

function edited<File extends FileFacts>(
  { checksums }: ForeignHistory,
  adopted: readonly Adopted<File>[],
  hashes: Hashes,
): readonly Doubt[] {
  if (checksums === undefined) return [];
  return adopted.flatMap(({ file, row }): readonly Doubt[] => {
    const right = checksums(file, hashes);
    if (row.checksum === undefined || right.length === 0 || right.includes(row.checksum)) return [];
    const words = `${file.base} is not the text that ran: its checksum differs`;
    return [{ kind: "checksum", of: file.base, words }];
  });
}

/** Pairs that ran the other way round than the files would: the schema may depend on it. */
function disordered<File extends FileFacts>(
  rows: readonly ForeignRow[],
  adopted: readonly Adopted<File>[],
): readonly Doubt[] {
  const place = new Map(rows.map((row, i) => [row.key, i]));
  let latest: Adopted<File> | undefined;
  const doubts: Doubt[] = [];
  for (const one of adopted) {
    if (runsAgain(one.file)) continue;
    if (latest !== undefined && place.get(one.row.key)! < place.get(latest.row.key)!) {
      const words = `${one.file.base} ran before ${latest.file.base}, and comes behind it here`;
      doubts.push({ kind: "order", of: one.file.base, words });
    } else latest = one;
  }
  return doubts;
}
