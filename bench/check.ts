/** What it costs to judge many SQL files, as a whole process. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Bench } from "./bench.ts";
import { type Contestant, measure } from "./measure.ts";
import { table } from "./table.ts";

const node = "`node -e 0`";
const old = 50;

export async function check({ folder, slipway, signal }: Bench): Promise<string> {
  writeFileSync(join(folder, "base.sql"), Array.from({ length: old }, (_, n) => made(n)).join(""));
  const judging = (count: number): Contestant => {
    const files = join(folder, `check-${count}`);
    writeFiles(files, count);
    const argv = [slipway, "check", files, "--schema", "base.sql"];
    return { name: `\`slipway check\`, ${count} file${count === 1 ? "" : "s"}`, argv, cwd: folder };
  };
  const contestants = [{ name: node, argv: ["-e", "0"] }, judging(1), judging(500)];
  const measured = await measure(contestants, { rounds: 5, budgetMs: 60_000, signal });
  return table("check", measured, [{ heading: "× node", to: [node] }]);
}

/** Five statements each: a table of the file's own, and safe changes of one that is older. */
function writeFiles(files: string, count: number): void {
  mkdirSync(files);
  for (let n = 0; n < count; n++) {
    const before = `old_${n % old}`;
    const text = `${made(n).replaceAll("old_", "new_")}
ALTER TABLE ${before} ADD COLUMN note_${n} text;
CREATE INDEX CONCURRENTLY ${before}_note_${n} ON ${before} (note_${n});
ALTER TABLE ${before} ADD CONSTRAINT ${before}_short_${n} CHECK (length(note_${n}) < 100) NOT VALID;
ALTER TABLE ${before} VALIDATE CONSTRAINT ${before}_short_${n};
`;
    writeFileSync(join(files, `${String(n).padStart(4, "0")}.sql`), text);
  }
}

function made(n: number): string {
  return `CREATE TABLE old_${n} (id bigint PRIMARY KEY, name text NOT NULL, at timestamptz DEFAULT now());\n`;
}
