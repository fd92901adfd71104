/** The fast suite, `npm run test:fast`: what needs no server and no built command line. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Whether this run is the fast suite. */
export const isFast = process.env.SLIPWAY_TEST_FAST === "1";

const rooms =
  "adapters,backfill,build,check,conformance,core,engine,http,language,release,reporters,shadow";

/** What a file of tests says when it starts a server, or a program. */
const starts =
  /support\/(postgres|postgres-server|mysql|mariadb|pgbouncer|debian)\.ts|"postgresUrl"|\b(testDatabase|openPlace)\("postgres"\)|node:child_process|cli\/project\.ts|playwright/;

/** The files of the fast suite: those of its rooms that start no server and no program. */
export function fastFiles(root: string): string[] {
  const files = globSync([`test/{${rooms}}/**/*.test.ts`, "test/*.test.ts"], { cwd: root });
  return files.filter((file) => !starts.test(readFileSync(join(root, file), "utf8")));
}

/** The tests in them that run on a server all the same are of the whole suite. */
export const fastTests = /^(?!.*\bon (postgres|mariadb|MariaDB)\b)/;
