/**
 * The changes that turn a schema into the wished one, and the proof that the written migrations
 * make them.
 */
import type { SchemaCatalog, SchemaObject } from "../../core/catalog/catalog.ts";
import { catalogChanges, changeLines } from "../../core/catalog/changes.ts";
import { ignores } from "../../core/catalog/kept.ts";
import { withoutVersions, withVersionsLike } from "../../core/difference/extension-version.ts";
import { type Narrower, narrowerColumns } from "../../core/difference/narrower.ts";
import {
  perhapsRenamed,
  type Rename,
  renameOf,
  renameText,
  wrongRename,
} from "../../core/difference/renames.ts";
import type { MigrationPart } from "../../core/difference/safe-parts.ts";
import { DevelopmentError } from "../../core/model/development-error.ts";
import { isReleaseError, ReleaseError } from "../../core/model/errors.ts";
import type { VersionInput } from "../../core/model/migration.ts";
import type { Release } from "../../release/release.ts";
import {
  type Beginning,
  type EndOptions,
  ofDatabase,
  ofMigrations,
  ofSql,
  ofUrl,
  onShadow,
  ourObjects,
  readFrom,
  type WishedSql,
  withoutThese,
} from "./ends.ts";
import { comparisonOf, type DiffComparison } from "./kind.ts";

export type DiffOptions = EndOptions & {
  /** Default: the schema that the migrations make. */
  readonly fromUrl?: string | undefined;
  /** Renames, as `posts.title=heading`. Default: none. */
  readonly renames?: readonly string[] | undefined;
  /** Whether a vanished name and a new one are the same object. Default: they are not. */
  readonly isRename?: ((rename: string) => Promise<boolean>) | undefined;
} & (
    | { readonly to: WishedSql; readonly toUrl?: never }
    | { readonly toUrl: string; readonly to?: never }
  );

/** The objects that a difference is not about. */
type DiffScope = {
  /** The ids of Slipway's own objects. */
  readonly ours: ReadonlySet<string>;
  /** Whether the repo leaves it alone (`ignore`). */
  readonly isIgnored: (object: SchemaObject | string) => boolean;
};

function within({ ours, isIgnored }: DiffScope, catalog: SchemaCatalog): SchemaCatalog {
  const { objects, leftOut } = withoutThese(catalog, ours);
  return {
    objects: objects.filter((object) => !isIgnored(object)),
    leftOut: leftOut.filter((name) => !isIgnored(name)),
  };
}

/** A difference that was found, with the shadow that it begins on. */
export class FoundDifference {
  readonly parts: readonly MigrationPart[];
  /** One line for each object that differs. */
  readonly lines: readonly string[];
  /** Pairs that may be renames, but do not count as such here: `posts.title=heading`. */
  readonly perhaps: readonly string[];
  /** Columns whose values may not fit into their new type. */
  readonly narrower: readonly Narrower[];
  /** Objects that Slipway cannot write and that only one of the two has: `operator public.+`. */
  readonly uncovered: {
    readonly wished: readonly string[];
    readonly gone: readonly string[];
  };
  readonly #release: Release;
  readonly #options: DiffOptions;
  readonly #beginning: Beginning;
  readonly #scope: DiffScope;
  readonly #from: SchemaCatalog;
  readonly #to: SchemaCatalog;
  readonly #comparison: DiffComparison;

  constructor(
    release: Release,
    options: DiffOptions,
    {
      beginning,
      to,
      scope,
      renames,
    }: {
      readonly beginning: Beginning;
      readonly to: SchemaCatalog;
      readonly scope: DiffScope;
      readonly renames: readonly Rename[];
    },
  ) {
    this.#release = release;
    this.#options = options;
    this.#beginning = beginning;
    this.#scope = scope;
    this.#comparison = comparisonOf(options.kind);
    this.#from = within(scope, beginning.catalog);
    const { settled, named, parts, like } = this.#comparison;
    this.#to = withVersionsLike(like(within(scope, to), this.#from), this.#from);
    const ends = { from: this.#from, to: this.#to };
    this.lines = changeLines(catalogChanges(settled(this.#from), settled(this.#to)));
    this.narrower = narrowerColumns(this.#from, this.#to);
    const [was, is] = [this.#from.leftOut, this.#to.leftOut];
    this.uncovered = {
      wished: is.filter((one) => !was.includes(one)),
      gone: was.filter((one) => !is.includes(one)),
    };
    this.perhaps = perhapsRenamed(named(this.#from), named(this.#to), renames).map(renameText);
    this.parts = parts(ends, renames);
  }

  /**
   * Runs the written migrations, and rolls them back.
   *
   * @throws {ReleaseError} `diff_unproven`, `diff_takes_ignored`, and errors of running them
   */
  async prove(versions: readonly VersionInput[]): Promise<void> {
    const { repo } = this.#options;
    const { adapter } = this.#beginning.shadow;
    const [first] = versions;
    if (first === undefined) return;
    const release = onShadow(this.#release, repo, adapter);
    await this.#step("up", this.#to, () => release.migrate({ repo, tenants: false }));
    await this.#step("down", this.#from, () => release.rollback(repo, first));
  }

  async #step(
    way: "up" | "down",
    wished: SchemaCatalog,
    run: () => Promise<unknown>,
  ): Promise<void> {
    const { repo } = this.#options;
    try {
      await run();
    } catch (error) {
      if (!isReleaseError(error) || error.code === "interrupted") throw error;
      throw new DevelopmentError(
        "diff_unproven",
        { repo, way, changes: [error.message] },
        { cause: error },
      );
    }
    const { settled, like } = this.#comparison;
    const read = await readFrom(this.#beginning.shadow.adapter);
    const found = like(within(this.#scope, read), wished);
    const sides = [settled(wished), settled(found)] as const;
    const [expected, is] = way === "up" ? sides : sides.map(withoutVersions);
    const changes = changeLines(catalogChanges(expected!, is!));
    if (changes.length > 0) throw new DevelopmentError("diff_unproven", { repo, way, changes });
    const left = this.#ignored(this.#beginning.catalog);
    const taken = changeLines(catalogChanges(settled(left), settled(this.#ignored(read))));
    if (taken.length > 0)
      throw new DevelopmentError("diff_takes_ignored", { repo, changes: taken });
  }

  /** Of what a catalog holds, the part that the repo leaves alone. */
  #ignored(catalog: SchemaCatalog): SchemaCatalog {
    const { ours, isIgnored } = this.#scope;
    return { objects: withoutThese(catalog, ours).objects.filter(isIgnored), leftOut: [] };
  }

  dispose(): Promise<void> {
    return this.#beginning.shadow.dispose();
  }
}

/** @throws {ReleaseError} `load_failed`, `diff_refused`, `diff_extension_missing`, `connection_failed`, and what the migrations throw */
export async function findDifference(
  release: Release,
  options: DiffOptions,
): Promise<FoundDifference> {
  const { fromUrl } = options;
  const to =
    options.to === undefined
      ? await ofUrl(options.toUrl, options)
      : await ofSql(options.to, options);
  const entry = (await release.inventory()).find(({ repo }) => repo === options.repo);
  const scope = {
    ours: await ourObjects(release, options),
    isIgnored: ignores(entry?.ignore ?? []),
  };
  const beginning =
    fromUrl === undefined
      ? await ofMigrations(release, options)
      : await ofDatabase(release, fromUrl, options);
  try {
    const { repo, kind } = options;
    const { refused, named, like } = comparisonOf(kind);
    const from = within(scope, beginning.catalog);
    const ends = { from, to: like(within(scope, to), from) };
    const tables = refused(ends);
    if (tables.length > 0) throw new DevelopmentError("diff_refused", { repo, tables });
    const renames = await renamesOf(options, [named(ends.from), named(ends.to)]);
    return new FoundDifference(release, options, { beginning, to, scope, renames });
  } catch (error) {
    await beginning.shadow.dispose();
    throw error;
  }
}

/** Those that were given, and those to which somebody says yes. @throws {ReleaseError} `option_invalid` */
async function renamesOf(
  { renames = [], isRename }: DiffOptions,
  [from, to]: readonly [SchemaCatalog, SchemaCatalog],
): Promise<readonly Rename[]> {
  const given = renames.map((text) => {
    const rename = renameOf(text, from);
    if (rename !== undefined) return rename;
    const expected = "table=new or table.column=new, of what is there";
    throw new ReleaseError("option_invalid", { option: "--rename", value: text, expected });
  });
  const wrong = wrongRename(given, { from, to });
  if (wrong !== undefined)
    throw new ReleaseError("usage_invalid", {
      reason: `--rename ${renameText(wrong.rename)} is no rename: ${wrong.reason}`,
      hint: "Name what goes, and what comes in its place in the wished schema.",
    });
  const said: Rename[] = [...given];
  for (const rename of perhapsRenamed(from, to, given)) {
    if (await isRename?.(renameText(rename))) said.push(rename);
  }
  return said;
}
