/** The pace of a backfill, as fields of a form. */

/** The settings that a page offers; the commands offer more. */
export const paceFields = [
  { name: "batchSize", words: "Rows of a batch" },
  { name: "targetMs", words: "A batch should take (ms)" },
  { name: "pauseMs", words: "Pause after a batch (ms)" },
  { name: "parallel", words: "Connections of a process" },
] as const;

type PaceSet = { readonly [Field in (typeof paceFields)[number]["name"]]?: number };

/**
 * The pace that the visitor filled in. A text that is no number becomes NaN: the release refuses it
 * by name.
 */
export function paceIn(fields: URLSearchParams): PaceSet {
  return Object.fromEntries(
    paceFields.flatMap(({ name }) => {
      const text = fields.get(name)?.trim() ?? "";
      return text === "" ? [] : [[name, Number(text)]];
    }),
  );
}
