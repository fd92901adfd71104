import { DataSource } from "typeorm";

export const AppDataSource = new DataSource({
  type: "postgres",
  url: process.env.DATABASE_URL,
  migrations: [process.env.HALF ? "migrations/*-create-users.js" : "migrations/*.js"],
});
