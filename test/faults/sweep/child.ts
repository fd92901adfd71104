/** `node child.cjs KIND ADDRESS CASE DIRECTION KILL_AT`: one run, in a process that somebody may kill. */
import type { Adapter } from "../../../src/adapters/adapter.ts";
import { mysql } from "../../../src/adapters/mysql/index.ts";
import { postgres } from "../../../src/adapters/postgres/index.ts";
import { sqlite } from "../../../src/adapters/sqlite/index.ts";
import { casesOf, type SweepKind } from "./cases.ts";
import { killAtStatement } from "./kill-at-statement.ts";
import { runCase, type SweepDirection } from "./release-of.ts";

const [, , kind, address = "", name, direction, killAt] = process.argv as [
  string,
  string,
  SweepKind,
  ...string[],
];
const one = casesOf[kind].find((each) => each.name === name);
if (one === undefined) throw new Error(`no case ${name}`);
const counter = kind === "sqlite" ? killAtStatement(Number(killAt)) : undefined;
runCase(one, adapterOf(), direction as SweepDirection).then(
  () => {
    if (counter !== undefined) process.stdout.write(String(counter.count));
  },
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);

function adapterOf(): Adapter {
  switch (kind) {
    case "postgres":
      return postgres({ url: address });
    case "mysql":
      return mysql({ url: address });
    case "sqlite":
      return sqlite({ path: address });
  }
}
