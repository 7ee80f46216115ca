package cli

import (
	"reflect"
	"strings"
	"testing"
)

func TestSplitWords(t *testing.T) {
	for line, want := range map[string][]string{
		`pass show ftp`:                     {"pass", "show", "ftp"},
		"  a \t b\n":                        {"a", "b"},
		`"C:\Program Files\pw.exe" --x`:     {`C:\Program Files\pw.exe`, "--x"},
		`sh -c 'echo "$X" | head -1'`:       {"sh", "-c", `echo "$X" | head -1`},
		`a'b c'd`:                           {"ab cd"},
		`a "" b`:                            {"a", "", "b"},
		`x "it's" 'say "y"'`:                {"x", "it's", `say "y"`},
		`C:\pw.exe \\fs01\ftp$ *.txt $HOME`: {`C:\pw.exe`, `\\fs01\ftp$`, "*.txt", "$HOME"},
		`ä 'ö ü'`:                           {"ä", "ö ü"},
	} {
		got, err := splitWords(line)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %q, %v; want %q", line, got, err, want)
		}
	}
	for _, line := range []string{"", "  ", `a "b`, `'`} {
		if got, err := splitWords(line); err == nil {
			t.Errorf("%q gives %q", line, got)
		}
	}
}

// Words without quotes that are joined by blanks come back.
func FuzzSplitWords(f *testing.F) {
	f.Add("pass show ftp")
	f.Add(`"a b" 'c'`)
	f.Fuzz(func(t *testing.T, line string) {
		words, err := splitWords(line)
		if err != nil {
			return
		}
		for i, word := range words {
			switch {
			case !strings.Contains(word, `"`):
				words[i] = `"` + word + `"`
			case !strings.Contains(word, `'`):
				words[i] = `'` + word + `'`
			default:
				return
			}
		}
		again, err := splitWords(strings.Join(words, " "))
		if err != nil || len(again) != len(words) {
			t.Fatalf("%q: got %q, %v", words, again, err)
		}
		for i := range again {
			if again[i] != words[i][1:len(words[i])-1] {
				t.Fatalf("word %d is %q, want %s", i, again[i], words[i])
			}
		}
	})
}
