package listing_test

import (
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/listing"
)

func TestParseNLST(t *testing.T) {
	type options = listing.NLSTOptions
	tests := []struct {
		name, arg string
		opts      options
		path      string
	}{
		{"nothing", "", options{}, ""},
		{"path", "docs", options{}, "docs"},
		{"-C", "-C", options{Format: listing.Columns}, ""},
		{"-1", "-1", options{}, ""},
		{"-l", "-l", options{Format: listing.Long}, ""},
		{"-F", "-F", options{Classify: true}, ""},
		{"-a", "-a", options{All: true}, ""},
		{"-A", "-A", options{All: true}, ""},
		{"-r is ignored", "-r", options{}, ""},
		{"-t is ignored", "-t docs", options{}, "docs"},
		{"group", "-CF", options{Format: listing.Columns, Classify: true}, ""},
		{"group with others", "-alrt", options{Format: listing.Long, All: true}, ""},
		{"the last layout counts", "-lC", options{Format: listing.Columns}, ""},
		{"back to one per line", "-C -1", options{}, ""},
		{"groups and path", "-a -l docs", options{Format: listing.Long, All: true}, "docs"},
		{"many blanks", "  -a   -F   docs", options{All: true, Classify: true}, "docs"},
		{"name with blanks", "-a my  file.txt ", options{All: true}, "my  file.txt "},
		{"name alone keeps its blanks", " my file", options{}, " my file"},
		{"trailing blank", "-a ", options{All: true}, ""},
		{"leading dash, no letters", "-report.txt", options{}, "-report.txt"},
		{"leading dash after letters", "-a -report.txt", options{All: true}, "-report.txt"},
		{"letters after the path are part of it", "docs -l", options{}, "docs -l"},
		{"path that looks like letters", "./-l", options{}, "./-l"},
		{"end of letters", "-a -- -l", options{All: true}, "-l"},
		{"end of letters alone", "--", options{}, ""},
		{"dash alone", "-", options{}, "-"},
		{"letters that are not ASCII", "-ä", options{}, "-ä"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			opts, path := listing.ParseNLST(tt.arg)
			if opts != tt.opts || path != tt.path {
				t.Errorf("%q: got %+v, %q, want %+v, %q", tt.arg, opts, path, tt.opts, tt.path)
			}
		})
	}
}

func TestParseLIST(t *testing.T) {
	for _, tt := range []struct {
		arg  string
		all  bool
		path string
	}{
		{"", false, ""},
		{"-l", false, ""},
		{"-a", true, ""},
		{"-al", true, ""},
		{"-alr docs", true, "docs"},
		{"-A -l My Documents", true, "My Documents"},
		{"-la /", true, "/"},
		{"a -a", false, "a -a"},
		{"-- -a", false, "-a"},
	} {
		t.Run(tt.arg, func(t *testing.T) {
			if opts, path := listing.ParseLIST(tt.arg); opts.All != tt.all || path != tt.path {
				t.Errorf("got %+v, %q, want %v, %q", opts, path, tt.all, tt.path)
			}
		})
	}
}

// Only the six letters have an effect, and a group of letters is never a name.
func FuzzNLSTOptions(f *testing.F) {
	for _, s := range []string{"", "-C -1 -l -F -a -A", "-rt x", "-", "--", "-- -a", "-a.b", " -a  b c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, arg string) {
		opts, path := listing.ParseNLST(arg)
		if opts != (listing.NLSTOptions{}) && !strings.ContainsAny(arg, "C1lFaA") {
			t.Errorf("%q has an effect: %+v", arg, opts)
		}
		if !strings.HasSuffix(arg, path) {
			t.Errorf("%q names %q, which it does not end with", arg, path)
		}
		word, _, _ := strings.Cut(strings.TrimLeft(path, " "), " ")
		letters, dash := strings.CutPrefix(word, "-")
		if dash && letters != "" && strings.Trim(letters, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == "" &&
			!strings.Contains(arg, "-- ") {
			t.Errorf("%q: letters became the name %q", arg, path)
		}
	})
}
