# DBD::Pg against the server of the PG* environment variables; prints the report of ../data.ts as JSON.
use strict;
use warnings;
use utf8;
use DBI;
use Encode ();
use JSON::PP;

my $db = DBI->connect('dbi:Pg:', $ENV{PGUSER}, $ENV{PGPASSWORD},
  { RaiseError => 1, PrintError => 0, AutoCommit => 1, pg_server_prepare => 1, pg_enable_utf8 => 1 });
$db->do("SET TimeZone TO 'UTC'");

my %report = (sum => int($db->selectrow_array('SELECT 1 + 1')));

my ($id, $name, $price, $big, $ratio, $new, $at, $raw, $tags, $extra, $missing) =
  $db->selectrow_array('SELECT * FROM public.items WHERE id = ?', undef, 7);
$at =~ s/^(\S+) (\d\d:\d\d:\d\d\.\d{3})\d*\+00$/$1T$2Z/;
$report{row} = ["$id", $name, "$price", "$big", "$ratio", $new ? 'true' : 'false', $at, unpack('H*', $raw), $tags->[1],
  '' . decode_json(Encode::encode('UTF-8', $extra))->{n}, $missing];

my $by_id = $db->prepare('SELECT name FROM public.items WHERE id = ?');
$report{prepared} = [map { $by_id->execute($_); ($by_id->fetchrow_array)[0] } 1 .. 10];
$by_id->finish;

$db->begin_work;
$db->do('DECLARE all_items CURSOR FOR SELECT id, name FROM public.items');
$report{cursorRows} = 0;
while (my $count = @{ $db->selectall_arrayref('FETCH 100 FROM all_items') }) { $report{cursorRows} += $count; }
$db->do('CLOSE all_items');
$db->commit;

$db->begin_work;
$db->do("INSERT INTO public.scratch VALUES (1, 'a'), (2, 'b')");
$db->rollback;
$report{afterRollback} = int($db->selectrow_array('SELECT count(*) FROM public.scratch'));
$db->begin_work;
$db->do('INSERT INTO public.scratch VALUES (?, ?)', undef, @$_) for [1, 'a'], [2, 'b'];
$db->commit;
$report{afterCommit} = int($db->selectrow_array('SELECT count(*) FROM public.scratch'));

eval { $db->do('SELECT 1 / 0') };
$report{errorState} = $db->state;
$report{afterError} = int($db->selectrow_array('SELECT 2 + 3'));

$db->do('COPY public.items TO STDOUT');
$report{copiedOut} = 0;
my $line = '';
$report{copiedOut}++ while $db->pg_getcopydata($line) >= 0;
$db->do('COPY public.scratch FROM STDIN');
$db->pg_putcopydata($_) for "10\tx\n", "11\ty\n", "12\t\\N\n";
$db->pg_putcopyend;
$report{copiedIn} = int($db->selectrow_array('SELECT count(*) FROM public.scratch WHERE id >= 10'));

($report{ssn}) = $db->selectrow_array('SELECT ssn FROM public.people WHERE id = 1');
$db->disconnect;
print JSON::PP->new->utf8->encode(\%report), "\n";
