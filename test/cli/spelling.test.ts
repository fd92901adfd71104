import { expect, it } from "vitest";
import { spelledOut } from "../../src/rpc/spelling.ts";

const known = {
  repos: ["main", "analytics"],
  methods: ["migrate", "migrateData", "rollback", "migrationStatus"],
};

const cases: readonly (readonly [string, string | undefined])[] = [
  ["MyApp.Release.migration_status()", "Release.migrationStatus()"],
  ["Release.migration_status()", "Release.migrationStatus()"],
  ["Release.migration_status", "Release.migrationStatus()"],
  ["MyApp.Release.migrate", "Release.migrate()"],
  ["migrate(step: 1)", "Release.migrate({ step: 1 })"],
  ["Release.migrate([step: 1])", "Release.migrate({ step: 1 })"],
  ["Release.migrate(to: 20210719021232)", "Release.migrate({ to: 20210719021232 })"],
  ["Release.migrate_data(all: true)", "Release.migrateData({ all: true })"],
  ["Release.migrate(step: 1, log_sql: true)", "Release.migrate({ step: 1, logSql: true })"],
  [
    "MyApp.Release.rollback(MyApp.Repo, 20210709121212)",
    'Release.rollback("main", 20210709121212)',
  ],
  ["rollback(MyApp.AnalyticsRepo, step: 1)", 'Release.rollback("analytics", { step: 1 })'],
  ["Release.rollback(:analytics, 5)", 'Release.rollback("analytics", 5)'],
  ["Release.migrate()", undefined],
  ["Release.repos().length", undefined],
  ["1 +", undefined],
  ["Release.backfills.migrate()", undefined],
];

it.each(cases)("%s", (typed, meant) => {
  expect(spelledOut(typed, known)).toBe(meant);
});
