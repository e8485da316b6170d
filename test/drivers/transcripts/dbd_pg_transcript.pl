# DBD::Pg. Each step prints one line, `name<TAB>JSON`; the same program runs directly and through the gateway.
use strict;
use warnings;
use DBD::Pg qw(:pg_types :async);
use DBI;
use JSON::PP;
binmode STDOUT, ':raw';

my $json = JSON::PP->new->utf8->canonical->allow_nonref->allow_blessed;
my $c = DBI->connect('dbi:Pg:', '', '', {RaiseError => 1, PrintError => 0, PrintWarn => 0, AutoCommit => 1});

sub step {
    my ($name, $work) = @_;
    my $result = eval { $work->() };
    if ($@) { my $words = $c->errstr // $@; $words =~ s/ at .*$//s; $result = ['error', $c->state, $words]; }
    print $name, "\t", $json->encode($result), "\n";
}

step('select', sub { $c->selectall_arrayref('SELECT id, name, price, at, missing FROM public.items WHERE id < 4 ORDER BY id') });
step('parameters', sub { $c->selectrow_arrayref('SELECT ?::int + 1, ?::text, ?::text', undef, 1, "it's", undef) });
step('bytes', sub { my $s = $c->prepare('SELECT ?::bytea'); $s->bind_param(1, "\0\xff", {pg_type => PG_BYTEA}); $s->execute; unpack 'H*', $s->fetchrow_array });
step('prepared', sub { my $s = $c->prepare('SELECT name FROM public.items WHERE id = ?'); [map { $s->execute($_); $s->fetchrow_array } 1 .. 5] });
step('server_prepare off', sub { my $s = $c->prepare('SELECT name FROM public.items WHERE id = ?', {pg_server_prepare => 0}); [map { $s->execute($_); $s->fetchrow_array } 1 .. 3] });
step('prepare_now', sub { my $s = $c->prepare('SELECT $1::int + $2::int', {pg_prepare_now => 1}); $s->execute(1, 2); $s->fetchall_arrayref });
step('columns', sub { my $s = $c->prepare('SELECT * FROM public.items LIMIT 0'); $s->execute; [$s->{NAME}, $s->{TYPE}, $s->{PRECISION}, $s->{NULLABLE}, $s->{pg_type}] });
step('an error', sub { $c->do('SELECT 1 / 0') });
step('after an error', sub { $c->selectrow_array('SELECT 5') });
step('transaction', sub { $c->begin_work; $c->do("INSERT INTO public.scratch VALUES (1, 'a')"); $c->rollback; $c->selectrow_array('SELECT count(*) FROM public.scratch') });
step('savepoint', sub { $c->begin_work; $c->pg_savepoint('s'); eval { $c->do('SELECT nothing') }; $c->pg_rollback_to('s'); $c->pg_release('s'); my $n = $c->selectrow_array('SELECT 1'); $c->commit; $n });
step('copy in', sub { $c->do('COPY public.scratch FROM STDIN'); $c->pg_putcopydata("$_\tn$_\n") for 1 .. 50; $c->pg_putcopyend });
step('copy out', sub { $c->do('COPY public.scratch TO STDOUT'); my ($line, $n) = ('', 0); $n++ while $c->pg_getcopydata($line) >= 0; $n });
step('copy in that fails', sub { $c->do('COPY public.scratch FROM STDIN'); $c->pg_putcopydata("x\ty\n"); $c->pg_putcopyend });
step('execute_array', sub { my $s = $c->prepare('INSERT INTO public.scratch VALUES (?, ?)'); my @status; $s->execute_array({ArrayTupleStatus => \@status}, [100 .. 104], ['x']); \@status });
step('returning', sub { $c->selectcol_arrayref('DELETE FROM public.scratch WHERE id >= 100 RETURNING id') });
step('clean', sub { $c->do('DELETE FROM public.scratch') });
step('async', sub { $c->do('SELECT pg_sleep(0.01)', {pg_async => PG_ASYNC}); $c->pg_result });
step('table_info', sub { [map { [@$_[1 .. 3]] } @{$c->table_info('', 'public', '%', 'TABLE')->fetchall_arrayref}] });
step('column_info', sub { [map { [@$_[2, 3, 5, 6, 10]] } @{$c->column_info('', 'public', 'items', '%')->fetchall_arrayref}] });
step('primary_key', sub { [$c->primary_key('', 'public', 'items')] });
step('type_info', sub { scalar @{$c->type_info_all} > 5 });
step('quote', sub { [$c->quote("it's"), $c->quote_identifier('a"b'), $c->ping] });
step('last_insert_id', sub { $c->do('CREATE TEMP TABLE keyed (id serial, a int)'); $c->do('INSERT INTO keyed (a) VALUES (7)'); $c->last_insert_id(undef, undef, 'keyed', undef) });
step('large objects', sub { $c->begin_work; my $oid = eval { $c->pg_lo_creat($c->{pg_INV_WRITE}) }; $c->rollback; $oid ? 'created' : 'refused' });
step('notifies', sub { $c->do('LISTEN nobody'); defined $c->pg_notifies ? 1 : 0 });
step('MASKED', sub { $c->selectall_arrayref('SELECT * FROM public.people ORDER BY id LIMIT 2') });
$c->disconnect;
