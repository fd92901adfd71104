/** A release inside of a Next.js server, as its standalone output is deployed. */
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { tellMissing } from "../support/missing.ts";
import { freePort } from "../support/server.ts";
import { installPackage, runIn } from "./example.ts";

const root = resolve(import.meta.dirname, "../..");
const sources = join(root, "examples/nextjs");
const project = join(root, "test/.tmp/nextjs");
const away = mkdtempSync(join(tmpdir(), "slipway-nextjs-"));

const installed = nextIsInstalled();

afterAll(() => rmSync(away, { recursive: true, force: true }));

beforeAll(() => {
  if (!installed) return;
  cpSync(sources, project, { recursive: true });
  installPackage(project);
});

test.runIf(installed)(
  "the standalone server migrates when it starts, and its sources agree with what ran",
  async () => {
    const path = [dirname(process.execPath), join(project, "node_modules/.bin")].join(delimiter);
    const env = { PATH: `${path}${delimiter}${process.env.PATH}`, NEXT_TELEMETRY_DISABLED: "1" };
    const slipway = (args: string, more = {}) =>
      runIn(project, ["sh", "-c", `node node_modules/slipway/dist/cli/bin.js ${args}`], {
        ...env,
        ...more,
      });
    expect(await slipway("gen manifest --check")).toMatchObject({ code: 0 });
    const built = await runIn(project, ["sh", "-c", "next build"], env);
    expect(built).toMatchObject({ code: 0 });
    expect(built.stdout + built.stderr).not.toMatch(/⚠|warning/i);
    cpSync(join(project, ".next/standalone"), away, { recursive: true });

    const database = { DATABASE_PATH: join(away, "notes.db") };
    const answer = await withServer(away, database, (address) => fetch(`${address}/api/status`));
    expect(await answer.json()).toMatchObject([
      {
        repo: "main",
        migrations: [
          { status: "up", version: "20260105090000" },
          { status: "up", version: "20260106090000" },
        ],
      },
    ]);
    const ready = await withServer(away, database, (address) => fetch(`${address}/health/ready`));
    expect([ready.status, await ready.json()]).toMatchObject([200, { status: "ready" }]);
    expect(await slipway("verify", database)).toMatchObject({ code: 0, stdout: "main: same\n" });
  },
  300_000,
);

/** Starts the server, asks as soon as it answers, and ends it. */
async function withServer(
  folder: string,
  env: { readonly [variable: string]: string },
  ask: (address: string) => Promise<Response>,
): Promise<Response> {
  const port = await freePort();
  const child = spawn(process.execPath, ["server.js"], {
    cwd: folder,
    env: { ...env, PORT: String(port), HOSTNAME: "127.0.0.1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<void>((done) => child.on("close", () => done()));
  let said = "";
  try {
    await new Promise<void>((ready, failed) => {
      const hear = (text: Buffer) => {
        said += text;
        if (/Ready in/.test(said)) ready();
      };
      child.stdout.on("data", hear);
      child.stderr.on("data", hear);
      ended.then(() => failed(new Error(`the server ended: ${said}`)));
    });
    return await ask(`http://127.0.0.1:${port}`);
  } finally {
    child.kill("SIGTERM");
    await ended;
  }
}

/** Whether the release that the example asks for is there. */
function nextIsInstalled(): boolean {
  const wanted = JSON.parse(readFileSync(join(sources, "package.json"), "utf8")).dependencies.next;
  const file = join(project, "node_modules/next/package.json");
  if (existsSync(file) && JSON.parse(readFileSync(file, "utf8")).version === wanted) return true;
  tellMissing(`Next.js ${wanted} is missing: node scripts/install-nextjs.mjs`);
  return false;
}
