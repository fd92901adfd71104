/**
 * `node migrator-process.ts KIND ADDRESS SCENARIO`: one run of a scenario in a process of its own.
 * It begins when it reads `go`, and writes what happens as lines of JSON.
 */
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Adapter } from "../../../src/adapters/adapter.ts";
import { postgres } from "../../../src/adapters/postgres/index.ts";
import { sqlite } from "../../../src/adapters/sqlite/index.ts";
import { defineMigration, defineRelease, isReleaseError } from "../../../src/index.ts";

const [kind, address = "", scenario] = process.argv.slice(2);
const adapter: Adapter = kind === "sqlite" ? sqlite({ path: address }) : postgres({ url: address });
const input = createInterface({ input: process.stdin });

/** Waits for the parent to write this word. */
async function told(word: string): Promise<void> {
  for (;;) {
    const [line] = await once(input, "line");
    if (line === word) return;
  }
}

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

const creates = (name: string) =>
  defineMigration({ change: (m) => m.createTable(name, (t) => t.id()) });

const scenarios = {
  /** A migration that lasts until the parent says `end`. */
  slow: {
    "1_slow": defineMigration({
      up(m) {
        m.createTable("slow", (t) => t.id());
        m.run(async () => {
          say({ type: "working" });
          await told("end");
        });
      },
    }),
  },
  first: { "1_one": creates("one"), "2_two": creates("two"), "3_three": creates("three") },
  index: {
    "1_index": defineMigration({
      change: (m) => m.createIndex("posts", ["title"], { concurrently: true }),
    }),
  },
};

const migrations = scenarios[scenario as keyof typeof scenarios];
const release = defineRelease({ app: "blog", repos: { main: { adapter, migrations } } });

say({ type: "ready" });
await told("go");
try {
  const outcomes = await release.using({ emit: say }).migrate();
  say({
    type: "done",
    versions: outcomes.flatMap((one) => one.migrations.map((done) => done.version)),
  });
} catch (error) {
  say({ type: "done", error: isReleaseError(error) ? error.message : String(error) });
}
input.close();
