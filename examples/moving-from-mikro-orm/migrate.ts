import { MikroORM } from "@mikro-orm/postgresql";
import config from "./mikro-orm.config.ts";

const orm = await MikroORM.init(config);
const [, , to] = process.argv;
await orm.migrator.up(to === undefined ? {} : { to });
await orm.close();
