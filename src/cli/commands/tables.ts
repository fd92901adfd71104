import type { RepoTables } from "../../release/own-tables.ts";
import { defineCommand } from "../command.ts";
import { flag, value } from "../flags.ts";
import { given } from "../given.ts";
import { name } from "../parse.ts";
import { placeFlags } from "../run-flags.ts";

/**
 * `tables [REPO]`: lists Slipway's tables; with `--sql` it prints the statements that make them and
 * grant rights to them. Connects to nothing.
 */
export const tables = defineCommand({
  arguments: "[repo]",
  flags: {
    sql: flag("--sql", "print SQL that creates them and grants the rights"),
    migrator: value("--migrator <name>", "the user who runs migrations; default migrator", name),
    app: value("--app <name>", "the user of the app; default app", name),
    reader: value("--reader <name>", "the user who only reads; default reader", name),
    prefix: placeFlags.prefix,
  },
  async run({ args, flags, context }) {
    const [repo] = args;
    const { sql, ...options } = flags;
    const release = await context.release();
    const repos = await release.tables(given({ ...options, repo }));
    return { data: { repos }, text: repos.map(sql ? sqlText : namesText).join("\n") };
  },
});

function namesText({ repo, tables }: RepoTables): string {
  return `repo ${repo}: ${tables.join(", ")}\n`;
}

function sqlText({ repo, database, create, grants }: RepoTables): string {
  const head = `-- repo ${repo}, on ${database}: the tables of Slipway\n`;
  const rights = grants.map(({ words, sql }) => `-- ${words}\n${sql};\n`);
  const none = `-- ${database} has no users: whoever may write the file and its folder may migrate\n`;
  return [head, ...create.map((sql) => `${sql};\n`), ...(grants.length > 0 ? rights : [none])].join(
    "",
  );
}
