/** What a script without an engine does: nothing is resumed, nothing is shared, nothing is kept. */
import pg from "pg";

/** One statement for all rows. */
export async function monolithic(url: string): Promise<void> {
  await connected(url, async (client) => {
    await client.query("update posts set published_at = inserted_at where published_at is null");
  });
}

/** Batch after batch by the key. */
export function keysetLoop(batch: number) {
  return (url: string) =>
    connected(url, async (client) => {
      for (let last = "0"; ; ) {
        const end = await endOf(client, last, batch);
        if (end === undefined) break;
        await client.query(
          `update posts set published_at = inserted_at where id > ${last} and id <= ${end} and published_at is null`,
        );
        last = end;
      }
    });
}

/** The same with every row through a function, written back in one statement. */
export function eachLoop(batch: number, each: (row: Row) => { readonly published_at: unknown }) {
  return (url: string) =>
    connected(url, async (client) => {
      for (let last = "0"; ; ) {
        const end = await endOf(client, last, batch);
        if (end === undefined) break;
        await client.query("begin");
        const { rows } = await client.query<Row>(
          `select id::text, title, body, inserted_at::text, published_at::text from posts where id > ${last} and id <= ${end} order by posts.id for no key update`,
        );
        const values = rows.map((row) => each(row).published_at);
        await client.query(
          "update posts set published_at = fresh.at from unnest($1::bigint[], $2::timestamp[]) as fresh(id, at) where posts.id = fresh.id",
          [rows.map(({ id }) => id), values],
        );
        await client.query("commit");
        last = end;
      }
    });
}

export type Row = { readonly id: string; readonly inserted_at: string };

async function endOf(client: pg.Client, last: string, batch: number): Promise<string | undefined> {
  const full = await client.query<{ id: string }>(
    `select id::text from posts where id > ${last} order by posts.id limit 1 offset ${batch - 1}`,
  );
  if (full.rows[0] !== undefined) return full.rows[0].id;
  const rest = await client.query<{ id: string | null }>(
    `select max(id)::text as id from posts where id > ${last}`,
  );
  return rest.rows[0]?.id ?? undefined;
}

async function connected(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
