package intake_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/ftpisoctl/ftpisoctl/internal/plan/intake"
)

// line is a row in words, as "3 alice root=… dir=- expect_dir=… !problem".
func line(r intake.Row) string {
	text := fmt.Sprintf("%d %s", r.Line, r.User)
	for _, field := range []struct {
		name  string
		value intake.Value
	}{{"root", r.Root}, {"dir", r.Dir}, {"expect_root", r.ExpectRoot}, {"expect_dir", r.ExpectDir}} {
		switch {
		case !field.value.Given:
		case field.value.Text == "":
			text += " " + field.name + "=-"
		default:
			text += " " + field.name + "=" + field.value.Text
		}
	}
	if r.Err != nil {
		text = fmt.Sprintf("%d !%v", r.Line, r.Err)
	}
	return text
}

func lines(t intake.Table) string {
	var all []string
	for _, r := range t.Rows {
		all = append(all, line(r))
	}
	return strings.Join(all, "\n")
}

// Two users in every format, each in every encoding and with both line ends, are
// the same two users, whether the name says the format or the content does.
func TestRead_formatsAndEncodings(t *testing.T) {
	const want = `alice root=\\fs01\ftp$ dir=Älice
bob root=- dir=- expect_dir=bob`
	for name, text := range map[string]string{
		"homes.csv":   "User;ROOT;dir;Expect-Dir;action\nalice;\\\\fs01\\ftp$;Älice;;\nbob;;;bob;Clear\n",
		"homes.tsv":   "user\troot\tdir\texpect_dir\taction\nalice\t\\\\fs01\\ftp$\tÄlice\t\tset\nbob\t(absent)\t(Absent)\tbob\t",
		"quoted.csv":  "\"user\",\"msIIS-FTPRoot\",msIIS-FTPDir,expect_dir\n\"alice\",\"\\\\fs01\\ftp$\",Älice,\nbob,(absent),\"(absent)\",\"bob\"\n,,,\n",
		"homes.json":  `[{"user":"alice","root":"\\\\fs01\\ftp$","dir":"Älice"},` + "\n" + `{"User":"bob","action":"clear","expect_dir":"bob"}]`,
		"export.json": `{"schema":1,"users":[{"user":"alice","root":"\\\\fs01\\ftp$","dir":"Älice"},` + "\n\n" + `{"user":"bob","root":null,"dir":"","expect_dir":"bob"}]}`,
		"homes.jsonl": `{"schema":1,"user":"alice","root":"\\\\fs01\\ftp$","dir":"Älice","account":"enabled"}` + "\n\n" + `{"user":"bob","root":null,"dir":null,"expect_dir":"bob"}`,
		"homes.ldif": "version: 1\n# everybody\n  and more\ndn: alice\nchangetype: modify\nreplace: msIIS-FTPRoot\nmsIIS-FTPRoot: \\\\fs01\n \\ftp$\n-\n" +
			"replace: msIIS-FTPDir\nmsIIS-FTPDir:: w4RsaWNl\n-\n\n\ndn: bob\nchangetype: Modify\ndelete: msiis-ftproot\n-\ndelete: msIIS-FTPDir\nmsIIS-FTPDir: bob\n",
	} {
		for encoding, encode := range encodings() {
			for _, end := range []string{"\n", "\r\n"} {
				for _, known := range []string{name, "-"} {
					table, err := intake.Read(bytes.NewReader(encode(strings.ReplaceAll(text, "\n", end))), known, "")
					got := ""
					for i, r := range table.Rows {
						_, words, _ := strings.Cut(line(r), " ")
						got += strings.Repeat("\n", min(i, 1)) + words
					}
					if err != nil || got != want {
						t.Errorf("%s as %q in %s, line end %q: %v, got\n%s\nwant\n%s", name, known, encoding, end, err, got, want)
					}
				}
			}
		}
	}
}

func encodings() map[string]func(string) []byte {
	units := func(order binary.AppendByteOrder) func(string) []byte {
		return func(s string) []byte {
			var b []byte
			for _, u := range utf16.Encode([]rune("\ufeff" + s)) {
				b = order.AppendUint16(b, u)
			}
			return b
		}
	}
	return map[string]func(string) []byte{
		"UTF-8":                            func(s string) []byte { return []byte(s) },
		"UTF-8 with a mark":                func(s string) []byte { return []byte("\ufeff" + s) },
		"UTF-16, little end first":         units(binary.LittleEndian),
		"UTF-16, big end first, odd reads": units(binary.BigEndian),
	}
}

// Each bad row is told with its line, and spoils no other.
func TestRead_badRows(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"homes.csv", "user,root,dir,action\n" +
			"a,,,\n" + // 2
			"b,\\\\s\\h\n" +
			"c,\"open,x,\n" +
			"d,\"a\"b,x,\n" +
			"e,a\"b,x,\n" +
			"f,,x,erase\n" +
			"g,,x,clear\n" +
			",,x,\n" +
			"h\u202e,,x,\n" + // 10
			"i,,x\x00y,\n" +
			"j,,\xff,\n" +
			"k,,\ufffd,\n" +
			"*()\\,,x,\n" +
			"'=l,,'=x,\n" +
			"''m,,'x,\n", `2 !asks for nothing: fill in root or dir, or write clear into the column action
3 !has 2 fields, and the first line names 4
4 !field 2 begins with a quote that is not closed on its line
5 !field 2 goes on behind its closing quote
6 !field 2 has a quote in the middle; write the field in quotes, and its own quotes twice
7 !the action is set or clear, not "erase"
8 !has a value and the action clear, which takes both away
9 !names no user
10 !user "h\u202e" holds a control or invisible formatting character
11 !dir "x\x00y" holds a control or invisible formatting character
12 !dir "\xff" is not valid UTF-8
13 !dir "�" holds U+FFFD, which stands for a character that was lost
14 *()\ dir=x
15 =l dir==x
16 'm dir='x`},
		{"homes.json", "[{\"user\":\"a\"},\n{\"user\":\"b\",\"dir\":5},\n\n {\"user\":\"c\",\n\"dir\":\"x\",\"dir\":\"y\"},\n7,\n{\"user\":\"d\",\"drive\":\"x\"},\n{\"schema\":2,\"user\":\"e\"},{\"user\":\"f\",\"dir\":\"\\ud800\"},{\"user\":\"g\",\"dir\":\"\xff\"},\n{\"user\":\"h\",\"dir\":\"x\"}]", `1 !asks for nothing: fill in root or dir, or write clear into the column action
2 !dir is neither text nor null
4 !has the key dir twice
6 !is no object such as {"user":"alice","dir":"alice"}
7 !no column is called "drive"; they are user, root, dir, expect_root, expect_dir and action
8 !schema 2 is not known; this program reads 1
8 !dir "�" holds U+FFFD, which stands for a character that was lost
8 !is not valid UTF-8
9 h dir=x`},
		{"one.json", "\n{\"user\":\"a\",\n\"dir\":\"x\"}\n{\"user\":\"b\",\"dir\":[]}", "2 a dir=x\n4 !dir is neither text nor null"},
		{"homes.jsonl", "{\"user\":\"a\",\"dir\":\n{\"user\":\"b\",\"dir\":\"x\"} {}\nnull\n{\"user\":\"c\",\"dir\":\"x\"}", `1 !is cut off
2 !goes on behind its object
3 !is no object such as {"user":"alice","dir":"alice"}
4 c dir=x`},
		{"homes.ldif", `dn: a
objectClass: user

dn: b
changetype: delete

dn: c
changetype: modify
replace: description
description: x
-

dn: d
changetype: modify
replace: msIIS-FTPDir
msIIS-FTPDir: x
msIIS-FTPDir: y
-

dn: e
changetype: modify
increment: msIIS-FTPDir
-

changetype: modify

dn: f
changetype: modify

dn: g
changetype: modify
replace: msIIS-FTPDir
msIIS-FTPDir:< file:///etc/passwd

dn: h
changetype: modify
replace: msIIS-FTPDir
msIIS-FTPRoot: x

dn: i
changetype: modify
replace: msIIS-FTPDir
msIIS-FTPDir:: *

dn: <GUID=11111111-2222-3333-4444-555555555555>
changetype: modify
add: msIIS-FTPDir
msIIS-FTPDir: x
-
delete: msIIS-FTPRoot
msIIS-FTPRoot: r
-
add: msIIS-FTPRoot
msIIS-FTPRoot: s
-
`, `1 !is no change: changetype modify must stand behind the dn
4 !has the changetype "delete"; only modify is taken
7 !changes description; only msIIS-FTPRoot and msIIS-FTPDir are changed here
13 !has 2 values for msIIS-FTPDir, which takes one
20 !has the modification "increment"; replace, delete and add with a value are taken
25 !does not begin with a dn
27 !changes nothing
30 !values in files of their own are not read
35 !has a value of msIIS-FTPRoot among those of msIIS-FTPDir
40 !the value of msIIS-FTPDir is no Base64
45 11111111-2222-3333-4444-555555555555 root=s dir=x expect_root=r expect_dir=-`},
		{"homes.ldif", "# a list\nversion:\n 1\n# the first\ndn: a\nchangetype: modify\nreplace: msIIS-FTPDir\nmsIIS-FTPDir: x\n-\n\n# b\ndn: b\nchangetype: add\n",
			"5 a dir=x\n12 !has the changetype \"add\"; only modify is taken"},
	} {
		table, err := intake.Read(strings.NewReader(tt.text), tt.name, "")
		if got := lines(table); err != nil || got != tt.want {
			t.Errorf("%s: %v, got\n%s\nwant\n%s", tt.name, err, got, tt.want)
		}
	}
}

// What ends the reading is one problem with its line.
func TestRead_badFiles(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"a.csv", "", "is empty; its first line must name the columns, as in user,root,dir"},
		{"a.csv", "alice,\\\\s\\h,x\n", `line 1: the first line must name the columns: no column is called "alice"; they are user, root, dir, expect_root, expect_dir and action`},
		{"a.csv", "user,dir,DIR\n", "line 1: there are two columns dir"},
		{"a.csv", "\n\nuser,account\n", "line 3: the first line must name the columns user and root or dir or action"},
		{"a.csv", "user,dir" + strings.Repeat(",account", 99) + "\n", "line 1: has more than 100 fields"},
		{"a.csv", "user,dir\na,b\nc," + strings.Repeat("x", 1<<20), "line 3: is longer than 1024 KiB"},
		{"a.csv", "u\x00s\x00e\x00r\x00", "looks like UTF-16 without a byte order mark; save it as UTF-8"},
		{"a.csv", "\xff\xfe\x00\x00", "is UTF-32; save it as UTF-8"},
		{"a.json", `[{"user":"a","dir":"x"},` + "\n{", "line 2: is cut off"},
		{"a.json", `{"users":[{"user":"a","dir":"x"}]`, "line 1: is cut off"},
		{"a.json", "\n\n[} ", "line 3: is no JSON: invalid character '}' looking for beginning of value"},
		{"a.json", "7", "line 1: 7 is no list of users"},
		{"a.json", `{"users":7}`, `line 1: "users" is no list`},
		{"a.json", `{"schema":3,"users":[]}`, "line 1: schema 3 is not known; this program reads 1"},
		{"a.json", `{"users":[],"user":"alice","dir":"alice"}`, `line 1: has "users", and is a user itself`},
		{"a.json", `{"schema":1,"users":[],"incomplete":true}`, "line 1: the list says of itself that it is incomplete"},
		{"a.json", "[\n{\"user\":\"" + strings.Repeat("x", 3<<20), "line 2: a value is longer than 1024 KiB"},
		{"a.ldif", "version: 2\n\n", "line 1: only version 1 of LDIF is known"},
		{"a.ldif", "dn: a\n" + strings.Repeat(" x\n", 1001), "line 1001: the record is longer than 1024 KiB or 1000 lines"},
	} {
		_, err := intake.Read(strings.NewReader(tt.text), tt.name, "")
		if err == nil || err.Error() != tt.want {
			t.Errorf("%q: got %v, want %s", tt.text[:min(len(tt.text), 40)], err, tt.want)
		}
	}
	failed := errors.New("disk")
	if _, err := intake.Read(io.MultiReader(strings.NewReader("user,dir\na,b\n"), broken{failed}), "a.csv", ""); !errors.Is(err, failed) {
		t.Errorf("got %v, want %v", err, failed)
	}
}

type broken struct{ err error }

func (b broken) Read([]byte) (int, error) { return 0, b.err }

// endless is a file that goes on and on with the same text, behind some that makes
// sense.
type endless struct {
	head, fill string
	left       int
}

func (e *endless) Read(p []byte) (int, error) {
	if e.head != "" {
		n := copy(p, e.head)
		e.head = e.head[n:]
		return n, nil
	}
	if e.left == 0 {
		return 0, io.EOF
	}
	n := min(len(p), e.left)
	for i := 0; i < n; {
		i += copy(p[i:n], e.fill)
	}
	e.left -= n
	return n, nil
}

// A line of one GiB is refused as soon as it is too long, in every format, and
// with nothing but a bounded part of it in memory.
func TestRead_hugeInputInBoundedMemory(t *testing.T) {
	long := strings.Repeat("x", 4<<10)
	for _, tt := range []struct{ name, head, fill, want string }{
		{"a.csv", "user,dir\n", long, "line 2: is longer"},
		{"a.csv", "user,dir\na,", `"`, "line 2: is longer"},
		{"a.csv", "user,dir\na,x\n", "\x00", "line 3: is longer"},
		{"a.tsv", "user\tdir\n", "\t", "line 2: is longer"},
		{"a.json", `[{"user":"`, long, "line 1: a value is longer"},
		{"a.json", `[`, "[", "line 1: is no JSON: invalid character '[' exceeded max depth"},
		{"a.json", "\n[", " ", "line 2: a value is longer"},
		{"a.jsonl", `{"user":"`, long, "line 1: is longer"},
		{"a.ldif", "dn: ", long, "line 1: is longer"},
		{"a.ldif", "dn: a\n", "# " + long + "\n\n", "is larger than 64 MiB"},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		in := &endless{tt.head, tt.fill, 1 << 30}
		_, err := intake.Read(in, tt.name, "")
		runtime.ReadMemStats(&after)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s %q %.8q: got %v, want %s", tt.name, tt.head, tt.fill, err, tt.want)
		}
		if took := after.TotalAlloc - before.TotalAlloc; took > 16<<20 && !strings.Contains(tt.want, "larger") {
			t.Errorf("%s %q %.8q: %d MiB of memory were taken", tt.name, tt.head, tt.fill, took>>20)
		}
	}
}

func TestRead_tooManyRows(t *testing.T) {
	_, err := intake.Read(io.MultiReader(strings.NewReader("user,dir\n"), strings.NewReader(strings.Repeat("a,b\n", 1_000_001))), "a.csv", "")
	if want := "line 1000002: the file has more than 1000000 rows"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// One bad line in a hundred thousand is found and named.
func TestRead_oneBadLineInManyThousands(t *testing.T) {
	text := "user,dir\n" + strings.Repeat("a,b\n", 77_776) + "a,\"b\n" + strings.Repeat("a,b\n", 22_223)
	table, err := intake.Read(strings.NewReader(text), "-", "")
	if err != nil || len(table.Rows) != 100_000 {
		t.Fatalf("%v, %d rows", err, len(table.Rows))
	}
	for _, r := range table.Rows {
		if (r.Err != nil) != (r.Line == 77_778) {
			t.Fatalf("line %d: %v", r.Line, r.Err)
		}
	}
}

func TestRead_halfACharacterOfUTF16(t *testing.T) {
	for name, tail := range map[string][]byte{
		"high alone": {0, 0xd8, 'x', 0}, "low alone": {0, 0xdc}, "high at the end": {0, 0xd8}, "half a unit": {'x'}, "two high": {0, 0xd8, 0, 0xd8},
	} {
		text := append(encodings()["UTF-16, little end first"]("user,dir\na,b\nc,d"), tail...)
		table, err := intake.Read(bytes.NewReader(text), "a.csv", "")
		if err != nil || len(table.Rows) != 2 || table.Rows[0].Err != nil || table.Rows[1].Err == nil {
			t.Errorf("%s: %v, got %s", name, err, lines(table))
		}
	}
	pair := encodings()["UTF-16, big end first, odd reads"]("user,dir\na,😀\n")
	if table, err := intake.Read(bytes.NewReader(pair), "a.csv", ""); err != nil || lines(table) != "2 a dir=😀" {
		t.Errorf("a pair: %v, got %s", err, lines(table))
	}
}

func TestFormat_isAFlag(t *testing.T) {
	var f intake.Format
	for _, name := range intake.Formats() {
		if err := f.Set(name); err != nil || f.String() != name || f.Type() != "FORMAT" {
			t.Errorf("%s: %v, %s", name, err, f)
		}
	}
	if err := f.Set("xlsx"); err == nil {
		t.Error("xlsx is taken")
	}
	for name, want := range map[string]intake.Format{
		"A.CSV": intake.CSV, "a.tab": intake.TSV, "a.ndjson": intake.JSONL, "a.ldf": intake.LDIF, "a.txt": "", "-": "",
	} {
		if got := intake.ByName(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}
