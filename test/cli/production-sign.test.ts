import { mysql } from "slipway/mysql";
import { postgres } from "slipway/postgres";
import { expect, it, onTestFinished, vi } from "vitest";
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
  ["sqlite", undefined],
  ["postgres (its URL is not set)", undefined],
  ["postgres (its URL cannot be read)", "its address cannot be read"],
  ["duck at db.example.com", "its address cannot be read"],
  ["postgres://app@localhost:5432/a/b", "its address cannot be read"],
  ["postgres://%E0%A4%A@localhost:5432/a", "its address cannot be read"],
  ["postgres://app@127.0.0.1.example.com:5432/blog", "127.0.0.1.example.com is another machine"],
  ["postgres://app@0x0a010203:5432/blog", "0x0a010203 is another machine"],
  [
    "postgres://pg.default.svc.cluster.local:5432/a",
    "pg.default.svc.cluster.local is another machine",
  ],
  ["postgres://app@LOCALHOST.:5432/blog", undefined],
  ["postgres://prod_app@localhost:5432/blog", "its user is called prod_app"],
  ["sqlite:/srv/production/blog.db", "it is called production"],
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

/** As the adapters show them. */
const urls: readonly (readonly [url: string, sign: string | undefined])[] = [
  ["postgres://app@/blog?host=/run/postgresql", undefined],
  [
    "postgres://app@/blog?host=/cloudsql/shop:europe-west1:main",
    "/cloudsql/shop:europe-west1:main is another machine",
  ],
  [
    "postgres://app@%2Fcloudsql%2Fshop%3Aeurope%3Amain/blog",
    "/cloudsql/shop:europe:main is another machine",
  ],
  ["postgres://app@localhost/blog?host=db.example.com", "db.example.com is another machine"],
  ["postgres://app@localhost/blog?host=::1", undefined],
  ["postgres://app@localhost/blog?host=2001:db8::1", "2001:db8::1 is another machine"],
  ["postgres://app@localhost,db.example.com/blog", "db.example.com is another machine"],
  ["postgres://app@/blog?host=localhost,10.0.0.2", "10.0.0.2 is another machine"],
  ["postgres://app@localhost:5432,db.example.com:5432/blog", "its address cannot be read"],
  ["postgres://local%2Fapp@db.example.com/blog", "db.example.com is another machine"],
  ["postgres://local%2Fapp@localhost/blog", undefined],
  ["postgres://localhost%40x@db.example.com/blog", "db.example.com is another machine"],
  ["postgres://app@db.example.com/a%2Flocalhost", "db.example.com is another machine"],
  ["postgres://app@localhost/prod%2Fblog", "it is called prod/blog"],
  ["postgres://app@localhost/blog?user=production", "its user is called production"],
  ["postgres://app@localhost/blog?port=5432/x@y", "its address cannot be read"],
  ["postgres://app:p/w@db.example.com/blog", "its address cannot be read"],
  ["mysql://root@localhost/blog", undefined],
  ["mysql://root@[::1]/blog", undefined],
  ["mysql://root@localhost", undefined],
  ["mysql://team%2Froot@db.example.com/blog", "db.example.com is another machine"],
  ["mysql://root@localhost/blog?socketPath=/run/mysqld/mysqld.sock", undefined],
  [
    "mysql://root@localhost/blog?socketPath=/cloudsql/shop:europe:main",
    "/cloudsql/shop:europe:main is another machine",
  ],
  ["mysql://root@localhost,db.example.com/blog", "db.example.com is another machine"],
];

it.each(urls)("a URL %s", (url, sign) => {
  const adapter = url.startsWith("mysql") ? mysql({ url }) : postgres({ url });
  expect(productionSign(adapter.describe(), {})).toBe(sign);
});

it("PGHOST counts where the URL names no host", () => {
  vi.stubEnv("PGHOST", "db.example.com");
  onTestFinished(() => void vi.unstubAllEnvs());
  const shown = postgres({ url: "postgres:///blog" }).describe();
  expect(productionSign(shown, {})).toBe("db.example.com is another machine");
});

it("NODE_ENV=production shows it whatever the address is", () => {
  const env = { NODE_ENV: "production" };
  expect(productionSign("sqlite:main.db", env)).toBe("NODE_ENV is production");
});
