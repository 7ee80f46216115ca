package intake_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/plan/intake"
)

func given(text string) intake.Value { return intake.Value{Given: true, Text: text} }

func written(t *testing.T, format intake.Format, rows ...intake.Row) string {
	t.Helper()
	var out bytes.Buffer
	w := intake.NewWriter(&out, format, "")
	for _, r := range rows {
		if err := w.Write(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// The written form is what other programs read, so it is held to the letter.
func TestWriter_forms(t *testing.T) {
	rows := []intake.Row{
		{User: `CORP\alice`, Root: given(`\\fs01\ftp$`), Dir: given("a,b")},
		{User: "=bob", Root: given(""), Dir: given(" Über;x")},
		{User: "carol", Root: given(""), Dir: given("")},
		{User: "dave", Dir: given("d")},
	}
	for format, want := range map[intake.Format]string{
		intake.CSV: `user,root,dir,action
CORP\alice,\\fs01\ftp$,"a,b",set
'=bob,(absent)," Über;x",set
carol,,,clear
dave,,d,set
`,
		intake.TSV: "user\troot\tdir\taction\nCORP\\alice\t\\\\fs01\\ftp$\t\"a,b\"\tset\n'=bob\t(absent)\t\" Über;x\"\tset\ncarol\t\t\tclear\ndave\t\td\tset\n",
		intake.JSON: `{"schema":1,"users":[
{"user":"CORP\\alice","root":"\\\\fs01\\ftp$","dir":"a,b"},
{"user":"=bob","root":null,"dir":" Über;x"},
{"user":"carol","root":null,"dir":null},
{"user":"dave","dir":"d"}
]}
`,
		intake.JSONL: `{"schema":1,"user":"CORP\\alice","root":"\\\\fs01\\ftp$","dir":"a,b"}
{"schema":1,"user":"=bob","root":null,"dir":" Über;x"}
{"schema":1,"user":"carol","root":null,"dir":null}
{"schema":1,"user":"dave","dir":"d"}
`,
	} {
		if got := written(t, format, rows...); got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", format, got, want)
		}
	}
	for format, want := range map[intake.Format]string{
		intake.CSV: "user,root,dir,action\n", intake.JSON: "{\"schema\":1,\"users\":[\n]}\n", intake.JSONL: "", intake.LDIF: "version: 1\n",
	} {
		if got := written(t, format); got != want {
			t.Errorf("%s without rows: got %q, want %q", format, got, want)
		}
	}
}

func TestWriter_ldif(t *testing.T) {
	got := written(t, intake.LDIF,
		intake.Row{User: "CN=A,DC=x", Root: given(`\\fs01\ftp$`), Dir: given("new"), ExpectRoot: given(""), ExpectDir: given("öld")},
		intake.Row{User: "CN=Ü,DC=x", Root: given(""), Dir: given(":x"), ExpectRoot: given("r ")},
		intake.Row{User: "CN=C,DC=x", Root: given(""), ExpectRoot: given("")})
	const want = `version: 1

dn: CN=A,DC=x
changetype: modify
add: msIIS-FTPRoot
msIIS-FTPRoot: \\fs01\ftp$
-
delete: msIIS-FTPDir
msIIS-FTPDir:: w7ZsZA==
-
add: msIIS-FTPDir
msIIS-FTPDir: new
-

dn:: Q049w5wsREM9eA==
changetype: modify
delete: msIIS-FTPRoot
msIIS-FTPRoot:: ciA=
-
replace: msIIS-FTPDir
msIIS-FTPDir:: Ong=
-

dn: CN=C,DC=x
changetype: modify
replace: msIIS-FTPRoot
-
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// Rejected rows are copied as they stand, below the line that names the columns.
func TestWriter_copiesRows(t *testing.T) {
	for name, text := range map[string]string{
		"a.csv":   "DIR;user\n\"x\";alice\n;\"bob\n",
		"a.jsonl": "{\"user\":\"alice\",\"dir\":\"x\"}\n{\"user\":\n",
		"a.json":  "{\"schema\":1,\"users\":[\n{\"user\":\"alice\",\n \"dir\":\"x\"},\n{\"user\":\"bob\"}\n]}\n",
		"a.ldif":  "version: 1\n\ndn: alice\nchangetype: modify\nreplace: msIIS-FTPDir\nmsIIS-FTPDir: x\n y\n\n# not this one\ndn: bob\nchangetype: delete\n",
	} {
		table, err := intake.Read(strings.NewReader(text), name, "")
		if err != nil || len(table.Rows) != 2 {
			t.Fatalf("%s: %v, %d rows", name, err, len(table.Rows))
		}
		var out bytes.Buffer
		w := intake.NewWriter(&out, table.Format, table.Head)
		for _, r := range table.Rows {
			if err := w.Copy(r); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil || out.String() != text {
			t.Errorf("%s: %v, got\n%s\nwant\n%s", name, err, &out, text)
		}
		again, err := intake.Read(&out, name, "")
		if err != nil || lines(again) != lines(table) {
			t.Errorf("%s: read again %v\n%s\nwant\n%s", name, err, lines(again), lines(table))
		}
	}
}

func TestWriter_errorsOfTheStreamComeBack(t *testing.T) {
	full := errors.New("disk full")
	for _, format := range []intake.Format{intake.CSV, intake.JSON, intake.LDIF} {
		w := intake.NewWriter(failing{full}, format, "")
		var err error
		for range 1000 {
			if err = w.Write(intake.Row{User: "a", Dir: given("x")}); err != nil {
				break
			}
		}
		if closed := w.Close(); !errors.Is(err, full) || !errors.Is(closed, full) {
			t.Errorf("%s: got %v and %v, want %v", format, err, closed, full)
		}
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

// Whatever is read without a problem is read the same from what is written of it.
func fuzzFormat(f *testing.F, format intake.Format, seeds ...string) {
	for _, seed := range seeds {
		f.Add([]byte(seed))
		f.Add([]byte("\ufeff" + seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		table, err := intake.Read(bytes.NewReader(text), "", format)
		if err != nil && err.Error() == "" {
			t.Error("an error without a text")
		}
		var rows []intake.Row
		last := 0
		for _, r := range table.Rows {
			if r.Line < last {
				t.Errorf("line %d comes behind line %d", r.Line, last)
			}
			if last = r.Line; r.Err == nil {
				if r.User == "" || !r.Root.Given && !r.Dir.Given {
					t.Errorf("row %+v says nothing", r)
				}
				r.Line, r.Source = 0, ""
				if format != intake.LDIF { // the others do not write them
					r.ExpectRoot, r.ExpectDir = intake.Value{}, intake.Value{}
				}
				rows = append(rows, r)
			}
		}
		if format != intake.CSV && format != intake.TSV { // there "(absent)" is no value
			for _, r := range rows {
				if r.Root.Text == "(absent)" || r.Dir.Text == "(absent)" {
					return
				}
			}
		}
		for _, other := range []intake.Format{format, intake.JSONL} {
			again, err := intake.Read(strings.NewReader(written(t, other, rows...)), "", other)
			if err != nil || len(again.Rows) != len(rows) {
				t.Fatalf("as %s: %v, %d rows of %d", other, err, len(again.Rows), len(rows))
			}
			for i, r := range again.Rows {
				r.Line, r.Source = 0, ""
				want := rows[i]
				if other != intake.LDIF {
					want.ExpectRoot, want.ExpectDir = intake.Value{}, intake.Value{}
				}
				if r != want && !expressed(want) {
					t.Fatalf("as %s: got %+v, want %+v", other, r, want)
				}
			}
		}
	})
}

// expressed reports what LDIF has two ways to say: nothing is expected where
// nothing was and nothing is to be.
func expressed(r intake.Row) bool {
	none := given("")
	return r.Root == none && r.ExpectRoot == none || r.Dir == none && r.ExpectDir == none
}

func FuzzRead_csv(f *testing.F) {
	fuzzFormat(f, intake.CSV, "user,root,dir,expect_root,expect_dir,action\nalice,\\\\s\\h,x,,,\nbob,,,,,clear\n\"a\"\"b\",(absent),'=x,,y,set\n", "user;dir\na;b\n")
}

func FuzzRead_tsv(f *testing.F) {
	fuzzFormat(f, intake.TSV, "user\troot\tdir\nalice\t\\\\s\\h\tx\n\"\"\"\t\t\n")
}

func FuzzRead_json(f *testing.F) {
	fuzzFormat(f, intake.JSON, `[{"user":"alice","root":"\\\\s\\h","dir":null}]`, `{"schema":1,"users":[{"user":"a","action":"clear"}]}`, `{"user":"a","dir":"b"}{"user":"c","dir":"\ud800"}`)
}

func FuzzRead_jsonl(f *testing.F) {
	fuzzFormat(f, intake.JSONL, "{\"user\":\"alice\",\"root\":\"r\"}\n{\"user\":\"bob\",\"dir\":null}\n")
}

func FuzzRead_ldif(f *testing.F) {
	fuzzFormat(f, intake.LDIF, "version: 1\n\ndn: CN=a\nchangetype: modify\nreplace: msIIS-FTPDir\nmsIIS-FTPDir: x\n-\n\n# c\n d\ndn:: YQ==\nchangetype: modify\nadd: msIIS-FTPRoot\nmsIIS-FTPRoot: r\n-\n")
}
