/** The example: the metrics of runs and what is pending, as Prometheus reads them from the app. */
import { mkdtempSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";

it("serves what ran and what is pending at /metrics, and nothing else", async () => {
  const folder = mkdtempSync(join(tmpdir(), "slipway-prometheus-"));
  process.env.DATABASE_PATH = join(folder, "shop.sqlite");
  const { server } = await import("../../examples/prometheus/server.ts");
  const { Release } = await import("../../examples/prometheus/release.ts");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
    rmSync(folder, { recursive: true });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await Release.using({ emit: () => undefined }).migrate({ step: 1 });
  const answer = await fetch(`${url}/metrics`);
  expect(answer.headers.get("content-type")).toContain("text/plain");
  const rows = (await answer.text())
    .split("\n")
    .map((row) => row.replace(/otel_scope_\w+="[^"]*",?/g, ""));
  const value = (metric: string, ...labels: readonly string[]) =>
    rows
      .filter((row) => row.startsWith(`${metric}{`) && labels.every((label) => row.includes(label)))
      .map((row) => Number(row.split(" ")[1]));
  expect(value("slipway_migrations_pending", 'slipway_repo="main"')).toEqual([1]);
  expect(value("slipway_run_duration_count", 'slipway_app="shop"')).toEqual([1]);
  expect(value("slipway_migration_duration_count", 'slipway_direction="up"')).toEqual([1]);
  const [statements = 0] = value("db_client_operation_duration_count", 'db_system_name="sqlite"');
  expect(statements).toBeGreaterThan(1);
  expect((await fetch(`${url}/`)).status).toBe(404);
});
