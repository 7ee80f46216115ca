package output_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

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
		for _, c := range []output.Config{{}, {Format: output.TSV}, {Terminal: true}, {Format: output.Name}, {Format: "template={{.cell}}"}} {
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
		{Terminal: true}, {}, {Format: output.CSV}, {Format: output.JSON}, {Format: output.JSONL}, {Format: output.YAML}, {Format: output.LDIF},
		{Format: output.Name}, {Format: "template={{.user}}"}, {Format: output.JSONL, Sort: []string{"user"}},
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
		"csv": {Format: output.CSV}, "json": {Format: output.JSON}, "jsonl": {Format: output.JSONL}, "tsv": {}, "table": {Terminal: true},
		"yaml": {Format: output.YAML}, "ldif": {Format: output.LDIF}, "template": {Format: "template={{.user}}"},
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

// Whoever reads the YAML gets the records back exactly.
func FuzzPrinter_yamlGivesTheTextBack(f *testing.F) {
	for _, text := range []string{"alice", "null", "No", "", " x ", "'", `"\`, "a: b", "- #", "\x1b\u202e\U000e0041", "1", "~", "\ufffd\xff", "\ufeff\u2028"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.ToValidUTF8(text, "\ufffd")
		type inner struct {
			List []string       `json:"list"`
			Map  map[string]any `json:"map"`
		}
		record := struct {
			Cell string `json:"cell"`
			N    int    `json:"n"`
			No   *int   `json:"no"`
			In   inner  `json:"in"`
		}{text, -5, nil, inner{[]string{text, "y"}, map[string]any{"k": text, "on": true}}}
		var out bytes.Buffer
		p := output.New(output.Config{Out: &out, Format: output.YAML, Name: "list"})
		if err := errors.Join(p.Row(record), p.Row(struct{}{}), p.Close(false)); err != nil {
			t.Fatal(err)
		}
		var got, want map[string]any
		if err := yaml.Unmarshal(out.Bytes(), &got); err != nil {
			t.Fatalf("%v\n%s", err, &out)
		}
		want = map[string]any{"schema": 1, "incomplete": true, "list": []any{map[string]any{
			"cell": text, "n": -5, "no": nil, "in": map[string]any{"list": []any{text, "y"}, "map": map[string]any{"k": text, "on": true}},
		}, map[string]any{}}}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%q comes back as %v\n%s", text, got, &out)
		}
	})
}

// Whoever reads the LDIF gets the values back exactly, in lines of 76 characters
// that no terminal obeys.
func FuzzLDIFLine(f *testing.F) {
	for _, text := range []string{"alice", "", " x", "x ", ":", "<file", "日本", "\x1b[2J", "a\nb", strings.Repeat("long ", 50)} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := output.LDIFLine("cn", text)
		var joined strings.Builder
		for i, line := range strings.Split(strings.TrimSuffix(got, "\n"), "\n") {
			if len(line) > 77 || output.Printable(line) != line || i > 0 && !strings.HasPrefix(line, " ") {
				t.Fatalf("%q has the line %q", text, line)
			}
			if i > 0 {
				line = line[1:]
			}
			joined.WriteString(line)
		}
		value, plain := strings.CutPrefix(joined.String(), "cn: ")
		if encoded, ok := strings.CutPrefix(joined.String(), "cn:: "); ok {
			octets, err := base64.StdEncoding.DecodeString(encoded)
			if err != nil {
				t.Fatal(err)
			}
			value, plain = string(octets), true
		}
		if !plain || value != text {
			t.Fatalf("%q comes back as %q", text, value)
		}
	})
}

func TestPrinter_recordsWithoutLDIF(t *testing.T) {
	p := output.New(output.Config{Out: &bytes.Buffer{}, Format: output.LDIF})
	if err := p.Row(map[string]string{"a": "b"}, "b"); !errors.Is(err, output.ErrNoEntry) {
		t.Errorf("got %v, want ErrNoEntry", err)
	}
}

func TestCheckColumns(t *testing.T) {
	for titles, want := range map[string]bool{"user": true, "USER,dn": true, "-count": true, "user,nothing": false, "": false, "--user": false} {
		if err := output.CheckColumns(columns(), strings.Split(titles, ",")); (err == nil) != want {
			t.Errorf("%q: %v, want accepted %v", titles, err, want)
		}
	}
}

func TestFormat_Streams(t *testing.T) {
	for f, want := range map[output.Format][2]bool{
		output.Auto: {true, false}, output.Table: {false, false}, output.TSV: {true, true}, output.JSON: {true, true},
	} {
		if got := [2]bool{f.Streams(false), f.Streams(true)}; got != want {
			t.Errorf("%q: on a pipe and on a terminal %v, want %v", f, got, want)
		}
	}
}
