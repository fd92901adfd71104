/** What TypeORM calls a migration stands in its class, which may speak of names and classes elsewhere. */
import { expect, it } from "vitest";
import { histories } from "../../src/histories/index.ts";

const typeorm = histories.find(({ tool }) => tool === "typeorm")!;
const hash = () => "";
const hashes = { md5: hash, sha1: hash, sha256: hash, sha384: hash, crc32: () => 0 };

const body = `await queryRunner.query("UPDATE roles SET name = 'admin'");`;

it.each([
  ["its class", `export class Roles1 implements MigrationInterface {`, "Roles1"],
  [
    "its property",
    `export class Roles implements MigrationInterface {\n  name = "Roles1";`,
    "Roles1",
  ],
  ["that of another type", `export class Roles {\n  readonly name: string = 'Roles1'`, "Roles1"],
  [
    "what a compiler makes of that",
    `class Roles {\n  constructor() { this.name = 'Roles1'; }`,
    "Roles1",
  ],
  [
    "not a comment",
    `/** This class makes roles: name = "x". */\n// the class of\nclass Roles1 {`,
    "Roles1",
  ],
])("is told by %s", (_, head, name) => {
  for (const up of [
    "public async up(queryRunner) {",
    "async up(queryRunner: QueryRunner): Promise<void> {",
  ]) {
    const text = `${head}\n  ${up} ${body} }\n  async down() {}\n}\n`;
    expect(typeorm.keys({ base: "1-Roles.ts", stem: "1-Roles", text }, hashes)).toEqual([name]);
  }
});
