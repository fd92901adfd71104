/** `bin/my_app` and its like. Pure: text out. */

/** The facts that the launchers of a release need. */
export type LauncherFacts = {
  readonly name: string;
  readonly version: string;
  /** The entry of the app below the release's folder, for `start`. Default: the release has no app. */
  readonly entry?: string | undefined;
  /** The Node inside of the release. Default: the one that `SLIPWAY_NODE` or `PATH` names. */
  readonly node?: IncludedNode | undefined;
};

export type IncludedNode = {
  /** Below the release's folder. */
  readonly path: string;
  /** Its target in words: `linux-x64`. */
  readonly target: string;
  /** The file that the system needs to start it: without it the system says no more than "not found". */
  readonly loader?: string | undefined;
};

/**
 * A launcher for POSIX shells, which needs no other program. It uses `exec` instead of a child, so
 * that signals reach Node. `preset` is a command that is put before the arguments.
 */
export function launcher(facts: LauncherFacts, preset?: string): string {
  const { name, version, node, entry } = facts;
  return `#!/bin/sh
# ${name} ${version}
set -eu

fail() {
  printf 'error: %s\\nhint: %s\\n' "$1" "$2" >&2
  exit 2
}

self=$0
while [ -h "$self" ]; do
  target=$(readlink "$self") || fail "the link $self cannot be followed without readlink" "Call bin/${name} by its own path."
  case $target in
    /*) self=$target ;;
    *) self=\${self%/*}/$target ;;
  esac
done
folder=\${self%/*}
case $self in
  /*/bin/*) RELEASE_ROOT=\${folder%/bin} ;;
  */*) RELEASE_ROOT=$(CDPATH= cd -- "$folder/.." && pwd -P) ;;
  *) RELEASE_ROOT=$(CDPATH= cd .. && pwd -P) ;;
esac
${preset === undefined ? "" : `set -- ${preset} "$@"\n`}RELEASE_NAME=${quoted(name)}
RELEASE_VSN=${quoted(version)}
RELEASE_COMMAND=\${1-help}
RELEASE_PROG=$0
export RELEASE_ROOT RELEASE_NAME RELEASE_VSN RELEASE_COMMAND RELEASE_PROG

. "$RELEASE_ROOT/releases/$RELEASE_VSN/env.sh"

${node === undefined ? foundNode : includedNode(node)}
${onDeno(entry)}${entry === undefined ? "" : startApp(entry)}exec "$node" ${nodeFlags} "$RELEASE_ROOT/lib/start.cjs" "$@"
`;
}

/** A launcher for Windows. It looks for Node in SLIPWAY_NODE and in PATH. */
export function cmdLauncher({ name, version, entry }: LauncherFacts): string {
  const start =
    entry === undefined
      ? []
      : [
          'if not "%~1"=="start" goto command',
          "shift",
          `"%NODE%" --enable-source-maps "%RELEASE_ROOT%\\${entry.replaceAll("/", "\\")}" %1 %2 %3 %4 %5 %6 %7 %8 %9`,
          "exit /b %ERRORLEVEL%",
          ":command",
        ];
  const lines = [
    "@echo off",
    "setlocal",
    `set "RELEASE_ROOT=%~dp0.."`,
    `set "RELEASE_NAME=${name}"`,
    `set "RELEASE_VSN=${version}"`,
    `set "RELEASE_COMMAND=%~1"`,
    `set "NODE=%SLIPWAY_NODE%"`,
    `if "%NODE%"=="" set "NODE=node"`,
    ...start,
    `"%NODE%" ${nodeFlags} "%RELEASE_ROOT%\\lib\\start.cjs" %*`,
    "exit /b %ERRORLEVEL%",
  ];
  return `${lines.join("\r\n")}\r\n`;
}

/**
 * With 4 MB for young objects, a short command ends before V8 first looks for garbage. With no more
 * than that, a run of a thousand migrations keeps 18 MiB less. V8 starts four threads for its own
 * work unless a flag says otherwise, and a short command ends before they have any.
 */
const nodeFlags = "--min-semi-space-size=4 --max-semi-space-size=4 --v8-pool-size=1";

/** The text of `env.sh` until the project writes a file for it. */
export const defaultEnv = `# Sourced by the launchers before every command, in a POSIX shell. RELEASE_COMMAND says which one it is.
# Write your own as rel/env.sh in the project.
#
# export NODE_OPTIONS=--max-old-space-size=512
# Where the socket of rpc and what V8 compiled are kept: a folder of this user's, to which no other may write.
# export RELEASE_TMP=/var/lib/my_app/tmp
`;

const foundNode = `node=\${SLIPWAY_NODE:-node}
command -v "$node" >/dev/null 2>&1 || fail "there is no $node here" "Install Node 22.18 or newer, name it with SLIPWAY_NODE, or build the release with --include-node."
`;

/** Deno, named by SLIPWAY_NODE, asks for rights unless it is given them, and has no flags of Node's. */
function onDeno(entry: string | undefined): string {
  const start =
    entry === undefined
      ? ""
      : `    if [ "$RELEASE_COMMAND" = start ]; then
      shift
      exec "$node" run -A "$RELEASE_ROOT/${entry}" "$@"
    fi
`;
  return `case \${node##*/} in
  deno | deno.exe)
${start}    exec "$node" run -A "$RELEASE_ROOT/lib/start.cjs" "$@"
    ;;
esac
`;
}

function includedNode({ path, target, loader }: IncludedNode): string {
  const wrong = `"the Node of this release is for ${target}, and this system cannot start it"`;
  const hint = `"Build the release for this system, or name another Node 22.18 or newer with SLIPWAY_NODE."`;
  const check =
    loader === undefined
      ? ""
      : `[ -n "\${SLIPWAY_NODE:-}" ] || [ -e ${quoted(loader)} ] || fail ${wrong} ${hint}\n`;
  return `node=\${SLIPWAY_NODE:-$RELEASE_ROOT/${path}}\n${check}`;
}

function startApp(entry: string): string {
  return `if [ "$RELEASE_COMMAND" = start ]; then
  shift
  exec "$node" --enable-source-maps "$RELEASE_ROOT/${entry}" "$@"
fi
`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
