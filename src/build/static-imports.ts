/**
 * Rewrites imports on use in the compiled text of this package. They become imports at the head, so
 * that the bundler takes only the used parts of a module, without a wrapper. Or they become imports
 * of one module that gives all of them, so that a short command does not read code that it does not
 * run.
 */

/** An import that a text makes only when it needs the module. */
export type LaterImport = {
  readonly path: string;
  /** Default: the module as it is. */
  readonly name?: string;
};

/** A module for imports on use, and the name in it. */
export type LaterPlace = { readonly module: string; readonly name: string };

/** The imports that still happen on use, and their places. Default: none. */
export type LaterName = (wanted: LaterImport) => LaterPlace | undefined;

/** `const { a, b: c } = await import("./x.js")`, `(await import("./x.js")).a`, `import("./x.js")`. */
const forms = {
  names: /const \{ ([\w$, :]+) \} = await import\("(\.[^"]+)"\)/g,
  member: /\(await import\("(\.[^"]+)"\)\)\.([\w$]+)/g,
  whole: /\bimport\("(\.[^"]+)"\)/g,
};

type Pair = readonly [from: string, to: string];

function pairsOf(names: string): readonly Pair[] {
  return names.split(", ").map((one): Pair => {
    const [from = "", to = from] = one.split(": ");
    return [from, to];
  });
}

export function staticImports(text: string, laterName: LaterName = () => undefined): string {
  const paths: string[] = [];
  const nameOf = (path: string) => {
    if (!paths.includes(path)) paths.push(path);
    return `__slipway${paths.indexOf(path)}`;
  };
  const changed = text
    .replace(forms.names, (_, names: string, path: string) =>
      pairsOf(names)
        .map(([name, to]) => {
          const later = laterName({ path, name });
          return `const ${to} = ${later === undefined ? `${nameOf(path)}.${name}` : member(later)}`;
        })
        .join("; "),
    )
    .replace(forms.member, (_, path: string, name: string) => {
      const later = laterName({ path, name });
      return later === undefined ? `${nameOf(path)}.${name}` : member(later);
    })
    .replace(forms.whole, (_, path: string) => {
      const later = laterName({ path });
      return later === undefined
        ? `Promise.resolve(${nameOf(path)})`
        : `import("${later.module}").then((module) => module.${later.name})`;
    });
  // At the end, where they move no line of the source map.
  const imports = paths.map(
    (path) => `import * as ${nameOf(path)} from ${JSON.stringify(path)};\n`,
  );
  return [changed, ...imports].join("");
}

function member({ module, name }: LaterPlace): string {
  return `(await import("${module}")).${name}`;
}

/** The imports that a text makes only when it needs them, each once. */
export function laterImports(text: string): readonly LaterImport[] {
  const found = new Map<string, LaterImport>();
  staticImports(text, (wanted) => {
    found.set(`${wanted.path} ${wanted.name ?? ""}`, wanted);
    return undefined;
  });
  return [...found.values()];
}
