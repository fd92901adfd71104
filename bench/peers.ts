/**
 * Other checkers of PostgreSQL migrations beside ours, on the cases of test/check/cases: whether they see a danger
 * where there is one, and none where there is none. Each at a version of npm, in a folder of its own.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkFiles } from "../src/check/check-files.ts";
import { neededParser } from "../src/check/parser.ts";
import { type Case, shop } from "../test/check/cases/case.ts";
import { groups } from "../test/check/cases/index.ts";
import type { Bench } from "./bench.ts";

type Listed = {
  readonly file: string;
  readonly sql: string;
  readonly isDangerous: boolean;
  readonly one: Case;
};

/** Gives the files in which it sees a danger, conventions left out. */
type Peer = {
  readonly name: string;
  readonly install?: string;
  sees(files: readonly string[], folder: string): ReadonlySet<string>;
};

export async function peers({ folder }: Bench): Promise<string> {
  const cases = listed();
  const place = join(folder, "peers");
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, "package.json"), '{ "private": true }');
  for (const { file, sql } of cases) writeFileSync(join(place, file), `${sql};\n`);
  const seen = [
    await ours(cases),
    ...[squawk, pgfence].map((peer) => measured(peer, cases, place)),
  ];
  const dangerous = cases.filter(({ isDangerous }) => isDangerous).length;
  const rows = seen.map(({ name, files }) => {
    const isSeen = ({ file }: Listed) => files.has(file);
    const tooMuch = cases.filter((one) => !one.isDangerous && isSeen(one)).length;
    const tooLittle = cases.filter((one) => one.isDangerous && !isSeen(one)).length;
    return [name, cases.length - tooMuch - tooLittle, tooMuch, tooLittle].map(String);
  });
  const head = [
    `${cases.length} cases, ${dangerous} of them dangerous`,
    "exact",
    "too much",
    "too little",
  ];
  return [head, ["---", "---:", "---:", "---:"], ...rows]
    .map((cells) => `| ${cells.join(" | ")} |\n`)
    .join("");
}

/** Cases of one file for the newest server, without conventions. */
function listed(): readonly Listed[] {
  const all = Object.entries(groups).flatMap(([group, cases]) =>
    cases.map((one) => ({ group, one })),
  );
  return all
    .filter(
      ({ one: [, sql, , options = {}] }) =>
        typeof sql === "string" && options.policy !== true && options.version === undefined,
    )
    .map(({ group, one }, i) => {
      const [, sql, rules] = one;
      return {
        file: `${group.replace(/\W+/g, "_")}_${i}.sql`,
        sql: String(sql),
        isDangerous: rules.length > 0,
        one,
      };
    });
}

async function ours(
  cases: readonly Listed[],
): Promise<{ name: string; files: ReadonlySet<string> }> {
  const parser = await neededParser("bench");
  const files = cases.filter(({ file, sql, one: [, , , options = {}] }) => {
    const schema = options.schema === undefined ? shop : options.schema;
    const { findings } = checkFiles([{ name: file, text: sql }], {
      parser,
      schema: schema === null ? undefined : { name: "schema.sql", text: schema },
      inTransaction: options.inTransaction === true,
      policy: false,
    });
    return findings.length > 0;
  });
  return { name: "`slipway check --schema`", files: new Set(files.map(({ file }) => file)) };
}

function measured(
  peer: Peer,
  cases: readonly Listed[],
  place: string,
): { name: string; files: ReadonlySet<string> } {
  const folder = join(place, peer.name.replace(/\W+/g, "-"));
  mkdirSync(folder);
  writeFileSync(join(folder, "package.json"), '{ "private": true }');
  const flags = ["install", "--no-audit", "--no-fund", "--silent", peer.install ?? peer.name];
  const installed = spawnSync("npm", flags, { cwd: folder, encoding: "utf8" });
  if (installed.status !== 0)
    throw new Error(`npm cannot install ${peer.name}: ${installed.stderr}`);
  const files = cases.map(({ file }) => join("..", file));
  const seen = peer.sees(files, folder);
  return {
    name: peer.install ?? peer.name,
    files: new Set([...seen].map((file) => file.replace(/^.*\//, ""))),
  };
}

const conventions =
  /^(prefer-|require-(lock|statement)-|require-timeout|ban-char-field|transaction-nesting|require-enum)/;

const squawk: Peer = {
  name: "squawk-cli",
  install: "squawk-cli@2.66.0",
  sees: (files, folder) => {
    const found = json(
      join(folder, "node_modules/.bin/squawk"),
      ["--reporter=json", ...files],
      folder,
    );
    if (found === undefined) throw new Error("squawk gave no JSON");
    return new Set(
      (found as readonly { readonly file: string; readonly rule_name: string }[])
        .filter(({ rule_name: rule }) => !conventions.test(rule))
        .map(({ file }) => file),
    );
  },
};

const pgfence: Peer = {
  name: "@flvmnt/pgfence",
  install: "@flvmnt/pgfence@0.1.5",
  sees: (files, folder) => {
    const flags = ["analyze", "--output", "json", "--format", "sql", "--min-pg-version", "18"];
    const program = join(folder, "node_modules/.bin/pgfence");
    const looked = (some: readonly string[]): readonly string[] => {
      const found = json(program, [...flags, ...some], folder);
      // One file that it cannot read ends it, and is told by that.
      if (found === undefined && some.length === 1) return some;
      if (found === undefined) {
        const half = some.length >> 1;
        return [...looked(some.slice(0, half)), ...looked(some.slice(half))];
      }
      const { results } = found as {
        readonly results: readonly { readonly filePath: string; readonly maxRisk: string }[];
      };
      return results
        .filter(({ maxRisk }) => !/^(SAFE|LOW)$/.test(maxRisk))
        .map(({ filePath }) => filePath);
    };
    return new Set(looked(files));
  },
};

/** What a program prints as JSON; `undefined` where it prints something else. */
function json(command: string, args: readonly string[], cwd: string): unknown {
  const { stdout } = spawnSync(command, args, { cwd, encoding: "utf8", maxBuffer: 1e9 });
  try {
    return JSON.parse(stdout);
  } catch {
    return undefined;
  }
}
