/**
 * The clauses of ALTER TABLE, ALTER TYPE, ALTER DOMAIN and CREATE INDEX, each carried out by a real server: whether it
 * fails, what it reads, writes and builds, and which locks it takes, is what `check` says of it.
 */
import { afterAll, describe, expect, it } from "vitest";
import { neededParser } from "../../src/check/parser.ts";
import { startPostgres15 } from "../corpora/postgres-15.ts";
import { startPostgres } from "../support/postgres-server.ts";
import { isKnownTo, refusesTransaction, Sweeper, said, sqlOf, Trials } from "./support/sweeper.ts";
import { afresh, shop, shopRows } from "./sweep/afresh.ts";
import { afreshAgain } from "./sweep/afresh-again.ts";
import { alterTable } from "./sweep/alter-table.ts";
import { alterTableColumns } from "./sweep/alter-table-columns.ts";
import { alterTableConstraints } from "./sweep/alter-table-constraints.ts";
import { clinic, clinicMore, clinicRows, clinicStatements } from "./sweep/clinic.ts";
import { clinicAgain } from "./sweep/clinic-again.ts";
import { elsewhere } from "./sweep/elsewhere.ts";
import { harbour, harbourRows, harbourStatements } from "./sweep/harbour.ts";
import { library, libraryRows, libraryStatements } from "./sweep/library.ts";
import { orchestra, orchestraRows, orchestraStatements } from "./sweep/orchestra.ts";
import { rental, rentalRows, rentalStatements } from "./sweep/rental.ts";
import type { Swept } from "./sweep/swept.ts";
import { alterDomain, alterType, createIndex } from "./sweep/types-and-indexes.ts";
import { rows, world } from "./sweep/world.ts";

const parser = await neededParser("the test");
const eighteen = await startPostgres();
const trials = await Trials.open(parser);
const fifteen = await startPostgres15();
afterAll(async () => {
  await trials.close();
  await eighteen.stop();
  await fifteen?.stop();
});

type Page = {
  readonly schema: string;
  readonly rows: string;
  readonly all: readonly Swept[];
  /** Whether they are tried on a shadow too. Default: the model of the server judges them alone. */
  readonly onShadow?: true;
};

const ofWorld = (all: readonly Swept[]): Page => ({ schema: world, rows, all });
const pages: { readonly [page: string]: Page } = {
  "ALTER TABLE": ofWorld([...alterTable, ...alterTableColumns, ...alterTableConstraints]),
  "ALTER TYPE": ofWorld(alterType),
  "ALTER DOMAIN": ofWorld(alterDomain),
  "CREATE INDEX": ofWorld(createIndex),
  "written afresh": { schema: shop, rows: shopRows, all: afresh },
  "written afresh again": { schema: shop, rows: shopRows, all: afreshAgain },
  "partitions and their like again": { schema: clinic, rows: clinicRows, all: clinicAgain },
  "all kinds afresh": {
    schema: library,
    rows: libraryRows,
    all: libraryStatements,
    onShadow: true,
  },
  "all kinds a last time": {
    ...{ schema: harbour, rows: harbourRows, all: harbourStatements, onShadow: true },
  },
  "all kinds once more": {
    ...{ schema: orchestra, rows: orchestraRows, all: orchestraStatements, onShadow: true },
  },
  "all kinds afresh again": {
    ...{ schema: rental, rows: rentalRows, all: rentalStatements, onShadow: true },
  },
  "partitions, domains, policies, views and triggers afresh": {
    schema: clinic,
    rows: clinicRows,
    all: [...clinicStatements, ...clinicMore],
  },
};

const places = [
  { major: 18, url: eighteen.url },
  ...(fifteen === undefined ? [] : [{ major: 15, url: fifteen.url }]),
];

describe.each(places)("PostgreSQL $major", ({ major, url }) => {
  it.each(Object.entries(pages))(
    "%s",
    { timeout: 120_000 },
    async (page, { schema, rows: filled, all, onShadow }) => {
      const sweeper = await Sweeper.open(url, schema + filled);
      const known = all.filter((one) => isKnownTo(major, one));
      const disagree: string[] = [];
      let failing = 0;
      for (const one of known) {
        const sql = sqlOf(one);
        const seen = await sweeper.run(sql);
        const refused = await trials.refused(sql, { schema, major });
        const told = said(sql, schema, parser, { major, refused: onShadow && refused });
        if (seen.fails) failing += 1;
        const differs =
          (refused !== undefined && !seen.fails) ||
          seen.fails !== told.fails ||
          (!seen.fails && seen.works !== told.works) ||
          (seen.locks !== undefined &&
            !refusesTransaction.test(sql) &&
            seen.locks.join() !== told.locks?.join());
        if (differs)
          disagree.push(
            `${sql}\n  server ${JSON.stringify(seen)}\n  check ${JSON.stringify(told)}`,
          );
      }
      await sweeper.close();
      console.info(
        `${page} on PostgreSQL ${major}: ${known.length} judged, ${failing} of them fail, ${disagree.length} disagree`,
      );
      expect(disagree.join("\n")).toBe("");
      expect(failing).toBeGreaterThan(10);
    },
  );

  it("is not certain of what another server may have", { timeout: 60_000 }, async () => {
    const sweeper = await Sweeper.open(url, world + rows);
    const known = elsewhere.filter((one) => isKnownTo(major, one));
    for (const one of known) {
      const sql = sqlOf(one);
      expect({ sql, fails: (await sweeper.run(sql)).fails }).toEqual({ sql, fails: true });
      expect({ sql, fails: said(sql, world, parser, { major }).fails }).toEqual({
        sql,
        fails: false,
      });
    }
    await sweeper.close();
    expect(known.length).toBeGreaterThan(15);
  });
});
