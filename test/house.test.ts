/** The walls of the house: which room may import which. docs/architecture.md shows the same table. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const src = resolve(import.meta.dirname, "../src");

/**
 * Room → what its files may import, as path prefixes below src; its own files are always allowed. `core` has floors,
 * lowest first: each stands on floors before it in this list.
 */
const doors: { readonly [room: string]: readonly string[] } = {
  "core/model": [],
  "core/sql": ["core/model/"],
  "core/catalog": ["core/model/"],
  "core/language": ["core/model/", "core/sql/", "core/catalog/"],
  "core/backfill": ["core/model/", "core/language/"],
  "core/difference": ["core/model/", "core/catalog/", "core/language/"],
  "core/safety": ["core/model/", "core/sql/", "core/language/"],
  "core/plan": ["core/model/", "core/sql/", "core/language/", "core/backfill/", "core/safety/"],
  adapters: ["core/"],
  engine: ["core/", "adapters/adapter.ts"],
  backfill: ["core/", "adapters/adapter.ts", "engine/"],
  fleet: ["core/", "adapters/adapter.ts", "engine/"],
  reporters: ["core/", "engine/events.ts"],
  histories: ["core/"],
  compat: ["core/", "adapters/import-driver.ts"],
  release: [
    "core/",
    "adapters/adapter.ts",
    "engine/",
    "backfill/",
    "fleet/",
    "histories/",
    "reporters/",
    "rpc/",
    "check/",
  ],
  shadow: ["core/", "adapters/", "engine/", "check/", "release/"],
  build: ["core/", "engine/discovery/", "histories/", "built/cache-name.ts"],
  built: ["core/", "engine/", "histories/", "release/", "rpc/", "cli/"],
  rpc: ["core/"],
  check: ["core/", "adapters/adapter.ts", "engine/"],
  deploy: ["core/"],
  notify: ["core/", "engine/", "reporters/"],
  opentelemetry: ["core/", "engine/", "reporters/"],
  http: ["index.ts"],
  dashboard: ["core/", "adapters/adapter.ts", "check/", "http/", "index.ts"],
  testing: ["core/", "adapters/", "release/"],
  cli: [
    "core/",
    "adapters/adapter.ts",
    "engine/",
    "backfill/",
    "histories/",
    "reporters/",
    "release/",
    "build/",
    "built/damage.ts",
    "rpc/",
    "check/",
    "shadow/",
    "compat/kysely-types.ts",
    "dashboard/index.ts",
    "deploy/",
    "index.ts",
  ],
};

/** What no file of a room may say, and why. */
const forbidden: { readonly [room: string]: readonly (readonly [RegExp, string])[] } = {
  core: [
    [/from "node:/, "core is pure: no node: import"],
    [/\basync \w+\s*\(|\bawait\b/, "core is pure: nothing is asynchronous"],
    [
      /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bprocess\./,
      "core is pure: no clock, randomness or process",
    ],
  ],
  engine: [[/\bconsole\.|\bprocess\./, "the engine is given its world"]],
  backfill: [[/\bconsole\.|\bprocess\./, "the backfill is given its world"]],
  fleet: [[/\bconsole\.|\bprocess\./, "the fleet is given its world"]],
  reporters: [
    [/from "node:fs|\bprocess\.|\bconsole\./, "a reporter writes through what it was given"],
  ],
  release: [[/from "node:fs|\bprocess\.argv/, "the release reads neither files nor arguments"]],
};

/** Adapters that are a driver of a database: theirs is the connection, its dialect and its session are those of this one. */
const borrowed: { readonly [adapter: string]: string } = {
  pglite: "postgres",
  "postgres-js": "postgres",
  "better-sqlite3": "sqlite",
  libsql: "sqlite",
  mariadb: "mysql",
  neon: "postgres",
};

/** A comparison with the name of a database, or a case of it. */
const namesDatabase =
  /(?:[=!]==?\s*|\bcase\s+)"(?:postgres|pglite|mysql|mariadb|sqlite)"|"(?:postgres|pglite|mysql|mariadb|sqlite)"\s*[=!]==?/;

/** Where such a name is compared, and why it may. Everywhere else a capability of the dialect is asked. */
const mayName: readonly (readonly [place: string, why: string])[] = [
  ["compat/", "other tools name kinds of databases"],
  ["core/sql/", "the rules of a grammar, which several databases may follow"],
  ["core/safety/effects/by-words.ts", "the effects of a grammar that has no parser"],
  ["core/safety/rules/", "a rule is written for the databases that it names"],
  ["check/parser.ts", "the one place that says whose grammar needs a parser"],
  ["shadow/", "it makes databases of its own, of the kinds that it brings along"],
];

/** The interfaces that somebody writes who writes an adapter. */
const contract: readonly (readonly [file: string, name: string])[] = [
  ["adapters/adapter.ts", "Adapter"],
  ["adapters/adapter.ts", "Session"],
  ["adapters/lease.ts", "Lease"],
  ["adapters/lease.ts", "Fence"],
  ["adapters/adapter.ts", "Storage"],
  ["core/language/dialect.ts", "DialectDefinition"],
  ["core/language/backfill-sql.ts", "BackfillSql"],
];

const files = readdirSync(src, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.replaceAll("\\", "/"));

describe("the house", () => {
  it("has a door table for every room", () => {
    const rooms = new Set(files.filter((file) => file.includes("/")).map(roomOf));
    expect([...rooms].filter((room) => !(room in doors))).toEqual([]);
  });

  it("has no circle, those of types included", () => {
    expect(circles(new Map(files.map((file) => [file, importsOf(file)])))).toEqual([]);
  });

  it("opens no wrong door", () => {
    const wrong = files.filter((file) => file.includes("/")).flatMap(wrongDoors);
    expect(wrong).toEqual([]);
  });

  it("keeps each room to its manners", () => {
    const found = files.flatMap((file) => {
      const code = withoutComments(read(file));
      return (forbidden[file.split("/")[0] ?? ""] ?? [])
        .filter(([pattern]) => pattern.test(code))
        .map(([, why]) => `${file}: ${why}`);
    });
    expect(found).toEqual([]);
  });

  it("keeps one adapter out of another, but for what a driver borrows of its database", () => {
    const wrong = files
      .filter((file) => file.startsWith("adapters/"))
      .flatMap((file) => {
        const own = file.split("/")[1];
        return importsOf(file)
          .filter((target) => /^adapters\/[^/]+\//.test(target))
          .filter(
            (target) =>
              target.split("/")[1] !== own && target.split("/")[1] !== borrowed[own ?? ""],
          )
          .map((target) => `${file} imports ${target}`);
      });
    expect(wrong).toEqual([]);
  });

  it("is drawn in docs/architecture.md, room by room", () => {
    const page = readFileSync(resolve(src, "../docs/architecture.md"), "utf8");
    const [, table = ""] = /\n\| room \|.*\n\|-.*\n([\s\S]*?)\n\n/.exec(page) ?? [];
    const drawn = [...table.matchAll(/^\| ([a-z/]+) \|/gm)].map(([, room]) => room);
    expect(drawn.toSorted()).toEqual(Object.keys(doors).toSorted());
  });

  it("asks for the name of no database outside of adapters, but where a grammar or a kind of server is the subject", () => {
    const asked = files.filter(
      (file) => !file.startsWith("adapters/") && namesDatabase.test(withoutComments(read(file))),
    );
    expect(asked.filter((file) => !mayName.some(([place]) => file.startsWith(place)))).toEqual([]);
    const idle = mayName.filter(([place]) => !asked.some((file) => file.startsWith(place)));
    expect(idle).toEqual([]);
  });

  it("keeps what an adapter must say short, so that one starts small", () => {
    const required = contract.flatMap(([file, name]) => requiredOf(read(file), name));
    expect(required.length).toBeLessThanOrEqual(35);
    expect(required).toEqual(expect.arrayContaining(["compile", "tryLock", "describe"]));
  });

  it("calls no two things by one name: a type is exported once, but for those that pass it on", () => {
    const homes = new Map<string, readonly string[]>();
    for (const file of files)
      for (const name of typesOf(file)) homes.set(name, [...(homes.get(name) ?? []), file]);
    expect(homes.size).toBeGreaterThan(500);
    const twice = [...homes].filter(([, places]) => places.length > 1);
    expect(twice.map(([name, places]) => `${name}: ${places.join(", ")}`)).toEqual([]);
  });

  it("has no file of more than 300 lines: there it is parted by what it is about", () => {
    const lengths = files.map((file) => ({ file, lines: read(file).trimEnd().split("\n").length }));
    expect(lengths.filter(({ lines }) => lines > 300)).toEqual([]);
  });

  it("has no drawer for odds and ends", () => {
    expect(
      files.filter((file) => /(^|\/)(utils?|helpers?|misc|common)(\.ts|\/)/.test(file)),
    ).toEqual([]);
  });
});

/** The members of an interface that have no default: those without a question mark. */
function requiredOf(code: string, name: string): readonly string[] {
  const [, body = ""] =
    new RegExp(`export interface ${name} \\{\\n([\\s\\S]*?)\\n\\}`).exec(code) ?? [];
  return [...body.matchAll(/^ {2}(?:readonly )?(\w+)[:(]/gm)].map(([, member = ""]) => member);
}

/** The types, interfaces and classes that a file declares and exports. */
function typesOf(file: string): readonly string[] {
  return [
    ...withoutComments(read(file)).matchAll(
      /^export (?:declare )?(?:abstract )?(?:type|interface|class) (\w+)/gm,
    ),
  ].map(([, name = ""]) => name);
}

function wrongDoors(file: string): readonly string[] {
  const room = roomOf(file);
  const allowed = [`${room}/`, ...(doors[room] ?? [])];
  return importsOf(file)
    .filter((target) => !allowed.some((prefix) => target.startsWith(prefix)))
    .map((target) => `${file} imports ${target}`);
}

/** What a file imports from the house, as paths below src. */
function importsOf(file: string): readonly string[] {
  return [...read(file).matchAll(/(?:from|import)\s*\(?\s*"(\.{1,2}\/[^"]+)"/g)].map(
    ([, target = ""]) =>
      relative(src, resolve(dirname(join(src, file)), target)).replaceAll("\\", "/"),
  );
}

/** `core` is a house of its own, so its rooms are one folder deeper. */
function roomOf(file: string): string {
  const [room = "", floor = ""] = file.split("/");
  return room === "core" ? `${room}/${floor}` : room;
}

/** The groups of files that import each other, by Tarjan's algorithm. */
function circles(imports: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const found: string[] = [];
  const stack: string[] = [];
  const index = new Map<string, number>();
  const lowest = new Map<string, number>();
  const visit = (file: string): number => {
    const mine = index.size;
    index.set(file, mine);
    lowest.set(file, mine);
    stack.push(file);
    for (const next of imports.get(file) ?? []) {
      if (!imports.has(next)) continue;
      const reached = index.has(next)
        ? stack.includes(next)
          ? (index.get(next) ?? mine)
          : mine
        : visit(next);
      lowest.set(file, Math.min(lowest.get(file) ?? mine, reached));
    }
    if (lowest.get(file) === mine) {
      const circle = stack.splice(stack.indexOf(file));
      if (circle.length > 1) found.push(circle.sort().join(", "));
    }
    return lowest.get(file) ?? mine;
  };
  for (const file of imports.keys()) if (!index.has(file)) visit(file);
  return found;
}

function read(file: string): string {
  return readFileSync(join(src, file), "utf8");
}

function withoutComments(code: string): string {
  return code.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
}
