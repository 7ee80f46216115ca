package plan_test

import (
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/plan"
)

func template(t *testing.T, text string) *plan.Template {
	t.Helper()
	parsed, err := plan.ParseTemplate(text)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

var staff = ldapattr.Scope{OU: "OU=Staff,DC=corp,DC=example,DC=com"}

func TestFromScope_templates(t *testing.T) {
	w := newWorld(t, "")
	d, err := plan.FromScope(t.Context(), w.forest, staff, plan.Templates{
		Root: template(t, `\\fs02\{{lower .Domain}}$`), Dir: template(t, `{{with .UPN}}{{.}}{{else}}{{.SAMAccountName | upper}}{{end}}`),
	}, plan.Options{Source: "template"})
	const want = `0 CORP\alice: \\fs01\ftp$|alice -> \\fs02\corp$|alice@corp.example.com
0 CORP\bob: \\FS01/ftp$\Teams/North|..\bob -> \\fs02\corp$|BOB
0 CORP\carol: | -> \\fs02\corp$|CAROL`
	if got := text(d); err != nil || got != want {
		t.Errorf("%v, got\n%s\nwant\n%s", err, got, want)
	}
}

// A template that fails for a user says for whom.
func TestFromScope_templateErrorsNameTheUser(t *testing.T) {
	w := newWorld(t, "")
	for tpl, want := range map[string]string{
		"{{.UPN}}": `0 CORP\alice: \\fs01\ftp$|alice -> \\fs01\ftp$|alice@corp.example.com
! CORP\bob: the template of dir makes an empty value
! CORP\carol: the template of dir makes an empty value`,
		`{{slice .Root 0 5}}`:      `! CORP\alice: msIIS-FTPDir "\\fs0"`,
		`{{slice .Root 0 99}}`:     `! CORP\alice: the template of dir fails: error calling slice: index out of range: 99`,
		`{{printf "%1000000d" 1}}`: `! CORP\alice: the template of dir makes a value that is too long`,
	} {
		d, err := plan.FromScope(t.Context(), w.forest, staff, plan.Templates{Dir: template(t, tpl)}, plan.Options{})
		if got := text(d); err != nil || !strings.HasPrefix(got, want) {
			t.Errorf("%s: %v, got\n%s\nwant\n%s", tpl, err, got, want)
		}
	}
}

// What a template may do is little: it always ends, and a name that is not there is
// found before anybody is looked up.
func TestParseTemplate_refuses(t *testing.T) {
	for tpl, want := range map[string]string{
		"{{.SAM}}":                    "asks for .SAM, which is none of .SAMAccountName .UPN .DN .SID .GUID .Domain .DNSDomain .Root .Dir",
		"{{":                          `template "{{": unclosed action`,
		"{{range 1000000000}}{{end}}": "holds more than values, if and with",
		`{{define "x"}}{{end}}`:       "defines another template",
		`{{template "value"}}`:        "holds more than values, if and with",
		`{{if .UPN}}{{range .UPN}}{{end}}{{end}}`: "holds more than values",
		"":                             "would take the attribute away",
		"{{if $.User}}{{end}}":         "asks for .User",
		"{{.UPN | printf (lower .X)}}": "asks for .X",
		"{{exec .DN}}":                 `function "exec" not defined`,
	} {
		if _, err := plan.ParseTemplate(tpl); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", tpl, err, want)
		}
	}
}

// Letter case and separators of the old root do not matter, whole components do,
// and what lies below comes along.
func TestFromScope_reroot(t *testing.T) {
	const more = `
dn: CN=Dora,OU=Staff,DC=corp,DC=example,DC=com
objectClass: user
sAMAccountName: dora
msIIS-FTPRoot: \\fs01\ftp$x
msIIS-FTPDir: d

dn: CN=Emil,OU=Staff,DC=corp,DC=example,DC=com
objectClass: user
sAMAccountName: emil
msIIS-FTPRoot: \\fs01
msIIS-FTPDir: d

dn: CN=Finn,OU=Staff,DC=corp,DC=example,DC=com
objectClass: user
sAMAccountName: finn
msIIS-FTPRoot: /srv/ftp/a
`
	w := newWorld(t, more)
	for _, tt := range []struct{ from, to, want string }{
		{`\\FS01\FTP$\`, `\\fs02\homes`, `0 CORP\alice: \\fs01\ftp$|alice -> \\fs02\homes|alice
0 CORP\bob: \\FS01/ftp$\Teams/North|..\bob -> \\fs02\homes\Teams\North|..\bob`},
		{`\\fs01\ftp$\teams`, `D:\ftp`, `0 CORP\bob: \\FS01/ftp$\Teams/North|..\bob -> D:\ftp\North|..\bob`},
		{`/srv/ftp`, `\\fs02\homes\`, `0 CORP\finn: /srv/ftp/a| -> \\fs02\homes\a|`},
		{`/srv/ftp/a`, `/`, `0 CORP\finn: /srv/ftp/a| -> /|`},
		{`/srv`, `/mnt/`, `0 CORP\finn: /srv/ftp/a| -> /mnt/ftp/a|`},
		{`\\fs09\x`, `\\fs02\homes`, ""},
	} {
		rule, err := plan.NewReroot(tt.from, tt.to)
		if err != nil {
			t.Fatal(err)
		}
		d, err := plan.FromScope(t.Context(), w.forest, staff, rule, plan.Options{})
		if got := text(d); err != nil || !strings.HasPrefix(got, tt.want) || (tt.want == "") != (got == "") {
			t.Errorf("%s to %s: %v, got\n%s\nwant\n%s", tt.from, tt.to, err, got, tt.want)
		}
	}
	for _, pair := range [][2]string{{"x", `\\fs01\a`}, {`\\fs01\a`, ""}, {`\\fs01\a`, `\\fs01\a`}, {`\\fs01`, `\\fs01\a`}} {
		if _, err := plan.NewReroot(pair[0], pair[1]); err == nil {
			t.Errorf("%q is taken", pair)
		}
	}
}
