import { ReleaseError } from "../../core/model/errors.ts";
import { SchemaError } from "../../core/model/schema-error.ts";
import type { SchemaDump } from "../../release/dump-schema.ts";
import { defineCommand } from "../command.ts";
import { flag, value } from "../flags.ts";
import { given } from "../given.ts";
import { path } from "../parse.ts";
import { repoFlag } from "../run-flags.ts";
import { readSchemaFile, schemaFile, writeSchemaFile } from "../schema-file.ts";

/**
 * `dump`: writes the schema of each database as SQL to `db/<repo>/structure.sql`, in a built release to stdout. The same
 * schema gives the same bytes. Writes nothing to the database.
 */
export const dump = defineCommand({
  flags: {
    repo: repoFlag,
    out: value("--out <file>", "write to this file, or - for stdout; one repo only", path),
    check: flag("--check", "write nothing; exit 3 if the file is out of date"),
    rights: flag("--rights", "include GRANTs and default privileges (PostgreSQL)"),
  },
  async run({ flags, context }) {
    const release = await context.release();
    const repos = flags.repo ?? release.repos();
    // A built release has no project around it, into which it could write.
    const out = flags.out ?? (context.built && flags.check !== true ? "-" : undefined);
    if (out !== undefined && repos.length > 1)
      throw new ReleaseError("repo_missing", { known: release.repos(), command: "dump --out" });
    const toStdout = out === "-";
    if (toStdout && flags.check === true)
      throw new ReleaseError("usage_invalid", {
        reason: "--check needs a file, and --out - is none",
        hint: "Name the file that is to be compared.",
      });
    const dumps = await release.dump({ repo: repos, ...given({ rights: flags.rights }) });
    for (const { repo, leftOut } of dumps)
      for (const object of leftOut)
        context.world.tell(`warning: repo ${repo}: ${object} is not in the dump\n`);
    const data = dumps.map(({ repo, leftOut }) => ({ repo, leftOut }));
    if (toStdout) return { data: { repos: dumps }, text: dumps.map(({ sql }) => sql).join("") };
    const files = dumps.map((one) => ({ ...one, file: schemaFile(one.repo, out, context) }));
    if (flags.check === true) {
      for (const { file, ...one } of files)
        compare(one, file.shown, await readSchemaFile(one.repo, file));
      const text = files.map(
        ({ repo, file }) => `${repo}: ${file.shown} is the schema of the database\n`,
      );
      return { data: { repos: data }, text: text.join("") };
    }
    const written = files.map(({ repo, sql, file }) => {
      const changed = writeSchemaFile(file, sql);
      return `${repo}: ${file.shown} ${changed ? "written" : "is as it was"}\n`;
    });
    return { data: { repos: data }, text: written.join("") };
  },
});

/** @throws {ReleaseError} `dump_differs` */
function compare({ repo, sql }: SchemaDump, path: string, found: string): void {
  // Git may have given the file the line ends of Windows.
  const [is = [], wanted = []] = [found, sql].map((text) => text.split(/\r?\n/));
  const length = Math.max(is.length, wanted.length);
  for (let line = 0; line < length; line++) {
    if (is[line] === wanted[line]) continue;
    const details = { expected: wanted[line] ?? "", found: is[line] ?? "", line: line + 1 };
    throw new SchemaError("dump_differs", { repo, path, ...details });
  }
}
