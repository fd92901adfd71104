/** The migrations of a release that were compiled when it was built: their names, their plans, and the code of some. */
import type { MigrationDefinition } from "../core/language/migration-definition.ts";
import { ReleaseError } from "../core/model/errors.ts";
import type { MigrationFile } from "../core/model/migration.ts";
import { type Planned, type PlannedRefusal, runsCode } from "../core/plan/planned.ts";
import {
  type LaneKey,
  type Lanes,
  type PlannedMigration,
  type PlannedRelease,
  type PrefixedPlans,
  prefixMark,
} from "../core/plan/planned-release.ts";
import type { PlannedFor } from "../core/plan/step.ts";
import type { Source } from "../engine/discovery/source.ts";
import { unloadable } from "../engine/discovery/unloadable.ts";
import type { Manifest } from "../release/config.ts";
import type { ListedMigrations } from "./lazy-manifest.ts";

/** Modules of migrations that have code. */
type Modules = Lanes<() => unknown>;

/** The parts that a release reads only when it needs them. */
export type PlannedParts = {
  readonly plans: () => PlannedRelease;
  /** The checksums of all texts, which are small beside the plans. */
  readonly checksums: () => Lanes<string>;
  readonly prefixed: () => PrefixedPlans;
  readonly modules: () => Modules | Promise<Modules>;
};

/** A manifest of lanes that need no compiler. */
export function plannedManifest(listed: ListedMigrations, given: PlannedParts): Manifest {
  const parts = {
    ...given,
    plans: once(given.plans),
    checksums: once(given.checksums),
    prefixed: once(given.prefixed),
  };
  const repos = Object.entries(listed).map(([repo, lanes]) => [
    repo,
    Object.fromEntries(
      Object.entries(lanes).map(([lane, files]) => [
        lane,
        { source: plannedSource(files, { ...parts, repo, lane: lane as LaneKey }) },
      ]),
    ),
  ]);
  return Object.fromEntries(repos);
}

type At = PlannedParts & { readonly repo: string; readonly lane: LaneKey };

function plannedSource(files: readonly MigrationFile[], at: At): Source {
  const planOf = ({ id, origin }: MigrationFile): PlannedMigration => {
    const found = read(at.plans, origin).plans[at.repo]?.[at.lane]?.[id];
    if (found === undefined) throw new ReleaseError("not_a_migration", { origin });
    return found;
  };
  return {
    list: async () => ({ files, warnings: [] }),
    async load(file) {
      const plan = planOf(file);
      const { phase, verdict } = plan;
      const definition = runsCode(plan) ? await codeOf(file, at) : { phase };
      return { file, definition, verdict, planned: plannedFor(file, at, plan) };
    },
    async checksum({ id, origin }) {
      const found = read(at.checksums, origin)[at.repo]?.[at.lane]?.[id];
      if (found === undefined) throw new ReleaseError("not_a_migration", { origin });
      return found;
    },
    // Only who takes over another tool's history asks for the text, and a built release does not.
    facts: async ({ id, origin }) => ({ base: origin.replace(/^.*\//, ""), stem: id, text: "" }),
  };
}

/** The plan for the prefix of a run. @throws {ReleaseError} `compiled_otherwise` */
function plannedFor(file: MigrationFile, at: At, plan: PlannedMigration): PlannedFor {
  return ({ dialect, defaults, hooks = {}, prefix }) => {
    const { repo } = at;
    const here = { dialect: dialect.name, defaults };
    const was = compiledFor(at);
    const hasHooks = Object.values(hooks).some((hook) => hook !== undefined);
    if (hasHooks || JSON.stringify(here) !== JSON.stringify(was))
      throw new ReleaseError("compiled_otherwise", { repo });
    if (prefix === undefined) return plan;
    if (!isPlainName.test(prefix)) {
      const expected = "a name of letters, digits, _, $ and - in a built release";
      throw new ReleaseError("option_invalid", { option: "prefix", value: prefix, expected });
    }
    const marked = read(at.prefixed, file.origin)[repo]?.[at.lane]?.[file.id];
    if (marked === undefined) return plan;
    const found: Planned | PlannedRefusal = JSON.parse(
      JSON.stringify(marked).replaceAll(prefixMark, () => prefix),
    );
    if (!("refused" in found)) return found;
    const { code, details } = found.refused;
    throw new ReleaseError(code, details as never);
  };
}

/** In the lane of tenants a table without a schema is the tenant's own, whatever the repo says of others. */
function compiledFor({ plans, repo, lane }: At) {
  const was = plans().compiledFor[repo];
  if (was === undefined || !lane.startsWith("tenant")) return was;
  const { prefix: _, ...defaults } = was.defaults as { readonly prefix?: string };
  return { ...was, defaults };
}

/** Names that look the same in quotes of every kind. */
const isPlainName = /^[\p{L}_][\p{L}\p{N}_$-]*$/u;

async function codeOf({ id, origin }: MigrationFile, at: At): Promise<MigrationDefinition> {
  try {
    const modules = await at.modules();
    const exported = (await modules[at.repo]?.[at.lane]?.[id]?.()) as Exports;
    return unwrapped(exported) as MigrationDefinition;
  } catch (cause) {
    throw unloadable(cause, { origin, root: "/" });
  }
}

type Exports = { readonly default?: Exports; readonly __esModule?: boolean };

/** A CommonJS module that a compiler made of `export default` is wrapped twice. */
function unwrapped(exported: Exports): Exports {
  const inner = exported.default;
  if (inner === undefined) return exported;
  return inner.__esModule === true ? unwrapped(inner) : inner;
}

function once<Part>(load: () => Part): () => Part {
  let loaded: { readonly part: Part } | undefined;
  return () => {
    loaded ??= { part: load() };
    return loaded.part;
  };
}

function read<Part>(load: () => Part, origin: string): Part {
  try {
    return load();
  } catch (cause) {
    throw unloadable(cause, { origin, root: "/" });
  }
}
