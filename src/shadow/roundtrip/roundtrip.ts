/** Up, down, and up again on a shadow: what a rollback leaves behind, before anyone needs it. */

import type { SchemaCatalog } from "../../core/catalog/catalog.ts";
import { isReleaseError, type ReleaseError } from "../../core/model/errors.ts";
import { inputFromDigits } from "../../core/model/migration.ts";
import type { InventoryEntry } from "../../release/inventory.ts";
import type { Release } from "../../release/release.ts";
import { extensionsIn } from "../trace/extensions.ts";
import { openShadow, type Shadow } from "../trace/shadow.ts";
import { stepUp } from "../trace/step-up.ts";
import { differences, ownNames, wholeOf } from "../whole-schema.ts";
import { withSession } from "../with-session.ts";

export type RoundtripOptions = {
  readonly repo: string;
  readonly wanted: ReadonlySet<string>;
  /** Default: a PGlite in memory. */
  readonly shadowUrl?: string | undefined;
  /** SQL that the shadow begins with: what migrations expect and do not make. */
  readonly shadowSql?: string | undefined;
};

/**
 * `same`: down gave what was before, and up once more what was after. `irreversible`: going down is refused, which
 * is an answer. The others are findings.
 */
export type Trip = {
  readonly version: string;
  readonly name: string;
  readonly result:
    | "same"
    | "irreversible"
    | "up failed"
    | "down failed"
    | "down differs"
    | "second up failed"
    | "second up differs";
  /** The differences, or the reason for the failure. */
  readonly lines: readonly string[];
};

export type RepoRoundtrip = { readonly repo: string; readonly trips: readonly Trip[] };

/** @throws {ConnectionFailed}, and what loading the migrations throws */
export async function roundtrip(
  release: Release,
  options: RoundtripOptions,
): Promise<RepoRoundtrip> {
  const { repo, wanted, shadowUrl: url, shadowSql: sql } = options;
  const inventory = (await release.inventory()).find((one) => one.repo === repo);
  const migrations = inventory?.migrations ?? [];
  const shadow = await openShadow({
    ...{ url, sql, extensions: extensionsIn(migrations) },
    kind: inventory?.rules === "sqlite" ? "sqlite" : "postgres",
  });
  const traveller = new Traveller(release, repo, shadow, await ownNames(release, repo));
  try {
    const trips: Trip[] = [];
    for (const [at, migration] of migrations.entries()) {
      const { version } = migration.file;
      const trip = wanted.has(version)
        ? await traveller.trip(migration)
        : await traveller.pass(migration);
      if (trip !== undefined) trips.push(trip);
      if (trip?.result === "up failed") break;
      if (trip?.result === "down failed" || trip?.result === "second up failed")
        await traveller.startAgain(migrations.slice(0, at + 1));
    }
    return { repo, trips };
  } finally {
    await shadow.dispose();
  }
}

class Traveller {
  readonly #release: Release;
  readonly #repo: string;
  readonly #shadow: Shadow;
  readonly #own: ReadonlySet<string>;

  constructor(release: Release, repo: string, shadow: Shadow, own: ReadonlySet<string>) {
    this.#release = release;
    this.#repo = repo;
    this.#shadow = shadow;
    this.#own = own;
  }

  /** Up only. */
  async pass({ file }: InventoryEntry): Promise<Trip | undefined> {
    const failed = await this.#up();
    return failed === undefined ? undefined : tripOf(file, "up failed", [failed.message]);
  }

  async trip({ file }: InventoryEntry): Promise<Trip> {
    const before = await this.#catalog();
    const first = await this.#up();
    if (first !== undefined) return tripOf(file, "up failed", [first.message]);
    const after = await this.#catalog();
    const refused = await this.#down(file.version);
    if (refused !== undefined) {
      const result = refusals.has(refused.code) ? "irreversible" : "down failed";
      return tripOf(file, result, [refused.message]);
    }
    const left = differences(before, await this.#catalog());
    const second = await this.#up();
    if (second !== undefined) return tripOf(file, "second up failed", [...left, second.message]);
    const again = differences(after, await this.#catalog());
    if (left.length > 0) return tripOf(file, "down differs", left);
    return again.length > 0 ? tripOf(file, "second up differs", again) : tripOf(file, "same", []);
  }

  /** A shadow that is in doubt is replaced by a new one that is where it should be. */
  async startAgain(migrations: readonly InventoryEntry[]): Promise<void> {
    await this.#shadow.renew();
    for (const _ of migrations) await this.#up();
  }

  #up(): Promise<ReleaseError | undefined> {
    return stepUp(this.#onShadow(), this.#repo, { step: 1 });
  }

  async #down(version: string): Promise<ReleaseError | undefined> {
    try {
      await this.#onShadow().rollback(this.#repo, inputFromDigits(version));
      return undefined;
    } catch (error) {
      if (isReleaseError(error)) return error;
      throw error;
    }
  }

  #onShadow(): Release {
    return this.#release.using({
      adapters: { [this.#repo]: this.#shadow.adapter },
      emit: () => undefined,
      write: () => undefined,
      inUse: false,
    });
  }

  #catalog(): Promise<SchemaCatalog> {
    return withSession(this.#shadow.adapter, "roundtrip", (session) =>
      wholeOf(session, this.#repo, this.#own),
    );
  }
}

/** Going down is refused before anything runs. */
const refusals: ReadonlySet<string> = new Set([
  "irreversible",
  "callback_missing",
  "sql_section_missing",
]);

function tripOf(
  { version, name }: InventoryEntry["file"],
  result: Trip["result"],
  lines: readonly string[],
): Trip {
  return { version, name, result, lines };
}
