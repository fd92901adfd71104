import type { FileFacts, ForeignHistory } from "./foreign-history.ts";
import { timeOfMs } from "./key.ts";

/**
 * TypeORM: the name of the class, or its `name`; the file's name means nothing. The stamp is the
 * last 13 digits of the name, so a longer one is cut.
 */
export const typeorm: ForeignHistory = {
  tool: "typeorm",
  label: "TypeORM",
  table: { name: "migrations", has: ["id", "timestamp", "name"] },
  columns: ["name", "timestamp"],
  order: ["id"],
  says: ({ name, timestamp }) =>
    name === undefined
      ? undefined
      : { key: name, state: "applied", appliedAt: timeOfMs(timestamp) },
  keys: (file) => [className(file)].filter((name) => name !== undefined),
};

/** Reads only the text above `up`: its SQL and comments may hold "name" and "class" too. */
function className({ text }: FileFacts): string | undefined {
  const code = text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
  const up = code.search(/\bup\s*(?:\(|=)/);
  const head = up === -1 ? code : code.slice(0, up);
  const [, given] = /\bname\s*(?::\s*string\s*)?=\s*["'`]([^"'`]+)["'`]/.exec(head) ?? [];
  const [, written] = /\bclass\s+(\w+)/.exec(head) ?? [];
  return given ?? written;
}
