/** No password is printed, whatever it looks like and wherever it stands. */
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import {
  readAddress as readMysql,
  showAddress as showMysql,
} from "../../src/adapters/mysql/address.ts";
import { readAddress, showAddress } from "../../src/adapters/postgres/address.ts";
import { redact, redactFor } from "../../src/core/model/redact.ts";
import { type Chance, chanceOf, seedOf } from "../support/random.ts";

describe("what is printed", () => {
  it.each([
    ["cannot reach postgres://me:secret@host/db", "cannot reach postgres://me:***@host/db"],
    ["postgres://me:s%2Fe@host/db: 1", "postgres://me:***@host/db: 1"],
    ["postgres://me:a@b@host/db", "postgres://me:***@host/db"],
    ["mysql://me:secret@one:3306,two:3306/db", "mysql://me:***@one:3306,two:3306/db"],
    ["postgres://me:se/c:r@et@host/db and mysql://a:b@c", "postgres://*** and mysql://a:***@c"],
    ["(postgres://me:se cret@host/db) is down", "(postgres://***) is down"],
    ["postgres://me:secret is cut off", "postgres://*** is cut off"],
    ["host=x password=secret user=me", "host=x password=*** user=me"],
    ["host=x password = 'se c\\'ret' user=me", "host=x password = *** user=me"],
    [`{ user: "me", password: "sec'ret" }`, `{ user: "me", password: *** }`],
    [
      "postgres://host/db?user=me&password=secret&ssl=1",
      "postgres://host/db?user=me&password=***&ssl=1",
    ],
    ["postgres://host/db?password=se cret", "postgres://***"],
  ])("%j is %j", (given, printed) => {
    expect(redact(given)).toBe(printed);
  });

  it.each([
    "postgres://host:5432/db is down",
    "postgres://ada@host:5432/db is down: ask ops@example.org",
    "postgres://[::1]:5432/db and postgres:///db?host=/run/postgresql",
    "postgres://127.0.0.1:5432/db: ask ops@example.org",
    "file:///a/b.ts:3 me@example.org",
    "at http://localhost:5173/@scope/package.js:3:4",
    'password authentication failed for user "me"',
    "Access denied for user 'me'@'host' (using password: YES)",
  ])("%j has none", (text) => {
    expect(redact(text)).toBe(text);
  });

  it("an address that is known hides its password alone, too, unless it is a name", () => {
    const address = { user: "me", password: "se/cret" };
    expect(redactFor(address, "no se/cret, no se%2Fcret")).toBe("no ***, no ***");
    expect(redactFor({ user: "me", password: "me" }, "user me")).toBe("user me");
  });
});

/** Parts that stand nowhere else; one is a number, as a port is. */
const secretParts = ["Zq7Xkw", "90717", "wV4tJp", "Pf8Lz"];
const between = [
  "",
  "@",
  "#",
  "?",
  "/",
  "%",
  " ",
  ":",
  "'",
  '"',
  "\n",
  "\\",
  "%20",
  "://",
  "=",
  "é",
];
/** An address of its own, after a space. */
const afterAll = between.filter((text) => text !== "://");
const hosts = [
  "host",
  "db.test:5432",
  "one:5432,two:5433",
  "[::1]:5432",
  "",
  "%2Frun%2Fpostgresql",
];
const schemes = ["postgres", "postgresql", "mysql", "mariadb", "redis"];

function secretOf(chance: Chance): string {
  const first = chance.one(secretParts);
  return chance.below(3) === 0
    ? first
    : [first, chance.one(between), chance.one(secretParts), chance.one(afterAll)].join("");
}

/** A password where it can stand; encoded, as it should be, or not. */
function placed(secret: string, chance: Chance): string {
  const encoded = chance.below(2) === 0 ? encodeURIComponent(secret) : secret;
  const url = (user: string, rest: string) =>
    `${chance.one(schemes)}://${user}${chance.one(hosts)}${rest}`;
  const libpq = `'${secret.replace(/[\\']/g, "\\$&")}'`;
  const kinds = [
    () => url(`me:${encoded}@`, "/db"),
    () => url(`:${encoded}@`, ""),
    () => url(`me:${encoded}@`, `/db?sslmode=require&application_name=a`),
    () => url("", `/db?user=me&password=${encoded}`),
    () => url("", `/db?password=${encodeURIComponent(secret)}&ssl=1`),
    () => `host=a user=me password=${libpq} port=1`,
    () => `host=a password=${secret.replace(/[\\'\s]/g, "\\$&")} port=1`,
    () => inspect({ host: "a", password: secret }),
    () => JSON.stringify({ host: "a", password: secret }),
  ];
  return chance.one(kinds)();
}

const texts: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => `cannot reach ${text}`,
  (text) => `connect "${text}" failed`,
  (text) => `connect '${text}' failed: no such host`,
  (text) => `(${text})`,
  (text) => `first line\n${text}\nlast line`,
  (text) =>
    `Error: connect ECONNREFUSED ${text}\n    at open (/app/node_modules/@a/b/index.js:1:2)`,
  (text) => `${text} and postgres://ada@host:5432/db`,
  (text) => `postgres://ada@host/db, ${text}`,
  (text) => `DATABASE_URL=${text}`,
];

describe("passwords of every shape", () => {
  const seed = seedOf("redact");

  it("none of their parts is printed, and what is redacted stays so", () => {
    const chance = chanceOf(seed);
    for (let i = 0; i < 30_000; i += 1) {
      const secret = secretOf(chance);
      const text = chance.one(texts)(placed(secret, chance));
      const printed = redact(text);
      const shown = secretParts.filter((part) => secret.includes(part) && printed.includes(part));
      expect(shown, `${JSON.stringify(text)} was printed as ${JSON.stringify(printed)}`).toEqual(
        [],
      );
      expect(redact(printed), JSON.stringify(text)).toBe(printed);
    }
  });

  it("an address shows none of them, or is not shown", () => {
    const chance = chanceOf(seed);
    for (let i = 0; i < 10_000; i += 1) {
      const secret = secretOf(chance);
      const host = chance.one(hosts);
      const rest = chance.one(["", "/db", "/db?ssl=true"]);
      const [postgres, mysql] = ["postgres", "mysql"].map(
        (kind) => `${kind}://me:${secret}@${host}${rest}`,
      );
      const shown = [readAddress(postgres!), readMysql(mysql!)].map((address, kind) =>
        address === undefined ? "" : [showAddress, showMysql][kind]!(address),
      );
      const leaked = secretParts.filter(
        (part) => secret.includes(part) && shown.some((text) => text.includes(part)),
      );
      expect(leaked, JSON.stringify(postgres)).toEqual([]);
    }
  });
});
