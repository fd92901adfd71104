/** A transaction around each test, which is rolled back: the next test finds the database as this one did. */

/** A connection: of `pg`, of PGlite, or anything else with such a method. Not a pool, whose connections differ. */
export type TestConnection = { query(sql: string): Promise<unknown> };

/** Functions for `beforeEach` and `afterEach`. */
export type TestTransactions = {
  begin(): Promise<void>;
  /** @throws when the test has ended the transaction itself, so that what it wrote stays */
  rollBack(): Promise<void>;
};

/**
 * `beforeEach(each.begin); afterEach(each.rollBack)`. The tested code must not commit: inside, use
 * savepoints.
 */
export function transactionPerTest(connection: TestConnection): TestTransactions {
  return {
    async begin() {
      await connection.query("begin");
      await connection.query(`savepoint ${mark}`);
    },
    async rollBack() {
      const gone = await connection.query(`rollback to savepoint ${mark}`).then(
        () => undefined,
        (error: unknown) => ({ error }),
      );
      await connection.query("rollback");
      if (gone === undefined) return;
      throw new Error(
        "the test has ended the transaction that is around it, so what it wrote stays for the next one",
        { cause: gone.error },
      );
    },
  };
}

const mark = "slipway_test";
