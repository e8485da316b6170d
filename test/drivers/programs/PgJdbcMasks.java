// Reads the tables named as arguments through pgjdbc, which goes over to binary results after some runs. Prints as JSON
// how many cells it read, and every one that could not be read, came out as another value later, or is wider than its
// column's metadata says.
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

public class PgJdbcMasks {
  private static final List<String> differences = new ArrayList<>();
  private static int cells = 0;
  private static int nulls = 0;

  public static void main(String[] tables) throws Exception {
    Properties properties = new Properties();
    properties.setProperty("user", System.getenv("PGUSER"));
    properties.setProperty("password", System.getenv("PGPASSWORD"));
    properties.setProperty("sslmode", System.getenv("PGSSLMODE"));
    if (System.getenv("PGSSLROOTCERT") != null) properties.setProperty("sslrootcert", System.getenv("PGSSLROOTCERT"));
    properties.setProperty("prepareThreshold", "2");
    String url = "jdbc:postgresql://" + System.getenv("PGHOST") + ":" + System.getenv("PGPORT") + "/" + System.getenv("PGDATABASE");
    try (Connection connection = DriverManager.getConnection(url, properties)) {
      for (String table : tables) compare(connection, table);
    }
    System.out.println("{\"cells\": " + cells + ", \"nulls\": " + nulls + ", \"differences\": [" + String.join(", ", differences) + "]}");
  }

  private static void compare(Connection connection, String table) throws Exception {
    try (PreparedStatement statement = connection.prepareStatement("SELECT * FROM " + table)) {
      List<String> first = null;
      for (int run = 0; run < 4; run++) {
        List<String> read = read(statement, table);
        if (first == null) first = read;
        for (int i = 0; i < read.size(); i++) {
          if (!read.get(i).equals(first.get(i))) differences.add(quote(table + ": " + first.get(i) + " / " + read.get(i)));
        }
      }
    }
  }

  private static List<String> read(PreparedStatement statement, String table) throws Exception {
    List<String> read = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery()) {
      ResultSetMetaData columns = rows.getMetaData();
      while (rows.next()) {
        for (int i = 1; i <= columns.getColumnCount(); i++) {
          cells++;
          String name = columns.getColumnName(i);
          try {
            // XML comes as an object without a value of its own, and the driver reads no money with a thousands separator.
            boolean asString = columns.getColumnType(i) == Types.SQLXML || columns.getColumnTypeName(i).equals("money");
            Object value = asString ? rows.getString(i) : rows.getObject(i);
            if (value == null) nulls++;
            String text = columns.getColumnType(i) == Types.BINARY ? new String(java.util.Base64.getEncoder().encode((byte[]) (value == null ? new byte[0] : value))) : String.valueOf(value);
            read.add(name + "=" + text);
            boolean isText = columns.getColumnType(i) == Types.VARCHAR || columns.getColumnType(i) == Types.CHAR;
            if (isText && value instanceof String && text.length() > columns.getPrecision(i)) differences.add(quote(table + "." + name + " is wider than its column: " + text));
          } catch (Exception error) {
            read.add(name + "=error");
            differences.add(quote(table + "." + name + ": " + error.getMessage()));
          }
        }
      }
    }
    return read;
  }

  private static String quote(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", " ") + "\"";
  }
}
