/** A built release that is traced: which collector it sends to is decided where it runs, by the `OTEL_*` variables alone. */
import { symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { otlpReceiver, type Receiver, treeOf } from "../opentelemetry/otlp-receiver.ts";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { build, environment, folderOf, ran, writeProject } from "./support.ts";

const folder = folderOf("otel");
let database: FreshDatabase;
let receiver: Receiver;

const release = `import { NodeSDK } from "@opentelemetry/sdk-node";
import { defineRelease, env } from "slipway";
import { openTelemetry } from "slipway/opentelemetry";
import { postgres } from "slipway/postgres";

new NodeSDK().start();
openTelemetry();

export const Release = defineRelease({
  app: "my_app",
  repos: { main: { adapter: postgres({ url: () => env("DATABASE_URL") }) } },
});
`;

beforeAll(async () => {
  const project = writeProject(folder.path, { "release.ts": release });
  const packages = resolve(import.meta.dirname, "../../node_modules/@opentelemetry");
  symlinkSync(packages, join(project, "node_modules/@opentelemetry"));
  const built = await build(["--out", join(folder.path, "out")], project);
  expect({ code: built.code, stderr: built.stderr }).toEqual({ code: 0, stderr: "" });
  database = await freshDatabase();
  receiver = await otlpReceiver();
});
afterAll(async () => {
  await receiver?.stop();
  await database?.drop();
  folder.remove();
});
beforeEach(() => {
  for (const sent of [receiver.spans, receiver.metrics, receiver.logs]) sent.length = 0;
});

const bin = (args: readonly string[], env: { readonly [variable: string]: string }) =>
  ran(join(folder.path, "out/bin/my_app"), args, {
    env: { ...environment(database.url, folder.path), ...env },
    cwd: "/",
  });
const toReceiver = () => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
  OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
  OTEL_METRICS_EXPORTER: "otlp",
  OTEL_LOGS_EXPORTER: "otlp",
});

it("sends its spans, metrics and logs before it ends, as a part of the pipeline's trace", async () => {
  const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
  const TRACEPARENT = `00-${traceId}-00f067aa0ba902b7-01`;
  expect(await bin(["migrate"], { ...toReceiver(), TRACEPARENT })).toMatchObject({
    code: 0,
    stderr: expect.stringContaining("== Migrated 1"),
  });
  const tree = treeOf(receiver.spans.filter(({ kind }) => kind === "internal"));
  expect(tree).toEqual([
    "slipway migrate",
    "  repo main",
    "    migration lock",
    "    migration 1 users",
    "      try",
  ]);
  expect([...new Set(receiver.spans.map((span) => span.traceId))]).toEqual([traceId]);
  const named = receiver.metrics.map(({ name }) => name);
  expect(named).toContain("slipway.run.duration");
  expect(named).toContain("db.client.operation.duration");
  expect(receiver.logs.map(({ event }) => event)).toContain("slipway.migration_finished");
});

it("runs without a collector, and sends nothing where the SDK is switched off", async () => {
  expect(
    await bin(["rollback", "main", "1"], { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:1" }),
  ).toMatchObject({ code: 0 });
  expect(await bin(["migrate"], { ...toReceiver(), OTEL_SDK_DISABLED: "true" })).toMatchObject({
    code: 0,
  });
  expect(receiver.spans).toEqual([]);
});
