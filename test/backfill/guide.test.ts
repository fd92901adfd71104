/**
 * The two backfills of the guide to safe migrations, which lose rows as it writes them: the arbitrary one ends at the
 * first page in which nothing is to be changed. Here each row is visited once.
 */
import { expect, it } from "vitest";
import { defineBackfill, sql } from "../../src/index.ts";
import { describeOn, releaseOn } from "../conformance/support/release.ts";

describeOn(["pglite", "postgres"], (database) => {
  const visits = "create table visits (id bigint, page integer)";

  it("deterministic: a condition tells what is left", async () => {
    await database().query(
      "create table posts (id bigint primary key, inserted_at timestamp not null, approved boolean, touched int not null default 0)",
    );
    // The pages in the middle are done already.
    await database().query(
      "insert into posts select g, now(), case when g between 1001 and 4000 then true end, 0 from generate_series(1, 6000) g",
    );
    const backfill = defineBackfill({
      table: "posts",
      key: "id",
      where: sql`approved is null`,
      set: { approved: true, touched: sql`touched + 1` },
      batchSize: 1000,
      maxBatchSize: 1000,
    });
    await releaseOn(
      database(),
      {},
      { dataMigrations: { "1_approve": backfill } },
    ).release.migrateData();
    const [row] = await database().query(
      "select count(*) filter (where approved is null)::int as missed, count(*) filter (where touched > 1)::int as twice, count(*) filter (where touched = 1)::int as done from posts",
    );
    expect(row).toEqual({ missed: 0, twice: 0, done: 3000 });
  });

  it("arbitrary: a whole page with nothing to change is not the end", async () => {
    await database().query(visits);
    await database().query(
      "create table weather (id bigint primary key, city text not null, temp int not null, inserted_at timestamp not null)",
    );
    await database().query(
      "insert into weather select g, case when g <= 1000 then 'warm' else 'cold' end, 0, '2021-08-01' from generate_series(1, 2000) g",
    );
    let page = 0;
    const backfill = defineBackfill<{
      readonly id: string;
      readonly city: string;
      readonly temp: number;
    }>({
      table: "weather",
      key: "id",
      where: sql`inserted_at < '2021-08-22'`,
      snapshot: true,
      batchSize: 500,
      maxBatchSize: 500,
      async batch(rows, db) {
        page += 1;
        const ids = rows.map(({ id }) => id).join(", ");
        await db.execute(`insert into visits select id, ${page} from weather where id in (${ids})`);
        const cold = rows.filter(({ city }) => city === "cold").map(({ id }) => id);
        if (cold.length > 0)
          await db.execute(`update weather set temp = temp + 10 where id in (${cold.join(", ")})`);
      },
    });
    const { release } = releaseOn(database(), {}, { dataMigrations: { "1_warmer": backfill } });
    await database().query(
      "create function late() returns trigger language plpgsql as $$ begin insert into weather select max(id) + 1, 'cold', 0, '2021-08-01' from weather; return null; end $$",
    );
    // Rows that come while it runs are not its own.
    await database().query(
      "create trigger late after insert on visits for each statement execute function late()",
    );
    await release.migrateData();
    const [row] = await database().query(
      "select count(*) filter (where id <= 2000 and city = 'cold' and temp = 0)::int as missed, count(*) filter (where temp not in (0, 10))::int as twice, count(*) filter (where id > 2000 and temp <> 0)::int as late from weather",
    );
    expect(row).toEqual({ missed: 0, twice: 0, late: 0 });
    const [seen] = await database().query(
      "select count(*)::int as visits, count(distinct id)::int as rows from visits",
    );
    expect(seen).toEqual({ visits: 2000, rows: 2000 });
  });
});
