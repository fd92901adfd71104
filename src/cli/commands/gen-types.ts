import { existsSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { textThere, writeAllWhole } from "../../build/whole-file.ts";
import { kyselyTypes } from "../../compat/kysely-types.ts";
import { DevelopmentError } from "../../core/model/development-error.ts";
import { ReleaseError, refuse } from "../../core/model/errors.ts";
import type { Release } from "../../release/release.ts";
import { defineCommand } from "../command.ts";
import { flag, value } from "../flags.ts";
import { path } from "../parse.ts";
import { repoFlag } from "../run-flags.ts";

/** `gen types`: writes the tables of each database as types for Kysely. Writes nothing to the database. */
export const genTypes = defineCommand({
  flags: {
    repo: repoFlag,
    out: value("--out <file>", "write this file; default db/<repo>/types.ts; one repo only", path),
    check: flag("--check", "write nothing; exit 3 if the file is out of date"),
    camelCase: flag("--camel-case", "use names in camel case, like Kysely's CamelCasePlugin"),
  },
  async run({ flags, context: { world, ...context } }) {
    const release = await context.release();
    const repos = flags.repo ?? release.repos();
    if (flags.out !== undefined && repos.length > 1)
      throw new ReleaseError("repo_missing", {
        known: release.repos(),
        command: "gen types --out",
      });
    const texts: { repo: string; file: string; shown: string; text: string }[] = [];
    for (const repo of repos) {
      const file = resolve(world.cwd, flags.out ?? join("db", repo, "types.ts"));
      const shown = relative(world.cwd, file);
      texts.push({
        repo,
        file,
        shown,
        text: head + (await typesOf(release, repo, flags.camelCase)),
      });
    }
    const old = texts.filter(({ file, text }) => textThere(file) !== text);
    const data = { repos: texts.map(({ repo, shown }) => ({ repo, path: shown })) };
    if (flags.check === true) {
      refuse(
        old.map(
          ({ repo, shown, file }) =>
            new DevelopmentError("types_stale", { repo, path: shown, isThere: existsSync(file) }),
        ),
      );
      return {
        data,
        text: texts
          .map(({ repo, shown }) => `${repo}: ${shown} is what the database has\n`)
          .join(""),
      };
    }
    writeAllWhole(old.map(({ file, text }) => ({ path: file, contents: text })));
    const lines = texts.map(
      (one) => `${one.repo}: ${one.shown} ${old.includes(one) ? "written" : "is as it was"}\n`,
    );
    return { data, text: lines.join("") };
  },
});

const head = "// Written by slipway gen types. Do not edit it.\n\n";

/** @throws {ReleaseError} `driver_missing`, `connection_failed` */
async function typesOf(
  release: Release,
  repo: string,
  camelCase: true | undefined,
): Promise<string> {
  const [own] = await release.tables({ repo });
  const inventory = (await release.inventory()).find((one) => one.repo === repo);
  let text = "";
  await release.seed(repo, async (database) => {
    const without = new Set(own?.tables);
    text = await kyselyTypes(database, {
      syntax: inventory?.syntax ?? "postgres",
      without,
      camelCase,
    });
  });
  return text;
}
