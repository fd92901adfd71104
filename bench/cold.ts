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
    const project = writeProject(join(folder, `cold-${count}`), { count, kind: "ts" });
    const url = await database();
    const here = { cwd: project.folder, database: async () => url };
    await run({ ...here, name: "release", argv: [slipway, "release", "--quiet"] }, signal);
    const built = join(project.folder, "_release/bench/bin/bench");
    const command = (words: string): readonly Contestant[] => [
      { ...here, name: `\`bin/bench ${words}\`, ${count} applied`, command: built, argv: [words] },
      { ...here, name: `\`slipway ${words}\`, ${count} applied`, argv: [slipway, words] },
    ];
    await run({ ...here, name: "migrate", command: built, argv: ["migrate", "--quiet"] }, signal);
    commands.push(...command("status"), ...command("migrate"));
  }
  const some = commands[0]?.database ?? database;
  const contestants: readonly Contestant[] = [
    { name: node, argv: ["-e", "0"] },
    { name: query, argv: [join(floors, "query.cjs")], database: some },
    ...commands,
  ];
  const measured = await measure(contestants, { rounds: 25, budgetMs: 60_000, signal });
  return table("cold", measured, [
    { heading: "× node", to: [node] },
    { heading: "× pg", to: [query] },
  ]);
}
