import { neededParser } from "../../check/parser.ts";
import { rulePages } from "../../check/rule-pages.ts";
import { sqliteTrial } from "../../shadow/sqlite/trial.ts";
import { defineCommand } from "../command.ts";
import { generatedFlags, writeGenerated } from "../generate/write-generated.ts";

/** `gen rule-docs`: writes a page for each safety rule, and their list. */
export const genRuleDocs = defineCommand({
  flags: generatedFlags,
  async run({ flags, context }) {
    const pages = rulePages(await neededParser("gen rule-docs"), { sqlite: await sqliteTrial() });
    const files = [...pages].map(([path, text]) => ({ path, text }));
    return writeGenerated(files, { flags, context, folder: "docs/rules" });
  },
});
