/** How time grows with the number of files, and what very few of them cost. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { provenTables } from "./apply.ts";
import type { Bench } from "./bench.ts";
import { contest, type Entry, type Table } from "./contest.ts";
import { sqlText, versionOf } from "./migrations.ts";
import { writeProject } from "./project.ts";

const few = Number(process.env.SLIPWAY_BENCH_FILES ?? 5000);

export async function scale(bench: Bench): Promise<readonly Table[]> {
  const { folder, slipway, engines } = bench;
  const [postgres] = engines;
  const name = (count: number) => `\`slipway check\`, ${count.toLocaleString("en-US")} files`;
  const checking = (count: number): Entry => {
    const files = join(folder, `scale-${count}`);
    mkdirSync(files);
    for (let i = 1; i <= count; i++)
      writeFileSync(join(files, `${versionOf(i)}_create_table_${i}.sql`), sqlText(i));
    const isMany = count > few;
    return {
      name: name(count),
      kind: isMany ? "ours" : "floor",
      argv: [slipway, "check", files],
      cwd: folder,
      floor: name(few),
      bounds: isMany ? [{ figure: "ms", times: 4.2 }] : [],
    };
  };
  const rows = await contest([checking(few), checking(4 * few)], bench);
  const three = writeProject(join(folder, "scale-three"), { count: 3, kind: "sql" });
  const migrate: Entry = {
    name: "`slipway migrate`, 3 files",
    kind: "ours",
    argv: [slipway, "migrate", "--quiet"],
    cwd: three.folder,
    place: () => postgres.place(),
    proof: provenTables(postgres, 3),
    bounds: [{ figure: "ms", most: 500 }],
  };
  const small = await contest([migrate], bench);
  return [
    { title: "Four times as many files", figure: "ms", rows },
    { title: "Three files, PostgreSQL", figure: "ms", rows: small },
  ];
}
