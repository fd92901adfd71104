/** An expression as somebody types it who comes from Elixir, in the spelling of JavaScript. Pure. */

/** The names of a release that an expression may mean. */
export type Known = { readonly repos: readonly string[]; readonly methods: readonly string[] };

/** The expression as it must be written; `undefined` when nothing in it is known. */
export function spelledOut(expression: string, { repos, methods }: Known): string | undefined {
  const code = expression.trim().replace(/;$/, "");
  const [, path = "", word = "", rest = ""] = /^([\w.]*?)(\w+)\s*(\(.*\)|\/\d)?$/s.exec(code) ?? [];
  const method = methods.find((name) => name === camel(word));
  if (method === undefined || /\bRelease\.\w+\./.test(`${path}.`)) return undefined;
  const inside = rest.startsWith("(") ? rest.slice(1, -1).trim() : "";
  const call = `Release.${method}(${argumentsOf(inside, repos)})`;
  return call === code ? undefined : call;
}

function argumentsOf(text: string, repos: readonly string[]): string {
  const parts = text.split(/,(?![^([{]*[)\]}])/).map((part) => part.trim());
  const keywords: string[] = [];
  const others: string[] = [];
  for (const part of parts) {
    const [, list] = /^\[(.*)\]$/s.exec(part) ?? [];
    const pairs = (list ?? part).split(",").map((pair) => /^(\w+):\s*(\S.*)$/s.exec(pair.trim()));
    if (pairs.every((pair) => pair !== null))
      keywords.push(
        ...pairs.map((pair) => `${camel(pair?.[1] ?? "")}: ${value(pair?.[2] ?? "", repos)}`),
      );
    else if (part !== "") others.push(value(part, repos));
  }
  const options = keywords.length === 0 ? [] : [`{ ${keywords.join(", ")} }`];
  return [...others, ...options].join(", ");
}

/** A module of Elixir's, or its atom, stands for a repo; the name of the only one, or of the one that sounds like it. */
function value(text: string, repos: readonly string[]): string {
  if (!/^(?:[A-Z]\w*(?:\.[A-Z]\w*)*|:\w+)$/.test(text)) return text;
  const last = text.split(/[.:]/).at(-1)?.replace(/Repo$/, "").toLowerCase() ?? "";
  const named = repos.find((repo) => repo.toLowerCase() === last);
  return JSON.stringify(named ?? repos[0] ?? "main");
}

function camel(word: string): string {
  return word.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}
