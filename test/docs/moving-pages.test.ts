/** The pages for who moves in: of one screen, each with the same parts, and with commands that there are. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { developmentCommands } from "../../src/cli/commands/development.ts";
import { projectTools } from "../../src/cli/init/tools.ts";

const docs = join(import.meta.dirname, "../../docs");
const pages = readdirSync(join(docs, "moving-from")).filter((file) => file.endsWith(".md"));
const names = developmentCommands.map(({ name }) => name);

describe("a page for who moves in", () => {
  it.each(pages)("%s has its parts, and is of one screen", (file) => {
    const text = readFileSync(join(docs, "moving-from", file), "utf8");
    const heads = [...text.matchAll(/^## (.+)$/gm)].map(([, head]) => head);
    expect(heads).toEqual(["What is kept", "In daily use", "How to go back"]);
    expect(text.split("\n").length).toBeLessThan(75);
    const written = [...text.matchAll(/`(?:npx )?slipway ([a-z][a-z -]*?)(?= [A-Z-]|`| main)/g)];
    const commands = written.map(([, words]) => words!.trim());
    expect(commands.length).toBeGreaterThan(2);
    const isKnown = (words: string) =>
      names.some((name) => words === name || words.startsWith(`${name} `));
    expect(commands.filter((words) => !isKnown(words))).toEqual([]);
  });

  it("is listed, and init looks in the folder that it names", () => {
    const list = readFileSync(join(docs, "moving-from.md"), "utf8");
    expect(pages.filter((file) => !list.includes(`(moving-from/${file})`))).toEqual([]);
    const known = projectTools.filter(({ tool }) => pages.includes(`${tool}.md`));
    expect(known.length).toBeGreaterThan(15);
    const folders = known.map(({ tool, folders }) => {
      const text = readFileSync(join(docs, "moving-from", `${tool}.md`), "utf8");
      const [, folder = ""] = /migrations: "([^"]+)"/.exec(text) ?? [];
      return folders.includes(folder) ? undefined : `${tool}: ${folder}`;
    });
    expect(folders.filter(Boolean)).toEqual([]);
  });
});
