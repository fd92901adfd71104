import { describe, expect, it } from "vitest";
import { changesetsOf } from "../../../src/core/sql/changesets.ts";
import { InvalidSql } from "../../../src/core/sql/invalid-sql.ts";

const sets = (attributes: string, rest = "") =>
  changesetsOf(
    `--liquibase formatted sql\n--changeset ann:1 ${attributes}\ncreate table t (a int);\n${rest}`,
  );

describe("what a change set says of itself", () => {
  const plain = { author: "ann", id: "1", transaction: undefined, repeatable: false };

  it.each([
    ["runInTransaction:false", { ...plain, transaction: false }],
    ["RUNINTRANSACTION:False", { ...plain, transaction: false }],
    ["runInTransaction:true", plain],
    ["runOnChange:true", { ...plain, repeatable: true }],
    ["runOnChange:TRUE", { ...plain, repeatable: true }],
    ["ignore:false", plain],
    ["runAlways:false failOnError:true", plain],
    ["splitStatements:false rollbackSplitStatements:false stripComments:false", plain],
    ["endDelimiter:; rollbackEndDelimiter:;", plain],
    ["logicalFilePath:db/a.sql created:2020-01-01T10:00", plain],
  ])("is followed: %s", (attributes, expected) => {
    expect(sets(attributes)).toEqual([expect.objectContaining(expected)]);
  });

  it.each([
    "runAlways:true",
    "failOnError:false",
    "dbms:postgresql",
    "context:prod",
    "contextFilter:prod",
    "labels:x",
    "endDelimiter:/",
    "endDelimiter:",
    "rollbackEndDelimiter:GO",
    "runWith:psql",
    "runOrder:last",
    "objectQuotingStrategy:LEGACY",
    "ignore:yes",
    "runInTransaction:no",
    "table",
  ])("is refused by name and line: %s", (attribute) => {
    const refused = expect.objectContaining({
      message: `line 2: Slipway does not follow ${attribute} of Liquibase`,
    });
    expect(() => sets(attribute)).toThrow(InvalidSql);
    expect(() => sets(`runOnChange:true ${attribute}`)).toThrow(refused);
  });
});

it("is left out where it says ignore:true, and the others have their lines", () => {
  const text = `--liquibase formatted sql
--changeset ann:1 context:prod ignore:true
--preconditions onFail:HALT
create table t (a int);
--rollback drop table t;
--changeset ann:2 ignore:false
create table u (a int);
--rollback drop table u;
`;
  const found = changesetsOf(text);
  expect(found.map(({ id }) => id)).toEqual(["2"]);
  expect(found[0]?.up.split("\n")[6]).toBe("create table u (a int);");
  expect(found[0]?.down).not.toContain("drop table t");
});

it("refuses the way back of another change set", () => {
  expect(() => sets("", "--rollback changesetId:0 changesetAuthor:ann\n")).toThrow(
    "Slipway does not follow --rollback changesetId:0 changesetAuthor:ann of Liquibase",
  );
});
