/** `gen migration --diff`: the migration that makes the wished schema, written in its safe form and tried out. */
import { mkdirSync } from "node:fs";
import { join, relative } from "node:path";
import { naming, removeMade, writeWhole } from "../../build/whole-file.ts";
import { checkHistory } from "../../check/check-history.ts";
import type { Finding } from "../../check/finding.ts";
import { neededParser } from "../../check/parser.ts";
import type { MigrationPart } from "../../core/difference/safe-parts.ts";
import { DevelopmentError } from "../../core/model/development-error.ts";
import { inputFromDigits, type Version } from "../../core/model/migration.ts";
import type { Release } from "../../release/release.ts";
import type { FoundDifference } from "../../shadow/diff/diff.ts";
import type { ShadowKind } from "../../shadow/trace/shadow.ts";
import { asMarkdown } from "../as-markdown.ts";
import type { CommandContext, Ending } from "../command.ts";
import { findProject } from "../find-release.ts";
import { given } from "../given.ts";
import { moduleEnding } from "../module-ending.ts";
import { namedFiles } from "../named-files.ts";
import { withNewVersion } from "../new-version.ts";
import { partText } from "../templates/part.ts";
import { diffMarkdown } from "./diff-markdown.ts";
import { asUnproven, whileUnproven } from "./unproven.ts";
import { wishedSql } from "./wished.ts";

export type DiffRequest = {
  readonly name: string;
  readonly repo: string;
  readonly folder: string;
  readonly flags: {
    readonly to?: string | undefined;
    readonly toUrl?: string | undefined;
    readonly fromUrl?: string | undefined;
    readonly shadow?: string | undefined;
    readonly rename?: readonly string[] | undefined;
    readonly check?: true | undefined;
    readonly format?: string | undefined;
  };
  readonly context: CommandContext;
};

type WrittenPart = {
  readonly part: MigrationPart;
  /** The version of the part before it. */
  readonly requires: Version | undefined;
  readonly version: Version;
  readonly file: string;
};

/**
 * @throws {ReleaseError} `diff_unsupported`, `diff_pending`, `diff_unproven`, `name_taken`, and
 * errors of reading the schemas
 */
export async function diffMigration(request: DiffRequest): Promise<Ending> {
  // The first migration of a project has no folder yet.
  const made = naming({ path: request.folder }, () =>
    mkdirSync(request.folder, { recursive: true }),
  );
  try {
    return await differing(request);
  } finally {
    removeMade(request.folder, made);
  }
}

async function differing(request: DiffRequest): Promise<Ending> {
  const { repo, flags, context } = request;
  const release = await context.release();
  const entry = (await release.inventory()).find((one) => one.repo === repo);
  const { kindOf } = await import("../../shadow/diff/kind.ts");
  const kind = entry === undefined ? undefined : kindOf(entry);
  if (kind === undefined)
    throw new DevelopmentError("diff_unsupported", { repo, database: entry?.adapter ?? "this" });
  const { hasShadow } = await import("../../shadow/schema-by-migrations.ts");
  if (entry === undefined || !hasShadow(entry, flags.shadow))
    throw new DevelopmentError("shadow_unsupported", { repos: [repo], flag: "--shadow" });
  const found = await difference(request, release, kind);
  const wished = flags.to ?? "--to-url";
  for (const object of found.uncovered.wished)
    context.world.tell(
      `warning: ${object} is in the wished schema and not covered: write it by hand\n`,
    );
  for (const object of found.uncovered.gone)
    context.world.tell(
      `warning: ${object} is not in the wished schema and not covered: it stays\n`,
    );
  try {
    const isDone = found.parts.length === 0;
    if (flags.check) return await checked(request, isDone ? [] : found.lines);
    if (isDone) return { data: { created: [] }, text: sameText(repo, wished) };
    return await write(request, found, release);
  } finally {
    await found.dispose();
  }
}

function sameText(repo: string, wished: string): string {
  return `${repo}: the migrations make the schema of ${wished}\n`;
}

async function checked(
  { repo, flags, context }: DiffRequest,
  changes: readonly string[],
): Promise<Ending> {
  const wished = flags.to ?? "--to-url";
  const ending: Ending =
    changes.length === 0
      ? { data: { created: [] }, text: sameText(repo, wished) }
      : {
          data: { changes },
          text: changes.map((line) => `${line}\n`).join(""),
          told: new DevelopmentError("diff_pending", { repo, to: wished, changes }),
        };
  return asMarkdown(ending, { format: flags.format, context }, () =>
    diffMarkdown({ repo, wished, changes }),
  );
}

async function difference(
  { repo, flags, context }: DiffRequest,
  release: Release,
  kind: ShadowKind,
): Promise<FoundDifference> {
  const { world, releasePath } = context;
  const { root } = findProject({ cwd: world.cwd, path: releasePath });
  const { findDifference } = await import("../../shadow/diff/diff.ts");
  const { fromUrl, shadow: shadowUrl, to, toUrl } = flags;
  const { confirm } = world;
  const isRename =
    confirm === undefined || flags.check
      ? undefined
      : (rename: string) => confirm(`Is it a rename, ${rename}? Else what it holds is lost.`);
  const shared = { repo, kind, ...given({ fromUrl, shadowUrl, renames: flags.rename, isRename }) };
  if (to === undefined) return findDifference(release, { ...shared, toUrl: toUrl ?? "" });
  const sql = await wishedSql(to, { cwd: world.cwd, root, kind, signal: world.signal });
  return findDifference(release, { ...shared, to: sql });
}

/** Nothing stays of it where the proof fails. */
async function write(
  request: DiffRequest,
  found: FoundDifference,
  release: Release,
): Promise<Ending> {
  const { cwd, tell } = { ...request.context.world };
  const files: string[] = [];
  await whileUnproven(files, async () => {
    const written = writeParts(request, found.parts, files);
    const findings = await judged(request, written, release);
    await found.prove(written.map(({ version }) => inputFromDigits(version)));
    for (const finding of findings)
      tell(
        `warning: ${finding.file}: ${finding.rule}: ${finding.message}: ${saferWords(finding)}\n`,
      );
  });
  for (const { column, from, to, query } of found.narrower)
    tell(
      `warning: ${column} becomes ${to} and was ${from}: it fails where a value does not fit; count those first: ${query}\n`,
    );
  for (const rename of found.perhaps)
    tell(
      `warning: perhaps a rename, and what it holds is lost: if it is one, --rename ${rename}\n`,
    );
  const created = files.map((file) => relative(cwd, file) || file);
  return {
    data: { created, changes: found.lines },
    text: created.map((one) => `* creating ${one}\n`).join(""),
  };
}

/** Adds each file to `files`. @throws {ReleaseError} `name_taken`, `file_unwritable` */
function writeParts(
  { name, folder, context }: DiffRequest,
  parts: readonly MigrationPart[],
  files: string[],
): readonly WrittenPart[] {
  const { world, releasePath } = context;
  const { root } = findProject({ cwd: world.cwd, path: releasePath });
  const ending = moduleEnding(root);
  const names = parts.map(({ suffix }) => (suffix === "" ? name : `${name}_${suffix}`));
  const taken = namedFiles(folder).find((file) => names.includes(file.name));
  if (taken !== undefined)
    throw new DevelopmentError("name_taken", {
      ...{ name: taken.name, origin: relative(world.cwd, taken.path) },
    });
  const written: WrittenPart[] = [];
  for (const [i, part] of parts.entries()) {
    const requires = written.at(-1)?.version;
    const one = withNewVersion(folder, world.now(), (version) => {
      const file = join(folder, `${version}_${names[i]}.${ending}`);
      writeWhole({
        path: file,
        contents: asUnproven(file, partText(part, { requires })),
        isNew: true,
      });
      files.push(file);
      return { part, requires, version, file };
    });
    written.push(one);
  }
  return written;
}

/** The file answers each finding of `check`, with the finding's words. */
async function judged(
  { repo }: DiffRequest,
  written: readonly WrittenPart[],
  release: Release,
): Promise<readonly Finding[]> {
  const entry = (await release.inventory()).find((one) => one.repo === repo);
  if (entry === undefined) return [];
  const { findings } = checkHistory(entry.migrations, {
    parser: await neededParser("gen migration --diff", entry.rules),
    wanted: new Set(written.map(({ version }) => version)),
    ...{ isOneRun: false, policy: false, dialect: entry.rules, own: entry.ownRules },
    replacesUnsafe: entry.replacesUnsafe,
  });
  for (const { part, requires, version, file } of written) {
    const origin = entry.migrations.find((one) => one.file.version === version)?.file.origin;
    const own = findings.filter((finding) => finding.file === origin);
    if (own.length === 0) continue;
    const answers = Object.fromEntries(
      own.map((finding) => {
        const call = safeCall(finding);
        const why =
          call === undefined ? "there is no safer form of it" : `beside running code: ${call}`;
        return [finding.rule, `wished so, and ${why}: ${finding.message}`];
      }),
    );
    writeWhole({ path: file, contents: asUnproven(file, partText(part, { answers, requires })) });
  }
  return findings;
}

/** The way to do it by hand, and a query for the size of the table that everybody waits for. */
function saferWords(finding: Finding): string {
  const call = safeCall(finding);
  if (call === undefined) return "it has no safer form here, look at its answer";
  const words = `it is the plain change, look at its answer; by hand, beside running code: ${call}`;
  const [table] = finding.tables;
  if (finding.rule !== "change-column-type" || table === undefined) return words;
  const literal = `'${table.replaceAll("'", "''")}'`;
  return `${words}; how large the table is: SELECT pg_size_pretty(pg_table_size(${literal}))`;
}

/** The form of several steps that this command does not write: `m.changeTypeSafely(…)`. */
function safeCall({ safe }: Finding): string | undefined {
  return /^m\.\w+Safely\(.*\)(?=;?$)/.exec(safe?.dsl?.[0] ?? "")?.[0];
}
