/** The compiled package takes modules of Node's from `process`, which starts sooner: see scripts/take-builtins.mjs. */

const named = /^const \{([^}]*)\} = process\.getBuiltinModule\("(node:[\w/]+)"\);$/gm;
const whole = /^const ([\w$]+) = process\.getBuiltinModule\("(node:[\w/]+)"\);$/gm;

/** The same text with imports instead: the bundler leaves out unused ones. */
export function builtinImports(text: string): string {
  return text
    .replace(
      named,
      (_, names: string, id: string) => `import {${names.replaceAll(": ", " as ")}} from "${id}";`,
    )
    .replace(whole, 'import $1 from "$2";');
}
