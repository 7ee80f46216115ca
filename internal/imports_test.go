package internal_test

import (
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// doors says which rooms a room may enter. A package without a row here is refused: whoever adds one decides first
// where in the house it stands.
var doors = map[string][]string{
	"winerr":                {},
	"winpath":               {},
	"secret":                {},
	"private":               {"secdesc"},
	"krb":                   {"secret", "winerr"},
	"krb/krbtest":           {},
	"w3clog":                {},
	"output":                {},
	"adsim":                 {"secdesc"},
	"adsim/adsimtest":       {"adsim"},
	"secdesc":               {},
	"ftpsrv/ftptls":         {},
	"ftpsrv/ftpwire":        {},
	"ftpsrv/listing":        {},
	"ftpsrv/coding":         {},
	"homedir":               {"winpath"},
	"iisftp":                {"homedir", "secret"},
	"storage":               {"winerr", "winpath"},
	"storage/localfs":       {"storage", "winerr"},
	"storage/native":        {"storage", "winerr", "winpath"},
	"storage/memfs":         {"secret", "storage", "winerr", "winpath"},
	"storage/smbfs":         {"krb", "secret", "storage", "winerr", "winpath"},
	"storage/smbfs/smbtest": {},
	"storage/storagetest":   {"storage", "winerr"},
	"ftpsrv/dtp":            {"winerr"},
	"admission":             {},
	"ftpsrv":                {"admission", "ftpsrv/coding", "ftpsrv/dtp", "ftpsrv/ftptls", "ftpsrv/ftpwire", "ftpsrv/listing", "secret", "storage", "w3clog", "winerr"},
	"ldapattr":              {"homedir", "krb", "secdesc", "secret", "winerr", "winpath"},
	"shares":                {"homedir", "secdesc", "secret", "shares/negotiate", "storage", "storage/localfs", "storage/native", "storage/smbfs", "winerr"},
	"shares/survey":         {"homedir", "ldapattr", "secdesc", "shares", "shares/negotiate", "storage", "storage/smbfs", "winerr", "winpath"},
	"shares/negotiate":      {"winerr"},
	"authz":                 {"ldapattr"},
	"audit":                 {"homedir", "ldapattr", "secdesc", "shares/survey", "winpath"},
	"audit/rules":           {"audit", "homedir", "ldapattr", "secdesc", "shares/survey", "winpath"},
	"report":                {"audit", "output"},
	"isolation":             {"authz", "homedir", "ldapattr", "secret", "shares", "storage", "winerr"},
	"explain":               {"authz", "ftpsrv", "ftpsrv/ftptls", "homedir", "isolation", "ldapattr", "secret", "shares", "storage", "storage/memfs", "w3clog", "winerr"},
	"shares/prepare":        {"homedir", "ldapattr", "plan/journal", "secdesc", "shares", "storage", "storage/smbfs", "winerr", "winpath"},
	"plan":                  {"homedir", "ldapattr", "plan/intake", "plan/journal", "secdesc"},
	"plan/intake":           {"homedir", "winpath"},
	"plan/journal":          {"private"},
	"config/words":          {},
	"config":                {"config/words", "homedir", "secret"},
	"lab":                   {"secret"},
	"lab/crowds":            {"lab"},
	"cli": {
		"admission", "adsim", "audit", "audit/rules", "authz", "config", "config/words", "explain", "ftpsrv", "ftpsrv/dtp", "ftpsrv/ftptls", "ftpsrv/ftpwire", "ftpsrv/listing", "homedir", "iisftp", "isolation", "krb", "ldapattr",
		"output", "plan", "plan/intake", "plan/journal", "private", "report", "secdesc", "secret", "shares", "shares/prepare", "shares/negotiate", "shares/survey", "storage", "storage/memfs", "storage/smbfs", "w3clog", "winerr",
		"winpath",
	},
}

// importers says who may import a library: replacing one must touch one room. A library that is not here may not be
// imported at all, so this is the list of direct dependencies too.
var importers = map[string][]string{
	"github.com/go-ldap/ldap/v3":        {"ldapattr", "adsim"}, // adsim parses and escapes names with it
	"github.com/go-asn1-ber/asn1-ber":   {"adsim", "krb/krbtest", "ldapattr"},
	"github.com/jcmturner/gokrb5/v8":    {"krb", "krb/krbtest"},
	"github.com/cloudsoda/go-smb2":      {"storage/smbfs"},
	"github.com/olekukonko/tablewriter": {"output"},
	"github.com/spf13/cobra":            {"cli"},
	"github.com/spf13/pflag":            {"cli"}, // cobra's flags: a function that takes cmd.Flags() must name their type
	"go.yaml.in/yaml/v3":                {"config"},
	"golang.org/x/sys":                  nil, // nil: everybody, it is the system's own interface
	"golang.org/x/term":                 {"cli"},
	"github.com/rogpeppe/go-internal":   {}, // none: tests only
	"github.com/jlaffaye/ftp":           {}, // none: a client in tests
}

// checkImports holds the imports of product files to the two tables. Tests may look at any room, and the front door
// cmd/ftpisoctl opens to cli alone.
func checkImports(files []sourceFile) []violation {
	var found []violation
	for _, f := range files {
		room := strings.TrimPrefix(f.room(), "internal/")
		allowed, known := doors[room]
		switch {
		case f.test():
			continue
		case f.room() == "cmd/ftpisoctl":
			allowed = []string{"cli"}
		case !known:
			found = append(found, violation{f.path, "the room " + room + " has no row in the table of doors"})
			continue
		}
		for _, spec := range f.ast.Imports {
			path, _ := strconv.Unquote(spec.Path.Value)
			if rule := checkImport(room, allowed, path); rule != "" {
				found = append(found, violation{f.path, rule})
			}
		}
	}
	return found
}

// checkImport says what is wrong with one import of a room, "" when nothing is.
func checkImport(room string, allowed []string, path string) string {
	if own, ok := strings.CutPrefix(path, module+"internal/"); ok {
		if slices.Contains(allowed, own) {
			return ""
		}
		return room + " may not enter " + own
	}
	if first, _, _ := strings.Cut(path, "/"); !strings.Contains(first, ".") {
		if path == "C" {
			return "no cgo"
		}
		return ""
	}
	for library, rooms := range importers {
		if path == library || strings.HasPrefix(path, library+"/") {
			if rooms == nil || slices.Contains(rooms, room) {
				return ""
			}
			return room + " may not import " + library
		}
	}
	return path + " is not a library of this project"
}

func TestImports(t *testing.T) {
	files := tree(t)
	report(t, checkImports(files))
	for room := range doors {
		if !slices.ContainsFunc(files, func(f sourceFile) bool { return f.room() == "internal/"+room }) {
			t.Errorf("the table of doors has a row for %s, which does not exist", room)
		}
	}
}

func TestImports_plantedViolationsAreFound(t *testing.T) {
	tests := []struct{ name, path, imports, want string }{
		{"upwards", "internal/homedir/x.go", module + "internal/ldapattr", "homedir may not enter ldapattr"},
		{"sideways", "internal/isolation/x.go", module + "internal/ftpsrv", "isolation may not enter ftpsrv"},
		{"past the counter", "cmd/ftpisoctl/x.go", module + "internal/config", "cmd/ftpisoctl may not enter config"},
		{"test room", "internal/shares/x.go", module + "internal/lab", "shares may not enter lab"},
		{"prefix of a door", "internal/ftpsrv/x.go", module + "internal/storage/memfs", "ftpsrv may not enter storage/memfs"},
		{"library", "internal/isolation/x.go", "github.com/go-ldap/ldap/v3", "isolation may not import github.com/go-ldap/ldap/v3"},
		{"inner package", "internal/cli/x.go", "github.com/jcmturner/gokrb5/v8/client", "cli may not import github.com/jcmturner/gokrb5/v8"},
		{"stranger", "internal/cli/x.go", "github.com/stretchr/testify", "github.com/stretchr/testify is not a library of this project"},
		{"cgo", "internal/cli/x.go", "C", "no cgo"},
		{"no row", "internal/attic/x.go", "fmt", "the room attic has no row in the table of doors"},
		{"fine", "internal/cli/x.go", module + "internal/ldapattr", ""},
		{"fine in a test", "internal/shares/x_test.go", module + "internal/lab", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			file := parse(t, test.path, "package x\n\nimport _ "+strconv.Quote(test.imports)+"\n")
			got := ""
			for _, v := range checkImports([]sourceFile{file}) {
				got += v.rule
			}
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// The direct dependencies of go.mod are exactly the libraries of the table.
func TestImports_dependencies(t *testing.T) {
	text, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(strings.TrimPrefix(line, "require "))
		if len(fields) == 2 && strings.HasPrefix(fields[1], "v") { // an indirect one has a comment behind
			got = append(got, fields[0])
		}
	}
	slices.Sort(got)
	want := slices.Sorted(maps.Keys(importers))
	if !slices.Equal(got, want) {
		t.Errorf("direct dependencies in go.mod: got %v, want %v", got, want)
	}
}

// The linter has the same two tables in its own words, so that an editor shows the fence at once.
func TestImports_depguardHasTheSameTables(t *testing.T) {
	type rule struct {
		Files []string `yaml:"files"`
		Allow []string `yaml:"allow"`
		Deny  []struct {
			Pkg string `yaml:"pkg"`
		} `yaml:"deny"`
	}
	var config struct {
		Linters struct {
			Settings struct {
				Depguard struct {
					Rules map[string]rule `yaml:"rules"`
				} `yaml:"depguard"`
			} `yaml:"settings"`
		} `yaml:"linters"`
	}
	text, err := os.ReadFile("../.golangci.yml")
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(text, &config); err != nil {
		t.Fatal(err)
	}
	fences := map[string][]string{} // pattern of a room's files → rooms it may enter
	libraries := map[string][]string{}
	for name, r := range config.Linters.Settings.Depguard.Rules {
		if len(r.Deny) != 1 || len(r.Files) == 0 {
			t.Errorf("depguard rule %s: got %d denials and %d patterns, want one denial and some patterns", name, len(r.Deny), len(r.Files))
			continue
		}
		if r.Deny[0].Pkg == module+"internal" {
			fences[r.Files[0]] = r.Allow
		} else {
			libraries[r.Deny[0].Pkg] = r.Files[2:]
		}
	}
	wantFences := map[string]bool{}
	for room, allowed := range doors {
		if room == "cli" { // enters every room but the test-only ones; no fence of its own
			continue
		}
		wantFences["**/internal/"+room+"/*.go"] = true
		var want []string
		for _, door := range allowed {
			want = append(want, module+"internal/"+door+"$")
		}
		got, ok := fences["**/internal/"+room+"/*.go"]
		if !ok || !slices.Equal(got, want) {
			t.Errorf("depguard lets %s enter %v, want %v", room, got, want)
		}
	}
	for library, rooms := range importers {
		var want []string
		for _, room := range rooms {
			want = append(want, "!**/internal/"+room+"/*.go")
		}
		if got, ok := libraries[library]; rooms != nil && (!ok || !slices.Equal(got, want)) {
			t.Errorf("depguard's exceptions for %s are %v, want %v", library, got, want)
		}
	}
	for pattern := range fences {
		if !wantFences[pattern] {
			t.Errorf("depguard has a fence around %s, which no row of the table of doors stands for", pattern)
		}
	}
	for library := range libraries {
		if rooms, ok := importers[library]; !ok || rooms == nil {
			t.Errorf("depguard has a rule for %s, which the table of importers does not restrict", library)
		}
	}
}
