// pgjdbc against the server of the PG* environment variables; prints the report of ../data.ts as JSON.
import java.io.StringReader;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

public class PgJdbcClient {
  private static final StringBuilder report = new StringBuilder();

  public static void main(String[] arguments) throws Exception {
    Properties properties = new Properties();
    properties.setProperty("user", System.getenv("PGUSER"));
    properties.setProperty("password", System.getenv("PGPASSWORD"));
    properties.setProperty("sslmode", System.getenv("PGSSLMODE"));
    if (System.getenv("PGSSLROOTCERT") != null) properties.setProperty("sslrootcert", System.getenv("PGSSLROOTCERT"));
    // The driver names a statement, and asks for binary results, from its second run on.
    properties.setProperty("prepareThreshold", "2");
    String url = "jdbc:postgresql://" + System.getenv("PGHOST") + ":" + System.getenv("PGPORT") + "/" + System.getenv("PGDATABASE");
    try (Connection connection = DriverManager.getConnection(url, properties)) {
      put("sum", text(connection, "SELECT 1 + 1"));
      put("row", row(connection));
      put("prepared", prepared(connection));
      put("cursorRows", cursorRows(connection));
      transactions(connection);
      errors(connection);
      copies(connection);
      put("ssn", quote(text(connection, "SELECT ssn FROM public.people WHERE id = 1")));
    }
    System.out.println("{" + report + "}");
  }

  private static String row(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement("SELECT * FROM public.items WHERE id = ?")) {
      String values = "";
      for (int run = 0; run < 4; run++) {
        statement.setInt(1, 7);
        try (ResultSet found = statement.executeQuery()) {
          found.next();
          List<String> cells = new ArrayList<>();
          cells.add(quote(String.valueOf(found.getInt(1))));
          cells.add(quote(found.getString(2)));
          cells.add(quote(found.getBigDecimal(3).toPlainString()));
          cells.add(quote(String.valueOf(found.getLong(4))));
          cells.add(quote(String.valueOf(found.getDouble(5))));
          cells.add(quote(String.valueOf(found.getBoolean(6))));
          cells.add(quote(found.getObject(7, OffsetDateTime.class).toInstant().truncatedTo(ChronoUnit.MILLIS).toString()));
          StringBuilder hex = new StringBuilder();
          for (byte b : found.getBytes(8)) hex.append(String.format("%02x", b));
          cells.add(quote(hex.toString()));
          cells.add(quote(((String[]) found.getArray(9).getArray())[1]));
          cells.add(quote(found.getString(10).replaceAll("[^0-9]", "")));
          cells.add(quote(found.getString(11)));
          values = "[" + String.join(",", cells) + "]";
        }
      }
      return values;
    }
  }

  private static String prepared(Connection connection) throws SQLException {
    List<String> names = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement("SELECT name FROM public.items WHERE id = ?")) {
      for (int id = 1; id <= 10; id++) {
        statement.setInt(1, id);
        try (ResultSet found = statement.executeQuery()) {
          found.next();
          names.add(quote(found.getString(1)));
        }
      }
    }
    return "[" + String.join(",", names) + "]";
  }

  /** A portal with a row limit: the driver fetches 100 rows at a time, inside a transaction. */
  private static String cursorRows(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    int rows = 0;
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(100);
      try (ResultSet found = statement.executeQuery("SELECT id, name FROM public.items")) {
        while (found.next()) rows++;
      }
    }
    connection.commit();
    return String.valueOf(rows);
  }

  private static void transactions(Connection connection) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO public.scratch VALUES (?, ?)")) {
      insertTwo(insert);
      connection.rollback();
      put("afterRollback", text(connection, "SELECT count(*) FROM public.scratch"));
      insertTwo(insert);
      connection.commit();
      put("afterCommit", text(connection, "SELECT count(*) FROM public.scratch"));
      connection.commit();
    }
    connection.setAutoCommit(true);
  }

  private static void insertTwo(PreparedStatement insert) throws SQLException {
    for (int id = 1; id <= 2; id++) {
      insert.setInt(1, id);
      insert.setString(2, "note " + id);
      insert.addBatch();
    }
    insert.executeBatch();
  }

  private static void errors(Connection connection) throws SQLException {
    try {
      text(connection, "SELECT 1 / 0");
    } catch (SQLException error) {
      put("errorState", quote(error.getSQLState()));
    }
    put("afterError", text(connection, "SELECT 2 + 3"));
  }

  private static void copies(Connection connection) throws Exception {
    CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
    StringWriter out = new StringWriter();
    copy.copyOut("COPY public.items TO STDOUT", out);
    put("copiedOut", String.valueOf(out.toString().chars().filter(character -> character == '\n').count()));
    put("copiedIn", String.valueOf(copy.copyIn("COPY public.scratch FROM STDIN", new StringReader("10\tx\n11\ty\n12\t\\N\n"))));
  }

  private static String text(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement(); ResultSet found = statement.executeQuery(sql)) {
      found.next();
      return found.getString(1);
    }
  }

  private static void put(String name, String json) {
    if (report.length() > 0) report.append(',');
    report.append(quote(name)).append(':').append(json);
  }

  private static String quote(String text) {
    return text == null ? "null" : "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }
}
