/**
 * Turns facts into a Dockerfile that builds the release and runs it, and a list of files that
 * Docker must not see.
 */
import type { GeneratedFile } from "./generated-file.ts";

export type PackageManager = "npm" | "pnpm" | "yarn";

export type DockerFacts = {
  /** The name of the launcher: `my_app`. */
  readonly app: string;
  readonly packageManager: PackageManager;
  /**
   * The app that `start` runs: a source that the release bundles, or a folder that `npm run build`
   * makes. Default: it only migrates.
   */
  readonly entry?: DockerEntry | undefined;
  /** The major version of Node. */
  readonly node: string;
  readonly port: number;
};

export type DockerEntry =
  | { readonly kind: "source"; readonly path: string }
  /** `file` starts it. Default: the one with a usual name. */
  | { readonly kind: "folder"; readonly path: string; readonly file?: string | undefined };

const installs: { readonly [Manager in PackageManager]: readonly string[] } = {
  npm: ["COPY package.json package-lock.json ./", "RUN npm ci"],
  pnpm: [
    "COPY package.json pnpm-lock.yaml ./",
    "RUN npm install --global pnpm && pnpm install --frozen-lockfile",
  ],
  yarn: ["COPY package.json yarn.lock ./", "RUN yarn install --frozen-lockfile"],
};

/** Two stages: the build's files stay behind, and so do sources and development dependencies. */
export function dockerFiles(facts: DockerFacts): readonly GeneratedFile[] {
  return [
    { path: "Dockerfile", text: `${dockerfile(facts).join("\n")}\n` },
    { path: ".dockerignore", text: `${dockerignore.join("\n")}\n` },
  ];
}

function dockerfile(facts: DockerFacts): readonly string[] {
  const { app, packageManager, node, port, entry } = facts;
  const image = `node:${node}-trixie-slim`;
  return [
    "# Build it: docker build --tag my-image .",
    `# Look:     docker run --rm --env DATABASE_URL my-image /app/bin/${app} status`,
    "",
    `FROM ${image} AS build`,
    "WORKDIR /src",
    "# First what decides which packages are installed: as long as it stays, Docker keeps what is installed.",
    ...installs[packageManager],
    "COPY . .",
    ...(entry?.kind === "folder" ? ["RUN npm run build"] : []),
    "# Needs esbuild among the development dependencies, and neither a database nor a secret: release.ts reads its URLs when it runs.",
    `RUN npx slipway release --out /release${entryFlag(entry)}`,
    "",
    "# The same image again, so that Node is the one that the release was built with.",
    `FROM ${image}`,
    "ENV NODE_ENV=production",
    "# All that goes along: no sources, no node_modules, no development dependency.",
    "COPY --from=build /release /app",
    "# The files belong to root, so the app cannot change itself. By number: of a name, Kubernetes cannot tell that it is not root.",
    "USER 1000:1000",
    "WORKDIR /app",
    "# What is run is the command and nothing around it: it hears SIGTERM itself.",
    "ENTRYPOINT []",
    ...startLines({ app, port, entry }),
  ];
}

function entryFlag(entry: DockerFacts["entry"]): string {
  if (entry === undefined) return "";
  if (entry.kind === "source") return ` --app ${entry.path}`;
  return ` --app-dir ${entry.path}${entry.file === undefined ? "" : ` --app ${entry.file}`}`;
}

function startLines({ app, port, entry }: Pick<DockerFacts, "app" | "port" | "entry">) {
  if (entry === undefined) {
    return [
      "# It carries no app and only migrates; slipway gen docker --app src/server.ts puts the app into it.",
      `CMD ["/app/bin/${app}", "migrate"]`,
    ];
  }
  return [
    `ENV PORT=${port}`,
    `EXPOSE ${port}`,
    "# Starting the app migrates nothing: that is for the platform to order, once for each deploy.",
    `CMD ["/app/bin/${app}", "start"]`,
  ];
}

const dockerignore = [
  "# Installed anew in the image, for its system.",
  "node_modules",
  "# Built anew in the image.",
  "dist",
  "_release",
  "# Secrets have no place in a layer of an image.",
  ".env*",
  "*.pem",
  "*.key",
  "# What changes without changing the image would make Docker build again.",
  ".git",
  ".github",
  ".data",
  "*.log",
  "coverage",
  "Dockerfile",
  ".dockerignore",
];
