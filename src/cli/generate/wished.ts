/** The source of a wished schema: files of SQL, or the output of the project's other tool. */
import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { DevelopmentError } from "../../core/model/development-error.ts";
import { ReleaseError } from "../../core/model/errors.ts";
import { messageOf } from "../../core/model/message-of.ts";
import { textFromBytes } from "../../core/model/text-from-bytes.ts";
import type { WishedSql } from "../../shadow/diff/ends.ts";
import type { ShadowKind } from "../../shadow/trace/shadow.ts";

/** Another tool, and how it writes its schema as SQL to stdout. */
type SchemaTool = {
  /** As npm knows it. */
  readonly package: string;
  readonly program: string;
  readonly words: (file: string, kind: ShadowKind) => readonly string[];
};

const dialects: { readonly [kind in ShadowKind]: string } = {
  ...{ postgres: "postgresql", sqlite: "sqlite", mysql: "mysql" },
};

const tools: { readonly [name: string]: SchemaTool } = {
  // https://orm.drizzle.team/docs/drizzle-kit-export
  drizzle: {
    ...{ package: "drizzle-kit", program: "drizzle-kit" },
    words: (file, kind) =>
      /drizzle\.config\.\w+$/.test(file)
        ? ["export", "--config", file, "--sql"]
        : ["export", "--dialect", dialects[kind], "--schema", file, "--sql"],
  },
  // https://www.prisma.io/docs/orm/reference/prisma-cli-reference#migrate-diff
  prisma: {
    ...{ package: "prisma", program: "prisma" },
    words: (file) => ["migrate", "diff", "--from-empty", "--to-schema", file, "--script"],
  },
  // https://mikro-orm.io/docs/schema-generator
  "mikro-orm": {
    ...{ package: "@mikro-orm/cli", program: "mikro-orm" },
    words: (file) => ["schema:create", "--dump", "--config", file],
  },
  // https://typeorm.io/docs/advanced-topics/using-cli
  typeorm: {
    ...{ package: "typeorm", program: "typeorm" },
    words: (file) => ["schema:log", "--dataSource", file],
  },
};

type ToolPlace = {
  readonly cwd: string;
  readonly root: string;
  readonly kind: ShadowKind;
  readonly signal: AbortSignal;
};

/** @throws {ReleaseError} `option_invalid`, `diff_tool_missing`, `diff_tool_failed` */
export async function wishedSql(given: string, place: ToolPlace): Promise<WishedSql> {
  const { cwd } = place;
  const [, name = "", file = ""] = /^([\w-]+):(.+)$/.exec(given) ?? [];
  const tool = tools[name];
  const sql =
    tool === undefined || existsSync(resolve(cwd, given))
      ? sqlIn(resolve(cwd, given), given)
      : await written(tool, file, place);
  if (/[^\s;]/.test(sql.replace(/--.*$/gm, ""))) return { path: given, sql };
  throw new ReleaseError("usage_invalid", {
    reason: `there is no SQL in ${given}`,
    hint: "Give --to the SQL that makes the wished schema. An empty one would drop all that is there.",
  });
}

function sqlIn(path: string, given: string): string {
  try {
    if (!statSync(path).isDirectory()) return textFromBytes(readFileSync(path), given);
    return readdirSync(path, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".sql"))
      .sort()
      .map((file) => textFromBytes(readFileSync(join(path, file)), join(given, file)))
      .join("\n");
  } catch (error) {
    if (error instanceof ReleaseError) throw error;
    const known = Object.keys(tools).map((name) => `${name}:FILE`);
    throw invalid(
      given,
      `a file or a folder of SQL that can be read, or one of ${known.join(", ")}`,
    );
  }
}

function invalid(value: string, expected: string): ReleaseError {
  return new ReleaseError("option_invalid", { option: "--to", value, expected });
}

async function written(
  tool: SchemaTool,
  file: string,
  { cwd, root, kind, signal }: ToolPlace,
): Promise<string> {
  const program = [cwd, root]
    .flatMap((folder) => [folder, ...above(folder)])
    .map((folder) => join(folder, "node_modules", ".bin", tool.program))
    .find((path) => existsSync(path));
  if (program === undefined)
    throw new DevelopmentError("diff_tool_missing", {
      ...{ tool: tool.package, install: `npm install --save-dev ${tool.package}` },
    });
  // A pattern names several.
  if (!/[*?{]/.test(file) && !existsSync(resolve(cwd, file)))
    throw invalid(file, `a file that ${tool.package} could read`);
  try {
    return await outputOf(program, tool.words(file, kind), { cwd, signal });
  } catch (error) {
    const lines = messageOf(error)
      .split("\n")
      .filter((line) => line.trim() !== "");
    // The error comes after a line of a bundled program, which may be as long as the program.
    const said = lines.find((line) => /^(?:\w*Error|Uncaught \w*): /.test(line));
    const reason = (said ?? lines.slice(0, 3).join(" / ")).slice(0, 300);
    throw new DevelopmentError("diff_tool_failed", { tool: tool.package, reason });
  }
}

function outputOf(
  program: string,
  words: readonly string[],
  options: { readonly cwd: string; readonly signal: AbortSignal },
): Promise<string> {
  return new Promise((done, failed) => {
    const all = { ...options, maxBuffer: 64 * 1024 * 1024 };
    execFile(program, words, all, (error, stdout, stderr) => {
      // MikroORM colours its output for every reader.
      const plain = stripVTControlCharacters(stdout);
      if (error === null) done(plain);
      else failed(new Error(stderr.trim() || plain.trim() || error.message));
    });
  });
}

function above(folder: string): readonly string[] {
  const parent = resolve(folder, "..");
  return relative(parent, folder) === "" ? [] : [parent, ...above(parent)];
}
