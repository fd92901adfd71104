/**
 * How much an addition takes, tried on a copy of the source: a rule, a signal of a throttle, an option of a repo and a
 * driver are added, complete at first, and then each without one of its parts. Whoever forgets one is told which.
 */
import { execFile } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "..");

/** A file that is new, or a line that is new in one: it goes before the line that begins with `before`. */
type Part =
  | { readonly file: string; readonly text: string }
  | { readonly file: string; readonly line: string; readonly before: string };

const rule: readonly Part[] = [
  {
    file: "core/safety/rules/no-monday.ts",
    text: `import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "no-monday": true;
  }
}

/** A rule of this test. */
export const noMonday = defineRule({
  name: "no-monday",
  tier: "policy",
  dialects: ["postgres"],
  why: "Nobody likes Mondays.",
  source: "https://www.postgresql.org/docs/current/sql-lock.html",
  bad: { sql: "LOCK TABLE monday;" },
  good: { sql: "LOCK TABLE tuesday;" },
  on: "table locked",
  judge: ({ table }) =>
    table.name === "monday" ? { message: "it is about a Monday", tables: [table.name] } : undefined,
});
`,
  },
  {
    file: "core/safety/rules/all.ts",
    line: 'export { noMonday as "no-monday" } from "./no-monday.ts";',
    before: "export { opaqueCode",
  },
];

const signal: readonly Part[] = [
  {
    file: "backfill/throttle/moon.ts",
    text: `import type { Signal } from "./signal.ts";

/** Holds while the moon is full. */
export const moon: Signal = {
  name: "moon",
  of: "server",
  limit: ({ fullMoon }) => fullMoon,
  read: async ({ now }, { fullMoon = 0 }) =>
    now() % 29 > fullMoon ? "the moon is full" : undefined,
};
`,
  },
  {
    file: "core/language/throttle.ts",
    line: "  fullMoon: number,",
    before: "  longTransactionMs: number",
  },
  {
    file: "backfill/throttle/signals.ts",
    line: 'import { moon } from "./moon.ts";',
    before: "import { replicaLag",
  },
  {
    file: "backfill/throttle/signals.ts",
    line: "  fullMoon: moon,",
    before: "  longTransactionMs:",
  },
];

const option: readonly Part[] = [
  {
    file: "release/config.ts",
    line: "    readonly motto?: string;",
    before: "    readonly lock?: boolean;",
  },
  { file: "release/config.ts", line: "  motto: name,", before: "  lock: flag," },
];

const driver: readonly Part[] = [
  {
    file: "adapters/other-sqlite/index.ts",
    text: `import type { Adapter } from "../adapter.ts";
import type { SqliteDatabase, SqliteDriver } from "../sqlite/driver.ts";
import type { SqliteOptions } from "../sqlite/settings.ts";
import { withDriver } from "../sqlite/with-driver.ts";

declare const opened: SqliteDatabase;

/** An adapter over a package that there is not. */
export function otherSqlite(options: SqliteOptions): Adapter {
  return withDriver(load, options);
}

async function load(): Promise<SqliteDriver> {
  return {
    open: () => ({
      isOpen: true,
      isTransaction: false,
      exec: (sql) => opened.exec(sql),
      prepare: (sql) => opened.prepare(sql),
      close: () => opened.close(),
    }),
  };
}
`,
  },
];

const all: readonly Part[] = [...rule, ...signal, ...option, ...driver];

/** Whose connections and dialect a driver borrows. The folders of all drivers are short. */
const drivers = ["better-sqlite3", "libsql", "mariadb", "neon", "postgres-js"];

describe("an addition", () => {
  let copy = "";
  beforeAll(async () => {
    copy = await mkdtemp(join(tmpdir(), "slipway-additions-"));
    for (const file of ["tsconfig.json", "package.json", "src"])
      cpSync(join(root, file), join(copy, file), { recursive: true });
    symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  });
  afterAll(() => rm(copy, { recursive: true, force: true }));

  /** Puts the source back, adds these, and gives what the compiler says: the file, and its words. */
  async function compile(parts: readonly Part[]): Promise<readonly (readonly string[])[]> {
    for (const { file } of all) rmSync(join(copy, "src", file), { force: true });
    for (const { file } of all.filter((part) => "line" in part))
      cpSync(join(root, "src", file), join(copy, "src", file));
    for (const part of parts) add(join(copy, "src", part.file), part);
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    const wishes = ["--noEmit", "--pretty", "false", "--incremental"];
    const state = ["--tsBuildInfoFile", join(copy, ".tsbuildinfo")];
    const said = await promisify(execFile)(process.execPath, [tsc, ...wishes, ...state], {
      cwd: copy,
    }).catch((error: { readonly stdout: string }) => error);
    return [...said.stdout.matchAll(/^src\/([^(]+)\(.*?: error TS\d+: (.*(?:\n {2}.*)*)/gm)].map(
      ([, file = "", words = ""]) => [file, words],
    );
  }

  it("compiles with all of its parts", async () => {
    expect(await compile(all)).toEqual([]);
  }, 120_000);

  it("is named by the compiler, part by part, when one is forgotten", async () => {
    const forgotten = [
      /no-monday\.ts/, // the line of the rule
      /^ {2}fullMoon: moon/, // the place of the signal
      /^ {2}motto: name/, // the kind of the option
    ];
    const parts = [
      ...all.filter((part) => !("line" in part && forgotten.some((one) => one.test(part.line)))),
      // An option that the type does not have.
      { file: "release/config.ts", line: "  crest: name,", before: "  lock: flag," },
    ].map((part) => {
      if (!("text" in part)) return part;
      const text = part.text
        .replace(/^ {2}good: .*\n/m, "")
        .replace(/^ {6}close: .*\n/m, "")
        .replace(/^ {2}name: "moon".*\n/m, "");
      return { file: part.file, text };
    });
    expect(await compile(parts)).toEqual([
      ["adapters/other-sqlite/index.ts", expect.stringContaining("'close' is missing")],
      ["backfill/throttle/moon.ts", expect.stringContaining("'name' is missing")],
      ["backfill/throttle/signals.ts", expect.stringContaining("'fullMoon' is missing")],
      ["core/safety/rules/index.ts", expect.stringContaining("no-monday")],
      ["core/safety/rules/no-monday.ts", expect.stringContaining("'good' is missing")],
      ["release/config.ts", expect.stringContaining("'crest' does not exist")],
    ]);
  }, 120_000);

  it("is named by the compiler too when the rule does not say its name, or no throttle has the limit", async () => {
    const parts = all
      .filter((part) => !("line" in part && /^ {2}fullMoon: number/.test(part.line)))
      .map((part) =>
        "text" in part
          ? { ...part, text: part.text.replace(/^declare module[\s\S]*?^}\n/m, "") }
          : part,
      );
    expect(new Set((await compile(parts)).map(([file]) => file))).toEqual(
      new Set([
        "backfill/throttle/moon.ts",
        "backfill/throttle/signals.ts",
        "core/safety/rules/no-monday.ts",
      ]),
    );
  }, 120_000);
});

it("has every file of a rule in the list", () => {
  const folder = join(root, "src/core/safety/rules");
  const files = readdirSync(folder).filter((file) =>
    /^export const \w+ = defineRule\(/m.test(readFileSync(join(folder, file), "utf8")),
  );
  expect(files.length).toBeGreaterThan(70);
  const list = readFileSync(join(folder, "all.ts"), "utf8");
  expect(files.filter((file) => !list.includes(`from "./${file}"`))).toEqual([]);
});

it.each(drivers)("%s is a driver of less than 250 lines", (name) => {
  const folder = join(root, "src/adapters", name);
  const lines = readdirSync(folder).flatMap((file) =>
    readFileSync(join(folder, file), "utf8").split("\n"),
  );
  expect(lines.length).toBeGreaterThan(20);
  expect(lines.length).toBeLessThan(250);
});

function add(path: string, part: Part): void {
  if ("text" in part) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, part.text);
    return;
  }
  const before = readFileSync(path, "utf8");
  const at = before.indexOf(`\n${part.before}`);
  if (at === -1) throw new Error(`${part.file} has no line that begins with ${part.before}`);
  writeFileSync(path, `${before.slice(0, at)}\n${part.line}${before.slice(at)}`);
}
