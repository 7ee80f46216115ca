package report_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/report"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// Each form of the same report, as the golden files have it.
func TestWrite_golden(t *testing.T) {
	for _, name := range report.Forms() {
		t.Run(name, func(t *testing.T) {
			got := write(t, report.Form(name), sample(), true)
			path := filepath.Join("testdata", "sample."+name)
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if got != strings.ReplaceAll(string(want), "\r\n", "\n") {
				t.Errorf("%s is not what is written; make golden rewrites it:\n%s", path, got)
			}
		})
	}
}

// A report made from its JSON is the report made at once.
func TestRead_givesTheSameDocuments(t *testing.T) {
	for _, complete := range []bool{true, false} {
		text, err := json.Marshal(struct {
			*audit.Report
			Incomplete bool `json:"incomplete,omitempty"`
		}{sample(), !complete})
		if err != nil {
			t.Fatal(err)
		}
		r, whole, err := report.Read(bytes.NewReader(text))
		if err != nil || whole != complete || !reflect.DeepEqual(r, sample()) {
			t.Fatalf("got %+v, %v, %v", r, whole, err)
		}
		for _, form := range report.Forms() {
			if got, want := write(t, report.Form(form), r, whole), write(t, report.Form(form), sample(), complete); got != want {
				t.Errorf("%s differs: %s", form, got)
			}
		}
	}
}

func TestRead_refuses(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"nothing", "", "is no report of an audit: it is empty"},
		{"no JSON", "V05\tcritical", "is no report of an audit: invalid character"},
		{"half", `{"schema":1,"rules":[`, "is no report of an audit: it ends in the middle"},
		{"other JSON", `{"schema":1,"users":[]}`, "it has no rules and findings"},
		{"a finding", `{"schema":1,"rule":"V05"}`, "it has no rules and findings"},
		{"from tomorrow", `{"schema":2,"rules":[],"findings":[]}`, "has schema 2, and this program knows 1"},
		{"from tomorrow, and different", `{"schema":2,"rules":{},"findings":[{"status":3}]}`, "has schema 2, and this program knows 1"},
		{"no schema", `{"rules":[],"findings":[]}`, "it has no schema, which is 1"},
		{"deep", `{"schema":1,"rules":` + strings.Repeat("[", 1<<20), "is no report of an audit: "},
		{"a list for a text", `{"schema":1,"rules":[],"findings":[{"login":[]}]}`, "is no report of an audit: "},
		{"a quoted megabyte", `{"schema":1,"rules":[{"severity":"` + strings.Repeat("x", 1<<20) + `"}],"findings":[]}`, "is no report of an audit: "},
		{"a number of a megabyte", `{"schema":1,"accounts":` + strings.Repeat("9", 1<<20) + `,"rules":[],"findings":[]}`, "is no report of an audit: "},
		{"two", `{"schema":1,"rules":[],"findings":[]} {}`, "has more than the report"},
		{"a severity of its own", `{"schema":1,"rules":[{"severity":"awful"}],"findings":[]}`, `"awful" is no severity`},
		{"a status of its own", `{"schema":1,"rules":[],"findings":[{"status":"maybe"}]}`, `"maybe" is no status`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if _, _, err := report.Read(strings.NewReader(test.text)); err == nil || !strings.Contains(err.Error(), test.want) || len(err.Error()) > 300 {
				t.Errorf("got %.400v, want %q", err, test.want)
			}
		})
	}
}

// What was cut short says so, and what was not checked is in every form.
func TestWrite_tellsWhatIsMissing(t *testing.T) {
	for _, form := range report.Forms() {
		whole, cut := write(t, report.Form(form), sample(), true), write(t, report.Form(form), sample(), false)
		if strings.Contains(whole, "cut short") || !strings.Contains(cut, "cut short") {
			t.Errorf("%s does not tell a report that was cut short from a whole one", form)
		}
		for _, want := range []string{"the server does not answer", "port 445 does not answer", "one server only"} {
			if !strings.Contains(whole, want) {
				t.Errorf("%s does not say %q", form, want)
			}
		}
	}
}

// A report without anything is one of every form, and writing one changes nothing in it.
func TestWrite_empty(t *testing.T) {
	for _, form := range report.Forms() {
		if got := write(t, report.Form(form), &audit.Report{}, true); got == "" {
			t.Errorf("%s of an empty report is empty", form)
		}
		r := hostile("a\x1bb")
		write(t, report.Form(form), r, true)
		if !reflect.DeepEqual(r, hostile("a\x1bb")) {
			t.Errorf("%s changes the report", form)
		}
	}
	if err := report.Write(&bytes.Buffer{}, "pdf", sample(), true); err == nil || !strings.Contains(err.Error(), `"pdf" is no form of a report`) {
		t.Errorf("got %v", err)
	}
}

type full struct{}

var errFull = errors.New("disk full")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestWrite_saysThatItCannot(t *testing.T) {
	r := sample()
	r.Findings[0].Message = strings.Repeat("x", 128<<10) // more than is gathered before it is written
	for _, form := range report.Forms() {
		if err := report.Write(full{}, report.Form(form), r, true); !errors.Is(err, errFull) {
			t.Errorf("%s: got %v", form, err)
		}
	}
}
