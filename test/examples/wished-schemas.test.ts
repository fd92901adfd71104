/**
 * Schemas of Drizzle, MikroORM and TypeORM, written as SQL by the real tools, and what gen migration --diff makes of
 * them. Prisma's engine is a download of its own and cannot be had where the tests run: its program is one that prints
 * what its documentation says `prisma migrate diff --script` prints.
 */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { expect, inject, onTestFinished, test } from "vitest";
import { makePgliteFolder } from "../support/pglite.ts";
import { freshDatabase } from "../support/postgres.ts";
import { copyExample, type Example } from "./example.ts";

const tools = resolve(import.meta.dirname, "../.tmp/tools/node_modules");
const packages = resolve(import.meta.dirname, "../../node_modules");
const installed = existsSync(join(tools, "drizzle-kit"));
if (!installed)
  console.warn(
    "skipped: Drizzle and MikroORM write no schema here: node scripts/install-tools.mjs",
  );

function example(name: string, brought: readonly string[]): Example {
  const made = copyExample(name, { without: brought });
  onTestFinished(() => made.remove());
  for (const one of brought) link(made, one);
  // PGlite takes seconds to make its own.
  makePgliteFolder(join(made.folder, "data"));
  return made;
}

/** Replaces its release by one whose repo is an empty database on the server of the run. */
async function moveToServer({ folder }: Example): Promise<void> {
  const database = await freshDatabase();
  onTestFinished(() => database.drop());
  writeFileSync(
    join(folder, "release.ts"),
    `import { defineRelease } from "slipway";
import { postgres } from "slipway/postgres";
export const Release = defineRelease({ app: "blog", repos: { main: { adapter: postgres({ url: ${JSON.stringify(database.url)} }) } } });
`,
  );
}

function link({ folder }: Example, name: string): void {
  const path = join(folder, "node_modules", name);
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(join(tools, name), path);
}

/** The program of a package, where npm would put it. */
function program({ folder }: Example, name: string, path: string): void {
  symlinkSync(path, join(folder, "node_modules/.bin", name));
}

const migrations = ({ folder }: Example) => {
  const files = readdirSync(join(folder, "db/main/migrations")).toSorted();
  return files.map((file) => readFileSync(join(folder, "db/main/migrations", file), "utf8"));
};

/** A shadow on the server of the run takes an eighth of the time of a PGlite. */
const run = (on: Example, words: string) =>
  on.slipway([
    ...words.split(" "),
    ...(words.includes("--diff") ? ["--shadow", inject("postgresUrl")] : []),
  ]);

async function slipway(on: Example, words: string): Promise<string> {
  const { code, stdout, stderr } = await run(on, words);
  expect(code, `${words}: ${stderr}`).toBe(0);
  return stdout;
}

/** The wished schema becomes migrations; a change of it becomes another one; nothing differs at the end. */
async function followed(on: Example, to: string, change: () => void): Promise<readonly string[]> {
  await slipway(on, `gen migration first --diff --to ${to}`);
  await slipway(on, "migrate");
  await slipway(on, `gen migration --diff --to ${to} --check`);
  const first = migrations(on);
  change();
  const { code, stderr } = await run(on, `gen migration --diff --to ${to} --check`);
  expect(code, stderr).toBe(3);
  await slipway(on, `gen migration second --diff --to ${to}`);
  await slipway(on, "migrate");
  await slipway(on, `gen migration --diff --to ${to} --check`);
  expect(await slipway(on, "verify --schema")).toMatch(/^main: nothing changed by hand/);
  return migrations(on).slice(first.length);
}

function edit({ folder }: Example, file: string, from: string, to: string): void {
  const text = readFileSync(join(folder, file), "utf8");
  expect(text).toContain(from);
  writeFileSync(join(folder, file), text.replace(from, to));
}

test.runIf(installed)("Drizzle", { timeout: 240_000 }, async () => {
  const drizzle = example("drizzle", ["drizzle-orm", "drizzle-kit"]);
  program(drizzle, "drizzle-kit", join(tools, ".bin/drizzle-kit"));
  const written = await followed(drizzle, "drizzle:drizzle.config.ts", () =>
    edit(
      drizzle,
      "src/schema.ts",
      "    body: text()",
      "    slug: varchar({ length: 80 }).unique(),\n    body: text()",
    ),
  );
  expect(written.join("\n")).toContain('t.add("slug", "character varying(80)")');
});

const prismaSql = `-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "Role" AS ENUM ('READER', 'AUTHOR');

-- CreateTable
CREATE TABLE "User" (
    "id" SERIAL NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT,
    "role" "Role" NOT NULL DEFAULT 'READER',
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "User_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Post" (
    "id" SERIAL NOT NULL,
    "title" VARCHAR(200) NOT NULL,
    "published" BOOLEAN NOT NULL DEFAULT false,
    "authorId" INTEGER NOT NULL,

    CONSTRAINT "Post_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Tag" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,

    CONSTRAINT "Tag_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "_PostToTag" (
    "A" INTEGER NOT NULL,
    "B" INTEGER NOT NULL,

    CONSTRAINT "_PostToTag_AB_pkey" PRIMARY KEY ("A","B")
);

-- CreateIndex
CREATE UNIQUE INDEX "User_email_key" ON "User"("email");

-- CreateIndex
CREATE INDEX "Post_authorId_idx" ON "Post"("authorId");

-- CreateIndex
CREATE UNIQUE INDEX "Tag_name_key" ON "Tag"("name");

-- CreateIndex
CREATE INDEX "_PostToTag_B_index" ON "_PostToTag"("B");

-- AddForeignKey
ALTER TABLE "Post" ADD CONSTRAINT "Post_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "_PostToTag" ADD CONSTRAINT "_PostToTag_A_fkey" FOREIGN KEY ("A") REFERENCES "Post"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "_PostToTag" ADD CONSTRAINT "_PostToTag_B_fkey" FOREIGN KEY ("B") REFERENCES "Tag"("id") ON DELETE CASCADE ON UPDATE CASCADE;
`;

test("the SQL that Prisma documents", { timeout: 240_000 }, async () => {
  const prisma = copyExample("prisma", { without: ["prisma"] });
  onTestFinished(() => prisma.remove());
  makePgliteFolder(join(prisma.folder, "data"));
  writeFileSync(join(prisma.folder, "wished.sql"), prismaSql);
  const stand = join(prisma.folder, "node_modules/.bin/prisma");
  writeFileSync(
    stand,
    `#!/bin/sh\n[ "$*" = "migrate diff --from-empty --to-schema prisma/schema.prisma --script" ] && cat wished.sql\n`,
  );
  chmodSync(stand, 0o755);
  const written = await followed(prisma, "prisma:prisma/schema.prisma", () =>
    edit(prisma, "wished.sql", '    "published"', '    "slug" TEXT,\n    "published"'),
  );
  expect(written).toHaveLength(1);
  expect(written[0]).toContain('t.add("slug", "text")');
});

test.runIf(installed)("MikroORM", { timeout: 240_000 }, async () => {
  const mikro = copyExample("prisma", { without: ["prisma"] });
  onTestFinished(() => mikro.remove());
  for (const name of ["@mikro-orm/cli", "@mikro-orm/core", "@mikro-orm/postgresql"])
    link(mikro, name);
  program(mikro, "mikro-orm", join(tools, ".bin/mikro-orm"));
  writeFileSync(join(mikro.folder, "mikro-orm.config.js"), "export default {};\n");
  symlinkSync(join(packages, "pg"), join(mikro.folder, "node_modules/pg"));
  await moveToServer(mikro);
  const unready = await run(mikro, "gen migration first --diff --to mikro-orm:mikro-orm.config.js");
  expect(unready.stderr).toMatch(
    /^error: @mikro-orm\/cli has written no schema: .{10,300}\nhint: /,
  );
  writeFileSync(join(mikro.folder, "tsconfig.json"), "{}");
  const manifest = { type: "module", devDependencies: { "@mikro-orm/cli": "7.2.1" } };
  writeFileSync(join(mikro.folder, "package.json"), JSON.stringify(manifest));
  writeFileSync(
    join(mikro.folder, "mikro-orm.config.js"),
    `import { defineConfig, defineEntity, p } from "@mikro-orm/postgresql";
const Author = defineEntity({ name: "Author", properties: { id: p.integer().primary(), email: p.string().unique() } });
const Post = defineEntity({
  name: "Post",
  properties: { id: p.integer().primary(), title: p.string().index(), author: () => p.manyToOne(Author) },
});
export default defineConfig({ entities: [Author, Post], dbName: "blog" });
`,
  );
  const written = await followed(mikro, "mikro-orm:mikro-orm.config.js", () =>
    edit(
      mikro,
      "mikro-orm.config.js",
      "p.string().index()",
      "p.string().index(), slug: p.string().nullable()",
    ),
  );
  expect(written.join("\n")).toContain('t.add("slug", "character varying(255)")');
});

test("TypeORM, from the difference with an empty database", { timeout: 240_000 }, async () => {
  const typeorm = copyExample("moving-from-typeorm");
  onTestFinished(() => typeorm.remove());
  program(typeorm, "typeorm", join(packages, ".bin/typeorm"));
  const empty = await freshDatabase();
  onTestFinished(() => empty.drop());
  writeFileSync(
    join(typeorm.folder, "wished.js"),
    `import { DataSource, EntitySchema } from "typeorm";
const Author = new EntitySchema({
  name: "Author",
  columns: { id: { type: Number, primary: true, generated: true }, email: { type: String, unique: true } },
});
export default new DataSource({ type: "postgres", url: ${JSON.stringify(empty.url)}, entities: [Author] });
`,
  );
  await moveToServer(typeorm);
  const written = await followed(typeorm, "typeorm:wished.js", () =>
    edit(
      typeorm,
      "wished.js",
      "email: { type: String, unique: true }",
      "email: { type: String, unique: true }, name: { type: String, nullable: true }",
    ),
  );
  expect(written.join("\n")).toContain('t.add("name", "character varying")');
});
