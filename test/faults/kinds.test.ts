/**
 * The kind sweep: backfills along keys of every type, in every mode, on every database, where settings are hostile.
 * Each cell is right, or refused before anything ran. The short form tries each type in one mode, the full one in all.
 */
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { inZone } from "../backfill/support/in-zone.ts";
import { mariadbOfFile } from "../support/mysql.ts";
import { startPostgres } from "../support/postgres-server.ts";
import { modes, runCell } from "./kinds/cell.ts";
import { mariadbSpots, mariadbTypes } from "./kinds/mariadb-kinds.ts";
import {
  type Ground,
  mariadbGround,
  pgliteGround,
  postgresGround,
  sqliteGround,
} from "./kinds/places.ts";
import { hostile } from "./kinds/postgres-kinds.ts";
import { files, sqliteTypes } from "./kinds/sqlite-kinds.ts";
import { figuresOf, full, progress } from "./support/figures.ts";

const figures = figuresOf("kinds of backfills");
const mariadb = await inZone("Europe/Berlin", () => mariadbOfFile());
const names = Object.keys(modes);

/** Runs all cells of a place, and tells how many are right and refused, with a fingerprint of which. */
async function sweep(title: string, ground: Ground): Promise<void> {
  const cells: string[] = [];
  const wrong: string[] = [];
  try {
    for (const [i, type] of ground.types.entries()) {
      const tried = full ? names : names.filter((_, j) => j === i % names.length);
      for (const mode of tried) {
        const found = await runCell(ground, type, mode);
        cells.push(`${type.name}: ${mode}: ${found}`);
        const isFine =
          type.refused === undefined ? ["right", "refused"] : [type.refused ? "refused" : "right"];
        if (!isFine.includes(found)) wrong.push(cells.at(-1) ?? "");
      }
      progress(`${title}: ${type.name}, ${wrong.length} wrong so far`);
    }
  } finally {
    await ground.close();
  }
  const count = (word: string) => cells.filter((cell) => cell.endsWith(`: ${word}`)).length;
  const fingerprint = createHash("sha256").update(cells.join("\n")).digest("hex").slice(0, 16);
  expect(wrong).toEqual([]);
  figures.must(
    `${title}: cells that are right or refused`,
    count("right") + count("refused"),
    cells.length,
  );
  figures.tell(
    `${title}: right, refused, fingerprint`,
    `${count("right")}, ${count("refused")}, ${fingerprint}`,
  );
}

const slow = full ? 3_600_000 : 300_000;

describe("each kind of key, in each mode, is right or refused", () => {
  it.each(full ? (["nowhere", "role", "database"] as const) : (["role"] as const))(
    "on PostgreSQL, hostile settings: %s",
    async (spot) => sweep(`PostgreSQL, ${spot}`, await postgresGround(spot)),
    slow,
  );

  it.runIf(full)(
    "on PostgreSQL, hostile settings: server",
    async () => {
      const bare = Object.entries(hostile).map(([name, value]) => [
        name,
        value.replaceAll("'", ""),
      ]);
      const { url, stop } = await startPostgres({ settings: Object.fromEntries(bare) });
      try {
        await sweep("PostgreSQL, server", await postgresGround("server", url));
      } finally {
        await stop();
      }
    },
    slow,
  );

  it.each(full ? (["nowhere", "database"] as const) : (["database"] as const))(
    "on PGlite, hostile settings: %s",
    async (spot) => sweep(`PGlite, ${spot}`, await pgliteGround(spot)),
    slow,
  );

  it.each(Object.entries(files))(
    "on SQLite, a file: %s",
    async (title, pragmas) => sweep(`SQLite, ${title}`, await sqliteGround(pragmas, sqliteTypes)),
    slow,
  );

  const spots = Object.entries(mariadbSpots).filter(([name]) => full || name === "each user");
  it.skipIf(mariadb === undefined).each(spots)(
    "on MariaDB, hostile settings: %s",
    async (name, settings) =>
      sweep(`MariaDB, ${name}`, await mariadbGround(mariadb?.url ?? "", mariadbTypes, settings)),
    slow,
  );
});
