/** docs/commands.md: the help of every command, as the command line prints it. */
import { developmentCommands as commands } from "../src/cli/commands/development.ts";
import { parse } from "../src/cli/program.ts";

const intro = `# Commands

\`npx slipway COMMAND\` finds \`release.ts\` (or \`src/release.ts\`, or what \`--release PATH\` or \`SLIPWAY_RELEASE\` names) from the working folder upwards to the nearest package.json; at the root of a [monorepo](../examples/monorepo) also in its packages, and says which. Data goes to stdout; progress, logs and errors go to stderr. With \`--json\` stdout is one JSON document, also for an error (\`{ "error": { "code", "message", "hint", "exitCode", "details" } }\`), and events are JSON lines on stderr, where what your code logs goes too. On a terminal \`plan\` and \`check\` show SQL in colour, and the name of a rule links to its page where the terminal knows links (\`FORCE_HYPERLINK=1\` or \`0\` decides). Colours are left out when the output is no terminal, in CI and with \`NO_COLOR\`. In CI (the variable \`CI\` is set) each line of a run begins with the time in UTC. Nothing is asked where there is no terminal.

## Exit codes

| code | means |
|---|---|
| 0 | done, or nothing to do |
| 1 | a migration failed; what ran before it is in the history |
| 2 | wrong usage or configuration, or a database that cannot be reached; nothing ran |
| 3 | something is pending (\`status --check\`, \`verify\`), or a generated file is stale (\`gen manifest --check\`) |
| 4 | refused before anything ran: irreversible, out of order, edited, not possible on this database |
| 5 | another process holds the lock, and waiting for it took too long |
| 6 | partly done: some repos were migrated, another failed |
| 130, 143 | stopped by SIGINT or SIGTERM; safe to run again |

Where stdout cannot take what a command gives, as on a full disk, one line on stderr says so; the exit code is 2, or that of the command where it failed itself. A reader that has gone (\`| head\`), a closed stdout and a stderr that is full or closed change nothing: the command goes on to its end, with its own exit code.

Every error has a code of its own too: see [errors](errors.md). SIGINT and SIGTERM cancel the statement that runs, on the server too, roll it back and let the lock go; a second signal, or ten seconds, ends the process at once, which is safe as well.

## Environment

Slipway reads \`SLIPWAY_RELEASE\` (the release file) and \`SLIPWAY_DEBUG=1\` (stack traces of unexpected errors), and \`NO_COLOR\`, \`FORCE_COLOR\`, \`CI\` and \`TERM\` for colours. The addresses of databases belong to your \`release.ts\`.

In development a \`.env\` beside package.json is read first, by Node's own \`process.loadEnvFile\`; what is set already stays. With \`NODE_ENV=production\` it is left alone, and a built release never reads one.

## Every day

| you want | type |
|---|---|
| a database in a fresh clone | \`slipway setup\`: create, [load](dump.md), migrate, seed |
| rows to work with | \`slipway seed\` runs \`db/<repo>/seeds.ts\` |
| to try the newest migration again | \`slipway redo\`, after you edited it |
| to begin from nothing | \`slipway reset\`: drop, create, migrate, seed |
| less or more to read | \`-q\`: data and errors; \`-v\`: SQL too, and where an error comes from |
| completion | \`source <(slipway completion bash)\`, the same with \`zsh\`; \`slipway completion fish | source\` |

\`\`\`ts
// db/main/seeds.ts
import { defineSeeds } from "slipway";

export default defineSeeds(async (db) => {
  await db.change("insert into plans (name) values ('free') on conflict do nothing");
});
\`\`\`

Seeds run in one transaction, are not in the history, and run each time: write them so that twice does no harm. A file without a default export runs by being imported, with a client of your own.

\`redo\` and \`reset\` refuse what looks like production: \`NODE_ENV=production\`, a database on another machine (also behind a socket in \`/cloudsql\`), one that is called prod or production or whose user is, and an address that cannot be read. If it is none, add \`--not-production\`. A built release has none of these commands.
`;

/** The whole page. */
export async function commandsPage(): Promise<string> {
  const pages = await Promise.all(commands.map(({ name }) => help(name)));
  return [intro, ...pages].join("\n");
}

async function help(name: string): Promise<string> {
  let text = "";
  const take = (part: string) => {
    text += part;
  };
  await parse([...name.split(" "), "--help"], {
    commands,
    slipway: "",
    name: "slipway",
    built: false,
    write: take,
    tell: take,
  });
  return `## ${name}\n\n\`\`\`\n${text.trimEnd()}\n\`\`\`\n`;
}
