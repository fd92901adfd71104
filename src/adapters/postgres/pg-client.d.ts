/** The one file of the driver that an adapter needs. Every version of `pg` has it, and its types do not name it. */
declare module "pg/lib/client.js" {
  import { Client } from "pg";
  export = Client;
}
