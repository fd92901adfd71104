/** Recognises modules of other tools by their exports: their functions are no migration of ours. */
import { classesIn } from "../../core/language/foreign-class.ts";
import { ownMark } from "../../core/language/migration-definition.ts";
import { ReleaseError } from "../../core/model/errors.ts";

/** A tool, and the part of Slipway that runs its modules. */
type Tool = {
  readonly label: string;
  /** Its file in `slipway/compat`, and the name of its export. */
  readonly compat: readonly [file: string, name: string];
  /** How everybody writes the parameter of `up`, after `async` where it is. */
  readonly parameter?: RegExp;
  /** A further mark of its modules. */
  readonly is?: (exported: WithUp) => boolean;
};

const tools: readonly Tool[] = [
  {
    label: "Knex",
    compat: ["knex", "knexMigrations"],
    parameter: /^(?:async )?knex\b/,
    is: ({ config }) => typeof config === "object" && config !== null && "transaction" in config,
  },
  {
    label: "node-pg-migrate",
    compat: ["node-pg-migrate", "nodePgMigrations"],
    parameter: /^(?:async )?pgm\b/,
  },
  {
    label: "Sequelize",
    compat: ["sequelize", "sequelizeMigrations"],
    parameter: /^(?:async )?(?:queryInterface|qi)\b|^async params\b/,
    is: ({ up }) => /^[^{]*\(\s*\{[^}]*\bcontext\b/.test(String(up)),
  },
  {
    label: "TypeORM",
    compat: ["typeorm", "typeormMigrations"],
    parameter: /^(?:async )?queryRunner\b/,
  },
  {
    label: "MikroORM",
    compat: ["mikro-orm", "mikroOrmMigrations"],
    is: (given) => "addSql" in given,
  },
  {
    label: "db-migrate",
    compat: ["db-migrate", "dbMigrations"],
    is: ({ up, setup }) => typeof setup === "function" || /^[^(]*\(\s*db\s*,/.test(String(up)),
  },
  { label: "ley", compat: ["ley", "leyMigrations"], parameter: /^async (?:client|sql)\b/ },
  // Everybody calls it db, as others do too: only that it is asynchronous tells it from ours.
  { label: "Kysely", compat: ["kysely", "kyselyMigrations"], parameter: /^async db\b/ },
];

/**
 * `readAs` is the tool whose modules the repo has, of which this is none.
 *
 * @throws {ReleaseError} `migration_invalid` when the module is that of a tool that can be run
 */
export function refuseForeign(exported: unknown, origin: string, readAs?: string): void {
  const tool = toolOf(exported);
  if (tool === undefined || tool.label === readAs) return;
  const [file, name] = tool.compat;
  throw new ReleaseError("migration_invalid", {
    origin,
    reason: `it is a migration of ${tool.label}`,
    hint:
      readAs === undefined
        ? `To run it, add modules: ${name}() to its repo in release.ts, and import { ${name} } from "slipway/compat/${file}".`
        : `The modules of its repo are those of ${readAs}, and a repo has those of one tool: write modules: ${name}() of "slipway/compat/${file}", or move the file out of the folder.`,
  });
}

function toolOf(exported: unknown): Tool | undefined {
  const given = upIn(exported);
  if (given === undefined || ownMark in given || "change" in given) return undefined;
  const parameter = parameterOf(given.up);
  // As everybody writes it for Slipway.
  if (parameter === "m") return undefined;
  return tools.find(
    (tool) => tool.parameter?.test(parameter) === true || tool.is?.(given) === true,
  );
}

type WithUp = { readonly up: unknown; readonly [name: string]: unknown };

/** The object with `up` among the exports of a module, or the prototype of a class that has it. */
function upIn(exported: unknown): WithUp | undefined {
  if (typeof exported === "object" && exported !== null) {
    if ("up" in exported) return exported as WithUp;
    const found = "default" in exported ? upIn(exported.default) : undefined;
    if (found !== undefined) return found;
  }
  return classesIn(exported)[0]?.prototype;
}

/** The first parameter as it is written; nothing where there is none. */
function parameterOf(up: unknown): string {
  const text = String(up);
  const [, parameter = ""] =
    /^(?:async\s+)?(\w+)\s*=>/.exec(text) ??
    /^(?:async\b\s*)?(?:function\b\s*)?\w*\s*\(?\s*([^),=]*)/.exec(text) ??
    [];
  return `${text.startsWith("async") ? "async " : ""}${parameter.trim()}`;
}
