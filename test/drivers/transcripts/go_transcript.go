// Go: lib/pq and pgx. Each step prints one line, `name<TAB>JSON`; the same program runs directly and through the gateway.
package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/jackc/pgx/v4"
	"github.com/lib/pq"
)

func step(name string, work func() (interface{}, error)) {
	result, err := work()
	if err != nil {
		result = []string{"error", err.Error()}
	}
	line, _ := json.Marshal(result)
	fmt.Printf("%s\t%s\n", name, line)
}

func all(rows *sql.Rows, err error) (interface{}, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	columns, _ := rows.Columns()
	found := [][]string{}
	for rows.Next() {
		cells := make([]interface{}, len(columns))
		for i := range cells {
			cells[i] = new(sql.NullString)
		}
		if err := rows.Scan(cells...); err != nil {
			return nil, err
		}
		row := []string{}
		for _, cell := range cells {
			row = append(row, cell.(*sql.NullString).String)
		}
		found = append(found, row)
	}
	return found, rows.Err()
}

func libpq() {
	mode := "sslmode=disable"
	if os.Getenv("PGSSLROOTCERT") != "" {
		mode = "sslmode=verify-full"
	}
	for _, binary := range []string{"no", "yes"} {
		db, err := sql.Open("postgres", mode+" binary_parameters="+binary)
		if err != nil {
			panic(err)
		}
		db.SetMaxOpenConns(2)
		tag := "lib/pq, binary_parameters=" + binary + ": "
		step(tag+"query", func() (interface{}, error) {
			return all(db.Query("SELECT id, name, price, at, raw FROM public.items WHERE id < 4 ORDER BY id"))
		})
		step(tag+"parameters", func() (interface{}, error) {
			return all(db.Query("SELECT $1::int + 1, $2::text, $3::bytea", 1, "it's é", []byte{0, 255}))
		})
		step(tag+"prepared", func() (interface{}, error) {
			statement, err := db.Prepare("SELECT name FROM public.items WHERE id = $1")
			if err != nil {
				return nil, err
			}
			defer statement.Close()
			found := []string{}
			for i := 1; i < 5; i++ {
				var name string
				if err := statement.QueryRow(i).Scan(&name); err != nil {
					return nil, err
				}
				found = append(found, name)
			}
			return found, nil
		})
		step(tag+"transaction", func() (interface{}, error) {
			tx, err := db.BeginTx(context.Background(), &sql.TxOptions{Isolation: sql.LevelSerializable, ReadOnly: true})
			if err != nil {
				return nil, err
			}
			defer tx.Rollback()
			_, err = tx.Exec("INSERT INTO public.scratch VALUES (1, 'a')")
			return nil, err
		})
		step(tag+"copy in", func() (interface{}, error) {
			tx, err := db.Begin()
			if err != nil {
				return nil, err
			}
			defer tx.Rollback()
			statement, err := tx.Prepare(pq.CopyInSchema("public", "scratch", "id", "note"))
			if err != nil {
				return nil, err
			}
			for i := 0; i < 300; i++ {
				if _, err := statement.Exec(i, fmt.Sprint(i)); err != nil {
					return nil, err
				}
			}
			if _, err := statement.Exec(); err != nil {
				return nil, err
			}
			if err := statement.Close(); err != nil {
				return nil, err
			}
			return all(tx.Query("SELECT count(*) FROM public.scratch"))
		})
		step(tag+"division by zero", func() (interface{}, error) { return all(db.Query("SELECT 1 / $1::int", 0)) })
		step(tag+"deadline", func() (interface{}, error) {
			ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
			defer cancel()
			return all(db.QueryContext(ctx, "SELECT pg_sleep(30)"))
		})
		step(tag+"after the deadline", func() (interface{}, error) { return all(db.Query("SELECT 3")) })
		step(tag+"several statements", func() (interface{}, error) { _, err := db.Exec("SELECT 1; SELECT 2"); return nil, err })
		step("MASKED "+tag, func() (interface{}, error) { return all(db.Query("SELECT * FROM public.people ORDER BY id LIMIT 2")) })
		db.Close()
	}
}

func withPgx() {
	ctx := context.Background()
	for _, simple := range []bool{false, true} {
		config, err := pgx.ParseConfig("")
		if err != nil {
			panic(err)
		}
		config.PreferSimpleProtocol = simple
		c, err := pgx.ConnectConfig(ctx, config)
		if err != nil {
			panic(err)
		}
		tag := fmt.Sprintf("pgx, simple=%v: ", simple)
		text := func(rows pgx.Rows, err error) (interface{}, error) {
			if err != nil {
				return nil, err
			}
			defer rows.Close()
			found := []string{}
			for rows.Next() {
				values, err := rows.Values()
				if err != nil {
					return nil, err
				}
				found = append(found, fmt.Sprint(values...))
			}
			return found, rows.Err()
		}
		step(tag+"query", func() (interface{}, error) {
			return text(c.Query(ctx, "SELECT id, name, big, ratio, raw, tags FROM public.items WHERE id < $1 ORDER BY id", 4))
		})
		step(tag+"batch", func() (interface{}, error) {
			batch := &pgx.Batch{}
			for i := 0; i < 200; i++ {
				batch.Queue("SELECT $1::int", i)
			}
			results := c.SendBatch(ctx, batch)
			defer results.Close()
			sum := 0
			for i := 0; i < 200; i++ {
				var value int
				if err := results.QueryRow().Scan(&value); err != nil {
					return nil, err
				}
				sum += value
			}
			return sum, nil
		})
		step(tag+"copy from", func() (interface{}, error) {
			rows := [][]interface{}{}
			for i := int32(0); i < 300; i++ {
				rows = append(rows, []interface{}{i, fmt.Sprint(i)})
			}
			return c.CopyFrom(ctx, pgx.Identifier{"public", "scratch"}, []string{"id", "note"}, pgx.CopyFromRows(rows))
		})
		step(tag+"copy to", func() (interface{}, error) {
			var out bytes.Buffer
			tag, err := c.PgConn().CopyTo(ctx, &out, "COPY public.scratch TO STDOUT")
			return []string{tag.String(), fmt.Sprint(strings.Count(out.String(), "\n"))}, err
		})
		step(tag+"clean", func() (interface{}, error) {
			tag, err := c.Exec(ctx, "DELETE FROM public.scratch")
			return tag.String(), err
		})
		step(tag+"nested", func() (interface{}, error) {
			tx, err := c.Begin(ctx)
			if err != nil {
				return nil, err
			}
			defer tx.Rollback(ctx)
			inner, err := tx.Begin(ctx)
			if err != nil {
				return nil, err
			}
			_, failed := inner.Exec(ctx, "SELECT 1 / 0")
			inner.Rollback(ctx)
			var one int
			return []string{failed.Error()}, tx.QueryRow(ctx, "SELECT 1").Scan(&one)
		})
		step(tag+"a redefined table", func() (interface{}, error) {
			if _, err := c.Exec(ctx, "CREATE TEMP TABLE moving AS SELECT 1 AS a"); err != nil {
				return nil, err
			}
			first, _ := text(c.Query(ctx, "SELECT * FROM moving"))
			c.Exec(ctx, "ALTER TABLE moving ADD COLUMN b text DEFAULT 'new'")
			_, failed := text(c.Query(ctx, "SELECT * FROM moving"))
			again, err := text(c.Query(ctx, "SELECT * FROM moving"))
			return []interface{}{first, fmt.Sprint(failed), again}, err
		})
		step(tag+"deadline", func() (interface{}, error) {
			limited, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
			defer cancel()
			_, err := c.Exec(limited, "SELECT pg_sleep(30)")
			return err != nil, nil
		})
		c.Close(ctx)
	}
	c, err := pgx.Connect(ctx, "")
	if err != nil {
		panic(err)
	}
	step("MASKED pgx", func() (interface{}, error) {
		rows, err := c.Query(ctx, "SELECT ssn FROM public.people ORDER BY id LIMIT 1")
		if err != nil {
			return nil, err
		}
		defer rows.Close()
		rows.Next()
		return rows.Values()
	})
	c.Close(ctx)
}

func main() {
	libpq()
	withPgx()
}
