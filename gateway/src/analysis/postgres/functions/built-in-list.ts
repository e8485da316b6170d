/**
 * The judgement of every function that PostgreSQL 14 to 18 ship in pg_catalog: one line each, by OID, which is the same
 * on every server of a version. A function without a line for its version is refused.
 *
 * `OID | versions | signature | result | flags | class | condition | why`
 *
 * The first five columns come from pg_proc: `node test/functions/write-built-ins.ts` writes them, keeps the judgements,
 * and adds what is new as `refused | | not reviewed yet`. Flags: kind (f function, a aggregate, w window), volatility
 * (i, s, v), s strict, r returns a set, p has a planner support function. The classes and conditions are told in
 * built-in.ts. `test/integration/functions-built-in.test.ts` holds the list against real servers.
 */
export const BUILT_IN_LIST = String.raw`
3 | 14-18 | heap_tableam_handler(internal) | table_am_handler | fvs-- | refused |  | takes or gives a value of the server's own memory
31 | 14-18 | byteaout(bytea) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
33 | 14-18 | charout("char") | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
34 | 14-18 | namein(cstring) | name | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
35 | 14-18 | nameout(name) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
38 | 14-18 | int2in(cstring) | smallint | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
39 | 14-18 | int2out(smallint) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
40 | 14-18 | int2vectorin(cstring) | int2vector | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
41 | 14-18 | int2vectorout(int2vector) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
42 | 14-18 | int4in(cstring) | integer | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
43 | 14-18 | int4out(integer) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
44 | 14-18 | regprocin(cstring) | regproc | fss-- | refused |  | input function: the server calls it for casts, which are judged as casts
45 | 14-18 | regprocout(regproc) | cstring | fss-- | refused |  | output function: the server calls it for casts, which are judged as casts
46 | 14-18 | textin(cstring) | text | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
47 | 14-18 | textout(text) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
48 | 14-18 | tidin(cstring) | tid | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
49 | 14-18 | tidout(tid) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
50 | 14-18 | xidin(cstring) | xid | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
51 | 14-18 | xidout(xid) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
52 | 14-18 | cidin(cstring) | cid | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
53 | 14-18 | cidout(cid) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
54 | 14-18 | oidvectorin(cstring) | oidvector | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
55 | 14-18 | oidvectorout(oidvector) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
56 | 14-18 | boollt(boolean, boolean) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
57 | 14-18 | boolgt(boolean, boolean) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
60 | 14-18 | booleq(boolean, boolean) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
61 | 14-18 | chareq("char", "char") | boolean | fis-- | total |  | compares two values; the collation is settled before any row
62 | 14-18 | nameeq(name, name) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
63 | 14-18 | int2eq(smallint, smallint) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
64 | 14-18 | int2lt(smallint, smallint) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
65 | 14-18 | int4eq(integer, integer) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
66 | 14-18 | int4lt(integer, integer) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
67 | 14-18 | texteq(text, text) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
68 | 14-18 | xideq(xid, xid) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
69 | 14-18 | cideq(cid, cid) | boolean | fis-- | faultable |  | compares two values
70 | 14-18 | charne("char", "char") | boolean | fis-- | total |  | compares two values; the collation is settled before any row
72 | 14-18 | charle("char", "char") | boolean | fis-- | total |  | compares two values; the collation is settled before any row
73 | 14-18 | chargt("char", "char") | boolean | fis-- | total |  | compares two values; the collation is settled before any row
74 | 14-18 | charge("char", "char") | boolean | fis-- | total |  | compares two values; the collation is settled before any row
77 | 14-18 | int4("char") | integer | fis-- | faultable |  | may overflow, divide by zero or leave its domain
78 | 14-18 | char(integer) | "char" | fis-- | faultable |  | may overflow, divide by zero or leave its domain
79 | 14-18 | nameregexeq(name, text) | boolean | fis-p | faultable |  | the pattern may be invalid, or too costly
84 | 14-18 | boolne(boolean, boolean) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
86 | 14-18 | pg_ddl_command_in(cstring) | pg_ddl_command | fis-- | refused |  | part of a language, of DDL or of an access method
87 | 14-18 | pg_ddl_command_out(pg_ddl_command) | cstring | fis-- | refused |  | part of a language, of DDL or of an access method
88 | 14-18 | pg_ddl_command_recv(internal) | pg_ddl_command | fis-- | refused |  | takes or gives a value of the server's own memory
89 | 14-18 | version() | text | fss-- | faultable |  | the session, its transaction or the state of the server; no stored value
90 | 14-18 | pg_ddl_command_send(pg_ddl_command) | bytea | fis-- | refused |  | part of a language, of DDL or of an access method
101 | 14-18 | eqsel(internal, oid, internal, integer) | double precision | fss-- | refused |  | takes or gives a value of the server's own memory
102 | 14-18 | neqsel(internal, oid, internal, integer) | double precision | fss-- | refused |  | takes or gives a value of the server's own memory
103 | 14-18 | scalarltsel(internal, oid, internal, integer) | double precision | fss-- | refused |  | takes or gives a value of the server's own memory
104 | 14-18 | scalargtsel(internal, oid, internal, integer) | double precision | fss-- | refused |  | takes or gives a value of the server's own memory
105 | 14-18 | eqjoinsel(internal, oid, internal, smallint, internal) | double precision | fss-- | refused |  | takes or gives a value of the server's own memory
106 | 14-18 | neqjoinsel(internal, oid, internal, smallint, internal) | double precision | fss-- | refused |  | takes or gives a value of the server's own memory
107 | 14-18 | scalarltjoinsel(internal, oid, internal, smallint, internal) | double precision | fss-- | refused |  | takes or gives a value of the server's own memory
108 | 14-18 | scalargtjoinsel(internal, oid, internal, smallint, internal) | double precision | fss-- | refused |  | takes or gives a value of the server's own memory
109 | 14-18 | unknownin(cstring) | unknown | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
110 | 14-18 | unknownout(unknown) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
115 | 14-18 | box_above_eq(box, box) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
116 | 14-18 | box_below_eq(box, box) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
117 | 14-18 | point_in(cstring) | point | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
118 | 14-18 | point_out(point) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
119 | 14-18 | lseg_in(cstring) | lseg | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
120 | 14-18 | lseg_out(lseg) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
121 | 14-18 | path_in(cstring) | path | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
122 | 14-18 | path_out(path) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
123 | 14-18 | box_in(cstring) | box | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
124 | 14-18 | box_out(box) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
125 | 14-18 | box_overlap(box, box) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
126 | 14-18 | box_ge(box, box) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
127 | 14-18 | box_gt(box, box) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
128 | 14-18 | box_eq(box, box) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
129 | 14-18 | box_lt(box, box) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
130 | 14-18 | box_le(box, box) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
131 | 14-18 | point_above(point, point) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
132 | 14-18 | point_left(point, point) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
133 | 14-18 | point_right(point, point) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
134 | 14-18 | point_below(point, point) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
135 | 14-18 | point_eq(point, point) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
136 | 14-18 | on_pb(point, box) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
137 | 14-18 | on_ppath(point, path) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
138 | 14-18 | box_center(box) | point | fis-- | faultable |  | geometry: may overflow or divide by zero
139 | 14-18 | areasel(internal, oid, internal, integer) | double precision | fss-- | refused |  | takes or gives a value of the server's own memory
140 | 14-18 | areajoinsel(internal, oid, internal, smallint, internal) | double precision | fss-- | refused |  | takes or gives a value of the server's own memory
141 | 14-18 | int4mul(integer, integer) | integer | fis-- | total | numbers@0 | raises by how large numbers are: see walk/integer-range.ts
144 | 14-18 | int4ne(integer, integer) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
145 | 14-18 | int2ne(smallint, smallint) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
146 | 14-18 | int2gt(smallint, smallint) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
147 | 14-18 | int4gt(integer, integer) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
148 | 14-18 | int2le(smallint, smallint) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
149 | 14-18 | int4le(integer, integer) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
150 | 14-18 | int4ge(integer, integer) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
151 | 14-18 | int2ge(smallint, smallint) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
152 | 14-18 | int2mul(smallint, smallint) | smallint | fis-- | total | numbers@0 | raises by how large numbers are: see walk/integer-range.ts
153 | 14-18 | int2div(smallint, smallint) | smallint | fis-- | total | divisor@1 | raises for a divisor of zero or minus one
154 | 14-18 | int4div(integer, integer) | integer | fis-- | total | divisor@1 | raises for a divisor of zero or minus one
155 | 14-18 | int2mod(smallint, smallint) | smallint | fis-- | total | divisor@1 | raises for a divisor of zero or minus one
156 | 14-18 | int4mod(integer, integer) | integer | fis-- | total | divisor@1 | raises for a divisor of zero or minus one
157 | 14-18 | textne(text, text) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
158 | 14-18 | int24eq(smallint, integer) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
159 | 14-18 | int42eq(integer, smallint) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
160 | 14-18 | int24lt(smallint, integer) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
161 | 14-18 | int42lt(integer, smallint) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
162 | 14-18 | int24gt(smallint, integer) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
163 | 14-18 | int42gt(integer, smallint) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
164 | 14-18 | int24ne(smallint, integer) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
165 | 14-18 | int42ne(integer, smallint) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
166 | 14-18 | int24le(smallint, integer) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
167 | 14-18 | int42le(integer, smallint) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
168 | 14-18 | int24ge(smallint, integer) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
169 | 14-18 | int42ge(integer, smallint) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
170 | 14-18 | int24mul(smallint, integer) | integer | fis-- | total | numbers@0 | raises by how large numbers are: see walk/integer-range.ts
171 | 14-18 | int42mul(integer, smallint) | integer | fis-- | total | numbers@0 | raises by how large numbers are: see walk/integer-range.ts
172 | 14-18 | int24div(smallint, integer) | integer | fis-- | total | divisor@1 | raises for a divisor of zero or minus one
173 | 14-18 | int42div(integer, smallint) | integer | fis-- | total | divisor@1 | raises for a divisor of zero or minus one
176 | 14-18 | int2pl(smallint, smallint) | smallint | fis-- | total | numbers@0 | raises by how large numbers are: see walk/integer-range.ts
177 | 14-18 | int4pl(integer, integer) | integer | fis-- | total | numbers@0 | raises by how large numbers are: see walk/integer-range.ts
178 | 14-18 | int24pl(smallint, integer) | integer | fis-- | total | numbers@0 | raises by how large numbers are: see walk/integer-range.ts
179 | 14-18 | int42pl(integer, smallint) | integer | fis-- | total | numbers@0 | raises by how large numbers are: see walk/integer-range.ts
180 | 14-18 | int2mi(smallint, smallint) | smallint | fis-- | total | numbers@0 | raises by how large numbers are: see walk/integer-range.ts
181 | 14-18 | int4mi(integer, integer) | integer | fis-- | total | numbers@0 | raises by how large numbers are: see walk/integer-range.ts
182 | 14-18 | int24mi(smallint, integer) | integer | fis-- | total | numbers@0 | raises by how large numbers are: see walk/integer-range.ts
183 | 14-18 | int42mi(integer, smallint) | integer | fis-- | total | numbers@0 | raises by how large numbers are: see walk/integer-range.ts
184 | 14-18 | oideq(oid, oid) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
185 | 14-18 | oidne(oid, oid) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
186 | 14-18 | box_same(box, box) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
187 | 14-18 | box_contain(box, box) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
188 | 14-18 | box_left(box, box) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
189 | 14-18 | box_overleft(box, box) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
190 | 14-18 | box_overright(box, box) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
191 | 14-18 | box_right(box, box) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
192 | 14-18 | box_contained(box, box) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
193 | 14-18 | box_contain_pt(box, point) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
195 | 14-18 | pg_node_tree_in(cstring) | pg_node_tree | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
196 | 14-18 | pg_node_tree_out(pg_node_tree) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
197 | 14-18 | pg_node_tree_recv(internal) | pg_node_tree | fss-- | refused |  | takes or gives a value of the server's own memory
198 | 14-18 | pg_node_tree_send(pg_node_tree) | bytea | fss-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
200 | 14-18 | float4in(cstring) | real | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
201 | 14-18 | float4out(real) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
202 | 14-18 | float4mul(real, real) | real | fis-- | faultable |  | may overflow, divide by zero or leave its domain
203 | 14-18 | float4div(real, real) | real | fis-- | faultable |  | may overflow, divide by zero or leave its domain
204 | 14-18 | float4pl(real, real) | real | fis-- | faultable |  | may overflow, divide by zero or leave its domain
205 | 14-18 | float4mi(real, real) | real | fis-- | faultable |  | may overflow, divide by zero or leave its domain
206 | 14-18 | float4um(real) | real | fis-- | total |  | stays within its type
207 | 14-18 | float4abs(real) | real | fis-- | total |  | stays within its type
208 | 14-18 | float4_accum(double precision[], real) | double precision[] | fis-- | faultable |  | a step of an aggregate: raises for a state that is none, or outside aggregates
209 | 14-18 | float4larger(real, real) | real | fis-- | total |  | keeps one of two values
211 | 14-18 | float4smaller(real, real) | real | fis-- | total |  | keeps one of two values
212 | 14-18 | int4um(integer) | integer | fis-- | total | numbers@0 | raises by how large numbers are: see walk/integer-range.ts
213 | 14-18 | int2um(smallint) | smallint | fis-- | total | numbers@0 | raises by how large numbers are: see walk/integer-range.ts
214 | 14-18 | float8in(cstring) | double precision | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
215 | 14-18 | float8out(double precision) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
216 | 14-18 | float8mul(double precision, double precision) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
217 | 14-18 | float8div(double precision, double precision) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
218 | 14-18 | float8pl(double precision, double precision) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
219 | 14-18 | float8mi(double precision, double precision) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
220 | 14-18 | float8um(double precision) | double precision | fis-- | total |  | stays within its type
221 | 14-18 | float8abs(double precision) | double precision | fis-- | total |  | stays within its type
222 | 14-18 | float8_accum(double precision[], double precision) | double precision[] | fis-- | faultable |  | a step of an aggregate: raises for a state that is none, or outside aggregates
223 | 14-18 | float8larger(double precision, double precision) | double precision | fis-- | total |  | keeps one of two values
224 | 14-18 | float8smaller(double precision, double precision) | double precision | fis-- | total |  | keeps one of two values
225 | 14-18 | lseg_center(lseg) | point | fis-- | faultable |  | geometry: may overflow or divide by zero
226 | 14 | path_center(path) | point | fis-- | faultable |  | never implemented: always raises
227 | 14-18 | poly_center(polygon) | point | fis-- | faultable |  | geometry: may overflow or divide by zero
228 | 14-18 | dround(double precision) | double precision | fis-- | total |  | stays within its type
229 | 14-18 | dtrunc(double precision) | double precision | fis-- | total |  | stays within its type
230 | 14-18 | dsqrt(double precision) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
231 | 14-18 | dcbrt(double precision) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
232 | 14-18 | dpow(double precision, double precision) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
233 | 14-18 | dexp(double precision) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
234 | 14-18 | dlog1(double precision) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
235 | 14-18 | float8(smallint) | double precision | fis-- | total |  | a cast into a wider type, or one that cuts
236 | 14-18 | float4(smallint) | real | fis-- | total |  | a cast into a wider type, or one that cuts
237 | 14-18 | int2(double precision) | smallint | fis-- | faultable |  | may overflow, divide by zero or leave its domain
238 | 14-18 | int2(real) | smallint | fis-- | faultable |  | may overflow, divide by zero or leave its domain
239 | 14-18 | line_distance(line, line) | double precision | fis-- | faultable |  | geometry: may overflow or divide by zero
240 | 14-18 | nameeqtext(name, text) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
241 | 14-18 | namelttext(name, text) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
242 | 14-18 | nameletext(name, text) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
243 | 14-18 | namegetext(name, text) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
244 | 14-18 | namegttext(name, text) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
245 | 14-18 | namenetext(name, text) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
246 | 14-18 | btnametextcmp(name, text) | integer | fis-- | faultable |  | compares two values, as indexes do
247 | 14-18 | texteqname(text, name) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
248 | 14-18 | textltname(text, name) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
249 | 14-18 | textlename(text, name) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
250 | 14-18 | textgename(text, name) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
251 | 14-18 | textgtname(text, name) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
252 | 14-18 | textnename(text, name) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
253 | 14-18 | bttextnamecmp(text, name) | integer | fis-- | faultable |  | compares two values, as indexes do
266 | 14-18 | nameconcatoid(name, oid) | name | fis-- | faultable |  | text that may not fit, or is not what it should be
267 | 14-18 | table_am_handler_in(cstring) | table_am_handler | fi--- | refused |  | part of a language, of DDL or of an access method
268 | 14-18 | table_am_handler_out(table_am_handler) | cstring | fis-- | refused |  | part of a language, of DDL or of an access method
274 | 14-18 | timeofday() | text | fvs-- | faultable |  | clock and time zone; results may be out of range
275 | 14-18 | pg_nextoid(regclass, name, regclass) | oid | fvs-- | refused |  | controls other sessions, statistics or the server
276 | 14-18 | float8_combine(double precision[], double precision[]) | double precision[] | fis-- | faultable |  | a step of an aggregate: raises for a state that is none, or outside aggregates
277 | 14-18 | inter_sl(lseg, line) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
278 | 14-18 | inter_lb(line, box) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
279 | 14-18 | float48mul(real, double precision) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
280 | 14-18 | float48div(real, double precision) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
281 | 14-18 | float48pl(real, double precision) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
282 | 14-18 | float48mi(real, double precision) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
283 | 14-18 | float84mul(double precision, real) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
284 | 14-18 | float84div(double precision, real) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
285 | 14-18 | float84pl(double precision, real) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
286 | 14-18 | float84mi(double precision, real) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
287 | 14-18 | float4eq(real, real) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
288 | 14-18 | float4ne(real, real) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
289 | 14-18 | float4lt(real, real) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
290 | 14-18 | float4le(real, real) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
291 | 14-18 | float4gt(real, real) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
292 | 14-18 | float4ge(real, real) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
293 | 14-18 | float8eq(double precision, double precision) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
294 | 14-18 | float8ne(double precision, double precision) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
295 | 14-18 | float8lt(double precision, double precision) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
296 | 14-18 | float8le(double precision, double precision) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
297 | 14-18 | float8gt(double precision, double precision) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
298 | 14-18 | float8ge(double precision, double precision) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
299 | 14-18 | float48eq(real, double precision) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
300 | 14-18 | float48ne(real, double precision) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
301 | 14-18 | float48lt(real, double precision) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
302 | 14-18 | float48le(real, double precision) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
303 | 14-18 | float48gt(real, double precision) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
304 | 14-18 | float48ge(real, double precision) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
305 | 14-18 | float84eq(double precision, real) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
306 | 14-18 | float84ne(double precision, real) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
307 | 14-18 | float84lt(double precision, real) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
308 | 14-18 | float84le(double precision, real) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
309 | 14-18 | float84gt(double precision, real) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
310 | 14-18 | float84ge(double precision, real) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
311 | 14-18 | float8(real) | double precision | fis-- | total |  | a cast into a wider type, or one that cuts
312 | 14-18 | float4(double precision) | real | fis-- | faultable |  | may overflow, divide by zero or leave its domain
313 | 14-18 | int4(smallint) | integer | fis-- | total |  | a cast into a wider type, or one that cuts
314 | 14-18 | int2(integer) | smallint | fis-- | total | numbers@0 | raises by how large numbers are: see walk/integer-range.ts
315 | 14-18 | pg_jit_available() | boolean | fvs-- | faultable |  | the session, its transaction or the state of the server; no stored value
316 | 14-18 | float8(integer) | double precision | fis-- | total |  | a cast into a wider type, or one that cuts
317 | 14-18 | int4(double precision) | integer | fis-- | total | numbers@0 | raises by how large numbers are: see walk/integer-range.ts
318 | 14-18 | float4(integer) | real | fis-- | total |  | a cast into a wider type, or one that cuts
319 | 14-18 | int4(real) | integer | fis-- | faultable |  | may overflow, divide by zero or leave its domain
320 | 14-18 | width_bucket(double precision, double precision, double precision, integer) | integer | fis-- | faultable |  | shapes may not fit, or grow too large
321 | 14-18 | json_in(cstring) | json | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
322 | 14-18 | json_out(json) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
323 | 14-18 | json_recv(internal) | json | fis-- | refused |  | takes or gives a value of the server's own memory
324 | 14-18 | json_send(json) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
326 | 14-18 | index_am_handler_in(cstring) | index_am_handler | fi--- | refused |  | part of a language, of DDL or of an access method
327 | 14-18 | index_am_handler_out(index_am_handler) | cstring | fis-- | refused |  | part of a language, of DDL or of an access method
328 | 14-18 | hashmacaddr8(macaddr8) | integer | fis-- | faultable |  | a hash; needs a hash function for the type
329 | 14-18 | hash_aclitem(aclitem) | integer | fis-- | faultable |  | a hash; needs a hash function for the type
330 | 14-18 | bthandler(internal) | index_am_handler | fvs-- | refused |  | takes or gives a value of the server's own memory
331 | 14-18 | hashhandler(internal) | index_am_handler | fvs-- | refused |  | takes or gives a value of the server's own memory
332 | 14-18 | gisthandler(internal) | index_am_handler | fvs-- | refused |  | takes or gives a value of the server's own memory
333 | 14-18 | ginhandler(internal) | index_am_handler | fvs-- | refused |  | takes or gives a value of the server's own memory
334 | 14-18 | spghandler(internal) | index_am_handler | fvs-- | refused |  | takes or gives a value of the server's own memory
335 | 14-18 | brinhandler(internal) | index_am_handler | fvs-- | refused |  | takes or gives a value of the server's own memory
336 | 14-18 | scalarlesel(internal, oid, internal, integer) | double precision | fss-- | refused |  | takes or gives a value of the server's own memory
337 | 14-18 | scalargesel(internal, oid, internal, integer) | double precision | fss-- | refused |  | takes or gives a value of the server's own memory
338 | 14-18 | amvalidate(oid) | boolean | fvs-- | refused |  | validates definitions; called by DDL
339 | 14-18 | poly_same(polygon, polygon) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
340 | 14-18 | poly_contain(polygon, polygon) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
341 | 14-18 | poly_left(polygon, polygon) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
342 | 14-18 | poly_overleft(polygon, polygon) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
343 | 14-18 | poly_overright(polygon, polygon) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
344 | 14-18 | poly_right(polygon, polygon) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
345 | 14-18 | poly_contained(polygon, polygon) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
346 | 14-18 | poly_overlap(polygon, polygon) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
347 | 14-18 | poly_in(cstring) | polygon | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
348 | 14-18 | poly_out(polygon) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
350 | 14-18 | btint2cmp(smallint, smallint) | integer | fis-- | faultable |  | compares two values, as indexes do
351 | 14-18 | btint4cmp(integer, integer) | integer | fis-- | faultable |  | compares two values, as indexes do
354 | 14-18 | btfloat4cmp(real, real) | integer | fis-- | faultable |  | compares two values, as indexes do
355 | 14-18 | btfloat8cmp(double precision, double precision) | integer | fis-- | faultable |  | compares two values, as indexes do
356 | 14-18 | btoidcmp(oid, oid) | integer | fis-- | faultable |  | compares two values, as indexes do
357 | 14-18 | dist_bp(box, point) | double precision | fis-- | faultable |  | geometry: may overflow or divide by zero
358 | 14-18 | btcharcmp("char", "char") | integer | fis-- | faultable |  | compares two values, as indexes do
359 | 14-18 | btnamecmp(name, name) | integer | fis-- | faultable |  | compares two values, as indexes do
360 | 14-18 | bttextcmp(text, text) | integer | fis-- | faultable |  | compares two values, as indexes do
361 | 14-18 | lseg_distance(lseg, lseg) | double precision | fis-- | faultable |  | geometry: may overflow or divide by zero
362 | 14-18 | lseg_interpt(lseg, lseg) | point | fis-- | faultable |  | geometry: may overflow or divide by zero
363 | 14-18 | dist_ps(point, lseg) | double precision | fis-- | faultable |  | geometry: may overflow or divide by zero
364 | 14-18 | dist_pb(point, box) | double precision | fis-- | faultable |  | geometry: may overflow or divide by zero
365 | 14-18 | dist_sb(lseg, box) | double precision | fis-- | faultable |  | geometry: may overflow or divide by zero
366 | 14-18 | close_ps(point, lseg) | point | fis-- | faultable |  | geometry: may overflow or divide by zero
367 | 14-18 | close_pb(point, box) | point | fis-- | faultable |  | geometry: may overflow or divide by zero
368 | 14-18 | close_sb(lseg, box) | point | fis-- | faultable |  | geometry: may overflow or divide by zero
369 | 14-18 | on_ps(point, lseg) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
370 | 14-18 | path_distance(path, path) | double precision | fis-- | faultable |  | geometry: may overflow or divide by zero
371 | 14-18 | dist_ppath(point, path) | double precision | fis-- | faultable |  | geometry: may overflow or divide by zero
372 | 14-18 | on_sb(lseg, box) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
373 | 14-18 | inter_sb(lseg, box) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
376 | 14-18 | string_to_array(text, text, text) | text[] | fi--- | total |  | cuts, changes or measures a text within its own length
377 | 14-18 | cash_cmp(money, money) | integer | fis-- | total |  | compares two values; the collation is settled before any row
378 | 14-17 | array_append(anycompatiblearray, anycompatible) | anycompatiblearray | fi--- | faultable |  | shapes may not fit, or grow too large
378 | 18 | array_append(anycompatiblearray, anycompatible) | anycompatiblearray | fi--p | faultable |  | shapes may not fit, or grow too large
379 | 14-17 | array_prepend(anycompatible, anycompatiblearray) | anycompatiblearray | fi--- | faultable |  | shapes may not fit, or grow too large
379 | 18 | array_prepend(anycompatible, anycompatiblearray) | anycompatiblearray | fi--p | faultable |  | shapes may not fit, or grow too large
380 | 14-18 | dist_sp(lseg, point) | double precision | fis-- | faultable |  | geometry: may overflow or divide by zero
381 | 14-18 | dist_bs(box, lseg) | double precision | fis-- | faultable |  | geometry: may overflow or divide by zero
382 | 14-18 | btarraycmp(anyarray, anyarray) | integer | fis-- | faultable |  | compares two values, as indexes do
383 | 14-18 | array_cat(anycompatiblearray, anycompatiblearray) | anycompatiblearray | fi--- | faultable |  | shapes may not fit, or grow too large
384 | 14-18 | array_to_string(anyarray, text, text) | text | fs--- | total |  | makes a longer text
386 | 14-18 | scalarlejoinsel(internal, oid, internal, smallint, internal) | double precision | fss-- | refused |  | takes or gives a value of the server's own memory
390 | 14-18 | array_ne(anyarray, anyarray) | boolean | fis-- | total | plain-arrays@0 | compares elements; raises for elements that cannot be compared
391 | 14-18 | array_lt(anyarray, anyarray) | boolean | fis-- | total | plain-arrays@0 | compares elements; raises for elements that cannot be compared
392 | 14-18 | array_gt(anyarray, anyarray) | boolean | fis-- | total | plain-arrays@0 | compares elements; raises for elements that cannot be compared
393 | 14-18 | array_le(anyarray, anyarray) | boolean | fis-- | total | plain-arrays@0 | compares elements; raises for elements that cannot be compared
394 | 14-18 | string_to_array(text, text) | text[] | fi--- | total |  | cuts, changes or measures a text within its own length
395 | 14-18 | array_to_string(anyarray, text) | text | fss-- | total |  | makes a longer text
396 | 14-18 | array_ge(anyarray, anyarray) | boolean | fis-- | total | plain-arrays@0 | compares elements; raises for elements that cannot be compared
398 | 14-18 | scalargejoinsel(internal, oid, internal, smallint, internal) | double precision | fss-- | refused |  | takes or gives a value of the server's own memory
399 | 14-18 | hashmacaddr(macaddr) | integer | fis-- | faultable |  | a hash; needs a hash function for the type
400 | 14-18 | hashtext(text) | integer | fis-- | total |  | defined for every value
401 | 14-18 | text(character) | text | fis-- | total |  | a cast into a wider type, or one that cuts
404 | 14-18 | btoidvectorcmp(oidvector, oidvector) | integer | fis-- | faultable |  | compares two values, as indexes do
406 | 14-18 | text(name) | text | fis-- | total |  | a cast into a wider type, or one that cuts
407 | 14-18 | name(text) | name | fis-- | total |  | a cast into a wider type, or one that cuts
408 | 14-18 | bpchar(name) | character | fis-- | total |  | a cast into a wider type, or one that cuts
409 | 14-18 | name(character) | name | fis-- | total |  | a cast into a wider type, or one that cuts
421 | 14-18 | dist_pathp(path, point) | double precision | fis-- | faultable |  | geometry: may overflow or divide by zero
422 | 14-18 | hashinet(inet) | integer | fis-- | faultable |  | a hash; needs a hash function for the type
425 | 14-18 | hashint4extended(integer, bigint) | bigint | fis-- | faultable |  | a hash; needs a hash function for the type
432 | 14-18 | hash_numeric(numeric) | integer | fis-- | total |  | defined for every value
436 | 14-18 | macaddr_in(cstring) | macaddr | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
437 | 14-18 | macaddr_out(macaddr) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
438 | 14-18 | num_nulls("any") | integer | fi--- | total |  | defined for every value
440 | 14-18 | num_nonnulls("any") | integer | fi--- | total |  | defined for every value
441 | 14-18 | hashint2extended(smallint, bigint) | bigint | fis-- | faultable |  | a hash; needs a hash function for the type
442 | 14-18 | hashint8extended(bigint, bigint) | bigint | fis-- | faultable |  | a hash; needs a hash function for the type
443 | 14-18 | hashfloat4extended(real, bigint) | bigint | fis-- | faultable |  | a hash; needs a hash function for the type
444 | 14-18 | hashfloat8extended(double precision, bigint) | bigint | fis-- | faultable |  | a hash; needs a hash function for the type
445 | 14-18 | hashoidextended(oid, bigint) | bigint | fis-- | faultable |  | a hash; needs a hash function for the type
446 | 14-18 | hashcharextended("char", bigint) | bigint | fis-- | faultable |  | a hash; needs a hash function for the type
447 | 14-18 | hashnameextended(name, bigint) | bigint | fis-- | faultable |  | a hash; needs a hash function for the type
448 | 14-18 | hashtextextended(text, bigint) | bigint | fis-- | total |  | defined for every value
449 | 14-18 | hashint2(smallint) | integer | fis-- | total |  | defined for every value
450 | 14-18 | hashint4(integer) | integer | fis-- | total |  | defined for every value
451 | 14-18 | hashfloat4(real) | integer | fis-- | faultable |  | a hash; needs a hash function for the type
452 | 14-18 | hashfloat8(double precision) | integer | fis-- | faultable |  | a hash; needs a hash function for the type
453 | 14-18 | hashoid(oid) | integer | fis-- | faultable |  | a hash; needs a hash function for the type
454 | 14-18 | hashchar("char") | integer | fis-- | faultable |  | a hash; needs a hash function for the type
455 | 14-18 | hashname(name) | integer | fis-- | faultable |  | a hash; needs a hash function for the type
456 | 14-18 | hashvarlena(internal) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
457 | 14-18 | hashoidvector(oidvector) | integer | fis-- | faultable |  | a hash; needs a hash function for the type
458 | 14-18 | text_larger(text, text) | text | fis-- | total |  | keeps one of two values
459 | 14-18 | text_smaller(text, text) | text | fis-- | total |  | keeps one of two values
460 | 14-18 | int8in(cstring) | bigint | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
461 | 14-18 | int8out(bigint) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
462 | 14-18 | int8um(bigint) | bigint | fis-- | total | numbers@0 | raises by how large numbers are: see walk/integer-range.ts
463 | 14-18 | int8pl(bigint, bigint) | bigint | fis-- | total | numbers@0 | raises by how large numbers are: see walk/integer-range.ts
464 | 14-18 | int8mi(bigint, bigint) | bigint | fis-- | total | numbers@0 | raises by how large numbers are: see walk/integer-range.ts
465 | 14-18 | int8mul(bigint, bigint) | bigint | fis-- | total | numbers@0 | raises by how large numbers are: see walk/integer-range.ts
466 | 14-18 | int8div(bigint, bigint) | bigint | fis-- | total | divisor@1 | raises for a divisor of zero or minus one
467 | 14-18 | int8eq(bigint, bigint) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
468 | 14-18 | int8ne(bigint, bigint) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
469 | 14-18 | int8lt(bigint, bigint) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
470 | 14-18 | int8gt(bigint, bigint) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
471 | 14-18 | int8le(bigint, bigint) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
472 | 14-18 | int8ge(bigint, bigint) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
474 | 14-18 | int84eq(bigint, integer) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
475 | 14-18 | int84ne(bigint, integer) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
476 | 14-18 | int84lt(bigint, integer) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
477 | 14-18 | int84gt(bigint, integer) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
478 | 14-18 | int84le(bigint, integer) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
479 | 14-18 | int84ge(bigint, integer) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
480 | 14-18 | int4(bigint) | integer | fis-- | total | numbers@0 | raises by how large numbers are: see walk/integer-range.ts
481 | 14-18 | int8(integer) | bigint | fis-- | total |  | a cast into a wider type, or one that cuts
482 | 14-18 | float8(bigint) | double precision | fis-- | total |  | a cast into a wider type, or one that cuts
483 | 14-18 | int8(double precision) | bigint | fis-- | total | numbers@0 | raises by how large numbers are: see walk/integer-range.ts
515 | 14-18 | array_larger(anyarray, anyarray) | anyarray | fis-- | total | plain-arrays@0 | compares elements; raises for elements that cannot be compared
516 | 14-18 | array_smaller(anyarray, anyarray) | anyarray | fis-- | total | plain-arrays@0 | compares elements; raises for elements that cannot be compared
598 | 14-18 | abbrev(inet) | text | fis-- | total |  | a part or comparison of addresses
599 | 14-18 | abbrev(cidr) | text | fis-- | faultable |  | the address or mask may be out of range
605 | 14-18 | set_masklen(inet, integer) | inet | fis-- | faultable |  | the address or mask may be out of range
619 | 14-18 | oidvectorne(oidvector, oidvector) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
626 | 14-18 | hash_array(anyarray) | integer | fis-- | faultable |  | a hash; needs a hash function for the type
635 | 14-18 | set_masklen(cidr, integer) | cidr | fis-- | faultable |  | the address or mask may be out of range
636 | 14-18 | pg_indexam_has_property(oid, text) | boolean | fss-- | faultable |  | tells definitions; holds no stored value
637 | 14-18 | pg_index_has_property(regclass, text) | boolean | fss-- | faultable |  | tells definitions; holds no stored value
638 | 14-18 | pg_index_column_has_property(regclass, integer, text) | boolean | fss-- | faultable |  | tells definitions; holds no stored value
652 | 14-18 | float4(bigint) | real | fis-- | total |  | a cast into a wider type, or one that cuts
653 | 14-18 | int8(real) | bigint | fis-- | total | numbers@0 | raises by how large numbers are: see walk/integer-range.ts
655 | 14-18 | namelt(name, name) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
656 | 14-18 | namele(name, name) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
657 | 14-18 | namegt(name, name) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
658 | 14-18 | namege(name, name) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
659 | 14-18 | namene(name, name) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
668 | 14-18 | bpchar(character, integer, boolean) | character | fis-- | total | padding-cast@2 | a cast that is written out cuts what is too long; one that is not raises, and so does a huge length
669 | 14-18 | varchar(character varying, integer, boolean) | character varying | fis-p | total | written-cast@2 | a cast that is written out cuts what is too long; one that is not raises
676 | 14-18 | pg_indexam_progress_phasename(oid, bigint) | text | fis-- | faultable |  | text that may not fit, or is not what it should be
677 | 14-18 | oidvectorlt(oidvector, oidvector) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
678 | 14-18 | oidvectorle(oidvector, oidvector) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
679 | 14-18 | oidvectoreq(oidvector, oidvector) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
680 | 14-18 | oidvectorge(oidvector, oidvector) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
681 | 14-18 | oidvectorgt(oidvector, oidvector) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
683 | 14-18 | network(inet) | cidr | fis-- | total |  | a part or comparison of addresses
696 | 14-18 | netmask(inet) | inet | fis-- | total |  | a part or comparison of addresses
697 | 14-18 | masklen(inet) | integer | fis-- | total |  | a part or comparison of addresses
698 | 14-18 | broadcast(inet) | inet | fis-- | total |  | a part or comparison of addresses
699 | 14-18 | host(inet) | text | fis-- | total |  | a part or comparison of addresses
702 | 14-18 | dist_lp(line, point) | double precision | fis-- | faultable |  | geometry: may overflow or divide by zero
703 | 14 | dist_bl(box, line) | double precision | fis-- | faultable |  | never implemented: always raises
704 | 14-18 | dist_ls(line, lseg) | double precision | fis-- | faultable |  | geometry: may overflow or divide by zero
710 | 14-18 | getpgusername() | name | fss-- | faultable |  | the session, its transaction or the state of the server; no stored value
711 | 14-18 | family(inet) | integer | fis-- | total |  | a part or comparison of addresses
714 | 14-18 | int2(bigint) | smallint | fis-- | total | numbers@0 | raises by how large numbers are: see walk/integer-range.ts
715 | 14-18 | lo_create(oid) | oid | fvs-- | effect |  | makes, changes or moves in a large object, where anybody may read it
716 | 14-18 | oidlt(oid, oid) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
717 | 14-18 | oidle(oid, oid) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
720 | 14-18 | octet_length(bytea) | integer | fis-- | total |  | cuts, changes or measures a text within its own length
721 | 14-18 | get_byte(bytea, integer) | integer | fis-- | faultable |  | lengths or positions may not fit
722 | 14-18 | set_byte(bytea, integer, integer) | bytea | fis-- | faultable |  | lengths or positions may not fit
723 | 14-18 | get_bit(bytea, bigint) | integer | fis-- | faultable |  | lengths or positions may not fit
724 | 14-18 | set_bit(bytea, bigint, integer) | bytea | fis-- | faultable |  | lengths or positions may not fit
725 | 14-18 | dist_pl(point, line) | double precision | fis-- | faultable |  | geometry: may overflow or divide by zero
726 | 14 | dist_lb(line, box) | double precision | fis-- | faultable |  | never implemented: always raises
727 | 14-18 | dist_sl(lseg, line) | double precision | fis-- | faultable |  | geometry: may overflow or divide by zero
728 | 14-18 | dist_cpoly(circle, polygon) | double precision | fis-- | faultable |  | geometry: may overflow or divide by zero
729 | 14-18 | poly_distance(polygon, polygon) | double precision | fis-- | faultable |  | geometry: may overflow or divide by zero
730 | 14-18 | text(inet) | text | fis-- | total |  | a part or comparison of addresses
740 | 14-18 | text_lt(text, text) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
741 | 14-18 | text_le(text, text) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
742 | 14-18 | text_gt(text, text) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
743 | 14-18 | text_ge(text, text) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
744 | 14-18 | array_eq(anyarray, anyarray) | boolean | fis-- | total | plain-arrays@0 | compares elements; raises for elements that cannot be compared
745 | 14-18 | current_user() | name | fss-- | faultable |  | the session, its transaction or the state of the server; no stored value
746 | 14-18 | session_user() | name | fss-- | faultable |  | the session, its transaction or the state of the server; no stored value
747 | 14-18 | array_dims(anyarray) | text | fis-- | total |  | measures, compares or unfolds
748 | 14-18 | array_ndims(anyarray) | integer | fis-- | total |  | measures, compares or unfolds
749 | 14-18 | overlay(bytea, bytea, integer, integer) | bytea | fis-- | faultable |  | text that may not fit, or is not what it should be
750 | 14-18 | array_in(cstring, oid, integer) | anyarray | fss-- | refused |  | input function: the server calls it for casts, which are judged as casts
751 | 14-18 | array_out(anyarray) | cstring | fss-- | refused |  | output function: the server calls it for casts, which are judged as casts
752 | 14-18 | overlay(bytea, bytea, integer) | bytea | fis-- | faultable |  | text that may not fit, or is not what it should be
753 | 14-18 | trunc(macaddr) | macaddr | fis-- | faultable |  | the address or mask may be out of range
754 | 14-18 | int8(smallint) | bigint | fis-- | total |  | a cast into a wider type, or one that cuts
764 | 14-18 | lo_import(text) | oid | fvs-- | refused |  | reads or writes files of the server
765 | 14-18 | lo_export(oid, text) | integer | fvs-- | refused |  | reads or writes files of the server
766 | 14-18 | int4inc(integer) | integer | fis-- | faultable |  | may overflow, divide by zero or leave its domain
767 | 14-18 | lo_import(text, oid) | oid | fvs-- | refused |  | reads or writes files of the server
768 | 14-18 | int4larger(integer, integer) | integer | fis-- | total |  | keeps one of two values
769 | 14-18 | int4smaller(integer, integer) | integer | fis-- | total |  | keeps one of two values
770 | 14-18 | int2larger(smallint, smallint) | smallint | fis-- | total |  | keeps one of two values
771 | 14-18 | int2smaller(smallint, smallint) | smallint | fis-- | total |  | keeps one of two values
772 | 14-18 | hashvarlenaextended(internal, bigint) | bigint | fis-- | refused |  | takes or gives a value of the server's own memory
776 | 14-18 | hashoidvectorextended(oidvector, bigint) | bigint | fis-- | faultable |  | a hash; needs a hash function for the type
777 | 14-18 | hash_aclitem_extended(aclitem, bigint) | bigint | fis-- | faultable |  | a hash; needs a hash function for the type
778 | 14-18 | hashmacaddrextended(macaddr, bigint) | bigint | fis-- | faultable |  | a hash; needs a hash function for the type
779 | 14-18 | hashinetextended(inet, bigint) | bigint | fis-- | faultable |  | a hash; needs a hash function for the type
780 | 14-18 | hash_numeric_extended(numeric, bigint) | bigint | fis-- | faultable |  | a hash; needs a hash function for the type
781 | 14-18 | hashmacaddr8extended(macaddr8, bigint) | bigint | fis-- | faultable |  | a hash; needs a hash function for the type
782 | 14-18 | hash_array_extended(anyarray, bigint) | bigint | fis-- | faultable |  | a hash; needs a hash function for the type
785 | 14-18 | dist_polyc(polygon, circle) | double precision | fis-- | faultable |  | geometry: may overflow or divide by zero
810 | 14-18 | pg_client_encoding() | name | fss-- | faultable |  | the bytes may not fit the encoding
817 | 14-18 | current_query() | text | fv--- | faultable |  | the session, its transaction or the state of the server; no stored value
830 | 14-18 | macaddr_eq(macaddr, macaddr) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
831 | 14-18 | macaddr_lt(macaddr, macaddr) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
832 | 14-18 | macaddr_le(macaddr, macaddr) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
833 | 14-18 | macaddr_gt(macaddr, macaddr) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
834 | 14-18 | macaddr_ge(macaddr, macaddr) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
835 | 14-18 | macaddr_ne(macaddr, macaddr) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
836 | 14-18 | macaddr_cmp(macaddr, macaddr) | integer | fis-- | total |  | compares two values; the collation is settled before any row
837 | 14-18 | int82pl(bigint, smallint) | bigint | fis-- | total | numbers@0 | raises by how large numbers are: see walk/integer-range.ts
838 | 14-18 | int82mi(bigint, smallint) | bigint | fis-- | total | numbers@0 | raises by how large numbers are: see walk/integer-range.ts
839 | 14-18 | int82mul(bigint, smallint) | bigint | fis-- | total | numbers@0 | raises by how large numbers are: see walk/integer-range.ts
840 | 14-18 | int82div(bigint, smallint) | bigint | fis-- | total | divisor@1 | raises for a divisor of zero or minus one
841 | 14-18 | int28pl(smallint, bigint) | bigint | fis-- | total | numbers@0 | raises by how large numbers are: see walk/integer-range.ts
842 | 14-18 | btint8cmp(bigint, bigint) | integer | fis-- | faultable |  | compares two values, as indexes do
846 | 14-18 | cash_mul_flt4(money, real) | money | fis-- | faultable |  | may overflow or divide by zero
847 | 14-18 | cash_div_flt4(money, real) | money | fis-- | faultable |  | may overflow or divide by zero
848 | 14-18 | flt4_mul_cash(real, money) | money | fis-- | faultable |  | may overflow or divide by zero
849 | 14-18 | position(text, text) | integer | fis-- | total |  | cuts, changes or measures a text within its own length
850 | 14-18 | textlike(text, text) | boolean | fis-p | total | plain-pattern@1 | a pattern that ends in an escape raises only when the text matched up to it
851 | 14-18 | textnlike(text, text) | boolean | fis-- | total | plain-pattern@1 | a pattern that ends in an escape raises only when the text matched up to it
852 | 14-18 | int48eq(integer, bigint) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
853 | 14-18 | int48ne(integer, bigint) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
854 | 14-18 | int48lt(integer, bigint) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
855 | 14-18 | int48gt(integer, bigint) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
856 | 14-18 | int48le(integer, bigint) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
857 | 14-18 | int48ge(integer, bigint) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
858 | 14-18 | namelike(name, text) | boolean | fis-p | total | plain-pattern@1 | a pattern that ends in an escape raises only when the text matched up to it
859 | 14-18 | namenlike(name, text) | boolean | fis-- | total | plain-pattern@1 | a pattern that ends in an escape raises only when the text matched up to it
860 | 14-18 | bpchar("char") | character | fis-- | total |  | a cast into a wider type, or one that cuts
861 | 14-18 | current_database() | name | fss-- | faultable |  | the session, its transaction or the state of the server; no stored value
862 | 14-18 | int4_mul_cash(integer, money) | money | fis-- | faultable |  | may overflow or divide by zero
863 | 14-18 | int2_mul_cash(smallint, money) | money | fis-- | faultable |  | may overflow or divide by zero
864 | 14-18 | cash_mul_int4(money, integer) | money | fis-- | faultable |  | may overflow or divide by zero
865 | 14-18 | cash_div_int4(money, integer) | money | fis-- | faultable |  | may overflow or divide by zero
866 | 14-18 | cash_mul_int2(money, smallint) | money | fis-- | faultable |  | may overflow or divide by zero
867 | 14-18 | cash_div_int2(money, smallint) | money | fis-- | faultable |  | may overflow or divide by zero
868 | 14-18 | strpos(text, text) | integer | fis-- | total |  | cuts, changes or measures a text within its own length
870 | 14-18 | lower(text) | text | fis-- | total |  | cuts, changes or measures a text within its own length
871 | 14-18 | upper(text) | text | fis-- | total |  | cuts, changes or measures a text within its own length
872 | 14-18 | initcap(text) | text | fis-- | total |  | cuts, changes or measures a text within its own length
873 | 14-18 | lpad(text, integer, text) | text | fis-- | total | small-literal@1 | a negative or huge length raises
874 | 14-18 | rpad(text, integer, text) | text | fis-- | total | small-literal@1 | a negative or huge length raises
875 | 14-18 | ltrim(text, text) | text | fis-- | total |  | cuts, changes or measures a text within its own length
876 | 14-18 | rtrim(text, text) | text | fis-- | total |  | cuts, changes or measures a text within its own length
877 | 14-18 | substr(text, integer, integer) | text | fis-- | total | small-literal@2 | a negative or huge length raises
878 | 14-18 | translate(text, text, text) | text | fis-- | total |  | cuts, changes or measures a text within its own length
879 | 14-18 | lpad(text, integer) | text | fis-- | total | small-literal@1 | a negative or huge length raises
880 | 14-18 | rpad(text, integer) | text | fis-- | total | small-literal@1 | a negative or huge length raises
881 | 14-18 | ltrim(text) | text | fis-- | total |  | cuts, changes or measures a text within its own length
882 | 14-18 | rtrim(text) | text | fis-- | total |  | cuts, changes or measures a text within its own length
883 | 14-18 | substr(text, integer) | text | fis-- | total |  | cuts, changes or measures a text within its own length
884 | 14-18 | btrim(text, text) | text | fis-- | total |  | cuts, changes or measures a text within its own length
885 | 14-18 | btrim(text) | text | fis-- | total |  | cuts, changes or measures a text within its own length
886 | 14-18 | cash_in(cstring) | money | fss-- | refused |  | input function: the server calls it for casts, which are judged as casts
887 | 14-18 | cash_out(money) | cstring | fss-- | refused |  | output function: the server calls it for casts, which are judged as casts
888 | 14-18 | cash_eq(money, money) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
889 | 14-18 | cash_ne(money, money) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
890 | 14-18 | cash_lt(money, money) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
891 | 14-18 | cash_le(money, money) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
892 | 14-18 | cash_gt(money, money) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
893 | 14-18 | cash_ge(money, money) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
894 | 14-18 | cash_pl(money, money) | money | fis-- | faultable |  | may overflow or divide by zero
895 | 14-18 | cash_mi(money, money) | money | fis-- | faultable |  | may overflow or divide by zero
896 | 14-18 | cash_mul_flt8(money, double precision) | money | fis-- | faultable |  | may overflow or divide by zero
897 | 14-18 | cash_div_flt8(money, double precision) | money | fis-- | faultable |  | may overflow or divide by zero
898 | 14-18 | cashlarger(money, money) | money | fis-- | total |  | keeps one of two values
899 | 14-18 | cashsmaller(money, money) | money | fis-- | total |  | keeps one of two values
910 | 14-18 | inet_in(cstring) | inet | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
911 | 14-18 | inet_out(inet) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
919 | 14-18 | flt8_mul_cash(double precision, money) | money | fis-- | faultable |  | may overflow or divide by zero
920 | 14-18 | network_eq(inet, inet) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
921 | 14-18 | network_lt(inet, inet) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
922 | 14-18 | network_le(inet, inet) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
923 | 14-18 | network_gt(inet, inet) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
924 | 14-18 | network_ge(inet, inet) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
925 | 14-18 | network_ne(inet, inet) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
926 | 14-18 | network_cmp(inet, inet) | integer | fis-- | total |  | compares two values; the collation is settled before any row
927 | 14-18 | network_sub(inet, inet) | boolean | fis-p | total |  | a part or comparison of addresses
928 | 14-18 | network_subeq(inet, inet) | boolean | fis-p | total |  | a part or comparison of addresses
929 | 14-18 | network_sup(inet, inet) | boolean | fis-p | total |  | a part or comparison of addresses
930 | 14-18 | network_supeq(inet, inet) | boolean | fis-p | total |  | a part or comparison of addresses
935 | 14-18 | cash_words(money) | text | fis-- | faultable |  | may overflow or divide by zero
936 | 14-18 | substring(text, integer, integer) | text | fis-- | total | small-literal@2 | a negative or huge length raises
937 | 14-18 | substring(text, integer) | text | fis-- | total |  | cuts, changes or measures a text within its own length
938 | 14-17 | generate_series(timestamp without time zone, timestamp without time zone, interval) | timestamp without time zone | fisr- | faultable |  | rows by bounds and steps; a step of zero raises
938 | 18 | generate_series(timestamp without time zone, timestamp without time zone, interval) | timestamp without time zone | fisrp | faultable |  | rows by bounds and steps; a step of zero raises
939 | 14-17 | generate_series(timestamp with time zone, timestamp with time zone, interval) | timestamp with time zone | fssr- | faultable |  | rows by bounds and steps; a step of zero or a result out of range raises
939 | 18 | generate_series(timestamp with time zone, timestamp with time zone, interval) | timestamp with time zone | fssrp | faultable |  | rows by bounds and steps; a step of zero or a result out of range raises
940 | 14-18 | mod(smallint, smallint) | smallint | fis-- | total | divisor@1 | raises for a divisor of zero or minus one
941 | 14-18 | mod(integer, integer) | integer | fis-- | total | divisor@1 | raises for a divisor of zero or minus one
942 | 14-18 | int28mi(smallint, bigint) | bigint | fis-- | total | numbers@0 | raises by how large numbers are: see walk/integer-range.ts
943 | 14-18 | int28mul(smallint, bigint) | bigint | fis-- | total | numbers@0 | raises by how large numbers are: see walk/integer-range.ts
944 | 14-18 | char(text) | "char" | fis-- | total |  | a cast into a wider type, or one that cuts
945 | 14-18 | int8mod(bigint, bigint) | bigint | fis-- | total | divisor@1 | raises for a divisor of zero or minus one
946 | 14-18 | text("char") | text | fis-- | total |  | a cast into a wider type, or one that cuts
947 | 14-18 | mod(bigint, bigint) | bigint | fis-- | total | divisor@1 | raises for a divisor of zero or minus one
948 | 14-18 | int28div(smallint, bigint) | bigint | fis-- | total | divisor@1 | raises for a divisor of zero or minus one
949 | 14-18 | hashint8(bigint) | integer | fis-- | total |  | defined for every value
952 | 14-18 | lo_open(oid, integer) | integer | fvs-- | effect |  | makes, changes or moves in a large object, where anybody may read it
953 | 14-18 | lo_close(integer) | integer | fvs-- | effect |  | makes, changes or moves in a large object, where anybody may read it
954 | 14-18 | loread(integer, integer) | bytea | fvs-- | large-object |  | reads a large object and moves in it
955 | 14-18 | lowrite(integer, bytea) | integer | fvs-- | effect |  | makes, changes or moves in a large object, where anybody may read it
956 | 14-18 | lo_lseek(integer, integer, integer) | integer | fvs-- | effect |  | makes, changes or moves in a large object, where anybody may read it
957 | 14-18 | lo_creat(integer) | oid | fvs-- | effect |  | makes, changes or moves in a large object, where anybody may read it
958 | 14-18 | lo_tell(integer) | integer | fvs-- | effect |  | tells where an open large object stands, which earlier calls decided
959 | 14-18 | on_pl(point, line) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
960 | 14-18 | on_sl(lseg, line) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
961 | 14-18 | close_pl(point, line) | point | fis-- | faultable |  | geometry: may overflow or divide by zero
962 | 14 | close_sl(lseg, line) | point | fis-- | faultable |  | never implemented: always raises
963 | 14 | close_lb(line, box) | point | fis-- | faultable |  | never implemented: always raises
964 | 14-18 | lo_unlink(oid) | integer | fvs-- | effect |  | makes, changes or moves in a large object, where anybody may read it
972 | 14-18 | hashbpcharextended(character, bigint) | bigint | fis-- | faultable |  | a hash; needs a hash function for the type
973 | 14-18 | path_inter(path, path) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
975 | 14-18 | area(box) | double precision | fis-- | faultable |  | geometry: may overflow or divide by zero
976 | 14-18 | width(box) | double precision | fis-- | faultable |  | geometry: may overflow or divide by zero
977 | 14-18 | height(box) | double precision | fis-- | faultable |  | geometry: may overflow or divide by zero
978 | 14-18 | box_distance(box, box) | double precision | fis-- | faultable |  | geometry: may overflow or divide by zero
979 | 14-18 | area(path) | double precision | fis-- | faultable |  | geometry: may overflow or divide by zero
980 | 14-18 | box_intersect(box, box) | box | fis-- | faultable |  | geometry: may overflow or divide by zero
981 | 14-18 | diagonal(box) | lseg | fis-- | faultable |  | geometry: may overflow or divide by zero
982 | 14-18 | path_n_lt(path, path) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
983 | 14-18 | path_n_gt(path, path) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
984 | 14-18 | path_n_eq(path, path) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
985 | 14-18 | path_n_le(path, path) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
986 | 14-18 | path_n_ge(path, path) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
987 | 14-18 | path_length(path) | double precision | fis-- | faultable |  | geometry: may overflow or divide by zero
988 | 14-18 | point_ne(point, point) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
989 | 14-18 | point_vert(point, point) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
990 | 14-18 | point_horiz(point, point) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
991 | 14-18 | point_distance(point, point) | double precision | fis-- | faultable |  | geometry: may overflow or divide by zero
992 | 14-18 | slope(point, point) | double precision | fis-- | faultable |  | geometry: may overflow or divide by zero
993 | 14-18 | lseg(point, point) | lseg | fis-- | faultable |  | geometry: may overflow or divide by zero
994 | 14-18 | lseg_intersect(lseg, lseg) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
995 | 14-18 | lseg_parallel(lseg, lseg) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
996 | 14-18 | lseg_perp(lseg, lseg) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
997 | 14-18 | lseg_vertical(lseg) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
998 | 14-18 | lseg_horizontal(lseg) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
999 | 14-18 | lseg_eq(lseg, lseg) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
1004 | 14-18 | lo_truncate(integer, integer) | integer | fvs-- | effect |  | makes, changes or moves in a large object, where anybody may read it
1023 | 14-18 | textlike_support(internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
1024 | 14-18 | texticregexeq_support(internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
1025 | 14-18 | texticlike_support(internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
1026 | 14-18 | timezone(interval, timestamp with time zone) | timestamp without time zone | fis-- | faultable |  | may be out of range
1030 | 14-18 | gist_point_compress(internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
1031 | 14-18 | aclitemin(cstring) | aclitem | fss-- | refused |  | input function: the server calls it for casts, which are judged as casts
1032 | 14-18 | aclitemout(aclitem) | cstring | fss-- | refused |  | output function: the server calls it for casts, which are judged as casts
1035 | 14-18 | aclinsert(aclitem[], aclitem) | aclitem[] | fis-- | faultable |  | the privilege or role may be unknown
1036 | 14-18 | aclremove(aclitem[], aclitem) | aclitem[] | fis-- | faultable |  | the privilege or role may be unknown
1037 | 14-18 | aclcontains(aclitem[], aclitem) | boolean | fis-- | faultable |  | the privilege or role may be unknown
1039 | 14-18 | getdatabaseencoding() | name | fss-- | faultable |  | the bytes may not fit the encoding
1044 | 14-18 | bpcharin(cstring, oid, integer) | character | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
1045 | 14-18 | bpcharout(character) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
1046 | 14-18 | varcharin(cstring, oid, integer) | character varying | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
1047 | 14-18 | varcharout(character varying) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
1048 | 14-18 | bpchareq(character, character) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1049 | 14-18 | bpcharlt(character, character) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1050 | 14-18 | bpcharle(character, character) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1051 | 14-18 | bpchargt(character, character) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1052 | 14-18 | bpcharge(character, character) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1053 | 14-18 | bpcharne(character, character) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1062 | 14-18 | aclitemeq(aclitem, aclitem) | boolean | fis-- | faultable |  | the privilege or role may be unknown
1063 | 14-18 | bpchar_larger(character, character) | character | fis-- | faultable |  | text that may not fit, or is not what it should be
1064 | 14-18 | bpchar_smaller(character, character) | character | fis-- | faultable |  | text that may not fit, or is not what it should be
1065 | 14-18 | pg_prepared_xact() | record | fvsr- | faultable |  | the session, its transaction or the state of the server; no stored value
1066 | 14-18 | generate_series(integer, integer, integer) | integer | fisrp | faultable |  | rows by bounds and steps; a step of zero raises
1067 | 14-18 | generate_series(integer, integer) | integer | fisrp | faultable |  | rows by bounds and steps; a step of zero raises
1068 | 14-18 | generate_series(bigint, bigint, bigint) | bigint | fisrp | faultable |  | rows by bounds and steps; a step of zero raises
1069 | 14-18 | generate_series(bigint, bigint) | bigint | fisrp | faultable |  | rows by bounds and steps; a step of zero raises
1078 | 14-18 | bpcharcmp(character, character) | integer | fis-- | total |  | compares two values; the collation is settled before any row
1079 | 14-18 | regclass(text) | regclass | fss-- | faultable |  | looks a name up; raises for names that are none
1080 | 14-18 | hashbpchar(character) | integer | fis-- | total |  | defined for every value
1081 | 14-18 | format_type(oid, integer) | text | fs--- | faultable |  | tells definitions; holds no stored value
1084 | 14-18 | date_in(cstring) | date | fss-- | refused |  | input function: the server calls it for casts, which are judged as casts
1085 | 14-18 | date_out(date) | cstring | fss-- | refused |  | output function: the server calls it for casts, which are judged as casts
1086 | 14-18 | date_eq(date, date) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1087 | 14-18 | date_lt(date, date) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1088 | 14-18 | date_le(date, date) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1089 | 14-18 | date_gt(date, date) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1090 | 14-18 | date_ge(date, date) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1091 | 14-18 | date_ne(date, date) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1092 | 14-18 | date_cmp(date, date) | integer | fis-- | total |  | compares two values; the collation is settled before any row
1102 | 14-18 | time_lt(time without time zone, time without time zone) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1103 | 14-18 | time_le(time without time zone, time without time zone) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1104 | 14-18 | time_gt(time without time zone, time without time zone) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1105 | 14-18 | time_ge(time without time zone, time without time zone) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1106 | 14-18 | time_ne(time without time zone, time without time zone) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1107 | 14-18 | time_cmp(time without time zone, time without time zone) | integer | fis-- | total |  | compares two values; the collation is settled before any row
1136 | 14-18 | pg_stat_get_wal() | record | fs--- | reads |  | counters of what was done to tables
1137 | 14-18 | pg_get_wal_replay_pause_state() | text | fvs-- | faultable |  | tells definitions; holds no stored value
1138 | 14-18 | date_larger(date, date) | date | fis-- | total |  | keeps one of two values
1139 | 14-18 | date_smaller(date, date) | date | fis-- | total |  | keeps one of two values
1140 | 14-18 | date_mi(date, date) | integer | fis-- | total | dates@0 | raises by how far away dates are: see walk/date-range.ts
1141 | 14-18 | date_pli(date, integer) | date | fis-- | total | small-literal@1 | raises only thousands of years away
1142 | 14-18 | date_mii(date, integer) | date | fis-- | total | small-literal@1 | raises only thousands of years away
1143 | 14-18 | time_in(cstring, oid, integer) | time without time zone | fss-- | refused |  | input function: the server calls it for casts, which are judged as casts
1144 | 14-18 | time_out(time without time zone) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
1145 | 14-18 | time_eq(time without time zone, time without time zone) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1146 | 14-18 | circle_add_pt(circle, point) | circle | fis-- | faultable |  | geometry: may overflow or divide by zero
1147 | 14-18 | circle_sub_pt(circle, point) | circle | fis-- | faultable |  | geometry: may overflow or divide by zero
1148 | 14-18 | circle_mul_pt(circle, point) | circle | fis-- | faultable |  | geometry: may overflow or divide by zero
1149 | 14-18 | circle_div_pt(circle, point) | circle | fis-- | faultable |  | geometry: may overflow or divide by zero
1150 | 14-18 | timestamptz_in(cstring, oid, integer) | timestamp with time zone | fss-- | refused |  | input function: the server calls it for casts, which are judged as casts
1151 | 14-18 | timestamptz_out(timestamp with time zone) | cstring | fss-- | refused |  | output function: the server calls it for casts, which are judged as casts
1152 | 14-18 | timestamptz_eq(timestamp with time zone, timestamp with time zone) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1153 | 14-18 | timestamptz_ne(timestamp with time zone, timestamp with time zone) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1154 | 14-18 | timestamptz_lt(timestamp with time zone, timestamp with time zone) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1155 | 14-18 | timestamptz_le(timestamp with time zone, timestamp with time zone) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1156 | 14-18 | timestamptz_ge(timestamp with time zone, timestamp with time zone) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1157 | 14-18 | timestamptz_gt(timestamp with time zone, timestamp with time zone) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1158 | 14-18 | to_timestamp(double precision) | timestamp with time zone | fis-- | faultable |  | may be out of range
1159 | 14-18 | timezone(text, timestamp with time zone) | timestamp without time zone | fis-- | total | time-zone@0 | raises for an unknown name
1160 | 14-18 | interval_in(cstring, oid, integer) | interval | fss-- | refused |  | input function: the server calls it for casts, which are judged as casts
1161 | 14 | interval_out(interval) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
1161 | 15-18 | interval_out(interval) | cstring | fss-- | refused |  | output function: the server calls it for casts, which are judged as casts
1162 | 14-18 | interval_eq(interval, interval) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1163 | 14-18 | interval_ne(interval, interval) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1164 | 14-18 | interval_lt(interval, interval) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1165 | 14-18 | interval_le(interval, interval) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1166 | 14-18 | interval_ge(interval, interval) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1167 | 14-18 | interval_gt(interval, interval) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1168 | 14-18 | interval_um(interval) | interval | fis-- | faultable |  | may be out of range
1169 | 14-18 | interval_pl(interval, interval) | interval | fis-- | faultable |  | may be out of range
1170 | 14-18 | interval_mi(interval, interval) | interval | fis-- | faultable |  | may be out of range
1171 | 14-18 | date_part(text, timestamp with time zone) | double precision | fss-- | total | timestamp-field@0 | a part of a date or time: an unknown field raises, for any value but NULL
1172 | 14-18 | date_part(text, interval) | double precision | fis-- | total | interval-field@0 | a part of a date or time: an unknown field raises, for any value but NULL
1173 | 14-18 | network_subset_support(internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
1174 | 14-18 | timestamptz(date) | timestamp with time zone | fss-- | total |  | raises only for dates after the year 294276, a bound that nobody can move
1175 | 14-18 | justify_hours(interval) | interval | fis-- | faultable |  | may be out of range
1176 | 14-18 | timestamptz(date, time without time zone) | timestamp with time zone | fss-- | faultable |  | clock and time zone; results may be out of range
1177 | 14-18 | jsonb_path_exists_tz(jsonb, jsonpath, jsonb, boolean) | boolean | fss-- | faultable |  | text search by the session's configuration
1178 | 14-18 | date(timestamp with time zone) | date | fss-- | total |  | a cast into a wider type, or one that cuts
1179 | 14-18 | jsonb_path_query_tz(jsonb, jsonpath, jsonb, boolean) | jsonb | fssr- | faultable |  | the path may demand what the document lacks
1180 | 14-18 | jsonb_path_query_array_tz(jsonb, jsonpath, jsonb, boolean) | jsonb | fss-- | faultable |  | the path may demand what the document lacks
1181 | 14-18 | age(xid) | integer | fss-- | faultable |  | clock and time zone; results may be out of range
1188 | 14-18 | timestamptz_mi(timestamp with time zone, timestamp with time zone) | interval | fis-- | total | dates@0 | raises by how far away dates are: see walk/date-range.ts
1189 | 14-18 | timestamptz_pl_interval(timestamp with time zone, interval) | timestamp with time zone | fss-- | total | small-interval@1 | raises only thousands of years away
1190 | 14-18 | timestamptz_mi_interval(timestamp with time zone, interval) | timestamp with time zone | fss-- | total | small-interval@1 | raises only thousands of years away
1191 | 14-18 | generate_subscripts(anyarray, integer, boolean) | integer | fisr- | total |  | unfolds into rows: what goes in decides how many
1192 | 14-18 | generate_subscripts(anyarray, integer) | integer | fisr- | total |  | unfolds into rows: what goes in decides how many
1193 | 14-18 | array_fill(anyelement, integer[]) | anyarray | fi--- | faultable |  | shapes may not fit, or grow too large
1194 | 14-18 | log10(double precision) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
1195 | 14-18 | timestamptz_smaller(timestamp with time zone, timestamp with time zone) | timestamp with time zone | fis-- | total |  | keeps one of two values
1196 | 14-18 | timestamptz_larger(timestamp with time zone, timestamp with time zone) | timestamp with time zone | fis-- | total |  | keeps one of two values
1197 | 14-18 | interval_smaller(interval, interval) | interval | fis-- | total |  | keeps one of two values
1198 | 14-18 | interval_larger(interval, interval) | interval | fis-- | total |  | keeps one of two values
1199 | 14-18 | age(timestamp with time zone, timestamp with time zone) | interval | fis-- | total | dates@0 | raises by how far away dates are: see walk/date-range.ts
1200 | 14-18 | interval(interval, integer) | interval | fis-p | faultable |  | may be out of range
1215 | 14-18 | obj_description(oid, name) | text | fss-- | faultable |  | tells definitions; holds no stored value
1216 | 14-18 | col_description(oid, integer) | text | fss-- | faultable |  | tells definitions; holds no stored value
1217 | 14-18 | date_trunc(text, timestamp with time zone) | timestamp with time zone | fss-- | total | timestamp-unit@0 | cuts off the smaller parts: an unknown unit raises, for any value but NULL
1218 | 14-18 | date_trunc(text, interval) | interval | fis-- | total | interval-unit@0 | cuts off the smaller parts: an unknown unit raises, for any value but NULL
1219 | 14-18 | int8inc(bigint) | bigint | fis-- | faultable |  | may overflow, divide by zero or leave its domain
1230 | 14-18 | int8abs(bigint) | bigint | fis-- | total | numbers@0 | raises by how large numbers are: see walk/integer-range.ts
1236 | 14-18 | int8larger(bigint, bigint) | bigint | fis-- | total |  | keeps one of two values
1237 | 14-18 | int8smaller(bigint, bigint) | bigint | fis-- | total |  | keeps one of two values
1238 | 14-18 | texticregexeq(text, text) | boolean | fis-p | total | plain-regex@1 | a plain pattern is valid and cheap
1239 | 14-18 | texticregexne(text, text) | boolean | fis-- | total | plain-regex@1 | a plain pattern is valid and cheap
1240 | 14-18 | nameicregexeq(name, text) | boolean | fis-p | faultable |  | the pattern may be invalid, or too costly
1241 | 14-18 | nameicregexne(name, text) | boolean | fis-- | faultable |  | the pattern may be invalid, or too costly
1242 | 14-18 | boolin(cstring) | boolean | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
1243 | 14-18 | boolout(boolean) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
1244 | 14-18 | byteain(cstring) | bytea | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
1245 | 14-18 | charin(cstring) | "char" | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
1246 | 14-18 | charlt("char", "char") | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1250 | 14-18 | unique_key_recheck() | trigger | fvs-- | refused |  | a trigger of the server: never called in a statement
1251 | 14-18 | int4abs(integer) | integer | fis-- | total | numbers@0 | raises by how large numbers are: see walk/integer-range.ts
1252 | 14-18 | nameregexne(name, text) | boolean | fis-- | faultable |  | the pattern may be invalid, or too costly
1253 | 14-18 | int2abs(smallint) | smallint | fis-- | total | numbers@0 | raises by how large numbers are: see walk/integer-range.ts
1254 | 14-18 | textregexeq(text, text) | boolean | fis-p | total | plain-regex@1 | a plain pattern is valid and cheap
1256 | 14-18 | textregexne(text, text) | boolean | fis-- | total | plain-regex@1 | a plain pattern is valid and cheap
1257 | 14-18 | textlen(text) | integer | fis-- | total |  | cuts, changes or measures a text within its own length
1258 | 14-18 | textcat(text, text) | text | fis-- | total |  | makes a longer text
1264 | 14-18 | pg_char_to_encoding(name) | integer | fss-- | faultable |  | the bytes may not fit the encoding
1265 | 14-18 | tidne(tid, tid) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1267 | 14-18 | cidr_in(cstring) | cidr | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
1268 | 14-18 | parse_ident(text, boolean) | text[] | fis-- | faultable |  | text that may not fit, or is not what it should be
1269 | 14-18 | pg_column_size("any") | integer | fss-- | total |  | defined for every value
1271 | 14-18 | overlaps(time with time zone, time with time zone, time with time zone, time with time zone) | boolean | fi--- | faultable |  | may be out of range
1272 | 14-18 | datetime_pl(date, time without time zone) | timestamp without time zone | fis-- | faultable |  | may be out of range
1273 | 14-18 | date_part(text, time with time zone) | double precision | fis-- | total | time-field@0 | a part of a date or time: an unknown field raises, for any value but NULL
1274 | 14-18 | int84pl(bigint, integer) | bigint | fis-- | total | numbers@0 | raises by how large numbers are: see walk/integer-range.ts
1275 | 14-18 | int84mi(bigint, integer) | bigint | fis-- | total | numbers@0 | raises by how large numbers are: see walk/integer-range.ts
1276 | 14-18 | int84mul(bigint, integer) | bigint | fis-- | total | numbers@0 | raises by how large numbers are: see walk/integer-range.ts
1277 | 14-18 | int84div(bigint, integer) | bigint | fis-- | total | divisor@1 | raises for a divisor of zero or minus one
1278 | 14-18 | int48pl(integer, bigint) | bigint | fis-- | total | numbers@0 | raises by how large numbers are: see walk/integer-range.ts
1279 | 14-18 | int48mi(integer, bigint) | bigint | fis-- | total | numbers@0 | raises by how large numbers are: see walk/integer-range.ts
1280 | 14-18 | int48mul(integer, bigint) | bigint | fis-- | total | numbers@0 | raises by how large numbers are: see walk/integer-range.ts
1281 | 14-18 | int48div(integer, bigint) | bigint | fis-- | total | divisor@1 | raises for a divisor of zero or minus one
1282 | 14-18 | quote_ident(text) | text | fis-- | total |  | makes a longer text
1283 | 14-18 | quote_literal(text) | text | fis-- | total |  | makes a longer text
1284 | 14-15 | date_trunc(text, timestamp with time zone, text) | timestamp with time zone | fss-- | faultable |  | the time zone may be unknown
1284 | 16-18 | date_trunc(text, timestamp with time zone, text) | timestamp with time zone | fis-- | faultable |  | the time zone may be unknown
1285 | 14-18 | quote_literal(anyelement) | text | fss-- | total |  | makes a longer text
1286 | 14-18 | array_fill(anyelement, integer[], integer[]) | anyarray | fi--- | faultable |  | shapes may not fit, or grow too large
1287 | 14-18 | oid(bigint) | oid | fis-- | faultable |  | may overflow, divide by zero or leave its domain
1288 | 14-18 | int8(oid) | bigint | fis-- | total |  | a cast into a wider type, or one that cuts
1289 | 14-18 | quote_nullable(text) | text | fi--- | total |  | makes a longer text
1290 | 14-18 | quote_nullable(anyelement) | text | fs--- | total |  | makes a longer text
1291 | 14-18 | suppress_redundant_updates_trigger() | trigger | fvs-- | refused |  | a trigger: judged where triggers are
1292 | 14-18 | tideq(tid, tid) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1293 | 14-18 | unnest(anymultirange) | anyrange | fisr- | total |  | unfolds into rows: what goes in decides how many
1294 | 14-18 | currtid2(text, tid) | tid | fvs-- | refused |  | reads a row of a table given by name
1295 | 14-18 | justify_days(interval) | interval | fis-- | faultable |  | may be out of range
1296 | 14-18 | timedate_pl(time without time zone, date) | timestamp without time zone | fis-- | faultable |  | may be out of range
1297 | 14-18 | datetimetz_pl(date, time with time zone) | timestamp with time zone | fis-- | faultable |  | may be out of range
1298 | 14-18 | timetzdate_pl(time with time zone, date) | timestamp with time zone | fis-- | faultable |  | may be out of range
1299 | 14-18 | now() | timestamp with time zone | fss-- | faultable |  | clock and time zone; results may be out of range
1300 | 14-18 | positionsel(internal, oid, internal, integer) | double precision | fss-- | refused |  | takes or gives a value of the server's own memory
1301 | 14-18 | positionjoinsel(internal, oid, internal, smallint, internal) | double precision | fss-- | refused |  | takes or gives a value of the server's own memory
1302 | 14-18 | contsel(internal, oid, internal, integer) | double precision | fss-- | refused |  | takes or gives a value of the server's own memory
1303 | 14-18 | contjoinsel(internal, oid, internal, smallint, internal) | double precision | fss-- | refused |  | takes or gives a value of the server's own memory
1304 | 14-18 | overlaps(timestamp with time zone, timestamp with time zone, timestamp with time zone, timestamp with time zone) | boolean | fi--- | faultable |  | may be out of range
1305 | 14-18 | overlaps(timestamp with time zone, interval, timestamp with time zone, interval) | boolean | fs--- | faultable |  | clock and time zone; results may be out of range
1306 | 14-18 | overlaps(timestamp with time zone, timestamp with time zone, timestamp with time zone, interval) | boolean | fs--- | faultable |  | clock and time zone; results may be out of range
1307 | 14-18 | overlaps(timestamp with time zone, interval, timestamp with time zone, timestamp with time zone) | boolean | fs--- | faultable |  | clock and time zone; results may be out of range
1308 | 14-18 | overlaps(time without time zone, time without time zone, time without time zone, time without time zone) | boolean | fi--- | faultable |  | may be out of range
1309 | 14-18 | overlaps(time without time zone, interval, time without time zone, interval) | boolean | fi--- | faultable |  | may be out of range
1310 | 14-18 | overlaps(time without time zone, time without time zone, time without time zone, interval) | boolean | fi--- | faultable |  | may be out of range
1311 | 14-18 | overlaps(time without time zone, interval, time without time zone, time without time zone) | boolean | fi--- | faultable |  | may be out of range
1312 | 14-18 | timestamp_in(cstring, oid, integer) | timestamp without time zone | fss-- | refused |  | input function: the server calls it for casts, which are judged as casts
1313 | 14-18 | timestamp_out(timestamp without time zone) | cstring | fss-- | refused |  | output function: the server calls it for casts, which are judged as casts
1314 | 14-18 | timestamptz_cmp(timestamp with time zone, timestamp with time zone) | integer | fis-- | total |  | compares two values; the collation is settled before any row
1315 | 14-18 | interval_cmp(interval, interval) | integer | fis-- | total |  | compares two values; the collation is settled before any row
1316 | 14-18 | time(timestamp without time zone) | time without time zone | fis-- | total |  | a cast into a wider type, or one that cuts
1317 | 14-18 | length(text) | integer | fis-- | total |  | cuts, changes or measures a text within its own length
1318 | 14-18 | length(character) | integer | fis-- | total |  | cuts, changes or measures a text within its own length
1319 | 14-18 | xideqint4(xid, integer) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1326 | 14-18 | interval_div(interval, double precision) | interval | fis-- | faultable |  | may be out of range
1339 | 14-18 | dlog10(double precision) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
1340 | 14-18 | log(double precision) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
1341 | 14-18 | ln(double precision) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
1342 | 14-18 | round(double precision) | double precision | fis-- | total |  | stays within its type
1343 | 14-18 | trunc(double precision) | double precision | fis-- | total |  | stays within its type
1344 | 14-18 | sqrt(double precision) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
1345 | 14-18 | cbrt(double precision) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
1346 | 14-18 | pow(double precision, double precision) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
1347 | 14-18 | exp(double precision) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
1348 | 14-18 | obj_description(oid) | text | fss-- | faultable |  | tells definitions; holds no stored value
1349 | 14-18 | oidvectortypes(oidvector) | text | fss-- | faultable |  | tells definitions; holds no stored value
1350 | 14-18 | timetz_in(cstring, oid, integer) | time with time zone | fss-- | refused |  | input function: the server calls it for casts, which are judged as casts
1351 | 14-18 | timetz_out(time with time zone) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
1352 | 14-18 | timetz_eq(time with time zone, time with time zone) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1353 | 14-18 | timetz_ne(time with time zone, time with time zone) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1354 | 14-18 | timetz_lt(time with time zone, time with time zone) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1355 | 14-18 | timetz_le(time with time zone, time with time zone) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1356 | 14-18 | timetz_ge(time with time zone, time with time zone) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1357 | 14-18 | timetz_gt(time with time zone, time with time zone) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1358 | 14-18 | timetz_cmp(time with time zone, time with time zone) | integer | fis-- | total |  | compares two values; the collation is settled before any row
1359 | 14-18 | timestamptz(date, time with time zone) | timestamp with time zone | fis-- | faultable |  | may be out of range
1362 | 14-18 | hostmask(inet) | inet | fis-- | total |  | a part or comparison of addresses
1364 | 14-18 | textregexeq_support(internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
1365 | 14-18 | makeaclitem(oid, oid, text, boolean) | aclitem | fis-- | faultable |  | the privilege or role may be unknown
1367 | 14-18 | character_length(character) | integer | fis-- | total |  | cuts, changes or measures a text within its own length
1368 | 14-18 | power(double precision, double precision) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
1369 | 14-18 | character_length(text) | integer | fis-- | total |  | cuts, changes or measures a text within its own length
1370 | 14-18 | interval(time without time zone) | interval | fis-- | total |  | a cast into a wider type, or one that cuts
1371 | 14-18 | pg_lock_status() | record | fvsr- | faultable |  | the session, its transaction or the state of the server; no stored value
1372 | 14-18 | char_length(character) | integer | fis-- | total |  | cuts, changes or measures a text within its own length
1373 | 14-18 | isfinite(date) | boolean | fis-- | total |  | defined for every value
1374 | 14-18 | octet_length(text) | integer | fis-- | total |  | cuts, changes or measures a text within its own length
1375 | 14-18 | octet_length(character) | integer | fis-- | total |  | cuts, changes or measures a text within its own length
1376 | 14-18 | factorial(bigint) | numeric | fis-- | faultable |  | may overflow, divide by zero or leave its domain
1377 | 14-18 | time_larger(time without time zone, time without time zone) | time without time zone | fis-- | total |  | keeps one of two values
1378 | 14-18 | time_smaller(time without time zone, time without time zone) | time without time zone | fis-- | total |  | keeps one of two values
1379 | 14-18 | timetz_larger(time with time zone, time with time zone) | time with time zone | fis-- | total |  | keeps one of two values
1380 | 14-18 | timetz_smaller(time with time zone, time with time zone) | time with time zone | fis-- | total |  | keeps one of two values
1381 | 14-18 | char_length(text) | integer | fis-- | total |  | cuts, changes or measures a text within its own length
1384 | 14-18 | date_part(text, date) | double precision | fis-- | total | timestamp-field@0 | a part of a date or time: an unknown field raises, for any value but NULL
1385 | 14-18 | date_part(text, time without time zone) | double precision | fis-- | total | time-field@0 | a part of a date or time: an unknown field raises, for any value but NULL
1386 | 14-18 | age(timestamp with time zone) | interval | fss-- | total | dates@0 | raises by how far away dates are: see walk/date-range.ts
1387 | 14-18 | pg_get_constraintdef(oid) | text | fss-- | faultable |  | tells definitions; holds no stored value
1388 | 14-18 | timetz(timestamp with time zone) | time with time zone | fss-- | faultable |  | clock and time zone; results may be out of range
1389 | 14-18 | isfinite(timestamp with time zone) | boolean | fis-- | total |  | defined for every value
1390 | 14-18 | isfinite(interval) | boolean | fis-- | total |  | defined for every value
1391 | 14-18 | pg_stat_get_backend_start(integer) | timestamp with time zone | fss-- | faultable |  | the session, its transaction or the state of the server; no stored value
1392 | 14-18 | pg_stat_get_backend_client_addr(integer) | inet | fss-- | reads |  | what other sessions do, in part their statements
1393 | 14-18 | pg_stat_get_backend_client_port(integer) | integer | fss-- | reads |  | what other sessions do, in part their statements
1394 | 14-18 | abs(real) | real | fis-- | total |  | stays within its type
1395 | 14-18 | abs(double precision) | double precision | fis-- | total |  | stays within its type
1396 | 14-18 | abs(bigint) | bigint | fis-- | total | numbers@0 | raises by how large numbers are: see walk/integer-range.ts
1397 | 14-18 | abs(integer) | integer | fis-- | total | numbers@0 | raises by how large numbers are: see walk/integer-range.ts
1398 | 14-18 | abs(smallint) | smallint | fis-- | total | numbers@0 | raises by how large numbers are: see walk/integer-range.ts
1400 | 14-18 | name(character varying) | name | fis-- | faultable |  | text that may not fit, or is not what it should be
1401 | 14-18 | varchar(name) | character varying | fis-- | faultable |  | text that may not fit, or is not what it should be
1402 | 14-18 | current_schema() | name | fss-- | faultable |  | the session, its transaction or the state of the server; no stored value
1403 | 14-18 | current_schemas(boolean) | name[] | fss-- | faultable |  | the session, its transaction or the state of the server; no stored value
1404 | 14-18 | overlay(text, text, integer, integer) | text | fis-- | total | positive-literals@2 | a position before the first character raises
1405 | 14-18 | overlay(text, text, integer) | text | fis-- | total | positive-literals@2 | a position before the first character raises
1406 | 14-18 | isvertical(point, point) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
1407 | 14-18 | ishorizontal(point, point) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
1408 | 14-18 | isparallel(lseg, lseg) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
1409 | 14-18 | isperp(lseg, lseg) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
1410 | 14-18 | isvertical(lseg) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
1411 | 14-18 | ishorizontal(lseg) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
1412 | 14-18 | isparallel(line, line) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
1413 | 14-18 | isperp(line, line) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
1414 | 14-18 | isvertical(line) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
1415 | 14-18 | ishorizontal(line) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
1416 | 14-18 | point(circle) | point | fis-- | faultable |  | geometry: may overflow or divide by zero
1419 | 14-18 | time(interval) | time without time zone | fis-- | faultable |  | may be out of range
1421 | 14-18 | box(point, point) | box | fis-- | faultable |  | geometry: may overflow or divide by zero
1422 | 14-18 | box_add(box, point) | box | fis-- | faultable |  | geometry: may overflow or divide by zero
1423 | 14-18 | box_sub(box, point) | box | fis-- | faultable |  | geometry: may overflow or divide by zero
1424 | 14-18 | box_mul(box, point) | box | fis-- | faultable |  | geometry: may overflow or divide by zero
1425 | 14-18 | box_div(box, point) | box | fis-- | faultable |  | geometry: may overflow or divide by zero
1426 | 14-18 | path_contain_pt(path, point) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
1427 | 14-18 | cidr_out(cidr) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
1428 | 14-18 | poly_contain_pt(polygon, point) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
1429 | 14-18 | pt_contained_poly(point, polygon) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
1430 | 14-18 | isclosed(path) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
1431 | 14-18 | isopen(path) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
1432 | 14-18 | path_npoints(path) | integer | fis-- | faultable |  | geometry: may overflow or divide by zero
1433 | 14-18 | pclose(path) | path | fis-- | faultable |  | geometry: may overflow or divide by zero
1434 | 14-18 | popen(path) | path | fis-- | faultable |  | geometry: may overflow or divide by zero
1435 | 14-18 | path_add(path, path) | path | fis-- | faultable |  | geometry: may overflow or divide by zero
1436 | 14-18 | path_add_pt(path, point) | path | fis-- | faultable |  | geometry: may overflow or divide by zero
1437 | 14-18 | path_sub_pt(path, point) | path | fis-- | faultable |  | geometry: may overflow or divide by zero
1438 | 14-18 | path_mul_pt(path, point) | path | fis-- | faultable |  | geometry: may overflow or divide by zero
1439 | 14-18 | path_div_pt(path, point) | path | fis-- | faultable |  | geometry: may overflow or divide by zero
1440 | 14-18 | point(double precision, double precision) | point | fis-- | faultable |  | geometry: may overflow or divide by zero
1441 | 14-18 | point_add(point, point) | point | fis-- | faultable |  | geometry: may overflow or divide by zero
1442 | 14-18 | point_sub(point, point) | point | fis-- | faultable |  | geometry: may overflow or divide by zero
1443 | 14-18 | point_mul(point, point) | point | fis-- | faultable |  | geometry: may overflow or divide by zero
1444 | 14-18 | point_div(point, point) | point | fis-- | faultable |  | geometry: may overflow or divide by zero
1445 | 14-18 | poly_npoints(polygon) | integer | fis-- | faultable |  | geometry: may overflow or divide by zero
1446 | 14-18 | box(polygon) | box | fis-- | faultable |  | geometry: may overflow or divide by zero
1447 | 14-18 | path(polygon) | path | fis-- | faultable |  | geometry: may overflow or divide by zero
1448 | 14-18 | polygon(box) | polygon | fis-- | faultable |  | geometry: may overflow or divide by zero
1449 | 14-18 | polygon(path) | polygon | fis-- | faultable |  | geometry: may overflow or divide by zero
1450 | 14-18 | circle_in(cstring) | circle | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
1451 | 14-18 | circle_out(circle) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
1452 | 14-18 | circle_same(circle, circle) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
1453 | 14-18 | circle_contain(circle, circle) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
1454 | 14-18 | circle_left(circle, circle) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
1455 | 14-18 | circle_overleft(circle, circle) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
1456 | 14-18 | circle_overright(circle, circle) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
1457 | 14-18 | circle_right(circle, circle) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
1458 | 14-18 | circle_contained(circle, circle) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
1459 | 14-18 | circle_overlap(circle, circle) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
1460 | 14-18 | circle_below(circle, circle) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
1461 | 14-18 | circle_above(circle, circle) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
1462 | 14-18 | circle_eq(circle, circle) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
1463 | 14-18 | circle_ne(circle, circle) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
1464 | 14-18 | circle_lt(circle, circle) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
1465 | 14-18 | circle_gt(circle, circle) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
1466 | 14-18 | circle_le(circle, circle) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
1467 | 14-18 | circle_ge(circle, circle) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
1468 | 14-18 | area(circle) | double precision | fis-- | faultable |  | geometry: may overflow or divide by zero
1469 | 14-18 | diameter(circle) | double precision | fis-- | faultable |  | geometry: may overflow or divide by zero
1470 | 14-18 | radius(circle) | double precision | fis-- | faultable |  | geometry: may overflow or divide by zero
1471 | 14-18 | circle_distance(circle, circle) | double precision | fis-- | faultable |  | geometry: may overflow or divide by zero
1472 | 14-18 | circle_center(circle) | point | fis-- | faultable |  | geometry: may overflow or divide by zero
1473 | 14-18 | circle(point, double precision) | circle | fis-- | faultable |  | geometry: may overflow or divide by zero
1474 | 14-18 | circle(polygon) | circle | fis-- | faultable |  | geometry: may overflow or divide by zero
1475 | 14-18 | polygon(integer, circle) | polygon | fis-- | faultable |  | geometry: may overflow or divide by zero
1476 | 14-18 | dist_pc(point, circle) | double precision | fis-- | faultable |  | geometry: may overflow or divide by zero
1477 | 14-18 | circle_contain_pt(circle, point) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
1478 | 14-18 | pt_contained_circle(point, circle) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
1479 | 14-18 | circle(box) | circle | fis-- | faultable |  | geometry: may overflow or divide by zero
1480 | 14-18 | box(circle) | box | fis-- | faultable |  | geometry: may overflow or divide by zero
1481 | 14-18 | log10(numeric) | numeric | fis-- | faultable |  | may overflow, divide by zero or leave its domain
1482 | 14-18 | lseg_ne(lseg, lseg) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
1483 | 14-18 | lseg_lt(lseg, lseg) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
1484 | 14-18 | lseg_le(lseg, lseg) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
1485 | 14-18 | lseg_gt(lseg, lseg) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
1486 | 14-18 | lseg_ge(lseg, lseg) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
1487 | 14-18 | lseg_length(lseg) | double precision | fis-- | faultable |  | geometry: may overflow or divide by zero
1488 | 14-18 | close_ls(line, lseg) | point | fis-- | faultable |  | geometry: may overflow or divide by zero
1489 | 14-18 | close_lseg(lseg, lseg) | point | fis-- | faultable |  | geometry: may overflow or divide by zero
1490 | 14-18 | line_in(cstring) | line | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
1491 | 14-18 | line_out(line) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
1492 | 14-18 | line_eq(line, line) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
1493 | 14-18 | line(point, point) | line | fis-- | faultable |  | geometry: may overflow or divide by zero
1494 | 14-18 | line_interpt(line, line) | point | fis-- | faultable |  | geometry: may overflow or divide by zero
1495 | 14-18 | line_intersect(line, line) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
1496 | 14-18 | line_parallel(line, line) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
1497 | 14-18 | line_perp(line, line) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
1498 | 14-18 | line_vertical(line) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
1499 | 14-18 | line_horizontal(line) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
1530 | 14-18 | length(lseg) | double precision | fis-- | faultable |  | geometry: may overflow or divide by zero
1531 | 14-18 | length(path) | double precision | fis-- | faultable |  | geometry: may overflow or divide by zero
1532 | 14-18 | point(lseg) | point | fis-- | faultable |  | geometry: may overflow or divide by zero
1533 | 14 | point(path) | point | fis-- | faultable |  | never implemented: always raises
1534 | 14-18 | point(box) | point | fis-- | faultable |  | geometry: may overflow or divide by zero
1540 | 14-18 | point(polygon) | point | fis-- | faultable |  | geometry: may overflow or divide by zero
1541 | 14-18 | lseg(box) | lseg | fis-- | faultable |  | geometry: may overflow or divide by zero
1542 | 14-18 | center(box) | point | fis-- | faultable |  | geometry: may overflow or divide by zero
1543 | 14-18 | center(circle) | point | fis-- | faultable |  | geometry: may overflow or divide by zero
1544 | 14-18 | polygon(circle) | polygon | fis-- | faultable |  | geometry: may overflow or divide by zero
1545 | 14-18 | npoints(path) | integer | fis-- | faultable |  | geometry: may overflow or divide by zero
1556 | 14-18 | npoints(polygon) | integer | fis-- | faultable |  | geometry: may overflow or divide by zero
1564 | 14-18 | bit_in(cstring, oid, integer) | bit | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
1565 | 14-18 | bit_out(bit) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
1569 | 14-18 | like(text, text) | boolean | fis-p | total | plain-pattern@1 | a pattern that ends in an escape raises only when the text matched up to it
1570 | 14-18 | notlike(text, text) | boolean | fis-- | total | plain-pattern@1 | a pattern that ends in an escape raises only when the text matched up to it
1571 | 14-18 | like(name, text) | boolean | fis-p | total | plain-pattern@1 | a pattern that ends in an escape raises only when the text matched up to it
1572 | 14-18 | notlike(name, text) | boolean | fis-- | total | plain-pattern@1 | a pattern that ends in an escape raises only when the text matched up to it
1573 | 14-18 | pg_get_ruledef(oid) | text | fss-- | faultable |  | tells definitions; holds no stored value
1574 | 14-18 | nextval(regclass) | bigint | fvs-- | effect |  | moves a sequence, where anybody may read it
1575 | 14-18 | currval(regclass) | bigint | fvs-- | faultable |  | state of a sequence, which nothing classified may have moved
1576 | 14-18 | setval(regclass, bigint) | bigint | fvs-- | effect |  | moves a sequence, where anybody may read it
1579 | 14-18 | varbit_in(cstring, oid, integer) | bit varying | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
1580 | 14-18 | varbit_out(bit varying) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
1581 | 14-18 | biteq(bit, bit) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1582 | 14-18 | bitne(bit, bit) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1592 | 14-18 | bitge(bit, bit) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1593 | 14-18 | bitgt(bit, bit) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1594 | 14-18 | bitle(bit, bit) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1595 | 14-18 | bitlt(bit, bit) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1596 | 14-18 | bitcmp(bit, bit) | integer | fis-- | total |  | compares two values; the collation is settled before any row
1597 | 14-18 | pg_encoding_to_char(integer) | name | fss-- | faultable |  | the bytes may not fit the encoding
1598 | 14-18 | random() | double precision | fvs-- | faultable |  | random; raises for bounds in the wrong order
1599 | 14-18 | setseed(double precision) | void | fvs-- | effect |  | decides later random numbers
1600 | 14-18 | asin(double precision) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
1601 | 14-18 | acos(double precision) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
1602 | 14-18 | atan(double precision) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
1603 | 14-18 | atan2(double precision, double precision) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
1604 | 14-18 | sin(double precision) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
1605 | 14-18 | cos(double precision) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
1606 | 14-18 | tan(double precision) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
1607 | 14-18 | cot(double precision) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
1608 | 14-18 | degrees(double precision) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
1609 | 14-18 | radians(double precision) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
1610 | 14-18 | pi() | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
1618 | 14-18 | interval_mul(interval, double precision) | interval | fis-- | faultable |  | may be out of range
1619 | 14-18 | pg_typeof("any") | regtype | fs--- | total |  | defined for every value
1620 | 14-18 | ascii(text) | integer | fis-- | faultable |  | raises for characters beyond ASCII in databases that are neither UTF-8 nor single-byte
1621 | 14-18 | chr(integer) | text | fis-- | faultable |  | text that may not fit, or is not what it should be
1622 | 14-18 | repeat(text, integer) | text | fis-- | faultable |  | the result may grow too large
1623 | 14-18 | similar_escape(text, text) | text | fi--- | faultable |  | the pattern may be invalid, or too costly
1624 | 14-18 | mul_d_interval(double precision, interval) | interval | fis-- | faultable |  | may be out of range
1631 | 14-18 | bpcharlike(character, text) | boolean | fis-p | total | plain-pattern@1 | a pattern that ends in an escape raises only when the text matched up to it
1632 | 14-18 | bpcharnlike(character, text) | boolean | fis-- | total | plain-pattern@1 | a pattern that ends in an escape raises only when the text matched up to it
1633 | 14-18 | texticlike(text, text) | boolean | fis-p | total | plain-pattern@1 | a pattern that ends in an escape raises only when the text matched up to it
1634 | 14-18 | texticnlike(text, text) | boolean | fis-- | total | plain-pattern@1 | a pattern that ends in an escape raises only when the text matched up to it
1635 | 14-18 | nameiclike(name, text) | boolean | fis-p | total | plain-pattern@1 | a pattern that ends in an escape raises only when the text matched up to it
1636 | 14-18 | nameicnlike(name, text) | boolean | fis-- | total | plain-pattern@1 | a pattern that ends in an escape raises only when the text matched up to it
1637 | 14-18 | like_escape(text, text) | text | fis-- | faultable |  | the pattern may be invalid, or too costly
1638 | 14-18 | oidgt(oid, oid) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1639 | 14-18 | oidge(oid, oid) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1640 | 14-18 | pg_get_viewdef(text) | text | fss-- | faultable |  | tells definitions; holds no stored value
1641 | 14-18 | pg_get_viewdef(oid) | text | fss-- | faultable |  | tells definitions; holds no stored value
1642 | 14-18 | pg_get_userbyid(oid) | name | fss-- | faultable |  | tells definitions; holds no stored value
1643 | 14-18 | pg_get_indexdef(oid) | text | fss-- | faultable |  | tells definitions; holds no stored value
1644 | 14-18 | RI_FKey_check_ins() | trigger | fvs-- | refused |  | a trigger of the server: never called in a statement
1645 | 14-18 | RI_FKey_check_upd() | trigger | fvs-- | refused |  | a trigger of the server: never called in a statement
1646 | 14-18 | RI_FKey_cascade_del() | trigger | fvs-- | refused |  | a trigger of the server: never called in a statement
1647 | 14-18 | RI_FKey_cascade_upd() | trigger | fvs-- | refused |  | a trigger of the server: never called in a statement
1648 | 14-18 | RI_FKey_restrict_del() | trigger | fvs-- | refused |  | a trigger of the server: never called in a statement
1649 | 14-18 | RI_FKey_restrict_upd() | trigger | fvs-- | refused |  | a trigger of the server: never called in a statement
1650 | 14-18 | RI_FKey_setnull_del() | trigger | fvs-- | refused |  | a trigger of the server: never called in a statement
1651 | 14-18 | RI_FKey_setnull_upd() | trigger | fvs-- | refused |  | a trigger of the server: never called in a statement
1652 | 14-18 | RI_FKey_setdefault_del() | trigger | fvs-- | refused |  | a trigger of the server: never called in a statement
1653 | 14-18 | RI_FKey_setdefault_upd() | trigger | fvs-- | refused |  | a trigger of the server: never called in a statement
1654 | 14-18 | RI_FKey_noaction_del() | trigger | fvs-- | refused |  | a trigger of the server: never called in a statement
1655 | 14-18 | RI_FKey_noaction_upd() | trigger | fvs-- | refused |  | a trigger of the server: never called in a statement
1656 | 14-18 | bpcharicregexeq(character, text) | boolean | fis-p | faultable |  | the pattern may be invalid, or too costly
1657 | 14-18 | bpcharicregexne(character, text) | boolean | fis-- | faultable |  | the pattern may be invalid, or too costly
1658 | 14-18 | bpcharregexeq(character, text) | boolean | fis-p | faultable |  | the pattern may be invalid, or too costly
1659 | 14-18 | bpcharregexne(character, text) | boolean | fis-- | faultable |  | the pattern may be invalid, or too costly
1660 | 14-18 | bpchariclike(character, text) | boolean | fis-p | total | plain-pattern@1 | a pattern that ends in an escape raises only when the text matched up to it
1661 | 14-18 | bpcharicnlike(character, text) | boolean | fis-- | total | plain-pattern@1 | a pattern that ends in an escape raises only when the text matched up to it
1662 | 14-18 | pg_get_triggerdef(oid) | text | fss-- | faultable |  | tells definitions; holds no stored value
1665 | 14-18 | pg_get_serial_sequence(text, text) | text | fss-- | faultable |  | tells definitions; holds no stored value
1666 | 14-18 | varbiteq(bit varying, bit varying) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1667 | 14-18 | varbitne(bit varying, bit varying) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1668 | 14-18 | varbitge(bit varying, bit varying) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1669 | 14-18 | varbitgt(bit varying, bit varying) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1670 | 14-18 | varbitle(bit varying, bit varying) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1671 | 14-18 | varbitlt(bit varying, bit varying) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1672 | 14-18 | varbitcmp(bit varying, bit varying) | integer | fis-- | total |  | compares two values; the collation is settled before any row
1673 | 14-18 | bitand(bit, bit) | bit | fis-- | faultable |  | lengths or positions may not fit
1674 | 14-18 | bitor(bit, bit) | bit | fis-- | faultable |  | lengths or positions may not fit
1675 | 14-18 | bitxor(bit, bit) | bit | fis-- | faultable |  | lengths or positions may not fit
1676 | 14-18 | bitnot(bit) | bit | fis-- | faultable |  | lengths or positions may not fit
1677 | 14-18 | bitshiftleft(bit, integer) | bit | fis-- | faultable |  | lengths or positions may not fit
1678 | 14-18 | bitshiftright(bit, integer) | bit | fis-- | faultable |  | lengths or positions may not fit
1679 | 14-18 | bitcat(bit varying, bit varying) | bit varying | fis-- | faultable |  | lengths or positions may not fit
1680 | 14-18 | substring(bit, integer, integer) | bit | fis-- | faultable |  | lengths or positions may not fit
1681 | 14-18 | length(bit) | integer | fis-- | total |  | cuts, changes or measures a text within its own length
1682 | 14-18 | octet_length(bit) | integer | fis-- | total |  | cuts, changes or measures a text within its own length
1683 | 14-18 | bit(integer, integer) | bit | fis-- | faultable |  | lengths or positions may not fit
1684 | 14-18 | int4(bit) | integer | fis-- | faultable |  | may overflow, divide by zero or leave its domain
1685 | 14-18 | bit(bit, integer, boolean) | bit | fis-- | faultable |  | lengths or positions may not fit
1686 | 14-18 | pg_get_keywords() | record | fssr- | faultable |  | tells definitions; holds no stored value
1687 | 14-18 | varbit(bit varying, integer, boolean) | bit varying | fis-p | faultable |  | lengths or positions may not fit
1688 | 14-18 | time_hash(time without time zone) | integer | fis-- | faultable |  | a hash; needs a hash function for the type
1689 | 14-18 | aclexplode(aclitem[]) | record | fssr- | faultable |  | tells definitions; holds no stored value
1690 | 14-18 | time_mi_time(time without time zone, time without time zone) | interval | fis-- | faultable |  | may be out of range
1691 | 14-18 | boolle(boolean, boolean) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1692 | 14-18 | boolge(boolean, boolean) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1693 | 14-18 | btboolcmp(boolean, boolean) | integer | fis-- | faultable |  | compares two values, as indexes do
1696 | 14-18 | timetz_hash(time with time zone) | integer | fis-- | faultable |  | a hash; needs a hash function for the type
1697 | 14-18 | interval_hash(interval) | integer | fis-- | faultable |  | a hash; needs a hash function for the type
1698 | 14-18 | position(bit, bit) | integer | fis-- | total |  | cuts, changes or measures a text within its own length
1699 | 14-18 | substring(bit, integer) | bit | fis-- | faultable |  | lengths or positions may not fit
1701 | 14-18 | numeric_in(cstring, oid, integer) | numeric | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
1702 | 14-18 | numeric_out(numeric) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
1703 | 14-18 | numeric(numeric, integer) | numeric | fis-p | total | numbers@0 | raises by how large numbers are: see walk/number-range.ts
1704 | 14-18 | numeric_abs(numeric) | numeric | fis-- | total |  | stays within its type
1705 | 14-18 | abs(numeric) | numeric | fis-- | total |  | stays within its type
1706 | 14-18 | sign(numeric) | numeric | fis-- | total |  | stays within its type
1707 | 14-18 | round(numeric, integer) | numeric | fis-- | total |  | stays within its type
1708 | 14-18 | round(numeric) | numeric | fis-- | total |  | stays within its type
1709 | 14-18 | trunc(numeric, integer) | numeric | fis-- | total |  | stays within its type
1710 | 14-18 | trunc(numeric) | numeric | fis-- | total |  | stays within its type
1711 | 14-18 | ceil(numeric) | numeric | fis-- | total |  | stays within its type
1712 | 14-18 | floor(numeric) | numeric | fis-- | total |  | stays within its type
1713 | 14-18 | length(bytea, name) | integer | fss-- | faultable |  | the bytes may not fit the encoding
1714 | 14-18 | convert_from(bytea, name) | text | fss-- | faultable |  | the bytes may not fit the encoding
1715 | 14-18 | cidr(inet) | cidr | fis-- | faultable |  | the address or mask may be out of range
1716 | 14-18 | pg_get_expr(pg_node_tree, oid) | text | fss-- | faultable |  | tells definitions; holds no stored value
1717 | 14-18 | convert_to(text, name) | bytea | fss-- | total | utf8@1 | every text has a form in UTF-8
1718 | 14-18 | numeric_eq(numeric, numeric) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1719 | 14-18 | numeric_ne(numeric, numeric) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1720 | 14-18 | numeric_gt(numeric, numeric) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1721 | 14-18 | numeric_ge(numeric, numeric) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1722 | 14-18 | numeric_lt(numeric, numeric) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1723 | 14-18 | numeric_le(numeric, numeric) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1724 | 14-18 | numeric_add(numeric, numeric) | numeric | fis-- | total | numbers@0 | raises by how large numbers are: see walk/number-range.ts
1725 | 14-18 | numeric_sub(numeric, numeric) | numeric | fis-- | total | numbers@0 | raises by how large numbers are: see walk/number-range.ts
1726 | 14-18 | numeric_mul(numeric, numeric) | numeric | fis-- | total | numbers@0 | raises by how large numbers are: see walk/number-range.ts
1727 | 14-18 | numeric_div(numeric, numeric) | numeric | fis-- | total | numbers@0 | raises by how large numbers are: see walk/number-range.ts
1728 | 14-18 | mod(numeric, numeric) | numeric | fis-- | total | numbers@0 | raises by how large numbers are: see walk/number-range.ts
1729 | 14-18 | numeric_mod(numeric, numeric) | numeric | fis-- | total | numbers@0 | raises by how large numbers are: see walk/number-range.ts
1730 | 14-18 | sqrt(numeric) | numeric | fis-- | faultable |  | may overflow, divide by zero or leave its domain
1731 | 14-18 | numeric_sqrt(numeric) | numeric | fis-- | faultable |  | may overflow, divide by zero or leave its domain
1732 | 14-18 | exp(numeric) | numeric | fis-- | faultable |  | may overflow, divide by zero or leave its domain
1733 | 14-18 | numeric_exp(numeric) | numeric | fis-- | faultable |  | may overflow, divide by zero or leave its domain
1734 | 14-18 | ln(numeric) | numeric | fis-- | faultable |  | may overflow, divide by zero or leave its domain
1735 | 14-18 | numeric_ln(numeric) | numeric | fis-- | faultable |  | may overflow, divide by zero or leave its domain
1736 | 14-18 | log(numeric, numeric) | numeric | fis-- | faultable |  | may overflow, divide by zero or leave its domain
1737 | 14-18 | numeric_log(numeric, numeric) | numeric | fis-- | faultable |  | may overflow, divide by zero or leave its domain
1738 | 14-18 | pow(numeric, numeric) | numeric | fis-- | faultable |  | may overflow, divide by zero or leave its domain
1739 | 14-18 | numeric_power(numeric, numeric) | numeric | fis-- | faultable |  | may overflow, divide by zero or leave its domain
1740 | 14-18 | numeric(integer) | numeric | fis-- | total |  | a cast into a wider type, or one that cuts
1741 | 14-18 | log(numeric) | numeric | fis-- | faultable |  | may overflow, divide by zero or leave its domain
1742 | 14-18 | numeric(real) | numeric | fis-- | faultable |  | may overflow, divide by zero or leave its domain
1743 | 14-18 | numeric(double precision) | numeric | fis-- | total |  | a cast into a wider type, or one that cuts
1744 | 14-18 | int4(numeric) | integer | fis-- | total | numbers@0 | raises by how large numbers are: see walk/number-range.ts
1745 | 14-18 | float4(numeric) | real | fis-- | faultable |  | may overflow, divide by zero or leave its domain
1746 | 14-18 | float8(numeric) | double precision | fis-- | total |  | raises only beyond 1e308, a bound that nobody can move
1747 | 14-18 | time_pl_interval(time without time zone, interval) | time without time zone | fis-- | faultable |  | may be out of range
1748 | 14-18 | time_mi_interval(time without time zone, interval) | time without time zone | fis-- | faultable |  | may be out of range
1749 | 14-18 | timetz_pl_interval(time with time zone, interval) | time with time zone | fis-- | faultable |  | may be out of range
1750 | 14-18 | timetz_mi_interval(time with time zone, interval) | time with time zone | fis-- | faultable |  | may be out of range
1764 | 14-18 | numeric_inc(numeric) | numeric | fis-- | faultable |  | may overflow, divide by zero or leave its domain
1765 | 14-18 | setval(regclass, bigint, boolean) | bigint | fvs-- | effect |  | moves a sequence, where anybody may read it
1766 | 14-18 | numeric_smaller(numeric, numeric) | numeric | fis-- | total |  | keeps one of two values
1767 | 14-18 | numeric_larger(numeric, numeric) | numeric | fis-- | total |  | keeps one of two values
1768 | 14-18 | to_char(interval, text) | text | fss-- | faultable |  | some parts of a format are not for intervals
1769 | 14-18 | numeric_cmp(numeric, numeric) | integer | fis-- | total |  | compares two values; the collation is settled before any row
1770 | 14-18 | to_char(timestamp with time zone, text) | text | fss-- | total | literal@1 | prints by a fixed format: no value can fail
1771 | 14-18 | numeric_uminus(numeric) | numeric | fis-- | total |  | stays within its type
1772 | 14-18 | to_char(numeric, text) | text | fss-- | total | number-format@1 | prints by a plain format: no number can fail
1773 | 14-18 | to_char(integer, text) | text | fss-- | total | number-format@1 | prints by a plain format: no number can fail
1774 | 14-18 | to_char(bigint, text) | text | fss-- | total | number-format@1 | prints by a plain format: no number can fail
1775 | 14-18 | to_char(real, text) | text | fss-- | total | number-format@1 | prints by a plain format: no number can fail
1776 | 14-18 | to_char(double precision, text) | text | fss-- | total | number-format@1 | prints by a plain format: no number can fail
1777 | 14-18 | to_number(text, text) | numeric | fss-- | faultable |  | the number may not fit
1778 | 14-18 | to_timestamp(text, text) | timestamp with time zone | fss-- | faultable |  | clock and time zone; results may be out of range
1779 | 14-18 | int8(numeric) | bigint | fis-- | total | numbers@0 | raises by how large numbers are: see walk/number-range.ts
1780 | 14-18 | to_date(text, text) | date | fss-- | faultable |  | clock and time zone; results may be out of range
1781 | 14-18 | numeric(bigint) | numeric | fis-- | total |  | a cast into a wider type, or one that cuts
1782 | 14-18 | numeric(smallint) | numeric | fis-- | total |  | a cast into a wider type, or one that cuts
1783 | 14-18 | int2(numeric) | smallint | fis-- | total | numbers@0 | raises by how large numbers are: see walk/number-range.ts
1798 | 14-18 | oidin(cstring) | oid | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
1799 | 14-18 | oidout(oid) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
1810 | 14-18 | bit_length(bytea) | integer | fis-- | total |  | cuts, changes or measures a text within its own length
1811 | 14-18 | bit_length(text) | integer | fis-- | total |  | cuts, changes or measures a text within its own length
1812 | 14-18 | bit_length(bit) | integer | fis-- | total |  | cuts, changes or measures a text within its own length
1813 | 14-18 | convert(bytea, name, name) | bytea | fss-- | faultable |  | the bytes may not fit the encoding
1814 | 14-18 | iclikesel(internal, oid, internal, integer) | double precision | fss-- | refused |  | takes or gives a value of the server's own memory
1815 | 14-18 | icnlikesel(internal, oid, internal, integer) | double precision | fss-- | refused |  | takes or gives a value of the server's own memory
1816 | 14-18 | iclikejoinsel(internal, oid, internal, smallint, internal) | double precision | fss-- | refused |  | takes or gives a value of the server's own memory
1817 | 14-18 | icnlikejoinsel(internal, oid, internal, smallint, internal) | double precision | fss-- | refused |  | takes or gives a value of the server's own memory
1818 | 14-18 | regexeqsel(internal, oid, internal, integer) | double precision | fss-- | refused |  | takes or gives a value of the server's own memory
1819 | 14-18 | likesel(internal, oid, internal, integer) | double precision | fss-- | refused |  | takes or gives a value of the server's own memory
1820 | 14-18 | icregexeqsel(internal, oid, internal, integer) | double precision | fss-- | refused |  | takes or gives a value of the server's own memory
1821 | 14-18 | regexnesel(internal, oid, internal, integer) | double precision | fss-- | refused |  | takes or gives a value of the server's own memory
1822 | 14-18 | nlikesel(internal, oid, internal, integer) | double precision | fss-- | refused |  | takes or gives a value of the server's own memory
1823 | 14-18 | icregexnesel(internal, oid, internal, integer) | double precision | fss-- | refused |  | takes or gives a value of the server's own memory
1824 | 14-18 | regexeqjoinsel(internal, oid, internal, smallint, internal) | double precision | fss-- | refused |  | takes or gives a value of the server's own memory
1825 | 14-18 | likejoinsel(internal, oid, internal, smallint, internal) | double precision | fss-- | refused |  | takes or gives a value of the server's own memory
1826 | 14-18 | icregexeqjoinsel(internal, oid, internal, smallint, internal) | double precision | fss-- | refused |  | takes or gives a value of the server's own memory
1827 | 14-18 | regexnejoinsel(internal, oid, internal, smallint, internal) | double precision | fss-- | refused |  | takes or gives a value of the server's own memory
1828 | 14-18 | nlikejoinsel(internal, oid, internal, smallint, internal) | double precision | fss-- | refused |  | takes or gives a value of the server's own memory
1829 | 14-18 | icregexnejoinsel(internal, oid, internal, smallint, internal) | double precision | fss-- | refused |  | takes or gives a value of the server's own memory
1830 | 14-18 | float8_avg(double precision[]) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
1831 | 14-18 | float8_var_samp(double precision[]) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
1832 | 14-18 | float8_stddev_samp(double precision[]) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
1833 | 14-18 | numeric_accum(internal, numeric) | internal | fi--- | refused |  | takes or gives a value of the server's own memory
1834 | 14-18 | int2_accum(internal, smallint) | internal | fi--- | refused |  | takes or gives a value of the server's own memory
1835 | 14-18 | int4_accum(internal, integer) | internal | fi--- | refused |  | takes or gives a value of the server's own memory
1836 | 14-18 | int8_accum(internal, bigint) | internal | fi--- | refused |  | takes or gives a value of the server's own memory
1837 | 14-18 | numeric_avg(internal) | numeric | fi--- | refused |  | takes or gives a value of the server's own memory
1838 | 14-18 | numeric_var_samp(internal) | numeric | fi--- | refused |  | takes or gives a value of the server's own memory
1839 | 14-18 | numeric_stddev_samp(internal) | numeric | fi--- | refused |  | takes or gives a value of the server's own memory
1840 | 14-18 | int2_sum(bigint, smallint) | bigint | fi--- | faultable |  | may overflow, divide by zero or leave its domain
1841 | 14-18 | int4_sum(bigint, integer) | bigint | fi--- | faultable |  | may overflow, divide by zero or leave its domain
1842 | 14-18 | int8_sum(numeric, bigint) | numeric | fi--- | faultable |  | may overflow, divide by zero or leave its domain
1843 | 14-16 | interval_accum(interval[], interval) | interval[] | fis-- | faultable |  | a step of an aggregate: raises for a state that is none, or outside aggregates
1843 | 17-18 | interval_avg_accum(internal, interval) | internal | fi--- | refused |  | takes or gives a value of the server's own memory
1844 | 14-16 | interval_avg(interval[]) | interval | fis-- | faultable |  | a step of an aggregate: raises for a state that is none, or outside aggregates
1844 | 17-18 | interval_avg(internal) | interval | fi--- | refused |  | takes or gives a value of the server's own memory
1845 | 14-18 | to_ascii(text) | text | fis-- | faultable |  | text that may not fit, or is not what it should be
1846 | 14-18 | to_ascii(text, integer) | text | fis-- | faultable |  | text that may not fit, or is not what it should be
1847 | 14-18 | to_ascii(text, name) | text | fis-- | faultable |  | text that may not fit, or is not what it should be
1848 | 14-18 | interval_pl_time(interval, time without time zone) | time without time zone | fis-- | faultable |  | may be out of range
1850 | 14-18 | int28eq(smallint, bigint) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1851 | 14-18 | int28ne(smallint, bigint) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1852 | 14-18 | int28lt(smallint, bigint) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1853 | 14-18 | int28gt(smallint, bigint) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1854 | 14-18 | int28le(smallint, bigint) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1855 | 14-18 | int28ge(smallint, bigint) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1856 | 14-18 | int82eq(bigint, smallint) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1857 | 14-18 | int82ne(bigint, smallint) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1858 | 14-18 | int82lt(bigint, smallint) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1859 | 14-18 | int82gt(bigint, smallint) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1860 | 14-18 | int82le(bigint, smallint) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1861 | 14-18 | int82ge(bigint, smallint) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1892 | 14-18 | int2and(smallint, smallint) | smallint | fis-- | total |  | stays within its type
1893 | 14-18 | int2or(smallint, smallint) | smallint | fis-- | total |  | stays within its type
1894 | 14-18 | int2xor(smallint, smallint) | smallint | fis-- | total |  | stays within its type
1895 | 14-18 | int2not(smallint) | smallint | fis-- | total |  | stays within its type
1896 | 14-18 | int2shl(smallint, integer) | smallint | fis-- | faultable |  | may overflow, divide by zero or leave its domain
1897 | 14-18 | int2shr(smallint, integer) | smallint | fis-- | faultable |  | may overflow, divide by zero or leave its domain
1898 | 14-18 | int4and(integer, integer) | integer | fis-- | total |  | stays within its type
1899 | 14-18 | int4or(integer, integer) | integer | fis-- | total |  | stays within its type
1900 | 14-18 | int4xor(integer, integer) | integer | fis-- | total |  | stays within its type
1901 | 14-18 | int4not(integer) | integer | fis-- | total |  | stays within its type
1902 | 14-18 | int4shl(integer, integer) | integer | fis-- | faultable |  | may overflow, divide by zero or leave its domain
1903 | 14-18 | int4shr(integer, integer) | integer | fis-- | faultable |  | may overflow, divide by zero or leave its domain
1904 | 14-18 | int8and(bigint, bigint) | bigint | fis-- | total |  | stays within its type
1905 | 14-18 | int8or(bigint, bigint) | bigint | fis-- | total |  | stays within its type
1906 | 14-18 | int8xor(bigint, bigint) | bigint | fis-- | total |  | stays within its type
1907 | 14-18 | int8not(bigint) | bigint | fis-- | total |  | stays within its type
1908 | 14-18 | int8shl(bigint, integer) | bigint | fis-- | faultable |  | may overflow, divide by zero or leave its domain
1909 | 14-18 | int8shr(bigint, integer) | bigint | fis-- | faultable |  | may overflow, divide by zero or leave its domain
1910 | 14-18 | int8up(bigint) | bigint | fis-- | total |  | stays within its type
1911 | 14-18 | int2up(smallint) | smallint | fis-- | total |  | stays within its type
1912 | 14-18 | int4up(integer) | integer | fis-- | total |  | stays within its type
1913 | 14-18 | float4up(real) | real | fis-- | total |  | stays within its type
1914 | 14-18 | float8up(double precision) | double precision | fis-- | total |  | stays within its type
1915 | 14-18 | numeric_uplus(numeric) | numeric | fis-- | total |  | stays within its type
1922 | 14-18 | has_table_privilege(name, text, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
1923 | 14-18 | has_table_privilege(name, oid, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
1924 | 14-18 | has_table_privilege(oid, text, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
1925 | 14-18 | has_table_privilege(oid, oid, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
1926 | 14-18 | has_table_privilege(text, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
1927 | 14-18 | has_table_privilege(oid, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
1928 | 14-18 | pg_stat_get_numscans(oid) | bigint | fss-- | reads |  | counters of what was done to tables
1929 | 14-18 | pg_stat_get_tuples_returned(oid) | bigint | fss-- | reads |  | counters of what was done to tables
1930 | 14-18 | pg_stat_get_tuples_fetched(oid) | bigint | fss-- | reads |  | counters of what was done to tables
1931 | 14-18 | pg_stat_get_tuples_inserted(oid) | bigint | fss-- | reads |  | counters of what was done to tables
1932 | 14-18 | pg_stat_get_tuples_updated(oid) | bigint | fss-- | reads |  | counters of what was done to tables
1933 | 14-18 | pg_stat_get_tuples_deleted(oid) | bigint | fss-- | reads |  | counters of what was done to tables
1934 | 14-18 | pg_stat_get_blocks_fetched(oid) | bigint | fss-- | reads |  | counters of what was done to tables
1935 | 14-18 | pg_stat_get_blocks_hit(oid) | bigint | fss-- | reads |  | counters of what was done to tables
1936 | 14-18 | pg_stat_get_backend_idset() | integer | fssr- | faultable |  | the session, its transaction or the state of the server; no stored value
1937 | 14-18 | pg_stat_get_backend_pid(integer) | integer | fss-- | faultable |  | the session, its transaction or the state of the server; no stored value
1938 | 14-18 | pg_stat_get_backend_dbid(integer) | oid | fss-- | faultable |  | the session, its transaction or the state of the server; no stored value
1939 | 14-18 | pg_stat_get_backend_userid(integer) | oid | fss-- | faultable |  | the session, its transaction or the state of the server; no stored value
1940 | 14-18 | pg_stat_get_backend_activity(integer) | text | fss-- | reads |  | what other sessions do, in part their statements
1941 | 14-18 | pg_stat_get_db_numbackends(oid) | integer | fss-- | faultable |  | the session, its transaction or the state of the server; no stored value
1942 | 14-18 | pg_stat_get_db_xact_commit(oid) | bigint | fss-- | reads |  | counters of what was done to tables
1943 | 14-18 | pg_stat_get_db_xact_rollback(oid) | bigint | fss-- | reads |  | counters of what was done to tables
1944 | 14-18 | pg_stat_get_db_blocks_fetched(oid) | bigint | fss-- | reads |  | counters of what was done to tables
1945 | 14-18 | pg_stat_get_db_blocks_hit(oid) | bigint | fss-- | reads |  | counters of what was done to tables
1946 | 14-18 | encode(bytea, text) | text | fis-- | total | encoding@1 | raises for an unknown name
1947 | 14-18 | decode(text, text) | bytea | fis-- | faultable |  | lengths or positions may not fit
1948 | 14-18 | byteaeq(bytea, bytea) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1949 | 14-18 | bytealt(bytea, bytea) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1950 | 14-18 | byteale(bytea, bytea) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1951 | 14-18 | byteagt(bytea, bytea) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1952 | 14-18 | byteage(bytea, bytea) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1953 | 14-18 | byteane(bytea, bytea) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
1954 | 14-18 | byteacmp(bytea, bytea) | integer | fis-- | total |  | compares two values; the collation is settled before any row
1961 | 14-18 | timestamp(timestamp without time zone, integer) | timestamp without time zone | fis-p | faultable |  | may be out of range
1962 | 14-18 | int2_avg_accum(bigint[], smallint) | bigint[] | fis-- | faultable |  | a step of an aggregate: raises for a state that is none, or outside aggregates
1963 | 14-18 | int4_avg_accum(bigint[], integer) | bigint[] | fis-- | faultable |  | a step of an aggregate: raises for a state that is none, or outside aggregates
1964 | 14-18 | int8_avg(bigint[]) | numeric | fis-- | faultable |  | may overflow, divide by zero or leave its domain
1965 | 14-18 | oidlarger(oid, oid) | oid | fis-- | total |  | keeps one of two values
1966 | 14-18 | oidsmaller(oid, oid) | oid | fis-- | total |  | keeps one of two values
1967 | 14-18 | timestamptz(timestamp with time zone, integer) | timestamp with time zone | fis-p | faultable |  | may be out of range
1968 | 14-18 | time(time without time zone, integer) | time without time zone | fis-p | faultable |  | may be out of range
1969 | 14-18 | timetz(time with time zone, integer) | time with time zone | fis-p | faultable |  | may be out of range
1972 | 14-18 | pg_stat_get_tuples_hot_updated(oid) | bigint | fss-- | reads |  | counters of what was done to tables
1973 | 14-18 | div(numeric, numeric) | numeric | fis-- | total | numbers@0 | raises by how large numbers are: see walk/number-range.ts
1980 | 14-18 | numeric_div_trunc(numeric, numeric) | numeric | fis-- | total | numbers@0 | raises by how large numbers are: see walk/number-range.ts
1986 | 14-18 | similar_to_escape(text, text) | text | fis-- | faultable |  | the pattern may be invalid, or too costly
1987 | 14-18 | similar_to_escape(text) | text | fis-- | faultable |  | the pattern may be invalid, or too costly
1993 | 14-18 | shobj_description(oid, name) | text | fss-- | faultable |  | tells definitions; holds no stored value
2003 | 14-18 | textanycat(text, anynonarray) | text | fss-- | total |  | makes a longer text
2004 | 14-18 | anytextcat(anynonarray, text) | text | fss-- | total |  | makes a longer text
2005 | 14-18 | bytealike(bytea, bytea) | boolean | fis-p | total | plain-pattern@1 | a pattern that ends in an escape raises only when the text matched up to it
2006 | 14-18 | byteanlike(bytea, bytea) | boolean | fis-- | total | plain-pattern@1 | a pattern that ends in an escape raises only when the text matched up to it
2007 | 14-18 | like(bytea, bytea) | boolean | fis-p | total | plain-pattern@1 | a pattern that ends in an escape raises only when the text matched up to it
2008 | 14-18 | notlike(bytea, bytea) | boolean | fis-- | total | plain-pattern@1 | a pattern that ends in an escape raises only when the text matched up to it
2009 | 14-18 | like_escape(bytea, bytea) | bytea | fis-- | faultable |  | the pattern may be invalid, or too costly
2010 | 14-18 | length(bytea) | integer | fis-- | total |  | cuts, changes or measures a text within its own length
2011 | 14-18 | byteacat(bytea, bytea) | bytea | fis-- | total |  | makes a longer text
2012 | 14-18 | substring(bytea, integer, integer) | bytea | fis-- | total | small-literal@2 | a negative or huge length raises
2013 | 14-18 | substring(bytea, integer) | bytea | fis-- | total |  | cuts, changes or measures a text within its own length
2014 | 14-18 | position(bytea, bytea) | integer | fis-- | total |  | cuts, changes or measures a text within its own length
2015 | 14-18 | btrim(bytea, bytea) | bytea | fis-- | total |  | cuts, changes or measures a text within its own length
2019 | 14-18 | time(timestamp with time zone) | time without time zone | fss-- | faultable |  | clock and time zone; results may be out of range
2020 | 14-18 | date_trunc(text, timestamp without time zone) | timestamp without time zone | fis-- | total | timestamp-unit@0 | cuts off the smaller parts: an unknown unit raises, for any value but NULL
2021 | 14-18 | date_part(text, timestamp without time zone) | double precision | fis-- | total | timestamp-field@0 | a part of a date or time: an unknown field raises, for any value but NULL
2022 | 14-18 | pg_stat_get_activity(integer) | record | fs-r- | reads |  | what other sessions do, in part their statements
2023 | 14-18 | jsonb_path_query_first_tz(jsonb, jsonpath, jsonb, boolean) | jsonb | fss-- | faultable |  | the path may demand what the document lacks
2024 | 14-18 | timestamp(date) | timestamp without time zone | fis-- | total |  | raises only for dates after the year 294276, a bound that nobody can move
2025 | 14-18 | timestamp(date, time without time zone) | timestamp without time zone | fis-- | faultable |  | may be out of range
2026 | 14-18 | pg_backend_pid() | integer | fss-- | faultable |  | the session, its transaction or the state of the server; no stored value
2027 | 14-18 | timestamp(timestamp with time zone) | timestamp without time zone | fss-- | faultable |  | clock and time zone; results may be out of range
2028 | 14-18 | timestamptz(timestamp without time zone) | timestamp with time zone | fss-- | faultable |  | clock and time zone; results may be out of range
2029 | 14-18 | date(timestamp without time zone) | date | fis-- | total |  | a cast into a wider type, or one that cuts
2030 | 14-18 | jsonb_path_match_tz(jsonb, jsonpath, jsonb, boolean) | boolean | fss-- | faultable |  | the path may demand what the document lacks
2031 | 14-18 | timestamp_mi(timestamp without time zone, timestamp without time zone) | interval | fis-- | total | dates@0 | raises by how far away dates are: see walk/date-range.ts
2032 | 14-18 | timestamp_pl_interval(timestamp without time zone, interval) | timestamp without time zone | fis-- | total | small-interval@1 | raises only thousands of years away
2033 | 14-18 | timestamp_mi_interval(timestamp without time zone, interval) | timestamp without time zone | fis-- | total | small-interval@1 | raises only thousands of years away
2034 | 14-18 | pg_conf_load_time() | timestamp with time zone | fss-- | faultable |  | the session, its transaction or the state of the server; no stored value
2035 | 14-18 | timestamp_smaller(timestamp without time zone, timestamp without time zone) | timestamp without time zone | fis-- | total |  | keeps one of two values
2036 | 14-18 | timestamp_larger(timestamp without time zone, timestamp without time zone) | timestamp without time zone | fis-- | total |  | keeps one of two values
2037 | 14 | timezone(text, time with time zone) | time with time zone | fvs-- | faultable |  | clock and time zone; results may be out of range
2037 | 15-18 | timezone(text, time with time zone) | time with time zone | fss-- | faultable |  | clock and time zone; results may be out of range
2038 | 14-18 | timezone(interval, time with time zone) | time with time zone | fis-- | faultable |  | may be out of range
2039 | 14-18 | timestamp_hash(timestamp without time zone) | integer | fis-- | faultable |  | a hash; needs a hash function for the type
2041 | 14-18 | overlaps(timestamp without time zone, timestamp without time zone, timestamp without time zone, timestamp without time zone) | boolean | fi--- | faultable |  | may be out of range
2042 | 14-18 | overlaps(timestamp without time zone, interval, timestamp without time zone, interval) | boolean | fi--- | faultable |  | may be out of range
2043 | 14-18 | overlaps(timestamp without time zone, timestamp without time zone, timestamp without time zone, interval) | boolean | fi--- | faultable |  | may be out of range
2044 | 14-18 | overlaps(timestamp without time zone, interval, timestamp without time zone, timestamp without time zone) | boolean | fi--- | faultable |  | may be out of range
2045 | 14-18 | timestamp_cmp(timestamp without time zone, timestamp without time zone) | integer | fis-- | total |  | compares two values; the collation is settled before any row
2046 | 14-18 | time(time with time zone) | time without time zone | fis-- | faultable |  | may be out of range
2047 | 14-18 | timetz(time without time zone) | time with time zone | fss-- | faultable |  | clock and time zone; results may be out of range
2048 | 14-18 | isfinite(timestamp without time zone) | boolean | fis-- | total |  | defined for every value
2049 | 14-18 | to_char(timestamp without time zone, text) | text | fss-- | total | literal@1 | prints by a fixed format: no value can fail
2050 | 14-18 | max(anyarray) | anyarray | ai--- | total | plain-arrays@0 | keeps one input; raises for elements that cannot be compared
2051 | 14-18 | min(anyarray) | anyarray | ai--- | total | plain-arrays@0 | keeps one input; raises for elements that cannot be compared
2052 | 14-18 | timestamp_eq(timestamp without time zone, timestamp without time zone) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
2053 | 14-18 | timestamp_ne(timestamp without time zone, timestamp without time zone) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
2054 | 14-18 | timestamp_lt(timestamp without time zone, timestamp without time zone) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
2055 | 14-18 | timestamp_le(timestamp without time zone, timestamp without time zone) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
2056 | 14-18 | timestamp_ge(timestamp without time zone, timestamp without time zone) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
2057 | 14-18 | timestamp_gt(timestamp without time zone, timestamp without time zone) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
2058 | 14-18 | age(timestamp without time zone, timestamp without time zone) | interval | fis-- | total | dates@0 | raises by how far away dates are: see walk/date-range.ts
2059 | 14-18 | age(timestamp without time zone) | interval | fss-- | total | dates@0 | raises by how far away dates are: see walk/date-range.ts
2069 | 14-18 | timezone(text, timestamp without time zone) | timestamp with time zone | fis-- | total | time-zone@0 | raises for an unknown name
2070 | 14-18 | timezone(interval, timestamp without time zone) | timestamp with time zone | fis-- | faultable |  | may be out of range
2071 | 14-18 | date_pl_interval(date, interval) | timestamp without time zone | fis-- | total | small-interval@1 | raises only thousands of years away
2072 | 14-18 | date_mi_interval(date, interval) | timestamp without time zone | fis-- | total | small-interval@1 | raises only thousands of years away
2073 | 14-18 | substring(text, text) | text | fis-- | total | plain-regex@1 | a plain pattern is valid and cheap
2074 | 14-18 | substring(text, text, text) | text | fis-- | faultable |  | the pattern may be invalid, or too costly
2075 | 14-18 | bit(bigint, integer) | bit | fis-- | faultable |  | lengths or positions may not fit
2076 | 14-18 | int8(bit) | bigint | fis-- | faultable |  | may overflow, divide by zero or leave its domain
2077 | 14-18 | current_setting(text) | text | fss-- | faultable |  | settings of the session; nothing classified may be stored in them
2078 | 14-18 | set_config(text, text, boolean) | text | fv--- | setting |  | changes a setting: the name is checked, the value is stored where anybody may read it
2079 | 14-18 | pg_table_is_visible(oid) | boolean | fss-- | faultable |  | tells definitions; holds no stored value
2080 | 14-18 | pg_type_is_visible(oid) | boolean | fss-- | faultable |  | tells definitions; holds no stored value
2081 | 14-18 | pg_function_is_visible(oid) | boolean | fss-- | faultable |  | tells definitions; holds no stored value
2082 | 14-18 | pg_operator_is_visible(oid) | boolean | fss-- | faultable |  | tells definitions; holds no stored value
2083 | 14-18 | pg_opclass_is_visible(oid) | boolean | fss-- | faultable |  | tells definitions; holds no stored value
2084 | 14-18 | pg_show_all_settings() | record | fssr- | faultable |  | settings of the session; nothing classified may be stored in them
2085 | 14-18 | substr(bytea, integer, integer) | bytea | fis-- | total | small-literal@2 | a negative or huge length raises
2086 | 14-18 | substr(bytea, integer) | bytea | fis-- | total |  | cuts, changes or measures a text within its own length
2087 | 14-18 | replace(text, text, text) | text | fis-- | total |  | makes a longer text
2088 | 14-18 | split_part(text, text, integer) | text | fis-- | total | positive-literal@2 | a position of zero raises
2089 | 14-18 | to_hex(integer) | text | fis-- | total |  | cuts, changes or measures a text within its own length
2090 | 14-18 | to_hex(bigint) | text | fis-- | total |  | cuts, changes or measures a text within its own length
2091 | 14-18 | array_lower(anyarray, integer) | integer | fis-- | total |  | measures, compares or unfolds
2092 | 14-18 | array_upper(anyarray, integer) | integer | fis-- | total |  | measures, compares or unfolds
2093 | 14-18 | pg_conversion_is_visible(oid) | boolean | fss-- | faultable |  | tells definitions; holds no stored value
2094 | 14-18 | pg_stat_get_backend_activity_start(integer) | timestamp with time zone | fss-- | reads |  | what other sessions do, in part their statements
2096 | 14-18 | pg_terminate_backend(integer, bigint) | boolean | fvs-- | refused |  | controls other sessions, statistics or the server
2098 | 14-18 | pg_get_functiondef(oid) | text | fss-- | faultable |  | tells definitions; holds no stored value
2100 | 14-18 | avg(bigint) | numeric | ai--- | total |  | adds in a wider type: cannot overflow
2101 | 14-18 | avg(integer) | numeric | ai--- | total |  | adds in a wider type: cannot overflow
2102 | 14-18 | avg(smallint) | numeric | ai--- | total |  | adds in a wider type: cannot overflow
2103 | 14-18 | avg(numeric) | numeric | ai--- | total |  | adds in a wider type: cannot overflow
2104 | 14-18 | avg(real) | double precision | ai--- | faultable |  | may overflow
2105 | 14-18 | avg(double precision) | double precision | ai--- | faultable |  | may overflow
2106 | 14-18 | avg(interval) | interval | ai--- | faultable |  | may overflow
2107 | 14-18 | sum(bigint) | numeric | ai--- | total |  | adds in a wider type: cannot overflow
2108 | 14-18 | sum(integer) | bigint | ai--- | total |  | adds in a wider type: cannot overflow
2109 | 14-18 | sum(smallint) | bigint | ai--- | total |  | adds in a wider type: cannot overflow
2110 | 14-18 | sum(real) | real | ai--- | faultable |  | may overflow
2111 | 14-18 | sum(double precision) | double precision | ai--- | faultable |  | may overflow
2112 | 14-18 | sum(money) | money | ai--- | faultable |  | may overflow
2113 | 14-18 | sum(interval) | interval | ai--- | faultable |  | may overflow
2114 | 14-18 | sum(numeric) | numeric | ai--- | total |  | adds in a wider type: cannot overflow
2115 | 14-18 | max(bigint) | bigint | ai--- | total |  | keeps one of its inputs
2116 | 14-18 | max(integer) | integer | ai--- | total |  | keeps one of its inputs
2117 | 14-18 | max(smallint) | smallint | ai--- | total |  | keeps one of its inputs
2118 | 14-18 | max(oid) | oid | ai--- | total |  | keeps one of its inputs
2119 | 14-18 | max(real) | real | ai--- | total |  | keeps one of its inputs
2120 | 14-18 | max(double precision) | double precision | ai--- | total |  | keeps one of its inputs
2121 | 14-18 | pg_column_compression("any") | text | fss-- | faultable |  | how a value is stored
2122 | 14-18 | max(date) | date | ai--- | total |  | keeps one of its inputs
2123 | 14-18 | max(time without time zone) | time without time zone | ai--- | total |  | keeps one of its inputs
2124 | 14-18 | max(time with time zone) | time with time zone | ai--- | total |  | keeps one of its inputs
2125 | 14-18 | max(money) | money | ai--- | total |  | keeps one of its inputs
2126 | 14-18 | max(timestamp without time zone) | timestamp without time zone | ai--- | total |  | keeps one of its inputs
2127 | 14-18 | max(timestamp with time zone) | timestamp with time zone | ai--- | total |  | keeps one of its inputs
2128 | 14-18 | max(interval) | interval | ai--- | total |  | keeps one of its inputs
2129 | 14-18 | max(text) | text | ai--- | total |  | keeps one of its inputs
2130 | 14-18 | max(numeric) | numeric | ai--- | total |  | keeps one of its inputs
2131 | 14-18 | min(bigint) | bigint | ai--- | total |  | keeps one of its inputs
2132 | 14-18 | min(integer) | integer | ai--- | total |  | keeps one of its inputs
2133 | 14-18 | min(smallint) | smallint | ai--- | total |  | keeps one of its inputs
2134 | 14-18 | min(oid) | oid | ai--- | total |  | keeps one of its inputs
2135 | 14-18 | min(real) | real | ai--- | total |  | keeps one of its inputs
2136 | 14-18 | min(double precision) | double precision | ai--- | total |  | keeps one of its inputs
2137 | 15-18 | pg_stat_force_next_flush() | void | fv--- | faultable |  | the session, its transaction or the state of the server; no stored value
2138 | 14-18 | min(date) | date | ai--- | total |  | keeps one of its inputs
2139 | 14-18 | min(time without time zone) | time without time zone | ai--- | total |  | keeps one of its inputs
2140 | 14-18 | min(time with time zone) | time with time zone | ai--- | total |  | keeps one of its inputs
2141 | 14-18 | min(money) | money | ai--- | total |  | keeps one of its inputs
2142 | 14-18 | min(timestamp without time zone) | timestamp without time zone | ai--- | total |  | keeps one of its inputs
2143 | 14-18 | min(timestamp with time zone) | timestamp with time zone | ai--- | total |  | keeps one of its inputs
2144 | 14-18 | min(interval) | interval | ai--- | total |  | keeps one of its inputs
2145 | 14-18 | min(text) | text | ai--- | total |  | keeps one of its inputs
2146 | 14-18 | min(numeric) | numeric | ai--- | total |  | keeps one of its inputs
2147 | 14 | count("any") | bigint | ai--- | total |  | counts rows
2147 | 15-18 | count("any") | bigint | ai--p | total |  | counts rows
2148 | 14-18 | variance(bigint) | numeric | ai--- | total |  | adds in a wider type: cannot overflow
2149 | 14-18 | variance(integer) | numeric | ai--- | total |  | adds in a wider type: cannot overflow
2150 | 14-18 | variance(smallint) | numeric | ai--- | total |  | adds in a wider type: cannot overflow
2151 | 14-18 | variance(real) | double precision | ai--- | faultable |  | may overflow
2152 | 14-18 | variance(double precision) | double precision | ai--- | faultable |  | may overflow
2153 | 14-18 | variance(numeric) | numeric | ai--- | total |  | adds in a wider type: cannot overflow
2154 | 14-18 | stddev(bigint) | numeric | ai--- | total |  | adds in a wider type: cannot overflow
2155 | 14-18 | stddev(integer) | numeric | ai--- | total |  | adds in a wider type: cannot overflow
2156 | 14-18 | stddev(smallint) | numeric | ai--- | total |  | adds in a wider type: cannot overflow
2157 | 14-18 | stddev(real) | double precision | ai--- | faultable |  | may overflow
2158 | 14-18 | stddev(double precision) | double precision | ai--- | faultable |  | may overflow
2159 | 14-18 | stddev(numeric) | numeric | ai--- | total |  | adds in a wider type: cannot overflow
2160 | 14-18 | text_pattern_lt(text, text) | boolean | fis-- | faultable |  | compares two values
2161 | 14-18 | text_pattern_le(text, text) | boolean | fis-- | faultable |  | compares two values
2162 | 14-18 | pg_get_function_arguments(oid) | text | fss-- | faultable |  | tells definitions; holds no stored value
2163 | 14-18 | text_pattern_ge(text, text) | boolean | fis-- | faultable |  | compares two values
2164 | 14-18 | text_pattern_gt(text, text) | boolean | fis-- | faultable |  | compares two values
2165 | 14-18 | pg_get_function_result(oid) | text | fss-- | faultable |  | tells definitions; holds no stored value
2166 | 14-18 | bttext_pattern_cmp(text, text) | integer | fis-- | faultable |  | compares two values, as indexes do
2167 | 14-18 | ceiling(numeric) | numeric | fis-- | total |  | stays within its type
2168 | 14-18 | pg_database_size(name) | bigint | fvs-- | reads |  | how much is stored depends on what is stored
2169 | 14-18 | power(numeric, numeric) | numeric | fis-- | faultable |  | may overflow, divide by zero or leave its domain
2170 | 14-18 | width_bucket(numeric, numeric, numeric, integer) | integer | fis-- | faultable |  | shapes may not fit, or grow too large
2171 | 14-18 | pg_cancel_backend(integer) | boolean | fvs-- | refused |  | controls other sessions, statistics or the server
2172 | 14 | pg_start_backup(text, boolean, boolean) | pg_lsn | fvs-- | refused |  | controls other sessions or the server
2172 | 15-18 | pg_backup_start(text, boolean) | pg_lsn | fvs-- | refused |  | controls other sessions, statistics or the server
2173 | 14 | pg_stop_backup() | pg_lsn | fvs-- | refused |  | controls other sessions or the server
2174 | 14-18 | bpchar_pattern_lt(character, character) | boolean | fis-- | faultable |  | text that may not fit, or is not what it should be
2175 | 14-18 | bpchar_pattern_le(character, character) | boolean | fis-- | faultable |  | text that may not fit, or is not what it should be
2176 | 14-18 | array_length(anyarray, integer) | integer | fis-- | total |  | measures, compares or unfolds
2177 | 14-18 | bpchar_pattern_ge(character, character) | boolean | fis-- | faultable |  | text that may not fit, or is not what it should be
2178 | 14-18 | bpchar_pattern_gt(character, character) | boolean | fis-- | faultable |  | text that may not fit, or is not what it should be
2179 | 14-18 | gist_point_consistent(internal, point, smallint, oid, internal) | boolean | fis-- | refused |  | takes or gives a value of the server's own memory
2180 | 14-18 | btbpchar_pattern_cmp(character, character) | integer | fis-- | faultable |  | compares two values, as indexes do
2181 | 14-18 | has_sequence_privilege(name, text, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
2182 | 14-18 | has_sequence_privilege(name, oid, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
2183 | 14-18 | has_sequence_privilege(oid, text, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
2184 | 14-18 | has_sequence_privilege(oid, oid, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
2185 | 14-18 | has_sequence_privilege(text, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
2186 | 14-18 | has_sequence_privilege(oid, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
2188 | 14-18 | btint48cmp(integer, bigint) | integer | fis-- | faultable |  | compares two values, as indexes do
2189 | 14-18 | btint84cmp(bigint, integer) | integer | fis-- | faultable |  | compares two values, as indexes do
2190 | 14-18 | btint24cmp(smallint, integer) | integer | fis-- | faultable |  | compares two values, as indexes do
2191 | 14-18 | btint42cmp(integer, smallint) | integer | fis-- | faultable |  | compares two values, as indexes do
2192 | 14-18 | btint28cmp(smallint, bigint) | integer | fis-- | faultable |  | compares two values, as indexes do
2193 | 14-18 | btint82cmp(bigint, smallint) | integer | fis-- | faultable |  | compares two values, as indexes do
2194 | 14-18 | btfloat48cmp(real, double precision) | integer | fis-- | faultable |  | compares two values, as indexes do
2195 | 14-18 | btfloat84cmp(double precision, real) | integer | fis-- | faultable |  | compares two values, as indexes do
2196 | 14-18 | inet_client_addr() | inet | fs--- | faultable |  | the session, its transaction or the state of the server; no stored value
2197 | 14-18 | inet_client_port() | integer | fs--- | faultable |  | the session, its transaction or the state of the server; no stored value
2198 | 14-18 | inet_server_addr() | inet | fs--- | faultable |  | the session, its transaction or the state of the server; no stored value
2199 | 14-18 | inet_server_port() | integer | fs--- | faultable |  | the session, its transaction or the state of the server; no stored value
2212 | 14-18 | regprocedurein(cstring) | regprocedure | fss-- | refused |  | input function: the server calls it for casts, which are judged as casts
2213 | 14-18 | regprocedureout(regprocedure) | cstring | fss-- | refused |  | output function: the server calls it for casts, which are judged as casts
2214 | 14-18 | regoperin(cstring) | regoper | fss-- | refused |  | input function: the server calls it for casts, which are judged as casts
2215 | 14-18 | regoperout(regoper) | cstring | fss-- | refused |  | output function: the server calls it for casts, which are judged as casts
2216 | 14-18 | regoperatorin(cstring) | regoperator | fss-- | refused |  | input function: the server calls it for casts, which are judged as casts
2217 | 14-18 | regoperatorout(regoperator) | cstring | fss-- | refused |  | output function: the server calls it for casts, which are judged as casts
2218 | 14-18 | regclassin(cstring) | regclass | fss-- | refused |  | input function: the server calls it for casts, which are judged as casts
2219 | 14-18 | regclassout(regclass) | cstring | fss-- | refused |  | output function: the server calls it for casts, which are judged as casts
2220 | 14-18 | regtypein(cstring) | regtype | fss-- | refused |  | input function: the server calls it for casts, which are judged as casts
2221 | 14-18 | regtypeout(regtype) | cstring | fss-- | refused |  | output function: the server calls it for casts, which are judged as casts
2230 | 14-18 | pg_stat_clear_snapshot() | void | fv--- | faultable |  | the session, its transaction or the state of the server; no stored value
2232 | 14-18 | pg_get_function_identity_arguments(oid) | text | fss-- | faultable |  | tells definitions; holds no stored value
2233 | 14-18 | hashtid(tid) | integer | fis-- | faultable |  | a hash; needs a hash function for the type
2234 | 14-18 | hashtidextended(tid, bigint) | bigint | fis-- | faultable |  | a hash; needs a hash function for the type
2236 | 14-18 | bit_and(smallint) | smallint | ai--- | total |  | combines bits
2237 | 14-18 | bit_or(smallint) | smallint | ai--- | total |  | combines bits
2238 | 14-18 | bit_and(integer) | integer | ai--- | total |  | combines bits
2239 | 14-18 | bit_or(integer) | integer | ai--- | total |  | combines bits
2240 | 14-18 | bit_and(bigint) | bigint | ai--- | total |  | combines bits
2241 | 14-18 | bit_or(bigint) | bigint | ai--- | total |  | combines bits
2242 | 14-18 | bit_and(bit) | bit | ai--- | total |  | combines bits
2243 | 14-18 | bit_or(bit) | bit | ai--- | total |  | combines bits
2244 | 14-18 | max(character) | character | ai--- | total |  | keeps one of its inputs
2245 | 14-18 | min(character) | character | ai--- | total |  | keeps one of its inputs
2246 | 14-18 | fmgr_internal_validator(oid) | void | fss-- | refused |  | part of a language, of DDL or of an access method
2247 | 14-18 | fmgr_c_validator(oid) | void | fss-- | refused |  | part of a language, of DDL or of an access method
2248 | 14-18 | fmgr_sql_validator(oid) | void | fss-- | refused |  | part of a language, of DDL or of an access method
2250 | 14-18 | has_database_privilege(name, text, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
2251 | 14-18 | has_database_privilege(name, oid, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
2252 | 14-18 | has_database_privilege(oid, text, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
2253 | 14-18 | has_database_privilege(oid, oid, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
2254 | 14-18 | has_database_privilege(text, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
2255 | 14-18 | has_database_privilege(oid, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
2256 | 14-18 | has_function_privilege(name, text, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
2257 | 14-18 | has_function_privilege(name, oid, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
2258 | 14-18 | has_function_privilege(oid, text, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
2259 | 14-18 | has_function_privilege(oid, oid, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
2260 | 14-18 | has_function_privilege(text, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
2261 | 14-18 | has_function_privilege(oid, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
2262 | 14-18 | has_language_privilege(name, text, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
2263 | 14-18 | has_language_privilege(name, oid, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
2264 | 14-18 | has_language_privilege(oid, text, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
2265 | 14-18 | has_language_privilege(oid, oid, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
2266 | 14-18 | has_language_privilege(text, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
2267 | 14-18 | has_language_privilege(oid, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
2268 | 14-18 | has_schema_privilege(name, text, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
2269 | 14-18 | has_schema_privilege(name, oid, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
2270 | 14-18 | has_schema_privilege(oid, text, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
2271 | 14-18 | has_schema_privilege(oid, oid, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
2272 | 14-18 | has_schema_privilege(text, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
2273 | 14-18 | has_schema_privilege(oid, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
2274 | 14-18 | pg_stat_reset() | void | fv--- | refused |  | controls other sessions, statistics or the server
2282 | 14-18 | pg_get_backend_memory_contexts() | record | fvsr- | refused |  | tells of the server's own memory, files or build
2284 | 14-18 | regexp_replace(text, text, text) | text | fis-- | total | plain-regex@1 | a plain pattern is valid and cheap
2285 | 14-18 | regexp_replace(text, text, text, text) | text | fis-- | total | plain-regex@1 | a plain pattern is valid and cheap
2286 | 14-18 | pg_total_relation_size(regclass) | bigint | fvs-- | reads |  | how much is stored depends on what is stored
2288 | 14-18 | pg_size_pretty(bigint) | text | fis-- | total |  | every number of bytes has words
2289 | 14-18 | pg_options_to_table(text[]) | record | fssr- | faultable |  | tells definitions; holds no stored value
2290 | 14-18 | record_in(cstring, oid, integer) | record | fss-- | refused |  | input function: the server calls it for casts, which are judged as casts
2291 | 14-18 | record_out(record) | cstring | fss-- | refused |  | output function: the server calls it for casts, which are judged as casts
2292 | 14-18 | cstring_in(cstring) | cstring | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
2293 | 14-18 | cstring_out(cstring) | cstring | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
2294 | 14-18 | any_in(cstring) | "any" | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
2295 | 14-18 | any_out("any") | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
2296 | 14-18 | anyarray_in(cstring) | anyarray | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
2297 | 14-18 | anyarray_out(anyarray) | cstring | fss-- | refused |  | output function: the server calls it for casts, which are judged as casts
2298 | 14-18 | void_in(cstring) | void | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
2299 | 14-18 | void_out(void) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
2300 | 14-18 | trigger_in(cstring) | trigger | fi--- | refused |  | a trigger of the server: never called in a statement
2301 | 14-18 | trigger_out(trigger) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
2302 | 14-18 | language_handler_in(cstring) | language_handler | fi--- | refused |  | part of a language, of DDL or of an access method
2303 | 14-18 | language_handler_out(language_handler) | cstring | fis-- | refused |  | part of a language, of DDL or of an access method
2304 | 14-18 | internal_in(cstring) | internal | fi--- | refused |  | takes or gives a value of the server's own memory
2305 | 14-18 | internal_out(internal) | cstring | fis-- | refused |  | takes or gives a value of the server's own memory
2306 | 14-18 | pg_stat_get_slru() | record | fs-r- | reads |  | counters of what was done to tables
2307 | 14-18 | pg_stat_reset_slru(text) | void | fv--- | refused |  | controls other sessions, statistics or the server
2308 | 14-18 | ceil(double precision) | double precision | fis-- | total |  | stays within its type
2309 | 14-18 | floor(double precision) | double precision | fis-- | total |  | stays within its type
2310 | 14-18 | sign(double precision) | double precision | fis-- | total |  | stays within its type
2311 | 14-18 | md5(text) | text | fis-- | total |  | cuts, changes or measures a text within its own length
2312 | 14-18 | anyelement_in(cstring) | anyelement | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
2313 | 14-18 | anyelement_out(anyelement) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
2316 | 14-18 | postgresql_fdw_validator(text[], oid) | boolean | fis-- | refused |  | validates definitions; called by DDL
2319 | 14-18 | pg_encoding_max_length(integer) | integer | fis-- | faultable |  | text that may not fit, or is not what it should be
2320 | 14-18 | ceiling(double precision) | double precision | fis-- | total |  | stays within its type
2321 | 14-18 | md5(bytea) | text | fis-- | total |  | cuts, changes or measures a text within its own length
2322 | 14-18 | pg_tablespace_size(oid) | bigint | fvs-- | reads |  | how much is stored depends on what is stored
2323 | 14-18 | pg_tablespace_size(name) | bigint | fvs-- | reads |  | how much is stored depends on what is stored
2324 | 14-18 | pg_database_size(oid) | bigint | fvs-- | reads |  | how much is stored depends on what is stored
2325 | 14-18 | pg_relation_size(regclass) | bigint | fvs-- | reads |  | how much is stored depends on what is stored
2331 | 14-18 | unnest(anyarray) | anyelement | fisrp | total |  | unfolds into rows: what goes in decides how many
2332 | 14-18 | pg_relation_size(regclass, text) | bigint | fvs-- | reads |  | how much is stored depends on what is stored
2333 | 14-18 | array_agg_transfn(internal, anynonarray) | internal | fi--- | refused |  | takes or gives a value of the server's own memory
2334 | 14-18 | array_agg_finalfn(internal, anynonarray) | anyarray | fi--- | refused |  | takes or gives a value of the server's own memory
2335 | 14-18 | array_agg(anynonarray) | anyarray | ai--- | total |  | collects its inputs
2338 | 14-18 | date_lt_timestamp(date, timestamp without time zone) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
2339 | 14-18 | date_le_timestamp(date, timestamp without time zone) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
2340 | 14-18 | date_eq_timestamp(date, timestamp without time zone) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
2341 | 14-18 | date_gt_timestamp(date, timestamp without time zone) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
2342 | 14-18 | date_ge_timestamp(date, timestamp without time zone) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
2343 | 14-18 | date_ne_timestamp(date, timestamp without time zone) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
2344 | 14-18 | date_cmp_timestamp(date, timestamp without time zone) | integer | fis-- | total |  | compares two values; the collation is settled before any row
2351 | 14-18 | date_lt_timestamptz(date, timestamp with time zone) | boolean | fss-- | total |  | compares two values; the collation is settled before any row
2352 | 14-18 | date_le_timestamptz(date, timestamp with time zone) | boolean | fss-- | total |  | compares two values; the collation is settled before any row
2353 | 14-18 | date_eq_timestamptz(date, timestamp with time zone) | boolean | fss-- | total |  | compares two values; the collation is settled before any row
2354 | 14-18 | date_gt_timestamptz(date, timestamp with time zone) | boolean | fss-- | total |  | compares two values; the collation is settled before any row
2355 | 14-18 | date_ge_timestamptz(date, timestamp with time zone) | boolean | fss-- | total |  | compares two values; the collation is settled before any row
2356 | 14-18 | date_ne_timestamptz(date, timestamp with time zone) | boolean | fss-- | total |  | compares two values; the collation is settled before any row
2357 | 14-18 | date_cmp_timestamptz(date, timestamp with time zone) | integer | fss-- | total |  | compares two values; the collation is settled before any row
2364 | 14-18 | timestamp_lt_date(timestamp without time zone, date) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
2365 | 14-18 | timestamp_le_date(timestamp without time zone, date) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
2366 | 14-18 | timestamp_eq_date(timestamp without time zone, date) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
2367 | 14-18 | timestamp_gt_date(timestamp without time zone, date) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
2368 | 14-18 | timestamp_ge_date(timestamp without time zone, date) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
2369 | 14-18 | timestamp_ne_date(timestamp without time zone, date) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
2370 | 14-18 | timestamp_cmp_date(timestamp without time zone, date) | integer | fis-- | total |  | compares two values; the collation is settled before any row
2377 | 14-18 | timestamptz_lt_date(timestamp with time zone, date) | boolean | fss-- | total |  | compares two values; the collation is settled before any row
2378 | 14-18 | timestamptz_le_date(timestamp with time zone, date) | boolean | fss-- | total |  | compares two values; the collation is settled before any row
2379 | 14-18 | timestamptz_eq_date(timestamp with time zone, date) | boolean | fss-- | total |  | compares two values; the collation is settled before any row
2380 | 14-18 | timestamptz_gt_date(timestamp with time zone, date) | boolean | fss-- | total |  | compares two values; the collation is settled before any row
2381 | 14-18 | timestamptz_ge_date(timestamp with time zone, date) | boolean | fss-- | total |  | compares two values; the collation is settled before any row
2382 | 14-18 | timestamptz_ne_date(timestamp with time zone, date) | boolean | fss-- | total |  | compares two values; the collation is settled before any row
2383 | 14-18 | timestamptz_cmp_date(timestamp with time zone, date) | integer | fss-- | total |  | compares two values; the collation is settled before any row
2390 | 14-18 | has_tablespace_privilege(name, text, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
2391 | 14-18 | has_tablespace_privilege(name, oid, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
2392 | 14-18 | has_tablespace_privilege(oid, text, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
2393 | 14-18 | has_tablespace_privilege(oid, oid, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
2394 | 14-18 | has_tablespace_privilege(text, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
2395 | 14-18 | has_tablespace_privilege(oid, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
2398 | 14-18 | shell_in(cstring) | void | fi--- | refused |  | input function: the server calls it for casts, which are judged as casts
2399 | 14-18 | shell_out(void) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
2400 | 14-18 | array_recv(internal, oid, integer) | anyarray | fss-- | refused |  | takes or gives a value of the server's own memory
2401 | 14-18 | array_send(anyarray) | bytea | fss-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
2402 | 14-18 | record_recv(internal, oid, integer) | record | fss-- | refused |  | takes or gives a value of the server's own memory
2403 | 14-18 | record_send(record) | bytea | fss-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
2404 | 14-18 | int2recv(internal) | smallint | fis-- | refused |  | takes or gives a value of the server's own memory
2405 | 14-18 | int2send(smallint) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
2406 | 14-18 | int4recv(internal) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
2407 | 14-18 | int4send(integer) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
2408 | 14-18 | int8recv(internal) | bigint | fis-- | refused |  | takes or gives a value of the server's own memory
2409 | 14-18 | int8send(bigint) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
2410 | 14-18 | int2vectorrecv(internal) | int2vector | fis-- | refused |  | takes or gives a value of the server's own memory
2411 | 14-18 | int2vectorsend(int2vector) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
2412 | 14-18 | bytearecv(internal) | bytea | fis-- | refused |  | takes or gives a value of the server's own memory
2413 | 14-18 | byteasend(bytea) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
2414 | 14-18 | textrecv(internal) | text | fss-- | refused |  | takes or gives a value of the server's own memory
2415 | 14-18 | textsend(text) | bytea | fss-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
2416 | 14-18 | unknownrecv(internal) | unknown | fis-- | refused |  | takes or gives a value of the server's own memory
2417 | 14-18 | unknownsend(unknown) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
2418 | 14-18 | oidrecv(internal) | oid | fis-- | refused |  | takes or gives a value of the server's own memory
2419 | 14-18 | oidsend(oid) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
2420 | 14-18 | oidvectorrecv(internal) | oidvector | fis-- | refused |  | takes or gives a value of the server's own memory
2421 | 14-18 | oidvectorsend(oidvector) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
2422 | 14-18 | namerecv(internal) | name | fss-- | refused |  | takes or gives a value of the server's own memory
2423 | 14-18 | namesend(name) | bytea | fss-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
2424 | 14-18 | float4recv(internal) | real | fis-- | refused |  | takes or gives a value of the server's own memory
2425 | 14-18 | float4send(real) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
2426 | 14-18 | float8recv(internal) | double precision | fis-- | refused |  | takes or gives a value of the server's own memory
2427 | 14-18 | float8send(double precision) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
2428 | 14-18 | point_recv(internal) | point | fis-- | refused |  | takes or gives a value of the server's own memory
2429 | 14-18 | point_send(point) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
2430 | 14-18 | bpcharrecv(internal, oid, integer) | character | fss-- | refused |  | takes or gives a value of the server's own memory
2431 | 14-18 | bpcharsend(character) | bytea | fss-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
2432 | 14-18 | varcharrecv(internal, oid, integer) | character varying | fss-- | refused |  | takes or gives a value of the server's own memory
2433 | 14-18 | varcharsend(character varying) | bytea | fss-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
2434 | 14-18 | charrecv(internal) | "char" | fis-- | refused |  | takes or gives a value of the server's own memory
2435 | 14-18 | charsend("char") | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
2436 | 14-18 | boolrecv(internal) | boolean | fis-- | refused |  | takes or gives a value of the server's own memory
2437 | 14-18 | boolsend(boolean) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
2438 | 14-18 | tidrecv(internal) | tid | fis-- | refused |  | takes or gives a value of the server's own memory
2439 | 14-18 | tidsend(tid) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
2440 | 14-18 | xidrecv(internal) | xid | fis-- | refused |  | takes or gives a value of the server's own memory
2441 | 14-18 | xidsend(xid) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
2442 | 14-18 | cidrecv(internal) | cid | fis-- | refused |  | takes or gives a value of the server's own memory
2443 | 14-18 | cidsend(cid) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
2444 | 14-18 | regprocrecv(internal) | regproc | fis-- | refused |  | takes or gives a value of the server's own memory
2445 | 14-18 | regprocsend(regproc) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
2446 | 14-18 | regprocedurerecv(internal) | regprocedure | fis-- | refused |  | takes or gives a value of the server's own memory
2447 | 14-18 | regproceduresend(regprocedure) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
2448 | 14-18 | regoperrecv(internal) | regoper | fis-- | refused |  | takes or gives a value of the server's own memory
2449 | 14-18 | regopersend(regoper) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
2450 | 14-18 | regoperatorrecv(internal) | regoperator | fis-- | refused |  | takes or gives a value of the server's own memory
2451 | 14-18 | regoperatorsend(regoperator) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
2452 | 14-18 | regclassrecv(internal) | regclass | fis-- | refused |  | takes or gives a value of the server's own memory
2453 | 14-18 | regclasssend(regclass) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
2454 | 14-18 | regtyperecv(internal) | regtype | fis-- | refused |  | takes or gives a value of the server's own memory
2455 | 14-18 | regtypesend(regtype) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
2456 | 14-18 | bit_recv(internal, oid, integer) | bit | fis-- | refused |  | takes or gives a value of the server's own memory
2457 | 14-18 | bit_send(bit) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
2458 | 14-18 | varbit_recv(internal, oid, integer) | bit varying | fis-- | refused |  | takes or gives a value of the server's own memory
2459 | 14-18 | varbit_send(bit varying) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
2460 | 14-18 | numeric_recv(internal, oid, integer) | numeric | fis-- | refused |  | takes or gives a value of the server's own memory
2461 | 14-18 | numeric_send(numeric) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
2462 | 14-18 | sinh(double precision) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
2463 | 14-18 | cosh(double precision) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
2464 | 14-18 | tanh(double precision) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
2465 | 14-18 | asinh(double precision) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
2466 | 14-18 | acosh(double precision) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
2467 | 14-18 | atanh(double precision) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
2468 | 14-18 | date_recv(internal) | date | fis-- | refused |  | takes or gives a value of the server's own memory
2469 | 14-18 | date_send(date) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
2470 | 14-18 | time_recv(internal, oid, integer) | time without time zone | fis-- | refused |  | takes or gives a value of the server's own memory
2471 | 14-18 | time_send(time without time zone) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
2472 | 14-18 | timetz_recv(internal, oid, integer) | time with time zone | fis-- | refused |  | takes or gives a value of the server's own memory
2473 | 14-18 | timetz_send(time with time zone) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
2474 | 14-18 | timestamp_recv(internal, oid, integer) | timestamp without time zone | fis-- | refused |  | takes or gives a value of the server's own memory
2475 | 14-18 | timestamp_send(timestamp without time zone) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
2476 | 14-18 | timestamptz_recv(internal, oid, integer) | timestamp with time zone | fis-- | refused |  | takes or gives a value of the server's own memory
2477 | 14-18 | timestamptz_send(timestamp with time zone) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
2478 | 14-18 | interval_recv(internal, oid, integer) | interval | fis-- | refused |  | takes or gives a value of the server's own memory
2479 | 14-18 | interval_send(interval) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
2480 | 14-18 | lseg_recv(internal) | lseg | fis-- | refused |  | takes or gives a value of the server's own memory
2481 | 14-18 | lseg_send(lseg) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
2482 | 14-18 | path_recv(internal) | path | fis-- | refused |  | takes or gives a value of the server's own memory
2483 | 14-18 | path_send(path) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
2484 | 14-18 | box_recv(internal) | box | fis-- | refused |  | takes or gives a value of the server's own memory
2485 | 14-18 | box_send(box) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
2486 | 14-18 | poly_recv(internal) | polygon | fis-- | refused |  | takes or gives a value of the server's own memory
2487 | 14-18 | poly_send(polygon) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
2488 | 14-18 | line_recv(internal) | line | fis-- | refused |  | takes or gives a value of the server's own memory
2489 | 14-18 | line_send(line) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
2490 | 14-18 | circle_recv(internal) | circle | fis-- | refused |  | takes or gives a value of the server's own memory
2491 | 14-18 | circle_send(circle) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
2492 | 14-18 | cash_recv(internal) | money | fis-- | refused |  | takes or gives a value of the server's own memory
2493 | 14-18 | cash_send(money) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
2494 | 14-18 | macaddr_recv(internal) | macaddr | fis-- | refused |  | takes or gives a value of the server's own memory
2495 | 14-18 | macaddr_send(macaddr) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
2496 | 14-18 | inet_recv(internal) | inet | fis-- | refused |  | takes or gives a value of the server's own memory
2497 | 14-18 | inet_send(inet) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
2498 | 14-18 | cidr_recv(internal) | cidr | fis-- | refused |  | takes or gives a value of the server's own memory
2499 | 14-18 | cidr_send(cidr) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
2500 | 14-18 | cstring_recv(internal) | cstring | fss-- | refused |  | takes or gives a value of the server's own memory
2501 | 14-18 | cstring_send(cstring) | bytea | fss-- | refused |  | input function: the server calls it for casts, which are judged as casts
2502 | 14-18 | anyarray_recv(internal) | anyarray | fss-- | refused |  | takes or gives a value of the server's own memory
2503 | 14-18 | anyarray_send(anyarray) | bytea | fss-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
2504 | 14-18 | pg_get_ruledef(oid, boolean) | text | fss-- | faultable |  | tells definitions; holds no stored value
2505 | 14-18 | pg_get_viewdef(text, boolean) | text | fss-- | faultable |  | tells definitions; holds no stored value
2506 | 14-18 | pg_get_viewdef(oid, boolean) | text | fss-- | faultable |  | tells definitions; holds no stored value
2507 | 14-18 | pg_get_indexdef(oid, integer, boolean) | text | fss-- | faultable |  | tells definitions; holds no stored value
2508 | 14-18 | pg_get_constraintdef(oid, boolean) | text | fss-- | faultable |  | tells definitions; holds no stored value
2509 | 14-18 | pg_get_expr(pg_node_tree, oid, boolean) | text | fss-- | faultable |  | tells definitions; holds no stored value
2510 | 14-18 | pg_prepared_statement() | record | fssr- | faultable |  | the session, its transaction or the state of the server; no stored value
2511 | 14-18 | pg_cursor() | record | fssr- | faultable |  | the session, its transaction or the state of the server; no stored value
2512 | 14-18 | float8_var_pop(double precision[]) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
2513 | 14-18 | float8_stddev_pop(double precision[]) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
2514 | 14-18 | numeric_var_pop(internal) | numeric | fi--- | refused |  | takes or gives a value of the server's own memory
2515 | 14-18 | booland_statefunc(boolean, boolean) | boolean | fis-- | faultable |  | may overflow, divide by zero or leave its domain
2516 | 14-18 | boolor_statefunc(boolean, boolean) | boolean | fis-- | faultable |  | may overflow, divide by zero or leave its domain
2517 | 14-18 | bool_and(boolean) | boolean | ai--- | total |  | combines bits
2518 | 14-18 | bool_or(boolean) | boolean | ai--- | total |  | combines bits
2519 | 14-18 | every(boolean) | boolean | ai--- | total |  | combines bits
2520 | 14-18 | timestamp_lt_timestamptz(timestamp without time zone, timestamp with time zone) | boolean | fss-- | total |  | compares two values; the collation is settled before any row
2521 | 14-18 | timestamp_le_timestamptz(timestamp without time zone, timestamp with time zone) | boolean | fss-- | total |  | compares two values; the collation is settled before any row
2522 | 14-18 | timestamp_eq_timestamptz(timestamp without time zone, timestamp with time zone) | boolean | fss-- | total |  | compares two values; the collation is settled before any row
2523 | 14-18 | timestamp_gt_timestamptz(timestamp without time zone, timestamp with time zone) | boolean | fss-- | total |  | compares two values; the collation is settled before any row
2524 | 14-18 | timestamp_ge_timestamptz(timestamp without time zone, timestamp with time zone) | boolean | fss-- | total |  | compares two values; the collation is settled before any row
2525 | 14-18 | timestamp_ne_timestamptz(timestamp without time zone, timestamp with time zone) | boolean | fss-- | total |  | compares two values; the collation is settled before any row
2526 | 14-18 | timestamp_cmp_timestamptz(timestamp without time zone, timestamp with time zone) | integer | fss-- | total |  | compares two values; the collation is settled before any row
2527 | 14-18 | timestamptz_lt_timestamp(timestamp with time zone, timestamp without time zone) | boolean | fss-- | total |  | compares two values; the collation is settled before any row
2528 | 14-18 | timestamptz_le_timestamp(timestamp with time zone, timestamp without time zone) | boolean | fss-- | total |  | compares two values; the collation is settled before any row
2529 | 14-18 | timestamptz_eq_timestamp(timestamp with time zone, timestamp without time zone) | boolean | fss-- | total |  | compares two values; the collation is settled before any row
2530 | 14-18 | timestamptz_gt_timestamp(timestamp with time zone, timestamp without time zone) | boolean | fss-- | total |  | compares two values; the collation is settled before any row
2531 | 14-18 | timestamptz_ge_timestamp(timestamp with time zone, timestamp without time zone) | boolean | fss-- | total |  | compares two values; the collation is settled before any row
2532 | 14-18 | timestamptz_ne_timestamp(timestamp with time zone, timestamp without time zone) | boolean | fss-- | total |  | compares two values; the collation is settled before any row
2533 | 14-18 | timestamptz_cmp_timestamp(timestamp with time zone, timestamp without time zone) | integer | fss-- | total |  | compares two values; the collation is settled before any row
2546 | 14-18 | interval_pl_date(interval, date) | timestamp without time zone | fis-- | faultable |  | may be out of range
2547 | 14-18 | interval_pl_timetz(interval, time with time zone) | time with time zone | fis-- | faultable |  | may be out of range
2548 | 14-18 | interval_pl_timestamp(interval, timestamp without time zone) | timestamp without time zone | fis-- | faultable |  | may be out of range
2549 | 14-18 | interval_pl_timestamptz(interval, timestamp with time zone) | timestamp with time zone | fss-- | faultable |  | clock and time zone; results may be out of range
2550 | 14-18 | integer_pl_date(integer, date) | date | fis-- | faultable |  | may be out of range
2556 | 14-18 | pg_tablespace_databases(oid) | oid | fssr- | faultable |  | tells definitions; holds no stored value
2557 | 14-18 | bool(integer) | boolean | fis-- | total |  | a cast into a wider type, or one that cuts
2558 | 14-18 | int4(boolean) | integer | fis-- | total |  | a cast into a wider type, or one that cuts
2559 | 14-18 | lastval() | bigint | fvs-- | faultable |  | state of a sequence, which nothing classified may have moved
2560 | 14-18 | pg_postmaster_start_time() | timestamp with time zone | fss-- | faultable |  | the session, its transaction or the state of the server; no stored value
2561 | 14-18 | pg_blocking_pids(integer) | integer[] | fvs-- | faultable |  | the session, its transaction or the state of the server; no stored value
2562 | 14-18 | box_below(box, box) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
2563 | 14-18 | box_overbelow(box, box) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
2564 | 14-18 | box_overabove(box, box) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
2565 | 14-18 | box_above(box, box) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
2566 | 14-18 | poly_below(polygon, polygon) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
2567 | 14-18 | poly_overbelow(polygon, polygon) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
2568 | 14-18 | poly_overabove(polygon, polygon) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
2569 | 14-18 | poly_above(polygon, polygon) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
2578 | 14-18 | gist_box_consistent(internal, box, smallint, oid, internal) | boolean | fis-- | refused |  | takes or gives a value of the server's own memory
2580 | 14-18 | float8(jsonb) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
2581 | 14-18 | gist_box_penalty(internal, internal, internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
2582 | 14-18 | gist_box_picksplit(internal, internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
2583 | 14-18 | gist_box_union(internal, internal) | box | fis-- | refused |  | takes or gives a value of the server's own memory
2584 | 14-18 | gist_box_same(box, box, internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
2585 | 14-18 | gist_poly_consistent(internal, polygon, smallint, oid, internal) | boolean | fis-- | refused |  | takes or gives a value of the server's own memory
2586 | 14-18 | gist_poly_compress(internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
2587 | 14-18 | circle_overbelow(circle, circle) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
2588 | 14-18 | circle_overabove(circle, circle) | boolean | fis-- | faultable |  | geometry: may overflow or divide by zero
2591 | 14-18 | gist_circle_consistent(internal, circle, smallint, oid, internal) | boolean | fis-- | refused |  | takes or gives a value of the server's own memory
2592 | 14-18 | gist_circle_compress(internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
2596 | 14-18 | numeric_stddev_pop(internal) | numeric | fi--- | refused |  | takes or gives a value of the server's own memory
2597 | 14-18 | domain_in(cstring, oid, integer) | "any" | fs--- | refused |  | input function: the server calls it for casts, which are judged as casts
2598 | 14-18 | domain_recv(internal, oid, integer) | "any" | fs--- | refused |  | takes or gives a value of the server's own memory
2599 | 14-17 | pg_timezone_abbrevs() | record | fssr- | faultable |  | the time zones that the server knows
2599 | 18 | pg_timezone_abbrevs_abbrevs() | record | fssr- | faultable |  | the time zones that the server knows
2614 | 14-18 | xmlexists(text, xml) | boolean | fis-- | faultable |  | the text may be no XML, the path no path
2621 | 14-18 | pg_reload_conf() | boolean | fvs-- | refused |  | controls other sessions, statistics or the server
2622 | 14-18 | pg_rotate_logfile() | boolean | fvs-- | refused |  | reads, lists or rotates files of the server
2623 | 14-18 | pg_stat_file(text) | record | fvs-- | refused |  | reads, lists or rotates files of the server
2624 | 14-18 | pg_read_file(text, bigint, bigint) | text | fvs-- | refused |  | reads, lists or rotates files of the server
2625 | 14-18 | pg_ls_dir(text) | text | fvsr- | refused |  | reads, lists or rotates files of the server
2626 | 14-18 | pg_sleep(double precision) | void | fvs-- | effect |  | how long it takes tells the value
2627 | 14-18 | inetnot(inet) | inet | fis-- | faultable |  | the address or mask may be out of range
2628 | 14-18 | inetand(inet, inet) | inet | fis-- | faultable |  | the address or mask may be out of range
2629 | 14-18 | inetor(inet, inet) | inet | fis-- | faultable |  | the address or mask may be out of range
2630 | 14-18 | inetpl(inet, bigint) | inet | fis-- | faultable |  | the address or mask may be out of range
2631 | 14-18 | int8pl_inet(bigint, inet) | inet | fis-- | faultable |  | may overflow, divide by zero or leave its domain
2632 | 14-18 | inetmi_int8(inet, bigint) | inet | fis-- | faultable |  | the address or mask may be out of range
2633 | 14-18 | inetmi(inet, inet) | bigint | fis-- | faultable |  | the address or mask may be out of range
2641 | 14-18 | var_samp(bigint) | numeric | ai--- | total |  | adds in a wider type: cannot overflow
2642 | 14-18 | var_samp(integer) | numeric | ai--- | total |  | adds in a wider type: cannot overflow
2643 | 14-18 | var_samp(smallint) | numeric | ai--- | total |  | adds in a wider type: cannot overflow
2644 | 14-18 | var_samp(real) | double precision | ai--- | faultable |  | may overflow
2645 | 14-18 | var_samp(double precision) | double precision | ai--- | faultable |  | may overflow
2646 | 14-18 | var_samp(numeric) | numeric | ai--- | total |  | adds in a wider type: cannot overflow
2647 | 14-18 | transaction_timestamp() | timestamp with time zone | fss-- | faultable |  | clock and time zone; results may be out of range
2648 | 14-18 | statement_timestamp() | timestamp with time zone | fss-- | faultable |  | clock and time zone; results may be out of range
2649 | 14-18 | clock_timestamp() | timestamp with time zone | fvs-- | faultable |  | clock and time zone; results may be out of range
2700 | 14-18 | gin_cmp_prefix(text, text, smallint, internal) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
2705 | 14-18 | pg_has_role(name, name, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
2706 | 14-18 | pg_has_role(name, oid, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
2707 | 14-18 | pg_has_role(oid, name, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
2708 | 14-18 | pg_has_role(oid, oid, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
2709 | 14-18 | pg_has_role(name, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
2710 | 14-18 | pg_has_role(oid, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
2711 | 14-18 | justify_interval(interval) | interval | fis-- | faultable |  | may be out of range
2712 | 14-18 | stddev_samp(bigint) | numeric | ai--- | total |  | adds in a wider type: cannot overflow
2713 | 14-18 | stddev_samp(integer) | numeric | ai--- | total |  | adds in a wider type: cannot overflow
2714 | 14-18 | stddev_samp(smallint) | numeric | ai--- | total |  | adds in a wider type: cannot overflow
2715 | 14-18 | stddev_samp(real) | double precision | ai--- | faultable |  | may overflow
2716 | 14-18 | stddev_samp(double precision) | double precision | ai--- | faultable |  | may overflow
2717 | 14-18 | stddev_samp(numeric) | numeric | ai--- | total |  | adds in a wider type: cannot overflow
2718 | 14-18 | var_pop(bigint) | numeric | ai--- | total |  | adds in a wider type: cannot overflow
2719 | 14-18 | var_pop(integer) | numeric | ai--- | total |  | adds in a wider type: cannot overflow
2720 | 14-18 | var_pop(smallint) | numeric | ai--- | total |  | adds in a wider type: cannot overflow
2721 | 14-18 | var_pop(real) | double precision | ai--- | faultable |  | may overflow
2722 | 14-18 | var_pop(double precision) | double precision | ai--- | faultable |  | may overflow
2723 | 14-18 | var_pop(numeric) | numeric | ai--- | total |  | adds in a wider type: cannot overflow
2724 | 14-18 | stddev_pop(bigint) | numeric | ai--- | total |  | adds in a wider type: cannot overflow
2725 | 14-18 | stddev_pop(integer) | numeric | ai--- | total |  | adds in a wider type: cannot overflow
2726 | 14-18 | stddev_pop(smallint) | numeric | ai--- | total |  | adds in a wider type: cannot overflow
2727 | 14-18 | stddev_pop(real) | double precision | ai--- | faultable |  | may overflow
2728 | 14-18 | stddev_pop(double precision) | double precision | ai--- | faultable |  | may overflow
2729 | 14-18 | stddev_pop(numeric) | numeric | ai--- | total |  | adds in a wider type: cannot overflow
2730 | 14-18 | pg_get_triggerdef(oid, boolean) | text | fss-- | faultable |  | tells definitions; holds no stored value
2731 | 14-18 | asind(double precision) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
2732 | 14-18 | acosd(double precision) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
2733 | 14-18 | atand(double precision) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
2734 | 14-18 | atan2d(double precision, double precision) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
2735 | 14-18 | sind(double precision) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
2736 | 14-18 | cosd(double precision) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
2737 | 14-18 | tand(double precision) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
2738 | 14-18 | cotd(double precision) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
2739 | 14 | pg_stop_backup(boolean, boolean) | record | fvsr- | refused |  | controls other sessions or the server
2739 | 15-18 | pg_backup_stop(boolean) | record | fvs-- | refused |  | controls other sessions, statistics or the server
2740 | 14-18 | numeric_avg_serialize(internal) | bytea | fis-- | refused |  | takes or gives a value of the server's own memory
2741 | 14-18 | numeric_avg_deserialize(bytea, internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
2743 | 14-18 | ginarrayextract(anyarray, internal, internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
2744 | 14-18 | ginarrayconsistent(internal, smallint, anyarray, integer, internal, internal, internal, internal) | boolean | fis-- | refused |  | takes or gives a value of the server's own memory
2746 | 14-18 | int8_avg_accum(internal, bigint) | internal | fi--- | refused |  | takes or gives a value of the server's own memory
2747 | 14-18 | arrayoverlap(anyarray, anyarray) | boolean | fis-- | total | plain-arrays@0 | compares elements; raises for elements that cannot be compared
2748 | 14-18 | arraycontains(anyarray, anyarray) | boolean | fis-- | total | plain-arrays@0 | compares elements; raises for elements that cannot be compared
2749 | 14-18 | arraycontained(anyarray, anyarray) | boolean | fis-- | total | plain-arrays@0 | compares elements; raises for elements that cannot be compared
2758 | 14-18 | pg_stat_get_db_tuples_returned(oid) | bigint | fss-- | reads |  | counters of what was done to tables
2759 | 14-18 | pg_stat_get_db_tuples_fetched(oid) | bigint | fss-- | reads |  | counters of what was done to tables
2760 | 14-18 | pg_stat_get_db_tuples_inserted(oid) | bigint | fss-- | reads |  | counters of what was done to tables
2761 | 14-18 | pg_stat_get_db_tuples_updated(oid) | bigint | fss-- | reads |  | counters of what was done to tables
2762 | 14-18 | pg_stat_get_db_tuples_deleted(oid) | bigint | fss-- | reads |  | counters of what was done to tables
2763 | 14-18 | regexp_matches(text, text) | text[] | fisr- | faultable |  | the pattern may be invalid, or too costly
2764 | 14-18 | regexp_matches(text, text, text) | text[] | fisr- | faultable |  | the pattern may be invalid, or too costly
2765 | 14-18 | regexp_split_to_table(text, text) | text | fisr- | faultable |  | the pattern may be invalid, or too costly
2766 | 14-18 | regexp_split_to_table(text, text, text) | text | fisr- | faultable |  | the pattern may be invalid, or too costly
2767 | 14-18 | regexp_split_to_array(text, text) | text[] | fis-- | faultable |  | the pattern may be invalid, or too costly
2768 | 14-18 | regexp_split_to_array(text, text, text) | text[] | fis-- | faultable |  | the pattern may be invalid, or too costly
2769 | 14-16 | pg_stat_get_bgwriter_timed_checkpoints() | bigint | fss-- | reads |  | counters of what was done to tables
2769 | 17-18 | pg_stat_get_checkpointer_num_timed() | bigint | fss-- | reads |  | counters of what was done to tables
2770 | 14-16 | pg_stat_get_bgwriter_requested_checkpoints() | bigint | fss-- | reads |  | counters of what was done to tables
2770 | 17-18 | pg_stat_get_checkpointer_num_requested() | bigint | fss-- | reads |  | counters of what was done to tables
2771 | 14-16 | pg_stat_get_bgwriter_buf_written_checkpoints() | bigint | fss-- | reads |  | counters of what was done to tables
2771 | 17-18 | pg_stat_get_checkpointer_buffers_written() | bigint | fss-- | reads |  | counters of what was done to tables
2772 | 14-18 | pg_stat_get_bgwriter_buf_written_clean() | bigint | fss-- | reads |  | counters of what was done to tables
2773 | 14-18 | pg_stat_get_bgwriter_maxwritten_clean() | bigint | fss-- | reads |  | counters of what was done to tables
2774 | 14-18 | ginqueryarrayextract(anyarray, internal, smallint, internal, internal, internal, internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
2775 | 14-16 | pg_stat_get_buf_written_backend() | bigint | fss-- | reads |  | counters of what was done to tables
2777 | 14-18 | anynonarray_in(cstring) | anynonarray | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
2778 | 14-18 | anynonarray_out(anynonarray) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
2781 | 14-18 | pg_stat_get_last_vacuum_time(oid) | timestamp with time zone | fss-- | reads |  | counters of what was done to tables
2782 | 14-18 | pg_stat_get_last_autovacuum_time(oid) | timestamp with time zone | fss-- | reads |  | counters of what was done to tables
2783 | 14-18 | pg_stat_get_last_analyze_time(oid) | timestamp with time zone | fss-- | reads |  | counters of what was done to tables
2784 | 14-18 | pg_stat_get_last_autoanalyze_time(oid) | timestamp with time zone | fss-- | reads |  | counters of what was done to tables
2785 | 14-18 | int8_avg_combine(internal, internal) | internal | fi--- | refused |  | takes or gives a value of the server's own memory
2786 | 14-18 | int8_avg_serialize(internal) | bytea | fis-- | refused |  | takes or gives a value of the server's own memory
2787 | 14-18 | int8_avg_deserialize(bytea, internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
2788 | 14-18 | pg_stat_get_backend_wait_event_type(integer) | text | fss-- | reads |  | what other sessions do, in part their statements
2790 | 14-18 | tidgt(tid, tid) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
2791 | 14-18 | tidlt(tid, tid) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
2792 | 14-18 | tidge(tid, tid) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
2793 | 14-18 | tidle(tid, tid) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
2794 | 14-18 | bttidcmp(tid, tid) | integer | fis-- | faultable |  | compares two values, as indexes do
2795 | 14-18 | tidlarger(tid, tid) | tid | fis-- | total |  | keeps one of two values
2796 | 14-18 | tidsmaller(tid, tid) | tid | fis-- | total |  | keeps one of two values
2797 | 14-18 | max(tid) | tid | ai--- | total |  | keeps one of its inputs
2798 | 14-18 | min(tid) | tid | ai--- | total |  | keeps one of its inputs
2803 | 14 | count() | bigint | ai--- | total |  | counts rows
2803 | 15-18 | count() | bigint | ai--p | total |  | counts rows
2804 | 14-18 | int8inc_any(bigint, "any") | bigint | fis-- | faultable |  | may overflow, divide by zero or leave its domain
2805 | 14-18 | int8inc_float8_float8(bigint, double precision, double precision) | bigint | fis-- | faultable |  | may overflow, divide by zero or leave its domain
2806 | 14-18 | float8_regr_accum(double precision[], double precision, double precision) | double precision[] | fis-- | faultable |  | a step of an aggregate: raises for a state that is none, or outside aggregates
2807 | 14-18 | float8_regr_sxx(double precision[]) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
2808 | 14-18 | float8_regr_syy(double precision[]) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
2809 | 14-18 | float8_regr_sxy(double precision[]) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
2810 | 14-18 | float8_regr_avgx(double precision[]) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
2811 | 14-18 | float8_regr_avgy(double precision[]) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
2812 | 14-18 | float8_regr_r2(double precision[]) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
2813 | 14-18 | float8_regr_slope(double precision[]) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
2814 | 14-18 | float8_regr_intercept(double precision[]) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
2815 | 14-18 | float8_covar_pop(double precision[]) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
2816 | 14-18 | float8_covar_samp(double precision[]) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
2817 | 14-18 | float8_corr(double precision[]) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
2818 | 14-18 | regr_count(double precision, double precision) | bigint | ai--- | faultable |  | may overflow
2819 | 14-18 | regr_sxx(double precision, double precision) | double precision | ai--- | faultable |  | may overflow
2820 | 14-18 | regr_syy(double precision, double precision) | double precision | ai--- | faultable |  | may overflow
2821 | 14-18 | regr_sxy(double precision, double precision) | double precision | ai--- | faultable |  | may overflow
2822 | 14-18 | regr_avgx(double precision, double precision) | double precision | ai--- | faultable |  | may overflow
2823 | 14-18 | regr_avgy(double precision, double precision) | double precision | ai--- | faultable |  | may overflow
2824 | 14-18 | regr_r2(double precision, double precision) | double precision | ai--- | faultable |  | may overflow
2825 | 14-18 | regr_slope(double precision, double precision) | double precision | ai--- | faultable |  | may overflow
2826 | 14-18 | regr_intercept(double precision, double precision) | double precision | ai--- | faultable |  | may overflow
2827 | 14-18 | covar_pop(double precision, double precision) | double precision | ai--- | faultable |  | may overflow
2828 | 14-18 | covar_samp(double precision, double precision) | double precision | ai--- | faultable |  | may overflow
2829 | 14-18 | corr(double precision, double precision) | double precision | ai--- | faultable |  | may overflow
2844 | 14-18 | pg_stat_get_db_blk_read_time(oid) | double precision | fss-- | reads |  | counters of what was done to tables
2845 | 14-18 | pg_stat_get_db_blk_write_time(oid) | double precision | fss-- | reads |  | counters of what was done to tables
2848 | 14-18 | pg_switch_wal() | pg_lsn | fvs-- | refused |  | controls other sessions, statistics or the server
2849 | 14-18 | pg_current_wal_lsn() | pg_lsn | fvs-- | reads |  | how much was written depends on how long rows are
2850 | 14-18 | pg_walfile_name_offset(pg_lsn) | record | fis-- | faultable |  | arithmetic of positions and transactions
2851 | 14-18 | pg_walfile_name(pg_lsn) | text | fis-- | faultable |  | arithmetic of positions and transactions
2852 | 14-18 | pg_current_wal_insert_lsn() | pg_lsn | fvs-- | reads |  | how much was written depends on how long rows are
2853 | 14-18 | pg_stat_get_backend_wait_event(integer) | text | fss-- | reads |  | what other sessions do, in part their statements
2854 | 14-18 | pg_my_temp_schema() | oid | fss-- | faultable |  | the session, its transaction or the state of the server; no stored value
2855 | 14-18 | pg_is_other_temp_schema(oid) | boolean | fss-- | faultable |  | the session, its transaction or the state of the server; no stored value
2856 | 14-18 | pg_timezone_names() | record | fssr- | faultable |  | the time zones that the server knows
2857 | 14-18 | pg_stat_get_backend_xact_start(integer) | timestamp with time zone | fss-- | reads |  | what other sessions do, in part their statements
2858 | 14-18 | numeric_avg_accum(internal, numeric) | internal | fi--- | refused |  | takes or gives a value of the server's own memory
2859 | 14-18 | pg_stat_get_buf_alloc() | bigint | fss-- | reads |  | counters of what was done to tables
2878 | 14-18 | pg_stat_get_live_tuples(oid) | bigint | fss-- | reads |  | counters of what was done to tables
2879 | 14-18 | pg_stat_get_dead_tuples(oid) | bigint | fss-- | reads |  | counters of what was done to tables
2880 | 14-18 | pg_advisory_lock(bigint) | void | fvs-- | effect |  | a lock whose key others can see and try
2881 | 14-18 | pg_advisory_lock_shared(bigint) | void | fvs-- | effect |  | a lock whose key others can see and try
2882 | 14-18 | pg_try_advisory_lock(bigint) | boolean | fvs-- | effect |  | a lock whose key others can see and try
2883 | 14-18 | pg_try_advisory_lock_shared(bigint) | boolean | fvs-- | effect |  | a lock whose key others can see and try
2884 | 14-18 | pg_advisory_unlock(bigint) | boolean | fvs-- | effect |  | a lock whose key others can see and try
2885 | 14-18 | pg_advisory_unlock_shared(bigint) | boolean | fvs-- | effect |  | a lock whose key others can see and try
2886 | 14-18 | pg_advisory_lock(integer, integer) | void | fvs-- | effect |  | a lock whose key others can see and try
2887 | 14-18 | pg_advisory_lock_shared(integer, integer) | void | fvs-- | effect |  | a lock whose key others can see and try
2888 | 14-18 | pg_try_advisory_lock(integer, integer) | boolean | fvs-- | effect |  | a lock whose key others can see and try
2889 | 14-18 | pg_try_advisory_lock_shared(integer, integer) | boolean | fvs-- | effect |  | a lock whose key others can see and try
2890 | 14-18 | pg_advisory_unlock(integer, integer) | boolean | fvs-- | effect |  | a lock whose key others can see and try
2891 | 14-18 | pg_advisory_unlock_shared(integer, integer) | boolean | fvs-- | effect |  | a lock whose key others can see and try
2892 | 14-18 | pg_advisory_unlock_all() | void | fvs-- | effect |  | a lock whose key others can see and try
2893 | 14-18 | xml_in(cstring) | xml | fss-- | refused |  | input function: the server calls it for casts, which are judged as casts
2894 | 14-18 | xml_out(xml) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
2895 | 14-18 | xmlcomment(text) | xml | fis-- | faultable |  | the text may be no XML, the path no path
2896 | 14-18 | xml(text) | xml | fss-- | faultable |  | the text may be no XML
2897 | 14-18 | xmlvalidate(xml, text) | boolean | fis-- | faultable |  | the text may be no XML, the path no path
2898 | 14-18 | xml_recv(internal) | xml | fss-- | refused |  | takes or gives a value of the server's own memory
2899 | 14-18 | xml_send(xml) | bytea | fss-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
2900 | 14-18 | xmlconcat2(xml, xml) | xml | fi--- | faultable |  | the text may be no XML, the path no path
2901 | 14-18 | xmlagg(xml) | xml | ai--- | faultable |  | joins XML declarations, which may disagree
2902 | 14-18 | varbittypmodin(cstring[]) | integer | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
2903 | 14-18 | intervaltypmodin(cstring[]) | integer | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
2904 | 14-18 | intervaltypmodout(integer) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
2905 | 14-18 | timestamptypmodin(cstring[]) | integer | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
2906 | 14-18 | timestamptypmodout(integer) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
2907 | 14-18 | timestamptztypmodin(cstring[]) | integer | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
2908 | 14-18 | timestamptztypmodout(integer) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
2909 | 14-18 | timetypmodin(cstring[]) | integer | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
2910 | 14-18 | timetypmodout(integer) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
2911 | 14-18 | timetztypmodin(cstring[]) | integer | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
2912 | 14-18 | timetztypmodout(integer) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
2913 | 14-18 | bpchartypmodin(cstring[]) | integer | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
2914 | 14-18 | bpchartypmodout(integer) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
2915 | 14-18 | varchartypmodin(cstring[]) | integer | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
2916 | 14-18 | varchartypmodout(integer) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
2917 | 14-18 | numerictypmodin(cstring[]) | integer | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
2918 | 14-18 | numerictypmodout(integer) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
2919 | 14-18 | bittypmodin(cstring[]) | integer | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
2920 | 14-18 | bittypmodout(integer) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
2921 | 14-18 | varbittypmodout(integer) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
2922 | 14-18 | text(xml) | text | fis-- | faultable |  | the text may be no XML, the path no path
2923 | 14-18 | table_to_xml(regclass, boolean, boolean, text) | xml | fss-- | refused |  | reads tables by name
2924 | 14-18 | query_to_xml(text, boolean, boolean, text) | xml | fvs-- | query-text |  | runs a query given as text
2925 | 14-18 | cursor_to_xml(refcursor, integer, boolean, boolean, text) | xml | fvs-- | refused |  | reads a cursor by name
2926 | 14-18 | table_to_xmlschema(regclass, boolean, boolean, text) | xml | fss-- | refused |  | reads tables by name
2927 | 14-18 | query_to_xmlschema(text, boolean, boolean, text) | xml | fvs-- | query-text |  | runs a query given as text
2928 | 14-18 | cursor_to_xmlschema(refcursor, boolean, boolean, text) | xml | fvs-- | refused |  | reads a cursor by name
2929 | 14-18 | table_to_xml_and_xmlschema(regclass, boolean, boolean, text) | xml | fss-- | refused |  | reads tables by name
2930 | 14-18 | query_to_xml_and_xmlschema(text, boolean, boolean, text) | xml | fvs-- | query-text |  | runs a query given as text
2931 | 14-18 | xpath(text, xml, text[]) | xml[] | fis-- | faultable |  | the text may be no XML, the path no path
2932 | 14-18 | xpath(text, xml) | xml[] | fis-- | faultable |  | the text may be no XML, the path no path
2933 | 14-18 | schema_to_xml(name, boolean, boolean, text) | xml | fss-- | refused |  | reads tables by name
2934 | 14-18 | schema_to_xmlschema(name, boolean, boolean, text) | xml | fss-- | refused |  | reads tables by name
2935 | 14-18 | schema_to_xml_and_xmlschema(name, boolean, boolean, text) | xml | fss-- | refused |  | reads tables by name
2936 | 14-18 | database_to_xml(boolean, boolean, text) | xml | fss-- | refused |  | reads tables by name
2937 | 14-18 | database_to_xmlschema(boolean, boolean, text) | xml | fss-- | refused |  | reads tables by name
2938 | 14-18 | database_to_xml_and_xmlschema(boolean, boolean, text) | xml | fss-- | refused |  | reads tables by name
2939 | 14-18 | txid_snapshot_in(cstring) | txid_snapshot | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
2940 | 14-18 | txid_snapshot_out(txid_snapshot) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
2941 | 14-18 | txid_snapshot_recv(internal) | txid_snapshot | fis-- | refused |  | takes or gives a value of the server's own memory
2942 | 14-18 | txid_snapshot_send(txid_snapshot) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
2943 | 14-18 | txid_current() | bigint | fss-- | faultable |  | the session, its transaction or the state of the server; no stored value
2944 | 14-18 | txid_current_snapshot() | txid_snapshot | fss-- | faultable |  | the session, its transaction or the state of the server; no stored value
2945 | 14-18 | txid_snapshot_xmin(txid_snapshot) | bigint | fis-- | faultable |  | arithmetic of positions and transactions
2946 | 14-18 | txid_snapshot_xmax(txid_snapshot) | bigint | fis-- | faultable |  | arithmetic of positions and transactions
2947 | 14-18 | txid_snapshot_xip(txid_snapshot) | bigint | fisr- | faultable |  | arithmetic of positions and transactions
2948 | 14-18 | txid_visible_in_snapshot(bigint, txid_snapshot) | boolean | fis-- | faultable |  | arithmetic of positions and transactions
2952 | 14-18 | uuid_in(cstring) | uuid | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
2953 | 14-18 | uuid_out(uuid) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
2954 | 14-18 | uuid_lt(uuid, uuid) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
2955 | 14-18 | uuid_le(uuid, uuid) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
2956 | 14-18 | uuid_eq(uuid, uuid) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
2957 | 14-18 | uuid_ge(uuid, uuid) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
2958 | 14-18 | uuid_gt(uuid, uuid) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
2959 | 14-18 | uuid_ne(uuid, uuid) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
2960 | 14-18 | uuid_cmp(uuid, uuid) | integer | fis-- | total |  | compares two values; the collation is settled before any row
2961 | 14-18 | uuid_recv(internal) | uuid | fis-- | refused |  | takes or gives a value of the server's own memory
2962 | 14-18 | uuid_send(uuid) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
2963 | 14-18 | uuid_hash(uuid) | integer | fis-- | faultable |  | a part of the value; raises for none
2971 | 14-18 | text(boolean) | text | fis-- | total |  | a cast into a wider type, or one that cuts
2978 | 14-18 | pg_stat_get_function_calls(oid) | bigint | fss-- | reads |  | counters of what was done to tables
2979 | 14-18 | pg_stat_get_function_total_time(oid) | double precision | fss-- | reads |  | counters of what was done to tables
2980 | 14-18 | pg_stat_get_function_self_time(oid) | double precision | fss-- | reads |  | counters of what was done to tables
2981 | 14-18 | record_eq(record, record) | boolean | fis-- | faultable |  | rows of other columns cannot be compared: raises by what the rows are
2982 | 14-18 | record_ne(record, record) | boolean | fis-- | faultable |  | rows of other columns cannot be compared: raises by what the rows are
2983 | 14-18 | record_lt(record, record) | boolean | fis-- | faultable |  | rows of other columns cannot be compared: raises by what the rows are
2984 | 14-18 | record_gt(record, record) | boolean | fis-- | faultable |  | rows of other columns cannot be compared: raises by what the rows are
2985 | 14-18 | record_le(record, record) | boolean | fis-- | faultable |  | rows of other columns cannot be compared: raises by what the rows are
2986 | 14-18 | record_ge(record, record) | boolean | fis-- | faultable |  | rows of other columns cannot be compared: raises by what the rows are
2987 | 14-18 | btrecordcmp(record, record) | integer | fis-- | faultable |  | rows of other columns cannot be compared: raises by what the rows are
2997 | 14-18 | pg_table_size(regclass) | bigint | fvs-- | reads |  | how much is stored depends on what is stored
2998 | 14-18 | pg_indexes_size(regclass) | bigint | fvs-- | reads |  | how much is stored depends on what is stored
2999 | 14-18 | pg_relation_filenode(regclass) | oid | fss-- | faultable |  | tells definitions; holds no stored value
3000 | 14-18 | has_foreign_data_wrapper_privilege(name, text, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
3001 | 14-18 | has_foreign_data_wrapper_privilege(name, oid, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
3002 | 14-18 | has_foreign_data_wrapper_privilege(oid, text, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
3003 | 14-18 | has_foreign_data_wrapper_privilege(oid, oid, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
3004 | 14-18 | has_foreign_data_wrapper_privilege(text, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
3005 | 14-18 | has_foreign_data_wrapper_privilege(oid, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
3006 | 14-18 | has_server_privilege(name, text, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
3007 | 14-18 | has_server_privilege(name, oid, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
3008 | 14-18 | has_server_privilege(oid, text, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
3009 | 14-18 | has_server_privilege(oid, oid, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
3010 | 14-18 | has_server_privilege(text, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
3011 | 14-18 | has_server_privilege(oid, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
3012 | 14-18 | has_column_privilege(name, text, text, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
3013 | 14-18 | has_column_privilege(name, text, smallint, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
3014 | 14-18 | has_column_privilege(name, oid, text, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
3015 | 14-18 | has_column_privilege(name, oid, smallint, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
3016 | 14-18 | has_column_privilege(oid, text, text, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
3017 | 14-18 | has_column_privilege(oid, text, smallint, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
3018 | 14-18 | has_column_privilege(oid, oid, text, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
3019 | 14-18 | has_column_privilege(oid, oid, smallint, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
3020 | 14-18 | has_column_privilege(text, text, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
3021 | 14-18 | has_column_privilege(text, smallint, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
3022 | 14-18 | has_column_privilege(oid, text, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
3023 | 14-18 | has_column_privilege(oid, smallint, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
3024 | 14-18 | has_any_column_privilege(name, text, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
3025 | 14-18 | has_any_column_privilege(name, oid, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
3026 | 14-18 | has_any_column_privilege(oid, text, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
3027 | 14-18 | has_any_column_privilege(oid, oid, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
3028 | 14-18 | has_any_column_privilege(text, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
3029 | 14-18 | has_any_column_privilege(oid, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
3030 | 14-18 | overlay(bit, bit, integer, integer) | bit | fis-- | faultable |  | text that may not fit, or is not what it should be
3031 | 14-18 | overlay(bit, bit, integer) | bit | fis-- | faultable |  | text that may not fit, or is not what it should be
3032 | 14-18 | get_bit(bit, integer) | integer | fis-- | faultable |  | lengths or positions may not fit
3033 | 14-18 | set_bit(bit, integer, integer) | bit | fis-- | faultable |  | lengths or positions may not fit
3034 | 14-18 | pg_relation_filepath(regclass) | text | fss-- | faultable |  | tells definitions; holds no stored value
3035 | 14-18 | pg_listening_channels() | text | fssr- | faultable |  | the session, its transaction or the state of the server; no stored value
3036 | 14-18 | pg_notify(text, text) | void | fv--- | effect |  | sends its payload to whoever listens
3037 | 14-18 | pg_stat_get_xact_numscans(oid) | bigint | fvs-- | reads |  | counters of what was done to tables
3038 | 14-18 | pg_stat_get_xact_tuples_returned(oid) | bigint | fvs-- | reads |  | counters of what was done to tables
3039 | 14-18 | pg_stat_get_xact_tuples_fetched(oid) | bigint | fvs-- | reads |  | counters of what was done to tables
3040 | 14-18 | pg_stat_get_xact_tuples_inserted(oid) | bigint | fvs-- | reads |  | counters of what was done to tables
3041 | 14-18 | pg_stat_get_xact_tuples_updated(oid) | bigint | fvs-- | reads |  | counters of what was done to tables
3042 | 14-18 | pg_stat_get_xact_tuples_deleted(oid) | bigint | fvs-- | reads |  | counters of what was done to tables
3043 | 14-18 | pg_stat_get_xact_tuples_hot_updated(oid) | bigint | fvs-- | reads |  | counters of what was done to tables
3044 | 14-18 | pg_stat_get_xact_blocks_fetched(oid) | bigint | fvs-- | reads |  | counters of what was done to tables
3045 | 14-18 | pg_stat_get_xact_blocks_hit(oid) | bigint | fvs-- | reads |  | counters of what was done to tables
3046 | 14-18 | pg_stat_get_xact_function_calls(oid) | bigint | fvs-- | reads |  | counters of what was done to tables
3047 | 14-18 | pg_stat_get_xact_function_total_time(oid) | double precision | fvs-- | reads |  | counters of what was done to tables
3048 | 14-18 | pg_stat_get_xact_function_self_time(oid) | double precision | fvs-- | reads |  | counters of what was done to tables
3049 | 14-18 | xpath_exists(text, xml, text[]) | boolean | fis-- | faultable |  | the text may be no XML, the path no path
3050 | 14-18 | xpath_exists(text, xml) | boolean | fis-- | faultable |  | the text may be no XML, the path no path
3051 | 14-18 | xml_is_well_formed(text) | boolean | fss-- | faultable |  | the text may be no XML
3052 | 14-18 | xml_is_well_formed_document(text) | boolean | fis-- | faultable |  | the text may be no XML, the path no path
3053 | 14-18 | xml_is_well_formed_content(text) | boolean | fis-- | faultable |  | the text may be no XML, the path no path
3054 | 14-18 | pg_stat_get_vacuum_count(oid) | bigint | fss-- | reads |  | counters of what was done to tables
3055 | 14-18 | pg_stat_get_autovacuum_count(oid) | bigint | fss-- | reads |  | counters of what was done to tables
3056 | 14-18 | pg_stat_get_analyze_count(oid) | bigint | fss-- | reads |  | counters of what was done to tables
3057 | 14-18 | pg_stat_get_autoanalyze_count(oid) | bigint | fss-- | reads |  | counters of what was done to tables
3058 | 14-18 | concat("any") | text | fs--- | total |  | makes a longer text
3059 | 14-18 | concat_ws(text, "any") | text | fs--- | total |  | makes a longer text
3060 | 14-18 | left(text, integer) | text | fis-- | total |  | cuts, changes or measures a text within its own length
3061 | 14-18 | right(text, integer) | text | fis-- | total |  | cuts, changes or measures a text within its own length
3062 | 14-18 | reverse(text) | text | fis-- | total |  | cuts, changes or measures a text within its own length
3063 | 14-16 | pg_stat_get_buf_fsync_backend() | bigint | fss-- | reads |  | counters of what was done to tables
3064 | 14-18 | gist_point_distance(internal, point, smallint, oid, internal) | double precision | fis-- | refused |  | takes or gives a value of the server's own memory
3065 | 14-18 | pg_stat_get_db_conflict_tablespace(oid) | bigint | fss-- | reads |  | counters of what was done to tables
3066 | 14-18 | pg_stat_get_db_conflict_lock(oid) | bigint | fss-- | reads |  | counters of what was done to tables
3067 | 14-18 | pg_stat_get_db_conflict_snapshot(oid) | bigint | fss-- | reads |  | counters of what was done to tables
3068 | 14-18 | pg_stat_get_db_conflict_bufferpin(oid) | bigint | fss-- | reads |  | counters of what was done to tables
3069 | 14-18 | pg_stat_get_db_conflict_startup_deadlock(oid) | bigint | fss-- | reads |  | counters of what was done to tables
3070 | 14-18 | pg_stat_get_db_conflict_all(oid) | bigint | fss-- | reads |  | counters of what was done to tables
3071 | 14-18 | pg_wal_replay_pause() | void | fvs-- | refused |  | controls other sessions, statistics or the server
3072 | 14-18 | pg_wal_replay_resume() | void | fvs-- | refused |  | controls other sessions, statistics or the server
3073 | 14-18 | pg_is_wal_replay_paused() | boolean | fvs-- | faultable |  | the session, its transaction or the state of the server; no stored value
3074 | 14-18 | pg_stat_get_db_stat_reset_time(oid) | timestamp with time zone | fss-- | reads |  | counters of what was done to tables
3075 | 14-18 | pg_stat_get_bgwriter_stat_reset_time() | timestamp with time zone | fss-- | reads |  | counters of what was done to tables
3076 | 14-18 | ginarrayextract(anyarray, internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
3077 | 14-18 | gin_extract_tsvector(tsvector, internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
3078 | 14-18 | pg_sequence_parameters(oid) | record | fss-- | faultable |  | tells definitions; holds no stored value
3082 | 14-18 | pg_available_extensions() | record | fssr- | faultable |  | tells definitions; holds no stored value
3083 | 14-18 | pg_available_extension_versions() | record | fssr- | faultable |  | tells definitions; holds no stored value
3084 | 14-18 | pg_extension_update_paths(name) | record | fssr- | faultable |  | tells definitions; holds no stored value
3086 | 14-18 | pg_extension_config_dump(regclass, text) | void | fvs-- | refused |  | only inside scripts of extensions
3087 | 14-18 | gin_extract_tsquery(tsquery, internal, smallint, internal, internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
3088 | 14-18 | gin_tsquery_consistent(internal, smallint, tsquery, integer, internal, internal) | boolean | fis-- | refused |  | takes or gives a value of the server's own memory
3089 | 14-18 | pg_advisory_xact_lock(bigint) | void | fvs-- | effect |  | a lock whose key others can see and try
3090 | 14-18 | pg_advisory_xact_lock_shared(bigint) | void | fvs-- | effect |  | a lock whose key others can see and try
3091 | 14-18 | pg_try_advisory_xact_lock(bigint) | boolean | fvs-- | effect |  | a lock whose key others can see and try
3092 | 14-18 | pg_try_advisory_xact_lock_shared(bigint) | boolean | fvs-- | effect |  | a lock whose key others can see and try
3093 | 14-18 | pg_advisory_xact_lock(integer, integer) | void | fvs-- | effect |  | a lock whose key others can see and try
3094 | 14-18 | pg_advisory_xact_lock_shared(integer, integer) | void | fvs-- | effect |  | a lock whose key others can see and try
3095 | 14-18 | pg_try_advisory_xact_lock(integer, integer) | boolean | fvs-- | effect |  | a lock whose key others can see and try
3096 | 14-18 | pg_try_advisory_xact_lock_shared(integer, integer) | boolean | fvs-- | effect |  | a lock whose key others can see and try
3097 | 14-18 | varchar_support(internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
3098 | 14-18 | pg_create_restore_point(text) | pg_lsn | fvs-- | refused |  | controls other sessions, statistics or the server
3099 | 14-18 | pg_stat_get_wal_senders() | record | fs-r- | reads |  | counters of what was done to tables
3100 | 14 | row_number() | bigint | wi--- | total |  | counts or looks at neighbouring rows
3100 | 15-18 | row_number() | bigint | wi--p | total |  | counts or looks at neighbouring rows
3101 | 14 | rank() | bigint | wi--- | total |  | counts or looks at neighbouring rows
3101 | 15-18 | rank() | bigint | wi--p | total |  | counts or looks at neighbouring rows
3102 | 14 | dense_rank() | bigint | wi--- | total |  | counts or looks at neighbouring rows
3102 | 15-18 | dense_rank() | bigint | wi--p | total |  | counts or looks at neighbouring rows
3103 | 14-15 | percent_rank() | double precision | wi--- | total |  | counts or looks at neighbouring rows
3103 | 16-18 | percent_rank() | double precision | wi--p | total |  | counts or looks at neighbouring rows
3104 | 14-15 | cume_dist() | double precision | wi--- | total |  | counts or looks at neighbouring rows
3104 | 16-18 | cume_dist() | double precision | wi--p | total |  | counts or looks at neighbouring rows
3105 | 14-15 | ntile(integer) | integer | wis-- | total | positive-literal@0 | looks at neighbouring rows: a position of zero raises, for any value
3105 | 16-18 | ntile(integer) | integer | wis-p | total | positive-literal@0 | looks at neighbouring rows: a position of zero raises, for any value
3106 | 14-18 | lag(anyelement) | anyelement | wis-- | total |  | counts or looks at neighbouring rows
3107 | 14-18 | lag(anyelement, integer) | anyelement | wis-- | total |  | counts or looks at neighbouring rows
3108 | 14-18 | lag(anycompatible, integer, anycompatible) | anycompatible | wis-- | total |  | counts or looks at neighbouring rows
3109 | 14-18 | lead(anyelement) | anyelement | wis-- | total |  | counts or looks at neighbouring rows
3110 | 14-18 | lead(anyelement, integer) | anyelement | wis-- | total |  | counts or looks at neighbouring rows
3111 | 14-18 | lead(anycompatible, integer, anycompatible) | anycompatible | wis-- | total |  | counts or looks at neighbouring rows
3112 | 14-18 | first_value(anyelement) | anyelement | wis-- | total |  | counts or looks at neighbouring rows
3113 | 14-18 | last_value(anyelement) | anyelement | wis-- | total |  | counts or looks at neighbouring rows
3114 | 14-18 | nth_value(anyelement, integer) | anyelement | wis-- | total | positive-literal@1 | looks at neighbouring rows: a position of zero raises, for any value
3116 | 14-18 | fdw_handler_in(cstring) | fdw_handler | fi--- | refused |  | part of a language, of DDL or of an access method
3117 | 14-18 | fdw_handler_out(fdw_handler) | cstring | fis-- | refused |  | part of a language, of DDL or of an access method
3120 | 14-18 | void_recv(internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
3121 | 14-18 | void_send(void) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
3129 | 14-18 | btint2sortsupport(internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
3130 | 14-18 | btint4sortsupport(internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
3131 | 14-18 | btint8sortsupport(internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
3132 | 14-18 | btfloat4sortsupport(internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
3133 | 14-18 | btfloat8sortsupport(internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
3134 | 14-18 | btoidsortsupport(internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
3135 | 14-18 | btnamesortsupport(internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
3136 | 14-18 | date_sortsupport(internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
3137 | 14-18 | timestamp_sortsupport(internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
3138 | 14-18 | has_type_privilege(name, text, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
3139 | 14-18 | has_type_privilege(name, oid, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
3140 | 14-18 | has_type_privilege(oid, text, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
3141 | 14-18 | has_type_privilege(oid, oid, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
3142 | 14-18 | has_type_privilege(text, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
3143 | 14-18 | has_type_privilege(oid, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
3144 | 14-18 | macaddr_not(macaddr) | macaddr | fis-- | faultable |  | the address or mask may be out of range
3145 | 14-18 | macaddr_and(macaddr, macaddr) | macaddr | fis-- | faultable |  | the address or mask may be out of range
3146 | 14-18 | macaddr_or(macaddr, macaddr) | macaddr | fis-- | faultable |  | the address or mask may be out of range
3150 | 14-18 | pg_stat_get_db_temp_files(oid) | bigint | fss-- | reads |  | counters of what was done to tables
3151 | 14-18 | pg_stat_get_db_temp_bytes(oid) | bigint | fss-- | reads |  | counters of what was done to tables
3152 | 14-18 | pg_stat_get_db_deadlocks(oid) | bigint | fss-- | reads |  | counters of what was done to tables
3153 | 14-18 | array_to_json(anyarray) | json | fss-- | total |  | looks into or prints a document that was checked when it was stored
3154 | 14-18 | array_to_json(anyarray, boolean) | json | fss-- | total |  | looks into or prints a document that was checked when it was stored
3155 | 14-18 | row_to_json(record) | json | fss-- | total |  | looks into or prints a document that was checked when it was stored
3156 | 14-18 | row_to_json(record, boolean) | json | fss-- | total |  | looks into or prints a document that was checked when it was stored
3157 | 14-18 | numeric_support(internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
3158 | 14-18 | varbit_support(internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
3159 | 14-18 | pg_get_viewdef(oid, integer) | text | fss-- | faultable |  | tells definitions; holds no stored value
3160 | 14-16 | pg_stat_get_checkpoint_write_time() | double precision | fss-- | reads |  | counters of what was done to tables
3160 | 17-18 | pg_stat_get_checkpointer_write_time() | double precision | fss-- | reads |  | counters of what was done to tables
3161 | 14-16 | pg_stat_get_checkpoint_sync_time() | double precision | fss-- | reads |  | counters of what was done to tables
3161 | 17-18 | pg_stat_get_checkpointer_sync_time() | double precision | fss-- | reads |  | counters of what was done to tables
3162 | 14-18 | pg_collation_for("any") | text | fs--- | total |  | defined for every value
3163 | 14-18 | pg_trigger_depth() | integer | fss-- | faultable |  | the session, its transaction or the state of the server; no stored value
3165 | 14-18 | pg_wal_lsn_diff(pg_lsn, pg_lsn) | numeric | fis-- | faultable |  | arithmetic of positions and transactions
3166 | 14-18 | pg_size_pretty(numeric) | text | fis-- | total |  | every number of bytes has words
3167 | 14-18 | array_remove(anycompatiblearray, anycompatible) | anycompatiblearray | fi--- | faultable |  | shapes may not fit, or grow too large
3168 | 14-18 | array_replace(anycompatiblearray, anycompatible, anycompatible) | anycompatiblearray | fi--- | faultable |  | shapes may not fit, or grow too large
3169 | 14-18 | rangesel(internal, oid, internal, integer) | double precision | fss-- | refused |  | takes or gives a value of the server's own memory
3170 | 14-18 | lo_lseek64(integer, bigint, integer) | bigint | fvs-- | effect |  | makes, changes or moves in a large object, where anybody may read it
3171 | 14-18 | lo_tell64(integer) | bigint | fvs-- | effect |  | tells where an open large object stands, which earlier calls decided
3172 | 14-18 | lo_truncate64(integer, bigint) | integer | fvs-- | effect |  | makes, changes or moves in a large object, where anybody may read it
3173 | 14-18 | json_agg_transfn(internal, anyelement) | internal | fs--- | refused |  | takes or gives a value of the server's own memory
3174 | 14-18 | json_agg_finalfn(internal) | json | fi--- | refused |  | takes or gives a value of the server's own memory
3175 | 14-18 | json_agg(anyelement) | json | as--- | total |  | collects its inputs
3176 | 14-18 | to_json(anyelement) | json | fss-- | total |  | looks into or prints a document that was checked when it was stored
3177 | 14-18 | pg_stat_get_mod_since_analyze(oid) | bigint | fss-- | reads |  | counters of what was done to tables
3178 | 14-18 | numeric_sum(internal) | numeric | fi--- | refused |  | takes or gives a value of the server's own memory
3179 | 14-18 | cardinality(anyarray) | integer | fis-- | total |  | measures, compares or unfolds
3180 | 14-18 | json_object_agg_transfn(internal, "any", "any") | internal | fs--- | refused |  | takes or gives a value of the server's own memory
3181 | 14-18 | record_image_eq(record, record) | boolean | fis-- | faultable |  | compares rows as they are stored; rows of other columns cannot be compared
3182 | 14-18 | record_image_ne(record, record) | boolean | fis-- | faultable |  | compares rows as they are stored; rows of other columns cannot be compared
3183 | 14-18 | record_image_lt(record, record) | boolean | fis-- | faultable |  | compares rows as they are stored; rows of other columns cannot be compared
3184 | 14-18 | record_image_gt(record, record) | boolean | fis-- | faultable |  | compares rows as they are stored; rows of other columns cannot be compared
3185 | 14-18 | record_image_le(record, record) | boolean | fis-- | faultable |  | compares rows as they are stored; rows of other columns cannot be compared
3186 | 14-18 | record_image_ge(record, record) | boolean | fis-- | faultable |  | compares rows as they are stored; rows of other columns cannot be compared
3187 | 14-18 | btrecordimagecmp(record, record) | integer | fis-- | faultable |  | rows of other columns cannot be compared: raises by what the rows are
3195 | 14-18 | pg_stat_get_archiver() | record | fs--- | reads |  | counters of what was done to tables
3196 | 14-18 | json_object_agg_finalfn(internal) | json | fi--- | refused |  | takes or gives a value of the server's own memory
3197 | 14-18 | json_object_agg("any", "any") | json | as--- | faultable |  | a key may be NULL or occur twice
3198 | 14-18 | json_build_array("any") | json | fs--- | total |  | prints each value
3199 | 14-18 | json_build_array() | json | fs--- | faultable |  | a key may be NULL, a field may not fit its type
3200 | 14-18 | json_build_object("any") | json | fs--- | total | json-keys@0 | raises for keys that are NULL or no texts
3201 | 14-18 | json_build_object() | json | fs--- | faultable |  | a key may be NULL, a field may not fit its type
3202 | 14-18 | json_object(text[]) | json | fis-- | faultable |  | the document may have another shape
3203 | 14-18 | json_object(text[], text[]) | json | fis-- | faultable |  | the document may have another shape
3204 | 14-18 | json_to_record(json) | record | fss-- | faultable |  | a key may be NULL, a field may not fit its type
3205 | 14-18 | json_to_recordset(json) | record | fs-r- | faultable |  | a key may be NULL, a field may not fit its type
3207 | 14-18 | jsonb_array_length(jsonb) | integer | fis-- | faultable |  | the document may have another shape
3208 | 14-18 | jsonb_each(jsonb) | record | fisr- | faultable |  | the document may have another shape
3209 | 14-18 | jsonb_populate_record(anyelement, jsonb) | anyelement | fs--- | faultable |  | a key may be NULL, a field may not fit its type
3210 | 14-18 | jsonb_typeof(jsonb) | text | fis-- | total |  | looks into or prints a document that was checked when it was stored
3214 | 14-18 | jsonb_object_field_text(jsonb, text) | text | fis-- | total |  | looks into or prints a document that was checked when it was stored
3215 | 14-18 | jsonb_array_element(jsonb, integer) | jsonb | fis-- | total |  | looks into or prints a document that was checked when it was stored
3216 | 14-18 | jsonb_array_element_text(jsonb, integer) | text | fis-- | total |  | looks into or prints a document that was checked when it was stored
3217 | 14-18 | jsonb_extract_path(jsonb, text[]) | jsonb | fis-- | total |  | looks into or prints a document that was checked when it was stored
3218 | 14-18 | width_bucket(anycompatible, anycompatiblearray) | integer | fis-- | faultable |  | shapes may not fit, or grow too large
3219 | 14-18 | jsonb_array_elements(jsonb) | jsonb | fisr- | faultable |  | the document may have another shape
3229 | 14-18 | pg_lsn_in(cstring) | pg_lsn | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
3230 | 14-18 | pg_lsn_out(pg_lsn) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
3231 | 14-18 | pg_lsn_lt(pg_lsn, pg_lsn) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
3232 | 14-18 | pg_lsn_le(pg_lsn, pg_lsn) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
3233 | 14-18 | pg_lsn_eq(pg_lsn, pg_lsn) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
3234 | 14-18 | pg_lsn_ge(pg_lsn, pg_lsn) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
3235 | 14-18 | pg_lsn_gt(pg_lsn, pg_lsn) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
3236 | 14-18 | pg_lsn_ne(pg_lsn, pg_lsn) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
3237 | 14-18 | pg_lsn_mi(pg_lsn, pg_lsn) | numeric | fis-- | faultable |  | arithmetic of positions and transactions
3238 | 14-18 | pg_lsn_recv(internal) | pg_lsn | fis-- | refused |  | takes or gives a value of the server's own memory
3239 | 14-18 | pg_lsn_send(pg_lsn) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
3251 | 14-18 | pg_lsn_cmp(pg_lsn, pg_lsn) | integer | fis-- | total |  | compares two values; the collation is settled before any row
3252 | 14-18 | pg_lsn_hash(pg_lsn) | integer | fis-- | faultable |  | a hash; needs a hash function for the type
3255 | 14-18 | bttextsortsupport(internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
3259 | 14-17 | generate_series(numeric, numeric, numeric) | numeric | fisr- | faultable |  | rows by bounds and steps; a step of zero raises
3259 | 18 | generate_series(numeric, numeric, numeric) | numeric | fisrp | faultable |  | rows by bounds and steps; a step of zero raises
3260 | 14-17 | generate_series(numeric, numeric) | numeric | fisr- | faultable |  | rows by bounds and steps; a step of zero raises
3260 | 18 | generate_series(numeric, numeric) | numeric | fisrp | faultable |  | rows by bounds and steps; a step of zero raises
3261 | 14-17 | json_strip_nulls(json) | json | fis-- | total |  | raises only for a stored \u0000 or half a surrogate pair, which nobody can move
3261 | 18 | json_strip_nulls(json, boolean) | json | fis-- | total |  | raises only for a stored \u0000 or half a surrogate pair, which nobody can move
3262 | 14-17 | jsonb_strip_nulls(jsonb) | jsonb | fis-- | total |  | looks into or prints a document that was checked when it was stored
3262 | 18 | jsonb_strip_nulls(jsonb, boolean) | jsonb | fis-- | total |  | looks into or prints a document that was checked when it was stored
3263 | 14-18 | jsonb_object(text[]) | jsonb | fis-- | faultable |  | the document may have another shape
3264 | 14-18 | jsonb_object(text[], text[]) | jsonb | fis-- | faultable |  | the document may have another shape
3265 | 14-18 | jsonb_agg_transfn(internal, anyelement) | internal | fs--- | refused |  | takes or gives a value of the server's own memory
3266 | 14-18 | jsonb_agg_finalfn(internal) | jsonb | fs--- | refused |  | takes or gives a value of the server's own memory
3267 | 14-18 | jsonb_agg(anyelement) | jsonb | as--- | total |  | collects its inputs
3268 | 14-18 | jsonb_object_agg_transfn(internal, "any", "any") | internal | fs--- | refused |  | takes or gives a value of the server's own memory
3269 | 14-18 | jsonb_object_agg_finalfn(internal) | jsonb | fs--- | refused |  | takes or gives a value of the server's own memory
3270 | 14-18 | jsonb_object_agg("any", "any") | jsonb | ai--- | faultable |  | a key may be NULL or occur twice
3271 | 14-18 | jsonb_build_array("any") | jsonb | fs--- | total |  | prints each value
3272 | 14-18 | jsonb_build_array() | jsonb | fs--- | faultable |  | a key may be NULL, a field may not fit its type
3273 | 14-18 | jsonb_build_object("any") | jsonb | fs--- | total | json-keys@0 | raises for keys that are NULL or no texts
3274 | 14-18 | jsonb_build_object() | jsonb | fs--- | faultable |  | a key may be NULL, a field may not fit its type
3275 | 14-18 | dist_ppoly(point, polygon) | double precision | fis-- | faultable |  | geometry: may overflow or divide by zero
3277 | 14-18 | array_position(anycompatiblearray, anycompatible) | integer | fi--- | faultable |  | shapes may not fit, or grow too large
3278 | 14-18 | array_position(anycompatiblearray, anycompatible, integer) | integer | fi--- | faultable |  | shapes may not fit, or grow too large
3279 | 14-18 | array_positions(anycompatiblearray, anycompatible) | integer[] | fi--- | faultable |  | shapes may not fit, or grow too large
3280 | 14-18 | gist_circle_distance(internal, circle, smallint, oid, internal) | double precision | fis-- | refused |  | takes or gives a value of the server's own memory
3281 | 14-18 | scale(numeric) | integer | fis-- | total |  | stays within its type
3282 | 14-18 | gist_point_fetch(internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
3283 | 14-18 | numeric_sortsupport(internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
3288 | 14-18 | gist_poly_distance(internal, polygon, smallint, oid, internal) | double precision | fis-- | refused |  | takes or gives a value of the server's own memory
3290 | 14-18 | dist_cpoint(circle, point) | double precision | fis-- | faultable |  | geometry: may overflow or divide by zero
3292 | 14-18 | dist_polyp(polygon, point) | double precision | fis-- | faultable |  | geometry: may overflow or divide by zero
3293 | 14-18 | pg_read_file(text, bigint, bigint, boolean) | text | fvs-- | refused |  | reads, lists or rotates files of the server
3294 | 14-18 | current_setting(text, boolean) | text | fss-- | faultable |  | settings of the session; nothing classified may be stored in them
3295 | 14-18 | pg_read_binary_file(text, bigint, bigint, boolean) | bytea | fvs-- | refused |  | reads, lists or rotates files of the server
3296 | 14-18 | pg_notification_queue_usage() | double precision | fvs-- | faultable |  | the session, its transaction or the state of the server; no stored value
3297 | 14-18 | pg_ls_dir(text, boolean, boolean) | text | fvsr- | refused |  | reads, lists or rotates files of the server
3298 | 14-18 | row_security_active(oid) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
3299 | 14-18 | row_security_active(text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
3300 | 14-18 | uuid_sortsupport(internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
3301 | 14-18 | jsonb_concat(jsonb, jsonb) | jsonb | fis-- | faultable |  | the document may have another shape
3302 | 14-18 | jsonb_delete(jsonb, text) | jsonb | fis-- | faultable |  | the document may have another shape
3303 | 14-18 | jsonb_delete(jsonb, integer) | jsonb | fis-- | faultable |  | the document may have another shape
3304 | 14-18 | jsonb_delete_path(jsonb, text[]) | jsonb | fis-- | faultable |  | the document may have another shape
3305 | 14-18 | jsonb_set(jsonb, text[], jsonb, boolean) | jsonb | fis-- | faultable |  | the document may have another shape
3306 | 14-18 | jsonb_pretty(jsonb) | text | fis-- | total |  | looks into or prints a document that was checked when it was stored
3307 | 14-18 | pg_stat_file(text, boolean) | record | fvs-- | refused |  | reads, lists or rotates files of the server
3308 | 14-18 | xidneq(xid, xid) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
3309 | 14-18 | xidneqint4(xid, integer) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
3311 | 14-18 | tsm_handler_in(cstring) | tsm_handler | fi--- | refused |  | part of a language, of DDL or of an access method
3312 | 14-18 | tsm_handler_out(tsm_handler) | cstring | fis-- | refused |  | part of a language, of DDL or of an access method
3313 | 14-18 | bernoulli(internal) | tsm_handler | fvs-- | refused |  | takes or gives a value of the server's own memory
3314 | 14-18 | system(internal) | tsm_handler | fvs-- | refused |  | takes or gives a value of the server's own memory
3317 | 14-18 | pg_stat_get_wal_receiver() | record | fs--- | reads |  | counters of what was done to tables
3318 | 14-18 | pg_stat_get_progress_info(text) | record | fssr- | reads |  | counters of what was done to tables
3319 | 14-18 | ts_filter(tsvector, "char"[]) | tsvector | fis-- | faultable |  | text search by a configuration that may be unknown
3320 | 14-18 | setweight(tsvector, "char", text[]) | tsvector | fis-- | faultable |  | text search by a configuration that may be unknown
3321 | 14-18 | ts_delete(tsvector, text) | tsvector | fis-- | faultable |  | text search by a configuration that may be unknown
3322 | 14-18 | unnest(tsvector) | record | fisr- | total |  | unfolds into rows: what goes in decides how many
3323 | 14-18 | ts_delete(tsvector, text[]) | tsvector | fis-- | faultable |  | text search by a configuration that may be unknown
3324 | 14-18 | int4_avg_combine(bigint[], bigint[]) | bigint[] | fis-- | faultable |  | a step of an aggregate: raises for a state that is none, or outside aggregates
3325 | 14-16 | interval_combine(interval[], interval[]) | interval[] | fis-- | faultable |  | a step of an aggregate: raises for a state that is none, or outside aggregates
3325 | 17-18 | interval_avg_combine(internal, internal) | internal | fi--- | refused |  | takes or gives a value of the server's own memory
3326 | 14-18 | tsvector_to_array(tsvector) | text[] | fis-- | faultable |  | text search by a configuration that may be unknown
3327 | 14-18 | array_to_tsvector(text[]) | tsvector | fis-- | faultable |  | text search by a configuration that may be unknown
3328 | 14-18 | bpchar_sortsupport(internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
3329 | 14-18 | pg_show_all_file_settings() | record | fvsr- | reads |  | the server's configuration files
3330 | 14-18 | pg_current_wal_flush_lsn() | pg_lsn | fvs-- | reads |  | how much was written depends on how long rows are
3331 | 14-18 | bytea_sortsupport(internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
3332 | 14-18 | bttext_pattern_sortsupport(internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
3333 | 14-18 | btbpchar_pattern_sortsupport(internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
3334 | 14-18 | pg_size_bytes(text) | bigint | fis-- | faultable |  | lengths or positions may not fit
3335 | 14-18 | numeric_serialize(internal) | bytea | fis-- | refused |  | takes or gives a value of the server's own memory
3336 | 14-18 | numeric_deserialize(bytea, internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
3337 | 14-18 | numeric_avg_combine(internal, internal) | internal | fi--- | refused |  | takes or gives a value of the server's own memory
3338 | 14-18 | numeric_poly_combine(internal, internal) | internal | fi--- | refused |  | takes or gives a value of the server's own memory
3339 | 14-18 | numeric_poly_serialize(internal) | bytea | fis-- | refused |  | takes or gives a value of the server's own memory
3340 | 14-18 | numeric_poly_deserialize(bytea, internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
3341 | 14-18 | numeric_combine(internal, internal) | internal | fi--- | refused |  | takes or gives a value of the server's own memory
3342 | 14-18 | float8_regr_combine(double precision[], double precision[]) | double precision[] | fis-- | faultable |  | a step of an aggregate: raises for a state that is none, or outside aggregates
3343 | 14-18 | jsonb_delete(jsonb, text[]) | jsonb | fis-- | faultable |  | the document may have another shape
3344 | 14-18 | cash_mul_int8(money, bigint) | money | fis-- | faultable |  | may overflow or divide by zero
3345 | 14-18 | cash_div_int8(money, bigint) | money | fis-- | faultable |  | may overflow or divide by zero
3348 | 14-18 | txid_current_if_assigned() | bigint | fss-- | faultable |  | the session, its transaction or the state of the server; no stored value
3352 | 14-18 | pg_get_partkeydef(oid) | text | fss-- | faultable |  | tells definitions; holds no stored value
3353 | 14-18 | pg_ls_logdir() | record | fvsr- | refused |  | reads, lists or rotates files of the server
3354 | 14-18 | pg_ls_waldir() | record | fvsr- | refused |  | reads, lists or rotates files of the server
3355 | 14-18 | pg_ndistinct_in(cstring) | pg_ndistinct | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
3356 | 14-18 | pg_ndistinct_out(pg_ndistinct) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
3357 | 14-18 | pg_ndistinct_recv(internal) | pg_ndistinct | fss-- | refused |  | takes or gives a value of the server's own memory
3358 | 14-18 | pg_ndistinct_send(pg_ndistinct) | bytea | fss-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
3359 | 14-18 | macaddr_sortsupport(internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
3360 | 14-18 | txid_status(bigint) | text | fvs-- | faultable |  | the session, its transaction or the state of the server; no stored value
3376 | 14-18 | pg_safe_snapshot_blocking_pids(integer) | integer[] | fvs-- | faultable |  | the session, its transaction or the state of the server; no stored value
3378 | 14-18 | pg_isolation_test_session_is_blocked(integer, integer[]) | boolean | fvs-- | refused |  | only for the server's own tests
3382 | 14-18 | pg_identify_object_as_address(oid, oid, integer) | record | fss-- | faultable |  | tells definitions; holds no stored value
3383 | 14-18 | brin_minmax_opcinfo(internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
3384 | 14-18 | brin_minmax_add_value(internal, internal, internal, internal) | boolean | fis-- | refused |  | takes or gives a value of the server's own memory
3385 | 14-18 | brin_minmax_consistent(internal, internal, internal) | boolean | fis-- | refused |  | takes or gives a value of the server's own memory
3386 | 14-18 | brin_minmax_union(internal, internal, internal) | boolean | fis-- | refused |  | takes or gives a value of the server's own memory
3387 | 14-18 | int8_avg_accum_inv(internal, bigint) | internal | fi--- | refused |  | takes or gives a value of the server's own memory
3388 | 14-18 | numeric_poly_sum(internal) | numeric | fi--- | refused |  | takes or gives a value of the server's own memory
3389 | 14-18 | numeric_poly_avg(internal) | numeric | fi--- | refused |  | takes or gives a value of the server's own memory
3390 | 14-18 | numeric_poly_var_pop(internal) | numeric | fi--- | refused |  | takes or gives a value of the server's own memory
3391 | 14-18 | numeric_poly_var_samp(internal) | numeric | fi--- | refused |  | takes or gives a value of the server's own memory
3392 | 14-18 | numeric_poly_stddev_pop(internal) | numeric | fi--- | refused |  | takes or gives a value of the server's own memory
3393 | 14-18 | numeric_poly_stddev_samp(internal) | numeric | fi--- | refused |  | takes or gives a value of the server's own memory
3396 | 14-18 | regexp_match(text, text) | text[] | fis-- | faultable |  | the pattern may be invalid, or too costly
3397 | 14-18 | regexp_match(text, text, text) | text[] | fis-- | faultable |  | the pattern may be invalid, or too costly
3399 | 14-18 | int8_mul_cash(bigint, money) | money | fis-- | faultable |  | may overflow or divide by zero
3400 | 14-18 | pg_config() | record | fssr- | refused |  | tells of the server's own memory, files or build
3401 | 14-18 | pg_hba_file_rules() | record | fvsr- | reads |  | the server's configuration files
3403 | 14-18 | pg_statistics_obj_is_visible(oid) | boolean | fss-- | faultable |  | tells definitions; holds no stored value
3404 | 14-18 | pg_dependencies_in(cstring) | pg_dependencies | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
3405 | 14-18 | pg_dependencies_out(pg_dependencies) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
3406 | 14-18 | pg_dependencies_recv(internal) | pg_dependencies | fss-- | refused |  | takes or gives a value of the server's own memory
3407 | 14-18 | pg_dependencies_send(pg_dependencies) | bytea | fss-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
3408 | 14-18 | pg_get_partition_constraintdef(oid) | text | fss-- | faultable |  | tells definitions; holds no stored value
3409 | 14-18 | time_hash_extended(time without time zone, bigint) | bigint | fis-- | faultable |  | a hash; needs a hash function for the type
3410 | 14-18 | timetz_hash_extended(time with time zone, bigint) | bigint | fis-- | faultable |  | a hash; needs a hash function for the type
3411 | 14-18 | timestamp_hash_extended(timestamp without time zone, bigint) | bigint | fis-- | faultable |  | a hash; needs a hash function for the type
3412 | 14-18 | uuid_hash_extended(uuid, bigint) | bigint | fis-- | faultable |  | a part of the value; raises for none
3413 | 14-18 | pg_lsn_hash_extended(pg_lsn, bigint) | bigint | fis-- | faultable |  | a hash; needs a hash function for the type
3414 | 14-18 | hashenumextended(anyenum, bigint) | bigint | fis-- | faultable |  | a hash; needs a hash function for the type
3415 | 14-18 | pg_get_statisticsobjdef(oid) | text | fss-- | faultable |  | tells definitions; holds no stored value
3416 | 14-18 | jsonb_hash_extended(jsonb, bigint) | bigint | fis-- | faultable |  | a hash; needs a hash function for the type
3417 | 14-18 | hash_range_extended(anyrange, bigint) | bigint | fis-- | faultable |  | a hash; needs a hash function for the type
3418 | 14-18 | interval_hash_extended(interval, bigint) | bigint | fis-- | faultable |  | a hash; needs a hash function for the type
3419 | 14-18 | sha224(bytea) | bytea | fis-- | total |  | cuts, changes or measures a text within its own length
3420 | 14-18 | sha256(bytea) | bytea | fis-- | total |  | cuts, changes or measures a text within its own length
3421 | 14-18 | sha384(bytea) | bytea | fis-- | total |  | cuts, changes or measures a text within its own length
3422 | 14-18 | sha512(bytea) | bytea | fis-- | total |  | cuts, changes or measures a text within its own length
3423 | 14-18 | pg_partition_tree(regclass) | record | fvsr- | faultable |  | tells definitions; holds no stored value
3424 | 14-18 | pg_partition_root(regclass) | regclass | fis-- | faultable |  | tells definitions; holds no stored value
3425 | 14-18 | pg_partition_ancestors(regclass) | regclass | fvsr- | faultable |  | tells definitions; holds no stored value
3426 | 14-18 | pg_stat_get_db_checksum_failures(oid) | bigint | fss-- | reads |  | counters of what was done to tables
3427 | 14-18 | pg_mcv_list_items(pg_mcv_list) | record | fssr- | reads |  | sampled values of columns
3428 | 14-18 | pg_stat_get_db_checksum_last_failure(oid) | timestamp with time zone | fss-- | reads |  | counters of what was done to tables
3432 | 14-18 | gen_random_uuid() | uuid | fvs-- | faultable |  | random; raises for bounds in the wrong order
3434 | 14-18 | gtsvector_options(internal) | void | fi--- | refused |  | takes or gives a value of the server's own memory
3435 | 14-18 | gist_point_sortsupport(internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
3436 | 14-18 | pg_promote(boolean, integer) | boolean | fvs-- | refused |  | controls other sessions, statistics or the server
3437 | 14-18 | prefixsel(internal, oid, internal, integer) | double precision | fss-- | refused |  | takes or gives a value of the server's own memory
3438 | 14-18 | prefixjoinsel(internal, oid, internal, smallint, internal) | double precision | fss-- | refused |  | takes or gives a value of the server's own memory
3441 | 14-18 | pg_control_system() | record | fvs-- | refused |  | tells the state of the cluster, which no client needs
3442 | 14-18 | pg_control_checkpoint() | record | fvs-- | refused |  | tells the state of the cluster, which no client needs
3443 | 14-18 | pg_control_recovery() | record | fvs-- | refused |  | tells the state of the cluster, which no client needs
3444 | 14-18 | pg_control_init() | record | fvs-- | refused |  | tells the state of the cluster, which no client needs
3445 | 14-18 | pg_import_system_collations(regnamespace) | integer | fvs-- | refused |  | controls other sessions, statistics or the server
3446 | 14-18 | macaddr8_recv(internal) | macaddr8 | fis-- | refused |  | takes or gives a value of the server's own memory
3447 | 14-18 | macaddr8_send(macaddr8) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
3448 | 14-18 | pg_collation_actual_version(oid) | text | fvs-- | faultable |  | tells definitions; holds no stored value
3449 | 14-18 | numeric(jsonb) | numeric | fis-- | faultable |  | may overflow, divide by zero or leave its domain
3450 | 14-18 | int2(jsonb) | smallint | fis-- | faultable |  | may overflow, divide by zero or leave its domain
3451 | 14-18 | int4(jsonb) | integer | fis-- | faultable |  | may overflow, divide by zero or leave its domain
3452 | 14-18 | int8(jsonb) | bigint | fis-- | faultable |  | may overflow, divide by zero or leave its domain
3453 | 14-18 | float4(jsonb) | real | fis-- | faultable |  | may overflow, divide by zero or leave its domain
3454 | 14-18 | pg_filenode_relation(oid, oid) | regclass | fss-- | faultable |  | tells definitions; holds no stored value
3457 | 14-18 | lo_from_bytea(oid, bytea) | oid | fvs-- | effect |  | makes, changes or moves in a large object, where anybody may read it
3458 | 14-18 | lo_get(oid) | bytea | fvs-- | large-object |  | reads a large object; raises when there is none
3459 | 14-18 | lo_get(oid, bigint, integer) | bytea | fvs-- | large-object |  | reads a large object; raises when there is none
3460 | 14-18 | lo_put(oid, bigint, bytea) | void | fvs-- | effect |  | makes, changes or moves in a large object, where anybody may read it
3461 | 14-18 | make_timestamp(integer, integer, integer, integer, integer, double precision) | timestamp without time zone | fis-- | faultable |  | may be out of range
3462 | 14-18 | make_timestamptz(integer, integer, integer, integer, integer, double precision) | timestamp with time zone | fss-- | faultable |  | clock and time zone; results may be out of range
3463 | 14-18 | make_timestamptz(integer, integer, integer, integer, integer, double precision, text) | timestamp with time zone | fss-- | faultable |  | clock and time zone; results may be out of range
3464 | 14-18 | make_interval(integer, integer, integer, integer, integer, integer, double precision) | interval | fis-- | faultable |  | may be out of range
3465 | 14-18 | jsonb_array_elements_text(jsonb) | text | fisr- | faultable |  | the document may have another shape
3469 | 14-18 | spg_range_quad_config(internal, internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
3470 | 14-18 | spg_range_quad_choose(internal, internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
3471 | 14-18 | spg_range_quad_picksplit(internal, internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
3472 | 14-18 | spg_range_quad_inner_consistent(internal, internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
3473 | 14-18 | spg_range_quad_leaf_consistent(internal, internal) | boolean | fis-- | refused |  | takes or gives a value of the server's own memory
3475 | 14-18 | jsonb_populate_recordset(anyelement, jsonb) | anyelement | fs-r- | faultable |  | a key may be NULL, a field may not fit its type
3476 | 14-18 | to_regoperator(text) | regoperator | fss-- | faultable |  | looks a name up; raises for names that are none
3478 | 14-18 | jsonb_object_field(jsonb, text) | jsonb | fis-- | total |  | looks into or prints a document that was checked when it was stored
3479 | 14-18 | to_regprocedure(text) | regprocedure | fss-- | faultable |  | looks a name up; raises for names that are none
3480 | 14-18 | gin_compare_jsonb(text, text) | integer | fis-- | faultable |  | compares two values, as indexes do
3482 | 14-18 | gin_extract_jsonb(jsonb, internal, internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
3483 | 14-18 | gin_extract_jsonb_query(jsonb, internal, smallint, internal, internal, internal, internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
3484 | 14-18 | gin_consistent_jsonb(internal, smallint, jsonb, integer, internal, internal, internal, internal) | boolean | fis-- | refused |  | takes or gives a value of the server's own memory
3485 | 14-18 | gin_extract_jsonb_path(jsonb, internal, internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
3486 | 14-18 | gin_extract_jsonb_query_path(jsonb, internal, smallint, internal, internal, internal, internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
3487 | 14-18 | gin_consistent_jsonb_path(internal, smallint, jsonb, integer, internal, internal, internal, internal) | boolean | fis-- | refused |  | takes or gives a value of the server's own memory
3488 | 14-18 | gin_triconsistent_jsonb(internal, smallint, jsonb, integer, internal, internal, internal) | "char" | fis-- | refused |  | takes or gives a value of the server's own memory
3489 | 14-18 | gin_triconsistent_jsonb_path(internal, smallint, jsonb, integer, internal, internal, internal) | "char" | fis-- | refused |  | takes or gives a value of the server's own memory
3490 | 14-18 | jsonb_to_record(jsonb) | record | fss-- | faultable |  | a key may be NULL, a field may not fit its type
3491 | 14-18 | jsonb_to_recordset(jsonb) | record | fs-r- | faultable |  | a key may be NULL, a field may not fit its type
3492 | 14-18 | to_regoper(text) | regoper | fss-- | faultable |  | looks a name up; raises for names that are none
3493 | 14-18 | to_regtype(text) | regtype | fss-- | faultable |  | looks a name up; raises for names that are none
3494 | 14-18 | to_regproc(text) | regproc | fss-- | faultable |  | looks a name up; raises for names that are none
3495 | 14-18 | to_regclass(text) | regclass | fss-- | faultable |  | looks a name up; raises for names that are none
3496 | 14-18 | bool_accum(internal, boolean) | internal | fi--- | refused |  | takes or gives a value of the server's own memory
3497 | 14-18 | bool_accum_inv(internal, boolean) | internal | fi--- | refused |  | takes or gives a value of the server's own memory
3498 | 14-18 | bool_alltrue(internal) | boolean | fis-- | refused |  | takes or gives a value of the server's own memory
3499 | 14-18 | bool_anytrue(internal) | boolean | fis-- | refused |  | takes or gives a value of the server's own memory
3504 | 14-18 | anyenum_in(cstring) | anyenum | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
3505 | 14-18 | anyenum_out(anyenum) | cstring | fss-- | refused |  | output function: the server calls it for casts, which are judged as casts
3506 | 14-18 | enum_in(cstring, oid) | anyenum | fss-- | refused |  | input function: the server calls it for casts, which are judged as casts
3507 | 14-18 | enum_out(anyenum) | cstring | fss-- | refused |  | output function: the server calls it for casts, which are judged as casts
3508 | 14-18 | enum_eq(anyenum, anyenum) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
3509 | 14-18 | enum_ne(anyenum, anyenum) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
3510 | 14-18 | enum_lt(anyenum, anyenum) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
3511 | 14-18 | enum_gt(anyenum, anyenum) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
3512 | 14-18 | enum_le(anyenum, anyenum) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
3513 | 14-18 | enum_ge(anyenum, anyenum) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
3514 | 14-18 | enum_cmp(anyenum, anyenum) | integer | fis-- | total |  | compares two values; the collation is settled before any row
3515 | 14-18 | hashenum(anyenum) | integer | fis-- | faultable |  | a hash; needs a hash function for the type
3524 | 14-18 | enum_smaller(anyenum, anyenum) | anyenum | fis-- | total |  | keeps one of two values
3525 | 14-18 | enum_larger(anyenum, anyenum) | anyenum | fis-- | total |  | keeps one of two values
3526 | 14-18 | max(anyenum) | anyenum | ai--- | total |  | keeps one of its inputs
3527 | 14-18 | min(anyenum) | anyenum | ai--- | total |  | keeps one of its inputs
3528 | 14-18 | enum_first(anyenum) | anyenum | fs--- | faultable |  | tells definitions; holds no stored value
3529 | 14-18 | enum_last(anyenum) | anyenum | fs--- | faultable |  | tells definitions; holds no stored value
3530 | 14-18 | enum_range(anyenum, anyenum) | anyarray | fs--- | faultable |  | tells definitions; holds no stored value
3531 | 14-18 | enum_range(anyenum) | anyarray | fs--- | faultable |  | tells definitions; holds no stored value
3532 | 14-18 | enum_recv(internal, oid) | anyenum | fss-- | refused |  | takes or gives a value of the server's own memory
3533 | 14-18 | enum_send(anyenum) | bytea | fss-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
3535 | 14-18 | string_agg_transfn(internal, text, text) | internal | fi--- | refused |  | takes or gives a value of the server's own memory
3536 | 14-18 | string_agg_finalfn(internal) | text | fi--- | refused |  | takes or gives a value of the server's own memory
3537 | 14-18 | pg_describe_object(oid, oid, integer) | text | fss-- | faultable |  | tells definitions; holds no stored value
3538 | 14-18 | string_agg(text, text) | text | ai--- | total |  | collects its inputs
3539 | 14-18 | format(text, "any") | text | fs--- | total | plain-format@0 | raises by the format, never by a value
3540 | 14-18 | format(text) | text | fs--- | faultable |  | the format may ask for what is not given
3543 | 14-18 | bytea_string_agg_transfn(internal, bytea, bytea) | internal | fi--- | refused |  | takes or gives a value of the server's own memory
3544 | 14-18 | bytea_string_agg_finalfn(internal) | bytea | fi--- | refused |  | takes or gives a value of the server's own memory
3545 | 14-18 | string_agg(bytea, bytea) | bytea | ai--- | total |  | collects its inputs
3546 | 14-18 | int8dec(bigint) | bigint | fis-- | faultable |  | may overflow, divide by zero or leave its domain
3547 | 14-18 | int8dec_any(bigint, "any") | bigint | fis-- | faultable |  | may overflow, divide by zero or leave its domain
3548 | 14-18 | numeric_accum_inv(internal, numeric) | internal | fi--- | refused |  | takes or gives a value of the server's own memory
3549 | 14-16 | interval_accum_inv(interval[], interval) | interval[] | fis-- | faultable |  | a step of an aggregate: raises for a state that is none, or outside aggregates
3549 | 17-18 | interval_avg_accum_inv(internal, interval) | internal | fi--- | refused |  | takes or gives a value of the server's own memory
3551 | 14-18 | network_overlap(inet, inet) | boolean | fis-- | total |  | a part or comparison of addresses
3553 | 14-18 | inet_gist_consistent(internal, inet, smallint, oid, internal) | boolean | fis-- | refused |  | takes or gives a value of the server's own memory
3554 | 14-18 | inet_gist_union(internal, internal) | inet | fis-- | refused |  | takes or gives a value of the server's own memory
3555 | 14-18 | inet_gist_compress(internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
3556 | 14-18 | bool(jsonb) | boolean | fis-- | faultable |  | may overflow, divide by zero or leave its domain
3557 | 14-18 | inet_gist_penalty(internal, internal, internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
3558 | 14-18 | inet_gist_picksplit(internal, internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
3559 | 14-18 | inet_gist_same(inet, inet, internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
3560 | 14-18 | networksel(internal, oid, internal, integer) | double precision | fss-- | refused |  | takes or gives a value of the server's own memory
3561 | 14-18 | networkjoinsel(internal, oid, internal, smallint, internal) | double precision | fss-- | refused |  | takes or gives a value of the server's own memory
3562 | 14-18 | network_larger(inet, inet) | inet | fis-- | total |  | keeps one of two values
3563 | 14-18 | network_smaller(inet, inet) | inet | fis-- | total |  | keeps one of two values
3564 | 14-18 | max(inet) | inet | ai--- | total |  | keeps one of its inputs
3565 | 14-18 | min(inet) | inet | ai--- | total |  | keeps one of its inputs
3566 | 14-18 | pg_event_trigger_dropped_objects() | record | fssr- | refused |  | only inside event triggers
3567 | 14-18 | int2_accum_inv(internal, smallint) | internal | fi--- | refused |  | takes or gives a value of the server's own memory
3568 | 14-18 | int4_accum_inv(internal, integer) | internal | fi--- | refused |  | takes or gives a value of the server's own memory
3569 | 14-18 | int8_accum_inv(internal, bigint) | internal | fi--- | refused |  | takes or gives a value of the server's own memory
3570 | 14-18 | int2_avg_accum_inv(bigint[], smallint) | bigint[] | fis-- | faultable |  | a step of an aggregate: raises for a state that is none, or outside aggregates
3571 | 14-18 | int4_avg_accum_inv(bigint[], integer) | bigint[] | fis-- | faultable |  | a step of an aggregate: raises for a state that is none, or outside aggregates
3572 | 14-18 | int2int4_sum(bigint[]) | bigint | fis-- | faultable |  | may overflow, divide by zero or leave its domain
3573 | 14-18 | inet_gist_fetch(internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
3577 | 14-16 | pg_logical_emit_message(boolean, text, text) | pg_lsn | fvs-- | refused |  | writes into the replication stream
3577 | 17-18 | pg_logical_emit_message(boolean, text, text, boolean) | pg_lsn | fvs-- | refused |  | writes into the replication stream
3578 | 14-16 | pg_logical_emit_message(boolean, text, bytea) | pg_lsn | fvs-- | refused |  | writes into the replication stream
3578 | 17-18 | pg_logical_emit_message(boolean, text, bytea, boolean) | pg_lsn | fvs-- | refused |  | writes into the replication stream
3579 | 14-18 | jsonb_insert(jsonb, text[], jsonb, boolean) | jsonb | fis-- | faultable |  | the document may have another shape
3581 | 14-18 | pg_xact_commit_timestamp(xid) | timestamp with time zone | fvs-- | refused |  | tells when others committed
3582 | 14-18 | binary_upgrade_set_next_pg_type_oid(oid) | void | fvs-- | refused |  | only for pg_upgrade
3583 | 14-18 | pg_last_committed_xact() | record | fvs-- | refused |  | tells when others committed
3584 | 14-18 | binary_upgrade_set_next_array_pg_type_oid(oid) | void | fvs-- | refused |  | only for pg_upgrade
3586 | 14-18 | binary_upgrade_set_next_heap_pg_class_oid(oid) | void | fvs-- | refused |  | only for pg_upgrade
3587 | 14-18 | binary_upgrade_set_next_index_pg_class_oid(oid) | void | fvs-- | refused |  | only for pg_upgrade
3588 | 14-18 | binary_upgrade_set_next_toast_pg_class_oid(oid) | void | fvs-- | refused |  | only for pg_upgrade
3589 | 14-18 | binary_upgrade_set_next_pg_enum_oid(oid) | void | fvs-- | refused |  | only for pg_upgrade
3590 | 14-18 | binary_upgrade_set_next_pg_authid_oid(oid) | void | fvs-- | refused |  | only for pg_upgrade
3591 | 14-18 | binary_upgrade_create_empty_extension(text, text, boolean, text, oid[], text[], text[]) | void | fv--- | refused |  | only for pg_upgrade
3594 | 14-18 | event_trigger_in(cstring) | event_trigger | fi--- | refused |  | part of a language, of DDL or of an access method
3595 | 14-18 | event_trigger_out(event_trigger) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
3610 | 14-18 | tsvectorin(cstring) | tsvector | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
3611 | 14-18 | tsvectorout(tsvector) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
3612 | 14-18 | tsqueryin(cstring) | tsquery | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
3613 | 14-18 | tsqueryout(tsquery) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
3616 | 14-18 | tsvector_lt(tsvector, tsvector) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
3617 | 14-18 | tsvector_le(tsvector, tsvector) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
3618 | 14-18 | tsvector_eq(tsvector, tsvector) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
3619 | 14-18 | tsvector_ne(tsvector, tsvector) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
3620 | 14-18 | tsvector_ge(tsvector, tsvector) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
3621 | 14-18 | tsvector_gt(tsvector, tsvector) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
3622 | 14-18 | tsvector_cmp(tsvector, tsvector) | integer | fis-- | total |  | compares two values; the collation is settled before any row
3623 | 14-18 | strip(tsvector) | tsvector | fis-- | faultable |  | text search by a configuration that may be unknown
3624 | 14-18 | setweight(tsvector, "char") | tsvector | fis-- | faultable |  | text search by a configuration that may be unknown
3625 | 14-18 | tsvector_concat(tsvector, tsvector) | tsvector | fis-- | faultable |  | text search by a configuration that may be unknown
3634 | 14-18 | ts_match_vq(tsvector, tsquery) | boolean | fis-- | faultable |  | text search by a configuration that may be unknown
3635 | 14-18 | ts_match_qv(tsquery, tsvector) | boolean | fis-- | faultable |  | text search by a configuration that may be unknown
3638 | 14-18 | tsvectorsend(tsvector) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
3639 | 14-18 | tsvectorrecv(internal) | tsvector | fis-- | refused |  | takes or gives a value of the server's own memory
3640 | 14-18 | tsquerysend(tsquery) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
3641 | 14-18 | tsqueryrecv(internal) | tsquery | fis-- | refused |  | takes or gives a value of the server's own memory
3646 | 14-18 | gtsvectorin(cstring) | gtsvector | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
3647 | 14-18 | gtsvectorout(gtsvector) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
3648 | 14-18 | gtsvector_compress(internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
3649 | 14-18 | gtsvector_decompress(internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
3650 | 14-18 | gtsvector_picksplit(internal, internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
3651 | 14-18 | gtsvector_union(internal, internal) | gtsvector | fis-- | refused |  | takes or gives a value of the server's own memory
3652 | 14-18 | gtsvector_same(gtsvector, gtsvector, internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
3653 | 14-18 | gtsvector_penalty(internal, internal, internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
3654 | 14-18 | gtsvector_consistent(internal, tsvector, smallint, oid, internal) | boolean | fis-- | refused |  | takes or gives a value of the server's own memory
3656 | 14-18 | gin_extract_tsvector(tsvector, internal, internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
3657 | 14-18 | gin_extract_tsquery(tsvector, internal, smallint, internal, internal, internal, internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
3658 | 14-18 | gin_tsquery_consistent(internal, smallint, tsvector, integer, internal, internal, internal, internal) | boolean | fis-- | refused |  | takes or gives a value of the server's own memory
3662 | 14-18 | tsquery_lt(tsquery, tsquery) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
3663 | 14-18 | tsquery_le(tsquery, tsquery) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
3664 | 14-18 | tsquery_eq(tsquery, tsquery) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
3665 | 14-18 | tsquery_ne(tsquery, tsquery) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
3666 | 14-18 | tsquery_ge(tsquery, tsquery) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
3667 | 14-18 | tsquery_gt(tsquery, tsquery) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
3668 | 14-18 | tsquery_cmp(tsquery, tsquery) | integer | fis-- | total |  | compares two values; the collation is settled before any row
3669 | 14-18 | tsquery_and(tsquery, tsquery) | tsquery | fis-- | faultable |  | text search by a configuration that may be unknown
3670 | 14-18 | tsquery_or(tsquery, tsquery) | tsquery | fis-- | faultable |  | text search by a configuration that may be unknown
3671 | 14-18 | tsquery_not(tsquery) | tsquery | fis-- | faultable |  | text search by a configuration that may be unknown
3672 | 14-18 | numnode(tsquery) | integer | fis-- | faultable |  | text search by a configuration that may be unknown
3673 | 14-18 | querytree(tsquery) | text | fis-- | faultable |  | text search by a configuration that may be unknown
3684 | 14-18 | ts_rewrite(tsquery, tsquery, tsquery) | tsquery | fis-- | faultable |  | text search by a configuration that may be unknown
3685 | 14-18 | ts_rewrite(tsquery, text) | tsquery | fvs-- | query-text |  | runs a query given as text
3686 | 14-18 | tsmatchsel(internal, oid, internal, integer) | double precision | fss-- | refused |  | takes or gives a value of the server's own memory
3687 | 14-18 | tsmatchjoinsel(internal, oid, internal, smallint, internal) | double precision | fss-- | refused |  | takes or gives a value of the server's own memory
3688 | 14-18 | ts_typanalyze(internal) | boolean | fss-- | refused |  | takes or gives a value of the server's own memory
3689 | 14-18 | ts_stat(text) | record | fvsr- | query-text |  | runs a query given as text
3690 | 14-18 | ts_stat(text, text) | record | fvsr- | query-text |  | runs a query given as text
3691 | 14-18 | tsq_mcontains(tsquery, tsquery) | boolean | fis-- | faultable |  | text search by a configuration that may be unknown
3692 | 14-18 | tsq_mcontained(tsquery, tsquery) | boolean | fis-- | faultable |  | text search by a configuration that may be unknown
3695 | 14-18 | gtsquery_compress(internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
3696 | 14 | starts_with(text, text) | boolean | fis-- | total |  | cuts, changes or measures a text within its own length
3696 | 15-18 | starts_with(text, text) | boolean | fis-p | total |  | cuts, changes or measures a text within its own length
3697 | 14-18 | gtsquery_picksplit(internal, internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
3698 | 14-18 | gtsquery_union(internal, internal) | bigint | fis-- | refused |  | takes or gives a value of the server's own memory
3699 | 14-18 | gtsquery_same(bigint, bigint, internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
3700 | 14-18 | gtsquery_penalty(internal, internal, internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
3701 | 14-18 | gtsquery_consistent(internal, tsquery, smallint, oid, internal) | boolean | fis-- | refused |  | takes or gives a value of the server's own memory
3703 | 14-18 | ts_rank(real[], tsvector, tsquery, integer) | real | fis-- | faultable |  | text search by a configuration that may be unknown
3704 | 14-18 | ts_rank(real[], tsvector, tsquery) | real | fis-- | faultable |  | text search by a configuration that may be unknown
3705 | 14-18 | ts_rank(tsvector, tsquery, integer) | real | fis-- | faultable |  | text search by a configuration that may be unknown
3706 | 14-18 | ts_rank(tsvector, tsquery) | real | fis-- | faultable |  | text search by a configuration that may be unknown
3707 | 14-18 | ts_rank_cd(real[], tsvector, tsquery, integer) | real | fis-- | faultable |  | text search by a configuration that may be unknown
3708 | 14-18 | ts_rank_cd(real[], tsvector, tsquery) | real | fis-- | faultable |  | text search by a configuration that may be unknown
3709 | 14-18 | ts_rank_cd(tsvector, tsquery, integer) | real | fis-- | faultable |  | text search by a configuration that may be unknown
3710 | 14-18 | ts_rank_cd(tsvector, tsquery) | real | fis-- | faultable |  | text search by a configuration that may be unknown
3711 | 14-18 | length(tsvector) | integer | fis-- | faultable |  | geometry: may overflow or divide by zero
3713 | 14-18 | ts_token_type(oid) | record | fisr- | faultable |  | text search by a configuration that may be unknown
3714 | 14-18 | ts_token_type(text) | record | fssr- | faultable |  | text search by the session's configuration
3715 | 14-18 | ts_parse(oid, text) | record | fisr- | faultable |  | text search by a configuration that may be unknown
3716 | 14-18 | ts_parse(text, text) | record | fssr- | faultable |  | text search by the session's configuration
3717 | 14-18 | prsd_start(internal, integer) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
3718 | 14-18 | prsd_nexttoken(internal, internal, internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
3719 | 14-18 | prsd_end(internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
3720 | 14-18 | prsd_headline(internal, internal, tsquery) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
3721 | 14-18 | prsd_lextype(internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
3723 | 14-18 | ts_lexize(regdictionary, text) | text[] | fis-- | faultable |  | text search by a configuration that may be unknown
3724 | 14-18 | gin_cmp_tslexeme(text, text) | integer | fis-- | faultable |  | compares two values, as indexes do
3725 | 14-18 | dsimple_init(internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
3726 | 14-18 | dsimple_lexize(internal, internal, internal, internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
3728 | 14-18 | dsynonym_init(internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
3729 | 14-18 | dsynonym_lexize(internal, internal, internal, internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
3731 | 14-18 | dispell_init(internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
3732 | 14-18 | dispell_lexize(internal, internal, internal, internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
3736 | 14-18 | regconfigin(cstring) | regconfig | fss-- | refused |  | input function: the server calls it for casts, which are judged as casts
3737 | 14-18 | regconfigout(regconfig) | cstring | fss-- | refused |  | output function: the server calls it for casts, which are judged as casts
3738 | 14-18 | regconfigrecv(internal) | regconfig | fis-- | refused |  | takes or gives a value of the server's own memory
3739 | 14-18 | regconfigsend(regconfig) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
3740 | 14-18 | thesaurus_init(internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
3741 | 14-18 | thesaurus_lexize(internal, internal, internal, internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
3743 | 14-18 | ts_headline(regconfig, text, tsquery, text) | text | fis-- | faultable |  | text search by a configuration that may be unknown
3744 | 14-18 | ts_headline(regconfig, text, tsquery) | text | fis-- | faultable |  | text search by a configuration that may be unknown
3745 | 14-18 | to_tsvector(regconfig, text) | tsvector | fis-- | faultable |  | text search by a configuration that may be unknown
3746 | 14-18 | to_tsquery(regconfig, text) | tsquery | fis-- | faultable |  | text search by a configuration that may be unknown
3747 | 14-18 | plainto_tsquery(regconfig, text) | tsquery | fis-- | faultable |  | text search by a configuration that may be unknown
3749 | 14-18 | to_tsvector(text) | tsvector | fss-- | faultable |  | text search by the session's configuration
3750 | 14-18 | to_tsquery(text) | tsquery | fss-- | faultable |  | text search by the session's configuration
3751 | 14-18 | plainto_tsquery(text) | tsquery | fss-- | faultable |  | text search by the session's configuration
3752 | 14-18 | tsvector_update_trigger() | trigger | fv--- | refused |  | a trigger of the server: never called in a statement
3753 | 14-18 | tsvector_update_trigger_column() | trigger | fv--- | refused |  | a trigger of the server: never called in a statement
3754 | 14-18 | ts_headline(text, tsquery, text) | text | fss-- | faultable |  | text search by the session's configuration
3755 | 14-18 | ts_headline(text, tsquery) | text | fss-- | faultable |  | text search by the session's configuration
3756 | 14-18 | pg_ts_parser_is_visible(oid) | boolean | fss-- | faultable |  | tells definitions; holds no stored value
3757 | 14-18 | pg_ts_dict_is_visible(oid) | boolean | fss-- | faultable |  | tells definitions; holds no stored value
3758 | 14-18 | pg_ts_config_is_visible(oid) | boolean | fss-- | faultable |  | tells definitions; holds no stored value
3759 | 14-18 | get_current_ts_config() | regconfig | fss-- | faultable |  | text search by the session's configuration
3760 | 14-18 | ts_match_tt(text, text) | boolean | fss-- | faultable |  | text search by the session's configuration
3761 | 14-18 | ts_match_tq(text, tsquery) | boolean | fss-- | faultable |  | text search by the session's configuration
3768 | 14-18 | pg_ts_template_is_visible(oid) | boolean | fss-- | faultable |  | tells definitions; holds no stored value
3771 | 14-18 | regdictionaryin(cstring) | regdictionary | fss-- | refused |  | input function: the server calls it for casts, which are judged as casts
3772 | 14-18 | regdictionaryout(regdictionary) | cstring | fss-- | refused |  | output function: the server calls it for casts, which are judged as casts
3773 | 14-18 | regdictionaryrecv(internal) | regdictionary | fis-- | refused |  | takes or gives a value of the server's own memory
3774 | 14-18 | regdictionarysend(regdictionary) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
3775 | 14-16 | pg_stat_reset_shared(text) | void | fvs-- | refused |  | controls other sessions, statistics or the server
3775 | 17-18 | pg_stat_reset_shared(text) | void | fv--- | refused |  | controls other sessions, statistics or the server
3776 | 14-18 | pg_stat_reset_single_table_counters(oid) | void | fvs-- | refused |  | controls other sessions, statistics or the server
3777 | 14-18 | pg_stat_reset_single_function_counters(oid) | void | fvs-- | refused |  | controls other sessions, statistics or the server
3778 | 14-18 | pg_tablespace_location(oid) | text | fss-- | faultable |  | tells definitions; holds no stored value
3779 | 14-18 | pg_create_physical_replication_slot(name, boolean, boolean) | record | fvs-- | refused |  | decodes or carries changes of tables
3780 | 14-18 | pg_drop_replication_slot(name) | void | fvs-- | refused |  | decodes or carries changes of tables
3781 | 14-18 | pg_get_replication_slots() | record | fs-r- | faultable |  | tells definitions; holds no stored value
3782 | 14-18 | pg_logical_slot_get_changes(name, pg_lsn, integer, text[]) | record | fv-r- | refused |  | decodes or carries changes of tables
3783 | 14-18 | pg_logical_slot_get_binary_changes(name, pg_lsn, integer, text[]) | record | fv-r- | refused |  | decodes or carries changes of tables
3784 | 14-18 | pg_logical_slot_peek_changes(name, pg_lsn, integer, text[]) | record | fv-r- | refused |  | decodes or carries changes of tables
3785 | 14-18 | pg_logical_slot_peek_binary_changes(name, pg_lsn, integer, text[]) | record | fv-r- | refused |  | decodes or carries changes of tables
3786 | 14-16 | pg_create_logical_replication_slot(name, name, boolean, boolean) | record | fvs-- | refused |  | decodes or carries changes of tables
3786 | 17-18 | pg_create_logical_replication_slot(name, name, boolean, boolean, boolean) | record | fvs-- | refused |  | decodes or carries changes of tables
3787 | 14-18 | to_jsonb(anyelement) | jsonb | fss-- | total |  | looks into or prints a document that was checked when it was stored
3788 | 14-18 | pg_stat_get_snapshot_timestamp() | timestamp with time zone | fss-- | faultable |  | clock and time zone; results may be out of range
3789 | 14-18 | gin_clean_pending_list(regclass) | bigint | fvs-- | refused |  | controls other sessions, statistics or the server
3790 | 14-18 | gtsvector_consistent(internal, gtsvector, integer, oid, internal) | boolean | fis-- | refused |  | takes or gives a value of the server's own memory
3791 | 14-18 | gin_extract_tsquery(tsquery, internal, smallint, internal, internal, internal, internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
3792 | 14-18 | gin_tsquery_consistent(internal, smallint, tsquery, integer, internal, internal, internal, internal) | boolean | fis-- | refused |  | takes or gives a value of the server's own memory
3793 | 14-18 | gtsquery_consistent(internal, internal, integer, oid, internal) | boolean | fis-- | refused |  | takes or gives a value of the server's own memory
3795 | 14-18 | inet_spg_config(internal, internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
3796 | 14-18 | inet_spg_choose(internal, internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
3797 | 14-18 | inet_spg_picksplit(internal, internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
3798 | 14-18 | inet_spg_inner_consistent(internal, internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
3799 | 14-18 | inet_spg_leaf_consistent(internal, internal) | boolean | fis-- | refused |  | takes or gives a value of the server's own memory
3800 | 14-18 | pg_current_logfile() | text | fv--- | refused |  | reads, lists or rotates files of the server
3801 | 14-18 | pg_current_logfile(text) | text | fv--- | refused |  | reads, lists or rotates files of the server
3803 | 14-18 | jsonb_send(jsonb) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
3804 | 14-18 | jsonb_out(jsonb) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
3805 | 14-18 | jsonb_recv(internal) | jsonb | fis-- | refused |  | takes or gives a value of the server's own memory
3806 | 14-18 | jsonb_in(cstring) | jsonb | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
3808 | 14-18 | pg_get_function_arg_default(oid, integer) | text | fss-- | faultable |  | tells definitions; holds no stored value
3809 | 14-18 | pg_export_snapshot() | text | fvs-- | effect |  | leaves a snapshot that others may take
3810 | 14-18 | pg_is_in_recovery() | boolean | fvs-- | faultable |  | the session, its transaction or the state of the server; no stored value
3811 | 14-18 | money(integer) | money | fss-- | faultable |  | the number may not fit
3812 | 14-18 | money(bigint) | money | fss-- | faultable |  | the number may not fit
3813 | 14 | pg_is_in_backup() | boolean | fvs-- | faultable |  | state of the server; holds no stored value
3813 | 17-18 | xmltext(text) | xml | fis-- | faultable |  | the text may be no XML, the path no path
3814 | 14 | pg_backup_start_time() | timestamp with time zone | fss-- | faultable |  | state of the server; holds no stored value
3815 | 14-18 | pg_collation_is_visible(oid) | boolean | fss-- | faultable |  | tells definitions; holds no stored value
3816 | 14-18 | array_typanalyze(internal) | boolean | fss-- | refused |  | takes or gives a value of the server's own memory
3817 | 14-18 | arraycontsel(internal, oid, internal, integer) | double precision | fss-- | refused |  | takes or gives a value of the server's own memory
3818 | 14-18 | arraycontjoinsel(internal, oid, internal, smallint, internal) | double precision | fss-- | refused |  | takes or gives a value of the server's own memory
3819 | 14-18 | pg_get_multixact_members(xid) | record | fvsr- | refused |  | decodes or carries changes of tables
3820 | 14-18 | pg_last_wal_receive_lsn() | pg_lsn | fvs-- | reads |  | how much was written depends on how long rows are
3821 | 14-18 | pg_last_wal_replay_lsn() | pg_lsn | fvs-- | reads |  | how much was written depends on how long rows are
3822 | 14-18 | cash_div_cash(money, money) | double precision | fis-- | faultable |  | may overflow or divide by zero
3823 | 14-18 | numeric(money) | numeric | fss-- | faultable |  | the number may not fit
3824 | 14-18 | money(numeric) | money | fss-- | faultable |  | the number may not fit
3826 | 14-18 | pg_read_file(text) | text | fvs-- | refused |  | reads, lists or rotates files of the server
3827 | 14-18 | pg_read_binary_file(text, bigint, bigint) | bytea | fvs-- | refused |  | reads, lists or rotates files of the server
3828 | 14-18 | pg_read_binary_file(text) | bytea | fvs-- | refused |  | reads, lists or rotates files of the server
3829 | 14-18 | pg_opfamily_is_visible(oid) | boolean | fss-- | faultable |  | tells definitions; holds no stored value
3830 | 14-18 | pg_last_xact_replay_timestamp() | timestamp with time zone | fvs-- | faultable |  | clock and time zone; results may be out of range
3832 | 14-18 | anyrange_in(cstring, oid, integer) | anyrange | fss-- | refused |  | input function: the server calls it for casts, which are judged as casts
3833 | 14-18 | anyrange_out(anyrange) | cstring | fss-- | refused |  | output function: the server calls it for casts, which are judged as casts
3834 | 14-18 | range_in(cstring, oid, integer) | anyrange | fss-- | refused |  | input function: the server calls it for casts, which are judged as casts
3835 | 14-18 | range_out(anyrange) | cstring | fss-- | refused |  | output function: the server calls it for casts, which are judged as casts
3836 | 14-18 | range_recv(internal, oid, integer) | anyrange | fss-- | refused |  | takes or gives a value of the server's own memory
3837 | 14-18 | range_send(anyrange) | bytea | fss-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
3839 | 14-18 | pg_identify_object(oid, oid, integer) | record | fss-- | faultable |  | tells definitions; holds no stored value
3840 | 14-18 | int4range(integer, integer) | int4range | fi--- | faultable |  | bounds in the wrong order, or results with a hole
3841 | 14-18 | int4range(integer, integer, text) | int4range | fi--- | faultable |  | bounds in the wrong order, or results with a hole
3842 | 14-18 | pg_relation_is_updatable(regclass, boolean) | integer | fss-- | faultable |  | tells definitions; holds no stored value
3843 | 14-18 | pg_column_is_updatable(regclass, smallint, boolean) | boolean | fss-- | faultable |  | tells definitions; holds no stored value
3844 | 14-18 | numrange(numeric, numeric) | numrange | fi--- | faultable |  | bounds in the wrong order, or results with a hole
3845 | 14-18 | numrange(numeric, numeric, text) | numrange | fi--- | faultable |  | bounds in the wrong order, or results with a hole
3846 | 14-18 | make_date(integer, integer, integer) | date | fis-- | faultable |  | may be out of range
3847 | 14-18 | make_time(integer, integer, double precision) | time without time zone | fis-- | faultable |  | may be out of range
3848 | 14-18 | lower(anyrange) | anyelement | fis-- | total |  | a bound or comparison of ranges
3849 | 14-18 | upper(anyrange) | anyelement | fis-- | total |  | a bound or comparison of ranges
3850 | 14-18 | isempty(anyrange) | boolean | fis-- | total |  | a bound or comparison of ranges
3851 | 14-18 | lower_inc(anyrange) | boolean | fis-- | total |  | a bound or comparison of ranges
3852 | 14-18 | upper_inc(anyrange) | boolean | fis-- | total |  | a bound or comparison of ranges
3853 | 14-18 | lower_inf(anyrange) | boolean | fis-- | total |  | a bound or comparison of ranges
3854 | 14-18 | upper_inf(anyrange) | boolean | fis-- | total |  | a bound or comparison of ranges
3855 | 14-18 | range_eq(anyrange, anyrange) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
3856 | 14-18 | range_ne(anyrange, anyrange) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
3857 | 14-18 | range_overlaps(anyrange, anyrange) | boolean | fis-- | total |  | a bound or comparison of ranges
3858 | 14-16 | range_contains_elem(anyrange, anyelement) | boolean | fis-- | total |  | a bound or comparison of ranges
3858 | 17-18 | range_contains_elem(anyrange, anyelement) | boolean | fis-p | total |  | a bound or comparison of ranges
3859 | 14-18 | range_contains(anyrange, anyrange) | boolean | fis-- | total |  | a bound or comparison of ranges
3860 | 14-16 | elem_contained_by_range(anyelement, anyrange) | boolean | fis-- | total |  | a bound or comparison of ranges
3860 | 17-18 | elem_contained_by_range(anyelement, anyrange) | boolean | fis-p | total |  | a bound or comparison of ranges
3861 | 14-18 | range_contained_by(anyrange, anyrange) | boolean | fis-- | total |  | a bound or comparison of ranges
3862 | 14-18 | range_adjacent(anyrange, anyrange) | boolean | fis-- | total |  | a bound or comparison of ranges
3863 | 14-18 | range_before(anyrange, anyrange) | boolean | fis-- | total |  | a bound or comparison of ranges
3864 | 14-18 | range_after(anyrange, anyrange) | boolean | fis-- | total |  | a bound or comparison of ranges
3865 | 14-18 | range_overleft(anyrange, anyrange) | boolean | fis-- | total |  | a bound or comparison of ranges
3866 | 14-18 | range_overright(anyrange, anyrange) | boolean | fis-- | total |  | a bound or comparison of ranges
3867 | 14-18 | range_union(anyrange, anyrange) | anyrange | fis-- | faultable |  | bounds in the wrong order, or results with a hole
3868 | 14-18 | range_intersect(anyrange, anyrange) | anyrange | fis-- | faultable |  | bounds in the wrong order, or results with a hole
3869 | 14-18 | range_minus(anyrange, anyrange) | anyrange | fis-- | faultable |  | bounds in the wrong order, or results with a hole
3870 | 14-18 | range_cmp(anyrange, anyrange) | integer | fis-- | total |  | compares two values; the collation is settled before any row
3871 | 14-18 | range_lt(anyrange, anyrange) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
3872 | 14-18 | range_le(anyrange, anyrange) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
3873 | 14-18 | range_ge(anyrange, anyrange) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
3874 | 14-18 | range_gt(anyrange, anyrange) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
3875 | 14-18 | range_gist_consistent(internal, anyrange, smallint, oid, internal) | boolean | fis-- | refused |  | takes or gives a value of the server's own memory
3876 | 14-18 | range_gist_union(internal, internal) | anyrange | fis-- | refused |  | takes or gives a value of the server's own memory
3878 | 14-18 | pg_replication_slot_advance(name, pg_lsn) | record | fvs-- | refused |  | decodes or carries changes of tables
3879 | 14-18 | range_gist_penalty(internal, internal, internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
3880 | 14-18 | range_gist_picksplit(internal, internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
3881 | 14-18 | range_gist_same(anyrange, anyrange, internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
3902 | 14-18 | hash_range(anyrange) | integer | fis-- | faultable |  | a hash; needs a hash function for the type
3914 | 14-18 | int4range_canonical(int4range) | int4range | fis-- | faultable |  | a step of a range or index type: raises at the end of the type's values
3915 | 14-18 | daterange_canonical(daterange) | daterange | fis-- | faultable |  | a step of a range or index type: raises at the end of the type's values
3916 | 14-18 | range_typanalyze(internal) | boolean | fss-- | refused |  | takes or gives a value of the server's own memory
3917 | 14-18 | timestamp_support(internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
3918 | 14-18 | interval_support(internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
3920 | 14-18 | ginarraytriconsistent(internal, smallint, anyarray, integer, internal, internal, internal) | "char" | fis-- | refused |  | takes or gives a value of the server's own memory
3921 | 14-18 | gin_tsquery_triconsistent(internal, smallint, tsvector, integer, internal, internal, internal) | "char" | fis-- | refused |  | takes or gives a value of the server's own memory
3922 | 14-18 | int4range_subdiff(integer, integer) | double precision | fis-- | faultable |  | a step of a range or index type: raises at the end of the type's values
3923 | 14-18 | int8range_subdiff(bigint, bigint) | double precision | fis-- | faultable |  | a step of a range or index type: raises at the end of the type's values
3924 | 14-18 | numrange_subdiff(numeric, numeric) | double precision | fis-- | faultable |  | a step of a range or index type: raises at the end of the type's values
3925 | 14-18 | daterange_subdiff(date, date) | double precision | fis-- | faultable |  | a step of a range or index type: raises at the end of the type's values
3928 | 14-18 | int8range_canonical(int8range) | int8range | fis-- | faultable |  | a step of a range or index type: raises at the end of the type's values
3929 | 14-18 | tsrange_subdiff(timestamp without time zone, timestamp without time zone) | double precision | fis-- | faultable |  | a step of a range or index type: raises at the end of the type's values
3930 | 14-18 | tstzrange_subdiff(timestamp with time zone, timestamp with time zone) | double precision | fis-- | faultable |  | a step of a range or index type: raises at the end of the type's values
3931 | 14-18 | jsonb_object_keys(jsonb) | text | fisr- | faultable |  | the document may have another shape
3932 | 14-18 | jsonb_each_text(jsonb) | record | fisr- | faultable |  | the document may have another shape
3933 | 14-18 | tsrange(timestamp without time zone, timestamp without time zone) | tsrange | fi--- | faultable |  | bounds in the wrong order, or results with a hole
3934 | 14-18 | tsrange(timestamp without time zone, timestamp without time zone, text) | tsrange | fi--- | faultable |  | bounds in the wrong order, or results with a hole
3935 | 14-18 | pg_sleep_for(interval) | void | fvs-- | effect |  | how long it takes tells the value
3936 | 14-18 | pg_sleep_until(timestamp with time zone) | void | fvs-- | effect |  | how long it takes tells the value
3937 | 14-18 | tstzrange(timestamp with time zone, timestamp with time zone) | tstzrange | fi--- | faultable |  | bounds in the wrong order, or results with a hole
3938 | 14-18 | tstzrange(timestamp with time zone, timestamp with time zone, text) | tstzrange | fi--- | faultable |  | bounds in the wrong order, or results with a hole
3939 | 14-18 | mxid_age(xid) | integer | fss-- | faultable |  | the session, its transaction or the state of the server; no stored value
3940 | 14-18 | jsonb_extract_path_text(jsonb, text[]) | text | fis-- | total |  | looks into or prints a document that was checked when it was stored
3941 | 14-18 | daterange(date, date) | daterange | fi--- | faultable |  | bounds in the wrong order, or results with a hole
3942 | 14-18 | daterange(date, date, text) | daterange | fi--- | faultable |  | bounds in the wrong order, or results with a hole
3943 | 14-18 | acldefault("char", oid) | aclitem[] | fis-- | faultable |  | the privilege or role may be unknown
3944 | 14-18 | time_support(internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
3945 | 14-18 | int8range(bigint, bigint) | int8range | fi--- | faultable |  | bounds in the wrong order, or results with a hole
3946 | 14-18 | int8range(bigint, bigint, text) | int8range | fi--- | faultable |  | bounds in the wrong order, or results with a hole
3947 | 14-18 | json_object_field(json, text) | json | fis-- | total |  | raises only for a stored \u0000 or half a surrogate pair, which nobody can move
3948 | 14-18 | json_object_field_text(json, text) | text | fis-- | total |  | raises only for a stored \u0000 or half a surrogate pair, which nobody can move
3949 | 14-18 | json_array_element(json, integer) | json | fis-- | total |  | raises only for a stored \u0000 or half a surrogate pair, which nobody can move
3950 | 14-18 | json_array_element_text(json, integer) | text | fis-- | total |  | raises only for a stored \u0000 or half a surrogate pair, which nobody can move
3951 | 14-18 | json_extract_path(json, text[]) | json | fis-- | total |  | raises only for a stored \u0000 or half a surrogate pair, which nobody can move
3952 | 14-18 | brin_summarize_new_values(regclass) | integer | fvs-- | refused |  | controls other sessions, statistics or the server
3953 | 14-18 | json_extract_path_text(json, text[]) | text | fis-- | total |  | raises only for a stored \u0000 or half a surrogate pair, which nobody can move
3954 | 14-18 | pg_get_object_address(text, text[], text[]) | record | fss-- | faultable |  | tells definitions; holds no stored value
3955 | 14-18 | json_array_elements(json) | json | fisr- | faultable |  | the document may have another shape
3956 | 14-18 | json_array_length(json) | integer | fis-- | faultable |  | the document may have another shape
3957 | 14-18 | json_object_keys(json) | text | fisr- | faultable |  | the document may have another shape
3958 | 14-18 | json_each(json) | record | fisr- | faultable |  | the document may have another shape
3959 | 14-18 | json_each_text(json) | record | fisr- | faultable |  | the document may have another shape
3960 | 14-18 | json_populate_record(anyelement, json, boolean) | anyelement | fs--- | faultable |  | a key may be NULL, a field may not fit its type
3961 | 14-18 | json_populate_recordset(anyelement, json, boolean) | anyelement | fs-r- | faultable |  | a key may be NULL, a field may not fit its type
3968 | 14-18 | json_typeof(json) | text | fis-- | total |  | raises only for a stored \u0000 or half a surrogate pair, which nobody can move
3969 | 14-18 | json_array_elements_text(json) | text | fisr- | faultable |  | the document may have another shape
3970 | 14-18 | ordered_set_transition(internal, "any") | internal | fi--- | refused |  | takes or gives a value of the server's own memory
3971 | 14-18 | ordered_set_transition_multi(internal, "any") | internal | fi--- | refused |  | takes or gives a value of the server's own memory
3972 | 14-18 | percentile_disc(double precision, anyelement) | anyelement | ai--- | total | fraction@0 | a fraction may be out of range
3973 | 14-18 | percentile_disc_final(internal, double precision, anyelement) | anyelement | fi--- | refused |  | takes or gives a value of the server's own memory
3974 | 14-18 | percentile_cont(double precision, double precision) | double precision | ai--- | total | fraction@0 | a fraction may be out of range
3975 | 14-18 | percentile_cont_float8_final(internal, double precision) | double precision | fi--- | refused |  | takes or gives a value of the server's own memory
3976 | 14-18 | percentile_cont(double precision, interval) | interval | ai--- | faultable |  | a fraction may be out of range
3977 | 14-18 | percentile_cont_interval_final(internal, double precision) | interval | fi--- | refused |  | takes or gives a value of the server's own memory
3978 | 14-18 | percentile_disc(double precision[], anyelement) | anyarray | ai--- | faultable |  | a fraction may be out of range
3979 | 14-18 | percentile_disc_multi_final(internal, double precision[], anyelement) | anyarray | fi--- | refused |  | takes or gives a value of the server's own memory
3980 | 14-18 | percentile_cont(double precision[], double precision) | double precision[] | ai--- | faultable |  | a fraction may be out of range
3981 | 14-18 | percentile_cont_float8_multi_final(internal, double precision[]) | double precision[] | fi--- | refused |  | takes or gives a value of the server's own memory
3982 | 14-18 | percentile_cont(double precision[], interval) | interval[] | ai--- | faultable |  | a fraction may be out of range
3983 | 14-18 | percentile_cont_interval_multi_final(internal, double precision[]) | interval[] | fi--- | refused |  | takes or gives a value of the server's own memory
3984 | 14-18 | mode(anyelement) | anyelement | ai--- | total |  | keeps one input; what it sorts by is judged with the call
3985 | 14-18 | mode_final(internal, anyelement) | anyelement | fi--- | refused |  | takes or gives a value of the server's own memory
3986 | 14-18 | rank("any") | bigint | ai--- | total |  | counts rows
3987 | 14-18 | rank_final(internal, "any") | bigint | fi--- | refused |  | takes or gives a value of the server's own memory
3988 | 14-18 | percent_rank("any") | double precision | ai--- | total |  | counts rows
3989 | 14-18 | percent_rank_final(internal, "any") | double precision | fi--- | refused |  | takes or gives a value of the server's own memory
3990 | 14-18 | cume_dist("any") | double precision | ai--- | total |  | counts rows
3991 | 14-18 | cume_dist_final(internal, "any") | double precision | fi--- | refused |  | takes or gives a value of the server's own memory
3992 | 14-18 | dense_rank("any") | bigint | ai--- | total |  | counts rows
3993 | 14-18 | dense_rank_final(internal, "any") | bigint | fi--- | refused |  | takes or gives a value of the server's own memory
3994 | 14-18 | generate_series_int4_support(internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
3995 | 14-18 | generate_series_int8_support(internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
3996 | 14-18 | array_unnest_support(internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
3998 | 14-18 | gist_box_distance(internal, box, smallint, oid, internal) | double precision | fis-- | refused |  | takes or gives a value of the server's own memory
3999 | 14-18 | brin_summarize_range(regclass, bigint) | integer | fvs-- | refused |  | controls other sessions, statistics or the server
4001 | 14-18 | jsonpath_in(cstring) | jsonpath | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
4002 | 14-18 | jsonpath_recv(internal) | jsonpath | fis-- | refused |  | takes or gives a value of the server's own memory
4003 | 14-18 | jsonpath_out(jsonpath) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
4004 | 14-18 | jsonpath_send(jsonpath) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
4005 | 14-18 | jsonb_path_exists(jsonb, jsonpath, jsonb, boolean) | boolean | fis-- | faultable |  | the document may have another shape
4006 | 14-18 | jsonb_path_query(jsonb, jsonpath, jsonb, boolean) | jsonb | fisr- | faultable |  | the document may have another shape
4007 | 14-18 | jsonb_path_query_array(jsonb, jsonpath, jsonb, boolean) | jsonb | fis-- | faultable |  | the document may have another shape
4008 | 14-18 | jsonb_path_query_first(jsonb, jsonpath, jsonb, boolean) | jsonb | fis-- | faultable |  | the document may have another shape
4009 | 14-18 | jsonb_path_match(jsonb, jsonpath, jsonb, boolean) | boolean | fis-- | faultable |  | the document may have another shape
4010 | 14-18 | jsonb_path_exists_opr(jsonb, jsonpath) | boolean | fis-- | faultable |  | the document may have another shape
4011 | 14-18 | jsonb_path_match_opr(jsonb, jsonpath) | boolean | fis-- | faultable |  | the document may have another shape
4014 | 14-18 | brin_desummarize_range(regclass, bigint) | void | fvs-- | refused |  | controls other sessions, statistics or the server
4018 | 14-18 | spg_quad_config(internal, internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
4019 | 14-18 | spg_quad_choose(internal, internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
4020 | 14-18 | spg_quad_picksplit(internal, internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
4021 | 14-18 | spg_quad_inner_consistent(internal, internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
4022 | 14-18 | spg_quad_leaf_consistent(internal, internal) | boolean | fis-- | refused |  | takes or gives a value of the server's own memory
4023 | 14-18 | spg_kd_config(internal, internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
4024 | 14-18 | spg_kd_choose(internal, internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
4025 | 14-18 | spg_kd_picksplit(internal, internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
4026 | 14-18 | spg_kd_inner_consistent(internal, internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
4027 | 14-18 | spg_text_config(internal, internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
4028 | 14-18 | spg_text_choose(internal, internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
4029 | 14-18 | spg_text_picksplit(internal, internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
4030 | 14-18 | spg_text_inner_consistent(internal, internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
4031 | 14-18 | spg_text_leaf_consistent(internal, internal) | boolean | fis-- | refused |  | takes or gives a value of the server's own memory
4032 | 14-18 | pg_sequence_last_value(regclass) | bigint | fvs-- | faultable |  | state of a sequence, which nothing classified may have moved
4038 | 14-18 | jsonb_ne(jsonb, jsonb) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
4039 | 14-18 | jsonb_lt(jsonb, jsonb) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
4040 | 14-18 | jsonb_gt(jsonb, jsonb) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
4041 | 14-18 | jsonb_le(jsonb, jsonb) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
4042 | 14-18 | jsonb_ge(jsonb, jsonb) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
4043 | 14-18 | jsonb_eq(jsonb, jsonb) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
4044 | 14-18 | jsonb_cmp(jsonb, jsonb) | integer | fis-- | total |  | compares two values; the collation is settled before any row
4045 | 14-18 | jsonb_hash(jsonb) | integer | fis-- | faultable |  | a hash; needs a hash function for the type
4046 | 14-18 | jsonb_contains(jsonb, jsonb) | boolean | fis-- | total |  | looks into or prints a document that was checked when it was stored
4047 | 14-18 | jsonb_exists(jsonb, text) | boolean | fis-- | total |  | looks into or prints a document that was checked when it was stored
4048 | 14-18 | jsonb_exists_any(jsonb, text[]) | boolean | fis-- | total |  | looks into or prints a document that was checked when it was stored
4049 | 14-18 | jsonb_exists_all(jsonb, text[]) | boolean | fis-- | total |  | looks into or prints a document that was checked when it was stored
4050 | 14-18 | jsonb_contained(jsonb, jsonb) | boolean | fis-- | total |  | looks into or prints a document that was checked when it was stored
4051 | 14-18 | array_agg_array_transfn(internal, anyarray) | internal | fi--- | refused |  | takes or gives a value of the server's own memory
4052 | 14-18 | array_agg_array_finalfn(internal, anyarray) | anyarray | fi--- | refused |  | takes or gives a value of the server's own memory
4053 | 14-18 | array_agg(anyarray) | anyarray | ai--- | faultable |  | arrays of other shapes, or ranges that do not fit
4057 | 14-18 | range_merge(anyrange, anyrange) | anyrange | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4063 | 14-18 | inet_merge(inet, inet) | cidr | fis-- | faultable |  | the address or mask may be out of range
4067 | 14-18 | bound_box(box, box) | box | fis-- | faultable |  | geometry: may overflow or divide by zero
4071 | 14-18 | inet_same_family(inet, inet) | boolean | fis-- | total |  | a part or comparison of addresses
4083 | 14-18 | binary_upgrade_set_record_init_privs(boolean) | void | fvs-- | refused |  | only for pg_upgrade
4084 | 14-18 | regnamespacein(cstring) | regnamespace | fss-- | refused |  | input function: the server calls it for casts, which are judged as casts
4085 | 14-18 | regnamespaceout(regnamespace) | cstring | fss-- | refused |  | output function: the server calls it for casts, which are judged as casts
4086 | 14-18 | to_regnamespace(text) | regnamespace | fss-- | faultable |  | looks a name up; raises for names that are none
4087 | 14-18 | regnamespacerecv(internal) | regnamespace | fis-- | refused |  | takes or gives a value of the server's own memory
4088 | 14-18 | regnamespacesend(regnamespace) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
4091 | 14-18 | box(point) | box | fis-- | faultable |  | geometry: may overflow or divide by zero
4092 | 14-18 | regroleout(regrole) | cstring | fss-- | refused |  | output function: the server calls it for casts, which are judged as casts
4093 | 14-18 | to_regrole(text) | regrole | fss-- | faultable |  | looks a name up; raises for names that are none
4094 | 14-18 | regrolerecv(internal) | regrole | fis-- | refused |  | takes or gives a value of the server's own memory
4095 | 14-18 | regrolesend(regrole) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
4098 | 14-18 | regrolein(cstring) | regrole | fss-- | refused |  | input function: the server calls it for casts, which are judged as casts
4099 | 14-16 | pg_rotate_logfile_old() | boolean | fvs-- | refused |  | reads, lists or rotates files of the server
4099 | 18 | pg_numa_available() | boolean | fss-- | refused |  | tells of the server's own memory, files or build
4100 | 14-16 | pg_read_file_old(text, bigint, bigint) | text | fvs-- | refused |  | reads, lists or rotates files of the server
4100 | 18 | pg_get_shmem_allocations_numa() | record | fvsr- | refused |  | tells of the server's own memory, files or build
4101 | 14-18 | binary_upgrade_set_missing_value(oid, text, text) | void | fvs-- | refused |  | only for pg_upgrade
4105 | 14-18 | brin_inclusion_opcinfo(internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
4106 | 14-18 | brin_inclusion_add_value(internal, internal, internal, internal) | boolean | fis-- | refused |  | takes or gives a value of the server's own memory
4107 | 14-18 | brin_inclusion_consistent(internal, internal, internal) | boolean | fis-- | refused |  | takes or gives a value of the server's own memory
4108 | 14-18 | brin_inclusion_union(internal, internal, internal) | boolean | fis-- | refused |  | takes or gives a value of the server's own memory
4110 | 14-18 | macaddr8_in(cstring) | macaddr8 | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
4111 | 14-18 | macaddr8_out(macaddr8) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
4112 | 14-18 | trunc(macaddr8) | macaddr8 | fis-- | faultable |  | the address or mask may be out of range
4113 | 14-18 | macaddr8_eq(macaddr8, macaddr8) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
4114 | 14-18 | macaddr8_lt(macaddr8, macaddr8) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
4115 | 14-18 | macaddr8_le(macaddr8, macaddr8) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
4116 | 14-18 | macaddr8_gt(macaddr8, macaddr8) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
4117 | 14-18 | macaddr8_ge(macaddr8, macaddr8) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
4118 | 14-18 | macaddr8_ne(macaddr8, macaddr8) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
4119 | 14-18 | macaddr8_cmp(macaddr8, macaddr8) | integer | fis-- | total |  | compares two values; the collation is settled before any row
4120 | 14-18 | macaddr8_not(macaddr8) | macaddr8 | fis-- | faultable |  | the address or mask may be out of range
4121 | 14-18 | macaddr8_and(macaddr8, macaddr8) | macaddr8 | fis-- | faultable |  | the address or mask may be out of range
4122 | 14-18 | macaddr8_or(macaddr8, macaddr8) | macaddr8 | fis-- | faultable |  | the address or mask may be out of range
4123 | 14-18 | macaddr8(macaddr) | macaddr8 | fis-- | faultable |  | the address or mask may be out of range
4124 | 14-18 | macaddr(macaddr8) | macaddr | fis-- | faultable |  | the address or mask may be out of range
4125 | 14-18 | macaddr8_set7bit(macaddr8) | macaddr8 | fis-- | faultable |  | the address or mask may be out of range
4126 | 14-18 | in_range(bigint, bigint, bigint, boolean, boolean) | boolean | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4127 | 14-18 | in_range(integer, integer, bigint, boolean, boolean) | boolean | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4128 | 14-18 | in_range(integer, integer, integer, boolean, boolean) | boolean | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4129 | 14-18 | in_range(integer, integer, smallint, boolean, boolean) | boolean | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4130 | 14-18 | in_range(smallint, smallint, bigint, boolean, boolean) | boolean | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4131 | 14-18 | in_range(smallint, smallint, integer, boolean, boolean) | boolean | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4132 | 14-18 | in_range(smallint, smallint, smallint, boolean, boolean) | boolean | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4133 | 14-18 | in_range(date, date, interval, boolean, boolean) | boolean | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4134 | 14-18 | in_range(timestamp without time zone, timestamp without time zone, interval, boolean, boolean) | boolean | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4135 | 14-18 | in_range(timestamp with time zone, timestamp with time zone, interval, boolean, boolean) | boolean | fss-- | faultable |  | clock and time zone; results may be out of range
4136 | 14-18 | in_range(interval, interval, interval, boolean, boolean) | boolean | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4137 | 14-18 | in_range(time without time zone, time without time zone, interval, boolean, boolean) | boolean | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4138 | 14-18 | in_range(time with time zone, time with time zone, interval, boolean, boolean) | boolean | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4139 | 14-18 | in_range(double precision, double precision, double precision, boolean, boolean) | boolean | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4140 | 14-18 | in_range(real, real, double precision, boolean, boolean) | boolean | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4141 | 14-18 | in_range(numeric, numeric, numeric, boolean, boolean) | boolean | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4187 | 14-18 | pg_lsn_larger(pg_lsn, pg_lsn) | pg_lsn | fis-- | total |  | keeps one of two values
4188 | 14-18 | pg_lsn_smaller(pg_lsn, pg_lsn) | pg_lsn | fis-- | total |  | keeps one of two values
4189 | 14-18 | max(pg_lsn) | pg_lsn | ai--- | total |  | keeps one of its inputs
4190 | 14-18 | min(pg_lsn) | pg_lsn | ai--- | total |  | keeps one of its inputs
4193 | 14-18 | regcollationin(cstring) | regcollation | fss-- | refused |  | input function: the server calls it for casts, which are judged as casts
4194 | 14-18 | regcollationout(regcollation) | cstring | fss-- | refused |  | output function: the server calls it for casts, which are judged as casts
4195 | 14-18 | to_regcollation(text) | regcollation | fss-- | faultable |  | looks a name up; raises for names that are none
4196 | 14-18 | regcollationrecv(internal) | regcollation | fis-- | refused |  | takes or gives a value of the server's own memory
4197 | 14-18 | regcollationsend(regcollation) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
4201 | 14-18 | ts_headline(regconfig, jsonb, tsquery, text) | jsonb | fis-- | faultable |  | text search by a configuration that may be unknown
4202 | 14-18 | ts_headline(regconfig, jsonb, tsquery) | jsonb | fis-- | faultable |  | text search by a configuration that may be unknown
4203 | 14-18 | ts_headline(jsonb, tsquery, text) | jsonb | fss-- | faultable |  | text search by the session's configuration
4204 | 14-18 | ts_headline(jsonb, tsquery) | jsonb | fss-- | faultable |  | text search by the session's configuration
4205 | 14-18 | ts_headline(regconfig, json, tsquery, text) | json | fis-- | faultable |  | text search by a configuration that may be unknown
4206 | 14-18 | ts_headline(regconfig, json, tsquery) | json | fis-- | faultable |  | text search by a configuration that may be unknown
4207 | 14-18 | ts_headline(json, tsquery, text) | json | fss-- | faultable |  | text search by the session's configuration
4208 | 14-18 | ts_headline(json, tsquery) | json | fss-- | faultable |  | text search by the session's configuration
4209 | 14-18 | to_tsvector(jsonb) | tsvector | fss-- | faultable |  | text search by the session's configuration
4210 | 14-18 | to_tsvector(json) | tsvector | fss-- | faultable |  | text search by the session's configuration
4211 | 14-18 | to_tsvector(regconfig, jsonb) | tsvector | fis-- | faultable |  | text search by a configuration that may be unknown
4212 | 14-18 | to_tsvector(regconfig, json) | tsvector | fis-- | faultable |  | text search by a configuration that may be unknown
4213 | 14-18 | jsonb_to_tsvector(jsonb, jsonb) | tsvector | fss-- | faultable |  | text search by the session's configuration
4214 | 14-18 | jsonb_to_tsvector(regconfig, jsonb, jsonb) | tsvector | fis-- | faultable |  | the document may have another shape
4215 | 14-18 | json_to_tsvector(json, jsonb) | tsvector | fss-- | faultable |  | text search by the session's configuration
4216 | 14-18 | json_to_tsvector(regconfig, json, jsonb) | tsvector | fis-- | faultable |  | the document may have another shape
4220 | 14-18 | pg_copy_physical_replication_slot(name, name, boolean) | record | fvs-- | refused |  | decodes or carries changes of tables
4221 | 14-18 | pg_copy_physical_replication_slot(name, name) | record | fvs-- | refused |  | decodes or carries changes of tables
4222 | 14-18 | pg_copy_logical_replication_slot(name, name, boolean, name) | record | fvs-- | refused |  | decodes or carries changes of tables
4223 | 14-18 | pg_copy_logical_replication_slot(name, name, boolean) | record | fvs-- | refused |  | decodes or carries changes of tables
4224 | 14-18 | pg_copy_logical_replication_slot(name, name) | record | fvs-- | refused |  | decodes or carries changes of tables
4226 | 14-18 | anycompatiblemultirange_in(cstring, oid, integer) | anycompatiblemultirange | fss-- | refused |  | input function: the server calls it for casts, which are judged as casts
4227 | 14-18 | anycompatiblemultirange_out(anycompatiblemultirange) | cstring | fss-- | refused |  | output function: the server calls it for casts, which are judged as casts
4228 | 14-18 | range_merge(anymultirange) | anyrange | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4229 | 14-18 | anymultirange_in(cstring, oid, integer) | anymultirange | fss-- | refused |  | input function: the server calls it for casts, which are judged as casts
4230 | 14-18 | anymultirange_out(anymultirange) | cstring | fss-- | refused |  | output function: the server calls it for casts, which are judged as casts
4231 | 14-18 | multirange_in(cstring, oid, integer) | anymultirange | fss-- | refused |  | input function: the server calls it for casts, which are judged as casts
4232 | 14-18 | multirange_out(anymultirange) | cstring | fss-- | refused |  | output function: the server calls it for casts, which are judged as casts
4233 | 14-18 | multirange_recv(internal, oid, integer) | anymultirange | fss-- | refused |  | takes or gives a value of the server's own memory
4234 | 14-18 | multirange_send(anymultirange) | bytea | fss-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
4235 | 14-18 | lower(anymultirange) | anyelement | fis-- | total |  | a bound or comparison of ranges
4236 | 14-18 | upper(anymultirange) | anyelement | fis-- | total |  | a bound or comparison of ranges
4237 | 14-18 | isempty(anymultirange) | boolean | fis-- | total |  | a bound or comparison of ranges
4238 | 14-18 | lower_inc(anymultirange) | boolean | fis-- | total |  | a bound or comparison of ranges
4239 | 14-18 | upper_inc(anymultirange) | boolean | fis-- | total |  | a bound or comparison of ranges
4240 | 14-18 | lower_inf(anymultirange) | boolean | fis-- | total |  | a bound or comparison of ranges
4241 | 14-18 | upper_inf(anymultirange) | boolean | fis-- | total |  | a bound or comparison of ranges
4242 | 14-18 | multirange_typanalyze(internal) | boolean | fss-- | refused |  | takes or gives a value of the server's own memory
4243 | 14-18 | multirangesel(internal, oid, internal, integer) | double precision | fss-- | refused |  | takes or gives a value of the server's own memory
4244 | 14-18 | multirange_eq(anymultirange, anymultirange) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
4245 | 14-18 | multirange_ne(anymultirange, anymultirange) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
4246 | 14-18 | range_overlaps_multirange(anyrange, anymultirange) | boolean | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4247 | 14-18 | multirange_overlaps_range(anymultirange, anyrange) | boolean | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4248 | 14-18 | multirange_overlaps_multirange(anymultirange, anymultirange) | boolean | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4249 | 14-18 | multirange_contains_elem(anymultirange, anyelement) | boolean | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4250 | 14-18 | multirange_contains_range(anymultirange, anyrange) | boolean | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4251 | 14-18 | multirange_contains_multirange(anymultirange, anymultirange) | boolean | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4252 | 14-18 | elem_contained_by_multirange(anyelement, anymultirange) | boolean | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4253 | 14-18 | range_contained_by_multirange(anyrange, anymultirange) | boolean | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4254 | 14-18 | multirange_contained_by_multirange(anymultirange, anymultirange) | boolean | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4255 | 14-18 | range_adjacent_multirange(anyrange, anymultirange) | boolean | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4256 | 14-18 | multirange_adjacent_multirange(anymultirange, anymultirange) | boolean | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4257 | 14-18 | multirange_adjacent_range(anymultirange, anyrange) | boolean | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4258 | 14-18 | range_before_multirange(anyrange, anymultirange) | boolean | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4259 | 14-18 | multirange_before_range(anymultirange, anyrange) | boolean | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4260 | 14-18 | multirange_before_multirange(anymultirange, anymultirange) | boolean | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4261 | 14-18 | range_after_multirange(anyrange, anymultirange) | boolean | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4262 | 14-18 | multirange_after_range(anymultirange, anyrange) | boolean | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4263 | 14-18 | multirange_after_multirange(anymultirange, anymultirange) | boolean | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4264 | 14-18 | range_overleft_multirange(anyrange, anymultirange) | boolean | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4265 | 14-18 | multirange_overleft_range(anymultirange, anyrange) | boolean | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4266 | 14-18 | multirange_overleft_multirange(anymultirange, anymultirange) | boolean | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4267 | 14-18 | range_overright_multirange(anyrange, anymultirange) | boolean | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4268 | 14-18 | multirange_overright_range(anymultirange, anyrange) | boolean | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4269 | 14-18 | multirange_overright_multirange(anymultirange, anymultirange) | boolean | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4270 | 14-18 | multirange_union(anymultirange, anymultirange) | anymultirange | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4271 | 14-18 | multirange_minus(anymultirange, anymultirange) | anymultirange | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4272 | 14-18 | multirange_intersect(anymultirange, anymultirange) | anymultirange | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4273 | 14-18 | multirange_cmp(anymultirange, anymultirange) | integer | fis-- | total |  | compares two values; the collation is settled before any row
4274 | 14-18 | multirange_lt(anymultirange, anymultirange) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
4275 | 14-18 | multirange_le(anymultirange, anymultirange) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
4276 | 14-18 | multirange_ge(anymultirange, anymultirange) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
4277 | 14-18 | multirange_gt(anymultirange, anymultirange) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
4278 | 14-18 | hash_multirange(anymultirange) | integer | fis-- | faultable |  | a hash; needs a hash function for the type
4279 | 14-18 | hash_multirange_extended(anymultirange, bigint) | bigint | fis-- | faultable |  | a hash; needs a hash function for the type
4280 | 14-18 | int4multirange() | int4multirange | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4281 | 14-18 | int4multirange(int4range) | int4multirange | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4282 | 14-18 | int4multirange(int4range[]) | int4multirange | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4283 | 14-18 | nummultirange() | nummultirange | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4284 | 14-18 | nummultirange(numrange) | nummultirange | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4285 | 14-18 | nummultirange(numrange[]) | nummultirange | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4286 | 14-18 | tsmultirange() | tsmultirange | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4287 | 14-18 | tsmultirange(tsrange) | tsmultirange | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4288 | 14-18 | tsmultirange(tsrange[]) | tsmultirange | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4289 | 14-18 | tstzmultirange() | tstzmultirange | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4290 | 14-18 | tstzmultirange(tstzrange) | tstzmultirange | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4291 | 14-18 | tstzmultirange(tstzrange[]) | tstzmultirange | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4292 | 14-18 | datemultirange() | datemultirange | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4293 | 14-18 | datemultirange(daterange) | datemultirange | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4294 | 14-18 | datemultirange(daterange[]) | datemultirange | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4295 | 14-18 | int8multirange() | int8multirange | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4296 | 14-18 | int8multirange(int8range) | int8multirange | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4297 | 14-18 | int8multirange(int8range[]) | int8multirange | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4298 | 14-18 | multirange(anyrange) | anymultirange | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4299 | 14-18 | range_agg_transfn(internal, anyrange) | internal | fi--- | refused |  | takes or gives a value of the server's own memory
4300 | 14-18 | range_agg_finalfn(internal, anyrange) | anymultirange | fi--- | refused |  | takes or gives a value of the server's own memory
4301 | 14-18 | range_agg(anyrange) | anymultirange | ai--- | faultable |  | arrays of other shapes, or ranges that do not fit
4302 | 14-18 | koi8r_to_mic(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4303 | 14-18 | mic_to_koi8r(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4304 | 14-18 | iso_to_mic(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4305 | 14-18 | mic_to_iso(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4306 | 14-18 | win1251_to_mic(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4307 | 14-18 | mic_to_win1251(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4308 | 14-18 | win866_to_mic(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4309 | 14-18 | mic_to_win866(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4310 | 14-18 | koi8r_to_win1251(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4311 | 14-18 | win1251_to_koi8r(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4312 | 14-18 | koi8r_to_win866(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4313 | 14-18 | win866_to_koi8r(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4314 | 14-18 | win866_to_win1251(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4315 | 14-18 | win1251_to_win866(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4316 | 14-18 | iso_to_koi8r(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4317 | 14-18 | koi8r_to_iso(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4318 | 14-18 | iso_to_win1251(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4319 | 14-18 | win1251_to_iso(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4320 | 14-18 | iso_to_win866(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4321 | 14-18 | win866_to_iso(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4322 | 14-18 | euc_cn_to_mic(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4323 | 14-18 | mic_to_euc_cn(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4324 | 14-18 | euc_jp_to_sjis(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4325 | 14-18 | sjis_to_euc_jp(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4326 | 14-18 | euc_jp_to_mic(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4327 | 14-18 | sjis_to_mic(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4328 | 14-18 | mic_to_euc_jp(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4329 | 14-18 | mic_to_sjis(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4330 | 14-18 | euc_kr_to_mic(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4331 | 14-18 | mic_to_euc_kr(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4332 | 14-18 | euc_tw_to_big5(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4333 | 14-18 | big5_to_euc_tw(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4334 | 14-18 | euc_tw_to_mic(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4335 | 14-18 | big5_to_mic(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4336 | 14-18 | mic_to_euc_tw(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4337 | 14-18 | mic_to_big5(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4338 | 14-18 | latin2_to_mic(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4339 | 14-18 | mic_to_latin2(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4340 | 14-18 | win1250_to_mic(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4341 | 14-18 | mic_to_win1250(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4342 | 14-18 | latin2_to_win1250(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4343 | 14-18 | win1250_to_latin2(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4344 | 14-18 | latin1_to_mic(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4345 | 14-18 | mic_to_latin1(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4346 | 14-18 | latin3_to_mic(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4347 | 14-18 | mic_to_latin3(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4348 | 14-18 | latin4_to_mic(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4349 | 14-18 | mic_to_latin4(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4350 | 14-18 | normalize(text, text) | text | fis-- | faultable |  | text that may not fit, or is not what it should be
4351 | 14-18 | is_normalized(text, text) | boolean | fis-- | faultable |  | text that may not fit, or is not what it should be
4352 | 14-18 | big5_to_utf8(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4353 | 14-18 | utf8_to_big5(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4354 | 14-18 | utf8_to_koi8r(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4355 | 14-18 | koi8r_to_utf8(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4356 | 14-18 | utf8_to_koi8u(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4357 | 14-18 | koi8u_to_utf8(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4358 | 14-18 | utf8_to_win(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4359 | 14-18 | win_to_utf8(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4360 | 14-18 | euc_cn_to_utf8(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4361 | 14-18 | utf8_to_euc_cn(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4362 | 14-18 | euc_jp_to_utf8(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4363 | 14-18 | utf8_to_euc_jp(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4364 | 14-18 | euc_kr_to_utf8(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4365 | 14-18 | utf8_to_euc_kr(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4366 | 14-18 | euc_tw_to_utf8(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4367 | 14-18 | utf8_to_euc_tw(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4368 | 14-18 | gb18030_to_utf8(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4369 | 14-18 | utf8_to_gb18030(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4370 | 14-18 | gbk_to_utf8(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4371 | 14-18 | utf8_to_gbk(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4372 | 14-18 | utf8_to_iso8859(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4373 | 14-18 | iso8859_to_utf8(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4374 | 14-18 | iso8859_1_to_utf8(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4375 | 14-18 | utf8_to_iso8859_1(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4376 | 14-18 | johab_to_utf8(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4377 | 14-18 | utf8_to_johab(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4378 | 14-18 | sjis_to_utf8(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4379 | 14-18 | utf8_to_sjis(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4380 | 14-18 | uhc_to_utf8(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4381 | 14-18 | utf8_to_uhc(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4382 | 14-18 | euc_jis_2004_to_utf8(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4383 | 14-18 | utf8_to_euc_jis_2004(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4384 | 14-18 | shift_jis_2004_to_utf8(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4385 | 14-18 | utf8_to_shift_jis_2004(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4386 | 14-18 | euc_jis_2004_to_shift_jis_2004(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4387 | 14-18 | shift_jis_2004_to_euc_jis_2004(integer, integer, cstring, internal, integer, boolean) | integer | fis-- | refused |  | takes or gives a value of the server's own memory
4388 | 14-18 | multirange_intersect_agg_transfn(anymultirange, anymultirange) | anymultirange | fis-- | faultable |  | a step of an aggregate: raises for a state that is none, or outside aggregates
4389 | 14-18 | range_intersect_agg(anymultirange) | anymultirange | ai--- | faultable |  | arrays of other shapes, or ranges that do not fit
4390 | 14-18 | binary_upgrade_set_next_multirange_pg_type_oid(oid) | void | fvs-- | refused |  | only for pg_upgrade
4391 | 14-18 | binary_upgrade_set_next_multirange_array_pg_type_oid(oid) | void | fvs-- | refused |  | only for pg_upgrade
4401 | 14-18 | range_intersect_agg_transfn(anyrange, anyrange) | anyrange | fis-- | faultable |  | a step of an aggregate: raises for a state that is none, or outside aggregates
4450 | 14-18 | range_intersect_agg(anyrange) | anyrange | ai--- | faultable |  | arrays of other shapes, or ranges that do not fit
4541 | 14-18 | range_contains_multirange(anyrange, anymultirange) | boolean | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4542 | 14-18 | multirange_contained_by_range(anymultirange, anyrange) | boolean | fis-- | faultable |  | bounds in the wrong order, or results with a hole
4543 | 14-18 | pg_log_backend_memory_contexts(integer) | boolean | fvs-- | refused |  | controls other sessions, statistics or the server
4545 | 15-18 | binary_upgrade_set_next_heap_relfilenode(oid) | void | fvs-- | refused |  | only for pg_upgrade
4546 | 15-18 | binary_upgrade_set_next_index_relfilenode(oid) | void | fvs-- | refused |  | only for pg_upgrade
4547 | 15-18 | binary_upgrade_set_next_toast_relfilenode(oid) | void | fvs-- | refused |  | only for pg_upgrade
4548 | 15-18 | binary_upgrade_set_next_pg_tablespace_oid(oid) | void | fvs-- | refused |  | only for pg_upgrade
4549 | 17-18 | unicode_version() | text | fis-- | faultable |  | text that may not fit, or is not what it should be
4551 | 15 | binary_upgrade_set_next_attribute_versions(pg_lsn[]) | void | fvs-- | refused |  | only for pg_upgrade
4566 | 14-18 | pg_event_trigger_table_rewrite_oid() | oid | fss-- | refused |  | only inside event triggers
4567 | 14-18 | pg_event_trigger_table_rewrite_reason() | integer | fss-- | refused |  | only inside event triggers
4568 | 14-18 | pg_event_trigger_ddl_commands() | record | fssr- | refused |  | only inside event triggers
4591 | 14-18 | brin_bloom_opcinfo(internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
4592 | 14-18 | brin_bloom_add_value(internal, internal, internal, internal) | boolean | fis-- | refused |  | takes or gives a value of the server's own memory
4593 | 14-18 | brin_bloom_consistent(internal, internal, internal, integer) | boolean | fis-- | refused |  | takes or gives a value of the server's own memory
4594 | 14-18 | brin_bloom_union(internal, internal, internal) | boolean | fis-- | refused |  | takes or gives a value of the server's own memory
4595 | 14-18 | brin_bloom_options(internal) | void | fi--- | refused |  | takes or gives a value of the server's own memory
4596 | 14-18 | brin_bloom_summary_in(cstring) | pg_brin_bloom_summary | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
4597 | 14-18 | brin_bloom_summary_out(pg_brin_bloom_summary) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
4598 | 14-18 | brin_bloom_summary_recv(internal) | pg_brin_bloom_summary | fss-- | refused |  | takes or gives a value of the server's own memory
4599 | 14-18 | brin_bloom_summary_send(pg_brin_bloom_summary) | bytea | fss-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
4616 | 14-18 | brin_minmax_multi_opcinfo(internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
4617 | 14-18 | brin_minmax_multi_add_value(internal, internal, internal, internal) | boolean | fis-- | refused |  | takes or gives a value of the server's own memory
4618 | 14-18 | brin_minmax_multi_consistent(internal, internal, internal, integer) | boolean | fis-- | refused |  | takes or gives a value of the server's own memory
4619 | 14-18 | brin_minmax_multi_union(internal, internal, internal) | boolean | fis-- | refused |  | takes or gives a value of the server's own memory
4620 | 14-18 | brin_minmax_multi_options(internal) | void | fi--- | refused |  | takes or gives a value of the server's own memory
4621 | 14-18 | brin_minmax_multi_distance_int2(internal, internal) | double precision | fis-- | refused |  | takes or gives a value of the server's own memory
4622 | 14-18 | brin_minmax_multi_distance_int4(internal, internal) | double precision | fis-- | refused |  | takes or gives a value of the server's own memory
4623 | 14-18 | brin_minmax_multi_distance_int8(internal, internal) | double precision | fis-- | refused |  | takes or gives a value of the server's own memory
4624 | 14-18 | brin_minmax_multi_distance_float4(internal, internal) | double precision | fis-- | refused |  | takes or gives a value of the server's own memory
4625 | 14-18 | brin_minmax_multi_distance_float8(internal, internal) | double precision | fis-- | refused |  | takes or gives a value of the server's own memory
4626 | 14-18 | brin_minmax_multi_distance_numeric(internal, internal) | double precision | fis-- | refused |  | takes or gives a value of the server's own memory
4627 | 14-18 | brin_minmax_multi_distance_tid(internal, internal) | double precision | fis-- | refused |  | takes or gives a value of the server's own memory
4628 | 14-18 | brin_minmax_multi_distance_uuid(internal, internal) | double precision | fis-- | refused |  | takes or gives a value of the server's own memory
4629 | 14-18 | brin_minmax_multi_distance_date(internal, internal) | double precision | fis-- | refused |  | takes or gives a value of the server's own memory
4630 | 14-18 | brin_minmax_multi_distance_time(internal, internal) | double precision | fis-- | refused |  | takes or gives a value of the server's own memory
4631 | 14-18 | brin_minmax_multi_distance_interval(internal, internal) | double precision | fis-- | refused |  | takes or gives a value of the server's own memory
4632 | 14-18 | brin_minmax_multi_distance_timetz(internal, internal) | double precision | fis-- | refused |  | takes or gives a value of the server's own memory
4633 | 14-18 | brin_minmax_multi_distance_pg_lsn(internal, internal) | double precision | fis-- | refused |  | takes or gives a value of the server's own memory
4634 | 14-18 | brin_minmax_multi_distance_macaddr(internal, internal) | double precision | fis-- | refused |  | takes or gives a value of the server's own memory
4635 | 14-18 | brin_minmax_multi_distance_macaddr8(internal, internal) | double precision | fis-- | refused |  | takes or gives a value of the server's own memory
4636 | 14-18 | brin_minmax_multi_distance_inet(internal, internal) | double precision | fis-- | refused |  | takes or gives a value of the server's own memory
4637 | 14-18 | brin_minmax_multi_distance_timestamp(internal, internal) | double precision | fis-- | refused |  | takes or gives a value of the server's own memory
4638 | 14-18 | brin_minmax_multi_summary_in(cstring) | pg_brin_minmax_multi_summary | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
4639 | 14-18 | brin_minmax_multi_summary_out(pg_brin_minmax_multi_summary) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
4640 | 14-18 | brin_minmax_multi_summary_recv(internal) | pg_brin_minmax_multi_summary | fss-- | refused |  | takes or gives a value of the server's own memory
4641 | 14-18 | brin_minmax_multi_summary_send(pg_brin_minmax_multi_summary) | bytea | fss-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
5001 | 14-18 | phraseto_tsquery(text) | tsquery | fss-- | faultable |  | text search by the session's configuration
5003 | 14-18 | tsquery_phrase(tsquery, tsquery) | tsquery | fis-- | faultable |  | text search by a configuration that may be unknown
5004 | 14-18 | tsquery_phrase(tsquery, tsquery, integer) | tsquery | fis-- | faultable |  | text search by a configuration that may be unknown
5006 | 14-18 | phraseto_tsquery(regconfig, text) | tsquery | fis-- | faultable |  | text search by a configuration that may be unknown
5007 | 14-18 | websearch_to_tsquery(regconfig, text) | tsquery | fis-- | faultable |  | text search by a configuration that may be unknown
5009 | 14-18 | websearch_to_tsquery(text) | tsquery | fss-- | faultable |  | text search by the session's configuration
5010 | 14-18 | spg_bbox_quad_config(internal, internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
5011 | 14-18 | spg_poly_quad_compress(polygon) | box | fis-- | faultable |  | a step of a range or index type: raises at the end of the type's values
5012 | 14-18 | spg_box_quad_config(internal, internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
5013 | 14-18 | spg_box_quad_choose(internal, internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
5014 | 14-18 | spg_box_quad_picksplit(internal, internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
5015 | 14-18 | spg_box_quad_inner_consistent(internal, internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
5016 | 14-18 | spg_box_quad_leaf_consistent(internal, internal) | boolean | fis-- | refused |  | takes or gives a value of the server's own memory
5018 | 14-18 | pg_mcv_list_in(cstring) | pg_mcv_list | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
5019 | 14-18 | pg_mcv_list_out(pg_mcv_list) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
5020 | 14-18 | pg_mcv_list_recv(internal) | pg_mcv_list | fss-- | refused |  | takes or gives a value of the server's own memory
5021 | 14-18 | pg_mcv_list_send(pg_mcv_list) | bytea | fss-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
5022 | 14-18 | pg_lsn_pli(pg_lsn, numeric) | pg_lsn | fis-- | faultable |  | arithmetic of positions and transactions
5023 | 14-18 | numeric_pl_pg_lsn(numeric, pg_lsn) | pg_lsn | fis-- | faultable |  | may overflow, divide by zero or leave its domain
5024 | 14-18 | pg_lsn_mii(pg_lsn, numeric) | pg_lsn | fis-- | faultable |  | arithmetic of positions and transactions
5028 | 14-18 | satisfies_hash_partition(oid, integer, integer, "any") | boolean | fi--- | faultable |  | a hash; needs a hash function for the type
5029 | 14-18 | pg_ls_tmpdir() | record | fvsr- | refused |  | reads, lists or rotates files of the server
5030 | 14-18 | pg_ls_tmpdir(oid) | record | fvsr- | refused |  | reads, lists or rotates files of the server
5031 | 14-18 | pg_ls_archive_statusdir() | record | fvsr- | refused |  | reads, lists or rotates files of the server
5033 | 14-18 | network_sortsupport(internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
5034 | 14-18 | xid8lt(xid8, xid8) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
5035 | 14-18 | xid8gt(xid8, xid8) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
5036 | 14-18 | xid8le(xid8, xid8) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
5037 | 14-18 | xid8ge(xid8, xid8) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
5040 | 14-18 | matchingsel(internal, oid, internal, integer) | double precision | fss-- | refused |  | takes or gives a value of the server's own memory
5041 | 14-18 | matchingjoinsel(internal, oid, internal, smallint, internal) | double precision | fss-- | refused |  | takes or gives a value of the server's own memory
5042 | 14-18 | min_scale(numeric) | integer | fis-- | total |  | stays within its type
5043 | 14-18 | trim_scale(numeric) | numeric | fis-- | total |  | stays within its type
5044 | 14-18 | gcd(integer, integer) | integer | fis-- | faultable |  | may overflow, divide by zero or leave its domain
5045 | 14-18 | gcd(bigint, bigint) | bigint | fis-- | faultable |  | may overflow, divide by zero or leave its domain
5046 | 14-18 | lcm(integer, integer) | integer | fis-- | faultable |  | may overflow, divide by zero or leave its domain
5047 | 14-18 | lcm(bigint, bigint) | bigint | fis-- | faultable |  | may overflow, divide by zero or leave its domain
5048 | 14-18 | gcd(numeric, numeric) | numeric | fis-- | faultable |  | may overflow, divide by zero or leave its domain
5049 | 14-18 | lcm(numeric, numeric) | numeric | fis-- | faultable |  | may overflow, divide by zero or leave its domain
5050 | 14-18 | btvarstrequalimage(oid) | boolean | fis-- | refused |  | called by index access methods
5051 | 14-18 | btequalimage(oid) | boolean | fis-- | refused |  | called by index access methods
5052 | 14-18 | pg_get_shmem_allocations() | record | fvsr- | refused |  | tells of the server's own memory, files or build
5053 | 14-18 | pg_stat_get_ins_since_vacuum(oid) | bigint | fss-- | reads |  | counters of what was done to tables
5054 | 14-18 | jsonb_set_lax(jsonb, text[], jsonb, boolean, text) | jsonb | fi--- | faultable |  | the document may have another shape
5055 | 14-18 | pg_snapshot_in(cstring) | pg_snapshot | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
5056 | 14-18 | pg_snapshot_out(pg_snapshot) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
5057 | 14-18 | pg_snapshot_recv(internal) | pg_snapshot | fis-- | refused |  | takes or gives a value of the server's own memory
5058 | 14-18 | pg_snapshot_send(pg_snapshot) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
5059 | 14-18 | pg_current_xact_id() | xid8 | fss-- | faultable |  | the session, its transaction or the state of the server; no stored value
5060 | 14-18 | pg_current_xact_id_if_assigned() | xid8 | fss-- | faultable |  | the session, its transaction or the state of the server; no stored value
5061 | 14-18 | pg_current_snapshot() | pg_snapshot | fss-- | faultable |  | the session, its transaction or the state of the server; no stored value
5062 | 14-18 | pg_snapshot_xmin(pg_snapshot) | xid8 | fis-- | faultable |  | arithmetic of positions and transactions
5063 | 14-18 | pg_snapshot_xmax(pg_snapshot) | xid8 | fis-- | faultable |  | arithmetic of positions and transactions
5064 | 14-18 | pg_snapshot_xip(pg_snapshot) | xid8 | fisr- | faultable |  | arithmetic of positions and transactions
5065 | 14-18 | pg_visible_in_snapshot(xid8, pg_snapshot) | boolean | fis-- | faultable |  | arithmetic of positions and transactions
5066 | 14-18 | pg_xact_status(xid8) | text | fvs-- | faultable |  | the session, its transaction or the state of the server; no stored value
5070 | 14-18 | xid8in(cstring) | xid8 | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
5071 | 14-18 | xid(xid8) | xid | fis-- | faultable |  | arithmetic of positions and transactions
5081 | 14-18 | xid8out(xid8) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
5082 | 14-18 | xid8recv(internal) | xid8 | fis-- | refused |  | takes or gives a value of the server's own memory
5083 | 14-18 | xid8send(xid8) | bytea | fis-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
5084 | 14-18 | xid8eq(xid8, xid8) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
5085 | 14-18 | xid8ne(xid8, xid8) | boolean | fis-- | total |  | compares two values; the collation is settled before any row
5086 | 14-18 | anycompatible_in(cstring) | anycompatible | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
5087 | 14-18 | anycompatible_out(anycompatible) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
5088 | 14-18 | anycompatiblearray_in(cstring) | anycompatiblearray | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
5089 | 14-18 | anycompatiblearray_out(anycompatiblearray) | cstring | fss-- | refused |  | output function: the server calls it for casts, which are judged as casts
5090 | 14-18 | anycompatiblearray_recv(internal) | anycompatiblearray | fss-- | refused |  | takes or gives a value of the server's own memory
5091 | 14-18 | anycompatiblearray_send(anycompatiblearray) | bytea | fss-- | faultable |  | prints the value in binary; raises when the encoding cannot hold it
5092 | 14-18 | anycompatiblenonarray_in(cstring) | anycompatiblenonarray | fis-- | refused |  | input function: the server calls it for casts, which are judged as casts
5093 | 14-18 | anycompatiblenonarray_out(anycompatiblenonarray) | cstring | fis-- | refused |  | output function: the server calls it for casts, which are judged as casts
5094 | 14-18 | anycompatiblerange_in(cstring, oid, integer) | anycompatiblerange | fss-- | refused |  | input function: the server calls it for casts, which are judged as casts
5095 | 14-18 | anycompatiblerange_out(anycompatiblerange) | cstring | fss-- | refused |  | output function: the server calls it for casts, which are judged as casts
5096 | 14-18 | xid8cmp(xid8, xid8) | integer | fis-- | total |  | compares two values; the collation is settled before any row
5097 | 15-18 | xid8_larger(xid8, xid8) | xid8 | fis-- | faultable |  | arithmetic of positions and transactions
5098 | 15-18 | xid8_smaller(xid8, xid8) | xid8 | fis-- | faultable |  | arithmetic of positions and transactions
5099 | 15-18 | max(xid8) | xid8 | ai--- | total |  | keeps one of its inputs
5100 | 15-18 | min(xid8) | xid8 | ai--- | total |  | keeps one of its inputs
6003 | 14-18 | pg_replication_origin_create(text) | oid | fvs-- | refused |  | replication: progress of other servers
6004 | 14-18 | pg_replication_origin_drop(text) | void | fvs-- | refused |  | replication: progress of other servers
6005 | 14-18 | pg_replication_origin_oid(text) | oid | fss-- | faultable |  | the session, its transaction or the state of the server; no stored value
6006 | 14-18 | pg_replication_origin_session_setup(text) | void | fvs-- | refused |  | replication: progress of other servers
6007 | 14-18 | pg_replication_origin_session_reset() | void | fvs-- | refused |  | replication: progress of other servers
6008 | 14-18 | pg_replication_origin_session_is_setup() | boolean | fvs-- | faultable |  | the session, its transaction or the state of the server; no stored value
6009 | 14-18 | pg_replication_origin_session_progress(boolean) | pg_lsn | fvs-- | refused |  | replication: progress of other servers
6010 | 14-18 | pg_replication_origin_xact_setup(pg_lsn, timestamp with time zone) | void | fvs-- | refused |  | replication: progress of other servers
6011 | 14-18 | pg_replication_origin_xact_reset() | void | fvs-- | refused |  | replication: progress of other servers
6012 | 14-18 | pg_replication_origin_advance(text, pg_lsn) | void | fvs-- | refused |  | replication: progress of other servers
6013 | 14-18 | pg_replication_origin_progress(text, boolean) | pg_lsn | fvs-- | refused |  | replication: progress of other servers
6014 | 14-18 | pg_show_replication_origin_status() | record | fv-r- | refused |  | replication: progress of other servers
6098 | 14-18 | jsonb_subscript_handler(internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
6099 | 17-18 | icu_unicode_version() | text | fis-- | faultable |  | text that may not fit, or is not what it should be
6103 | 14-18 | pg_lsn(numeric) | pg_lsn | fis-- | faultable |  | arithmetic of positions and transactions
6105 | 17-18 | unicode_assigned(text) | boolean | fis-- | faultable |  | text that may not fit, or is not what it should be
6107 | 16-18 | pg_stat_get_backend_subxact(integer) | record | fss-- | reads |  | what other sessions do, in part their statements
6118 | 14-18 | pg_stat_get_subscription(oid) | record | fs-r- | reads |  | counters of what was done to tables
6119 | 14 | pg_get_publication_tables(text) | oid | fssr- | faultable |  | tells definitions; holds no stored value
6119 | 15 | pg_get_publication_tables(text) | record | fssr- | faultable |  | tells definitions; holds no stored value
6119 | 16-18 | pg_get_publication_tables(text[]) | record | fssr- | faultable |  | tells definitions; holds no stored value
6120 | 14-18 | pg_get_replica_identity_index(regclass) | regclass | fss-- | faultable |  | tells definitions; holds no stored value
6121 | 14-18 | pg_relation_is_publishable(regclass) | boolean | fss-- | faultable |  | tells definitions; holds no stored value
6154 | 14-18 | multirange_gist_consistent(internal, anymultirange, smallint, oid, internal) | boolean | fis-- | refused |  | takes or gives a value of the server's own memory
6156 | 14-18 | multirange_gist_compress(internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
6159 | 14-18 | pg_get_catalog_foreign_keys() | record | fssr- | faultable |  | tells definitions; holds no stored value
6160 | 14-18 | string_to_table(text, text) | text | fi-r- | faultable |  | text that may not fit, or is not what it should be
6161 | 14-18 | string_to_table(text, text, text) | text | fi-r- | faultable |  | text that may not fit, or is not what it should be
6162 | 14-18 | bit_count(bit) | bigint | fis-- | total |  | cuts, changes or measures a text within its own length
6163 | 14-18 | bit_count(bytea) | bigint | fis-- | total |  | cuts, changes or measures a text within its own length
6164 | 14-18 | bit_xor(smallint) | smallint | ai--- | total |  | combines bits
6165 | 14-18 | bit_xor(integer) | integer | ai--- | total |  | combines bits
6166 | 14-18 | bit_xor(bigint) | bigint | ai--- | total |  | combines bits
6167 | 14-18 | bit_xor(bit) | bit | ai--- | total |  | combines bits
6168 | 14-18 | pg_xact_commit_timestamp_origin(xid) | record | fvs-- | refused |  | tells when others committed
6169 | 14 | pg_stat_get_replication_slot(text) | record | fs-r- | reads |  | counters of what was done to tables
6169 | 15-18 | pg_stat_get_replication_slot(text) | record | fss-- | reads |  | counters of what was done to tables
6170 | 14-18 | pg_stat_reset_replication_slot(text) | void | fv--- | refused |  | controls other sessions, statistics or the server
6172 | 14-18 | trim_array(anyarray, integer) | anyarray | fis-- | faultable |  | shapes may not fit, or grow too large
6173 | 14-18 | pg_get_statisticsobjdef_expressions(oid) | text[] | fss-- | faultable |  | tells definitions; holds no stored value
6174 | 14-18 | pg_get_statisticsobjdef_columns(oid) | text | fss-- | faultable |  | tells definitions; holds no stored value
6177 | 14-18 | date_bin(interval, timestamp without time zone, timestamp without time zone) | timestamp without time zone | fis-- | faultable |  | may be out of range
6178 | 14-18 | date_bin(interval, timestamp with time zone, timestamp with time zone) | timestamp with time zone | fis-- | faultable |  | may be out of range
6179 | 14-17 | array_subscript_handler(internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
6179 | 18 | array_subscript_handler(internal) | internal | fis-p | refused |  | takes or gives a value of the server's own memory
6180 | 14-18 | raw_array_subscript_handler(internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
6183 | 14-18 | ts_debug(regconfig, text) | record | fssr- | faultable |  | text search by the session's configuration
6184 | 14-18 | ts_debug(text) | record | fssr- | faultable |  | text search by the session's configuration
6185 | 14-18 | pg_stat_get_db_session_time(oid) | double precision | fss-- | reads |  | counters of what was done to tables
6186 | 14-18 | pg_stat_get_db_active_time(oid) | double precision | fss-- | reads |  | counters of what was done to tables
6187 | 14-18 | pg_stat_get_db_idle_in_transaction_time(oid) | double precision | fss-- | reads |  | counters of what was done to tables
6188 | 14-18 | pg_stat_get_db_sessions(oid) | bigint | fss-- | reads |  | counters of what was done to tables
6189 | 14-18 | pg_stat_get_db_sessions_abandoned(oid) | bigint | fss-- | reads |  | counters of what was done to tables
6190 | 14-18 | pg_stat_get_db_sessions_fatal(oid) | bigint | fss-- | reads |  | counters of what was done to tables
6191 | 14-18 | pg_stat_get_db_sessions_killed(oid) | bigint | fss-- | reads |  | counters of what was done to tables
6192 | 14-18 | hash_record(record) | integer | fis-- | faultable |  | a hash; needs a hash function for the type
6193 | 14-18 | hash_record_extended(record, bigint) | bigint | fis-- | faultable |  | a hash; needs a hash function for the type
6195 | 14-18 | ltrim(bytea, bytea) | bytea | fis-- | total |  | cuts, changes or measures a text within its own length
6196 | 14-18 | rtrim(bytea, bytea) | bytea | fis-- | total |  | cuts, changes or measures a text within its own length
6197 | 14-18 | pg_get_function_sqlbody(oid) | text | fss-- | faultable |  | tells definitions; holds no stored value
6198 | 14-18 | unistr(text) | text | fis-- | faultable |  | text that may not fit, or is not what it should be
6199 | 14-18 | extract(text, date) | numeric | fis-- | total | date-field@0 | a part of a date or time: an unknown field raises, for any value but NULL
6200 | 14-18 | extract(text, time without time zone) | numeric | fis-- | total | time-field@0 | a part of a date or time: an unknown field raises, for any value but NULL
6201 | 14-18 | extract(text, time with time zone) | numeric | fis-- | total | time-field@0 | a part of a date or time: an unknown field raises, for any value but NULL
6202 | 14-18 | extract(text, timestamp without time zone) | numeric | fis-- | total | timestamp-field@0 | a part of a date or time: an unknown field raises, for any value but NULL
6203 | 14-18 | extract(text, timestamp with time zone) | numeric | fss-- | total | timestamp-field@0 | a part of a date or time: an unknown field raises, for any value but NULL
6204 | 14-18 | extract(text, interval) | numeric | fis-- | total | interval-field@0 | a part of a date or time: an unknown field raises, for any value but NULL
6205 | 15-18 | has_parameter_privilege(name, text, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
6206 | 15-18 | has_parameter_privilege(oid, text, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
6207 | 15-18 | has_parameter_privilege(text, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
6208 | 16-18 | pg_read_file(text, boolean) | text | fvs-- | refused |  | reads, lists or rotates files of the server
6209 | 16-18 | pg_read_binary_file(text, boolean) | bytea | fvs-- | refused |  | reads, lists or rotates files of the server
6210 | 16-18 | pg_input_is_valid(text, text) | boolean | fss-- | refused |  | runs the input function of a type given by name, which may be a user's
6211 | 16-18 | pg_input_error_info(text, text) | record | fss-- | refused |  | runs the input function of a type given by name, which may be a user's
6212 | 16-18 | random_normal(double precision, double precision) | double precision | fvs-- | faultable |  | random; raises for bounds in the wrong order
6213 | 16-18 | pg_split_walfile_name(text) | record | fss-- | faultable |  | takes a name apart; raises for one that is none
6214 | 16-18 | pg_stat_get_io() | record | fvsr- | reads |  | counters of what was done to tables
6215 | 16-18 | array_shuffle(anyarray) | anyarray | fvs-- | faultable |  | random; raises for bounds in the wrong order
6216 | 16-18 | array_sample(anyarray, integer) | anyarray | fvs-- | faultable |  | random; raises for bounds in the wrong order
6217 | 16-18 | pg_stat_get_tuples_newpage_updated(oid) | bigint | fss-- | reads |  | counters of what was done to tables
6218 | 16-18 | pg_stat_get_xact_tuples_newpage_updated(oid) | bigint | fvs-- | reads |  | counters of what was done to tables
6219 | 16-18 | erf(double precision) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
6220 | 16-18 | erfc(double precision) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
6221 | 16-18 | date_add(timestamp with time zone, interval) | timestamp with time zone | fss-- | faultable |  | clock and time zone; results may be out of range
6222 | 16-18 | date_add(timestamp with time zone, interval, text) | timestamp with time zone | fis-- | faultable |  | may be out of range
6223 | 16-18 | date_subtract(timestamp with time zone, interval) | timestamp with time zone | fss-- | faultable |  | clock and time zone; results may be out of range
6224 | 15-18 | pg_get_wal_resource_managers() | record | fvsr- | refused |  | tells of the server's own memory, files or build
6225 | 15-18 | multirange_agg_transfn(internal, anymultirange) | internal | fi--- | refused |  | takes or gives a value of the server's own memory
6226 | 15-18 | multirange_agg_finalfn(internal, anymultirange) | anymultirange | fi--- | refused |  | takes or gives a value of the server's own memory
6227 | 15-18 | range_agg(anymultirange) | anymultirange | ai--- | faultable |  | arrays of other shapes, or ranges that do not fit
6230 | 15-17 | pg_stat_have_stats(text, oid, oid) | boolean | fvs-- | reads |  | counters of what was done to tables
6230 | 18 | pg_stat_have_stats(text, oid, bigint) | boolean | fvs-- | reads |  | counters of what was done to tables
6231 | 15-18 | pg_stat_get_subscription_stats(oid) | record | fss-- | reads |  | counters of what was done to tables
6232 | 15-18 | pg_stat_reset_subscription_stats(oid) | void | fv--- | refused |  | controls other sessions, statistics or the server
6233 | 15-18 | window_row_number_support(internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
6234 | 15-18 | window_rank_support(internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
6235 | 15-18 | window_dense_rank_support(internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
6236 | 15-18 | int8inc_support(internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
6240 | 15-18 | pg_settings_get_flags(text) | text[] | fss-- | faultable |  | settings of the session; nothing classified may be stored in them
6241 | 15-18 | pg_stop_making_pinned_objects() | void | fvs-- | refused |  | controls other sessions, statistics or the server
6242 | 15-18 | text_starts_with_support(internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
6248 | 15-18 | pg_stat_get_recovery_prefetch() | record | fvsr- | reads |  | counters of what was done to tables
6249 | 15-18 | pg_database_collation_actual_version(oid) | text | fvs-- | faultable |  | tells definitions; holds no stored value
6250 | 15-18 | pg_ident_file_mappings() | record | fvsr- | reads |  | the server's configuration files
6251 | 15-18 | regexp_replace(text, text, text, integer, integer, text) | text | fis-- | faultable |  | the pattern may be invalid, or too costly
6252 | 15-18 | regexp_replace(text, text, text, integer, integer) | text | fis-- | faultable |  | the pattern may be invalid, or too costly
6253 | 15-18 | regexp_replace(text, text, text, integer) | text | fis-- | faultable |  | the pattern may be invalid, or too costly
6254 | 15-18 | regexp_count(text, text) | integer | fis-- | faultable |  | the pattern may be invalid, or too costly
6255 | 15-18 | regexp_count(text, text, integer) | integer | fis-- | faultable |  | the pattern may be invalid, or too costly
6256 | 15-18 | regexp_count(text, text, integer, text) | integer | fis-- | faultable |  | the pattern may be invalid, or too costly
6257 | 15-18 | regexp_instr(text, text) | integer | fis-- | faultable |  | the pattern may be invalid, or too costly
6258 | 15-18 | regexp_instr(text, text, integer) | integer | fis-- | faultable |  | the pattern may be invalid, or too costly
6259 | 15-18 | regexp_instr(text, text, integer, integer) | integer | fis-- | faultable |  | the pattern may be invalid, or too costly
6260 | 15-18 | regexp_instr(text, text, integer, integer, integer) | integer | fis-- | faultable |  | the pattern may be invalid, or too costly
6261 | 15-18 | regexp_instr(text, text, integer, integer, integer, text) | integer | fis-- | faultable |  | the pattern may be invalid, or too costly
6262 | 15-18 | regexp_instr(text, text, integer, integer, integer, text, integer) | integer | fis-- | faultable |  | the pattern may be invalid, or too costly
6263 | 15-18 | regexp_like(text, text) | boolean | fis-- | faultable |  | the pattern may be invalid, or too costly
6264 | 15-18 | regexp_like(text, text, text) | boolean | fis-- | faultable |  | the pattern may be invalid, or too costly
6265 | 15-18 | regexp_substr(text, text) | text | fis-- | faultable |  | the pattern may be invalid, or too costly
6266 | 15-18 | regexp_substr(text, text, integer) | text | fis-- | faultable |  | the pattern may be invalid, or too costly
6267 | 15-18 | regexp_substr(text, text, integer, integer) | text | fis-- | faultable |  | the pattern may be invalid, or too costly
6268 | 15-18 | regexp_substr(text, text, integer, integer, text) | text | fis-- | faultable |  | the pattern may be invalid, or too costly
6269 | 15-18 | regexp_substr(text, text, integer, integer, text, integer) | text | fis-- | faultable |  | the pattern may be invalid, or too costly
6270 | 15-18 | pg_ls_logicalsnapdir() | record | fvsr- | refused |  | reads, lists or rotates files of the server
6271 | 15-18 | pg_ls_logicalmapdir() | record | fvsr- | refused |  | reads, lists or rotates files of the server
6272 | 15-18 | pg_ls_replslotdir(text) | record | fvsr- | refused |  | reads, lists or rotates files of the server
6273 | 16-18 | date_subtract(timestamp with time zone, interval, text) | timestamp with time zone | fis-- | faultable |  | may be out of range
6274 | 16-17 | generate_series(timestamp with time zone, timestamp with time zone, interval, text) | timestamp with time zone | fisr- | faultable |  | rows by bounds and steps; a step of zero raises
6274 | 18 | generate_series(timestamp with time zone, timestamp with time zone, interval, text) | timestamp with time zone | fisrp | faultable |  | rows by bounds and steps; a step of zero raises
6275 | 16-18 | json_agg_strict_transfn(internal, anyelement) | internal | fs--- | refused |  | takes or gives a value of the server's own memory
6276 | 16-18 | json_agg_strict(anyelement) | json | as--- | total |  | collects its inputs
6277 | 16-18 | json_object_agg_strict_transfn(internal, "any", "any") | internal | fs--- | refused |  | takes or gives a value of the server's own memory
6278 | 16-18 | json_object_agg_unique_transfn(internal, "any", "any") | internal | fs--- | refused |  | takes or gives a value of the server's own memory
6279 | 16-18 | json_object_agg_unique_strict_transfn(internal, "any", "any") | internal | fs--- | refused |  | takes or gives a value of the server's own memory
6280 | 16-18 | json_object_agg_strict("any", "any") | json | as--- | faultable |  | a key may be NULL or occur twice
6281 | 16-18 | json_object_agg_unique("any", "any") | json | as--- | faultable |  | a key may be NULL or occur twice
6282 | 16-18 | json_object_agg_unique_strict("any", "any") | json | as--- | faultable |  | a key may be NULL or occur twice
6283 | 16-18 | jsonb_agg_strict_transfn(internal, anyelement) | internal | fs--- | refused |  | takes or gives a value of the server's own memory
6284 | 16-18 | jsonb_agg_strict(anyelement) | jsonb | as--- | total |  | collects its inputs
6285 | 16-18 | jsonb_object_agg_strict_transfn(internal, "any", "any") | internal | fs--- | refused |  | takes or gives a value of the server's own memory
6286 | 16-18 | jsonb_object_agg_unique_transfn(internal, "any", "any") | internal | fs--- | refused |  | takes or gives a value of the server's own memory
6287 | 16-18 | jsonb_object_agg_unique_strict_transfn(internal, "any", "any") | internal | fs--- | refused |  | takes or gives a value of the server's own memory
6288 | 16-18 | jsonb_object_agg_strict("any", "any") | jsonb | ai--- | faultable |  | a key may be NULL or occur twice
6289 | 16-18 | jsonb_object_agg_unique("any", "any") | jsonb | ai--- | faultable |  | a key may be NULL or occur twice
6290 | 16-18 | jsonb_object_agg_unique_strict("any", "any") | jsonb | ai--- | faultable |  | a key may be NULL or occur twice
6291 | 16-18 | any_value(anyelement) | anyelement | ai--- | total |  | keeps one of its inputs
6292 | 16-18 | any_value_transfn(anyelement, anyelement) | anyelement | fis-- | faultable |  | a step of an aggregate: raises for a state that is none, or outside aggregates
6293 | 16-18 | array_agg_combine(internal, internal) | internal | fi--- | refused |  | takes or gives a value of the server's own memory
6294 | 16-18 | array_agg_serialize(internal) | bytea | fis-- | refused |  | takes or gives a value of the server's own memory
6295 | 16-18 | array_agg_deserialize(bytea, internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
6296 | 16-18 | array_agg_array_combine(internal, internal) | internal | fi--- | refused |  | takes or gives a value of the server's own memory
6297 | 16-18 | array_agg_array_serialize(internal) | bytea | fis-- | refused |  | takes or gives a value of the server's own memory
6298 | 16-18 | array_agg_array_deserialize(bytea, internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
6299 | 16-18 | string_agg_combine(internal, internal) | internal | fi--- | refused |  | takes or gives a value of the server's own memory
6300 | 16-18 | string_agg_serialize(internal) | bytea | fis-- | refused |  | takes or gives a value of the server's own memory
6301 | 16-18 | string_agg_deserialize(bytea, internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
6305 | 16-18 | pg_log_standby_snapshot() | pg_lsn | fvs-- | refused |  | controls other sessions, statistics or the server
6306 | 16-18 | window_percent_rank_support(internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
6307 | 16-18 | window_cume_dist_support(internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
6308 | 16-18 | window_ntile_support(internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
6309 | 16-18 | pg_stat_get_db_conflict_logicalslot(oid) | bigint | fss-- | reads |  | counters of what was done to tables
6310 | 16-18 | pg_stat_get_lastscan(oid) | timestamp with time zone | fss-- | reads |  | counters of what was done to tables
6311 | 16-18 | system_user() | text | fss-- | faultable |  | the session, its transaction or the state of the server; no stored value
6312 | 17-18 | binary_upgrade_logical_slot_has_caught_up(name) | boolean | fvs-- | refused |  | only for pg_upgrade
6313 | 18 | pg_stat_get_backend_wal(integer) | record | fvs-- | reads |  | what other sessions do, in part their statements
6314 | 17-18 | pg_stat_get_checkpointer_stat_reset_time() | timestamp with time zone | fss-- | reads |  | counters of what was done to tables
6315 | 17-18 | pg_basetype(regtype) | regtype | fss-- | faultable |  | tells definitions; holds no stored value
6316 | 17-18 | pg_column_toast_chunk_id("any") | oid | fss-- | refused |  | tells where a value is stored
6317 | 17-18 | to_regtypemod(text) | integer | fss-- | faultable |  | looks a name up; raises for names that are none
6318 | 17-18 | pg_get_wait_events() | record | fvsr- | faultable |  | tells definitions; holds no stored value
6319 | 17-18 | binary_upgrade_add_sub_rel_state(text, oid, "char", pg_lsn) | void | fv--- | refused |  | only for pg_upgrade
6320 | 17-18 | binary_upgrade_replorigin_advance(text, pg_lsn) | void | fv--- | refused |  | only for pg_upgrade
6321 | 17-18 | pg_available_wal_summaries() | record | fvsr- | refused |  | decodes or carries changes of tables
6322 | 17-18 | pg_wal_summary_contents(bigint, pg_lsn, pg_lsn) | record | fvsr- | refused |  | decodes or carries changes of tables
6323 | 17-18 | pg_get_wal_summarizer_state() | record | fvs-- | refused |  | tells of the server's own memory, files or build
6324 | 17-18 | interval_avg_serialize(internal) | bytea | fis-- | refused |  | takes or gives a value of the server's own memory
6325 | 17-18 | interval_avg_deserialize(bytea, internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
6326 | 17-18 | interval_sum(internal) | interval | fi--- | refused |  | takes or gives a value of the server's own memory
6327 | 17-18 | pg_stat_get_checkpointer_restartpoints_timed() | bigint | fss-- | reads |  | counters of what was done to tables
6328 | 17-18 | pg_stat_get_checkpointer_restartpoints_requested() | bigint | fss-- | reads |  | counters of what was done to tables
6329 | 17-18 | pg_stat_get_checkpointer_restartpoints_performed() | bigint | fss-- | reads |  | counters of what was done to tables
6330 | 17-18 | to_bin(integer) | text | fis-- | total |  | cuts, changes or measures a text within its own length
6331 | 17-18 | to_bin(bigint) | text | fis-- | total |  | cuts, changes or measures a text within its own length
6332 | 17-18 | to_oct(integer) | text | fis-- | total |  | cuts, changes or measures a text within its own length
6333 | 17-18 | to_oct(bigint) | text | fis-- | total |  | cuts, changes or measures a text within its own length
6334 | 17-18 | timezone(timestamp with time zone) | timestamp without time zone | fss-- | faultable |  | clock and time zone; results may be out of range
6335 | 17-18 | timezone(timestamp without time zone) | timestamp with time zone | fss-- | faultable |  | clock and time zone; results may be out of range
6336 | 17-18 | timezone(time with time zone) | time with time zone | fss-- | faultable |  | clock and time zone; results may be out of range
6338 | 17-18 | jsonb_populate_record_valid(anyelement, jsonb) | boolean | fs--- | faultable |  | a key may be NULL, a field may not fit its type
6339 | 17-18 | random(integer, integer) | integer | fvs-- | faultable |  | random; raises for bounds in the wrong order
6340 | 17-18 | random(bigint, bigint) | bigint | fvs-- | faultable |  | random; raises for bounds in the wrong order
6341 | 17-18 | random(numeric, numeric) | numeric | fvs-- | faultable |  | random; raises for bounds in the wrong order
6342 | 17-18 | uuid_extract_timestamp(uuid) | timestamp with time zone | fis-- | faultable |  | a part of the value; raises for none
6343 | 17-18 | uuid_extract_version(uuid) | smallint | fis-- | total |  | defined for every value
6344 | 17-18 | pg_sync_replication_slots() | void | fvs-- | refused |  | decodes or carries changes of tables
6345 | 17-18 | range_contains_elem_support(internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
6346 | 17-18 | elem_contained_by_range_support(internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
6347 | 18 | gist_translate_cmptype_common(integer) | smallint | fis-- | refused |  | called by index access methods
6348 | 18 | has_largeobject_privilege(name, oid, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
6349 | 18 | has_largeobject_privilege(oid, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
6350 | 18 | has_largeobject_privilege(oid, oid, text) | boolean | fss-- | faultable |  | privileges of a name or OID; raises for unknown ones
6353 | 18 | pg_get_loaded_modules() | record | fvsr- | refused |  | tells of the server's own memory, files or build
6354 | 18 | generate_series_timestamp_support(internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
6355 | 18 | pg_stat_get_db_parallel_workers_to_launch(oid) | bigint | fss-- | reads |  | counters of what was done to tables
6356 | 18 | pg_stat_get_db_parallel_workers_launched(oid) | bigint | fss-- | reads |  | counters of what was done to tables
6357 | 18 | generate_series_numeric_support(internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
6358 | 18 | pg_stat_get_total_vacuum_time(oid) | double precision | fss-- | reads |  | counters of what was done to tables
6359 | 18 | pg_stat_get_total_autovacuum_time(oid) | double precision | fss-- | reads |  | counters of what was done to tables
6360 | 18 | pg_stat_get_total_analyze_time(oid) | double precision | fss-- | reads |  | counters of what was done to tables
6361 | 18 | pg_stat_get_total_autoanalyze_time(oid) | double precision | fss-- | reads |  | counters of what was done to tables
6362 | 18 | pg_restore_relation_stats("any") | boolean | fv--- | refused |  | controls other sessions, statistics or the server
6363 | 18 | pg_restore_attribute_stats("any") | boolean | fv--- | refused |  | controls other sessions, statistics or the server
6364 | 18 | crc32(bytea) | bigint | fis-- | faultable |  | lengths or positions may not fit
6365 | 18 | crc32c(bytea) | bigint | fis-- | faultable |  | lengths or positions may not fit
6366 | 18 | pg_stat_get_checkpointer_slru_written() | bigint | fss-- | reads |  | counters of what was done to tables
6367 | 18 | bytea(smallint) | bytea | fis-- | faultable |  | lengths or positions may not fit
6368 | 18 | bytea(integer) | bytea | fis-- | faultable |  | lengths or positions may not fit
6369 | 18 | bytea(bigint) | bytea | fis-- | faultable |  | lengths or positions may not fit
6370 | 18 | int2(bytea) | smallint | fis-- | faultable |  | may overflow, divide by zero or leave its domain
6371 | 18 | int4(bytea) | integer | fis-- | faultable |  | may overflow, divide by zero or leave its domain
6372 | 18 | int8(bytea) | bigint | fis-- | faultable |  | may overflow, divide by zero or leave its domain
6373 | 18 | max(record) | record | ai--- | faultable |  | rows of other columns cannot be compared: raises by what the rows are
6374 | 18 | min(record) | record | ai--- | faultable |  | rows of other columns cannot be compared: raises by what the rows are
6375 | 18 | record_larger(record, record) | record | fis-- | faultable |  | rows of other columns cannot be compared: raises by what the rows are
6376 | 18 | record_smaller(record, record) | record | fis-- | faultable |  | rows of other columns cannot be compared: raises by what the rows are
6377 | 18 | pg_stat_get_checkpointer_num_performed() | bigint | fss-- | reads |  | counters of what was done to tables
6378 | 18 | array_append_support(internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
6379 | 18 | array_prepend_support(internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
6380 | 18 | array_subscript_handler_support(internal) | internal | fis-- | refused |  | takes or gives a value of the server's own memory
6381 | 18 | array_reverse(anyarray) | anyarray | fis-- | total |  | the same elements in another order
6382 | 18 | reverse(bytea) | bytea | fis-- | total |  | cuts, changes or measures a text within its own length
6383 | 18 | gamma(double precision) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
6384 | 18 | lgamma(double precision) | double precision | fis-- | faultable |  | may overflow, divide by zero or leave its domain
6385 | 18 | pg_get_acl(oid, oid, integer) | aclitem[] | fss-- | faultable |  | tells definitions; holds no stored value
6386 | 18 | pg_stat_get_backend_io(integer) | record | fvsr- | reads |  | what other sessions do, in part their statements
6387 | 18 | pg_stat_reset_backend_stats(integer) | void | fvs-- | refused |  | controls other sessions, statistics or the server
6388 | 18 | array_sort(anyarray) | anyarray | fis-- | total | plain-arrays@0 | compares elements, which raises for types without an order
6389 | 18 | array_sort(anyarray, boolean) | anyarray | fis-- | faultable |  | shapes may not fit, or grow too large
6390 | 18 | array_sort(anyarray, boolean, boolean) | anyarray | fis-- | faultable |  | shapes may not fit, or grow too large
6391 | 18 | range_sortsupport(internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
6393 | 18 | bytea_larger(bytea, bytea) | bytea | fis-- | faultable |  | lengths or positions may not fit
6394 | 18 | bytea_smaller(bytea, bytea) | bytea | fis-- | faultable |  | lengths or positions may not fit
6395 | 18 | max(bytea) | bytea | ai--- | total |  | keeps one of its inputs
6396 | 18 | min(bytea) | bytea | ai--- | total |  | keeps one of its inputs
6397 | 18 | pg_clear_relation_stats(text, text) | void | fv--- | refused |  | controls other sessions, statistics or the server
6398 | 18 | pg_clear_attribute_stats(text, text, text, boolean) | void | fv--- | refused |  | controls other sessions, statistics or the server
6399 | 18 | pg_get_aios() | record | fvsr- | refused |  | tells of the server's own memory, files or build
6400 | 18 | pg_ls_summariesdir() | record | fvsr- | refused |  | reads, lists or rotates files of the server
6401 | 18 | pg_timezone_abbrevs_zone() | record | fssr- | faultable |  | the time zones that the server knows
6402 | 18 | btint2skipsupport(internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
6403 | 18 | btint4skipsupport(internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
6404 | 18 | btint8skipsupport(internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
6405 | 18 | btoidskipsupport(internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
6406 | 18 | btcharskipsupport(internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
6407 | 18 | date_skipsupport(internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
6408 | 18 | btboolskipsupport(internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
6409 | 18 | timestamp_skipsupport(internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
6410 | 18 | uuid_skipsupport(internal) | void | fis-- | refused |  | takes or gives a value of the server's own memory
6412 | 18 | casefold(text) | text | fis-- | faultable |  | text that may not fit, or is not what it should be
6413 | 18 | hashbytea(bytea) | integer | fis-- | faultable |  | a hash; needs a hash function for the type
6414 | 18 | hashbyteaextended(bytea, bigint) | bigint | fis-- | faultable |  | a hash; needs a hash function for the type
6415 | 18 | hashdate(date) | integer | fis-- | faultable |  | a hash; needs a hash function for the type
6416 | 18 | hashdateextended(date, bigint) | bigint | fis-- | faultable |  | a hash; needs a hash function for the type
6417 | 18 | hashbool(boolean) | integer | fis-- | faultable |  | a hash; needs a hash function for the type
6418 | 18 | hashboolextended(boolean, bigint) | bigint | fis-- | faultable |  | a hash; needs a hash function for the type
6419 | 18 | hashxid(xid) | integer | fis-- | faultable |  | a hash; needs a hash function for the type
6420 | 18 | hashxidextended(xid, bigint) | bigint | fis-- | faultable |  | a hash; needs a hash function for the type
6421 | 18 | hashxid8(xid8) | integer | fis-- | faultable |  | a hash; needs a hash function for the type
6422 | 18 | hashxid8extended(xid8, bigint) | bigint | fis-- | faultable |  | a hash; needs a hash function for the type
6423 | 18 | hashcid(cid) | integer | fis-- | faultable |  | a hash; needs a hash function for the type
6424 | 18 | hashcidextended(cid, bigint) | bigint | fis-- | faultable |  | a hash; needs a hash function for the type
6425 | 18 | timestamptz_hash(timestamp with time zone) | integer | fis-- | faultable |  | a hash; needs a hash function for the type
6426 | 18 | timestamptz_hash_extended(timestamp with time zone, bigint) | bigint | fis-- | faultable |  | a hash; needs a hash function for the type
6427 | 18 | pg_get_sequence_data(regclass) | record | fvs-- | faultable |  | tells definitions; holds no stored value
6428 | 18 | uuidv4() | uuid | fvs-- | faultable |  | random; raises for bounds in the wrong order
6429 | 18 | uuidv7() | uuid | fvs-- | faultable |  | random; raises for bounds in the wrong order
6430 | 18 | uuidv7(interval) | uuid | fvs-- | faultable |  | random; raises for bounds in the wrong order
`;
