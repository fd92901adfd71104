/** docs/commands.md: the help of every command, as the command line prints it. */
import { developmentCommands as commands } from "../src/cli/commands/development.ts";
import { parse } from "../src/cli/program.ts";

const intro = `# Commands

Run \`npx slipway COMMAND\`, or \`bin/my_app COMMAND\` in a built release. Each command prints its own help with \`--help\`.

**Your release file.** Slipway looks for \`release.ts\` or \`src/release.ts\`, from the working folder upwards to the nearest package.json. At the root of a [monorepo](../examples/monorepo) it also looks into the packages, and says which one it took. To name another file, pass \`--release PATH\` or set \`SLIPWAY_RELEASE\`.

**Output.** Data goes to stdout. Progress, logs and errors go to stderr. With \`--json\`, stdout is one JSON document, also for an error (\`{ "error": { "code", "message", "hint", "exitCode", "details" } }\`). Events, and what your code logs, then go to stderr; events are JSON lines.

**Colours and links.** On a terminal, \`plan\` and \`check\` show SQL in colour, and the name of a rule links to its page (\`FORCE_HYPERLINK=1\` or \`0\` decides). There are no colours in CI, with \`NO_COLOR\`, or if the output is not a terminal.

**In CI** (with the variable \`CI\`), each line of a run starts with the time in UTC. Slipway asks nothing if there is no terminal.

## Exit codes

| code | meaning |
|---|---|
| 0 | done, or nothing to do |
| 1 | a migration failed; what ran before it is in the history |
| 2 | wrong usage or configuration, or a database that Slipway cannot reach; nothing ran |
| 3 | something is pending (\`status --check\`, \`verify\`), or a generated file is out of date (\`gen manifest --check\`) |
| 4 | refused before anything ran: irreversible, out of order, edited, or impossible on this database |
| 5 | another process holds the lock, and the time to wait for it is over |
| 6 | partly done: some repos were migrated, another failed |
| 130, 143, 129 | stopped by SIGINT, SIGTERM or SIGHUP; you can run it again |

Each error also has a code: see [errors](errors.md).

**If you stop a command.** On SIGINT, SIGTERM and SIGHUP (a terminal that closes), Slipway cancels the running statement, on the server too, rolls it back and releases the lock. A second signal, or ten seconds, ends the process at once, which is safe as well.

**If the output fails.** If stdout cannot take the data, for example on a full disk, one line on stderr says so. The exit code is then 2, or the command's own if it failed. If the reader has gone (\`| head\`), or stderr is full or closed, the command still runs to its end, with its own exit code.

**Files that a command writes.** A command writes a file whole or not at all. It writes a new file beside its place first, and then moves it there, so a full disk or a kill leaves the old file. After an error, a command with several new files leaves none of them. Two cases write in place: \`check --output\`, and a folder in which you may make no file. A link stays a link, and a replaced file keeps its rights. If the disk is full or you may not write there, the exit code is 2 (\`file_unwritable\`).

## Environment

| variable | meaning |
|---|---|
| \`SLIPWAY_RELEASE\` | the release file |
| \`SLIPWAY_DEBUG=1\` | print stack traces of unexpected errors |
| \`NO_COLOR\`, \`FORCE_COLOR\`, \`CI\`, \`TERM\` | colours |

Your \`release.ts\` decides where the addresses of databases come from.

In development, Slipway first reads a \`.env\` beside package.json, with Node's own \`process.loadEnvFile\`. A variable that is already set keeps its value. With \`NODE_ENV=production\` Slipway does not read it, and a built release never reads one.

## Every day

| you want | type |
|---|---|
| a database in a fresh clone | \`slipway setup\`: create, [load](dump.md), migrate, seed |
| rows to work with | \`slipway seed\` runs \`db/<repo>/seeds.ts\` |
| to try the newest migration again | \`slipway redo\`, after you edited it |
| to start from nothing | \`slipway reset\`: drop, create, migrate, seed |
| less or more to read | \`-q\`: only data and errors; \`-v\`: SQL and stack traces too |
| completion | \`source <(slipway completion bash)\`, the same with \`zsh\`; \`slipway completion fish | source\` |

\`\`\`ts
// db/main/seeds.ts
import { defineSeeds } from "slipway";

export default defineSeeds(async (db) => {
  await db.change("insert into plans (name) values ('free') on conflict do nothing");
});
\`\`\`

Seeds run in one transaction, each time that you call \`seed\`, and the history does not list them. Write them so that you can run them twice. If the file has no default export, Slipway only imports it, so you can use your own client.

\`redo\` and \`reset\` refuse a database that looks like production: \`NODE_ENV=production\`, a database on another machine (also behind a socket in \`/cloudsql\`), a database or user called prod or production, or an address that Slipway cannot read. If it is not production, add \`--not-production\`. A built release has none of these commands.
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
