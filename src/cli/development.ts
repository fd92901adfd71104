/** The door of the package's own bin: the commands of the development, on the project on disk. */
import { relative } from "node:path";
import { developmentCommands } from "./commands/development.ts";
import { findProject, importRelease } from "./find-release.ts";
import { flagsInTime, keepYoungFew } from "./late-flags.ts";
import { runProcess } from "./run-process.ts";
import { slipwayVersion } from "./slipway-version.ts";

/** Runs one command line, without the path of Node and of the script. */
export function runInDevelopment(argv: readonly string[]): Promise<void> {
  flagsInTime();
  return runProcess(argv, {
    commands: developmentCommands,
    slipway: slipwayVersion(),
    begins: keepYoungFew,
    release: ({ cwd, path }) => {
      const project = findProject({ cwd, path });
      if (project.inWorkspace && !argv.some((word) => /^(-q|--quiet|--json)$/.test(word)))
        process.stderr.write(`using ${relative(cwd, project.releaseFile ?? "")}\n`);
      return importRelease(project, cwd);
    },
  });
}
