exports.up = (db, callback) => {
  db.createTable("orders", { id: "int", user_id: "int" }, callback);
};

exports.down = (db, callback) => {
  db.dropTable("orders", callback);
};

exports._meta = { version: 1 };
