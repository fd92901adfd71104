/** `slipway dashboard` as a process: its one line, who gets in, and how it ends. */
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeProject, type Project, type Running, sqliteRelease } from "../cli/project.ts";

let project: Project;
let running: Running;

beforeAll(() => {
  project = makeProject({ "release.ts": sqliteRelease });
});

afterAll(() => project.remove());

async function begin(): Promise<URL> {
  running = project.start(["dashboard", "--port", "0", "--no-open"]);
  return new URL((await running.printed("\n")).trim());
}

/** Asks with any `Host`, which `fetch` does not allow. */
function ask(url: URL, host: string): Promise<number | undefined> {
  return new Promise((done, failed) => {
    const asked = request(url, { headers: { host } }, (answer) => {
      answer.resume();
      answer.on("end", () => done(answer.statusCode));
    });
    asked.on("error", failed).end();
  });
}

describe("slipway dashboard", () => {
  it("prints one line, lets in whoever has its token, and ends with 0 on Ctrl-C, also while somebody looks", async () => {
    const url = await begin();
    expect(url.hostname).toBe("127.0.0.1");
    expect(url.pathname).toMatch(/^\/[\w-]{24}\/$/);
    const page = await fetch(url);
    expect(page.status).toBe(200);
    expect(page.headers.get("referrer-policy")).toBe("same-origin");
    for (const path of ["/", "/slipway/", "/now", `${url.pathname.slice(0, -2)}/`])
      expect((await fetch(new URL(path, url))).status, path).toBe(404);
    const stream = await fetch(new URL("live?page=", url));
    expect(stream.status).toBe(200);
    running.kill("SIGINT");
    const { code, stdout, stderr } = await running.ended;
    await stream.body?.cancel().catch(() => undefined);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${url}\n` });
    expect(stderr).toMatch(/^SIGINT: stopping: .*\n$/);
    expect(stderr).not.toContain(url.pathname);
  });

  it("gives a page of elsewhere nothing whose name leads to this machine, for it has no token", async () => {
    const url = await begin();
    for (const path of ["/", "/slipway/", "/live?page="])
      expect(await ask(new URL(path, url), "evil.test"), path).toBe(404);
    expect(await ask(url, url.host)).toBe(200);
    running.kill("SIGTERM");
    expect((await running.ended).code).toBe(0);
  });

  it("says in one line that a port is taken", async () => {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const { port } = server.address() as AddressInfo;
    const { code, stdout, stderr } = await project.run(["dashboard", "--port", `${port}`]);
    server.close();
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(`port ${port} of this machine cannot be listened on: EADDRINUSE`);
    expect(stderr).not.toContain("    at ");
  });
});
