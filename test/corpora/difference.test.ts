/** Schemas of real histories, at an early moment and at a late one: what makes one of the other, judged by `pg_dump`. */
import { afterAll, expect, it } from "vitest";
import { postgresCatalog } from "../../src/adapters/postgres/catalog/postgres-catalog.ts";
import { postgresDialect } from "../../src/adapters/postgres/dialect.ts";
import type { SchemaCatalog } from "../../src/core/catalog/catalog.ts";
import { catalogChanges, changeLines } from "../../src/core/catalog/changes.ts";
import { difference } from "../../src/core/difference/difference.ts";
import { undone } from "../../src/core/difference/steps.ts";
import type { SchemaOperation } from "../../src/core/language/operation.ts";
import { dumpLines, moment, pairsOfMoments, runOn, withClient } from "./moments.ts";
import { startPostgres15 } from "./postgres-15.ts";

const corpora = process.env.SLIPWAY_CORPORA ?? "";
const server = corpora === "" ? undefined : await startPostgres15();
afterAll(() => server?.stop());

it.runIf(server).each(pairsOfMoments)(
  "%s, from %i to %i and back",
  { timeout: 600_000 },
  async (name, early, late) => {
    const at = (step: number) => moment(server!, { corpora, name, step });
    const [from, to] = [await at(early), await at(late)];
    const wished = await read(to);
    const before = await read(from);
    const [dumpBefore, dumpWished] = [dumpLines(server!, from), dumpLines(server!, to)];
    expect(dumpBefore).not.toEqual(dumpWished);
    const words = postgresCatalog.words!;
    const ends = { from: before, to: wished, words };
    const operations = difference({ ...ends, compile: postgresDialect.compile }).map(
      ({ operation }) => operation,
    );
    await run(from, operations);
    expect(changeLines(catalogChanges(wished, await read(from))), "there").toEqual([]);
    expect(dumpLines(server!, from), "pg_dump, there").toEqual(dumpWished);
    await run(from, undone(operations));
    expect(changeLines(catalogChanges(before, await read(from))), "and back").toEqual([]);
    expect(dumpLines(server!, from), "pg_dump, and back").toEqual(dumpBefore);
  },
);

const read = (url: string): Promise<SchemaCatalog> =>
  withClient(url, (client) => postgresCatalog.read(async (sql) => (await client.query(sql)).rows));

const run = (url: string, operations: readonly SchemaOperation[]): Promise<void> =>
  runOn(
    url,
    operations.flatMap((op) => postgresDialect.compile(op).map(({ sql }) => sql)),
  );
