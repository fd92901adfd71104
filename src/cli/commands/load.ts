import { ReleaseError } from "../../core/model/errors.ts";
import type { SchemaLoaded } from "../../release/load-schema.ts";
import { defineCommand } from "../command.ts";
import { flag } from "../flags.ts";
import { repoFlag } from "../run-flags.ts";
import { readSchemaFile, schemaFile } from "../schema-file.ts";

/**
 * `load [FILE]`: makes the schema from `dump` in an empty database, in one transaction, with the
 * records of its history.
 */
export const load = defineCommand({
  arguments: "[file]",
  flags: {
    repo: repoFlag,
    skipIfLoaded: flag("--skip-if-loaded", "do nothing if migrations have run"),
  },
  async run({ args: [named], flags, context }) {
    const release = await context.release();
    const repos = flags.repo ?? release.repos();
    if (named !== undefined && repos.length > 1)
      throw new ReleaseError("repo_missing", { known: release.repos(), command: "load FILE" });
    const files = repos.map((repo) => ({ repo, file: schemaFile(repo, named, context) }));
    const texts: ((typeof files)[number] & { readonly sql: string })[] = [];
    for (const one of files) texts.push({ ...one, sql: await readSchemaFile(one.repo, one.file) });
    const loaded: (SchemaLoaded & { readonly file: string })[] = [];
    for (const { repo, file, sql } of texts) {
      const options = { path: file.shown, skipIfLoaded: flags.skipIfLoaded };
      loaded.push({ ...(await release.load(repo, sql, options)), file: file.shown });
    }
    const text = loaded.map(({ repo, file, loaded: isNew }) =>
      isNew ? `${repo}: ${file} loaded\n` : `${repo}: migrations have run here, nothing loaded\n`,
    );
    return { data: { repos: loaded }, text: text.join("") };
  },
});
