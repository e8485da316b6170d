import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Properties;

/** Prints what every method of DatabaseMetaData answers, a block each, for the objects of the schema crm. */
public final class JdbcMetadata {
  public static void main(String[] arguments) throws Exception {
    Properties properties = new Properties();
    properties.setProperty("user", System.getenv("PGUSER"));
    properties.setProperty("password", System.getenv("PGPASSWORD"));
    properties.setProperty("sslmode", System.getenv("PGSSLMODE"));
    if (System.getenv("PGSSLROOTCERT") != null) properties.setProperty("sslrootcert", System.getenv("PGSSLROOTCERT"));
    String url = "jdbc:postgresql://" + System.getenv("PGHOST") + ":" + System.getenv("PGPORT") + "/"
        + System.getenv("PGDATABASE");
    try (Connection connection = DriverManager.getConnection(url, properties)) {
      DatabaseMetaData metadata = connection.getMetaData();
      Method[] methods = DatabaseMetaData.class.getMethods();
      Arrays.sort(methods, Comparator.comparing(Method::toString));
      for (Method method : methods) {
        if (Modifier.isStatic(method.getModifiers()) || SKIPPED.contains(method.getName())) continue;
        for (String table : method.getParameterCount() == 0 ? new String[] {""} : TABLES) print(metadata, method, table);
      }
      describe(connection);
    }
  }

  /** They name the server's address, the login, or Java objects. */
  private static final java.util.Set<String> SKIPPED =
      java.util.Set.of("getURL", "getUserName", "getConnection", "unwrap", "isWrapperFor");
  private static final String[] TABLES = {"customers", "orders", "names", "events", "%"};

  private static void print(DatabaseMetaData metadata, Method method, String table) throws Exception {
    System.out.println("## " + method.getName() + "(" + table + ")");
    Class<?>[] types = method.getParameterTypes();
    Object[] values = new Object[types.length];
    for (int index = 0; index < types.length; index++) {
      if (types[index] == int.class) values[index] = 1;
      else if (types[index] == boolean.class) values[index] = false;
    }
    // Catalog, schema and name come first in every method about objects; cross references ask about two tables.
    if (types.length >= 3 && types[0] == String.class && types[1] == String.class) {
      values[1] = "crm";
      if (types[2] == String.class) values[2] = table;
      if (method.getName().equals("getCrossReference")) {
        values[2] = "customers";
        values[4] = "crm";
        values[5] = "orders";
      }
    }
    try {
      Object answer = method.invoke(metadata, values);
      if (answer instanceof ResultSet rows) rows(rows);
      else System.out.println(answer);
    } catch (InvocationTargetException thrown) {
      System.out.println("! " + thrown.getCause().getMessage());
    }
  }

  private static void rows(ResultSet rows) throws SQLException {
    try (rows) {
      int width = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        StringBuilder line = new StringBuilder();
        for (int column = 1; column <= width; column++) line.append(rows.getString(column)).append('|');
        System.out.println(line);
      }
    }
  }

  /** What a tool asks of a statement that it has prepared and not run. */
  private static void describe(Connection connection) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT id, name, mood, home, tags, score FROM crm.customers WHERE id = ? AND born > ?")) {
      System.out.println("## prepared");
      ResultSetMetaData columns = statement.getMetaData();
      for (int column = 1; column <= columns.getColumnCount(); column++)
        System.out.println(columns.getColumnName(column) + "|" + columns.getColumnTypeName(column) + "|"
            + columns.getPrecision(column) + "|" + columns.getScale(column) + "|" + columns.isNullable(column) + "|"
            + columns.isAutoIncrement(column) + "|" + columns.getTableName(column) + "|" + columns.getSchemaName(column));
      ParameterMetaData parameters = statement.getParameterMetaData();
      for (int index = 1; index <= parameters.getParameterCount(); index++)
        System.out.println(parameters.getParameterTypeName(index));
    }
  }
}
