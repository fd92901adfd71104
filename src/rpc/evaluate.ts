/** Evaluates an expression of an operator, with names in scope. */
import { constants, Script } from "node:vm";

/** Values by the name under which an expression finds them. */
export type EvaluationScope = { readonly [name: string]: unknown };

/**
 * The value of an expression, or of the last of several statements; a promise is awaited. `await` may stand anywhere:
 * with it, several statements give nothing.
 *
 * @throws any error of the expression, and a SyntaxError
 */
export async function evaluate(code: string, scope: EvaluationScope): Promise<unknown> {
  const names = Object.keys(scope).filter(isParameter);
  const values = names.map((name) => scope[name]);
  const parameters = names.join(", ");
  const [form, text = ""] = formOf(code, parameters);
  // A direct eval sees the parameters, and gives the value of the last statement.
  const source =
    form === "plain"
      ? `(function (${parameters}) { return eval(arguments[${names.length}]); })`
      : text;
  const call = compiled(source).runInThisContext() as (...values: unknown[]) => unknown;
  return await call(...values, `${code}\n//# sourceURL=expression`);
}

/** A module may export `default`, and what else is no name of a parameter: an expression cannot say it anyway. */
function isParameter(name: string): boolean {
  if (!/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name)) return false;
  if (name === "arguments" || name === "eval") return false;
  try {
    compiled(`(async (${name}) => {})`);
    return true;
  } catch {
    return false;
  }
}

/** The first form that can be read. @throws SyntaxError for none */
function formOf(code: string, parameters: string): readonly ["plain" | "async", string?] {
  const forms: readonly (readonly ["plain" | "async", string])[] = [
    ["plain", code],
    ["async", `(async (${parameters}) => (\n${code.replace(/[;\s]+$/, "")}\n))`],
    ["async", `(async (${parameters}) => {\n${code}\n})`],
  ];
  let first: unknown;
  for (const form of forms) {
    try {
      compiled(form[1]);
      return form;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      // The plain form has the better error where the code has no await, else the last form.
      if (first === undefined || /await/.test(code)) first = error;
    }
  }
  throw first;
}

function compiled(source: string): Script {
  return new Script(source, {
    filename: "expression",
    // Both async forms begin on a line of ours.
    lineOffset: source.startsWith("(async ") ? -1 : 0,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
}
