/** Writes what VitePress builds from: `node site/build.ts ROOT FOLDER`. */
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { preparePages } from "./prepare.ts";

const [root = "", folder = ""] = process.argv.slice(2);
const settings = join(folder, ".vitepress");

preparePages(root, join(folder, "pages"));
mkdirSync(settings, { recursive: true });
cpSync(join(root, "site/theme"), join(settings, "theme"), { recursive: true });
cpSync(join(root, "site/pages.ts"), join(settings, "pages.ts"));
cpSync(join(root, "site/config.ts"), join(settings, "site.ts"));
const docs = JSON.stringify(join(root, "docs"));
writeFileSync(
  join(settings, "config.ts"),
  `import { siteConfig } from "./site.ts";\n\nexport default siteConfig(${docs});\n`,
);
// Without one here, esbuild reads the project's, whose target is newer than it knows.
writeFileSync(join(folder, "tsconfig.json"), "{}\n");
