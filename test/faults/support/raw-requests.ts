/** Requests as bytes: right ones, nearly right ones and noise, as a seed has it. */
import type { Chance } from "../../support/random.ts";

/** What one client sends, and how it leaves. */
export type RawRequest = {
  readonly bytes: Buffer;
  /** Whether it hangs up in the middle, in place of waiting for an answer. */
  readonly hangsUp: boolean;
};

const methods = ["GET", "GET", "HEAD", "POST", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"];
const oddMethods = ["TRACE", "CONNECT", "TRACK", "get", "M-SEARCH", "SOURCE", "QUERY", "", "G T"];
const questions = ["live", "ready", "migrations", "else", ""];
const hosts = ["localhost", "127.0.0.1:80", "[::1]:3000", "app.test", "evil.example"];
const oddHosts = [
  ..."|[|]|[::1|a b|user:secret@localhost|user@localhost|localhost:99999|localhost:-1|local/host".split(
    "|",
  ),
  ..."loc?al|lo#cal|%zz|xn--|..|a..b|localhost:80:80|1.2.3.4.5|0x7f.1|[v1.x]|\\\\host|é|http://localhost".split(
    "|",
  ),
];
const origins = ["http://localhost", "null", "", "no url", "http://[", "http://evil.example"];
const types = ["application/x-www-form-urlencoded", "application/json", "text/plain", ";;", "a/b"];
const bodies = [
  "token=x",
  "token=x&token=y&a[b][c]=d",
  "[1]",
  "null",
  "7",
  '"text"',
  '{"token":{"a":[null]}}',
  "{",
  "%",
  "",
];

/** The next request. */
export function rawRequest(chance: Chance): RawRequest {
  const hangsUp = chance.below(4) === 0;
  if (chance.below(20) === 0) return { bytes: chance.bytes(300), hangsUp };
  const body = bodyOf(chance);
  const text = [
    `${methodOf(chance)} ${targetOf(chance)} ${versionOf(chance)}`,
    ...headersOf(chance, body.length),
    "",
    "",
  ].join("\r\n");
  const whole = Buffer.concat([Buffer.from(text, "latin1"), body]);
  const bytes = hangsUp ? whole.subarray(0, chance.below(whole.length + 1)) : whole;
  return { bytes: chance.below(30) === 0 ? damaged(bytes, chance) : bytes, hangsUp };
}

function methodOf(chance: Chance): string {
  return chance.one(chance.below(6) === 0 ? oddMethods : methods);
}

function versionOf(chance: Chance): string {
  return chance.below(25) === 0 ? chance.one(["HTTP/1.0", "HTTP/2.0", "HTTP/9", ""]) : "HTTP/1.1";
}

function targetOf(chance: Chance): string {
  const path = `/health/${chance.one(questions)}`;
  const noise = chance.bytes(12).toString("latin1");
  const odd = [
    "*",
    "",
    `//evil.example${path}`,
    `//[${path}`,
    `http://user:secret@localhost${path}`,
    `http://[${path}`,
    `https:${path}`,
    `/\\evil.example${path}`,
    `${path}?${noise}`,
    `${path}%`,
    `/health/%00/../${path}`,
    `${path}#part`,
    `/${noise}`,
    "localhost:80",
    `/${"a/".repeat(chance.below(2_000))}live`,
  ];
  return chance.below(4) === 0 ? chance.one(odd) : path;
}

function headersOf(chance: Chance, length: number): readonly string[] {
  const value = () => chance.bytes(20).toString("latin1");
  const perhaps = (line: () => string, often = 3) => (chance.below(often) === 0 ? [line()] : []);
  return [
    ...(chance.below(20) === 0
      ? []
      : [`Host: ${chance.one(chance.below(5) === 0 ? oddHosts : hosts)}`]),
    // Two of them are refused by Node itself.
    ...(chance.below(40) === 0 ? ["Host: localhost"] : []),
    ...perhaps(() => `Origin: ${chance.one(origins)}`),
    ...perhaps(() => `Sec-Fetch-Site: ${chance.one(["same-origin", "cross-site", ""])}`),
    ...perhaps(() => `Content-Type: ${chance.one(types)}`, 2),
    ...perhaps(() => chance.one(["Transfer-Encoding: chunked", "Transfer-Encoding: gzip"]), 20),
    ...perhaps(
      () => chance.one(["Expect: 100-continue", "Upgrade: h2c\r\nConnection: Upgrade"]),
      12,
    ),
    ...perhaps(() => `X-${chance.below(99)}: ${value()}`, 12),
    ...perhaps(() => `${value()}: ${value()}`, 40),
    ...perhaps(() => "Connection: close", 2),
    chance.below(10) === 0
      ? `Content-Length: ${chance.one(["-1", "1e9", "99999999999999999999", "7", "x", "1000000"])}`
      : `Content-Length: ${length}`,
  ];
}

function bodyOf(chance: Chance): Buffer {
  if (chance.below(60) === 0) return Buffer.alloc(chance.below(200_000), "a");
  return chance.below(4) === 0 ? chance.bytes(60) : Buffer.from(chance.one(bodies));
}

function damaged(bytes: Buffer, chance: Chance): Buffer {
  const copy = Buffer.from(bytes);
  for (let i = 0; i < 3 && copy.length > 0; i += 1)
    copy[chance.below(copy.length)] = chance.below(256);
  return copy;
}
