/** Addresses as `pg` understands them, or one clear line: on a real server, with TLS. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { mysql } from "../../src/adapters/mysql/index.ts";
import { type ConnectionExtras, postgres } from "../../src/adapters/postgres/index.ts";
import { startPostgres } from "../support/postgres-server.ts";
import { serverFolder, serverUser, writeServerFile } from "../support/server.ts";

const folder = mkdtempSync(join(tmpdir(), "slipway-tls-"));
const file = (name: string) => join(folder, name);
const openssl = (...args: readonly string[]) => spawnSync("openssl", args, { cwd: folder });
openssl(
  ...[
    "req",
    "-x509",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:prime256v1",
    "-nodes",
    "-days",
    "2",
  ],
  ...["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"],
  ...["-keyout", "key.pem", "-out", "cert.pem"],
);
const user = serverUser("postgres");
const tls = serverFolder("tls", user);
const settings: { [name: string]: string } = { ssl: "on" };
for (const [name, setting] of [
  ["key.pem", "ssl_key_file"],
  ["cert.pem", "ssl_cert_file"],
] as const) {
  writeServerFile(join(tls, name), readFileSync(file(name), "utf8"), user);
  chmodSync(join(tls, name), 0o600);
  settings[setting] = join(tls, name);
}
const server = await startPostgres({ settings: { ...settings, unix_socket_directories: tls } });
const { port, password } = new URL(server.url);
const base = `postgres://postgres:${password}@localhost:${port}/postgres`;
const unused = join(folder, "none.pem");

afterAll(async () => {
  await server.stop();
  for (const one of [folder, tls]) rmSync(one, { recursive: true, force: true });
});
afterEach(() => vi.unstubAllEnvs());

async function ask(url: string, sql: string, connection?: ConnectionExtras) {
  const session = await postgres({ url, connection }).open({ role: "work", application: "urls" });
  try {
    return (await session.query(sql))[0];
  } finally {
    await session.close();
  }
}

const encrypted = "select ssl from pg_stat_ssl where pid = pg_backend_pid()";
const cases: readonly (readonly [string, string, string, object])[] = [
  ["blanks around", `  ${base}\n`, "select 1 as one", { one: 1 }],
  [
    "verify-full with sslrootcert",
    `${base}?sslmode=verify-full&sslrootcert=${file("cert.pem")}`,
    encrypted,
    { ssl: true },
  ],
  ["no-verify", `${base}?sslmode=no-verify`, encrypted, { ssl: true }],
  ["disable", `${base}?sslmode=disable`, encrypted, { ssl: false }],
  [
    "options",
    `${base}?options=-c%20search_path%3Dmine`,
    "show search_path",
    { search_path: "mine" },
  ],
  [
    "target_session_attrs of a primary",
    `${base}?target_session_attrs=read-write`,
    "select 1 as one",
    { one: 1 },
  ],
  [
    "several hosts, of which the second answers",
    base.replace(`localhost:${port}`, `localhost:1,localhost:${port}`),
    "select 1 as one",
    { one: 1 },
  ],
  [
    "a socket as a parameter",
    `postgres://postgres:${password}@/postgres?host=${tls}&port=${port}`,
    encrypted,
    { ssl: false },
  ],
  [
    "a socket as the host",
    `postgres://postgres:${password}@${encodeURIComponent(tls)}:${port}/postgres`,
    encrypted,
    { ssl: false },
  ],
];

it.each(cases)("%s", async (_, url, sql, row) => {
  expect(await ask(url, sql)).toEqual(row);
});

const refused: readonly (readonly [string, string, RegExp, RegExp])[] = [
  [
    "several hosts that do not answer",
    base.replace(`localhost:${port}`, `localhost:1,127.0.0.1:2`),
    /^none of the hosts takes writes: localhost:1: .*; 127\.0\.0\.1:2: /,
    /is the primary/,
  ],
  [
    "several hosts in a parameter",
    `${base}?host=a,b`,
    /^the URL names several hosts/,
    /Write several hosts as/,
  ],
  [
    "a standby",
    `${base}?target_session_attrs=standby`,
    /asks for a server that cannot be written to/,
    /primary/,
  ],
  [
    "a certificate that is not there",
    `${base}?sslmode=verify-full&sslrootcert=${unused}`,
    /no such file.*none\.pem/,
    /sslrootcert/,
  ],
  [
    "a certificate of somebody else",
    `${base}?sslmode=verify-full`,
    /self-signed certificate/,
    /sslmode/,
  ],
  [
    "another name than the certificate's",
    `${base.replace("localhost", "127.0.0.1")}?sslmode=verify-full&sslrootcert=${file("cert.pem")}`,
    /altnames|does not match/,
    /sslmode/,
  ],
  ["a blank only", "  ", /cannot be read/, /postgres:/],
];

it.each(refused)(
  "%s is refused with one line, and without the password",
  async (_, url, reason, hint) => {
    const error: unknown = await ask(url, "select 1").catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      message: expect.stringMatching(reason),
      hint: expect.stringMatching(hint),
    });
    expect(JSON.stringify([String(error), (error as { hint: string }).hint])).not.toContain(
      password,
    );
  },
);

describe("the environment", () => {
  it("PG* fills what the URL leaves out, for the connection and for messages", async () => {
    const given = { PGHOST: "localhost", PGPORT: port, PGUSER: "postgres", PGDATABASE: "postgres" };
    for (const [name, value] of Object.entries({ ...given, PGPASSWORD: password }))
      vi.stubEnv(name, value);
    expect(await ask("postgres://", "select current_database() as name")).toEqual({
      name: "postgres",
    });
    expect(postgres({ url: "postgres://" }).describe()).toBe(
      `postgres://postgres@localhost:${port}/postgres`,
    );
    // What the URL says wins.
    expect(postgres({ url: "postgres://me@db:7/blog" }).describe()).toBe("postgres://me@db:7/blog");
  });

  it(".pgpass gives the password", async () => {
    writeFileSync(file("pgpass"), `localhost:${port}:*:postgres:${password}\n`, { mode: 0o600 });
    vi.stubEnv("PGPASSFILE", file("pgpass"));
    expect(await ask(base.replace(`:${password}@`, "@"), "select 1 as one")).toEqual({ one: 1 });
  });
});

it("MySQL takes blanks around too", () => {
  expect(mysql({ url: " mysql://me@db/blog\n" }).describe()).toBe("mysql://me@db:3306/blog");
});
