// pgjdbc: thresholds, fetch sizes, batches, CopyManager, generated keys, schema changes, autosave, simple mode, metadata.
// Each step prints one line, `name<TAB>result`. The same program runs directly and through the gateway; see ../transcript.ts.
import java.io.ByteArrayOutputStream;
import java.io.StringReader;
import java.sql.BatchUpdateException;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Properties;
import org.postgresql.PGConnection;
import org.postgresql.PGStatement;

public class PgJdbcTranscript {
  interface Work { Object run() throws Exception; }

  static void step(String name, Work work) {
    Object result;
    try {
      result = work.run();
    } catch (BatchUpdateException error) {
      SQLException cause = error.getNextException() == null ? error : error.getNextException();
      result = "batch error " + java.util.Arrays.toString(error.getUpdateCounts()) + " " + cause.getSQLState() + " " + cause.getMessage();
    } catch (SQLException error) {
      result = "error " + error.getSQLState() + " " + error.getMessage();
    } catch (Exception error) {
      result = "error " + error;
    }
    System.out.println(name + "\t" + String.valueOf(result).replace("\n", " / "));
  }

  static Connection open(String... options) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", System.getenv("PGUSER"));
    properties.setProperty("password", System.getenv("PGPASSWORD"));
    properties.setProperty("sslmode", System.getenv("PGSSLMODE"));
    if (System.getenv("PGSSLROOTCERT") != null) properties.setProperty("sslrootcert", System.getenv("PGSSLROOTCERT"));
    for (int i = 0; i < options.length; i += 2) properties.setProperty(options[i], options[i + 1]);
    return DriverManager.getConnection(
        "jdbc:postgresql://" + System.getenv("PGHOST") + ":" + System.getenv("PGPORT") + "/" + System.getenv("PGDATABASE"), properties);
  }

  static String rows(ResultSet found) throws SQLException {
    StringBuilder text = new StringBuilder();
    int columns = found.getMetaData().getColumnCount();
    while (found.next()) {
      for (int i = 1; i <= columns; i++) text.append(i == 1 ? "" : "|").append(found.getMetaData().getColumnType(i) == java.sql.Types.BINARY ? hex(found.getBytes(i)) : found.getString(i));
      text.append("; ");
    }
    return text.toString();
  }

  static String hex(byte[] bytes) {
    return bytes == null ? null : java.util.HexFormat.of().formatHex(bytes);
  }

  static String rows(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement(); ResultSet found = statement.executeQuery(sql)) {
      return rows(found);
    }
  }

  public static void main(String[] arguments) throws Exception {
    for (String threshold : new String[] {"1", "5", "-1"}) prepared(threshold);
    try (Connection connection = open()) { ordinary(connection); }
    try (Connection connection = open("prepareThreshold", "1")) { changed("a redefined table, default", connection); }
    try (Connection connection = open("prepareThreshold", "1", "autosave", "conservative")) { changed("a redefined table, autosave=conservative", connection); }
    try (Connection connection = open("prepareThreshold", "1", "autosave", "always")) { changed("a redefined table, autosave=always", connection); }
    for (String mode : new String[] {"simple", "extended", "extendedForPrepared", "extendedCacheEverything"}) {
      try (Connection connection = open("preferQueryMode", mode)) {
        step("preferQueryMode=" + mode, () -> rows(connection, "SELECT id, name, price FROM public.items WHERE id < 4 ORDER BY id"));
        step("a parameter, " + mode, () -> parameter(connection));
        step("an error, " + mode, () -> rows(connection, "SELECT 1 / 0"));
      }
    }
    try (Connection connection = open("reWriteBatchedInserts", "true")) { step("rewritten batch", () -> batch(connection, 0)); }
    try (Connection connection = open("readOnly", "true", "readOnlyMode", "always", "ApplicationName", "transcript", "connectTimeout", "10", "socketTimeout", "60")) {
      step("read-only", () -> { try (Statement s = connection.createStatement()) { return s.executeUpdate("DELETE FROM public.scratch"); } });
    }
    try (Connection connection = open("assumeMinServerVersion", "9.5", "tcpKeepAlive", "true", "currentSchema", "public", "options", "-c statement_timeout=30000")) {
      step("start-up options", () -> rows(connection, "SHOW statement_timeout") + rows(connection, "SHOW search_path"));
    }
    try (Connection connection = open("prepareThreshold", "1")) {
      step("MASKED", () -> rows(connection, "SELECT * FROM public.people ORDER BY id LIMIT 2"));
      step("MASKED, by CopyManager", () -> { ByteArrayOutputStream out = new ByteArrayOutputStream();
        connection.unwrap(PGConnection.class).getCopyAPI().copyOut("COPY (SELECT ssn FROM public.people ORDER BY id LIMIT 2) TO STDOUT", out); return out; });
    }
  }

  static void prepared(String threshold) throws SQLException {
    try (Connection connection = open("prepareThreshold", threshold); PreparedStatement statement = connection.prepareStatement("SELECT * FROM public.items WHERE id = ?")) {
      for (int run = 1; run < 8; run++) {
        int id = run;
        step("prepareThreshold=" + threshold + ", run " + run, () -> {
          statement.setInt(1, id);
          try (ResultSet found = statement.executeQuery()) { return rows(found) + statement.unwrap(PGStatement.class).isUseServerPrepare(); }
        });
      }
    }
  }

  static String parameter(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement("SELECT ?::int + 1, ?::text, ?::bytea")) {
      statement.setInt(1, 4);
      statement.setString(2, "it's é✓ \\");
      statement.setBytes(3, new byte[] {0, 1, (byte) 255});
      try (ResultSet found = statement.executeQuery()) { return rows(found); }
    }
  }

  static void ordinary(Connection connection) throws SQLException {
    PGConnection own = connection.unwrap(PGConnection.class);
    step("fetch size", () -> {
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.setFetchSize(7);
        try (ResultSet found = statement.executeQuery("SELECT id FROM public.items ORDER BY id")) {
          int count = 0;
          while (found.next()) count += found.getInt(1);
          return count;
        }
      } finally { connection.rollback(); connection.setAutoCommit(true); }
    });
    step("a scrollable, updatable result", () -> {
      try (Statement statement = connection.createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_UPDATABLE)) {
        statement.executeUpdate("INSERT INTO public.scratch VALUES (700, 'before')");
        try (ResultSet found = statement.executeQuery("SELECT id, note FROM public.scratch WHERE id = 700")) {
          found.first();
          found.updateString("note", "after");
          found.updateRow();
          found.moveToInsertRow();
          found.updateInt("id", 701);
          found.updateString("note", "inserted");
          found.insertRow();
          found.first();
          found.deleteRow();
        }
        return rows(connection, "SELECT * FROM public.scratch WHERE id >= 700") + statement.executeUpdate("DELETE FROM public.scratch WHERE id >= 700");
      }
    });
    step("batch", () -> batch(connection, 10_000));
    step("a batch that fails", () -> {
      try (Statement statement = connection.createStatement()) {
        statement.addBatch("INSERT INTO public.scratch VALUES (800, 'a')");
        statement.addBatch("INSERT INTO public.scratch VALUES (800, 'b')");
        statement.addBatch("INSERT INTO public.scratch VALUES (801, 'c')");
        return statement.executeBatch();
      }
    });
    step("after the batch", () -> rows(connection, "SELECT count(*) FROM public.scratch WHERE id >= 800"));
    step("generated keys", () -> {
      try (Statement statement = connection.createStatement()) {
        statement.execute("CREATE TEMP TABLE keyed (id serial PRIMARY KEY, note text)");
      }
      try (PreparedStatement statement = connection.prepareStatement("INSERT INTO keyed (note) VALUES (?), (?)", Statement.RETURN_GENERATED_KEYS)) {
        statement.setString(1, "a");
        statement.setString(2, "b");
        int count = statement.executeUpdate();
        try (ResultSet keys = statement.getGeneratedKeys()) { return count + " " + rows(keys); }
      }
    });
    step("named generated keys in a batch", () -> {
      try (PreparedStatement statement = connection.prepareStatement("INSERT INTO keyed (note) VALUES (?)", new String[] {"id"})) {
        for (int i = 0; i < 5; i++) { statement.setString(1, "n" + i); statement.addBatch(); }
        statement.executeBatch();
        try (ResultSet keys = statement.getGeneratedKeys()) { return rows(keys); }
      }
    });
    step("several results", () -> {
      try (Statement statement = connection.createStatement()) {
        StringBuilder text = new StringBuilder();
        boolean isResult = statement.execute("SELECT 1; INSERT INTO keyed (note) VALUES ('z'); SELECT 2, 3");
        while (isResult || statement.getUpdateCount() != -1) {
          text.append(isResult ? rows(statement.getResultSet()) : "count " + statement.getUpdateCount() + "; ");
          isResult = statement.getMoreResults();
        }
        return text;
      }
    });
    step("savepoints", () -> {
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.executeUpdate("INSERT INTO keyed (note) VALUES ('kept')");
        Savepoint savepoint = connection.setSavepoint("here");
        try { statement.executeUpdate("SELECT 1 / 0"); } catch (SQLException error) { connection.rollback(savepoint); }
        connection.releaseSavepoint(savepoint);
        connection.commit();
        return rows(connection, "SELECT count(*) FROM keyed WHERE note = 'kept'");
      } finally { connection.rollback(); connection.setAutoCommit(true); }
    });
    step("isolation", () -> { connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE); try { return connection.getTransactionIsolation() + rows(connection, "SHOW transaction_isolation"); } finally { connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED); } });
    step("arrays", () -> {
      try (PreparedStatement statement = connection.prepareStatement("SELECT name FROM public.items WHERE id = ANY (?) ORDER BY id")) {
        statement.setArray(1, connection.createArrayOf("int4", new Object[] {1, 3, 5}));
        try (ResultSet found = statement.executeQuery()) { return rows(found); }
      }
    });
    step("CopyManager out", () -> { ByteArrayOutputStream out = new ByteArrayOutputStream(); long n = own.getCopyAPI().copyOut("COPY (SELECT id, name FROM public.items ORDER BY id LIMIT 5) TO STDOUT (FORMAT csv)", out); return n + " " + out; });
    step("CopyManager in", () -> own.getCopyAPI().copyIn("COPY keyed (note) FROM STDIN", new StringReader("x\ny\nz\n")));
    step("CopyManager in that fails", () -> own.getCopyAPI().copyIn("COPY public.scratch FROM STDIN", new StringReader("x\n")));
    step("after CopyManager", () -> rows(connection, "SELECT count(*) FROM keyed"));
    step("warnings", () -> { try (Statement s = connection.createStatement()) { s.execute("DROP TABLE IF EXISTS public.never_there"); return s.getWarnings() == null ? "none" : s.getWarnings().getMessage(); } });
    step("query timeout", () -> { try (Statement s = connection.createStatement()) { s.setQueryTimeout(1); return rows(s.executeQuery("SELECT pg_sleep(30)")); } });
    step("isValid", () -> connection.isValid(5));
    step("parameter metadata", () -> { try (PreparedStatement s = connection.prepareStatement("SELECT * FROM public.items WHERE id = ? AND name = ? AND at > ?")) { return s.getParameterMetaData().getParameterTypeName(1) + s.getParameterMetaData().getParameterTypeName(2) + s.getParameterMetaData().getParameterTypeName(3); } });
    step("result metadata", () -> { try (PreparedStatement s = connection.prepareStatement("SELECT id, name AS other, price, ssn FROM public.items JOIN public.people USING (id, name)")) {
      ResultSetMetaData m = s.getMetaData(); StringBuilder t = new StringBuilder();
      for (int i = 1; i <= m.getColumnCount(); i++) t.append(m.getColumnLabel(i)).append(' ').append(m.getTableName(i)).append(' ').append(m.getColumnTypeName(i)).append(' ').append(m.getPrecision(i)).append(' ').append(m.isNullable(i)).append(' ').append(m.isAutoIncrement(i)).append("; ");
      return t; } });
    DatabaseMetaData meta = connection.getMetaData();
    step("getTables", () -> rows(meta.getTables(null, "public", "%", new String[] {"TABLE", "VIEW"})));
    step("getColumns", () -> rows(meta.getColumns(null, "public", "items", "%")));
    step("getPrimaryKeys", () -> rows(meta.getPrimaryKeys(null, "public", "items")));
    step("getIndexInfo", () -> rows(meta.getIndexInfo(null, "public", "items", false, true)).length() > 10);
    step("getImportedKeys", () -> rows(meta.getImportedKeys(null, "public", "items")));
    step("getSchemas", () -> rows(meta.getSchemas()).contains("public"));
    step("getCatalogs", () -> rows(meta.getCatalogs()));
    step("getTypeInfo", () -> rows(meta.getTypeInfo()).length() > 1000);
    step("getProcedures", () -> rows(meta.getProcedures(null, "public", "%")));
    step("getFunctions", () -> rows(meta.getFunctions(null, "pg_catalog", "abs")).length() > 10);
    step("getTablePrivileges", () -> rows(meta.getTablePrivileges(null, "public", "scratch")).length() > 10);
    step("getUDTs", () -> rows(meta.getUDTs(null, "public", "%", null)));
    step("getBestRowIdentifier", () -> rows(meta.getBestRowIdentifier(null, "public", "items", 0, false)));
    step("getMaxConnections and versions", () -> meta.getMaxConnections() + " " + meta.getDatabaseMajorVersion() + " " + meta.getDefaultTransactionIsolation());
    step("large objects", () -> { connection.setAutoCommit(false); try { return "created " + (own.getLargeObjectAPI().createLO() > 0); } finally { connection.rollback(); connection.setAutoCommit(true); } });
    step("after large objects", () -> rows(connection, "SELECT 1"));
    step("a function call", () -> { try (CallableStatement call = connection.prepareCall("{? = call upper(?)}")) { call.registerOutParameter(1, java.sql.Types.VARCHAR); call.setString(2, "abc"); call.execute(); return call.getString(1); } });
    step("notifications", () -> { try (Statement s = connection.createStatement()) { s.execute("LISTEN nobody"); } return own.getNotifications(100) == null || own.getNotifications().length == 0; });
    step("network timeout", () -> { connection.setNetworkTimeout(Runnable::run, 20_000); return connection.getNetworkTimeout(); });
    step("schema", () -> { String before = connection.getSchema(); connection.setSchema("pg_catalog"); String during = connection.getSchema(); connection.setSchema("public"); return before + during; });
    step("client info", () -> { connection.setClientInfo("ApplicationName", "other"); return rows(connection, "SHOW application_name"); });
    try (Statement statement = connection.createStatement()) { statement.executeUpdate("DELETE FROM public.scratch"); }
  }

  static Object batch(Connection connection, int from) throws SQLException {
    connection.setAutoCommit(false);
    try (PreparedStatement statement = connection.prepareStatement("INSERT INTO public.scratch VALUES (?, ?)")) {
      for (int i = 0; i < 1000; i++) { statement.setInt(1, from + i); statement.setString(2, "b" + i); statement.addBatch(); }
      int length = statement.executeBatch().length;
      return length + " " + rows(connection, "SELECT count(*), sum(id) FROM public.scratch");
    } finally { connection.rollback(); connection.setAutoCommit(true); }
  }

  static void changed(String name, Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement(); PreparedStatement select = connection.prepareStatement("SELECT * FROM moving")) {
      statement.execute("CREATE TEMP TABLE moving (a int); INSERT INTO moving VALUES (1)");
      for (int i = 0; i < 3; i++) try (ResultSet found = select.executeQuery()) { rows(found); }
      statement.execute("ALTER TABLE moving ADD COLUMN b text DEFAULT 'new'");
      step(name, () -> { try (ResultSet found = select.executeQuery()) { return rows(found); } });
      connection.setAutoCommit(false);
      select.executeQuery().close();
      statement.execute("ALTER TABLE moving ADD COLUMN c text DEFAULT 'newer'");
      step(name + ", in a transaction", () -> { try (ResultSet found = select.executeQuery()) { return rows(found); } });
      connection.rollback();
      connection.setAutoCommit(true);
      step(name + ", undone", () -> { try (ResultSet found = select.executeQuery()) { return rows(found); } });
    }
  }
}
