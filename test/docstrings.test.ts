/** What an editor shows: every public name has a comment, and so has every option and method in it. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { parseSync } from "vite";
import { expect, it } from "vitest";
import manifest from "../package.json" with { type: "json" };

const src = resolve(import.meta.dirname, "../src");

/** A node of the tree, as far as it is looked at. */
type Node = {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
};

type Module = { readonly file: string; readonly text: string; readonly body: readonly Node[] };

const modules = new Map<string, Module>();

function moduleAt(file: string): Module {
  const known = modules.get(file);
  if (known !== undefined) return known;
  const text = readFileSync(file, "utf8");
  const { program } = parseSync(file, text);
  const module = { file, text, body: program.body as unknown as readonly Node[] };
  modules.set(file, module);
  return module;
}

/** Where a name that a module exports is declared. */
function declarationOf(
  file: string,
  name: string,
): { readonly module: Module; readonly node: Node } | undefined {
  const module = moduleAt(file);
  for (const node of module.body) {
    if (node.type !== "ExportNamedDeclaration") continue;
    const declaration = node.declaration as Node | null;
    if (declaration !== null && namesOf(declaration).includes(name)) return { module, node };
    const source = node.source as { readonly value: string } | null;
    const found = (node.specifiers as readonly Node[]).find((one) => nameOf(one.exported) === name);
    if (found === undefined || source === null) continue;
    if (!source.value.startsWith(".")) return undefined;
    return declarationOf(resolve(dirname(file), source.value), nameOf(found.local));
  }
  return undefined;
}

function nameOf(node: unknown): string {
  const { name, value } = node as { readonly name?: string; readonly value?: string };
  return name ?? value ?? "";
}

function namesOf(declaration: Node): readonly string[] {
  if (declaration.type === "VariableDeclaration")
    return (declaration.declarations as readonly Node[]).map((one) => nameOf(one.id));
  return declaration.id === null || declaration.id === undefined ? [] : [nameOf(declaration.id)];
}

/** The names that a way into the package gives. */
function exportsOf(file: string): readonly string[] {
  return moduleAt(file).body.flatMap((node) => {
    if (node.type !== "ExportNamedDeclaration") return [];
    const declaration = node.declaration as Node | null;
    const specifiers = node.specifiers as readonly Node[];
    return [
      ...(declaration === null ? [] : namesOf(declaration)),
      ...specifiers.map((one) => nameOf(one.exported)),
    ];
  });
}

function hasComment({ text }: Module, { start }: Node): boolean {
  return /\*\/\s*(\/\/ biome-ignore.*\s*)?$/.test(text.slice(0, start));
}

/** Every member that is public and has no comment, in a declaration and in the types that are written out in it. */
function bare(module: Module, node: unknown, path: string): readonly string[] {
  if (Array.isArray(node)) return node.flatMap((one) => bare(module, one, path));
  if (typeof node !== "object" || node === null) return [];
  const { type } = node as Node;
  const isMember =
    /^(TSPropertySignature|TSMethodSignature|MethodDefinition|PropertyDefinition|TSAbstractMethodDefinition)$/.test(
      type ?? "",
    );
  if (!isMember) {
    // The body of a function, and what a type is a function of, hold no options.
    if (
      /^(BlockStatement|FunctionBody|TSFunctionType|Function(Declaration|Expression))$/.test(
        type ?? "",
      )
    )
      return [];
    return Object.entries(node).flatMap(([key, value]) =>
      key === "parent" || key === "comments" ? [] : bare(module, value, path),
    );
  }
  const member = node as Node;
  const key = member.key as Node;
  if (
    key.type === "PrivateIdentifier" ||
    member.accessibility === "private" ||
    member.accessibility === "protected"
  )
    return [];
  const name = nameOf(key);
  if (name === "constructor" || isNever(member)) return [];
  const own = `${path}.${name}`;
  const parameters = type === "MethodDefinition" ? (member.value as Node).params : member.params;
  const deeper = bare(module, [member.typeAnnotation, parameters], own);
  return [...(hasComment(module, member) ? [] : [own]), ...deeper];
}

/** `all?: never` says that there is no such option. */
function isNever(member: Node): boolean {
  const annotation = member.typeAnnotation as { readonly typeAnnotation?: Node } | null;
  return annotation?.typeAnnotation?.type === "TSNeverKeyword";
}

/** What a user writes or calls, where each member is to say what it does. What Slipway gives back says it by its names. */
const isWritten =
  /(Options?|Config|Defaults|Definition|Settings|Changes|Spec|Builder|Operations|Steps|Safe|Action)$|^(Release|Adapter|Session|Column|ForeignKey|Index|IndexColumn|ConstraintBase|Throttle|Backfills|MigrationDatabase)$/;

const ways = Object.values(manifest.exports)
  .flatMap((entry) => (typeof entry === "string" ? [] : entry.default))
  .map((path) => join(src, path.replace("./dist/", "").replace(/\.js$/, ".ts")));

/** Types of options that are not named in a way into the package, but that its methods take. */
const language = readdirSync(join(src, "core/language/builder")).map((file) =>
  join(src, "core/language/builder", file),
);
const parts = [
  "column",
  "constraint",
  "defaults",
  "index-definition",
  "table-parts",
  "table-builder",
].map((name) => join(src, `core/language/${name}.ts`));

it("every public name, method and option has a comment", () => {
  const missing = new Set<string>();
  let count = 0;
  for (const file of [...ways, ...language, ...parts]) {
    for (const name of exportsOf(file)) {
      const found = declarationOf(file, name);
      if (found === undefined) continue;
      count += 1;
      const { module, node } = found;
      const path = `${relative(src, module.file)}: ${name}`;
      if (!hasComment(module, node)) missing.add(path);
      if (!isWritten.test(name)) continue;
      for (const one of bare(module, node, path)) missing.add(one);
    }
  }
  console.log(`${count} public names`);
  expect(count).toBeGreaterThan(150);
  expect([...missing]).toEqual([]);
});

/** SQL in backticks, or what gives code a place. */
const saysSql = /`[^`]*\b[A-Z]{2,}\b[^`]*`|\bSQL\b|\bcode\b/;

it("every method that records an operation says its SQL", () => {
  const silent: string[] = [];
  let count = 0;
  for (const file of [...language, join(src, "core/language/table-builder.ts")]) {
    const module = moduleAt(file);
    for (const node of module.body) {
      const declaration = node.declaration as Node | null | undefined;
      if (declaration?.type !== "ClassDeclaration" || nameOf(declaration.id) === "Recorder")
        continue;
      const { body } = declaration.body as { readonly body: readonly Node[] };
      for (const member of body.filter((one) => one.type === "MethodDefinition")) {
        const key = member.key as Node;
        const name = nameOf(key);
        if (key.type === "PrivateIdentifier" || member.accessibility === "protected") continue;
        if (name === "constructor" || name === "build") continue;
        count += 1;
        const comment = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*$/.exec(
          module.text.slice(0, member.start),
        );
        if (!saysSql.test(comment?.[1] ?? "")) silent.push(`${nameOf(declaration.id)}.${name}`);
      }
    }
  }
  expect(count).toBeGreaterThan(50);
  expect(silent).toEqual([]);
});
