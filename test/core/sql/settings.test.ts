import { describe, expect, it } from "vitest";
import { definitionFromSql } from "../../../src/core/language/sql-migration.ts";

const origin = "db/1_a.sql";

function settingsOf(text: string) {
  const { up, down, ...settings } = definitionFromSql(
    { whole: { text, origin } },
    { origin, syntax: "postgres" },
  );
  return settings;
}

function refusalOf(text: string): string {
  try {
    return JSON.stringify(settingsOf(text));
  } catch (error) {
    return `${(error as Error).message} | ${(error as { hint: string }).hint}`;
  }
}

describe("the settings of an SQL file", () => {
  it("are lines, or words of one line", () => {
    const lines = `-- a licence
-- slipway: phase=after
-- slipway: requires-data=20210811035222
-- slipway: compatible-from=2.4.0, transaction=false
alter table posts drop column old;`;
    expect(settingsOf(lines)).toEqual({
      phase: "after",
      requires: { data: 20210811035222 },
      compatibleFrom: "2.4.0",
      transaction: false,
    });
  });

  it("may stand before the parts or behind their markers", () => {
    expect(settingsOf("-- slipway: phase=after\n-- migrate:up\nselect 1;\n")).toEqual({
      phase: "after",
    });
    expect(settingsOf("-- migrate:up phase:after\nselect 1;\n-- migrate:down\n")).toEqual({
      phase: "after",
    });
  });

  it("are exact beyond 2^53", () => {
    expect(settingsOf("-- slipway: requires-data=9223372036854775807\nselect 1")).toEqual({
      requires: { data: 9223372036854775807n },
    });
  });

  it.each([
    ["phase=later", "phase=later means nothing | Write it like phase=after."],
    [
      "requires-data=x",
      "requires-data=x means nothing | Write it like requires-data=20210811035222.",
    ],
    ["compatible-from=2", "compatible-from=2 means nothing | Write it like compatible-from=2.4.0."],
    [
      "toString=1",
      'unknown setting toString=1 | Use transaction=false, phase=after, requires-data=20210811035222, requires=20210718153339, repeatable=true, depends=R__people, compatible-from=2.4.0, lock-timeout=500, statement-timeout=60000, retry-for=60000, online-timeout=3600000, on-blocked=fail, end-idle-blockers-after=60000, online-ddl=allow-copy or safe RULE "reason".',
    ],
  ])("refuse %s", (setting, refusal) => {
    expect(refusalOf(`-- slipway: ${setting}\nselect 1`)).toBe(
      `file db/1_a.sql: line 1: ${refusal}`,
    );
  });
});
