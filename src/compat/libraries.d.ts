/**
 * The parts of other tools' libraries that Slipway uses: mostly those that their own types keep
 * private.
 */

declare module "sequelize" {
  export type QueryInterface = { readonly sequelize: Sequelize };
  export class Sequelize {
    constructor(options: object);
    readonly options: { databaseVersion: unknown };
    readonly connectionManager: object;
    getQueryInterface(): QueryInterface;
    databaseVersion(): Promise<string>;
  }
}

declare module "typeorm" {
  export interface MigrationInterface {
    readonly name?: string;
    readonly transaction?: boolean;
    up(queryRunner: QueryRunner): Promise<unknown>;
    down(queryRunner: QueryRunner): Promise<unknown>;
  }
  export type QueryRunner = {
    query(sql: string, parameters?: unknown[]): Promise<unknown>;
    createTable(table: Table): Promise<void>;
    dropTable(table: string): Promise<void>;
    addColumn(table: string, column: TableColumn): Promise<void>;
    dropColumn(table: string, column: string): Promise<void>;
  };
  export class Table {
    constructor(options: object);
  }
  export class TableColumn {
    constructor(options: object);
  }
  export class DataSource {
    constructor(options: object);
    readonly driver: { createQueryRunner(mode: string): QueryRunner };
    initialize(): Promise<unknown>;
    createQueryRunner(): QueryRunner;
  }
}

declare module "db-migrate-pg" {
  const library: {
    connect(
      config: object,
      about: object,
      connected: (error: unknown, driver: object) => void,
    ): void;
  };
  // biome-ignore lint/style/noDefaultExport: it is a CommonJS module.
  export default library;
}

declare module "db-migrate-mysql" {
  export { default } from "db-migrate-pg";
}

declare module "@mikro-orm/migrations" {
  export class Migration {
    addSql(sql: string): void;
  }
  export class Migrator {}
}

declare module "@mikro-orm/postgresql" {
  export function defineConfig(config: object): object;
  export const MikroORM: {
    init(config: object): Promise<{
      readonly migrator: { up(options: { readonly to?: string }): Promise<unknown> };
      close(): Promise<void>;
    }>;
  };
}
