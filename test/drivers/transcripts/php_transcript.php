<?php
// PHP: ext/pgsql and PDO. Each step prints one line, `name<TAB>JSON`; the same program runs directly and through the gateway.
error_reporting(E_ALL & ~E_WARNING & ~E_NOTICE);
function step(string $name, callable $work): void {
    try {
        $result = $work();
    } catch (Throwable $error) {
        $result = ['error', $error->getCode(), $error->getMessage()];
    }
    echo $name, "\t", json_encode($result, JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE), "\n";
}
$c = pg_connect('');
$last = fn() => pg_last_error($c);
step('pg_query', fn() => pg_fetch_all(pg_query($c, 'SELECT id, name, price, is_new, raw FROM public.items WHERE id < 3 ORDER BY id')));
step('pg_query_params', fn() => pg_fetch_all(pg_query_params($c, 'SELECT $1::int + 1 AS a, $2::text AS b, $3::text AS c', [1, "it's é", null])));
step('pg_prepare', fn() => [pg_prepare($c, 'mine', 'SELECT name FROM public.items WHERE id = $1') !== false,
    pg_fetch_result(pg_execute($c, 'mine', [2]), 0, 0), pg_fetch_result(pg_execute($c, 'mine', [3]), 0, 0)]);
step('pg_prepare again', fn() => [pg_prepare($c, 'mine', 'SELECT 1'), $last()]);
step('DEALLOCATE', fn() => [pg_query($c, 'DEALLOCATE mine') !== false, pg_execute($c, 'mine', [2]), $last()]);
step('an error', fn() => [pg_query($c, 'SELECT 1 / 0'), $last()]);
step('several statements', fn() => pg_fetch_all(pg_query($c, 'SELECT 1 AS a; SELECT 2 AS b')));
step('pg_send_query', function () use ($c) {
    pg_send_query($c, 'SELECT 1 AS a; SELECT 2 AS b; SELECT 1 / 0');
    $found = [];
    while ($result = pg_get_result($c)) $found[] = [pg_fetch_all($result), pg_result_error_field($result, PGSQL_DIAG_SQLSTATE)];
    return $found;
});
step('pg_insert', fn() => pg_insert($c, 'public.scratch', ['id' => 1, 'note' => "it's"], PGSQL_DML_EXEC) !== false);
step('pg_select', fn() => pg_select($c, 'public.scratch', ['id' => 1]));
step('pg_update', fn() => pg_update($c, 'public.scratch', ['note' => 'x'], ['id' => 1]));
step('pg_delete', fn() => pg_delete($c, 'public.scratch', ['id' => 1]));
step('pg_meta_data', fn() => pg_meta_data($c, 'public.scratch'));
step('pg_copy_from', fn() => [pg_copy_from($c, 'public.scratch', ["1\ta\n", "2\tb\n"]), pg_copy_to($c, 'public.scratch')]);
step('pg_put_line', fn() => [pg_query($c, 'COPY public.scratch FROM STDIN') !== false, pg_put_line($c, "5\tz\n"), pg_put_line($c, "\\.\n"), pg_end_copy($c),
    pg_affected_rows(pg_query($c, 'DELETE FROM public.scratch'))]);
step('pg_field_table', fn() => [pg_field_table($r = pg_query($c, 'SELECT id, price FROM public.items LIMIT 1'), 0), pg_field_type($r, 1), pg_field_size($r, 0)]);
step('pg_parameter_status', fn() => [pg_parameter_status($c, 'server_encoding'), pg_transaction_status($c), pg_client_encoding($c)]);
step('large objects', function () use ($c, $last) { pg_query($c, 'BEGIN'); $oid = pg_lo_create($c); $error = $last(); pg_query($c, 'ROLLBACK'); return [is_bool($oid) ? 'refused' : 'created', substr((string) $error, 0, 20) !== '']; });
step('pg_ping', fn() => pg_ping($c));
$tls = getenv('PGSSLROOTCERT') ? ';sslmode=verify-full;sslrootcert=' . getenv('PGSSLROOTCERT') : '';
$dsn = sprintf('pgsql:host=%s;port=%s;dbname=%s%s', getenv('PGHOST'), getenv('PGPORT'), getenv('PGDATABASE'), $tls);
foreach ([false, true] as $emulate) {
    $pdo = new PDO($dsn, getenv('PGUSER'), getenv('PGPASSWORD'), [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION, PDO::ATTR_EMULATE_PREPARES => $emulate]);
    $mode = $emulate ? 'emulated' : 'native';
    step("PDO query, $mode", fn() => $pdo->query('SELECT id, name, is_new FROM public.items WHERE id < 3 ORDER BY id')->fetchAll(PDO::FETCH_ASSOC));
    step("PDO prepared, $mode", function () use ($pdo) {
        $statement = $pdo->prepare('SELECT name FROM public.items WHERE id = :id AND name LIKE :like');
        $found = [];
        foreach ([1, 2, 3] as $id) { $statement->execute(['id' => $id, 'like' => 'item%']); $found[] = $statement->fetchColumn(); }
        return $found;
    });
    step("PDO transaction, $mode", function () use ($pdo) {
        $pdo->beginTransaction();
        $pdo->exec("INSERT INTO public.scratch VALUES (1, 'a')");
        $before = $pdo->query('SELECT count(*) FROM public.scratch')->fetchColumn();
        $pdo->rollBack();
        return [$before, $pdo->query('SELECT count(*) FROM public.scratch')->fetchColumn(), $pdo->inTransaction()];
    });
    step("PDO error, $mode", fn() => $pdo->query('SELECT nothing'));
    step("PDO duplicate, $mode", fn() => $pdo->exec("INSERT INTO public.scratch VALUES (1); INSERT INTO public.scratch VALUES (1)"));
    step("PDO lob, $mode", function () use ($pdo) { $s = $pdo->prepare('SELECT ?::bytea'); $s->bindValue(1, "\0\xff", PDO::PARAM_LOB); $s->execute(); return bin2hex(stream_get_contents($s->fetchColumn())); });
    step("PDO copy, $mode", fn() => [$pdo->pgsqlCopyFromArray('public.scratch', ["7\tx", "8\ty"]), $pdo->pgsqlCopyToArray('public.scratch'), $pdo->exec('DELETE FROM public.scratch')]);
    step("PDO scrollable cursor, $mode", function () use ($pdo) { $s = $pdo->prepare('SELECT id FROM public.items ORDER BY id', [PDO::ATTR_CURSOR => PDO::CURSOR_SCROLL]); $s->execute(); return [$s->fetch(PDO::FETCH_NUM), $s->fetch(PDO::FETCH_NUM, PDO::FETCH_ORI_ABS, 9), $s->fetch(PDO::FETCH_NUM, PDO::FETCH_ORI_PRIOR)]; });
    step("PDO column meta, $mode", fn() => $pdo->query('SELECT id, price FROM public.items LIMIT 1')->getColumnMeta(1)['native_type']);
    step("MASKED PDO, $mode", fn() => $pdo->query('SELECT * FROM public.people ORDER BY id LIMIT 1')->fetchAll(PDO::FETCH_NUM));
}
