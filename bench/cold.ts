/** What a command costs that has nothing to do, as a whole process. */
import { join } from "node:path";
import type { Bench } from "./index.ts";
import { type Contestant, measure, run } from "./measure.ts";
import { writeProject } from "./project.ts";
import { table } from "./table.ts";

const node = "`node -e 0`";
const query = "`pg` in one file, one query";

export async function cold({ folder, floors, database, slipway, signal }: Bench): Promise<string> {
  const commands: Contestant[] = [];
  for (const count of [10, 1000]) {
    const project = writeProject(join(folder, `cold-${count}`), { count, kind: "sql" });
    const url = await database();
    const command = (words: string): Contestant => ({
      name: `\`slipway ${words}\`, ${count} applied`,
      argv: [slipway, words],
      cwd: project.folder,
      database: async () => url,
    });
    await run(command("migrate"), signal);
    commands.push(command("status"), command("migrate"));
  }
  const some = commands[0]?.database ?? database;
  const contestants: readonly Contestant[] = [
    { name: node, argv: ["-e", "0"] },
    { name: query, argv: [join(floors, "query.cjs")], database: some },
    ...commands,
  ];
  const measured = await measure(contestants, { rounds: 15, budgetMs: 25_000, signal });
  return table("cold", measured, [
    { heading: "× node", to: [node] },
    { heading: "× pg", to: [query] },
  ]);
}
