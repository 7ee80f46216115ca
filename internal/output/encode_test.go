package output_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/output"
)

func TestPrintable(t *testing.T) {
	for text, want := range map[string]string{
		"":                        "",
		`\\fs01\ftp$\Ümläut 日本`:   `\\fs01\ftp$\Ümläut 日本`,
		"a\x00b\x1b[31m\x7f":      "a\ufffdb\ufffd[31m\ufffd",
		"tab\tline\r\nend":        "tab\ufffdline\ufffd\ufffdend",
		"c1 \u0085\u009b":         "c1 \ufffd\ufffd",
		"bidi \u202e\u2066\u200f": "bidi \ufffd\ufffd\ufffd",
		"lines \u2028\u2029":      "lines \ufffd\ufffd",
		"bom \ufeff soft \u00ad":  "bom \ufffd soft \ufffd",
		"tag \U000e0041":          "tag \ufffd",
		"joiners \u200d\u200c":    "joiners \u200d\u200c",
		"bytes \xff\xfe":          "bytes \ufffd\ufffd",
		"emoji 👩\u200d🔧":          "emoji 👩\u200d🔧",
	} {
		if got := output.Printable(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// print gives one record of one cell in a form.
func print(t *testing.T, c output.Config, cell string) string {
	t.Helper()
	var out bytes.Buffer
	no := false
	c.Out, c.Name, c.Header, c.Columns = &out, "list", &no, []output.Column{{Title: "cell"}}
	p := output.New(c)
	if err := p.Row(map[string]string{"cell": cell}, cell); err != nil {
		t.Fatal(err)
	}
	if err := p.Close(true); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestPrinter_csvDisarmsFormulas(t *testing.T) {
	for cell, want := range map[string]string{
		"=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@x": "'@x", "＝1": "'＝1", "＋1": "'＋1", "－1": "'－1", "＠x": "'＠x",
		"'x": "''x", "x=1": "x=1", `\\fs01\ftp$`: `\\fs01\ftp$`, "alice": "alice", "a-b": "a-b", "": `""`,
	} {
		got := strings.TrimSuffix(print(t, output.Config{Format: output.CSV}, cell), "\n")
		if cell == "" {
			want = "" // an empty line is a record of one empty cell
		}
		if strings.Trim(got, `"`) != want {
			t.Errorf("%q: got %s, want %s", cell, got, want)
		}
	}
}

func FuzzPrinter_oneRecordIsOneLine(f *testing.F) {
	f.Add("alice")
	f.Add("a\tb\nc\x1b[0m\u202e")
	f.Add("\xff\u2028=1")
	f.Fuzz(func(t *testing.T, cell string) {
		for _, c := range []output.Config{{Format: output.Table}, {Format: output.Table, Terminal: true}} {
			got := print(t, c, cell)
			if strings.Count(got, "\n") != 1 || !strings.HasSuffix(got, "\n") {
				t.Fatalf("%q is printed as %q", cell, got)
			}
			if line := strings.TrimSuffix(got, "\n"); output.Printable(line) != line {
				t.Fatalf("%q is printed as %q, which is not harmless", cell, got)
			}
		}
		text := print(t, output.Config{Format: output.JSON}, cell)
		var back struct{ List []map[string]string }
		if err := json.Unmarshal([]byte(text), &back); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if want := strings.ToValidUTF8(cell, "\ufffd"); len(back.List) != 1 || strings.ToValidUTF8(back.List[0]["cell"], "\ufffd") != back.List[0]["cell"] ||
			strings.ReplaceAll(back.List[0]["cell"], "\ufffd", "") != strings.ReplaceAll(want, "\ufffd", "") {
			t.Fatalf("%q comes back as %q", cell, back.List)
		}
	})
}

func TestPrinter_tableAlignsWideCharacters(t *testing.T) {
	var out bytes.Buffer
	p := output.New(output.Config{
		Out: &out, Terminal: true, Format: output.Table, Columns: []output.Column{{Title: "name"}, {Title: "next"}},
	})
	for _, name := range []string{"日本語", "abc"} {
		if err := p.Row(nil, name, "x"); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Close(true); err != nil {
		t.Fatal(err)
	}
	if want := "name    next\n日本語  x\nabc     x\n"; out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", &out, want)
	}
}

// Titles stay as they are written: the table library would make MS IIS - FTP
// ROOT of them.
func TestPrinter_tableKeepsTitlesAndBlanks(t *testing.T) {
	var out bytes.Buffer
	p := output.New(output.Config{
		Out: &out, Terminal: true, Format: output.Table, Columns: []output.Column{{Title: "msIIS-FTPRoot"}, {Title: "snake_case.dir"}},
	})
	if err := p.Row(nil, "  two blanks", "x"); err != nil {
		t.Fatal(err)
	}
	if err := p.Close(true); err != nil {
		t.Fatal(err)
	}
	if want := "msIIS-FTPRoot  snake_case.dir\n  two blanks   x\n"; out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", &out, want)
	}
}

var errDisk = errors.New("disk full")

// fullDisk takes a number of bytes and then fails.
type fullDisk struct{ left int }

func (d *fullDisk) Write(p []byte) (int, error) {
	if len(p) > d.left {
		return d.left, errDisk
	}
	d.left -= len(p)
	return len(p), nil
}

// No form loses an error of the stream that it writes to.
func TestPrinter_errorsOfTheStreamComeBack(t *testing.T) {
	for _, c := range []output.Config{
		{Format: output.Table, Terminal: true}, {Format: output.Table}, {Format: output.CSV}, {Format: output.JSON},
	} {
		for _, room := range []int{0, 10, 5000} {
			c.Out, c.Name, c.Columns = &fullDisk{room}, "users", columns()
			p := output.New(c)
			var err error
			for range 1000 {
				if err = p.Row(record{"alice", "x"}, "alice", "x", "1", "dn"); err != nil {
					break
				}
			}
			if closed := p.Close(true); err == nil {
				err = closed
			}
			if !errors.Is(err, errDisk) {
				t.Errorf("%s, terminal %v, after %d bytes: got %v, want %v", c.Format, c.Terminal, room, err, errDisk)
			}
		}
	}
}

func TestPrinter_recordThatIsNoJSON(t *testing.T) {
	p := output.New(output.Config{Out: &bytes.Buffer{}, Format: output.JSON, Name: "x"})
	if err := p.Row(func() {}); err == nil {
		t.Error("a function is taken for a record")
	}
	if err := output.Object(&bytes.Buffer{}, func() {}); err == nil {
		t.Error("a function is taken for an object")
	}
}

func BenchmarkPrinter(b *testing.B) {
	for name, c := range map[string]output.Config{
		"csv": {Format: output.CSV}, "json": {Format: output.JSON}, "tsv": {Format: output.Table}, "table": {Format: output.Table, Terminal: true},
	} {
		b.Run(name+"/10000", func(b *testing.B) {
			for b.Loop() {
				c.Out, c.Name, c.Columns = &fullDisk{1 << 40}, "users", columns()
				p := output.New(c)
				for range 10_000 {
					if err := p.Row(record{`CORP\alice`, `\\fs01\ftp$`}, `CORP\alice`, `\\fs01\ftp$`, "1", "CN=Alice,DC=corp"); err != nil {
						b.Fatal(err)
					}
				}
				if err := p.Close(true); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
