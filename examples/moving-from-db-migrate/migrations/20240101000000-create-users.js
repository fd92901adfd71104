let type;

exports.setup = (options) => {
  type = options.dbmigrate.dataType;
};

exports.up = (db) =>
  db.createTable("users", {
    id: { type: type.INTEGER, primaryKey: true, autoIncrement: true },
    email: { type: type.STRING, notNull: true, unique: true },
  });

exports.down = (db) => db.dropTable("users");

exports._meta = { version: 1 };
