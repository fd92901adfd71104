import { readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { afterAll, describe, expect, it } from "vitest";
import { postgresJs } from "../../src/adapters/postgres-js/index.ts";
import { startPgbouncer } from "../support/pgbouncer.ts";
import { freshDatabase } from "../support/postgres.ts";
import { describePostgresDriver } from "../support/postgres-driver.ts";
import { runOnce, serverFolder, serverUser } from "../support/server.ts";

const work = { role: "work", application: "test" } as const;
const database = await freshDatabase();
const certificate = makeCertificate();
const pgbouncer = await startPgbouncer(database.url, {
  poolSize: 3,
  more: [
    "client_tls_sslmode = allow",
    `client_tls_key_file = ${certificate.key}`,
    `client_tls_cert_file = ${certificate.cert}`,
  ],
});
afterAll(async () => {
  await pgbouncer?.stop();
  await database.drop();
});

/** A certificate of its own for localhost, as files that the pooler's user can read. */
function makeCertificate(): { readonly key: string; readonly cert: string } {
  const folder = serverFolder("certificate", serverUser("postgres"));
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const words = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost";
  const user = serverUser("postgres");
  runOnce("openssl", [...words.split(" "), "-keyout", key, "-out", cert], user);
  return { key, cert };
}

describePostgresDriver({ folder: "postgres-js", name: "postgresJs", make: postgresJs }, database);

describe.skipIf(pgbouncer === undefined)("postgres-js through PgBouncer", () => {
  it.each([
    ["sslmode=require", true],
    ["sslmode=prefer", true],
    ["sslmode=disable", false],
    ["", false],
  ])("with %s TLS is %s", async (parameter, encrypted) => {
    const through = new URL(pgbouncer?.url ?? "");
    through.search = parameter;
    const admin = new pg.Client({
      connectionString: Object.assign(new URL(through), { pathname: "/pgbouncer", search: "" })
        .href,
    });
    const session = await postgresJs({ url: through.href }).open(work);
    try {
      await admin.connect();
      const { rows } = await admin.query("SHOW CLIENTS");
      expect(rows.some(({ tls }) => String(tls).startsWith("TLS"))).toBe(encrypted);
    } finally {
      await session.close();
      await admin.end();
    }
  });

  it("checks the certificate with verify-full, by the one that it is given", async () => {
    const through = new URL(pgbouncer?.url ?? "");
    through.hostname = "localhost";
    const ca = readFileSync(certificate.cert, "utf8");
    const session = await postgresJs({ url: through.href, connection: { ssl: { ca } } }).open(work);
    expect(await session.query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
    await session.close();
    through.search = "sslmode=verify-full";
    await expect(postgresJs({ url: through.href }).open(work)).rejects.toMatchObject({
      name: "ConnectionFailed",
      message: expect.stringMatching(/self-signed/),
      hint: expect.stringMatching(/ssl/),
    });
  });

  it("is noticed, prepares nothing by name, and cancels through it", async () => {
    const adapter = postgresJs({ url: pgbouncer?.url ?? "" });
    const session = await adapter.open(work);
    try {
      expect(await session.pooler?.()).toBe("transaction");
      for (let one = 0; one < 5; one += 1)
        expect(await session.query("SELECT $1::int AS one", [one])).toEqual([{ one }]);
      expect(await session.query("SELECT name FROM pg_prepared_statements")).toEqual([]);
      const sleeping = session.query("SELECT pg_sleep(60)").catch((error) => error);
      setTimeout(() => session.cancel?.(), 300);
      expect(session.errorKind(await sleeping)).toBe("timeout");
    } finally {
      await session.close();
    }
  });
});
