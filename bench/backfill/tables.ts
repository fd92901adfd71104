/** Databases with the table that is filled: copied as files from one that was made once. */
import pg from "pg";

export type Tables = {
  /** The URL of a new database with so many posts. */
  fresh(rows: number): Promise<string>;
};

/** Posts as an application has them: a title, a text, a time, and the column that is still empty. */
const make = (rows: number) =>
  `create table posts (id bigint primary key, title text not null, body text not null, inserted_at timestamp not null, published_at timestamp);
insert into posts select g, 'post ' || g, repeat('x', 100), timestamp '2021-01-01' + g * interval '1 second', null from generate_series(1, ${rows}) g;
vacuum analyze posts`;

export function tablesOn(server: string): Tables {
  const templates = new Set<number>();
  let made = 0;
  return {
    async fresh(rows) {
      const template = `template_${rows}`;
      if (!templates.has(rows)) {
        await ask(server, `create database ${template} template template0`);
        for (const sql of make(rows).split(";\n")) await ask(urlOf(server, template), sql);
        templates.add(rows);
      }
      if (made > 0) await ask(server, `drop database if exists bench_${made} with (force)`);
      made += 1;
      await ask(server, `create database bench_${made} template ${template} strategy file_copy`);
      // What the one before left for later is not to be written during the next.
      await ask(server, "checkpoint");
      return urlOf(server, `bench_${made}`);
    },
  };
}

export async function ask(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

function urlOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}
