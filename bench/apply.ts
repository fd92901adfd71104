/** What 1,000 small migrations cost, each in a transaction of its own, as a whole process on an empty database. */
import { join } from "node:path";
import type { Bench } from "./index.ts";
import { type Contestant, measure } from "./measure.ts";
import { writeProject } from "./project.ts";
import { table } from "./table.ts";

const awaited = "(a) `pg`, every statement awaited";
const joined = "(b) `pg`, one simple query a migration";
const loading = "(c) importing the 1,000 .ts files";

export async function apply({ folder, floors, database, slipway, signal }: Bench): Promise<string> {
  const sql = writeProject(join(folder, "apply-sql"), { count: 1000, kind: "sql" });
  const ts = writeProject(join(folder, "apply-ts"), { count: 1000, kind: "ts" });
  const floor = join(floors, "apply.cjs");
  const migrate = { argv: [slipway, "migrate"], database };
  const contestants: readonly Contestant[] = [
    { name: awaited, argv: [floor, "awaited", sql.migrations], database },
    { name: joined, argv: [floor, "joined", sql.migrations], database },
    { name: loading, argv: [join(floors, "load.cjs"), ts.migrations] },
    { name: "`slipway migrate`, .sql files", cwd: sql.folder, ...migrate },
    { name: "`slipway migrate`, .ts files", cwd: ts.folder, ...migrate },
  ];
  const measured = await measure(contestants, { rounds: 5, budgetMs: 90_000, signal });
  return table("1,000 migrations", measured, [
    { heading: "× (a)", to: [awaited] },
    { heading: "× (b)", to: [joined] },
    { heading: "× (b) + (c)", to: [joined, loading] },
  ]);
}
