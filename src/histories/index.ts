/** The tools whose history can be read: one line each. */
import { alembic } from "./alembic.ts";
import { atlas } from "./atlas.ts";
import { databasesPgMigrations } from "./databases-pg-migrations.ts";
import { dbMigrate } from "./db-migrate.ts";
import { dbmate } from "./dbmate.ts";
import { diesel } from "./diesel.ts";
import { django } from "./django.ts";
import { drizzle } from "./drizzle.ts";
import { flyway } from "./flyway.ts";
import type { ForeignHistory } from "./foreign-history.ts";
import { golangMigrate } from "./golang-migrate.ts";
import { goose } from "./goose.ts";
import { graphileMigrate } from "./graphile-migrate.ts";
import { knex } from "./knex.ts";
import { kysely } from "./kysely.ts";
import { laravel } from "./laravel.ts";
import { ley } from "./ley.ts";
import { liquibase } from "./liquibase.ts";
import { mikroOrm } from "./mikro-orm.ts";
import { nodePgMigrate } from "./node-pg-migrate.ts";
import { pgroll } from "./pgroll.ts";
import { postgrator } from "./postgrator.ts";
import { postgresMigrations } from "./postgres-migrations.ts";
import { prisma } from "./prisma.ts";
import { rails } from "./rails.ts";
import { sequelize } from "./sequelize.ts";
import { slonikMigrator } from "./slonik-migrator.ts";
import { sqitch } from "./sqitch.ts";
import { sqlMigrate } from "./sql-migrate.ts";
import { sqlx } from "./sqlx.ts";
import { supabase } from "./supabase.ts";
import { tern } from "./tern.ts";
import { typeorm } from "./typeorm.ts";
import { yoyo } from "./yoyo.ts";

export const histories: readonly ForeignHistory[] = [
  alembic,
  atlas,
  databasesPgMigrations,
  dbMigrate,
  dbmate,
  diesel,
  django,
  drizzle,
  flyway,
  golangMigrate,
  goose,
  graphileMigrate,
  knex,
  kysely,
  laravel,
  ley,
  liquibase,
  mikroOrm,
  nodePgMigrate,
  pgroll,
  postgrator,
  postgresMigrations,
  prisma,
  rails,
  sequelize,
  slonikMigrator,
  sqitch,
  sqlMigrate,
  sqlx,
  supabase,
  tern,
  typeorm,
  yoyo,
];
