/**
 * Floors of fleets: `fleet.cjs behind` asks who is behind; `fleet.cjs change N CONNECTIONS NAME` sends each tenant N
 * changes as one message, a transaction with a row of history for each; `fleet.cjs usual N MOST NAME` has a connection, a lock and a
 * history table for each tenant, as most tools do, for so many of them; `fleet.cjs squashed SQL 1 NAME` makes one schema.
 */
import pg from "pg";

const [, , how = "", changes = "1", number = "8", name = "bare"] = process.argv;
const connectionString = process.env.DATABASE_URL;

async function connected(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return client;
}

const add = (i: number) => `ALTER TABLE posts ADD COLUMN ${name}_${i} text`;
const numbers = Array.from({ length: Number(changes) }, (_, i) => i + 1);

async function tenants(client: pg.Client): Promise<readonly string[]> {
  const { rows } = await client.query("SELECT name FROM public.tenants ORDER BY name");
  return rows.map(({ name }) => String(name));
}

async function behind(client: pg.Client): Promise<void> {
  await tenants(client);
  await client.query("SELECT tenant, versions, state FROM public.slipway_tenants");
}

async function change(first: pg.Client): Promise<void> {
  const names = [...(await tenants(first))];
  await first.query(
    "DROP TABLE IF EXISTS public.bare_history; CREATE TABLE public.bare_history (tenant text, version bigint, inserted_at timestamp, PRIMARY KEY (tenant, version))",
  );
  const work = async (client: pg.Client) => {
    for (let one = names.pop(); one !== undefined; one = names.pop())
      await client.query(
        [
          "BEGIN",
          `SET LOCAL search_path = "${one}"`,
          ...numbers.map(add),
          `INSERT INTO public.bare_history VALUES ${numbers.map((i) => `('${one}', ${i}, now() AT TIME ZONE 'UTC')`).join(", ")}`,
          "COMMIT",
        ].join(";\n"),
      );
  };
  const more = await Promise.all(Array.from({ length: Number(number) - 1 }, () => connected()));
  await Promise.all([first, ...more].map(work));
  await Promise.all(more.map((client) => client.end()));
}

/** As many as were asked for, because all of them take minutes. */
async function usual(first: pg.Client): Promise<void> {
  for (const one of (await tenants(first)).slice(0, Number(number))) {
    const client = await connected();
    await client.query(`SET search_path = "${one}"`);
    await client.query("SELECT pg_advisory_lock(1)");
    await client.query(
      "CREATE TABLE IF NOT EXISTS usual_migrations (version bigint PRIMARY KEY, inserted_at timestamp)",
    );
    await client.query("SELECT version FROM usual_migrations");
    for (const i of numbers) {
      await client.query("BEGIN");
      await client.query(add(i));
      await client.query(
        `INSERT INTO usual_migrations VALUES (${i}, now()) ON CONFLICT DO NOTHING`,
      );
      await client.query("COMMIT");
    }
    await client.query("SELECT pg_advisory_unlock(1)");
    await client.end();
  }
}

/** The statements stand where the number of changes else does. */
async function squashed(client: pg.Client): Promise<void> {
  await client.query(
    `BEGIN; CREATE SCHEMA "${name}"; SET LOCAL search_path = "${name}"; ${changes}; COMMIT`,
  );
}

async function main(): Promise<void> {
  const client = await connected();
  if (how === "behind") await behind(client);
  else if (how === "change") await change(client);
  else if (how === "squashed") await squashed(client);
  else await usual(client);
  await client.end();
}

void main();
