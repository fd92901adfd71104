import { Table } from "typeorm";

/**
 * @class
 * @implements {import('typeorm').MigrationInterface}
 */
export class CreateUsers1704067200000 {
  /**
   * @param {import('typeorm').QueryRunner} queryRunner
   */
  async up(queryRunner) {
    await queryRunner.createTable(
      new Table({
        name: "users",
        columns: [
          { name: "id", type: "serial", isPrimary: true },
          { name: "email", type: "varchar", isUnique: true },
        ],
      }),
    );
  }

  /**
   * @param {import('typeorm').QueryRunner} queryRunner
   */
  async down(queryRunner) {
    await queryRunner.dropTable("users");
  }
}
