package output_test

import (
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/output"
)

func TestTemplate_expands(t *testing.T) {
	values := map[string]any{"sAMAccountName": "alice", "root": nil, "account": "enabled", "count": int64(1000000), "list": []any{"a", "b"}}
	for text, want := range map[string]string{
		`{{.sAMAccountName}}`:                            "alice",
		`{{.SAMAccountName}} = {{.sAMAccountName}}`:      "alice = alice",
		`\\fs01\new\{{.SAMAccountName}}`:                 `\\fs01\new\alice`,
		`[{{.root}}]`:                                    "[]",
		`{{if .root}}set{{else}}absent{{end}}`:           "absent",
		`{{if eq .account "enabled"}}on{{end}}`:          "on",
		`{{if and (gt .count 5) (not .root)}}x{{end}}`:   "x",
		`{{.count}} {{len .list}} {{index .list 1}}`:     "1000000 2 b",
		`{{upper .account}} {{printf "%-8s|" .account}}`: "ENABLED enabled |",
		`{{with .root}}{{.}}{{else}}none{{end}}`:         "none",
		`{{json .sAMAccountName}}{{json .list}}`:         `"alice"["a","b"]`,
	} {
		parsed, err := output.ParseTemplate(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got, err := parsed.Expand(values); err != nil || got != want {
			t.Errorf("%s: got %q, %v, want %q", text, got, err, want)
		}
	}
}

// No template of a few bytes keeps the program busy or fills its memory.
func TestTemplate_isBounded(t *testing.T) {
	for name, text := range map[string]string{
		"loop":            `{{range 1000000000000}}{{end}}`,
		"inner loop":      `{{if true}}{{range .list}}x{{end}}{{end}}`,
		"recursion":       `{{define "a"}}{{template "a"}}{{end}}{{template "a"}}`,
		"block":           `{{block "a" .}}x{{end}}`,
		"variable":        `{{$x := .user}}{{$x}}`,
		"hidden variable": `{{if $x := .user}}{{$x}}{{end}}`,
		"else variable":   `{{if .x}}{{else}}{{with $x := .user}}{{end}}{{end}}`,
		"too long":        strings.Repeat("x", 4097),
		"unknown":         `{{exec "id"}}`,
		"syntax":          `{{.user`,
	} {
		if _, err := output.ParseTemplate(text); err == nil {
			t.Errorf("%s: %s is accepted", name, text)
		}
	}
	doubling := strings.Repeat(`{{with print . .}}`, 100) + `{{.}}` + strings.Repeat(`{{end}}`, 100)
	for name, text := range map[string]string{
		"width":     `{{printf "%1000d" 1}}`,
		"star":      `{{printf "%*d" 1000000 1}}`,
		"doubling":  `{{with .user}}` + doubling + `{{end}}`,
		"no key":    `{{.usr}}`,
		"not a map": `{{.user.name}}`,
		"sum":       strings.Repeat(`{{printf "%999d" 1}}`, 100),
		"arguments": `{{printf "` + strings.Repeat("%999d", 100) + `"` + strings.Repeat(" 1", 100) + `}}`,
	} {
		parsed, err := output.ParseTemplate(text)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got, err := parsed.Expand(map[string]any{"user": "alice"})
		if err == nil {
			t.Errorf("%s: makes %d bytes without an error", name, len(got))
		}
		if err != nil && len(err.Error()) > 200 {
			t.Errorf("%s: the error has %d bytes", name, len(err.Error()))
		}
	}
}
