/** The pace of a backfill, as fields of a form. */

/** What can be set from a page; the commands can set more. */
export const paceFields = [
  { name: "batchSize", words: "Rows of a batch" },
  { name: "targetMs", words: "A batch should take (ms)" },
  { name: "pauseMs", words: "Pause after a batch (ms)" },
  { name: "parallel", words: "Connections of a process" },
] as const;

type PaceSet = { readonly [Field in (typeof paceFields)[number]["name"]]?: number };

/** What was filled in. A text that is no number is given on as it is, and refused by name there. */
export function paceIn(fields: URLSearchParams): PaceSet {
  return Object.fromEntries(
    paceFields.flatMap(({ name }) => {
      const text = fields.get(name)?.trim() ?? "";
      return text === "" ? [] : [[name, Number(text)]];
    }),
  );
}
