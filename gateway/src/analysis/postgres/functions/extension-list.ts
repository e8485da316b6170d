/**
 * The judgement of the functions in C of extensions that PostgreSQL 14 to 18 ship: one line each, for the versions of
 * the extension in which it is just so. A function of an extension that has no line is refused, and so is one of the
 * same name with another signature or symbol. Functions in SQL are not listed: their bodies are analysed.
 *
 * `extension | versions | signature | result | library:symbol | flags | class | why`
 *
 * `node test/functions/write-extensions.ts` writes all columns but the last two, keeps the judgements, and adds what is
 * new as `refused | not reviewed yet`. Types of extensions are spelt without their schema. Flags and classes as in
 * built-in-list.ts; functions that take or give the server's own values are never called in statements and left out.
 */
export const EXTENSION_LIST = String.raw`
btree_gin | 1.3 | gin_enum_cmp(anyenum, anyenum) | integer | $libdir/btree_gin:gin_enum_cmp | fis-- | faultable | compares two values, as indexes do
btree_gin | 1.3 | gin_numeric_cmp(numeric, numeric) | integer | $libdir/btree_gin:gin_numeric_cmp | fis-- | faultable | compares two values, as indexes do
btree_gist | 1.6 1.7 1.8 | cash_dist(money, money) | money | $libdir/btree_gist:cash_dist | fis-- | faultable | a distance; may overflow
btree_gist | 1.6 1.7 1.8 | date_dist(date, date) | integer | $libdir/btree_gist:date_dist | fis-- | faultable | a distance; may overflow
btree_gist | 1.6 1.7 1.8 | float4_dist(real, real) | real | $libdir/btree_gist:float4_dist | fis-- | faultable | a distance; may overflow
btree_gist | 1.6 1.7 1.8 | float8_dist(double precision, double precision) | double precision | $libdir/btree_gist:float8_dist | fis-- | faultable | a distance; may overflow
btree_gist | 1.6 1.7 1.8 | int2_dist(smallint, smallint) | smallint | $libdir/btree_gist:int2_dist | fis-- | faultable | a distance; may overflow
btree_gist | 1.6 1.7 1.8 | int4_dist(integer, integer) | integer | $libdir/btree_gist:int4_dist | fis-- | faultable | a distance; may overflow
btree_gist | 1.6 1.7 1.8 | int8_dist(bigint, bigint) | bigint | $libdir/btree_gist:int8_dist | fis-- | faultable | a distance; may overflow
btree_gist | 1.6 1.7 1.8 | interval_dist(interval, interval) | interval | $libdir/btree_gist:interval_dist | fis-- | faultable | a distance; may overflow
btree_gist | 1.6 1.7 1.8 | oid_dist(oid, oid) | oid | $libdir/btree_gist:oid_dist | fis-- | faultable | a distance; may overflow
btree_gist | 1.6 1.7 1.8 | time_dist(time without time zone, time without time zone) | interval | $libdir/btree_gist:time_dist | fis-- | faultable | a distance; may overflow
btree_gist | 1.6 1.7 1.8 | ts_dist(timestamp without time zone, timestamp without time zone) | interval | $libdir/btree_gist:ts_dist | fis-- | faultable | a distance; may overflow
btree_gist | 1.6 1.7 1.8 | tstz_dist(timestamp with time zone, timestamp with time zone) | interval | $libdir/btree_gist:tstz_dist | fis-- | faultable | a distance; may overflow
btree_gist | 1.8 | gist_translate_cmptype_btree(integer) | smallint | $libdir/btree_gist:gist_translate_cmptype_btree | fis-- | refused | called by index access methods
citext | 1.6 1.8 | citext(boolean) | citext | internal:booltext | fis-- | total | a cast into text
citext | 1.6 1.8 | citext(character) | citext | internal:rtrim1 | fis-- | total | a cast into text
citext | 1.6 1.8 | citext(inet) | citext | internal:network_show | fis-- | total | a cast into text
citext | 1.6 1.8 | citext_cmp(citext, citext) | integer | $libdir/citext:citext_cmp | fis-- | total | compares two values; the collation is settled before any row
citext | 1.6 1.8 | citext_eq(citext, citext) | boolean | $libdir/citext:citext_eq | fis-- | total | compares two values; the collation is settled before any row
citext | 1.6 1.8 | citext_ge(citext, citext) | boolean | $libdir/citext:citext_ge | fis-- | total | compares two values; the collation is settled before any row
citext | 1.6 1.8 | citext_gt(citext, citext) | boolean | $libdir/citext:citext_gt | fis-- | total | compares two values; the collation is settled before any row
citext | 1.6 1.8 | citext_hash(citext) | integer | $libdir/citext:citext_hash | fis-- | total | a hash, for indexes and joins
citext | 1.6 1.8 | citext_hash_extended(citext, bigint) | bigint | $libdir/citext:citext_hash_extended | fis-- | total | a hash, for indexes and joins
citext | 1.6 1.8 | citext_larger(citext, citext) | citext | $libdir/citext:citext_larger | fis-- | total | keeps one of two values
citext | 1.6 1.8 | citext_le(citext, citext) | boolean | $libdir/citext:citext_le | fis-- | total | compares two values; the collation is settled before any row
citext | 1.6 1.8 | citext_lt(citext, citext) | boolean | $libdir/citext:citext_lt | fis-- | total | compares two values; the collation is settled before any row
citext | 1.6 1.8 | citext_ne(citext, citext) | boolean | $libdir/citext:citext_ne | fis-- | total | compares two values; the collation is settled before any row
citext | 1.6 1.8 | citext_pattern_cmp(citext, citext) | integer | $libdir/citext:citext_pattern_cmp | fis-- | total | compares two values; the collation is settled before any row
citext | 1.6 1.8 | citext_pattern_ge(citext, citext) | boolean | $libdir/citext:citext_pattern_ge | fis-- | total | compares two values; the collation is settled before any row
citext | 1.6 1.8 | citext_pattern_gt(citext, citext) | boolean | $libdir/citext:citext_pattern_gt | fis-- | total | compares two values; the collation is settled before any row
citext | 1.6 1.8 | citext_pattern_le(citext, citext) | boolean | $libdir/citext:citext_pattern_le | fis-- | total | compares two values; the collation is settled before any row
citext | 1.6 1.8 | citext_pattern_lt(citext, citext) | boolean | $libdir/citext:citext_pattern_lt | fis-- | total | compares two values; the collation is settled before any row
citext | 1.6 1.8 | citext_smaller(citext, citext) | citext | $libdir/citext:citext_smaller | fis-- | total | keeps one of two values
citext | 1.6 1.8 | citextsend(citext) | bytea | internal:textsend | fss-- | faultable | prints the value in binary
citext | 1.6 1.8 | texticlike(citext, citext) | boolean | internal:texticlike | fis-- | faultable | a pattern that ends in an escape raises
citext | 1.6 1.8 | texticlike(citext, text) | boolean | internal:texticlike | fis-- | faultable | a pattern that ends in an escape raises
citext | 1.6 1.8 | texticnlike(citext, citext) | boolean | internal:texticnlike | fis-- | faultable | a pattern that ends in an escape raises
citext | 1.6 1.8 | texticnlike(citext, text) | boolean | internal:texticnlike | fis-- | faultable | a pattern that ends in an escape raises
citext | 1.6 1.8 | texticregexeq(citext, citext) | boolean | internal:texticregexeq | fis-- | faultable | the pattern may be invalid, or too costly
citext | 1.6 1.8 | texticregexeq(citext, text) | boolean | internal:texticregexeq | fis-- | faultable | the pattern may be invalid, or too costly
citext | 1.6 1.8 | texticregexne(citext, citext) | boolean | internal:texticregexne | fis-- | faultable | the pattern may be invalid, or too costly
citext | 1.6 1.8 | texticregexne(citext, text) | boolean | internal:texticregexne | fis-- | faultable | the pattern may be invalid, or too costly
cube | 1.5 | cube(cube, double precision) | cube | $libdir/cube:cube_c_f8 | fis-- | faultable | geometry: may overflow
cube | 1.5 | cube(cube, double precision, double precision) | cube | $libdir/cube:cube_c_f8_f8 | fis-- | faultable | geometry: may overflow
cube | 1.5 | cube(double precision) | cube | $libdir/cube:cube_f8 | fis-- | faultable | geometry: may overflow
cube | 1.5 | cube(double precision, double precision) | cube | $libdir/cube:cube_f8_f8 | fis-- | faultable | geometry: may overflow
cube | 1.5 | cube(double precision[]) | cube | $libdir/cube:cube_a_f8 | fis-- | faultable | geometry: may overflow
cube | 1.5 | cube(double precision[], double precision[]) | cube | $libdir/cube:cube_a_f8_f8 | fis-- | faultable | geometry: may overflow
cube | 1.5 | cube_cmp(cube, cube) | integer | $libdir/cube:cube_cmp | fis-- | total | compares two values; the collation is settled before any row
cube | 1.5 | cube_contained(cube, cube) | boolean | $libdir/cube:cube_contained | fis-- | faultable | geometry: may overflow
cube | 1.5 | cube_contains(cube, cube) | boolean | $libdir/cube:cube_contains | fis-- | faultable | geometry: may overflow
cube | 1.5 | cube_coord(cube, integer) | double precision | $libdir/cube:cube_coord | fis-- | faultable | geometry: may overflow
cube | 1.5 | cube_coord_llur(cube, integer) | double precision | $libdir/cube:cube_coord_llur | fis-- | faultable | geometry: may overflow
cube | 1.5 | cube_dim(cube) | integer | $libdir/cube:cube_dim | fis-- | faultable | geometry: may overflow
cube | 1.5 | cube_distance(cube, cube) | double precision | $libdir/cube:cube_distance | fis-- | faultable | geometry: may overflow
cube | 1.5 | cube_enlarge(cube, double precision, integer) | cube | $libdir/cube:cube_enlarge | fis-- | faultable | geometry: may overflow
cube | 1.5 | cube_eq(cube, cube) | boolean | $libdir/cube:cube_eq | fis-- | total | compares two values; the collation is settled before any row
cube | 1.5 | cube_ge(cube, cube) | boolean | $libdir/cube:cube_ge | fis-- | total | compares two values; the collation is settled before any row
cube | 1.5 | cube_gt(cube, cube) | boolean | $libdir/cube:cube_gt | fis-- | total | compares two values; the collation is settled before any row
cube | 1.5 | cube_inter(cube, cube) | cube | $libdir/cube:cube_inter | fis-- | faultable | geometry: may overflow
cube | 1.5 | cube_is_point(cube) | boolean | $libdir/cube:cube_is_point | fis-- | faultable | geometry: may overflow
cube | 1.5 | cube_le(cube, cube) | boolean | $libdir/cube:cube_le | fis-- | total | compares two values; the collation is settled before any row
cube | 1.5 | cube_ll_coord(cube, integer) | double precision | $libdir/cube:cube_ll_coord | fis-- | faultable | geometry: may overflow
cube | 1.5 | cube_lt(cube, cube) | boolean | $libdir/cube:cube_lt | fis-- | total | compares two values; the collation is settled before any row
cube | 1.5 | cube_ne(cube, cube) | boolean | $libdir/cube:cube_ne | fis-- | total | compares two values; the collation is settled before any row
cube | 1.5 | cube_overlap(cube, cube) | boolean | $libdir/cube:cube_overlap | fis-- | faultable | geometry: may overflow
cube | 1.5 | cube_send(cube) | bytea | $libdir/cube:cube_send | fis-- | faultable | geometry: may overflow
cube | 1.5 | cube_size(cube) | double precision | $libdir/cube:cube_size | fis-- | faultable | geometry: may overflow
cube | 1.5 | cube_subset(cube, integer[]) | cube | $libdir/cube:cube_subset | fis-- | faultable | geometry: may overflow
cube | 1.5 | cube_union(cube, cube) | cube | $libdir/cube:cube_union | fis-- | faultable | geometry: may overflow
cube | 1.5 | cube_ur_coord(cube, integer) | double precision | $libdir/cube:cube_ur_coord | fis-- | faultable | geometry: may overflow
cube | 1.5 | distance_chebyshev(cube, cube) | double precision | $libdir/cube:distance_chebyshev | fis-- | faultable | geometry: may overflow
cube | 1.5 | distance_taxicab(cube, cube) | double precision | $libdir/cube:distance_taxicab | fis-- | faultable | geometry: may overflow
earthdistance | 1.1 1.2 | geo_distance(point, point) | double precision | $libdir/earthdistance:geo_distance | fis-- | faultable | geometry: may overflow
fuzzystrmatch | 1.1 1.2 | difference(text, text) | integer | $libdir/fuzzystrmatch:difference | fis-- | faultable | raises for texts that are too long
fuzzystrmatch | 1.1 1.2 | dmetaphone(text) | text | $libdir/fuzzystrmatch:dmetaphone | fis-- | faultable | raises for texts that are too long
fuzzystrmatch | 1.1 1.2 | dmetaphone_alt(text) | text | $libdir/fuzzystrmatch:dmetaphone_alt | fis-- | faultable | raises for texts that are too long
fuzzystrmatch | 1.1 1.2 | levenshtein(text, text) | integer | $libdir/fuzzystrmatch:levenshtein | fis-- | faultable | raises for texts that are too long
fuzzystrmatch | 1.1 1.2 | levenshtein(text, text, integer, integer, integer) | integer | $libdir/fuzzystrmatch:levenshtein_with_costs | fis-- | faultable | raises for texts that are too long
fuzzystrmatch | 1.1 1.2 | levenshtein_less_equal(text, text, integer) | integer | $libdir/fuzzystrmatch:levenshtein_less_equal | fis-- | faultable | raises for texts that are too long
fuzzystrmatch | 1.1 1.2 | levenshtein_less_equal(text, text, integer, integer, integer, integer) | integer | $libdir/fuzzystrmatch:levenshtein_less_equal_with_costs | fis-- | faultable | raises for texts that are too long
fuzzystrmatch | 1.1 1.2 | metaphone(text, integer) | text | $libdir/fuzzystrmatch:metaphone | fis-- | faultable | raises for texts that are too long
fuzzystrmatch | 1.1 1.2 | soundex(text) | text | $libdir/fuzzystrmatch:soundex | fis-- | faultable | raises for texts that are too long
fuzzystrmatch | 1.1 1.2 | text_soundex(text) | text | $libdir/fuzzystrmatch:soundex | fis-- | faultable | raises for texts that are too long
fuzzystrmatch | 1.2 | daitch_mokotoff(text) | text[] | $libdir/fuzzystrmatch:daitch_mokotoff | fis-- | faultable | raises for texts that are too long
hstore | 1.8 | akeys(hstore) | text[] | $libdir/hstore:hstore_akeys | fis-- | total | looks into a value that was checked when it was stored
hstore | 1.8 | avals(hstore) | text[] | $libdir/hstore:hstore_avals | fis-- | total | looks into a value that was checked when it was stored
hstore | 1.8 | defined(hstore, text) | boolean | $libdir/hstore:hstore_defined | fis-- | total | looks into a value that was checked when it was stored
hstore | 1.8 | delete(hstore, hstore) | hstore | $libdir/hstore:hstore_delete_hstore | fis-- | total | looks into a value that was checked when it was stored
hstore | 1.8 | delete(hstore, text) | hstore | $libdir/hstore:hstore_delete | fis-- | total | looks into a value that was checked when it was stored
hstore | 1.8 | delete(hstore, text[]) | hstore | $libdir/hstore:hstore_delete_array | fis-- | total | looks into a value that was checked when it was stored
hstore | 1.8 | each(hstore) | record | $libdir/hstore:hstore_each | fisr- | total | unfolds into rows: what goes in decides how many
hstore | 1.8 | exist(hstore, text) | boolean | $libdir/hstore:hstore_exists | fis-- | total | looks into a value that was checked when it was stored
hstore | 1.8 | exists_all(hstore, text[]) | boolean | $libdir/hstore:hstore_exists_all | fis-- | total | looks into a value that was checked when it was stored
hstore | 1.8 | exists_any(hstore, text[]) | boolean | $libdir/hstore:hstore_exists_any | fis-- | total | looks into a value that was checked when it was stored
hstore | 1.8 | fetchval(hstore, text) | text | $libdir/hstore:hstore_fetchval | fis-- | total | looks into a value that was checked when it was stored
hstore | 1.8 | hs_concat(hstore, hstore) | hstore | $libdir/hstore:hstore_concat | fis-- | faultable | keys or pairs may not fit
hstore | 1.8 | hs_contained(hstore, hstore) | boolean | $libdir/hstore:hstore_contained | fis-- | total | looks into a value that was checked when it was stored
hstore | 1.8 | hs_contains(hstore, hstore) | boolean | $libdir/hstore:hstore_contains | fis-- | total | looks into a value that was checked when it was stored
hstore | 1.8 | hstore(record) | hstore | $libdir/hstore:hstore_from_record | fi--- | faultable | keys or pairs may not fit
hstore | 1.8 | hstore(text, text) | hstore | $libdir/hstore:hstore_from_text | fi--- | faultable | keys or pairs may not fit
hstore | 1.8 | hstore(text[]) | hstore | $libdir/hstore:hstore_from_array | fis-- | faultable | keys or pairs may not fit
hstore | 1.8 | hstore(text[], text[]) | hstore | $libdir/hstore:hstore_from_arrays | fi--- | faultable | keys or pairs may not fit
hstore | 1.8 | hstore_cmp(hstore, hstore) | integer | $libdir/hstore:hstore_cmp | fis-- | total | compares two values; the collation is settled before any row
hstore | 1.8 | hstore_eq(hstore, hstore) | boolean | $libdir/hstore:hstore_eq | fis-- | total | compares two values; the collation is settled before any row
hstore | 1.8 | hstore_ge(hstore, hstore) | boolean | $libdir/hstore:hstore_ge | fis-- | total | compares two values; the collation is settled before any row
hstore | 1.8 | hstore_gt(hstore, hstore) | boolean | $libdir/hstore:hstore_gt | fis-- | total | compares two values; the collation is settled before any row
hstore | 1.8 | hstore_hash(hstore) | integer | $libdir/hstore:hstore_hash | fis-- | total | a hash, for indexes and joins
hstore | 1.8 | hstore_hash_extended(hstore, bigint) | bigint | $libdir/hstore:hstore_hash_extended | fis-- | total | a hash, for indexes and joins
hstore | 1.8 | hstore_le(hstore, hstore) | boolean | $libdir/hstore:hstore_le | fis-- | total | compares two values; the collation is settled before any row
hstore | 1.8 | hstore_lt(hstore, hstore) | boolean | $libdir/hstore:hstore_lt | fis-- | total | compares two values; the collation is settled before any row
hstore | 1.8 | hstore_ne(hstore, hstore) | boolean | $libdir/hstore:hstore_ne | fis-- | total | compares two values; the collation is settled before any row
hstore | 1.8 | hstore_send(hstore) | bytea | $libdir/hstore:hstore_send | fis-- | faultable | keys or pairs may not fit
hstore | 1.8 | hstore_to_array(hstore) | text[] | $libdir/hstore:hstore_to_array | fis-- | total | looks into a value that was checked when it was stored
hstore | 1.8 | hstore_to_json(hstore) | json | $libdir/hstore:hstore_to_json | fis-- | total | looks into a value that was checked when it was stored
hstore | 1.8 | hstore_to_json_loose(hstore) | json | $libdir/hstore:hstore_to_json_loose | fis-- | total | looks into a value that was checked when it was stored
hstore | 1.8 | hstore_to_jsonb(hstore) | jsonb | $libdir/hstore:hstore_to_jsonb | fis-- | total | looks into a value that was checked when it was stored
hstore | 1.8 | hstore_to_jsonb_loose(hstore) | jsonb | $libdir/hstore:hstore_to_jsonb_loose | fis-- | total | looks into a value that was checked when it was stored
hstore | 1.8 | hstore_to_matrix(hstore) | text[] | $libdir/hstore:hstore_to_matrix | fis-- | total | looks into a value that was checked when it was stored
hstore | 1.8 | hstore_version_diag(hstore) | integer | $libdir/hstore:hstore_version_diag | fis-- | faultable | keys or pairs may not fit
hstore | 1.8 | isdefined(hstore, text) | boolean | $libdir/hstore:hstore_defined | fis-- | total | looks into a value that was checked when it was stored
hstore | 1.8 | isexists(hstore, text) | boolean | $libdir/hstore:hstore_exists | fis-- | total | looks into a value that was checked when it was stored
hstore | 1.8 | populate_record(anyelement, hstore) | anyelement | $libdir/hstore:hstore_populate_record | fi--- | faultable | keys or pairs may not fit
hstore | 1.8 | skeys(hstore) | text | $libdir/hstore:hstore_skeys | fisr- | total | unfolds into rows: what goes in decides how many
hstore | 1.8 | slice(hstore, text[]) | hstore | $libdir/hstore:hstore_slice_to_hstore | fis-- | total | looks into a value that was checked when it was stored
hstore | 1.8 | slice_array(hstore, text[]) | text[] | $libdir/hstore:hstore_slice_to_array | fis-- | total | looks into a value that was checked when it was stored
hstore | 1.8 | svals(hstore) | text | $libdir/hstore:hstore_svals | fisr- | total | unfolds into rows: what goes in decides how many
hstore | 1.8 | tconvert(text, text) | hstore | $libdir/hstore:hstore_from_text | fi--- | faultable | keys or pairs may not fit
intarray | 1.5 | _int_contained(integer[], integer[]) | boolean | $libdir/_int:_int_contained | fis-- | faultable | an array of integers; raises for NULLs inside or too many dimensions
intarray | 1.5 | _int_contains(integer[], integer[]) | boolean | $libdir/_int:_int_contains | fis-- | faultable | an array of integers; raises for NULLs inside or too many dimensions
intarray | 1.5 | _int_different(integer[], integer[]) | boolean | $libdir/_int:_int_different | fis-- | faultable | an array of integers; raises for NULLs inside or too many dimensions
intarray | 1.5 | _int_inter(integer[], integer[]) | integer[] | $libdir/_int:_int_inter | fis-- | faultable | an array of integers; raises for NULLs inside or too many dimensions
intarray | 1.5 | _int_overlap(integer[], integer[]) | boolean | $libdir/_int:_int_overlap | fis-- | faultable | an array of integers; raises for NULLs inside or too many dimensions
intarray | 1.5 | _int_same(integer[], integer[]) | boolean | $libdir/_int:_int_same | fis-- | faultable | an array of integers; raises for NULLs inside or too many dimensions
intarray | 1.5 | _int_union(integer[], integer[]) | integer[] | $libdir/_int:_int_union | fis-- | faultable | an array of integers; raises for NULLs inside or too many dimensions
intarray | 1.5 | boolop(integer[], query_int) | boolean | $libdir/_int:boolop | fis-- | faultable | an array of integers; raises for NULLs inside or too many dimensions
intarray | 1.5 | icount(integer[]) | integer | $libdir/_int:icount | fis-- | faultable | an array of integers; raises for NULLs inside or too many dimensions
intarray | 1.5 | idx(integer[], integer) | integer | $libdir/_int:idx | fis-- | faultable | an array of integers; raises for NULLs inside or too many dimensions
intarray | 1.5 | intarray_del_elem(integer[], integer) | integer[] | $libdir/_int:intarray_del_elem | fis-- | faultable | an array of integers; raises for NULLs inside or too many dimensions
intarray | 1.5 | intarray_push_array(integer[], integer[]) | integer[] | $libdir/_int:intarray_push_array | fis-- | faultable | an array of integers; raises for NULLs inside or too many dimensions
intarray | 1.5 | intarray_push_elem(integer[], integer) | integer[] | $libdir/_int:intarray_push_elem | fis-- | faultable | an array of integers; raises for NULLs inside or too many dimensions
intarray | 1.5 | intset(integer) | integer[] | $libdir/_int:intset | fis-- | faultable | an array of integers; raises for NULLs inside or too many dimensions
intarray | 1.5 | intset_subtract(integer[], integer[]) | integer[] | $libdir/_int:intset_subtract | fis-- | faultable | an array of integers; raises for NULLs inside or too many dimensions
intarray | 1.5 | intset_union_elem(integer[], integer) | integer[] | $libdir/_int:intset_union_elem | fis-- | faultable | an array of integers; raises for NULLs inside or too many dimensions
intarray | 1.5 | querytree(query_int) | text | $libdir/_int:querytree | fis-- | faultable | an array of integers; raises for NULLs inside or too many dimensions
intarray | 1.5 | rboolop(query_int, integer[]) | boolean | $libdir/_int:rboolop | fis-- | faultable | an array of integers; raises for NULLs inside or too many dimensions
intarray | 1.5 | sort(integer[]) | integer[] | $libdir/_int:sort | fis-- | faultable | an array of integers; raises for NULLs inside or too many dimensions
intarray | 1.5 | sort(integer[], text) | integer[] | $libdir/_int:sort | fis-- | faultable | an array of integers; raises for NULLs inside or too many dimensions
intarray | 1.5 | sort_asc(integer[]) | integer[] | $libdir/_int:sort_asc | fis-- | faultable | an array of integers; raises for NULLs inside or too many dimensions
intarray | 1.5 | sort_desc(integer[]) | integer[] | $libdir/_int:sort_desc | fis-- | faultable | an array of integers; raises for NULLs inside or too many dimensions
intarray | 1.5 | subarray(integer[], integer) | integer[] | $libdir/_int:subarray | fis-- | faultable | an array of integers; raises for NULLs inside or too many dimensions
intarray | 1.5 | subarray(integer[], integer, integer) | integer[] | $libdir/_int:subarray | fis-- | faultable | an array of integers; raises for NULLs inside or too many dimensions
intarray | 1.5 | uniq(integer[]) | integer[] | $libdir/_int:uniq | fis-- | faultable | an array of integers; raises for NULLs inside or too many dimensions
isn | 1.2 1.3 | btean13cmp(ean13, ean13) | integer | internal:btint8cmp | fis-- | total | compares eight bytes
isn | 1.2 1.3 | btean13cmp(ean13, isbn) | integer | internal:btint8cmp | fis-- | total | compares eight bytes
isn | 1.2 1.3 | btean13cmp(ean13, isbn13) | integer | internal:btint8cmp | fis-- | total | compares eight bytes
isn | 1.2 1.3 | btean13cmp(ean13, ismn) | integer | internal:btint8cmp | fis-- | total | compares eight bytes
isn | 1.2 1.3 | btean13cmp(ean13, ismn13) | integer | internal:btint8cmp | fis-- | total | compares eight bytes
isn | 1.2 1.3 | btean13cmp(ean13, issn) | integer | internal:btint8cmp | fis-- | total | compares eight bytes
isn | 1.2 1.3 | btean13cmp(ean13, issn13) | integer | internal:btint8cmp | fis-- | total | compares eight bytes
isn | 1.2 1.3 | btean13cmp(ean13, upc) | integer | internal:btint8cmp | fis-- | total | compares eight bytes
isn | 1.2 1.3 | btisbn13cmp(isbn13, ean13) | integer | internal:btint8cmp | fis-- | total | compares eight bytes
isn | 1.2 1.3 | btisbn13cmp(isbn13, isbn) | integer | internal:btint8cmp | fis-- | total | compares eight bytes
isn | 1.2 1.3 | btisbn13cmp(isbn13, isbn13) | integer | internal:btint8cmp | fis-- | total | compares eight bytes
isn | 1.2 1.3 | btisbncmp(isbn, ean13) | integer | internal:btint8cmp | fis-- | total | compares eight bytes
isn | 1.2 1.3 | btisbncmp(isbn, isbn) | integer | internal:btint8cmp | fis-- | total | compares eight bytes
isn | 1.2 1.3 | btisbncmp(isbn, isbn13) | integer | internal:btint8cmp | fis-- | total | compares eight bytes
isn | 1.2 1.3 | btismn13cmp(ismn13, ean13) | integer | internal:btint8cmp | fis-- | total | compares eight bytes
isn | 1.2 1.3 | btismn13cmp(ismn13, ismn) | integer | internal:btint8cmp | fis-- | total | compares eight bytes
isn | 1.2 1.3 | btismn13cmp(ismn13, ismn13) | integer | internal:btint8cmp | fis-- | total | compares eight bytes
isn | 1.2 1.3 | btismncmp(ismn, ean13) | integer | internal:btint8cmp | fis-- | total | compares eight bytes
isn | 1.2 1.3 | btismncmp(ismn, ismn) | integer | internal:btint8cmp | fis-- | total | compares eight bytes
isn | 1.2 1.3 | btismncmp(ismn, ismn13) | integer | internal:btint8cmp | fis-- | total | compares eight bytes
isn | 1.2 1.3 | btissn13cmp(issn13, ean13) | integer | internal:btint8cmp | fis-- | total | compares eight bytes
isn | 1.2 1.3 | btissn13cmp(issn13, issn) | integer | internal:btint8cmp | fis-- | total | compares eight bytes
isn | 1.2 1.3 | btissn13cmp(issn13, issn13) | integer | internal:btint8cmp | fis-- | total | compares eight bytes
isn | 1.2 1.3 | btissncmp(issn, ean13) | integer | internal:btint8cmp | fis-- | total | compares eight bytes
isn | 1.2 1.3 | btissncmp(issn, issn) | integer | internal:btint8cmp | fis-- | total | compares eight bytes
isn | 1.2 1.3 | btissncmp(issn, issn13) | integer | internal:btint8cmp | fis-- | total | compares eight bytes
isn | 1.2 1.3 | btupccmp(upc, ean13) | integer | internal:btint8cmp | fis-- | total | compares eight bytes
isn | 1.2 1.3 | btupccmp(upc, upc) | integer | internal:btint8cmp | fis-- | total | compares eight bytes
isn | 1.2 1.3 | hashean13(ean13) | integer | internal:hashint8 | fis-- | total | a hash of eight bytes
isn | 1.2 1.3 | hashisbn(isbn) | integer | internal:hashint8 | fis-- | total | a hash of eight bytes
isn | 1.2 1.3 | hashisbn13(isbn13) | integer | internal:hashint8 | fis-- | total | a hash of eight bytes
isn | 1.2 1.3 | hashismn(ismn) | integer | internal:hashint8 | fis-- | total | a hash of eight bytes
isn | 1.2 1.3 | hashismn13(ismn13) | integer | internal:hashint8 | fis-- | total | a hash of eight bytes
isn | 1.2 1.3 | hashissn(issn) | integer | internal:hashint8 | fis-- | total | a hash of eight bytes
isn | 1.2 1.3 | hashissn13(issn13) | integer | internal:hashint8 | fis-- | total | a hash of eight bytes
isn | 1.2 1.3 | hashupc(upc) | integer | internal:hashint8 | fis-- | total | a hash of eight bytes
isn | 1.2 1.3 | is_valid(ean13) | boolean | $libdir/isn:is_valid | fis-- | faultable | checks or turns one number into another, which may not fit
isn | 1.2 1.3 | is_valid(isbn) | boolean | $libdir/isn:is_valid | fis-- | faultable | checks or turns one number into another, which may not fit
isn | 1.2 1.3 | is_valid(isbn13) | boolean | $libdir/isn:is_valid | fis-- | faultable | checks or turns one number into another, which may not fit
isn | 1.2 1.3 | is_valid(ismn) | boolean | $libdir/isn:is_valid | fis-- | faultable | checks or turns one number into another, which may not fit
isn | 1.2 1.3 | is_valid(ismn13) | boolean | $libdir/isn:is_valid | fis-- | faultable | checks or turns one number into another, which may not fit
isn | 1.2 1.3 | is_valid(issn) | boolean | $libdir/isn:is_valid | fis-- | faultable | checks or turns one number into another, which may not fit
isn | 1.2 1.3 | is_valid(issn13) | boolean | $libdir/isn:is_valid | fis-- | faultable | checks or turns one number into another, which may not fit
isn | 1.2 1.3 | is_valid(upc) | boolean | $libdir/isn:is_valid | fis-- | faultable | checks or turns one number into another, which may not fit
isn | 1.2 1.3 | isbn(ean13) | isbn | $libdir/isn:isbn_cast_from_ean13 | fis-- | faultable | checks or turns one number into another, which may not fit
isn | 1.2 1.3 | isbn13(ean13) | isbn13 | $libdir/isn:isbn_cast_from_ean13 | fis-- | faultable | checks or turns one number into another, which may not fit
isn | 1.2 1.3 | ismn(ean13) | ismn | $libdir/isn:ismn_cast_from_ean13 | fis-- | faultable | checks or turns one number into another, which may not fit
isn | 1.2 1.3 | ismn13(ean13) | ismn13 | $libdir/isn:ismn_cast_from_ean13 | fis-- | faultable | checks or turns one number into another, which may not fit
isn | 1.2 1.3 | isneq(ean13, ean13) | boolean | internal:int8eq | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isneq(ean13, isbn) | boolean | internal:int8eq | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isneq(ean13, isbn13) | boolean | internal:int8eq | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isneq(ean13, ismn) | boolean | internal:int8eq | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isneq(ean13, ismn13) | boolean | internal:int8eq | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isneq(ean13, issn) | boolean | internal:int8eq | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isneq(ean13, issn13) | boolean | internal:int8eq | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isneq(ean13, upc) | boolean | internal:int8eq | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isneq(isbn, ean13) | boolean | internal:int8eq | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isneq(isbn, isbn) | boolean | internal:int8eq | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isneq(isbn, isbn13) | boolean | internal:int8eq | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isneq(isbn13, ean13) | boolean | internal:int8eq | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isneq(isbn13, isbn) | boolean | internal:int8eq | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isneq(isbn13, isbn13) | boolean | internal:int8eq | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isneq(ismn, ean13) | boolean | internal:int8eq | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isneq(ismn, ismn) | boolean | internal:int8eq | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isneq(ismn, ismn13) | boolean | internal:int8eq | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isneq(ismn13, ean13) | boolean | internal:int8eq | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isneq(ismn13, ismn) | boolean | internal:int8eq | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isneq(ismn13, ismn13) | boolean | internal:int8eq | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isneq(issn, ean13) | boolean | internal:int8eq | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isneq(issn, issn) | boolean | internal:int8eq | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isneq(issn, issn13) | boolean | internal:int8eq | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isneq(issn13, ean13) | boolean | internal:int8eq | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isneq(issn13, issn) | boolean | internal:int8eq | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isneq(issn13, issn13) | boolean | internal:int8eq | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isneq(upc, ean13) | boolean | internal:int8eq | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isneq(upc, upc) | boolean | internal:int8eq | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnge(ean13, ean13) | boolean | internal:int8ge | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnge(ean13, isbn) | boolean | internal:int8ge | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnge(ean13, isbn13) | boolean | internal:int8ge | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnge(ean13, ismn) | boolean | internal:int8ge | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnge(ean13, ismn13) | boolean | internal:int8ge | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnge(ean13, issn) | boolean | internal:int8ge | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnge(ean13, issn13) | boolean | internal:int8ge | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnge(ean13, upc) | boolean | internal:int8ge | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnge(isbn, ean13) | boolean | internal:int8ge | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnge(isbn, isbn) | boolean | internal:int8ge | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnge(isbn, isbn13) | boolean | internal:int8ge | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnge(isbn13, ean13) | boolean | internal:int8ge | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnge(isbn13, isbn) | boolean | internal:int8ge | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnge(isbn13, isbn13) | boolean | internal:int8ge | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnge(ismn, ean13) | boolean | internal:int8ge | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnge(ismn, ismn) | boolean | internal:int8ge | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnge(ismn, ismn13) | boolean | internal:int8ge | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnge(ismn13, ean13) | boolean | internal:int8ge | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnge(ismn13, ismn) | boolean | internal:int8ge | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnge(ismn13, ismn13) | boolean | internal:int8ge | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnge(issn, ean13) | boolean | internal:int8ge | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnge(issn, issn) | boolean | internal:int8ge | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnge(issn, issn13) | boolean | internal:int8ge | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnge(issn13, ean13) | boolean | internal:int8ge | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnge(issn13, issn) | boolean | internal:int8ge | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnge(issn13, issn13) | boolean | internal:int8ge | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnge(upc, ean13) | boolean | internal:int8ge | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnge(upc, upc) | boolean | internal:int8ge | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isngt(ean13, ean13) | boolean | internal:int8gt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isngt(ean13, isbn) | boolean | internal:int8gt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isngt(ean13, isbn13) | boolean | internal:int8gt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isngt(ean13, ismn) | boolean | internal:int8gt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isngt(ean13, ismn13) | boolean | internal:int8gt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isngt(ean13, issn) | boolean | internal:int8gt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isngt(ean13, issn13) | boolean | internal:int8gt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isngt(ean13, upc) | boolean | internal:int8gt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isngt(isbn, ean13) | boolean | internal:int8gt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isngt(isbn, isbn) | boolean | internal:int8gt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isngt(isbn, isbn13) | boolean | internal:int8gt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isngt(isbn13, ean13) | boolean | internal:int8gt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isngt(isbn13, isbn) | boolean | internal:int8gt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isngt(isbn13, isbn13) | boolean | internal:int8gt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isngt(ismn, ean13) | boolean | internal:int8gt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isngt(ismn, ismn) | boolean | internal:int8gt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isngt(ismn, ismn13) | boolean | internal:int8gt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isngt(ismn13, ean13) | boolean | internal:int8gt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isngt(ismn13, ismn) | boolean | internal:int8gt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isngt(ismn13, ismn13) | boolean | internal:int8gt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isngt(issn, ean13) | boolean | internal:int8gt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isngt(issn, issn) | boolean | internal:int8gt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isngt(issn, issn13) | boolean | internal:int8gt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isngt(issn13, ean13) | boolean | internal:int8gt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isngt(issn13, issn) | boolean | internal:int8gt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isngt(issn13, issn13) | boolean | internal:int8gt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isngt(upc, ean13) | boolean | internal:int8gt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isngt(upc, upc) | boolean | internal:int8gt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnle(ean13, ean13) | boolean | internal:int8le | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnle(ean13, isbn) | boolean | internal:int8le | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnle(ean13, isbn13) | boolean | internal:int8le | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnle(ean13, ismn) | boolean | internal:int8le | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnle(ean13, ismn13) | boolean | internal:int8le | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnle(ean13, issn) | boolean | internal:int8le | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnle(ean13, issn13) | boolean | internal:int8le | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnle(ean13, upc) | boolean | internal:int8le | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnle(isbn, ean13) | boolean | internal:int8le | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnle(isbn, isbn) | boolean | internal:int8le | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnle(isbn, isbn13) | boolean | internal:int8le | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnle(isbn13, ean13) | boolean | internal:int8le | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnle(isbn13, isbn) | boolean | internal:int8le | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnle(isbn13, isbn13) | boolean | internal:int8le | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnle(ismn, ean13) | boolean | internal:int8le | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnle(ismn, ismn) | boolean | internal:int8le | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnle(ismn, ismn13) | boolean | internal:int8le | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnle(ismn13, ean13) | boolean | internal:int8le | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnle(ismn13, ismn) | boolean | internal:int8le | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnle(ismn13, ismn13) | boolean | internal:int8le | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnle(issn, ean13) | boolean | internal:int8le | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnle(issn, issn) | boolean | internal:int8le | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnle(issn, issn13) | boolean | internal:int8le | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnle(issn13, ean13) | boolean | internal:int8le | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnle(issn13, issn) | boolean | internal:int8le | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnle(issn13, issn13) | boolean | internal:int8le | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnle(upc, ean13) | boolean | internal:int8le | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnle(upc, upc) | boolean | internal:int8le | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnlt(ean13, ean13) | boolean | internal:int8lt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnlt(ean13, isbn) | boolean | internal:int8lt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnlt(ean13, isbn13) | boolean | internal:int8lt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnlt(ean13, ismn) | boolean | internal:int8lt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnlt(ean13, ismn13) | boolean | internal:int8lt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnlt(ean13, issn) | boolean | internal:int8lt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnlt(ean13, issn13) | boolean | internal:int8lt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnlt(ean13, upc) | boolean | internal:int8lt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnlt(isbn, ean13) | boolean | internal:int8lt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnlt(isbn, isbn) | boolean | internal:int8lt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnlt(isbn, isbn13) | boolean | internal:int8lt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnlt(isbn13, ean13) | boolean | internal:int8lt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnlt(isbn13, isbn) | boolean | internal:int8lt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnlt(isbn13, isbn13) | boolean | internal:int8lt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnlt(ismn, ean13) | boolean | internal:int8lt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnlt(ismn, ismn) | boolean | internal:int8lt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnlt(ismn, ismn13) | boolean | internal:int8lt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnlt(ismn13, ean13) | boolean | internal:int8lt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnlt(ismn13, ismn) | boolean | internal:int8lt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnlt(ismn13, ismn13) | boolean | internal:int8lt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnlt(issn, ean13) | boolean | internal:int8lt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnlt(issn, issn) | boolean | internal:int8lt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnlt(issn, issn13) | boolean | internal:int8lt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnlt(issn13, ean13) | boolean | internal:int8lt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnlt(issn13, issn) | boolean | internal:int8lt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnlt(issn13, issn13) | boolean | internal:int8lt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnlt(upc, ean13) | boolean | internal:int8lt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnlt(upc, upc) | boolean | internal:int8lt | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnne(ean13, ean13) | boolean | internal:int8ne | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnne(ean13, isbn) | boolean | internal:int8ne | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnne(ean13, isbn13) | boolean | internal:int8ne | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnne(ean13, ismn) | boolean | internal:int8ne | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnne(ean13, ismn13) | boolean | internal:int8ne | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnne(ean13, issn) | boolean | internal:int8ne | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnne(ean13, issn13) | boolean | internal:int8ne | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnne(ean13, upc) | boolean | internal:int8ne | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnne(isbn, ean13) | boolean | internal:int8ne | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnne(isbn, isbn) | boolean | internal:int8ne | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnne(isbn, isbn13) | boolean | internal:int8ne | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnne(isbn13, ean13) | boolean | internal:int8ne | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnne(isbn13, isbn) | boolean | internal:int8ne | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnne(isbn13, isbn13) | boolean | internal:int8ne | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnne(ismn, ean13) | boolean | internal:int8ne | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnne(ismn, ismn) | boolean | internal:int8ne | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnne(ismn, ismn13) | boolean | internal:int8ne | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnne(ismn13, ean13) | boolean | internal:int8ne | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnne(ismn13, ismn) | boolean | internal:int8ne | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnne(ismn13, ismn13) | boolean | internal:int8ne | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnne(issn, ean13) | boolean | internal:int8ne | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnne(issn, issn) | boolean | internal:int8ne | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnne(issn, issn13) | boolean | internal:int8ne | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnne(issn13, ean13) | boolean | internal:int8ne | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnne(issn13, issn) | boolean | internal:int8ne | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnne(issn13, issn13) | boolean | internal:int8ne | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnne(upc, ean13) | boolean | internal:int8ne | fis-- | total | compares eight bytes
isn | 1.2 1.3 | isnne(upc, upc) | boolean | internal:int8ne | fis-- | total | compares eight bytes
isn | 1.2 1.3 | issn(ean13) | issn | $libdir/isn:issn_cast_from_ean13 | fis-- | faultable | checks or turns one number into another, which may not fit
isn | 1.2 1.3 | issn13(ean13) | issn13 | $libdir/isn:issn_cast_from_ean13 | fis-- | faultable | checks or turns one number into another, which may not fit
isn | 1.2 1.3 | make_valid(ean13) | ean13 | $libdir/isn:make_valid | fis-- | faultable | checks or turns one number into another, which may not fit
isn | 1.2 1.3 | make_valid(isbn) | isbn | $libdir/isn:make_valid | fis-- | faultable | checks or turns one number into another, which may not fit
isn | 1.2 1.3 | make_valid(isbn13) | isbn13 | $libdir/isn:make_valid | fis-- | faultable | checks or turns one number into another, which may not fit
isn | 1.2 1.3 | make_valid(ismn) | ismn | $libdir/isn:make_valid | fis-- | faultable | checks or turns one number into another, which may not fit
isn | 1.2 1.3 | make_valid(ismn13) | ismn13 | $libdir/isn:make_valid | fis-- | faultable | checks or turns one number into another, which may not fit
isn | 1.2 1.3 | make_valid(issn) | issn | $libdir/isn:make_valid | fis-- | faultable | checks or turns one number into another, which may not fit
isn | 1.2 1.3 | make_valid(issn13) | issn13 | $libdir/isn:make_valid | fis-- | faultable | checks or turns one number into another, which may not fit
isn | 1.2 1.3 | make_valid(upc) | upc | $libdir/isn:make_valid | fis-- | faultable | checks or turns one number into another, which may not fit
isn | 1.2 1.3 | upc(ean13) | upc | $libdir/isn:upc_cast_from_ean13 | fis-- | faultable | checks or turns one number into another, which may not fit
isn | 1.2 | isn_weak() | boolean | $libdir/isn:weak_input_status | fis-- | faultable | a setting of the session
isn | 1.2 | isn_weak(boolean) | boolean | $libdir/isn:accept_weak_input | fis-- | refused | stores a value in the session
isn | 1.3 | isn_weak() | boolean | $libdir/isn:weak_input_status | fss-- | faultable | a setting of the session
isn | 1.3 | isn_weak(boolean) | boolean | $libdir/isn:accept_weak_input | fvs-- | refused | stores a value in the session
ltree | 1.2 1.3 | _lt_q_regex(ltree[], lquery[]) | boolean | $libdir/ltree:_lt_q_regex | fis-- | faultable | a path that may be too long, or a position outside it
ltree | 1.2 1.3 | _lt_q_rregex(lquery[], ltree[]) | boolean | $libdir/ltree:_lt_q_rregex | fis-- | faultable | a path that may be too long, or a position outside it
ltree | 1.2 1.3 | _ltq_extract_regex(ltree[], lquery) | ltree | $libdir/ltree:_ltq_extract_regex | fis-- | faultable | a path that may be too long, or a position outside it
ltree | 1.2 1.3 | _ltq_regex(ltree[], lquery) | boolean | $libdir/ltree:_ltq_regex | fis-- | faultable | a path that may be too long, or a position outside it
ltree | 1.2 1.3 | _ltq_rregex(lquery, ltree[]) | boolean | $libdir/ltree:_ltq_rregex | fis-- | faultable | a path that may be too long, or a position outside it
ltree | 1.2 1.3 | _ltree_extract_isparent(ltree[], ltree) | ltree | $libdir/ltree:_ltree_extract_isparent | fis-- | faultable | a path that may be too long, or a position outside it
ltree | 1.2 1.3 | _ltree_extract_risparent(ltree[], ltree) | ltree | $libdir/ltree:_ltree_extract_risparent | fis-- | faultable | a path that may be too long, or a position outside it
ltree | 1.2 1.3 | _ltree_isparent(ltree[], ltree) | boolean | $libdir/ltree:_ltree_isparent | fis-- | faultable | a path that may be too long, or a position outside it
ltree | 1.2 1.3 | _ltree_r_isparent(ltree, ltree[]) | boolean | $libdir/ltree:_ltree_r_isparent | fis-- | faultable | a path that may be too long, or a position outside it
ltree | 1.2 1.3 | _ltree_r_risparent(ltree, ltree[]) | boolean | $libdir/ltree:_ltree_r_risparent | fis-- | faultable | a path that may be too long, or a position outside it
ltree | 1.2 1.3 | _ltree_risparent(ltree[], ltree) | boolean | $libdir/ltree:_ltree_risparent | fis-- | faultable | a path that may be too long, or a position outside it
ltree | 1.2 1.3 | _ltxtq_exec(ltree[], ltxtquery) | boolean | $libdir/ltree:_ltxtq_exec | fis-- | faultable | a path that may be too long, or a position outside it
ltree | 1.2 1.3 | _ltxtq_extract_exec(ltree[], ltxtquery) | ltree | $libdir/ltree:_ltxtq_extract_exec | fis-- | faultable | a path that may be too long, or a position outside it
ltree | 1.2 1.3 | _ltxtq_rexec(ltxtquery, ltree[]) | boolean | $libdir/ltree:_ltxtq_rexec | fis-- | faultable | a path that may be too long, or a position outside it
ltree | 1.2 1.3 | index(ltree, ltree) | integer | $libdir/ltree:ltree_index | fis-- | faultable | a path that may be too long, or a position outside it
ltree | 1.2 1.3 | index(ltree, ltree, integer) | integer | $libdir/ltree:ltree_index | fis-- | faultable | a path that may be too long, or a position outside it
ltree | 1.2 1.3 | lca(ltree, ltree) | ltree | $libdir/ltree:lca | fis-- | faultable | a path that may be too long, or a position outside it
ltree | 1.2 1.3 | lca(ltree, ltree, ltree) | ltree | $libdir/ltree:lca | fis-- | faultable | a path that may be too long, or a position outside it
ltree | 1.2 1.3 | lca(ltree, ltree, ltree, ltree) | ltree | $libdir/ltree:lca | fis-- | faultable | a path that may be too long, or a position outside it
ltree | 1.2 1.3 | lca(ltree, ltree, ltree, ltree, ltree) | ltree | $libdir/ltree:lca | fis-- | faultable | a path that may be too long, or a position outside it
ltree | 1.2 1.3 | lca(ltree, ltree, ltree, ltree, ltree, ltree) | ltree | $libdir/ltree:lca | fis-- | faultable | a path that may be too long, or a position outside it
ltree | 1.2 1.3 | lca(ltree, ltree, ltree, ltree, ltree, ltree, ltree) | ltree | $libdir/ltree:lca | fis-- | faultable | a path that may be too long, or a position outside it
ltree | 1.2 1.3 | lca(ltree, ltree, ltree, ltree, ltree, ltree, ltree, ltree) | ltree | $libdir/ltree:lca | fis-- | faultable | a path that may be too long, or a position outside it
ltree | 1.2 1.3 | lca(ltree[]) | ltree | $libdir/ltree:_lca | fis-- | faultable | a path that may be too long, or a position outside it
ltree | 1.2 1.3 | lquery_send(lquery) | bytea | $libdir/ltree:lquery_send | fis-- | faultable | a path that may be too long, or a position outside it
ltree | 1.2 1.3 | lt_q_regex(ltree, lquery[]) | boolean | $libdir/ltree:lt_q_regex | fis-- | faultable | a path that may be too long, or a position outside it
ltree | 1.2 1.3 | lt_q_rregex(lquery[], ltree) | boolean | $libdir/ltree:lt_q_rregex | fis-- | faultable | a path that may be too long, or a position outside it
ltree | 1.2 1.3 | ltq_regex(ltree, lquery) | boolean | $libdir/ltree:ltq_regex | fis-- | faultable | a path that may be too long, or a position outside it
ltree | 1.2 1.3 | ltq_rregex(lquery, ltree) | boolean | $libdir/ltree:ltq_rregex | fis-- | faultable | a path that may be too long, or a position outside it
ltree | 1.2 1.3 | ltree2text(ltree) | text | $libdir/ltree:ltree2text | fis-- | total | measures, compares or prints a path
ltree | 1.2 1.3 | ltree_addltree(ltree, ltree) | ltree | $libdir/ltree:ltree_addltree | fis-- | faultable | a path that may be too long, or a position outside it
ltree | 1.2 1.3 | ltree_addtext(ltree, text) | ltree | $libdir/ltree:ltree_addtext | fis-- | faultable | a path that may be too long, or a position outside it
ltree | 1.2 1.3 | ltree_cmp(ltree, ltree) | integer | $libdir/ltree:ltree_cmp | fis-- | total | compares two values; the collation is settled before any row
ltree | 1.2 1.3 | ltree_eq(ltree, ltree) | boolean | $libdir/ltree:ltree_eq | fis-- | total | compares two values; the collation is settled before any row
ltree | 1.2 1.3 | ltree_ge(ltree, ltree) | boolean | $libdir/ltree:ltree_ge | fis-- | total | compares two values; the collation is settled before any row
ltree | 1.2 1.3 | ltree_gt(ltree, ltree) | boolean | $libdir/ltree:ltree_gt | fis-- | total | compares two values; the collation is settled before any row
ltree | 1.2 1.3 | ltree_isparent(ltree, ltree) | boolean | $libdir/ltree:ltree_isparent | fis-- | total | measures, compares or prints a path
ltree | 1.2 1.3 | ltree_le(ltree, ltree) | boolean | $libdir/ltree:ltree_le | fis-- | total | compares two values; the collation is settled before any row
ltree | 1.2 1.3 | ltree_lt(ltree, ltree) | boolean | $libdir/ltree:ltree_lt | fis-- | total | compares two values; the collation is settled before any row
ltree | 1.2 1.3 | ltree_ne(ltree, ltree) | boolean | $libdir/ltree:ltree_ne | fis-- | total | compares two values; the collation is settled before any row
ltree | 1.2 1.3 | ltree_risparent(ltree, ltree) | boolean | $libdir/ltree:ltree_risparent | fis-- | total | measures, compares or prints a path
ltree | 1.2 1.3 | ltree_send(ltree) | bytea | $libdir/ltree:ltree_send | fis-- | faultable | a path that may be too long, or a position outside it
ltree | 1.2 1.3 | ltree_textadd(text, ltree) | ltree | $libdir/ltree:ltree_textadd | fis-- | faultable | a path that may be too long, or a position outside it
ltree | 1.2 1.3 | ltxtq_exec(ltree, ltxtquery) | boolean | $libdir/ltree:ltxtq_exec | fis-- | faultable | a path that may be too long, or a position outside it
ltree | 1.2 1.3 | ltxtq_rexec(ltxtquery, ltree) | boolean | $libdir/ltree:ltxtq_rexec | fis-- | faultable | a path that may be too long, or a position outside it
ltree | 1.2 1.3 | ltxtq_send(ltxtquery) | bytea | $libdir/ltree:ltxtq_send | fis-- | faultable | a path that may be too long, or a position outside it
ltree | 1.2 1.3 | nlevel(ltree) | integer | $libdir/ltree:nlevel | fis-- | total | measures, compares or prints a path
ltree | 1.2 1.3 | subltree(ltree, integer, integer) | ltree | $libdir/ltree:subltree | fis-- | faultable | a path that may be too long, or a position outside it
ltree | 1.2 1.3 | subpath(ltree, integer) | ltree | $libdir/ltree:subpath | fis-- | faultable | a path that may be too long, or a position outside it
ltree | 1.2 1.3 | subpath(ltree, integer, integer) | ltree | $libdir/ltree:subpath | fis-- | faultable | a path that may be too long, or a position outside it
ltree | 1.2 1.3 | text2ltree(text) | ltree | $libdir/ltree:text2ltree | fis-- | faultable | a path that may be too long, or a position outside it
ltree | 1.3 | hash_ltree(ltree) | integer | $libdir/ltree:hash_ltree | fis-- | total | a hash, for indexes and joins
ltree | 1.3 | hash_ltree_extended(ltree, bigint) | bigint | $libdir/ltree:hash_ltree_extended | fis-- | total | a hash, for indexes and joins
pg_trgm | 1.6 | set_limit(real) | real | $libdir/pg_trgm:set_limit | fvs-- | refused | stores a value in the session
pg_trgm | 1.6 | show_limit() | real | $libdir/pg_trgm:show_limit | fss-- | faultable | a setting of the session
pg_trgm | 1.6 | show_trgm(text) | text[] | $libdir/pg_trgm:show_trgm | fis-- | faultable | compares trigrams; may run out of memory
pg_trgm | 1.6 | similarity(text, text) | real | $libdir/pg_trgm:similarity | fis-- | faultable | compares trigrams; may run out of memory
pg_trgm | 1.6 | similarity_dist(text, text) | real | $libdir/pg_trgm:similarity_dist | fis-- | faultable | compares trigrams; may run out of memory
pg_trgm | 1.6 | similarity_op(text, text) | boolean | $libdir/pg_trgm:similarity_op | fss-- | faultable | compares trigrams; may run out of memory
pg_trgm | 1.6 | strict_word_similarity(text, text) | real | $libdir/pg_trgm:strict_word_similarity | fis-- | faultable | compares trigrams; may run out of memory
pg_trgm | 1.6 | strict_word_similarity_commutator_op(text, text) | boolean | $libdir/pg_trgm:strict_word_similarity_commutator_op | fss-- | faultable | compares trigrams; may run out of memory
pg_trgm | 1.6 | strict_word_similarity_dist_commutator_op(text, text) | real | $libdir/pg_trgm:strict_word_similarity_dist_commutator_op | fis-- | faultable | compares trigrams; may run out of memory
pg_trgm | 1.6 | strict_word_similarity_dist_op(text, text) | real | $libdir/pg_trgm:strict_word_similarity_dist_op | fis-- | faultable | compares trigrams; may run out of memory
pg_trgm | 1.6 | strict_word_similarity_op(text, text) | boolean | $libdir/pg_trgm:strict_word_similarity_op | fss-- | faultable | compares trigrams; may run out of memory
pg_trgm | 1.6 | word_similarity(text, text) | real | $libdir/pg_trgm:word_similarity | fis-- | faultable | compares trigrams; may run out of memory
pg_trgm | 1.6 | word_similarity_commutator_op(text, text) | boolean | $libdir/pg_trgm:word_similarity_commutator_op | fss-- | faultable | compares trigrams; may run out of memory
pg_trgm | 1.6 | word_similarity_dist_commutator_op(text, text) | real | $libdir/pg_trgm:word_similarity_dist_commutator_op | fis-- | faultable | compares trigrams; may run out of memory
pg_trgm | 1.6 | word_similarity_dist_op(text, text) | real | $libdir/pg_trgm:word_similarity_dist_op | fis-- | faultable | compares trigrams; may run out of memory
pg_trgm | 1.6 | word_similarity_op(text, text) | boolean | $libdir/pg_trgm:word_similarity_op | fss-- | faultable | compares trigrams; may run out of memory
pgcrypto | 1.3 1.4 | armor(bytea) | text | $libdir/pgcrypto:pg_armor | fis-- | faultable | the algorithm, key or message may be wrong
pgcrypto | 1.3 1.4 | armor(bytea, text[], text[]) | text | $libdir/pgcrypto:pg_armor | fis-- | faultable | the algorithm, key or message may be wrong
pgcrypto | 1.3 1.4 | crypt(text, text) | text | $libdir/pgcrypto:pg_crypt | fis-- | faultable | the algorithm, key or message may be wrong
pgcrypto | 1.3 1.4 | dearmor(text) | bytea | $libdir/pgcrypto:pg_dearmor | fis-- | faultable | the algorithm, key or message may be wrong
pgcrypto | 1.3 1.4 | decrypt(bytea, bytea, text) | bytea | $libdir/pgcrypto:pg_decrypt | fis-- | faultable | the algorithm, key or message may be wrong
pgcrypto | 1.3 1.4 | decrypt_iv(bytea, bytea, bytea, text) | bytea | $libdir/pgcrypto:pg_decrypt_iv | fis-- | faultable | the algorithm, key or message may be wrong
pgcrypto | 1.3 1.4 | digest(bytea, text) | bytea | $libdir/pgcrypto:pg_digest | fis-- | faultable | the algorithm, key or message may be wrong
pgcrypto | 1.3 1.4 | digest(text, text) | bytea | $libdir/pgcrypto:pg_digest | fis-- | faultable | the algorithm, key or message may be wrong
pgcrypto | 1.3 1.4 | encrypt(bytea, bytea, text) | bytea | $libdir/pgcrypto:pg_encrypt | fis-- | faultable | the algorithm, key or message may be wrong
pgcrypto | 1.3 1.4 | encrypt_iv(bytea, bytea, bytea, text) | bytea | $libdir/pgcrypto:pg_encrypt_iv | fis-- | faultable | the algorithm, key or message may be wrong
pgcrypto | 1.3 1.4 | gen_random_bytes(integer) | bytea | $libdir/pgcrypto:pg_random_bytes | fvs-- | faultable | the algorithm, key or message may be wrong
pgcrypto | 1.3 1.4 | gen_random_uuid() | uuid | $libdir/pgcrypto:pg_random_uuid | fv--- | faultable | the algorithm, key or message may be wrong
pgcrypto | 1.3 1.4 | gen_salt(text) | text | $libdir/pgcrypto:pg_gen_salt | fvs-- | faultable | the algorithm, key or message may be wrong
pgcrypto | 1.3 1.4 | gen_salt(text, integer) | text | $libdir/pgcrypto:pg_gen_salt_rounds | fvs-- | faultable | the algorithm, key or message may be wrong
pgcrypto | 1.3 1.4 | hmac(bytea, bytea, text) | bytea | $libdir/pgcrypto:pg_hmac | fis-- | faultable | the algorithm, key or message may be wrong
pgcrypto | 1.3 1.4 | hmac(text, text, text) | bytea | $libdir/pgcrypto:pg_hmac | fis-- | faultable | the algorithm, key or message may be wrong
pgcrypto | 1.3 1.4 | pgp_armor_headers(text) | record | $libdir/pgcrypto:pgp_armor_headers | fisr- | faultable | the algorithm, key or message may be wrong
pgcrypto | 1.3 1.4 | pgp_key_id(bytea) | text | $libdir/pgcrypto:pgp_key_id_w | fis-- | faultable | the algorithm, key or message may be wrong
pgcrypto | 1.3 1.4 | pgp_pub_decrypt(bytea, bytea) | text | $libdir/pgcrypto:pgp_pub_decrypt_text | fis-- | faultable | the algorithm, key or message may be wrong
pgcrypto | 1.3 1.4 | pgp_pub_decrypt(bytea, bytea, text) | text | $libdir/pgcrypto:pgp_pub_decrypt_text | fis-- | faultable | the algorithm, key or message may be wrong
pgcrypto | 1.3 1.4 | pgp_pub_decrypt(bytea, bytea, text, text) | text | $libdir/pgcrypto:pgp_pub_decrypt_text | fis-- | faultable | the algorithm, key or message may be wrong
pgcrypto | 1.3 1.4 | pgp_pub_decrypt_bytea(bytea, bytea) | bytea | $libdir/pgcrypto:pgp_pub_decrypt_bytea | fis-- | faultable | the algorithm, key or message may be wrong
pgcrypto | 1.3 1.4 | pgp_pub_decrypt_bytea(bytea, bytea, text) | bytea | $libdir/pgcrypto:pgp_pub_decrypt_bytea | fis-- | faultable | the algorithm, key or message may be wrong
pgcrypto | 1.3 1.4 | pgp_pub_decrypt_bytea(bytea, bytea, text, text) | bytea | $libdir/pgcrypto:pgp_pub_decrypt_bytea | fis-- | faultable | the algorithm, key or message may be wrong
pgcrypto | 1.3 1.4 | pgp_pub_encrypt(text, bytea) | bytea | $libdir/pgcrypto:pgp_pub_encrypt_text | fvs-- | faultable | the algorithm, key or message may be wrong
pgcrypto | 1.3 1.4 | pgp_pub_encrypt(text, bytea, text) | bytea | $libdir/pgcrypto:pgp_pub_encrypt_text | fvs-- | faultable | the algorithm, key or message may be wrong
pgcrypto | 1.3 1.4 | pgp_pub_encrypt_bytea(bytea, bytea) | bytea | $libdir/pgcrypto:pgp_pub_encrypt_bytea | fvs-- | faultable | the algorithm, key or message may be wrong
pgcrypto | 1.3 1.4 | pgp_pub_encrypt_bytea(bytea, bytea, text) | bytea | $libdir/pgcrypto:pgp_pub_encrypt_bytea | fvs-- | faultable | the algorithm, key or message may be wrong
pgcrypto | 1.3 1.4 | pgp_sym_decrypt(bytea, text) | text | $libdir/pgcrypto:pgp_sym_decrypt_text | fis-- | faultable | the algorithm, key or message may be wrong
pgcrypto | 1.3 1.4 | pgp_sym_decrypt(bytea, text, text) | text | $libdir/pgcrypto:pgp_sym_decrypt_text | fis-- | faultable | the algorithm, key or message may be wrong
pgcrypto | 1.3 1.4 | pgp_sym_decrypt_bytea(bytea, text) | bytea | $libdir/pgcrypto:pgp_sym_decrypt_bytea | fis-- | faultable | the algorithm, key or message may be wrong
pgcrypto | 1.3 1.4 | pgp_sym_decrypt_bytea(bytea, text, text) | bytea | $libdir/pgcrypto:pgp_sym_decrypt_bytea | fis-- | faultable | the algorithm, key or message may be wrong
pgcrypto | 1.3 1.4 | pgp_sym_encrypt(text, text) | bytea | $libdir/pgcrypto:pgp_sym_encrypt_text | fvs-- | faultable | the algorithm, key or message may be wrong
pgcrypto | 1.3 1.4 | pgp_sym_encrypt(text, text, text) | bytea | $libdir/pgcrypto:pgp_sym_encrypt_text | fvs-- | faultable | the algorithm, key or message may be wrong
pgcrypto | 1.3 1.4 | pgp_sym_encrypt_bytea(bytea, text) | bytea | $libdir/pgcrypto:pgp_sym_encrypt_bytea | fvs-- | faultable | the algorithm, key or message may be wrong
pgcrypto | 1.3 1.4 | pgp_sym_encrypt_bytea(bytea, text, text) | bytea | $libdir/pgcrypto:pgp_sym_encrypt_bytea | fvs-- | faultable | the algorithm, key or message may be wrong
pgcrypto | 1.4 | fips_mode() | boolean | $libdir/pgcrypto:pg_check_fipsmode | fvs-- | faultable | the algorithm, key or message may be wrong
seg | 1.4 | seg_center(seg) | real | $libdir/seg:seg_center | fis-- | faultable | intervals of floats
seg | 1.4 | seg_cmp(seg, seg) | integer | $libdir/seg:seg_cmp | fis-- | total | compares two values; the collation is settled before any row
seg | 1.4 | seg_contained(seg, seg) | boolean | $libdir/seg:seg_contained | fis-- | faultable | intervals of floats
seg | 1.4 | seg_contains(seg, seg) | boolean | $libdir/seg:seg_contains | fis-- | faultable | intervals of floats
seg | 1.4 | seg_different(seg, seg) | boolean | $libdir/seg:seg_different | fis-- | total | compares two values; the collation is settled before any row
seg | 1.4 | seg_ge(seg, seg) | boolean | $libdir/seg:seg_ge | fis-- | total | compares two values; the collation is settled before any row
seg | 1.4 | seg_gt(seg, seg) | boolean | $libdir/seg:seg_gt | fis-- | total | compares two values; the collation is settled before any row
seg | 1.4 | seg_inter(seg, seg) | seg | $libdir/seg:seg_inter | fis-- | faultable | intervals of floats
seg | 1.4 | seg_le(seg, seg) | boolean | $libdir/seg:seg_le | fis-- | total | compares two values; the collation is settled before any row
seg | 1.4 | seg_left(seg, seg) | boolean | $libdir/seg:seg_left | fis-- | faultable | intervals of floats
seg | 1.4 | seg_lower(seg) | real | $libdir/seg:seg_lower | fis-- | faultable | intervals of floats
seg | 1.4 | seg_lt(seg, seg) | boolean | $libdir/seg:seg_lt | fis-- | total | compares two values; the collation is settled before any row
seg | 1.4 | seg_over_left(seg, seg) | boolean | $libdir/seg:seg_over_left | fis-- | faultable | intervals of floats
seg | 1.4 | seg_over_right(seg, seg) | boolean | $libdir/seg:seg_over_right | fis-- | faultable | intervals of floats
seg | 1.4 | seg_overlap(seg, seg) | boolean | $libdir/seg:seg_overlap | fis-- | faultable | intervals of floats
seg | 1.4 | seg_right(seg, seg) | boolean | $libdir/seg:seg_right | fis-- | faultable | intervals of floats
seg | 1.4 | seg_same(seg, seg) | boolean | $libdir/seg:seg_same | fis-- | total | compares two values; the collation is settled before any row
seg | 1.4 | seg_size(seg) | real | $libdir/seg:seg_size | fis-- | faultable | intervals of floats
seg | 1.4 | seg_union(seg, seg) | seg | $libdir/seg:seg_union | fis-- | faultable | intervals of floats
seg | 1.4 | seg_upper(seg) | real | $libdir/seg:seg_upper | fis-- | faultable | intervals of floats
tablefunc | 1.0 | connectby(text, text, text, text, integer) | record | $libdir/tablefunc:connectby_text | fssr- | refused | reads a table by name
tablefunc | 1.0 | connectby(text, text, text, text, integer, text) | record | $libdir/tablefunc:connectby_text | fssr- | refused | reads a table by name
tablefunc | 1.0 | connectby(text, text, text, text, text, integer) | record | $libdir/tablefunc:connectby_text_serial | fssr- | refused | reads a table by name
tablefunc | 1.0 | connectby(text, text, text, text, text, integer, text) | record | $libdir/tablefunc:connectby_text_serial | fssr- | refused | reads a table by name
tablefunc | 1.0 | crosstab(text) | record | $libdir/tablefunc:crosstab | fssr- | query-text | runs queries given as text
tablefunc | 1.0 | crosstab(text, integer) | record | $libdir/tablefunc:crosstab | fssr- | query-text | runs queries given as text
tablefunc | 1.0 | crosstab(text, text) | record | $libdir/tablefunc:crosstab_hash | fssr- | query-text | runs queries given as text
tablefunc | 1.0 | crosstab2(text) | tablefunc_crosstab_2 | $libdir/tablefunc:crosstab | fssr- | query-text | runs queries given as text
tablefunc | 1.0 | crosstab3(text) | tablefunc_crosstab_3 | $libdir/tablefunc:crosstab | fssr- | query-text | runs queries given as text
tablefunc | 1.0 | crosstab4(text) | tablefunc_crosstab_4 | $libdir/tablefunc:crosstab | fssr- | query-text | runs queries given as text
tablefunc | 1.0 | normal_rand(integer, double precision, double precision) | double precision | $libdir/tablefunc:normal_rand | fvsr- | faultable | random numbers; a negative count raises
unaccent | 1.1 | unaccent(regdictionary, text) | text | $libdir/unaccent:unaccent_dict | fss-- | faultable | a dictionary of the server
unaccent | 1.1 | unaccent(text) | text | $libdir/unaccent:unaccent_dict | fss-- | faultable | a dictionary of the server
uuid-ossp | 1.1 | uuid_generate_v1() | uuid | $libdir/uuid-ossp:uuid_generate_v1 | fvs-- | faultable | makes an identifier
uuid-ossp | 1.1 | uuid_generate_v1mc() | uuid | $libdir/uuid-ossp:uuid_generate_v1mc | fvs-- | faultable | makes an identifier
uuid-ossp | 1.1 | uuid_generate_v3(uuid, text) | uuid | $libdir/uuid-ossp:uuid_generate_v3 | fis-- | faultable | makes an identifier
uuid-ossp | 1.1 | uuid_generate_v4() | uuid | $libdir/uuid-ossp:uuid_generate_v4 | fvs-- | faultable | makes an identifier
uuid-ossp | 1.1 | uuid_generate_v5(uuid, text) | uuid | $libdir/uuid-ossp:uuid_generate_v5 | fis-- | faultable | makes an identifier
uuid-ossp | 1.1 | uuid_nil() | uuid | $libdir/uuid-ossp:uuid_nil | fis-- | faultable | makes an identifier
uuid-ossp | 1.1 | uuid_ns_dns() | uuid | $libdir/uuid-ossp:uuid_ns_dns | fis-- | faultable | makes an identifier
uuid-ossp | 1.1 | uuid_ns_oid() | uuid | $libdir/uuid-ossp:uuid_ns_oid | fis-- | faultable | makes an identifier
uuid-ossp | 1.1 | uuid_ns_url() | uuid | $libdir/uuid-ossp:uuid_ns_url | fis-- | faultable | makes an identifier
uuid-ossp | 1.1 | uuid_ns_x500() | uuid | $libdir/uuid-ossp:uuid_ns_x500 | fis-- | faultable | makes an identifier
`;
