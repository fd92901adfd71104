/**
 * Imports of modules when they are needed → imports at the head, in the compiled text of this package. One file holds
 * all of them, so nothing is read later; and the bundler takes from a module only what is used, without a wrapper.
 */
export function staticImports(text: string): string {
  const paths: string[] = [];
  const nameOf = (path: string) => {
    if (!paths.includes(path)) paths.push(path);
    return `__slipway${paths.indexOf(path)}`;
  };
  const changed = text
    .replace(/const \{ ([\w$, :]+) \} = await import\("(\.[^"]+)"\)/g, (_, names, path) => {
      const parts = (names as string).split(", ").map((one) => one.split(": "));
      return `const ${parts.map(([from, to = from]) => `${to} = ${nameOf(path)}.${from}`).join(", ")}`;
    })
    .replace(/\(await import\("(\.[^"]+)"\)\)(?=\.\w)/g, (_, path) => nameOf(path))
    .replace(/\bimport\("(\.[^"]+)"\)/g, (_, path) => `Promise.resolve(${nameOf(path)})`);
  // At the end, where they move no line of the source map.
  const imports = paths.map(
    (path) => `import * as ${nameOf(path)} from ${JSON.stringify(path)};\n`,
  );
  return [changed, ...imports].join("");
}
