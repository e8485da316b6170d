# Ruby: pg. Each step prints one line, `name<TAB>JSON`; the same program runs directly and through the gateway.
require 'json'
require 'pg'

def step(name)
  result = yield
rescue PG::Error => e
  sqlstate = e.respond_to?(:result) && e.result ? e.result.error_field(PG::PG_DIAG_SQLSTATE) : nil
  result = ['error', e.class.name, sqlstate, e.message.strip]
ensure
  puts "#{name}\t#{JSON.generate(result)}"
end

c = PG.connect
step('exec') { c.exec('SELECT id, name, price FROM public.items WHERE id < 3 ORDER BY id').values }
step('exec_params') { c.exec_params('SELECT $1::int + 1, $2::text, $3::text', [1, "it's é", nil]).values }
step('binary') { c.exec_params('SELECT id, raw FROM public.items WHERE id = $1', [7], 1).values.flatten.map { |v| v.unpack1('H*') } }
step('typed') do
  c.type_map_for_results = PG::BasicTypeMapForResults.new(c)
  values = c.exec('SELECT id, price::float, is_new, tags, at FROM public.items WHERE id = 7').values.map { |r| r.map(&:to_s) }
  c.type_map_for_results = PG::TypeMapAllStrings.new
  values
end
step('prepare') { c.prepare('mine', 'SELECT name FROM public.items WHERE id = $1'); (1..3).map { |i| c.exec_prepared('mine', [i]).getvalue(0, 0) } }
step('describe_prepared') { d = c.describe_prepared('mine'); [d.nparams, d.paramtype(0), d.fields] }
step('prepare again') { c.prepare('mine', 'SELECT 1') }
step('an error') { c.exec('SELECT 1 / 0') }
step('several statements') { c.exec('SELECT 1; SELECT 2, 3').values }
step('transaction') do
  begin
    c.transaction { c.exec("INSERT INTO public.scratch VALUES (1, 'a')"); raise ArgumentError }
  rescue ArgumentError
    c.exec('SELECT count(*) FROM public.scratch').values
  end
end
step('copy in') { c.copy_data('COPY public.scratch FROM STDIN') { c.put_copy_data("1\ta\n"); c.put_copy_data("2\tb\n") }.cmd_tuples }
step('copy in that fails') { c.copy_data('COPY public.scratch FROM STDIN') { c.put_copy_data("x\ta\n") } }
step('copy out') { rows = []; c.copy_data('COPY public.scratch TO STDOUT') { while (row = c.get_copy_data); rows << row; end }; rows }
step('clean') { c.exec('DELETE FROM public.scratch').cmd_tuples }
step('single row mode') { c.send_query('SELECT id FROM public.items'); c.set_single_row_mode; c.get_result.stream_each_row.sum { |r| r[0].to_i } }
step('pipeline') do
  c.enter_pipeline_mode
  5.times { |i| c.send_query_params('SELECT $1::int', [i]) }
  c.send_query_params('SELECT 1 / $1::int', [0])
  c.send_query_params('SELECT 99', [])
  c.pipeline_sync
  found = []
  loop do
    result = c.get_result or next
    found << [result.res_status(result.result_status), result.error_field(PG::PG_DIAG_SQLSTATE)]
    break if result.result_status == PG::PGRES_PIPELINE_SYNC
  rescue PG::Error => e
    found << [e.class.name]
  end
  c.exit_pipeline_mode
  found
end
step('after pipeline') { c.exec('SELECT 1').values }
step('cancel') { c.send_query('SELECT pg_sleep(30)'); sleep 0.3; c.cancel; c.get_last_result }
step('notices') { heard = []; c.set_notice_processor { |n| heard << n.strip }; c.exec('DROP TABLE IF EXISTS public.never_there'); heard }
step('large objects') { c.transaction { c.lo_creat } ? 'created' : 'none' }
step('after large objects') { c.exec('SELECT 1').values }
step('listen') { c.exec('LISTEN nobody').cmd_status }
step('field table') { r = c.exec('SELECT id FROM public.items LIMIT 0'); [r.ftablecol(0), r.ftype(0), r.fmod(0), r.fsize(0)] }
step('reset') { c.reset; c.exec('SELECT 2').values }
step('parameter status') { %w[server_encoding client_encoding TimeZone integer_datetimes].map { |n| c.parameter_status(n) } }
step('MASKED') { c.exec('SELECT * FROM public.people ORDER BY id LIMIT 2').values }
