/** What of other tools' libraries counts here: mostly what their own types keep to themselves. */

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
