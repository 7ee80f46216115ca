package output_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/output"
)

var update = flag.Bool("update", false, "rewrite the golden files")

type record struct {
	User string `json:"user"`
	Root string `json:"root"`
}

func (r record) Entry() output.Entry {
	return output.Entry{DN: "CN=" + r.User, Modify: r.Root == "", Attributes: []output.Attribute{{Name: "msIIS-FTPRoot", Value: r.Root}}}
}

func columns() []output.Column {
	return []output.Column{
		{Title: "user"}, {Title: "msIIS-FTPRoot", Absent: "(absent)"},
		{Title: "count", Alarm: func(cell string) bool { return cell == "3" }}, {Title: "dn", Detail: true},
	}
}

// rows holds what directories really hold, and what they can be made to hold.
func rows() [][]string {
	return [][]string{
		{`CORP\alice`, `\\fs01.corp.example.com\ftp$`, "12", "CN=Alice,DC=corp"},
		{`CORP\bob`, "", "3", "CN=Bob,DC=corp"},
		{`CORP\日本`, `D:\` + strings.Repeat(`a folder with a long name\`, 8), "100", `CN="x, y",DC=corp`},
		{"CORP\\mal\x1b[2Jlory", "\\\\fs01\\\u202eexe\tx\r\ny", "", "CN=a\nb"},
		{"=cmd|' /C calc'!A0", "@SUM(1)", "-1", "'quoted"},
	}
}

func render(t *testing.T, c output.Config) string {
	t.Helper()
	var out bytes.Buffer
	c.Out, c.Name, c.Columns = &out, "users", columns()
	p := output.New(c)
	for _, cells := range rows() {
		if err := p.Row(record{cells[0], cells[1]}, cells...); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Close(true); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestPrinter_golden(t *testing.T) {
	yes, no := true, false
	for name, c := range map[string]output.Config{
		"table":           {Format: output.Table, Terminal: true},
		"table_no_header": {Format: output.Table, Terminal: true, Header: &no},
		"table_pipe":      {Format: output.Table},
		"table_color":     {Terminal: true, Color: true},
		"table_columns":   {Terminal: true, Show: []string{"dn", "USER"}},
		"table_sorted":    {Terminal: true, Sort: []string{"-count", "user"}},
		"tsv":             {},
		"tsv_header":      {Header: &yes},
		"tsv_columns":     {Show: []string{"dn"}},
		"name":            {Format: output.Name},
		"csv":             {Format: output.CSV},
		"csv_no_header":   {Format: output.CSV, Header: &no},
		"csv_columns":     {Format: output.CSV, Show: []string{"dn", "user"}},
		"json":            {Format: output.JSON},
		"json_keys":       {Format: output.JSON, Show: []string{"USER", "dn"}, Sort: []string{"-user"}},
		"jsonl":           {Format: output.JSONL},
		"yaml":            {Format: output.YAML},
		"ldif":            {Format: output.LDIF},
		"template":        {Format: `template={{.User | lower}}: {{with .root}}{{.}} {{json .}}{{else}}no root{{end}}`},
	} {
		t.Run(name, func(t *testing.T) {
			got := render(t, c)
			path := filepath.Join("testdata", name+".golden")
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

func TestPrinter_terminalNeverSeesControlCharacters(t *testing.T) {
	for _, c := range []output.Config{
		{Terminal: true}, {}, {Format: output.CSV, Terminal: true}, {Format: output.JSON}, {Format: output.JSONL}, {Format: output.YAML},
		{Format: output.LDIF}, {Format: output.Name}, {Format: "template={{.user}} {{.root}} {{printf `%s` .root}} {{print .root}} {{json .root}} {{upper .root}}"},
	} {
		got := render(t, c)
		if c.Format == output.Auto && !c.Terminal {
			got = strings.ReplaceAll(got, "\t", "") // the separator
		}
		if i := strings.IndexAny(got, "\x1b\r\t\u202e\u009b"); i >= 0 {
			t.Errorf("%+v: %q", c, got[i:])
		}
	}
}

func TestPrinter_tableKeepsEachRecordOnOneLine(t *testing.T) {
	got := render(t, output.Config{Format: output.Table, Terminal: true})
	if lines := strings.Count(got, "\n"); lines != len(rows())+1 {
		t.Errorf("%d lines, want %d:\n%s", lines, len(rows())+1, got)
	}
}

func TestPrinter_csvGivesTheTextBack(t *testing.T) {
	r := csv.NewReader(strings.NewReader(render(t, output.Config{Format: output.CSV})))
	got, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"user", "msIIS-FTPRoot", "count", "dn"}; fmt.Sprint(got[0]) != fmt.Sprint(want) {
		t.Errorf("header is %q, want %q", got[0], want)
	}
	for i, want := range rows() {
		for j, cell := range got[i+1] {
			if first := cell + " "; strings.ContainsAny(first[:1], "=+-@\t\r") {
				t.Errorf("a spreadsheet would run %q", cell)
			}
			// encoding/csv reads CRLF in a quoted cell as LF.
			if w := strings.ReplaceAll(want[j], "\r\n", "\n"); strings.TrimPrefix(cell, "'") != w {
				t.Errorf("cell %d of row %d is %q, want %q", j, i, cell, w)
			}
		}
	}
}

func TestPrinter_jsonGivesTheTextBack(t *testing.T) {
	var got struct {
		Schema     int      `json:"schema"`
		Users      []record `json:"users"`
		Incomplete bool     `json:"incomplete"`
	}
	if err := json.Unmarshal([]byte(render(t, output.Config{Format: output.JSON})), &got); err != nil {
		t.Fatal(err)
	}
	if got.Schema != 1 || got.Incomplete {
		t.Errorf("schema %d, incomplete %v", got.Schema, got.Incomplete)
	}
	for i, want := range rows() {
		if got.Users[i].User != want[0] || got.Users[i].Root != want[1] {
			t.Errorf("record %d is %q, want %q", i, got.Users[i], want[:2])
		}
	}
}

func TestPrinter_emptyAndIncompleteLists(t *testing.T) {
	for _, tt := range []struct {
		config   output.Config
		complete bool
		want     string
	}{
		{output.Config{Format: output.JSON}, true, "{\"schema\":1,\"users\":[]}\n"},
		{output.Config{Format: output.JSON}, false, "{\"schema\":1,\"users\":[],\"incomplete\":true}\n"},
		{output.Config{Format: output.CSV}, true, "user,msIIS-FTPRoot,count,dn\n"},
		{output.Config{Format: output.JSONL}, false, ""},
		{output.Config{Format: output.YAML}, false, "schema: 1\nusers: []\nincomplete: true\n"},
		{output.Config{Format: output.LDIF}, false, "version: 1\n\n# incomplete\n"},
		{output.Config{Format: output.Name}, true, ""},
		{output.Config{}, true, ""},
		{output.Config{Format: output.Table, Terminal: true}, true, ""},
	} {
		var out bytes.Buffer
		tt.config.Out, tt.config.Name, tt.config.Columns = &out, "users", columns()
		if err := output.New(tt.config).Close(tt.complete); err != nil {
			t.Fatal(err)
		}
		if out.String() != tt.want {
			t.Errorf("%+v: %q, want %q", tt.config, out.String(), tt.want)
		}
	}
}

// A list of any length is written as it comes: nothing but a table keeps rows.
func TestPrinter_streams(t *testing.T) {
	const many = 100_000
	for _, c := range []output.Config{
		{Format: output.CSV}, {Format: output.JSON}, {}, {Format: output.JSONL}, {Format: output.YAML}, {Format: output.LDIF}, {Format: "template={{.user}}"},
	} {
		c.Out, c.Name, c.Columns = io.Discard, "users", columns()
		p := output.New(c)
		before := heap()
		for range many {
			if err := p.Row(record{"CORP\\alice", "x"}, "CORP\\alice", "x", "1", "CN=a"); err != nil {
				t.Fatal(err)
			}
		}
		if grown := heap() - before; grown > 1<<20 {
			t.Errorf("%s: %d bytes are kept after %d records", c.Format, grown, many)
		}
		if err := p.Close(true); err != nil {
			t.Fatal(err)
		}
	}
}

func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func TestFormat_Set(t *testing.T) {
	for _, name := range append(output.Formats(), "template={{.user}}") {
		var f output.Format
		if err := f.Set(name); err != nil || f.String() != name {
			t.Errorf("%s: %v, %v", name, f, err)
		}
	}
	f := output.CSV
	for _, name := range []string{"xml", "", "template={{"} {
		if err := f.Set(name); err == nil || f != output.CSV {
			t.Errorf("%s: %v, %v", name, f, err)
		}
	}
}

func TestObject_carriesTheSchema(t *testing.T) {
	var out bytes.Buffer
	err := output.Object(&out, map[string]string{"version": "1.0"})
	if want := "{\"schema\":1,\"version\":\"1.0\"}\n"; err != nil || out.String() != want {
		t.Errorf("%q, %v; want %q", out.String(), err, want)
	}
}

// Only the stream that the program writes its results to may lose its reader
// without an error. A socket that breaks gives the same errno, and is a failure.
func TestReaderGone(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	r.Close()
	_, bare := w.Write([]byte("x"))
	if bare == nil || output.ReaderGone(bare) {
		t.Errorf("a write to a pipe that is no Stream, %v, counts as a reader that left", bare)
	}
	_, marked := output.Stream(w).Write([]byte("x"))
	if !output.ReaderGone(marked) || !output.ReaderGone(fmt.Errorf("print: %w", marked)) {
		t.Errorf("a write to a closed pipe is %v", marked)
	}
	if marked.Error() != bare.Error() {
		t.Errorf("the stream changes the text of its error: %q, was %q", marked, bare)
	}
	if _, err := output.Stream(&fullDisk{}).Write([]byte("x")); output.ReaderGone(err) || !errors.Is(err, errDisk) {
		t.Errorf("a full disk is %v, taken for a reader that left: %v", err, output.ReaderGone(err))
	}
	for _, err := range []error{nil, io.ErrUnexpectedEOF} {
		if output.ReaderGone(err) {
			t.Errorf("%v counts as a reader that left", err)
		}
	}
}
