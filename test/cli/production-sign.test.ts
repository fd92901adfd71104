import { expect, it } from "vitest";
import { productionSign } from "../../src/cli/production-sign.ts";

const cases: readonly (readonly [target: string, sign: string | undefined])[] = [
  ["postgres://app@localhost:5432/blog", undefined],
  ["postgres://app@127.0.0.1:5432/blog", undefined],
  ["postgres://app@[::1]:5432/blog", undefined],
  ["postgres://db:5432/blog", undefined],
  ["postgres://app@blog.localhost:5432/blog", undefined],
  ["mysql://root@host.docker.internal:3306/blog", undefined],
  ["postgres://app@/run/postgresql:5432/blog", undefined],
  ["sqlite:/home/me/products/blog.db", undefined],
  ["pglite:.data/main", undefined],
  ["postgres", undefined],
  ["postgres://app@localhost:5432/reproductions", undefined],
  ["postgres://app@db.example.com:5432/blog", "db.example.com is another machine"],
  ["postgres://app@10.1.2.3:5432/blog", "10.1.2.3 is another machine"],
  ["postgres://app@[2001:db8::1]:5432/blog", "2001:db8::1 is another machine"],
  ["mysql://x.rds.amazonaws.com:3306/a", "x.rds.amazonaws.com is another machine"],
  ["postgres://app@localhost:5432/blog_production", "it is called blog_production"],
  ["postgres://app@prod-db:5432/blog", "it is called prod-db"],
  ["sqlite:/var/lib/blog-prod.db", "it is called blog-prod.db"],
];

it.each(cases)("%s", (target, sign) => {
  expect(productionSign(target, {})).toBe(sign);
});

it("NODE_ENV=production shows it whatever the address is", () => {
  const env = { NODE_ENV: "production" };
  expect(productionSign("sqlite:main.db", env)).toBe("NODE_ENV is production");
});
