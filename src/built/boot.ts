/** Runs the bundle of a release, with the code that V8 made of it before: that is a third of the time of a short command. */
import { isAscii } from "node:buffer";
import { constants, Script } from "node:vm";
import { quietWarnings } from "../cli/warnings.ts";
import { codeId } from "./cache-name.ts";
import { damage } from "./damage.ts";
import { mapTraces } from "./map-traces.ts";
import type { Store } from "./store.ts";

/** The exports of `main.cjs`. */
type Main = { run(root: string | undefined): Promise<void> };

/** The parameters of a CommonJS module. */
type Wrapped = (...parameters: readonly unknown[]) => void;

const head = "(function(exports,require,module,__filename,__dirname){";

/** Runs `main.cjs`. A damaged bundle gets one line. */
export function boot(store: Store): void {
  if (isTooOld()) return;
  quietWarnings();
  mapTraces(store);
  try {
    const { run } = load(store, "main.cjs") as Main;
    isStarted = true;
    // It reports failures itself, unless it cannot read the code for that.
    run(store.root).catch((error) => tellDamage(store, error));
  } catch (error) {
    tellDamage(store, error);
  }
}

function tellDamage({ root }: Store, error: unknown): void {
  const words = root === undefined ? undefined : damage(root);
  if (words === undefined) throw error;
  refuse(`error: ${words}\nhint: ${again}\n`);
}

/**
 * An unreadable file may be damaged, and the damage explains more than the error of reading it.
 */
function loadLater(store: Store, name: string): unknown {
  try {
    return load(store, name);
  } catch (cause) {
    const words = store.root === undefined ? undefined : damage(store.root);
    throw words === undefined ? cause : damaged(words, cause);
  }
}

/** The exports of each script in this process. */
const loaded = new Map<string, { exports: object }>();

function load(store: Store, name: string): unknown {
  if (name.endsWith(".json")) return JSON.parse(readSame(store, name).toString("utf8"));
  const before = loaded.get(name);
  if (before !== undefined) return before.exports;
  const wrapped = scriptOf(store, name).runInThisContext() as Wrapped;
  const module = { exports: {} };
  loaded.set(name, module);
  wrapped(module.exports, requireOf(store), module, `${store.lib}/${name}`, store.lib);
  return module.exports;
}

function scriptOf(store: Store, name: string): Script {
  const cachedData = store.readCache(name);
  const code = readSame(store, name);
  // V8 keeps a text in half the room when no character of it needs more, and so starts sooner.
  const text = code.toString(isAscii(code) ? "latin1" : "utf8");
  const script = new Script(`${head}${text}\n})`, {
    filename: `${store.lib}/${name}`,
    columnOffset: -head.length,
    ...(cachedData === undefined ? {} : { cachedData }),
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  if (script.cachedDataRejected !== false) keepAtEnd(store, name, script);
  return script;
}

/** Scripts that V8 compiled here for the first time. */
const fresh: { readonly store: Store; readonly name: string; readonly script: Script }[] = [];

/** By one listener: Node warns of more than ten, and there are more scripts. */
function keepAtEnd(store: Store, name: string, script: Script): void {
  if (fresh.length === 0) process.once("exit", keepFresh);
  fresh.push({ store, name, script });
}

function keepFresh(): void {
  for (const { store, name, script } of fresh) store.keepCache(name, script.createCachedData());
}

/** The function that a script calls to load another: at once, or as a promise. */
function requireOf(store: Store) {
  const required = (id: string) =>
    id.startsWith("./")
      ? loadLater(store, id.slice(2))
      : (process.getBuiltinModule(id) ?? store.require(id));
  return Object.assign(required, { later: async (id: string) => required(id) });
}

/** Whether the first script has run: its folder may be another's by now. */
let isStarted = false;

/** Files of two builds do not fit together: one build would run files that the other lists. */
function readSame({ ids, root, read }: Store, name: string): Buffer {
  const contents = read(name);
  const expected = ids?.[name];
  if (!isStarted || expected === undefined || codeId(contents) === expected) return contents;
  const words = root === undefined ? undefined : damage(root);
  throw damaged(words ?? `lib/${name} was replaced by that of another release while this one ran`);
}

/** What starts a release has no catalogue of errors, so this is a `ReleaseError` by its shape. */
function damaged(words: string, cause?: unknown): Error {
  const code = "release_damaged";
  const details = { files: [] };
  const shape = { name: "ReleaseError", code, hint: again, exitCode: 2, details };
  return Object.assign(new Error(words, { cause }), shape);
}

const again = "Copy the release here again, or build it again.";

function isTooOld(): boolean {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return false;
  refuse(
    `error: this release needs Node 22.18 or newer, and this is ${process.versions.node}\n` +
      "hint: Install a newer Node, or build the release with --include-node.\n",
  );
  return true;
}

/** The exit code reports it too, where nobody reads the words. */
function refuse(words: string): void {
  process.exitCode = 2;
  process.stderr.on("error", () => undefined).write(words);
}
