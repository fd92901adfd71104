/** `node child.js ARG…`: the command line of a built release, over a scenario, with a fault in it. */
import type { Adapter, Session } from "../../../src/adapters/adapter.ts";
import { mysql } from "../../../src/adapters/mysql/index.ts";
import { postgres } from "../../../src/adapters/postgres/index.ts";
import { sqlite } from "../../../src/adapters/sqlite/index.ts";
import { commands } from "../../../src/cli/commands/index.ts";
import { runProcess } from "../../../src/cli/run-process.ts";
import type { Statement } from "../../../src/core/model/statement.ts";
import { defineRelease } from "../../../src/index.ts";
import { type BackfillScenario, backfills } from "./backfills.ts";
import { type Scenario, scenarios } from "./scenarios.ts";
import type { ChildSettings } from "./start.ts";
import { listenNoMore, told } from "./words.ts";

const settings: ChildSettings = JSON.parse(process.env.FAULTS ?? "{}");
const { scenario, leaseMs, directUrl, gate = false } = settings;
shiftClock(settings.clockOffsetMs ?? 0);
const lease = leaseMs === undefined ? {} : { lockLeaseMs: leaseMs };
const migrations = scenario in scenarios ? scenarios[scenario as Scenario] : {};
const dataMigrations = scenario in backfills ? backfills[scenario as BackfillScenario] : {};
const repoAt = (address: string) => {
  const adapter = frozen(adapterOf(address));
  return { adapter, migrations, dataMigrations, safe: "off" } as const;
};
const Release = defineRelease({
  app: "app",
  version: settings.version ?? "1",
  repos: { main: repoAt(settings.address) },
});

if (gate) {
  process.stdout.write("ready\n");
  await told("go");
}
await runProcess(process.argv.slice(2), {
  commands,
  slipway: "0.0.0",
  name: "app",
  release: async () => Release,
  built: true,
});
listenNoMore();

/** Two clocks on one machine: everything of this process that asks for the date gets another one. */
function shiftClock(byMs: number): void {
  if (byMs === 0) return;
  const RealDate = Date;
  globalThis.Date = class extends RealDate {
    constructor(...given: readonly [] | readonly [string | number]) {
      super(...((given.length === 0 ? [RealDate.now() + byMs] : given) as [number]));
    }
    static override now() {
      return RealDate.now() + byMs;
    }
  } as DateConstructor;
}

function adapterOf(address: string): Adapter {
  switch (settings.kind) {
    case "postgres":
      return postgres({ url: address, directUrl, ...lease });
    case "mysql":
      return mysql({ url: address, ...lease });
    case "sqlite":
      return sqlite({ path: address });
  }
}

/** Stops this process as a whole before a call of the work session. */
function frozen(whole: Adapter): Adapter {
  const { freezeAt, freezeBefore } = settings;
  if (freezeAt === undefined && freezeBefore === undefined) return whole;
  let calls = 0;
  const passing = (session: Session): Session =>
    new Proxy(session, {
      get(target, property) {
        const value: unknown = Reflect.get(target, property, target);
        if (typeof value !== "function") return value;
        return (...given: readonly unknown[]) => {
          if (property === "query" || property === "execute") {
            calls += 1;
            process.stdout.write(`call ${calls}\n`);
            const isNamed = freezeBefore !== undefined && sendsLike(freezeBefore, given[0]);
            if (calls === freezeAt || isNamed) process.kill(process.pid, "SIGSTOP");
          }
          return Reflect.apply(value, target, given);
        };
      },
    });
  return {
    ...whole,
    open: async (options) => {
      const session = await whole.open(options);
      return options.role === "work" ? passing(session) : session;
    },
  };
}

/** Whether one of the statements of a call begins so. */
function sendsLike(beginning: string, given: unknown): boolean {
  const statements = typeof given === "string" ? [{ sql: given }] : (given as readonly Statement[]);
  return statements.some(({ sql }) => sql.startsWith(beginning));
}
