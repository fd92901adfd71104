import { describe, expect, it } from "vitest";
import { checkFiles } from "../../../src/check/check-files.ts";
import { loadParser } from "../../../src/check/parser.ts";

const drop = "-- migrate:up\nalter table posts drop column title;\n";

async function found(text: string) {
  const parser = await loadParser();
  if (parser === undefined) throw new Error("libpg-query is not installed");
  const file = { name: "1_a.sql", text };
  const { findings, answered } = checkFiles([file], {
    parser,
    inTransaction: false,
    policy: false,
  });
  return [findings.map((one) => one.rule), answered.map((one) => one.rule)];
}

describe("a migration that runs when the old code is gone", () => {
  it("need not say why it drops what that code used", async () => {
    expect(await found(drop)).toEqual([["drop-column"], []]);
    expect(await found(`-- slipway: phase=after\n${drop}`)).toEqual([[], ["drop-column"]]);
  });

  it("answers nothing else, and no drop is asked of it", async () => {
    const rewrite =
      "-- slipway: phase=after\n-- migrate:up\nalter table posts alter column n type bigint;\n";
    expect((await found(rewrite))[0]).toEqual(["change-column-type"]);
    expect(await found("-- slipway: phase=after\n-- migrate:up\nselect 1;\n")).toEqual([[], []]);
  });
});
