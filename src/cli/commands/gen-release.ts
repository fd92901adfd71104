import { join, relative, resolve } from "node:path";
import { writeWhole } from "../../build/whole-file.ts";
import { DevelopmentError } from "../../core/model/development-error.ts";
import { appName } from "../app-name.ts";
import { defineCommand } from "../command.ts";
import { earlierDefaults } from "../earlier-defaults.ts";
import { findProject } from "../find-release.ts";
import { value } from "../flags.ts";
import { moduleEnding } from "../module-ending.ts";
import { oneOf } from "../parse.ts";
import { adapterNames, releaseTemplate } from "../templates/release.ts";

/** `gen release`: writes the release file of a project. */
export const genRelease = defineCommand({
  flags: {
    adapter: value(
      "--adapter <name>",
      `one of ${adapterNames.join(", ")}; default postgres`,
      oneOf(adapterNames),
    ),
    defaults: value(
      "--defaults <whose>",
      "the defaults of t.id() and t.timestamps(): typescript or ecto; default: by your project",
      oneOf(["typescript", "ecto"]),
    ),
  },
  async run({ flags, context }) {
    const { world, releasePath: path } = context;
    const project = findProject({ cwd: world.cwd, path });
    const file =
      path === undefined
        ? join(project.root, `release.${moduleEnding(project.root)}`)
        : resolve(world.cwd, path);
    const shown = (absolute: string) => relative(world.cwd, absolute);
    if (project.releaseFile !== undefined) {
      throw new DevelopmentError("file_exists", { path: shown(project.releaseFile) });
    }
    const earlier = earlierDefaults(project.root);
    const defaults = flags.defaults ?? (earlier === undefined ? "typescript" : "ecto");
    const text = releaseTemplate({
      app: appName(project.root),
      adapter: flags.adapter ?? "postgres",
      defaults,
    });
    writeWhole({ path: file, contents: text, isNew: true });
    const kept =
      flags.defaults === undefined && earlier !== undefined
        ? `* keeping Ecto's defaults, as ${earlier} is there; --defaults typescript writes others\n`
        : "";
    return {
      data: { created: [shown(file)], defaults },
      text: `* creating ${shown(file)}\n${kept}`,
    };
  },
});
